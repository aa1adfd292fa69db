"""Whatever goes wrong, no log repeats what somebody has sent or where it came from."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from respondent import HERE, City, heading, make_city, sample_bundle, state_of
from werkzeug.test import EnvironBuilder

from survey.settings import BODY_LIMIT
from survey.traces import outline
from survey.walk import Walk

SECRET = "Brunnen im Hof von Haus 7"
ADDRESS = "192.0.2.7"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", sample_bundle())


def failing(self: Walk) -> None:
    """Fails as a bug would: with the answer in the message, in a note and in its cause."""
    answer = self.posted["words"]
    try:
        int(answer)
    except ValueError as error:
        error.add_note(answer)
        raise KeyError(answer, self.posted) from error


def failing_silently(self: Walk) -> None:
    """Fails while another failure is being handled."""
    try:
        failing(self)
    except KeyError:
        raise RuntimeError(self.posted["words"])  # noqa: B904


class UnprintableError(Exception):
    """An error whose own name is all that may be said."""

    def __str__(self) -> str:
        return SECRET

    __repr__ = __str__


def failing_oddly(self: Walk) -> None:
    raise ExceptionGroup(self.posted["words"], [UnprintableError(SECRET)])


@pytest.mark.parametrize("failure", [failing, failing_silently, failing_oddly])
def test_a_defect_in_a_view_leaves_no_answer_in_any_log(
    city: City,
    failure: Callable[[Walk], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    (code,) = city.codes(1)
    review = city.to_review(code)
    page = city.turn(review, {}, "edit:2")
    caplog.set_level(logging.NOTSET)
    monkeypatch.setattr(Walk, "answer", failure)
    failed = city.client.post(
        city.address,
        data={"go": "next", "state": state_of(page), "words": SECRET, "code": code},
        headers={**HERE, "User-Agent": "Secret Browser", "X-Real-IP": ADDRESS},
    )
    assert failed.status_code == 500
    assert SECRET in failed.text  # in the page, so that nothing is lost
    seen = caplog.text + "".join(capfd.readouterr())
    assert "a defect in pages.step" in seen
    assert failure.__name__ in seen
    for private in (SECRET, "Brunnen", code, state_of(page), ADDRESS, "Secret Browser"):
        assert private not in seen
    monkeypatch.undo()
    assert heading(city.turn(page, {"words": SECRET})) == "Prüfen und absenden"


def test_a_defect_while_a_defect_is_reported_leaves_no_answer_either(
    city: City,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> str:
        raise ValueError(SECRET)

    caplog.set_level(logging.NOTSET)
    monkeypatch.setattr(Walk, "answer", failing)
    monkeypatch.setattr("survey.app.draw_general", broken)
    failed = city.send({"words": SECRET})
    assert failed.status_code == 500
    seen = caplog.text + "".join(capfd.readouterr())
    assert "a defect outside the pages" in seen
    assert SECRET not in seen + failed.text


def test_an_outline_names_kinds_and_places_of_an_error_and_of_its_causes() -> None:
    try:
        failing_silently(Walk(None, {"words": SECRET}, "de", None))  # type: ignore[arg-type]
    except RuntimeError as error:
        lines = outline(error).splitlines()
    assert [line for line in lines if line[0] != " "] == ["RuntimeError", "KeyError", "ValueError"]
    assert any("tests/survey/test_logs.py:" in line and "failing" in line for line in lines)


def test_a_whole_survey_writes_no_line_to_any_log(
    city: City, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.NOTSET)
    (code,) = city.codes(1)
    city.client.get(city.address)
    for sent in (code, "ABC", "2222-2222-2222-2"):
        city.begin(sent)
    review = city.to_review(code)
    city.turn(review, {}, "submit")
    city.turn(review, {}, "back")
    city.send({"state": "x"})
    city.send({}, {"Sec-Fetch-Site": "cross-site"})
    ours = [r for r in caplog.records if not r.name.startswith(("asyncio", "PIL"))]
    assert [record.getMessage() for record in ours] == []
    assert "".join(capfd.readouterr()) == ""


# -- a form that is too large ----------------------------------------------------------------------


def test_a_text_that_is_far_too_long_comes_back_with_its_beginning_and_loses_nothing_else(
    city: City,
) -> None:
    page = city.turn(city.to_review(city.codes(1)[0]), {}, "edit:2")
    sent = city.turn(page, {"means": "1", "words": "Mehr Bänke. " * 40_000})
    assert sent.status_code == 413
    assert "ist nur der Anfang angekommen" in sent.text
    assert 'href="#words"' in sent.text
    assert "Mehr Bänke. Mehr Bänke." in sent.text
    assert len(sent.data) < 64 * 1024
    again = city.turn(sent, {"means": "1", "words": "Mehr Bänke."})
    assert heading(again) == "Prüfen und absenden"
    assert city.turn(again, {}, "submit").status_code == 200
    (cast,) = city.ballots()
    assert cast.answers["words"] == "Mehr Bänke."
    assert {"fields", "quality", "dept"} <= set(cast.answers)


def test_another_kind_of_body_beyond_the_limit_is_refused(city: City) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = city.client.post(
        city.address, data=b"x" * 300_000, content_type=kind, headers=dict(HERE)
    )
    assert (answer.status_code, heading(answer)) == (413, "Das ist zu viel auf einmal")
    assert city.count() == 0


class Endless(io.RawIOBase):
    """A body that never ends and counts what is read of it."""

    taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        self.taken += len(buffer)
        buffer[:] = b"x" * len(buffer)
        return len(buffer)


def test_a_body_without_an_end_is_read_to_the_limit_only(city: City) -> None:
    body = Endless()
    statuses: list[str] = []
    environ = EnvironBuilder(city.address, method="POST", headers=[*HERE.items()]).get_environ() | {
        "CONTENT_LENGTH": str(10**9),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "wsgi.input": io.BufferedReader(body),  # type: ignore[type-var]
    }
    app = city.client.application

    def start(status: str, _headers: object, _info: object = None, /) -> Callable[[bytes], object]:
        statuses.append(status)
        return bytes

    list(app.wsgi_app(environ, start))
    assert statuses[0].startswith("413")
    assert body.taken < 2 * BODY_LIMIT

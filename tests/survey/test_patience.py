"""Where there are too many requests, a form comes back whole and can be sent again."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from re import findall

import html5lib
import pytest
from respondent import ANSWERS, HERE, City, Fields, heading, make_city, open_bundle, sample_bundle
from werkzeug.test import TestResponse

from survey import links
from survey.patience import HEADER, LATEST, LIMIT, LIMITS, LONGEST, SOONEST, is_late


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path, open_bundle())


def after(city: City, fields: Fields, seconds: float) -> TestResponse:
    """What comes back when the proxy has handed a form over so many seconds ago."""
    start = datetime.now(UTC).timestamp() - seconds
    return city.send(fields, {**HERE, HEADER: f"t={start:.3f}"})


def kept(page: TestResponse) -> dict[str, str | list[str]]:
    """What the page sends again at a press of its button."""
    found: dict[str, str | list[str]] = {}
    for name, value in findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text):
        before = found.get(name)
        text = unescape(value)
        found[name] = (
            [*before, text] if isinstance(before, list) else [before, text] if before else text
        )
    return found


def filled(page: TestResponse, fields: Fields, go: str) -> dict[str, str | list[str]]:
    return {**kept(page), **fields, "go": go}


def test_every_step_that_was_asked_to_come_again_goes_on_as_if_it_had_not(city: City) -> None:
    page = city.begin()
    for fields in ANSWERS:
        sent = filled(page, fields, "next")
        busy = after(city, sent, 25)
        assert busy.status_code == 503
        assert SOONEST <= int(busy.headers["Retry-After"]) <= LATEST
        assert heading(busy) == "Bitte einen Moment"
        again = kept(busy)
        assert {name: again[name] for name in sent} == sent
        page = city.send(again)
        assert page.status_code == 200
    busy = after(city, filled(page, {}, "submit"), 25)
    assert busy.status_code == 503
    assert city.count() == 0
    assert "Vielen Dank" in city.send(kept(busy)).text
    assert city.count() == 1


def test_who_asks_to_begin_gives_way_first_and_a_finished_ballot_last(city: City) -> None:
    def statuses(seconds: float) -> list[int]:
        review = city.to_review()
        forms = {"go": "begin"}, filled(review, {}, "back"), filled(review, {}, "submit")
        return [after(city, form, seconds).status_code for form in forms]

    assert statuses(0) == [200, 200, 200]
    between = (LIMITS["begin"] + LIMIT) / 2
    assert statuses(between) == [503, 200, 200]
    assert statuses(LIMIT + 2) == [503, 503, 200]
    assert statuses(22) == [503, 503, 503]


def test_who_has_waited_is_ahead_of_who_wants_to_begin_and_waits_longer_each_time(
    city: City,
) -> None:
    asked = []
    begin: Fields = {"go": "begin"}
    for _ in range(8):
        busy = after(city, begin, 25)
        begin = kept(busy)
        assert begin["screen"] == f"pause:busy:{busy.headers['Retry-After']}"
        asked.append(int(busy.headers["Retry-After"]))
    assert SOONEST <= asked[0] <= LATEST
    for before, then in pairwise(asked):
        assert min(before, LONGEST // 2) <= then <= min(2 * before, LONGEST)
    assert asked[-1] >= LONGEST // 2
    # A stated age cannot be less than the time that the test itself takes.
    early, waited = LIMITS["begin"] + 0.01, {**begin, "lang": "de"}
    assert after(city, {"go": "begin"}, early).status_code == 503
    assert not is_late("t=100", 100 + early, "begin", again=True)
    assert after(city, waited, 0).status_code == 200


@pytest.mark.parametrize(
    "said", ["pause:busy:999", "pause:busy:-1", "pause:busy:x", "pause:quick:9"]
)
def test_what_a_form_says_about_earlier_waiting_makes_nobody_wait_for_ever(
    city: City, said: str
) -> None:
    busy = after(city, {"go": "begin", "screen": said}, 25)
    assert SOONEST <= int(busy.headers["Retry-After"]) <= LONGEST


def test_who_is_on_the_way_never_waits_longer_for_having_waited(city: City) -> None:
    sent = filled(city.begin(), ANSWERS[0], "next")
    for _ in range(6):
        busy = after(city, sent, 25)
        sent = kept(busy)
        assert int(busy.headers["Retry-After"]) <= LATEST


@pytest.mark.parametrize(
    "said", ["", "t=", "t=x", "t=-1", "t=1e9", "t=nan", "t=٣", "0", "t=1.2.3", "t=9" * 50]
)
def test_a_clock_that_says_nonsense_keeps_nobody_waiting(city: City, said: str) -> None:
    assert city.send({"go": "begin"}, {**HERE, HEADER: said}).status_code == 200
    for seconds in (-5.0, 3600.0):
        assert after(city, {"go": "begin"}, seconds).status_code == 200


def test_to_ask_for_patience_needs_no_database(city: City) -> None:
    page = city.begin()
    links.disconnect()
    file, away = city.home.database_file, city.home.path / "away"
    file.rename(away)
    busy = after(city, filled(page, ANSWERS[0], "next"), 25)
    assert heading(busy) == "Bitte einen Moment"
    away.rename(file)
    links.disconnect()
    assert city.send(kept(busy)).status_code == 200


def test_a_typed_code_comes_back_too(tmp_path: Path) -> None:
    city = make_city(tmp_path, sample_bundle())
    (code,) = city.codes(1)
    assert city.begin().status_code == 422
    busy = after(city, {"go": "begin", "code": code}, 25)
    assert kept(busy)["code"] == code
    assert city.send(kept(busy)).status_code == 200


@pytest.mark.parametrize("language", ["de", "en", "de-leicht"])
def test_the_page_is_valid_and_speaks_the_language_that_was_chosen(
    city: City, language: str
) -> None:
    busy = after(city, filled(city.begin(), {}, "next"), 25)
    spoken = city.send({**kept(busy), "go": f"lang:{language}"})
    html5lib.HTMLParser(strict=True).parse(spoken.text)
    assert "Retry-After" in spoken.headers

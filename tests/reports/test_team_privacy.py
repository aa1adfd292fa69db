"""No row of anybody leaves by the room: every page and download of every role is looked through."""

from __future__ import annotations

import io
import logging
import os
import re
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urn_example
from room import Room, make_room
from room_crawl import crawled
from room_process import Served, process

from reports.jobs import new_job
from reports.team import participation, texts_of
from reports.team.participation import GroupCount
from reports.team.roles import Role, for_roles
from survey import opening, opening_record, studies
from survey.dataset import current_data_set

STUDY, BALLOTS = "staff", 23
WRITTEN = re.compile(r"(Wunsch|Sorge) \d{5}")
TEXT_PAGES = re.compile(rf"/studies/{STUDY}/texts(/|$)")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room with a study whose urn is opened and whose texts are partly moderated."""
    made = make_room(tmp_path / "home")
    urn_example.fill(urn_example.opened_desk(made.home, STUDY), BALLOTS)
    studies.close_study(made.home, STUDY, urn_example.NOW)
    data_set = opening.open_on_server(made.home, STUDY)
    opening_record.record_opening(made.home, data_set, urn_example.NOW)
    return made


@pytest.mark.parametrize("role", list(Role))
def test_no_page_and_no_download_holds_a_row_or_a_text_beyond_the_moderators(
    room: Room, role: Role
) -> None:
    rows = zipfile.ZipFile(current_data_set(room.home, STUDY).path).read("answers.dta")
    seen = crawled(room, role, STUDY)
    assert len(seen) > 10
    for path, content in seen.items():
        assert rows[200:] not in content, path
        assert b"answers.dta" not in content, path
        if content[:2] == b"PK":
            assert "answers.dta" not in zipfile.ZipFile(io.BytesIO(content)).namelist(), path
        if not (role is Role.MODERATOR and TEXT_PAGES.match(path.partition("?")[0])):
            assert not WRITTEN.search(content.decode("utf-8", "replace")), path


def test_no_log_of_a_process_holds_a_text_a_row_a_name_or_a_word_of_a_session(
    room: Room, tmp_path: Path
) -> None:
    room.clock.time = time.time()
    log, words = tmp_path / "log", []
    with process(room, log) as port:
        for role in Role:
            served = Served(port, room.signed_in(role.value).cookie())
            words.append(served.word)
            assert len(crawled(room, role, STUDY, served)) > 10
            answer = served.get(f"/studies/{STUDY}/texts/wish/1?q=Wunsch%2000001")
            assert (b"<mark>" in answer.data or b"Text 1 von" in answer.data) is (
                role is Role.MODERATOR
            )
        with socket.create_connection(("127.0.0.1", port), 5) as rude:
            rude.sendall(b"GET /team/Wunsch 00001 nonsense\r\n\r\n")
            rude.recv(1000)
    written = log.read_text("utf-8", "replace")
    lines = [line for line in written.splitlines() if not line.startswith("http://127.0.0.1:")]
    assert lines == []
    for word in words:
        assert word not in written


def test_a_defect_and_a_store_that_fails_are_logged_without_what_they_stumbled_over(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(error: Exception) -> Callable[..., str]:
        @for_roles(*Role)
        def view() -> str:
            raise error

        return view

    room.app.add_url_rule("/defect", "defect", broken(KeyError("Wunsch 00001")))
    room.app.add_url_rule("/away", "away", broken(OSError("Wunsch 00001")))
    with caplog.at_level(logging.DEBUG):
        for path, status in (("/defect", 500), ("/away", 503)):
            answer = room.signed_in("reporter").get(path)
            assert answer.status_code == status
            assert not WRITTEN.search(answer.get_data(as_text=True))
    assert "KeyError" in caplog.text
    assert "OSError" in caplog.text
    assert not WRITTEN.search(caplog.text)


def test_no_file_of_the_room_holds_what_anybody_wrote(room: Room) -> None:
    browser = room.signed_in("moderator")
    for number in (1, 2):
        browser.post(f"/studies/{STUDY}/texts/wish/{number}", {"decision": "clean"})
    crawled(room, Role.MODERATOR, STUDY)
    new_job(room.home, STUDY, ("council",))
    for path in [p for place in ("team", "jobs") for p in (room.home.path / place).rglob("*")]:
        assert not path.is_file() or not re.search(rb"(Wunsch|Sorge) \d{5}", path.read_bytes())


def test_the_second_coder_does_not_see_what_the_first_has_ticked(room: Room) -> None:
    room.add("zweite", Role.MODERATOR)
    first, second = room.signed_in("moderator"), room.signed_in("zweite")
    first.post(f"/studies/{STUDY}/texts/wish/themes", {"code": "mehr", "label": "Mehr"})
    first.post(f"/studies/{STUDY}/texts/wish/1", {"decision": "clean", "theme": "mehr"})
    shown = second.get(f"/studies/{STUDY}/texts/wish/1").get_data(as_text=True)
    assert 'value="mehr"' in shown
    assert "checked>" not in shown.replace("data-keys-switch checked>", "")


def test_counts_of_themes_are_exact(room: Room) -> None:
    room.add("zweite", Role.MODERATOR)
    first, second = room.signed_in("moderator"), room.signed_in("zweite")
    for code in ("a", "b"):
        first.post(f"/studies/{STUDY}/texts/wish/themes", {"code": code, "label": code.upper()})
    given = {
        n: [c for c, k in (("a", 2), ("b", 3)) if n % k == 0] or ["none"] for n in range(1, 24)
    }
    for number, themes in given.items():
        for browser in (first, second):
            sent = {"decision": "clean", "theme": themes}
            path = f"/studies/{STUDY}/texts/wish/{number}"
            assert browser.post(path, sent).status_code == 303
    with texts_of.held(room.home, STUDY, datetime.now(UTC).date()) as found:
        rows, alpha, double = texts_of.theme_rows(found, "wish")
    counts = {row.code: row.texts for row in rows}
    assert counts == {c: sum(c in themes for themes in given.values()) for c in ("a", "b", "none")}
    assert (alpha, double) == (1.0, 23)
    page = first.post(f"/studies/{STUDY}/texts/wish/release")
    assert page.status_code == 200, page.get_data(as_text=True)


def test_a_text_is_settled_by_two_people_only_and_a_redaction_takes_the_words_out(
    room: Room,
) -> None:
    room.add("zweite", Role.MODERATOR)
    address = f"/studies/{STUDY}/texts/wish/1"
    word = "Wunsch"
    sent = {"decision": "redact", "reason": "recognisable", "words": word}
    for name, status in (("moderator", "eine Person"), ("zweite", "geschwärzt")):
        browser = room.signed_in(name)
        assert browser.post(address, sent).status_code == 303
        assert f"Stand: {status}" in browser.get(address).get_data(as_text=True)
    missing = room.signed_in("zweite").post(address, {**sent, "words": "steht nicht da"})
    assert missing.status_code == 409


def test_a_group_is_renewed_by_ten_ballots_at_least_and_never_with_few_left() -> None:
    for issued in (50, 73, 200):
        shown, used_before = 0, 0
        for used in range(issued + 1):
            following = participation.renewed(shown, used, issued)
            if following != shown:
                assert used - used_before >= 10
                assert following % 10 == 0
                assert following <= used
                assert not 0 < issued - used < 10
                shown, used_before = following, used


def test_only_a_census_gets_a_projection_and_few_answers_get_none() -> None:
    made = participation.project("Amt", 10, 60)
    assert made.widths == (None, None, None, None)
    assert participation.project("", 60, 60).widths[0] == 0.0
    widths = [width for width in participation.project("", 400, 22_000).widths if width]
    assert widths == sorted(widths, reverse=True)
    assert GroupCount("Amt", 60, None).shown is None


@pytest.mark.parametrize(
    ("name", "absent"), [("survey_app", "reports"), ("team_app", "weasyprint"), ("application", "")]
)
def test_each_entry_point_is_made_alone(tmp_path: Path, name: str, absent: str) -> None:
    script = f"import sys, wsgi; app = wsgi.{name}; print({absent!r} in sys.modules, callable(app))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "MEINUNGSBILD_HOME": str(tmp_path / "home")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["False", "True"]


def test_both_halves_answer_under_one_application(tmp_path: Path) -> None:
    script = """
import wsgi
from werkzeug.test import Client
client = Client(wsgi.application)
survey, team = client.get("/"), client.get("/team/sign-in")
print(survey.status_code, team.status_code, "Set-Cookie" in survey.headers)
print(team.headers["Set-Cookie"].count("Path=/team/"))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "MEINUNGSBILD_HOME": str(tmp_path / "home")},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["200", "200", "False", "1"]

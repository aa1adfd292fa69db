"""What is refused and what a check finds is said in the language of the page."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
import urn_example
from room import Browser, Room, make_room
from urn_example import bundle

from reports.team import refusals
from reports.team.roles import Role
from survey import holder_files, opening, opening_record, studies
from survey.home import Home

STUDY = "staff"
GERMAN = re.compile(r"[äöüßÄÖÜ„]|\b(?:der|die|das|ist|nicht|und|eine?|Zeile|Fehler)\b")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = make_room(tmp_path / "home")
    urn_example.add(made.home, STUDY)
    return made


def said(browser: Browser, path: str, data: dict[str, object], language: str) -> str:
    """The reason of a refusal, as the page shows it."""
    browser.get(f"/account?lang={language}")
    answer = browser.post(path, data)
    assert answer.status_code == 409, (path, answer.status_code)
    page = answer.get_data(as_text=True)
    (box,) = re.findall(r'<div class="box">(.*?)</div>', page, re.DOTALL)
    assert "lang=" not in box, box
    return unescape(re.sub(r"<[^>]+>", "", box)).strip()


def files(folder: Path, study: str = STUDY) -> dict[str, bytes]:
    made = holder_files.create_holder_files(folder / f"{study}.key", study, "council")
    return {"key": made.key.read_bytes(), "public": made.public.read_bytes()}


def sent(field: str, content: bytes) -> dict[str, object]:
    return {field: (io.BytesIO(content), "file")}


@pytest.mark.parametrize("language", ["de", "en"])
def test_fieldwork_is_told_in_its_language_what_is_wrong_with_a_file(
    room: Room, tmp_path: Path, language: str
) -> None:
    browser = room.signed_in("fieldwork")
    own, other = files(tmp_path), files(tmp_path, "other")
    path = f"/studies/{STUDY}/fieldwork/holders"
    told = [
        said(browser, path, sent("public", own["key"]), language),
        said(browser, path, sent("public", b"nothing"), language),
        said(browser, path, sent("public", other["public"]), language),
        said(
            browser, path, sent("public", own["public"].replace(b"council", b"cuoncil")), language
        ),
    ]
    assert browser.post(path, sent("public", own["public"])).status_code == 303
    told += [
        said(browser, path, sent("public", own["public"]), language),
        said(browser, f"/studies/{STUDY}/fieldwork/rehearsal", {}, language),
        said(
            browser, f"/studies/{STUDY}/fieldwork/rehearsal/result", sent("result", b"x"), language
        ),
        said(browser, f"{path}/remove", {"holder": "nobody"}, language),
        said(browser, f"/studies/{STUDY}/opening/export", {}, language),
    ]
    assert len(set(told)) == len(told) - 1  # both steps of the rehearsal lack a second person
    for text in told:
        assert bool(GERMAN.search(text)) is (language == "de"), text
        assert str(tmp_path) not in text
        assert "survey keys" not in text


@pytest.mark.parametrize("language", ["de", "en"])
def test_moderators_are_told_in_their_language_what_is_missing(
    tmp_path: Path, language: str
) -> None:
    room = make_room(tmp_path / "home")
    opened(room.home)
    browser = room.signed_in("moderator")
    base = f"/studies/{STUDY}/texts/wish"
    told = [
        said(browser, f"{base}/1", {"decision": "withhold"}, language),
        said(browser, f"{base}/1", {"decision": "redact", "reason": "recognisable"}, language),
        said(browser, f"{base}/release", {}, language),
        said(browser, f"{base}/themes", {"code": "A B", "label": "x"}, language),
    ]
    for text in told:
        assert bool(GERMAN.search(text)) is (language == "de"), text


def opened(home: Home) -> None:
    urn_example.fill(urn_example.opened_desk(home, STUDY), 12)
    studies.close_study(home, STUDY, urn_example.NOW)
    data_set = opening.open_on_server(home, STUDY)
    opening_record.record_opening(home, data_set, urn_example.NOW)


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_a_check_finds_is_said_in_the_language_of_the_person_who_uploads(
    room: Room, language: str
) -> None:
    browser = room.signed_in(Role.AUTHOR.value)
    browser.get(f"/account?lang={language}")
    text = (
        bundle()
        .main.replace("type: single", "type: singel")
        .replace("id: wish,", "id: wish, x: 1,")
    )
    answer = browser.post("/studies/new", {"main": (io.BytesIO(text.encode()), "staff.yaml")})
    assert answer.status_code == 422
    page = re.sub(r"<pre.*?</pre>", "", answer.get_data(as_text=True), flags=re.DOTALL)
    cards = re.findall(r'<li class="card">(.*?)</li>', page, re.DOTALL)
    assert len(cards) >= 2
    for card in cards:
        told = unescape(re.sub(r"<[^>]+>|“[^”]*”", " ", card))
        assert bool(GERMAN.search(told)) is (language == "de"), told


def test_a_sentence_that_is_not_known_is_marked_as_english() -> None:
    assert refusals.lines("there is no room on the disk\nDas geht nicht.") == [
        refusals.Line("there is no room on the disk", "en"),
        refusals.Line("Das geht nicht."),
    ]

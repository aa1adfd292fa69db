"""The whole life of a study in browsers: five people of the team, two key holders, no terminal."""

from __future__ import annotations

import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import verapdf
from browser.serving import _Quiet
from browser.test_team_room import Office
from playwright.sync_api import Page, expect
from room import make_room
from urn_example import NOW
from werkzeug.serving import make_server

from reports.team.commands.serve import mounted
from survey import codes, holder_files
from survey.desk import Desk, Submission
from survey.holder_page import create_holder_app
from survey.items.base import Answer

STUDY, BALLOTS = "gang", 90
HOLDERS = ("Personalrat", "Projektleitung")
YAML = """schema: 1
study:
  id: gang
  title: Was zuerst?
  regime: census_attempt
  access: codes
  population: Alle Beschäftigten der Beispielstadt
  opens: 2025-05-01T08:00:00+02:00
  closes: 2099-05-29T18:00:00+02:00
  headcounts: {file: heads.csv, date: 2026-01-01, source: Stellenplan, total: 300}
lists:
  topics:
    - {code: wege, label: Kürzere Wege}
    - {code: zeit, label: Mehr Zeit}
    - {code: raum, label: Bessere Räume}
    - {code: team, label: Mehr Austausch}
pages:
  - id: first
    title: Themen
    items:
      - {id: topics, type: ranking, title: Themen, text: Was ist wichtig?, list: topics, depth: 2,
         shuffle: true, role: ranking}
      - id: department
        type: single
        role: department
        text: Wo arbeiten Sie?
        options:
          - {code: parks, label: Grünflächenamt}
          - {code: library, label: Bibliothek}
          - {code: schools, label: Schulamt}
      - {id: wish, type: text, text: Was wünschen Sie sich?, max_length: 200}
"""
HEADS = "department,headcount\nparks,100\nlibrary,80\nschools,120\n"
DEPARTMENTS = ("parks", "library", "schools")
TOPICS = ("wege", "zeit", "raum", "team")


@contextmanager
def running(application: Any) -> Iterator[int]:
    """The port at which an application is served."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def fetched(page: Page, press_it: Callable[[], None], out: Path) -> Path:
    """What a press downloads, kept."""
    with page.expect_download() as download:
        press_it()
    download.value.save_as(out)
    return out


def turn(tab: Callable[..., Page], folder: Path, urn: Path, keys: list[Path], out: Path) -> Path:
    """One holder's turn on the loopback page of an own machine."""
    place = folder / f"machine-{out.name}"
    place.mkdir()
    with running(create_holder_app(place, "wort", lambda: None)) as port:
        page = tab(1280)
        page.goto(f"http://127.0.0.1:{port}/wort/")
        page.set_input_files("#urn", urn)
        page.set_input_files("#keys", keys)
        press(page, "Öffnen")
        return fetched(page, lambda: page.locator("a[download]").click(), out)


def answer(number: int, code: str) -> Submission:
    first, second = TOPICS[number % 3], TOPICS[number % 3 + 1]
    own: dict[str, Answer] = {"topics": [first, second], "department": DEPARTMENTS[number % 3]}
    own["wish"] = f"Wunsch {number:05d}"
    return Submission(own, {"topics": number % 4}, code=code)


@pytest.mark.full
def test_a_study_is_run_from_upload_to_a_checked_council_pdf_without_a_terminal(
    tmp_path: Path, root: Path, tab: Callable[..., Page]
) -> None:
    room, files = make_room(tmp_path / "home"), tmp_path / "files"
    files.mkdir()
    (files / "gang.yaml").write_text(YAML, "utf-8")
    (files / "heads.csv").write_text(HEADS, "utf-8")
    with ExitStack() as stack:
        port = stack.enter_context(running(mounted(room.app.wsgi_app)))
        office = Office(room, f"http://127.0.0.1:{port}/team/")
        people = {}
        for role in ("author", "fieldwork", "moderator", "reporter", "auditor"):
            people[role] = tab(1280)
            office.enter(people[role], role)
        walk(room, office, people, files, tab)
        pdfs = list(files.glob("*.pdf"))
        assert pdfs
        folder = tmp_path / "java"
        folder.mkdir()
        checker = verapdf.compiled(root, folder)
        for profile in ("PDFUA-1", "PDFA-2A"):
            verdict = verapdf.judged(checker, pdfs[0], profile)
            assert verdict.compliant, verdict.rules


def walk(
    room: Any, office: Office, people: dict[str, Page], files: Path, tab: Callable[..., Page]
) -> None:
    """Every step in its order, by the person whose task it is."""
    author, field, auditor = people["author"], people["fieldwork"], people["auditor"]
    base = f"{office.url}studies/{STUDY}"
    author.goto(f"{office.url}studies/new")
    author.set_input_files("#main", files / "gang.yaml")
    author.set_input_files("#beside", files / "heads.csv")
    press(author, "Prüfen und übernehmen")
    expect(author.get_by_role("heading", level=1)).to_have_text("Stand")
    for office_name, person in (("data_protection", "Erste Person"), ("staff_council", "Zweite")):
        auditor.goto(base)
        auditor.select_option("#office", office_name)
        auditor.fill("#person", person)
        auditor.fill("#signed_on", "2026-11-02")
        press(auditor, "Freigabe eintragen")
    keys: dict[str, list[Path]] = {}
    for place, holder in enumerate(HOLDERS):
        made = holder_files.create_holder_files(files / f"{place}.key", STUDY, holder)
        keys[holder] = [made.key, made.rehearsal]
        field.goto(f"{base}/fieldwork")
        field.set_input_files("#public", made.public)
        press(field, "Anmelden als Schlüsselperson")
    take = field.get_by_role("button", name="Probe-Stimmzettel herunterladen")
    path = fetched(field, take.click, files / "probe.0")
    for place, holder in enumerate(HOLDERS, start=1):
        path = turn(tab, files, path, keys[holder], files / f"probe.{place}")
    field.goto(f"{base}/fieldwork")
    field.set_input_files("#result", path)
    press(field, "Probe abschließen")
    field.goto(base)
    press(field, "Umfrage öffnen")
    drawn = codes.issue(room.home, STUDY, BALLOTS)
    made_of = [answer(number, code) for number, code in enumerate(drawn)]
    assert Desk.open(room.home, STUDY).cast_many(made_of, NOW) == BALLOTS
    field.goto(base)
    field.fill("#confirm", STUDY)
    press(field, "Endgültig schließen")
    field.goto(f"{base}/opening")
    export = field.get_by_role("button", name="Urne herunterladen")
    path = fetched(field, export.click, files / "urne.0")
    for place, holder in enumerate(HOLDERS, start=1):
        path = turn(tab, files, path, keys[holder][:1], files / f"urne.{place}")
    assert "answers.dta" in zipfile.ZipFile(path).namelist()
    field.goto(f"{base}/opening")
    field.set_input_files("#data_set", path)
    press(field, "Datensatz einlesen")
    expect(field.get_by_text("gültig", exact=True)).to_be_visible()
    people["moderator"].goto(f"{base}/texts/wish/1")
    people["moderator"].keyboard.press("1")
    with people["moderator"].expect_navigation():
        people["moderator"].keyboard.press("s")
    reporter = people["reporter"]
    reporter.goto(f"{base}/results")
    press(reporter, "Berichte erstellen")
    end = time.monotonic() + 240
    while reporter.locator("progress").count() and time.monotonic() < end:
        reporter.wait_for_timeout(500)
    assert reporter.locator("a[href$='.pdf']").count(), reporter.locator("main").inner_text()
    for folded in reporter.locator("main > details > summary").all():
        folded.click()
    for link in reporter.locator("a[href$='.pdf']").all():
        fetched(reporter, link.click, files / link.inner_text())
    auditor.goto(f"{office.url}log")
    for act in ("study.sign", "opening.take_in", "results.download"):
        expect(auditor.get_by_text(act, exact=True).first).to_be_visible()

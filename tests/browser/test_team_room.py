"""The team's room in a real browser: signing in, every page and state, axe with no rule off."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dossier_example
import pytest
import urn_example
from axe_playwright_python.sync_playwright import Axe
from browser.serving import _Quiet
from browser.test_accessibility import SMALL, TAGS, WIDER
from playwright.sync_api import Page
from room import PASSWORD, Room, make_room
from werkzeug.serving import make_server

from reports import jobs
from reports.dossiers.council import council
from reports.preview import preview
from reports.team.commands.serve import mounted
from reports.team.guard import SESSION
from reports.upload_check import Checked, Point
from survey import opening, opening_record, studies
from survey.desk import Desk
from survey.files import write_aside
from survey.home import Home

WIDTHS = (320, 768, 1280)

PAGES: tuple[tuple[str, str], ...] = (
    ("author", "studies"),
    ("author", "studies/new"),
    ("author", "account"),
    ("author", "studies/draft"),
    ("author", "studies/draft/questionnaire"),
    ("author", "studies/draft/preview"),
    ("author", "studies/draft/preview/de/page-1/filled"),
    ("author", "log"),
    ("author", "nowhere"),
    ("auditor", "studies/draft"),
    ("fieldwork", "studies/draft/fieldwork"),
    ("fieldwork", "studies/running"),
    ("fieldwork", "studies/running/fieldwork"),
    ("fieldwork", "studies/running/opening"),
    ("fieldwork", "studies/ended"),
    ("fieldwork", "studies/ended/fieldwork"),
    ("fieldwork", "studies/ended/opening"),
    ("fieldwork", "studies/read/opening"),
    ("reporter", "studies/running/results"),
    ("reporter", "studies/read/results"),
    ("reporter", "studies/built/results"),
    ("reporter", "studies/built/results/preview/ratsdossier"),
    ("reporter", "studies/waiting/results"),
    ("fieldwork", "studies/draft/fieldwork#codes"),
    ("moderator", "studies/read/texts"),
    ("moderator", "studies/read/texts/wish"),
    ("moderator", "studies/read/texts/wish/1"),
    ("moderator", "studies/read/texts/wish/themes"),
    ("auditor", "studies/read/oversight"),
    ("auditor", "studies/read/results"),
    ("auditor", "kept"),
    ("auditor", "log"),
)
"""Role and address of every kind of page, in the states of a study."""


@dataclass
class Office:
    """A room that is really served."""

    room: Room
    url: str

    def enter(self, page: Page, role: str) -> None:
        """Be signed in as the account of a role."""
        page.context.add_cookies(
            [
                {
                    "name": SESSION,
                    "value": self.room.signed_in(role).cookie(),
                    "domain": "127.0.0.1",
                    "path": "/team/",
                    "secure": True,
                }
            ]
        )


def lay_reports(home: Home, study_id: str) -> None:
    """Files as the worker leaves them, without the minutes that it takes."""
    folder = home.dossiers / study_id
    model = council(dossier_example.results())
    shown = preview(model).encode()
    write_aside(folder / jobs.PREVIEWS / "ratsdossier.html", shown)
    for name in ("ratsdossier.pdf", "amt.pdf", f"{study_id}.csv", "ranking.svg", jobs.SUMS):
        write_aside(folder / name, name.encode())
    digest = hashlib.sha256(b"ratsdossier.pdf").hexdigest()
    points = tuple(Point(name, holds, "15 Seiten") for name, holds in JUDGED)
    check = Checked("ratsdossier.pdf", digest, points)
    kept = {"checks": [check.raw()], "statuses": {"published": 400, "merged": 3, "not_shown": 12}}
    write_aside(jobs.overview(home, study_id), json.dumps(kept).encode())


JUDGED = (("Aufbau", True), ("Zahlen", False), ("veraPDF PDF/UA-1", None))


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A draft, an open study, a closed one, and three whose urns are opened.

    Of these one has reports, one waits for them, and one was refused.
    """
    room = make_room(tmp_path / "home")
    home = room.home
    urn_example.add(home, "draft")
    for name in ("running", "ended", "read", "built", "waiting"):
        desk: Desk = urn_example.opened_desk(home, name)
        urn_example.fill(desk, 23)
    for name in ("ended", "read", "built", "waiting"):
        studies.close_study(home, name, urn_example.NOW)
    for name in ("read", "built", "waiting"):
        data_set = opening.open_on_server(home, name)
        opening_record.record_opening(home, data_set, urn_example.NOW)
    lay_reports(home, "built")
    printed = jobs.new_job(
        home, "draft", (), task=jobs.CODES, by="fieldwork", at=60, total=60, state=jobs.DONE
    )
    write_aside(jobs.printed_codes(home, printed), b"PK")
    running = jobs.new_job(
        home, "waiting", (), task=jobs.RESULTS, by="reporter", at=2, total=9, state=jobs.RUNNING
    )
    monkeypatch.setattr("reports.team.orders.wake", lambda _: False)
    monkeypatch.setattr("reports.team.pages.jobs.wake", lambda _: False)
    assert not running.ended
    jobs.new_job(
        home, "read", (), task=jobs.RESULTS, by="reporter", at=1, total=3, state=jobs.FAILED,
        error="Nein.",
    )  # fmt: skip
    browser = room.signed_in("moderator")
    theme = {"code": "mehr", "label": "Mehr davon"}
    browser.post("/studies/read/texts/wish/themes", theme)
    browser.post(
        "/studies/read/texts/wish/paraphrase", {"theme": "mehr", "sentence": "Mehr davon."}
    )
    application = mounted(room.app.wsgi_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Office(room, f"http://127.0.0.1:{server.port}/team/")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def faults(page: Page, where: str) -> list[tuple[str, object]]:
    """What is wrong with the page at hand, at three widths."""
    found: list[tuple[str, object]] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate(WIDER) > 0:
            found.append((f"{where} at {width}", "wider than the screen"))
        if small := page.evaluate(SMALL):
            found.append((f"{where} at {width}", small))
    result = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
    found += [(where, (f["id"], [n["html"][:150] for n in f["nodes"]])) for f in result]
    return found


@pytest.mark.parametrize(("language", "scheme"), [("de", "light"), ("en", "dark")])
def test_no_page_and_state_of_the_room_has_an_accessibility_fault(
    office: Office, tab: Callable[..., Page], language: str, scheme: str
) -> None:
    wrong: list[tuple[str, object]] = []
    for role in sorted({role for role, _ in PAGES}):
        page = tab(1280, scheme=scheme)
        office.enter(page, role)
        for address in [path for who, path in PAGES if who == role]:
            path, _hash, part = address.partition("#")
            page.goto(f"{office.url}{path}?lang={language}#{part}")
            # What is folded away is looked at as well.
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
            wrong += faults(page, f"{role} {address}")
    assert not wrong, "\n".join(map(str, wrong))


def test_somebody_signs_in_with_the_keyboard_alone_and_every_step_is_accessible(
    office: Office, tab: Callable[..., Page]
) -> None:
    page = tab(320)
    page.goto(office.url)
    wrong = faults(page, "sign in")
    page.locator("#name").focus()
    page.keyboard.type("reporter")
    page.keyboard.press("Tab")
    page.keyboard.type("falsch falsch falsch")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.evaluate("document.activeElement.id") == "fehler"
    wrong += faults(page, "wrong password")
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#code").wait_for()
    wrong += faults(page, "second factor")
    page.locator("#code").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    wrong += faults(page, "wrong code")
    page.locator("#code").focus()
    page.keyboard.type(office.room.code("reporter"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Umfragen").wait_for()
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert all(c["secure"] and c["httpOnly"] and c["path"] == "/team/" for c in cookies.values())
    page.goto(f"{office.url}invitation")
    wrong += faults(page, "invitation")
    assert wrong == []


def test_a_moderator_judges_texts_by_single_keys(office: Office, tab: Callable[..., Page]) -> None:
    page = tab(1280)
    office.enter(page, "moderator")
    page.goto(f"{office.url}studies/read/texts/wish/1")
    for expected in ("Text 2 von 23", "Text 3 von 23"):
        page.keyboard.press("1")
        with page.expect_navigation():
            page.keyboard.press("s")
        assert page.get_by_role("heading", level=1).inner_text() == expected
    page.locator("#tasten").uncheck()
    page.locator("h1").click()
    page.keyboard.press("1")
    assert page.locator("input[name=decision]:checked").count() == 0


def test_a_questionnaire_with_mistakes_shows_them_accessibly(
    office: Office, tab: Callable[..., Page], tmp_path: Path
) -> None:
    page = tab(320)
    office.enter(page, "author")
    page.goto(f"{office.url}studies/new")
    text = urn_example.bundle().main.replace("type: single", "type: singel")
    (tmp_path / "x.yaml").write_text(text, "utf-8")
    page.set_input_files("#main", tmp_path / "x.yaml")
    with page.expect_navigation():
        page.get_by_role("button", name="Prüfen und übernehmen").click()
    assert "singel" in page.get_by_role("alert").locator("xpath=..").inner_text()
    assert faults(page, "mistakes") == []

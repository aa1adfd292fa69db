"""axe on every kind of page and state with no rule off; nothing too wide, nothing too small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from respondent import sample_bundle

from survey.questionnaire import Bundle
from survey.studies import close_study

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = [(320, "light"), (1280, "light"), (1280, "dark")]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def enter(page: Page, url: str, code: str) -> None:
    page.goto(url)
    page.get_by_label("Ihr Zugangscode").fill(code)
    press(page, "Umfrage beginnen")


def every_state(served: Any, page: Page) -> Iterator[str]:
    """Names of states, each with the page in it."""
    code, other = served.city.codes(2)
    page.goto(served.url)
    yield "start"
    enter(page, served.url, "ABC")
    yield "mistyped code"
    enter(page, served.url, "2222-2222-2222-2")
    yield "unusable code"
    enter(page, served.url, code)
    yield "ranking"
    page.get_by_role("button", name="Ausstattung: höher").click()
    yield "ranking moved"
    page.get_by_label("Digitale Verfahren", exact=True).select_option("1")
    press(page, "Weiter")
    yield "ranking with a tie"
    page.get_by_label("Digitale Verfahren", exact=True).select_option("")
    press(page, "Weiter")
    yield "grid"
    page.get_by_role("radio").first.check()
    press(page, "Weiter")
    yield "rating and text"
    page.get_by_role("textbox").fill("x" * 301)
    press(page, "Weiter")
    yield "text too long"
    page.get_by_role("textbox").fill("Kürzer.")
    press(page, "Weiter")
    yield "single and multiple"
    page.get_by_label("im Büro").check()
    page.get_by_label("an keinem dieser Orte").check()
    press(page, "Weiter")
    yield "choices that exclude each other"
    page.get_by_label("an keinem dieser Orte").uncheck()
    press(page, "Weiter")
    yield "review"
    press(page, "Dienststelle: Ändern")
    yield "changing"
    press(page, "Weiter zur Übersicht")
    press(page, "Endgültig absenden")
    yield "thanks"
    page.goto(served.url + "nothing")
    yield "not found"
    enter(page, served.url, other)
    close_study(served.city.home, served.city.study_id, datetime.now(UTC))
    press(page, "Weiter")
    yield "closed"


SMALL = """() => [...document.querySelectorAll('button, select, textarea, input')]
  .filter(e => e.type !== 'hidden' && e.tabIndex >= 0)
  .map(e => {
      const check = e.type === 'radio' || e.type === 'checkbox';
      const box = (check ? e.parentElement : e).getBoundingClientRect();
      return [e.id || e.textContent.trim(), Math.round(box.width), Math.round(box.height)];
  }).filter(([, width, height]) => width < 44 || height < 44)"""
"""Controls that a thumb would miss; a radio button counts together with its label."""

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LARGER = "size => { document.documentElement.style.fontSize = size }"


def measured(page: Page) -> Iterator[tuple[str, str]]:
    """What is too wide or too small on a page, at normal and at double text size."""
    small = page.evaluate(SMALL)
    if small:
        yield "too small for a thumb", str(small)
    for size in ("100%", "200%"):
        page.evaluate(LARGER, size)
        if page.evaluate(WIDER) > 0:
            yield f"wider than the screen at {size}", str(page.evaluate(WIDER))
    page.evaluate(LARGER, "")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_no_state_of_the_pages_has_an_accessibility_fault(
    width: int, scheme: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page, faults, seen = tab(width, scheme=scheme), [], []
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for state in every_state(served, page):
        seen.append(state)
        found = Axe().run(page, options={"runOnly": TAGS})
        faults += [
            (state, fault["id"], [node["html"][:120] for node in fault["nodes"]])
            for fault in found.response["violations"]
        ]
        faults += [(state, kind, [detail]) for kind, detail in measured(page)]
    assert faults == []
    assert len(seen) == 16
    assert {url.split("/")[2] for url in requests} == {served.url.split("/")[2]}
    assert [text for text in complaints if "Content Security Policy" in text] == []

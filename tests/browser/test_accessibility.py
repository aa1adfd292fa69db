"""axe on every kind of page and state with no rule off; nothing too wide, nothing too small."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.states import SHIPPED, STUDIES, press, shipped, shipped_states
from playwright.sync_api import Page
from respondent import journey_bundle

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
SIZES = [(320, "light"), (1280, "light"), (320, "dark"), (1280, "dark")]
STATES = {"sample": 17, "journey": 12, "texts": 7, "types": 13, "haste": 9, "guessing": 1}

DEFAULT = [
    ("sample", "de", 320, "light"),
    ("journey", "de", 320, "light"),
    ("journey", "en", 1280, "dark"),
    ("texts", "de", 1280, "light"),
    ("types", "de-leicht", 320, "light"),
    ("haste", "de", 320, "light"),
    ("guessing", "de", 1280, "dark"),
]
"""Every kind of page and state once, every size and colour scheme at least once."""

MATRIX = [
    (study, language, *size)
    for study, example in STUDIES.items()
    for language in example.languages
    for size in SIZES
    if (study, language, *size) not in DEFAULT
]

SMALL = """() => [...document.querySelectorAll('button, select, textarea, input, a[href]')]
  .filter(e => e.type !== 'hidden' && e.tabIndex >= 0 && e.getClientRects().length)
  .filter(e => e.tagName !== 'A' || e.parentElement.textContent.trim() === e.textContent.trim())
  .map(e => {
      const check = e.type === 'radio' || e.type === 'checkbox';
      const box = (check ? e.parentElement : e).getBoundingClientRect();
      return [e.id || e.textContent.trim(), Math.round(box.width), Math.round(box.height)];
  }).filter(([, width, height]) => width < 44 || height < 44)"""
"""Controls that a thumb would miss, and links that stand alone (those inside a sentence are
exempt); a radio button counts together with its label."""

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LARGER = "size => { document.documentElement.style.fontSize = size }"


class Watch:
    """Collects what is wrong with the pages that a browser tab comes to."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[tuple[str, str, list[str]]] = []
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))

    def judge(self, state: str) -> None:
        """Judge the page at hand."""
        found = Axe().run(self.page, options={"runOnly": TAGS})
        self.faults += [
            (state, fault["id"], [node["html"][:120] for node in fault["nodes"]])
            for fault in found.response["violations"]
        ]
        self.faults += [(state, kind, [detail]) for kind, detail in measured(self.page)]

    def conclude(self, url: str) -> None:
        """Nothing is wrong, and nothing came from elsewhere or was blocked."""
        assert self.faults == []
        assert {request.split("/")[2] for request in self.requests} == {url.split("/")[2]}
        assert [text for text in self.complaints if "Content Security Policy" in text] == []
        assert self.page.context.cookies() == []


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


@pytest.mark.parametrize(
    ("study", "language", "width", "scheme"),
    [*DEFAULT, *(pytest.param(*one, marks=pytest.mark.full) for one in MATRIX)],
)
def test_no_state_of_the_pages_has_an_accessibility_fault(
    study: str,
    language: str,
    width: int,
    scheme: str,
    serve: Callable[..., Any],
    tab: Callable[..., Page],
) -> None:
    example = STUDIES[study]
    served = serve(example.bundle(), example.demo)
    watch, seen = Watch(tab(width, scheme=scheme)), []
    for state in example.states(served, watch.page, language):
        seen.append(state)
        watch.judge(state)
    assert len(seen) == STATES[study]
    watch.conclude(served.url)


def test_a_switch_of_language_has_no_accessibility_fault_in_any_language(
    serve: Callable[..., Any], tab: Callable[..., Page]
) -> None:
    served = serve(journey_bundle())
    watch = Watch(tab(320))
    watch.page.goto(served.url)
    press(watch.page, "begin")
    for language in ("en", "de-leicht", "tr"):
        press(watch.page, f"lang:{language}")
        watch.judge(language)
    watch.conclude(served.url)


@pytest.mark.full
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize(
    ("study", "language"), [(name, tag) for name, tags in SHIPPED.items() for tag in tags]
)
def test_no_page_of_the_shipped_studies_has_an_accessibility_fault(
    study: str,
    language: str,
    width: int,
    scheme: str,
    serve: Callable[..., Any],
    tab: Callable[..., Page],
) -> None:
    served = serve(shipped(study))
    watch = Watch(tab(width, scheme=scheme))
    for state in shipped_states(served, watch.page, language):
        watch.judge(state)
    watch.conclude(served.url)

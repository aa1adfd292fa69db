"""Every kind of page and state of the example studies, one after the other in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect
from respondent import journey_bundle, sample_bundle, texts_bundle, types_bundle

from survey import links
from survey.forms import shown
from survey.home import Home
from survey.items.base import Item
from survey.pace import BEGIN, CODES
from survey.plausible import faulty_form, plausible_answers
from survey.questionnaire import Bundle, load_bundle, read_bundle
from survey.studies import close_study
from survey.translation import catalogue

ROOT = Path(__file__).parents[2]


ALWAYS = {
    "opens": "2020-01-01T08:00:00+02:00",
    "closes": "2099-01-01T08:00:00+02:00",
    "delete_on": "2100-01-01",
}
"""Dates of a study that can be answered whenever the tests run."""

RESEND = """state => {
    const form = document.querySelector("main form"), field = document.createElement("input");
    Object.assign(field, {type: "hidden", name: "state", value: state});
    form.append(field);
    form.querySelector("button[value=begin]").value = "back";
}"""
"""Turns the start page into one that was open in another tab; going back asks first."""


def shipped(name: str) -> Bundle:
    """A study of the project, open at any time."""
    bundle = load_bundle(ROOT / "questionnaires" / "vision" / f"{name}.yaml")
    text = bundle.main
    for key, value in ALWAYS.items():
        text = re.sub(rf"\n  {key}: .*", f"\n  {key}: {value}", text)
    return replace(bundle, main=text)


def press(page: Page, go: str) -> None:
    """Press the button with this value and wait for the page that answers."""
    with page.expect_navigation():
        page.locator(f'button[name="go"][value="{go}"]:not([aria-hidden])').first.click()


def move(page: Page, go: str) -> None:
    """Press an arrow of a ranking, which navigates without scripts only."""
    page.locator(f'button[value="{go}"]').click()
    expect(page.get_by_role("status").first).not_to_be_empty()


def fill(page: Page, **values: str) -> None:
    """Fill text fields by their names; two underscores stand for a point."""
    for name, value in values.items():
        page.locator(f'[name="{name.replace("__", ".")}"]').fill(value)


def tick(page: Page, name: str, code: str) -> None:
    """Tick a radio button or a checkbox."""
    page.locator(f'input[name="{name}"][value="{code}"]').check()


def press_with(page: Page, go: str, name: str, value: str) -> None:
    """Press a button after a program has filled in a field that nobody sees."""
    page.evaluate("([n, v]) => { document.querySelector(`[name=${n}]`).value = v }", [name, value])
    press(page, go)


def again(page: Page) -> None:
    """Press the one button of a page that sends everything once more."""
    with page.expect_navigation():
        page.locator("main .buttons button").click()


@contextmanager
def away(home: Home) -> Iterator[None]:
    """The urn is not there for a while."""
    file = home.database_file
    aside = file.with_name("aside")
    links.disconnect()
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


UNKNOWN = "2222-2222-2222-2"
"""A code that is well formed and belongs to nobody."""
SWITCH = {"de": "lang:en", "en": "lang:de"}
"""The button for another language."""

Form = Mapping[str, Sequence[str]]
"""Submitted strings by the names of the fields."""


def wrong(items: Iterable[Item]) -> Form:
    """What a respondent may get wrong in some items; empty where nothing can be wrong."""
    return dict(faulty_form(items).lists())


def right(items: Sequence[Item], language: str) -> Form:
    """An allowed answer to each of some items."""
    return shown(items, plausible_answers(items, language))


def enter_all(page: Page, form: Form) -> None:
    """Bring a page's fields to what a form says; a radio button that nothing names stays."""
    for field in page.locator("main form [name]").all():
        name, kind = field.get_attribute("name") or "", field.get_attribute("type")
        given = list(form.get(name, ()))
        if kind == "hidden" or name == "go":
            continue
        if kind in ("radio", "checkbox"):
            if field.get_attribute("value") in given:
                field.check()
            elif kind == "checkbox":
                field.uncheck()
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option((*given, "")[0])
        else:
            field.fill((*given, "")[0])


def enter(page: Page, url: str, code: str) -> None:
    """Begin with an access code."""
    page.goto(url)
    fill(page, code=code)
    press(page, "begin")


def sample_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """Codes, rankings, grids, choices and texts, and everything that can go wrong with them."""
    code, other = served.city.codes(2)
    page.goto(served.url)
    yield "start"
    page.goto(served.url + "promise")
    yield "promise sheet"
    enter(page, served.url, "ABC")
    yield "mistyped code"
    enter(page, served.url, UNKNOWN)
    yield "unusable code"
    enter(page, served.url, code)
    yield "ranking"
    move(page, "up:fields.c")
    yield "ranking moved"
    page.locator('[name="fields.b"]').select_option("1")
    press(page, "next")
    yield "ranking with a tie"
    page.locator('[name="fields.b"]').select_option("")
    press(page, "next")
    yield "grid"
    page.get_by_role("radio").first.check()
    press(page, "next")
    yield "rating and text"
    fill(page, words="x" * 301)
    press(page, "next")
    yield "text too long"
    fill(page, words="Kürzer.")
    press(page, "next")
    yield "single and multiple"
    tick(page, "places", "office")
    tick(page, "places", "neither")
    press(page, "next")
    yield "choices that exclude each other"
    page.locator('input[name="places"][value="neither"]').uncheck()
    press(page, "next")
    yield "review"
    with page.expect_navigation():
        page.locator("#dept-frage button").click()
    yield "changing"
    press(page, "next")
    press(page, "submit")
    yield "thanks"
    page.goto(served.url + "nothing")
    yield "not found"
    enter(page, served.url, other)
    close_study(served.city.home, served.city.study_id, datetime.now(UTC))
    press(page, "next")
    yield "closed"


def hasten(page: Page, url: str) -> None:
    """Go to the review of an open study without answering."""
    page.goto(url)
    press(page, "begin")
    while page.locator('button[value="submit"]').count() == 0:
        press(page, "next")


def expect_patience(page: Page, language: str) -> None:
    """Nothing but a page that asks for patience will do."""
    title = catalogue(language).gettext("Bitte einen Moment")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def haste_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """Every page that asks for patience, and what else keeps an answer from being taken."""
    hasten(page, f"{served.url}?lang={language}")
    press(page, "submit")
    expect_patience(page, language)
    yield "too quick"
    hasten(page, f"{served.url}?lang={language}")
    press_with(page, "submit", "homepage", "https://example.org")
    expect_patience(page, language)
    yield "field that people do not see"
    press(page, SWITCH[language])
    yield "field that people do not see, in another language"
    state = page.locator('[name="state"]').first.input_value()
    page.goto(f"{served.url}?lang={language}")
    page.evaluate(RESEND, state[:-8] + "AAAAAAA=")
    press(page, "back")
    yield "damaged"
    press(page, SWITCH[language])
    yield "damaged, in another language"
    served.crowd(BEGIN)
    page.goto(f"{served.url}?lang={language}")
    press(page, "begin")
    expect_patience(page, language)
    yield "crowd"
    with away(served.city.home):
        again(page)
        yield "urn away"
        press(page, SWITCH[language])
        yield "urn away, in another language"
        page.goto(served.url)
        yield "urn away, nothing sent"


def guessing_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """A study with codes, asked from a network from which many unusable codes have come."""
    served.crowd(CODES)
    enter(page, f"{served.url}?lang={language}", UNKNOWN)
    expect_patience(page, language)
    yield "many codes"


def journey_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """Information, own words, numbers, dates, passages; routes and earlier answers."""
    page.goto(f"{served.url}?lang={language}")
    yield "start"
    press(page, "begin")
    yield "information and own words"
    tick(page, "means", "bike")
    fill(page, means__other="Boot")
    press(page, "next")
    yield "words beside another choice"
    fill(page, means__other="")
    press(page, "next")
    yield "numbers and date"
    fill(page, count="99", distance="weit", last__day="3", last__month="2")
    press(page, "next")
    yield "numbers and date with mistakes"
    fill(page, count="0", distance="1,5", last__year="2027")
    press(page, "next")
    yield "rating"
    tick(page, "safety", "2")
    press(page, "next")
    yield "passage"
    fill(page, draft__comment="x" * 201)
    press(page, "next")
    yield "comment too long"
    fill(page, draft__comment="Kürzer.")
    press(page, "next")
    yield "review"
    press(page, "edit:0")
    yield "changing"
    press(page, "next")
    review = page.locator('[name="state"]').input_value()
    press(page, "submit")
    yield "thanks"
    page.goto(f"{served.url}?lang={language}")
    page.evaluate(RESEND, review)
    press(page, "back")
    yield "already sent"


def texts_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """A reading study: the list of texts, one text, what comes after it."""
    page.goto(f"{served.url}?lang={language}")
    yield "start"
    press(page, "read:t1")
    yield "text"
    tick(page, "t1_1.stance", "fits")
    press(page, "next")
    yield "behind every text"
    press(page, "next")
    yield "review"
    press(page, "submit")
    yield "overview"
    press(page, "read:t2")
    tick(page, "t2_1.stance", "change")
    press(page, "next")
    press(page, "back")
    press(page, "back")
    yield "overview with a begun text"
    press(page, "read:t2")
    press(page, "next")
    press(page, "next")
    press(page, "submit")
    yield "overview, all done"


def types_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """Every page of a study with all types of questions: empty, wrong, corrected."""
    _, instrument = read_bundle(types_bundle()).in_language(language)
    page.goto(f"{served.url}?lang={language}")
    press(page, "begin")
    for one in instrument.pages:
        yield f"{one.id} empty"
        if mistakes := wrong(one.items):
            enter_all(page, mistakes)
            press(page, "next")
            yield f"{one.id} wrong"
        enter_all(page, right(one.items, language))
        press(page, "next")
    yield "review of all types"


def shipped_states(served: Any, page: Page, language: str) -> Iterator[str]:
    """Every page of a study of the project, from the start to the thanks."""
    page.goto(f"{served.url}?lang={language}")
    yield "start"
    if page.locator('[name="code"]').count():
        fill(page, code=served.city.codes(1)[0])
    first = page.locator('form button[value^="read:"], form button[value="begin"]').first
    with page.expect_navigation():
        first.click()
    while page.locator('button[value="submit"]').count() == 0:
        yield page.title()
        contact = page.locator('input[name="contact"][value="yes"]')
        if contact.count():
            contact.check()
        press(page, "next")
    yield "review"
    press(page, "submit")
    yield "thanks"


@dataclass(frozen=True)
class Example:
    """A study with its states and the languages in which they are gone through."""

    bundle: Callable[[], Bundle]
    states: Callable[[Any, Page, str], Iterator[str]]
    languages: tuple[str, ...]
    demo: bool = True


STUDIES = {
    "sample": Example(sample_bundle, sample_states, ("de",)),
    "journey": Example(journey_bundle, journey_states, ("de", "en", "de-leicht", "tr")),
    "texts": Example(texts_bundle, texts_states, ("de", "en")),
    "types": Example(types_bundle, types_states, ("de", "en", "de-leicht")),
    "haste": Example(journey_bundle, haste_states, ("de", "en"), demo=False),
    "guessing": Example(sample_bundle, guessing_states, ("de",)),
}
"""Example studies; those that are no demonstration ask for patience."""

SHIPPED = {
    "staff": ("de", "en", "de-leicht"),
    "reading": ("de", "en"),
    "public": ("de", "en", "de-leicht", "tr"),
}
"""The project's studies with their languages."""

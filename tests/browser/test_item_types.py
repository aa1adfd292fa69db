"""Every type of question: left empty, wrong, corrected, sent; with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from browser.states import enter_all, press, right, wrong
from playwright.sync_api import Page, expect
from respondent import types_bundle

from survey.items import ITEM_TYPES
from survey.plausible import plausible_answers
from survey.questionnaire import Bundle, read_bundle
from survey.showing import item_names
from survey.translation import catalogue

DEFAULT = [("de", 320, False), ("en", 1280, True), ("de-leicht", 320, True)]
"""Each language, size and way once."""

MATRIX = list(product(("de", "en", "de-leicht"), (320, 1280), (True, False)))

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_the_example_holds_every_type_of_question() -> None:
    items = read_bundle(types_bundle()).instrument.items
    assert {type(item) for item in items} == set(ITEM_TYPES.values())


@pytest.mark.parametrize(
    ("language", "width", "scripts"),
    [
        *DEFAULT,
        *(pytest.param(*one, marks=pytest.mark.full) for one in MATRIX if one not in DEFAULT),
    ],
)
def test_every_type_can_be_left_empty_got_wrong_corrected_and_sent(
    language: str,
    width: int,
    scripts: bool,
    serve: Callable[[Bundle], Any],
    tab: Callable[..., Page],
) -> None:
    served = serve(types_bundle())
    _, instrument = read_bundle(types_bundle()).in_language(language)
    asked = [item for item in instrument.items if item.asks]
    say = catalogue(language).gettext
    page = tab(width, scripts=scripts)
    page.goto(f"{served.url}?lang={language}")
    press(page, "begin")

    for _ in instrument.pages:
        expect(page.locator("html")).to_have_attribute("lang", language.split("-")[0])
        press(page, "next")
        expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text(say("keine Antwort"), exact=True)).to_have_count(len(asked))

    for place, one in enumerate(instrument.pages):
        press(page, f"edit:{place}")
        mistakes = wrong(one.items)
        assert mistakes
        enter_all(page, mistakes)
        press(page, "next")
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        assert page.title().startswith(say("Fehler:"))
        said = summary.get_by_role("link").all_inner_texts()
        assert len(set(said)) == len(said), "every sentence of a summary names its own field"
        for link in summary.get_by_role("link").all():
            name = (link.get_attribute("href") or "").removeprefix("#")
            at = page.locator(f'[id="{name}"]')
            expect(at).to_be_visible()
            message = page.locator(f'[id="{name}-fehler"]')
            named, sentence = link.inner_text(), link.locator("span").inner_text()
            expect(message).to_contain_text(sentence)
            names = {item.id: called for item, called in item_names(one.items, language)}
            assert named.startswith(names[name.split(".")[0]])
            described = at.locator(
                f'xpath=ancestor-or-self::*[contains(@aria-describedby,"{name}-fehler")]'
            )
            expect(described.first).to_be_attached()
        assert page.evaluate(WIDER) <= 0
        enter_all(page, right(one.items, language))
        press(page, "next")
        expect(page.get_by_role("alert")).to_have_count(0)

    expect(page.get_by_text(say("keine Antwort"), exact=True)).to_have_count(0)
    press(page, "submit")
    (ballot,) = served.city.ballots()
    assert ballot.language == language
    assert ballot.answers == plausible_answers(instrument.items, language)

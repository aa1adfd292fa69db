"""Each sentence of an error summary says which item it is about, whatever the type."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from re import DOTALL, findall, sub

import pytest
from respondent import types_bundle

from survey.instrument import Instrument, Page, Questionnaire
from survey.preview import Preview
from survey.questionnaire import read_bundle
from survey.showing import item_names

Link = tuple[str, str]
"""The field that a link leads to, and what it says."""


def doubled(page: Page) -> Page:
    """A page with every item twice, the second under another title."""
    second = (
        item.replaced(id=f"{item.id}2", title=f"{item.title} B" if item.title else "")
        if item.type == "passage"
        else item.replaced(id=f"{item.id}2", title=f"Noch einmal: {item.title or item.text}")
        for item in page.items
    )
    return replace(page, items=(*page.items, *second))


def example(language: str) -> Questionnaire:
    """A question of every type, each twice on its page."""
    study, instrument = read_bundle(types_bundle()).in_language(language)
    pages = tuple(map(doubled, instrument.pages))
    twice = Instrument(instrument.version, instrument.language, pages, texts=instrument.texts)
    return Questionnaire(study, twice)


def summary(page: str) -> list[Link]:
    """The links of the error summary."""
    part = page[page.index('id="fehler"') : page.index("</ul>", page.index('id="fehler"'))]
    found = findall(r'<a [^>]*href="#([^"]*)"[^>]*>(.*?)</a>', part, DOTALL)
    return [(name, unescape(sub("<[^>]*>", "", text))) for name, text in found]


@pytest.mark.parametrize("language", ["de", "en", "de-leicht"])
def test_two_items_with_the_same_mistake_are_told_apart_in_the_summary(language: str) -> None:
    questionnaire = example(language)
    preview, seen = Preview(questionnaire), set[str]()
    for place, page in enumerate(questionnaire.instrument.pages, start=1):
        html = preview.draw(language, f"page-{place}", "errors")
        links = summary(html)
        names = {item.id: name for item, name in item_names(page.items, language)}
        assert len({text for _, text in links}) == len(links)
        for field, text in links:
            assert text.startswith(f"{names[field.split('.')[0]]} ")
            seen.add(field.split(".")[0])
    assert {f"{id}2" for id in seen if not id.endswith("2")} == {i for i in seen if i[-1] == "2"}
    assert len(seen) > 15

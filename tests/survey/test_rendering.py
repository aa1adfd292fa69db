"""Prepared pages: every hole is filled, and whatever is put in stays text."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from respondent import sample_questionnaire

from survey.rendering import Filling, compile_page, fill
from survey.screens import Interface, Screens, shown_orders
from survey.theme import load_theme

SCREENS = Screens(sample_questionnaire(), load_theme())


def draw_page(place: int, filling: Filling) -> str:
    return SCREENS.draw_page(place, filling).decode()


PAGES = range(len(sample_questionnaire().instrument.pages))


def text_of(html: str, name: str) -> str:
    """What a browser would send back for a text area."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (area,) = (area for area in tree.iter("textarea") if area.get("name") == name)
    return "".join(area.itertext())


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_any_text_comes_back_from_the_page_as_it_was_put_in(text: str) -> None:
    page = draw_page(2, Filling(values={"words": [text]}))
    assert text_of(page, "words") == text


@given(st.text(alphabet="\x02\x1f\x03<>&\"'hole text", max_size=40))
def test_no_text_can_close_a_tag_or_open_a_hole(text: str) -> None:
    filling = Filling(
        texts={"state": text, "status:fields": text},
        mistakes={"fields.a": text},
        values={"fields.a": [text]},
    )
    plain, filled = draw_page(0, Filling()), draw_page(0, filling)
    tags = re.compile(r"<[a-z0-9]+")
    extra = sorted(tags.findall(filled), reverse=True)
    for tag in tags.findall(plain):
        extra.remove(tag)
    assert set(extra) <= {"<a", "<div", "<h2", "<li", "<p", "<span", "<ul"}


@pytest.mark.parametrize("place", PAGES)
def test_a_page_without_answers_has_nothing_ticked_and_no_mistake(place: int) -> None:
    page = draw_page(place, Filling())
    assert " checked" not in page
    assert " selected" not in page
    assert "fehler-titel" not in page
    assert "aria-invalid" not in page


def test_one_list_is_shown_in_one_of_its_orders_at_a_time() -> None:
    item = sample_questionnaire().instrument.item("fields")
    orders = dict(shown_orders(item, item.options))  # type: ignore[attr-defined]
    seen = []
    for index, options in orders.items():
        page = draw_page(0, Filling(orders={"fields": index}))
        shown = re.findall(r'<select[^>]*name="fields\.(.)"', page)
        assert shown == [option.code for option in options if not option.missing]
        seen.append(tuple(shown))
    assert len(set(seen)) == len(orders) == 4


def test_an_item_that_is_not_shuffled_keeps_the_authors_order() -> None:
    item = sample_questionnaire().instrument.item("dept")
    ((index, options),) = shown_orders(item, item.options)  # type: ignore[attr-defined]
    assert (index, options) == (0, item.options)  # type: ignore[attr-defined]


def test_accessible_names_of_the_buttons_of_a_ranking_are_unique() -> None:
    page = draw_page(0, Filling())
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    names = [
        "".join(button.itertext())
        for button in tree.iter("button")
        if (button.get("value") or "").startswith(("up:", "down:"))
    ]
    assert len(set(names)) == len(names) == 8


def test_a_block_inside_a_repetition_sees_its_own_entry() -> None:
    parts = compile_page("index.html", "de", site=_Site(), voice=Interface.of("de"))
    entries = [
        {"title": "a<b", "path": "/s/x/", "note": ""},
        {"title": "c", "path": "/", "note": "&"},
    ]
    text = fill(parts, Filling(lists={"studies": entries})).decode()
    assert 'href="/s/x/">a&lt;b</a>' in text
    assert text[text.index("studies") :].count("<li>") == 2


class _Site:
    stylesheet = script = icon = path = "/"


def test_wtforms_draws_nothing(root: Path) -> None:
    """No template calls a field, and no module of the pages uses a widget."""
    for file in (root / "survey" / "templates").rglob("*.html"):
        assert "form." not in file.read_text(encoding="utf-8")
    for file in (root / "survey").glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not {name for name in names if name and "widgets" in name}

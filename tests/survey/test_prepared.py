"""Short ways of a request give what the long ways give: prepared pages, codes taken as sent."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from respondent import sample_questionnaire
from werkzeug.datastructures import MultiDict

from survey import forms
from survey.instrument import Page
from survey.items.base import Item
from survey.items.single import Single
from survey.prepared import Choices, Prepared
from survey.rendering import Block, Filling, Parts, compile_page, fill
from survey.screens import Site, always_shown, shown_orders, text_minutes
from survey.theme import load_theme
from survey.voices import Voice

INSTRUMENT = sample_questionnaire().instrument
PAGES = INSTRUMENT.pages
NAMES = [sorted(name for item in page.items for name in item.form_fields) for page in PAGES]
SENDABLE = {name: sorted(s) for item in INSTRUMENT.items for name, s in item.sendable.items()}
ODD = st.sampled_from(["", " ", "forged", "<b>", "1 ", "2\n", "parks"])


@st.composite
def sent_to(draw: st.DrawFn) -> tuple[int, dict[str, list[str]]]:
    """A page, and what was sent to it: mostly codes that it offers, one a field."""
    place = draw(st.integers(0, len(PAGES) - 1))
    values = {}
    for name in draw(st.lists(st.sampled_from(NAMES[place]), unique=True)):
        codes = SENDABLE.get(name, [])
        one = st.sampled_from(codes) if codes else ODD
        values[name] = [draw(one)] if draw(st.booleans()) else draw(st.lists(one | ODD, min_size=1))
    return place, values


def compiled(place: int) -> Parts:
    voice = Voice.of(sample_questionnaire(), "de")
    return compile_page(
        "page.html",
        "de",
        voice=voice,
        language=voice.language,
        study=voice.study,
        words=voice.words,
        site=Site.of(load_theme()),
        shown_orders=shown_orders,
        text_minutes=text_minutes(voice),
        page=voice.instrument.pages[place],
    )


COMPILED = [compiled(place) for place in range(len(PAGES))]
PREPARED = [
    Prepared.of(parts, always_shown(page)) for parts, page in zip(COMPILED, PAGES, strict=True)
]


@given(
    sent=sent_to(),
    mistakes=st.dictionaries(
        st.sampled_from(sorted(SENDABLE)), st.just("Das geht nicht."), max_size=2
    ),
    flags=st.frozensets(st.sampled_from(["first", "begun", "returning", "back"])),
    order=st.integers(0, 7),
)
def test_a_prepared_page_is_the_page_that_the_template_gives(
    sent: tuple[int, dict[str, list[str]]],
    mistakes: dict[str, str],
    flags: frozenset[str],
    order: int,
) -> None:
    orders = {item.id: order % len(item_orders(item)) for item in INSTRUMENT.items if item.shuffle}
    place, values = sent
    filling = Filling(values=values, mistakes=mistakes, flags=flags, orders=orders)
    assert PREPARED[place].fill(filling) == fill(COMPILED[place], filling)


@pytest.mark.parametrize("page", PREPARED)
def test_what_both_forms_of_a_page_say_alike_is_kept_once(page: Prepared) -> None:
    texts = list(texts_in((*page.whole, *page.calm.parts)))
    assert len(set(map(id, texts))) == len(set(texts)) < len(texts)


def texts_in(parts: Parts) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, bytes):
            yield part
        elif isinstance(part, Choices):
            yield from part.texts.values()
            yield from texts_in(part.parts)
        elif isinstance(part, Block):
            yield from texts_in(part.body)


def item_orders(item: Item) -> tuple[tuple[int, ...], ...]:
    return next(s.orders for s in INSTRUMENT.shuffles if s.name == item.id)


@given(sent=sent_to())
def test_codes_taken_as_sent_are_read_as_the_form_library_reads_them(
    sent: tuple[int, dict[str, list[str]]],
) -> None:
    place, values = sent
    posted = MultiDict([(name, value) for name, sent in values.items() for value in sent])
    short = forms.read_page(PAGES[place], posted, "de")
    everything = {name: f for item in PAGES[place].items for name, f in item.form_fields.items()}
    with (
        patch.object(forms, "_offered", lambda items, sent: ({}, everything)),
        patch.object(Page, "settled", property(lambda page: [(item, ()) for item in page.items])),
    ):
        long = forms.read_page(PAGES[place], posted, "de")
    assert short == long


@pytest.mark.parametrize("place", range(len(PAGES)))
def test_a_calm_page_has_fewer_places_to_fill(place: int) -> None:
    assert len(PREPARED[place].calm.parts) <= len(PREPARED[place].whole)


def test_words_of_one_s_own_are_read_beside_their_code() -> None:
    options = [{"code": "a", "label": "A"}, {"code": "b", "label": "B", "other": True}]
    item = Single(id="s", type="single", text="Wie?", options=options)
    posted = MultiDict({"s": "b", "s.other": "Brief"})
    assert forms.read_page(Page("p", "P", (item,)), posted, "de").answers == {"s": {"b": "Brief"}}

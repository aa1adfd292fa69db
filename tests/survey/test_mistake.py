"""Sentences about mistakes: German by themselves, other languages through a catalogue."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from survey.items.mistake import Mistake, german
from survey.translation import in_words


def test_a_mistake_is_its_german_sentence() -> None:
    mistake = Mistake("Platz %(place)s", place=3)
    assert mistake == "Platz 3"
    assert f"{mistake}!" == "Platz 3!"


def test_what_fills_a_hole_follows_the_language() -> None:
    mistake = Mistake(
        "Möglich sind Zahlen von %(low)s bis %(high)s, angegeben ist %(found)s.",
        low=Decimal("-1.5"),
        high=20000,
        found="0",
    )
    assert mistake == "Möglich sind Zahlen von −1,5 bis 20\u202f000, angegeben ist 0."
    said = in_words(mistake, "en")
    assert said == "Possible are numbers from -1.5 to 20,000; given is 0."
    days = Mistake(
        "Möglich sind Tage vom %(first)s bis zum %(last)s.",
        first=date(2026, 1, 1),
        last=date(2027, 12, 31),
    )
    assert days == "Möglich sind Tage vom 01.01.2026 bis zum 31.12.2027."
    assert in_words(days, "tr") == "Possible are days from 1 January 2026 to 31 December 2027."


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "„A“, „B%“ und „C“ stehen alle auf Platz 1. "),
        ("en", "“A”, “B%” and “C” are all in place 1. "),
        ("de-leicht", "„A“, „B%“ und „C“ haben alle Platz 1. "),
    ],
)
def test_phrases_inside_a_sentence_are_translated_too(language: str, sentence: str) -> None:
    names = tuple(Mistake("„%(name)s“", name=name) for name in ("A", "B%", "C"))
    mistake = Mistake(
        "%(names)s stehen alle auf Platz %(place)s. Bitte vergeben Sie jeden Platz nur einmal.",
        names=names,
        place=1,
    )
    assert in_words(mistake, language).startswith(sentence)


def test_a_sentence_that_is_no_mistake_of_ours_stays_as_it_is() -> None:
    assert in_words("Not a valid choice.", "de") == "Not a valid choice."


@pytest.mark.parametrize(
    ("number", "text"), [("0", "0"), ("1234", "1\u202f234"), ("-0.50", "−0,5"), ("12.340", "12,34")]
)
def test_german_numbers_have_narrow_blanks_and_a_comma(number: str, text: str) -> None:
    assert german(Decimal(number)) == text

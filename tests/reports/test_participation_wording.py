"""Sentences on how many took part, at the ends: nobody, one, everybody, more than everybody."""

from __future__ import annotations

import re
from dataclasses import replace

import dossier_example as example
import pytest

from reports import wording
from survey.study import Regime


def spaced(text: str) -> str:
    """The text with all kinds of spaces alike, so that golden sentences stay legible."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


def test_more_ballots_than_people_have_no_response_rate() -> None:
    rate = replace(example.results().get("", "response_rate"), value=None, printed="")
    text = wording.participation(example.study(), 22055, rate).text
    assert spaced(text) == (
        "Eingegangen sind 22 055 Stimmzettel, auf der Personalliste stehen nur 22 000 Personen. "
        "Eine Beteiligung lässt sich daraus nicht berechnen."
    )
    assert wording.unheard(22055, rate) is None


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (22_000, None),
        (21_999, "Wie die eine Person denkt, die nicht geantwortet hat."),
        (5_430, "Wie die 16 570 Personen denken, die nicht geantwortet haben."),
    ],
)
def test_the_unheard_are_counted_unless_there_are_none(n: int, expected: str | None) -> None:
    found = wording.unheard(n, example.results().get("", "response_rate"))
    assert (None if found is None else spaced(found.text)) == expected


@pytest.mark.parametrize(
    ("regime", "expected"),
    [
        (Regime.SELF_SELECTED_READING, "Eingegangen ist eine Rückmeldung."),
        (Regime.OPEN_PARTICIPATION, "Teilgenommen hat eine Person. Wie viele"),
    ],
)
def test_one_person_is_spoken_of_in_the_singular(regime: Regime, expected: str) -> None:
    assert wording.participation(example.study(regime), 1, None).text.startswith(expected)


def test_after_a_full_count_the_worst_case_is_the_share_itself() -> None:
    share = example.share("a1", 0.55, example.N)
    assert spaced(wording.worst_case("Service", share, share).text) == (
        "Von allen 22 000 Personen liegt eine gültige Antwort vor; der Anteil für „Service“ ist "
        "55,0 %, ohne jede Annahme."
    )

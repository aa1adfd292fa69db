"""The result letter names no order, and no lack of one, that the dossier does not name."""

from __future__ import annotations

from dataclasses import replace

import dossier_example
import pytest

from reports import rank_wording, summaries, tables
from reports.dossier import FRONT_WORDS, Points, words
from reports.dossiers import chapters, open_council
from reports.dossiers.council import council
from reports.dossiers.letter import letters
from reports.rank_wording import Top
from survey.study import Regime

PLACES = ((1, 1), (2, 2), (3, 4), (3, 4), (5, 5), (6, 6), (7, 7), (8, 8))
TURNED = ((2, 2), (1, 1), *PLACES[2:])
LEVEL = ((1, 2), (1, 2), *PLACES[2:])
TOLD = {
    Top.LEAD: "Am häufigsten genannt wird „Service und Erreichbarkeit“",
    Top.LEVEL: "Es gibt an der Spitze keinen klaren Unterschied zwischen „Service und "
    "Erreichbarkeit“ und „Digitale Verfahren“",
    Top.WEIGHTING: "Was vorn liegt, hängt von der Gewichtung ab, also davon, wie stark jede "
    "Gruppe zählt. Infrage kommen „Service und Erreichbarkeit“ und „Digitale Verfahren“",
}


@pytest.mark.parametrize(
    ("weighted", "plain", "top"),
    [
        (PLACES, PLACES, Top.LEAD),
        (LEVEL, LEVEL, Top.LEVEL),
        (PLACES, TURNED, Top.WEIGHTING),
        (PLACES, LEVEL, Top.WEIGHTING),
        (LEVEL, TURNED, Top.WEIGHTING),
    ],
)
def test_the_letter_says_of_the_first_place_what_the_dossier_says(
    weighted: tuple[tuple[int, int], ...], plain: tuple[tuple[int, int], ...], top: Top
) -> None:
    results = dossier_example.results(
        dossier_example.ranking_rows(places=weighted, plain_places=plain)
    )
    ranking = summaries.ranking(results, results.release.codebook.question("a1"))
    assert rank_wording.top(ranking) is top
    assert ("Gewichtung" in rank_wording.lead(ranking).text) == (top is Top.WEIGHTING)
    (letter,) = letters(results)
    assert TOLD[top] in " ".join(letter.texts)


LONG = "Der Rat berät darüber. " + "Danach wird in vielen Schritten lange weiter geredet. " * 40


@pytest.mark.parametrize("regime", [Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION])
def test_long_next_steps_lose_sentences_before_a_finding_is_lost(regime: Regime) -> None:
    results = dossier_example.results(regime=regime)
    study = replace(results.release.study, next_steps=LONG)
    longer = replace(results, release=replace(results.release, study=study, seal=tables._SEAL))
    front = (
        council(longer).sections[0]
        if regime is Regime.CENSUS_ATTEMPT
        else open_council.sections(longer, chapters.rankings(longer))[0]
    )
    for first in (front, *(letter.sections[0] for letter in letters(longer))):
        assert words(first) <= FRONT_WORDS
        assert max(len(b.items) for b in first.blocks if isinstance(b, Points)) == 3
        assert "Der Rat berät darüber." in " ".join(first.texts)

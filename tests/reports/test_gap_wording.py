"""Sentences on importance beside today: both columns must carry them."""

from __future__ import annotations

from dataclasses import replace

import dossier_example as example
import pytest

from reports import summaries, wording
from reports.summaries import Distribution, PairedGap

Found = tuple[float, float, float | None]
"""Today minus importance with weights and without, and the adjusted p."""


def scale(name: str) -> tuple[Distribution, ...]:
    results = example.results()
    return summaries.distributions(results, results.release.codebook.question(name))


def row(label: str, found: Found | None, method: str = "wilson_fpc") -> Distribution:
    """Today's row with a gap whose intervals reach 10 points to either side."""
    first = scale("a2_today")[0]
    assert first.plain_top2 is not None
    top2 = replace(first.plain_top2, method=method)
    whole = replace(first, label=label, gap=None, plain_top2=top2)
    if found is None:
        return whole
    weighted, plain, p = found
    estimates = example.gap("a2_today_x", weighted, plain, p, 0.1)
    return replace(whole, gap=PairedGap(estimates[0], estimates[1], estimates[2]))


ABOVE, BELOW, NONE = (-0.3, -0.3, 0.001), (0.3, 0.3, 0.001), (-0.02, -0.02, 0.6)
PEOPLE = " Verglichen sind die Antworten derselben Personen."
LEVEL = " Bei „B“ ist kein klarer Unterschied zu erkennen."
GAPS: dict[str, tuple[list[Found | None], str]] = {
    "one above": (
        [ABOVE, NONE],
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“." + LEVEL + PEOPLE,
    ),
    "two above": (
        [ABOVE, ABOVE],
        "Wichtiger als heute gelungen sind 2 von 2 Qualitäten: „A“ und „B“." + PEOPLE,
    ),
    "only below": (
        [BELOW, NONE],
        "Heute besser gelungen als wichtig ist eine von 2 Qualitäten: „A“." + LEVEL + PEOPLE,
    ),
    "both ways": (
        [ABOVE, BELOW],
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“. Umgekehrt ist es bei „B“."
        + PEOPLE,
    ),
    "a single row": (
        [ABOVE], "Wichtiger als heute gelungen ist „A“." + PEOPLE,
    ),
    "no row": (
        [NONE, (-0.04, -0.03, 1.0)],
        "Bei keiner der 2 Qualitäten unterscheiden sich Wichtigkeit und heutiger Stand klar."
        + PEOPLE,
    ),
    "clear alone, not clear with all claims of the dossier": (
        [(-0.12, -0.12, 0.2), NONE],
        "Bei keiner der 2 Qualitäten unterscheiden sich Wichtigkeit und heutiger Stand klar."
        + PEOPLE,
    ),
    "clear in one column only": (
        [(-0.3, -0.02, 0.6), NONE],
        "Von der Gewichtung hängt der Vergleich ab bei „A“." + PEOPLE,
    ),
    "columns that contradict each other": (
        [(-0.3, 0.3, 1.0), NONE],
        "Von der Gewichtung hängt der Vergleich ab bei „A“." + PEOPLE,
    ),
    "no counts of the same people": (
        [None],
        "Ob sich Wichtigkeit und heutiger Stand unterscheiden, lässt sich hier nicht beurteilen.",
    ),
    "no test in one row": (
        [(-0.3, -0.3, None), NONE],
        "Ob sich Wichtigkeit und heutiger Stand unterscheiden, lässt sich bei „A“ nicht "
        "beurteilen." + PEOPLE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GAPS)
def test_importance_stands_above_today_only_in_both_columns(case: str) -> None:
    found, expected = GAPS[case]
    second = [row(name, one) for name, one in zip("AB", found, strict=False)]
    assert wording.gaps(second, second).text == expected


def test_a_brief_comparison_leaves_out_the_rows_without_a_clear_difference() -> None:
    rows = [row("A", ABOVE), row("B", NONE)]
    assert wording.gaps(rows, rows, brief=True).text == (
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“."
    )


def test_a_brief_comparison_names_both_directions_in_few_words() -> None:
    rows = [row("A", ABOVE), row("B", BELOW)]
    assert wording.gaps(rows, rows, brief=True).text == (
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“. Umgekehrt: „B“."
    )


def test_a_full_count_compares_the_values_themselves() -> None:
    full = "full_count"
    rows = [row("A", (-0.01, -0.01, None), full), row("B", (0.01, 0.01, None), full)]
    assert wording.gaps(rows, rows).text == (
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“. Umgekehrt ist es bei „B“. "
        "Alle haben geantwortet; verglichen sind die Werte selbst."
    )


def test_importance_without_a_weighted_column_cannot_be_judged() -> None:
    alone = row("A", ABOVE)
    assert alone.gap is not None
    rows = [replace(alone, gap=replace(alone.gap, weighted=None))]
    assert wording.gaps(rows, rows).text.endswith("lässt sich hier nicht beurteilen.")


def test_rows_are_named_by_the_answers_of_the_same_people() -> None:
    text = wording.gaps(scale("a2_importance"), scale("a2_today")).text
    assert text.startswith("Wichtiger als heute gelungen sind 3 von 8 Qualitäten: „verlässlich“")

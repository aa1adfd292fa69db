"""Sentences on importance beside today: both columns must carry them."""

from __future__ import annotations

from dataclasses import replace

import dossier_example as example
import pytest

from reports import summaries, wording
from reports.summaries import Distribution

Span = tuple[int, int]


def scale(name: str) -> tuple[Distribution, ...]:
    results = example.results()
    return summaries.distributions(results, results.release.codebook.question(name))


def row(label: str, weighted: Span | None, plain: Span | None, method: str = "") -> Distribution:
    """A row whose interval of the highest two steps is given in per cent, column by column."""
    columns = []
    for ends in (weighted, plain):
        low, high = ends or (50, 50)
        estimate = example.share("a2", (low + high) / 200)
        limits = (low / 100, high / 100) if ends is not None and not method else (None, None)
        columns.append(replace(estimate, low=limits[0], high=limits[1], method=method))
    first = scale("a2_today")[0]
    return replace(first, label=label, top2=columns[0], plain_top2=columns[1])


HIGH, LOW, WIDE = (70, 80), (40, 50), (45, 75)
ALONE = " Jede Zeile ist für sich verglichen, nicht alle gemeinsam."
GAPS: dict[str, tuple[list[tuple[Span | None, ...]], str]] = {
    "one above": (
        [(HIGH, HIGH, LOW, LOW), (LOW, LOW, LOW, LOW)],
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“." + ALONE,
    ),
    "two above": (
        [(HIGH, HIGH, LOW, LOW), (HIGH, HIGH, LOW, LOW)],
        "Wichtiger als heute gelungen sind 2 von 2 Qualitäten: „A“ und „B“." + ALONE,
    ),
    "only below": (
        [(LOW, LOW, HIGH, HIGH), (LOW, LOW, LOW, LOW)],
        "Heute besser gelungen als wichtig ist eine von 2 Qualitäten: „A“." + ALONE,
    ),
    "both ways": (
        [(HIGH, HIGH, LOW, LOW), (LOW, LOW, HIGH, HIGH)],
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“. Umgekehrt ist es bei „B“."
        + ALONE,
    ),
    "a single row": (
        [(HIGH, HIGH, LOW, LOW)], "Wichtiger als heute gelungen ist „A“.",
    ),
    "no row": (
        [(LOW, LOW, LOW, LOW), (HIGH, HIGH, WIDE, WIDE)],
        "Bei keiner der 2 Qualitäten unterscheiden sich Wichtigkeit und heutiger Stand klar."
        + ALONE,
    ),
    "one column only": (
        [(HIGH, HIGH, LOW, WIDE), (LOW, LOW, LOW, LOW)],
        "Von der Gewichtung hängt der Vergleich ab bei „A“." + ALONE,
    ),
    "columns that contradict each other": (
        [(HIGH, LOW, LOW, HIGH), (LOW, LOW, LOW, LOW)],
        "Von der Gewichtung hängt der Vergleich ab bei „A“." + ALONE,
    ),
    "no interval": (
        [(None, None, LOW, LOW)],
        "Ob sich Wichtigkeit und heutiger Stand unterscheiden, lässt sich hier nicht beurteilen.",
    ),
    "no interval in one row": (
        [(None, None, LOW, LOW), (LOW, LOW, LOW, LOW)],
        "Ob sich Wichtigkeit und heutiger Stand unterscheiden, lässt sich bei „A“ nicht "
        "beurteilen." + ALONE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", GAPS)
def test_importance_stands_above_today_only_in_both_columns(case: str) -> None:
    given_rows, expected = GAPS[case]
    first = [row(name, a, b) for name, (a, b, _, _) in zip("AB", given_rows, strict=False)]
    second = [row(name, c, d) for name, (_, _, c, d) in zip("AB", given_rows, strict=False)]
    assert wording.gaps(first, second).text == expected


def test_a_full_count_compares_the_values_themselves() -> None:
    first = [row("A", HIGH, HIGH, "full_count"), row("B", LOW, LOW, "full_count")]
    second = [row("A", WIDE, WIDE, "full_count"), row("B", HIGH, HIGH, "full_count")]
    assert wording.gaps(first, second).text == (
        "Wichtiger als heute gelungen ist eine von 2 Qualitäten: „A“. Umgekehrt ist es bei „B“. "
        "Alle haben geantwortet; verglichen sind die Werte selbst."
    )


def test_importance_without_a_weighted_column_cannot_be_judged() -> None:
    rows = [row("A", HIGH, HIGH), row("A", LOW, LOW)]
    first, second = (replace(found, top2=found.plain_top2) for found in rows)
    assert wording.gaps([first], [second]).text.endswith("lässt sich hier nicht beurteilen.")


def test_importance_and_today_are_told_apart_only_where_intervals_leave_room() -> None:
    text = wording.gaps(scale("a2_importance"), scale("a2_today")).text
    assert text.startswith("Wichtiger als heute gelungen sind 4 von 8 Qualitäten: „verlässlich“")
    same = wording.gaps(scale("a2_today"), scale("a2_today")).text
    assert same.startswith("Bei keiner der 8 Qualitäten")

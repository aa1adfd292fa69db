"""Figures of shares alone: bars in the order of the questionnaire, those without answer apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import charts
from reports.charts import BLUE, GREY, SMALL
from reports.estimates import Estimate
from reports.figures import Figure, bar, bar_height, ceiling, finished
from reports.summaries import Ranking

if TYPE_CHECKING:
    from matplotlib import figure as canvas

Shown = Sequence[tuple[str, Estimate]]
"""Labels with their shares."""


@dataclass(frozen=True, slots=True)
class BarWords:
    """What a figure of bars says: above the bars, above those without answer, in its text."""

    bars: str
    silent: str
    alt: str


def ranking_bars(ranking: Ranking) -> Figure:
    """The shares of a ranking as bars, and who gave no answer."""
    words = BarWords(
        f"Anteil an den gültigen Antworten: {ranking.measure}",
        "Anteil an allen Stimmzetteln",
        f"Anteile der gültigen Antworten ({ranking.measure}), in der Reihenfolge des Fragebogens",
    )
    return shares_figure(
        [(e.label, e.plain_share) for e in ranking.elements], ranking.missing, words
    )


def shares_figure(shown: Shown, silent: Shown, words: BarWords) -> Figure:
    """Bars of shares in the order given, and apart from them who gave no answer."""
    alt = f"{words.alt}: {_listed(shown)}."
    rest = f" {words.silent}: {_listed(silent)}." if silent else ""
    return finished(alt + rest, draw_shares, shown, silent, words)


def draw_shares(shown: Shown, silent: Shown, words: BarWords) -> canvas.Figure:
    """The figure of :func:`shares_figure` before it is saved."""
    gap = 1.4 if silent else 0.0
    rows = len(shown) + gap + len(silent)
    body = bar_height([label for label, _ in shown]) * rows
    figure = charts.blank(body + 14)
    names = charts.panel(figure, 0, 8, 62, body)
    bars = charts.panel(figure, 64, 8, charts.WIDTH - 68, body)
    charts.bare(names)
    names.set_xlim(0, 1)
    top = ceiling([estimate for _, estimate in (*shown, *silent)])
    charts.percent_axis(bars, 0, top, 0.2 if top > 0.5 else 0.1)
    for axes in (names, bars):
        axes.set_ylim(rows - 0.5, -0.5)
    charts.heading(names, words.bars, 60)
    for row, (label, estimate) in enumerate(shown):
        bar(names, bars, row, label, estimate, BLUE)
    start = len(shown) + gap
    if silent:
        names.text(0, start - 0.85, words.silent, fontsize=SMALL, fontweight=600, va="center")
    for place, (label, estimate) in enumerate(silent):
        bar(names, bars, start + place, label, estimate, GREY)
    return figure


def _listed(shown: Shown) -> str:
    return "; ".join(f"{label} {estimate.printed}" for label, estimate in shown)

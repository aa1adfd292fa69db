"""Figures of studies without inference: bars of shares, apart from them who gave no answer."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import figure as canvas

from reports import charts
from reports.charts import BLUE, GREY, SMALL
from reports.estimates import Estimate
from reports.figures import Figure, bar, bar_height, ceiling, finished
from reports.summaries import Ranking


def shares_figure(ranking: Ranking) -> Figure:
    """The shares of a ranking in the order of the questionnaire, and who gave no answer."""
    with charts.chart_style():
        return finished(draw_shares(ranking), _alt(ranking))


def draw_shares(ranking: Ranking) -> canvas.Figure:
    """The figure of :func:`shares_figure` before it is saved."""
    shown = [(e.label, e.plain_share) for e in ranking.elements]
    silent = list(ranking.missing)
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
    charts.heading(names, f"Anteil an den gültigen Antworten: {ranking.measure}", 60)
    for row, (label, estimate) in enumerate(shown):
        bar(names, bars, row, label, estimate, BLUE)
    start = len(shown) + gap
    if silent:
        names.text(
            0, start - 0.85, "Anteil an allen Stimmzetteln", fontsize=SMALL, fontweight=600,
            va="center",
        )  # fmt: skip
    for place, (label, estimate) in enumerate(silent):
        bar(names, bars, start + place, label, estimate, GREY)
    return figure


def _alt(ranking: Ranking) -> str:
    return (
        f"Anteile der gültigen Antworten ({ranking.measure}), in der Reihenfolge des "
        f"Fragebogens: {_listed([(e.label, e.plain_share) for e in ranking.elements])}."
        + (f" Von allen Stimmzetteln: {_listed(ranking.missing)}." if ranking.missing else "")
    )


def _listed(shown: Sequence[tuple[str, Estimate]]) -> str:
    return "; ".join(f"{label} {estimate.printed}" for label, estimate in shown)

"""Figures of pairs: weighted beside unweighted, and every element of a ranking against every other.

No number is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from reports import charts
from reports.charts import BLUE, GREY, LIKERT, ORANGE, SMALL
from reports.estimates import Estimate
from reports.figures import Figure, finished

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

LABEL, NAMES = 51, 79.0

Shares = Sequence[tuple[str, Estimate, Estimate]]
"""Label, weighted and unweighted share of each row."""


def weighting_figure(rows: Shares) -> Figure:
    """What weighting changes: both shares of every row on one line."""
    return finished(_weighting_alt(rows), draw_weighting, rows)


def draw_weighting(rows: Shares) -> canvas.Figure:
    """The figure of :func:`weighting_figure` before it is saved."""
    names = [label for label, _, _ in rows]
    at, body = charts.stacked(names, LABEL)
    figure = charts.blank(body + 19)
    charts.labels(charts.stack_panel(figure, 0, 8, NAMES, body), names, LABEL, at)
    axes = charts.stack_panel(figure, NAMES + 2, 8, 41, body)
    charts.percent_axis(axes, 0, 1, 0.25)
    columns: tuple[tuple[str, float, Callable[[Estimate, Estimate], str]], ...] = (
        ("gewichtet", 125, lambda one, _: one.printed),
        ("ungewichtet", 145, lambda _, other: other.printed),
    )
    for head, left, shown in columns:
        panel = charts.stack_panel(figure, left, 8, 20, body)
        panel.set_xlim(0, 1)
        charts.heading(panel, head, 12, align="right")
        for y, (_, one, other) in zip(at, rows, strict=True):
            text = shown(one, other)
            panel.text(1, y, text, ha="right", va="center_baseline", fontsize=SMALL)
    for y, (_, one, other) in zip(at, rows, strict=True):
        ends = [one.value or 0.0, other.value or 0.0]
        axes.plot(ends, [y, y], color=GREY, linewidth=2, zorder=2)
        axes.plot(ends[:1], [y], "o", color=BLUE, markersize=6, zorder=4)
        axes.plot(ends[1:], [y], "D", color=ORANGE, markerfacecolor="white", markersize=5,
                  markeredgewidth=1.3, zorder=3)  # fmt: skip
    _legend(charts.panel(figure, 0, body + 13, 100, 5))
    return figure


def _legend(axes: Panel) -> None:
    axes.set_xlim(0, 100)
    axes.set_ylim(-1, 1)
    axes.plot([2], [0], "o", color=BLUE, markersize=6)
    axes.text(5, 0, "gewichtet", va="center_baseline", fontsize=SMALL)
    axes.plot([32], [0], "D", markerfacecolor="white", color=ORANGE, markersize=5)
    axes.text(35, 0, "ungewichtet", va="center_baseline", fontsize=SMALL)


def _weighting_alt(rows: Shares) -> str:
    parts = [
        f"{label} gewichtet {one.printed} und ungewichtet {other.printed}"
        for label, one, other in rows
    ]
    return f"Anteile gewichtet neben ungewichtet: {'; '.join(parts)}.".replace("\u00ad", "")


def pairwise_figure(names: Sequence[str], wins: Callable[[int, int], Estimate | None]) -> Figure:
    """Who prefers the element of a row to the element of a column, for every pair.

    ``wins`` gives the share of ballots that put one element before another.
    """
    return finished(_pairwise_alt(names, wins), draw_pairwise, names, wins)


def draw_pairwise(
    names: Sequence[str], wins: Callable[[int, int], Estimate | None]
) -> canvas.Figure:
    """The figure of :func:`pairwise_figure` before it is saved."""
    count, left = len(names), 52.0
    cell = min((charts.WIDTH - left) / count, 15.0)
    high = max(9.0, 4.2 * max(charts.wrapped(name, 28).count("\n") + 1 for name in names) + 2)
    figure = charts.blank(high * count + 8)
    labels = [f"{place}  {name}" for place, name in enumerate(names, start=1)]
    charts.labels(charts.rows_panel(figure, 0, 1, left - 2, high * count, count), labels, 28)
    axes = charts.rows_panel(figure, left, 1, cell * count, high * count, count)
    axes.set_xlim(-0.5, count - 0.5)
    colours = (LIKERT[1], "#ffffff", LIKERT[3])
    for column in range(count):
        axes.text(column, -0.62, str(column + 1), ha="center", va="bottom", fontsize=SMALL,
                  fontweight=600)  # fmt: skip
        for row in range(count):
            share = wins(row, column) if row != column else None
            back = wins(column, row) if row != column else None
            lead = (share.value or 0.0) - (back.value or 0.0) if share and back else 0.0
            shade = charts.shade(colours, 0.5 + max(-0.5, min(0.5, lead)))
            corner = (column - 0.5, row - 0.5)
            face = shade if share else "#e4e4e4"
            axes.box(corner, 1, 1, facecolor=face, edgecolor="white")
            if share is not None:
                axes.text(column, row, share.printed, ha="center", va="center_baseline",
                          fontsize=SMALL)  # fmt: skip
    return figure


def _pairwise_alt(names: Sequence[str], wins: Callable[[int, int], Estimate | None]) -> str:
    parts = [
        f"{one} vor {other} {share.printed}"
        for row, one in enumerate(names)
        for column, other in enumerate(names)
        if row != column and (share := wins(row, column)) is not None
    ]
    return f"Anteile der Antworten, die ein Feld vor ein anderes setzen: {'; '.join(parts)}."

"""Two studies beside each other: a filled circle with interval, a hollow diamond without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts
from reports.charts import BLUE, GREY, ORANGE, SMALL
from reports.common_items import Pair
from reports.figures import Figure, finished

if TYPE_CHECKING:
    from matplotlib import figure as canvas

LABELS = 52.0
"""Width of the row labels in millimetres."""


def comparison_figure(pairs: Sequence[Pair], names: tuple[str, str]) -> Figure:
    """Both shares of every row on one line; ``names`` say who answered."""
    return finished(_alt(pairs, names), draw_comparison, pairs, names)


def draw_comparison(pairs: Sequence[Pair], names: tuple[str, str]) -> canvas.Figure:
    """The figure of :func:`comparison_figure` before it is saved."""
    body = 11.4 * len(pairs)
    figure = charts.blank(body + 19)
    panel = charts.rows_panel(figure, 0, 8, LABELS, body, len(pairs))
    charts.labels(panel, [pair.label for pair in pairs], 31)
    axes = charts.rows_panel(figure, LABELS + 4, 8, charts.WIDTH - LABELS - 8, body, len(pairs))
    charts.percent_axis(axes, 0, 1, 0.2)
    for row, pair in enumerate(pairs):
        one, two = pair.census, pair.open
        upper, lower = row - 0.2, row + 0.22
        if one.low is not None and one.high is not None:
            axes.plot([one.low, one.high], [upper, upper], color=BLUE, linewidth=1.6, zorder=3)
        axes.plot([one.value or 0.0], [upper], "o", color=BLUE, markersize=6, zorder=4)
        axes.plot(
            [two.value or 0.0], [lower], "D", color=ORANGE, markerfacecolor="white", markersize=5.5,
            markeredgewidth=1.4, zorder=4,
        )  # fmt: skip
        for at, estimate, end in ((upper, one, one.high), (lower, two, None)):
            far = end if end is not None else (estimate.value or 0.0)
            left = far > 0.88
            near = (estimate.low if estimate.low is not None else estimate.value) or 0.0
            axes.text(
                near if left else far, at, estimate.printed, shift=(-6 if left else 6, 0),
                va="center_baseline", ha="right" if left else "left", fontsize=SMALL, zorder=5,
            )  # fmt: skip
        if row:
            axes.axhline(row - 0.5, color=GREY, linewidth=0.3)
    legend = charts.panel(figure, 0, body + 10, charts.WIDTH, 7)
    legend.set_xlim(0, charts.WIDTH)
    legend.set_ylim(-1, 1)
    second = 10 + charts.text_width(names[0], SMALL) + 8
    legend.plot([2], [0], "o", color=BLUE, markersize=6)
    legend.text(5, 0, names[0], va="center_baseline", fontsize=SMALL)
    legend.plot([second], [0], "D", markerfacecolor="white", color=ORANGE, markersize=5.5)
    legend.text(second + 3, 0, names[1], va="center_baseline", fontsize=SMALL)
    return figure


def _alt(pairs: Sequence[Pair], names: tuple[str, str]) -> str:
    parts = [f"{pair.label} {pair.census.printed} und {pair.open.printed}" for pair in pairs]
    return f"Je Zeile zwei Anteile, {names[0]} und {names[1]}: {'; '.join(parts)}."

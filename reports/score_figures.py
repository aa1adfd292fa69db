"""Figures of comparisons: the score of every entry with its interval and its possible places.

Entries stand in the order of the questionnaire. No number is computed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import charts, typography
from reports.charts import BLUE, GREY
from reports.estimates import Estimate
from reports.figures import (
    LABELS,
    Figure,
    ceiling,
    dot_and_interval,
    finished,
    strip_row,
    value_right,
)
from reports.score_summaries import BALANCE, WORTH, Scored, Scores

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

DOTS, WIDE_DOTS, STRIP = 62.0, 100.0, 44.0
"""Room of the dots with and without a strip beside them, and of the strip, in millimetres."""

MOST_BOXES = 12
"""More places would need boxes that are too narrow for their numbers."""


def score_figure(scores: Scores) -> Figure:
    """Score with interval, and beside it the strip of possible places where there are any."""
    return finished(_alt(scores), draw_scores, scores)


def draw_scores(scores: Scores) -> canvas.Figure:
    """The figure of :func:`score_figure` before it is saved."""
    names = [row.label for row in scores.rows]
    at, body = charts.stacked(names, 28, least=7.2, extra=0.8)
    figure = charts.blank(body + 14)
    charts.labels(charts.stack_panel(figure, 0, 8, LABELS, body), names, 28, at)
    boxed = scores.placed and len(names) <= MOST_BOXES
    dots = charts.stack_panel(figure, LABELS + 3, 8, DOTS if boxed else WIDE_DOTS, body)
    _axis(dots, scores)
    charts.heading(dots, f"{scores.score.name} (ungewichtet)", 44)
    for y, row in zip(at, scores.rows, strict=True):
        dot_and_interval(dots, y, row.score, BLUE)
        _value(dots, y, row.score)
    if boxed:
        strip = charts.stack_panel(figure, LABELS + DOTS + 10, 8, STRIP, body)
        strip.set_xlim(0.5, len(names) + 0.5)
        charts.heading(strip, "mögliche Plätze", 30)
        for y, row in zip(at, scores.rows, strict=True):
            strip_row(strip, y, row.places, len(names))
    return figure


def _value(axes: Panel, y: float, score: Estimate) -> None:
    """The printed value on the side away from zero."""
    if (score.value or 0.0) >= 0:
        value_right(axes, y, score)
        return
    end = score.low if score.low is not None else score.value
    axes.text(
        end or 0.0, y, score.printed, shift=(-5, 0), va="center_baseline", ha="right", zorder=5,
    )  # fmt: skip


def _axis(axes: Panel, scores: Scores) -> None:
    """From never to always best for balances, else from zero to beyond the longest interval."""
    if scores.score is WORTH:
        top = ceiling([row.score for row in scores.rows])
        charts.percent_axis(axes, 0, top, 0.2 if top > 0.5 else 0.1)
        return
    if scores.score is BALANCE:
        ticks, end = [-1, 0, 1], 1.3
        axes.set_xlim(-end, end)
        axes.axvline(0, color=GREY, linewidth=0.6, zorder=1)
    else:
        longest = max(row.score.high or row.score.value or 0.0 for row in scores.rows)
        ticks = list(range(0, *_ticks(longest)))
        axes.set_xlim(0, max(ticks[-1], longest / 0.8, 1))
    labels = [typography.count(tick).replace("-", "−") for tick in ticks]
    charts.ticks_below(axes, ticks, labels)


def _ticks(longest: float) -> tuple[int, int]:
    """End (exclusive) and step of an axis in whole points with two to five steps.

    >>> _ticks(39.1), _ticks(3.2), _ticks(0.3)
    ((41, 10), (5, 1), (3, 1))
    """
    sizes = (factor * 10**power for power in range(9) for factor in (1, 2, 5))
    step = next(size for size in sizes if longest <= 5 * size)
    return max(int(-(-longest // step)), 2) * step + 1, step


def _alt(scores: Scores) -> str:
    clauses = "; ".join(_clause(row) for row in scores.rows)
    also = " und mögliche Plätze" if scores.placed else ""
    return f"{scores.score.name} je Angabe, ungewichtet{also}: {clauses}.".replace("\u00ad", "")


def _clause(row: Scored) -> str:
    place = f", {typography.place(row.places.low, row.places.high)}" if row.places else ""
    return f"{row.label} {row.score.printed}{place}"

"""Figure of the possible places of groups: what stands where others print a league table.

Groups stand in the order of the questionnaire, never by value. No number is computed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts
from reports.charts import BLUE, SMALL
from reports.estimates import Estimate
from reports.figures import BOX, Figure, ceiling, dot_and_interval, finished, strip_row, value_right
from reports.summaries import places_of

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

LABEL, NAMES = 40, 62.0
"""Characters of a group's name on one line, and its room in millimetres."""

MOST_BOXES = 8
"""More places are drawn as one bar: their boxes would be too narrow for numbers."""

TRACK = "#e4e4e4"
"""Places that are not possible, beside the bar of those that are."""

PLACE = "Platz\u00a0"

Placed = Sequence[tuple[str, Estimate, Estimate]]
"""Name, share and row of possible places of each group."""


def places_figure(rows: Placed, groups: int, head: str) -> Figure:
    """Share of each group with its interval, and beside it its possible places among all."""
    return finished(_alt(rows, head), draw_places, rows, groups, head)


def draw_places(rows: Placed, groups: int, head: str) -> canvas.Figure:
    """The figure of :func:`places_figure` before it is saved."""
    names = [name for name, _, _ in rows]
    at, body = charts.stacked(names, LABEL)
    figure = charts.blank(body + 18)
    charts.labels(charts.stack_panel(figure, 0, 8, NAMES, body), names, LABEL, at)
    dots = charts.stack_panel(figure, NAMES + 3, 8, 41, body)
    top = ceiling([share for _, share, _ in rows])
    charts.percent_axis(dots, 0, top, 0.5 if top > 0.8 else 0.2 if top > 0.5 else 0.1)
    charts.heading(dots, head, 24)
    strip = charts.stack_panel(figure, NAMES + 49, 8, 37, body)
    strip.set_xlim(0.5, groups + 0.5)
    told = charts.stack_panel(figure, NAMES + 87, 8, 17, body)
    told.set_xlim(0, 1)
    charts.heading(strip, "mögliche Plätze", 20)
    for y, (_, share, place) in zip(at, rows, strict=True):
        dot_and_interval(dots, y, share, BLUE)
        value_right(dots, y, share)
        _strip(strip, y, place, groups)
        text = place.printed.removeprefix(PLACE)
        told.text(1, y, text, ha="right", va="center_baseline", fontsize=SMALL)
    return figure


def _strip(axes: Panel, y: float, place: Estimate, groups: int) -> None:
    """Boxes with numbers where they have room, else one bar on a track."""
    possible = places_of(place)
    if groups <= MOST_BOXES:
        strip_row(axes, y, possible, groups)
        return
    low, high = (possible.low, possible.high) if possible is not None else (groups + 1, groups)
    for first, last, colour in ((1, low - 1, TRACK), (low, high, BLUE), (high + 1, groups, TRACK)):
        if first <= last:
            corner, wide = (first - 0.5, y - BOX / 2), last - first + 1
            axes.box(corner, wide, BOX, facecolor=colour, edgecolor="none")


def _alt(rows: Placed, head: str) -> str:
    parts = [f"{name} {share.printed}, {place.printed}" for name, share, place in rows]
    text = f"{head} und mögliche Plätze unter allen gezeigten Gruppen: {'; '.join(parts)}."
    return text.replace("\u00ad", "")

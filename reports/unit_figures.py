"""Figures of units: response rate, and the difference of each unit to the rest.

Units stand in the order of the questionnaire, never by value: there is no league table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts, typography
from reports.charts import BLUE, GREY, INK, SMALL
from reports.contrasts import Contrast
from reports.errors import DossierError
from reports.estimates import Estimate
from reports.figures import Figure, finished
from reports.unit_rates import Unit

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

LABEL, NAMES = 46, 77.0
"""Characters of a unit's name on one line, and its room in millimetres."""

MOST_ROWS = 40
"""More units on one chart would need labels that are too small to read."""


def response_figure(units: Sequence[Unit], overall: Estimate) -> Figure:
    """Response rate by unit as bars from zero, with how many of how many."""
    return finished(_response_alt(units, overall), draw_response, units, overall)


def draw_response(units: Sequence[Unit], overall: Estimate) -> canvas.Figure:
    """The figure of :func:`response_figure` before it is saved."""
    shown = _limited([unit for unit in units if unit.rate is not None])
    names = [unit.domain.label for unit in shown]
    at, body = charts.stacked(names, LABEL)
    figure = charts.blank(body + 14)
    charts.labels(charts.stack_panel(figure, 0, 8, NAMES, body), names, LABEL, at)
    bars = charts.stack_panel(figure, NAMES + 2, 8, 49, body)
    top = max(unit.rate.value or 0.0 for unit in shown if unit.rate is not None)
    end = next(e for e in (0.2, 0.4, 0.6, 0.8, 1.0) if top <= e or e == 1.0)
    charts.percent_axis(bars, 0, end, 0.2 if end > 0.4 else 0.1)
    value = overall.value or 0.0
    bars.axvline(value, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=4)
    bars.text(
        value, -0.6, f"alle: {overall.printed}", ha="center", va="bottom", fontsize=SMALL,
        fontweight=600,
    )  # fmt: skip
    rates = charts.stack_panel(figure, 128, 8, 14, body)
    counts = charts.stack_panel(figure, 142, 8, 24, body)
    for panel, text in ((rates, "Anteil"), (counts, "geantwortet")):
        panel.set_xlim(0, 1)
        charts.heading(panel, text, 11, align="right")
    for row, unit in zip(at, shown, strict=True):
        assert unit.rate is not None
        bars.barh(row, unit.rate.value or 0.0, height=3.6, color=BLUE, zorder=2)
        _right(rates, row, unit.rate.printed)
        _right(counts, row, _of(unit))
    return figure


def _of(unit: Unit) -> str:
    answered = typography.count(unit.answered or 0)
    asked = unit.domain.headcount
    return f"{answered} von {typography.count(asked)}" if asked is not None else answered


def _right(axes: Panel, row: float, text: str) -> None:
    axes.text(1, row, text, ha="right", va="center_baseline", fontsize=SMALL)


def _limited(rows: Sequence[Unit]) -> Sequence[Unit]:
    if len(rows) > MOST_ROWS:
        raise DossierError(f"{len(rows)} units do not fit on one chart (at most {MOST_ROWS})")
    return rows


def _response_alt(units: Sequence[Unit], overall: Estimate) -> str:
    parts = [
        f"{unit.domain.label} {unit.rate.printed} ({_of(unit)})"
        for unit in units
        if unit.rate is not None
    ]
    text = f"Beteiligung insgesamt {overall.printed}; {'; '.join(parts)}."
    return text.replace("\u00ad", "")


def contrast_figure(contrasts: Sequence[Contrast]) -> Figure:
    """Difference of each unit to the rest: filled only where the claim holds for all at once."""
    return finished(_contrast_alt(contrasts), draw_contrasts, contrasts)


def draw_contrasts(contrasts: Sequence[Contrast]) -> canvas.Figure:
    """The figure of :func:`contrast_figure` before it is saved."""
    if len(contrasts) > MOST_ROWS:
        raise DossierError(f"{len(contrasts)} units do not fit on one chart (at most {MOST_ROWS})")
    names = [contrast.domain.label for contrast in contrasts]
    at, body = charts.stacked(names, LABEL)
    figure = charts.blank(body + 14)
    charts.labels(charts.stack_panel(figure, 0, 8, NAMES, body), names, LABEL, at)
    axes = charts.stack_panel(figure, NAMES + 2, 8, 52, body)
    _contrast_axis(axes, contrasts)
    points = charts.stack_panel(figure, 131, 8, 24, body)
    bases = charts.stack_panel(figure, 155, 8, 11, body)
    for panel, text in ((points, "Differenz"), (bases, "n")):
        panel.set_xlim(0, 1)
        charts.heading(panel, text, 12, align="right")
    for row, contrast in zip(at, contrasts, strict=True):
        _contrast_row(axes, row, contrast)
        _right(points, row, contrast.difference.printed)
        _right(bases, row, typography.count(contrast.difference.base_n or 0))
    return figure


def _contrast_axis(axes: Panel, contrasts: Sequence[Contrast]) -> None:
    ends = [abs(end) for c in contrasts for end in (c.difference.low, c.difference.high) if end]
    widest = max(ends, default=0.1)
    end, step = next(
        ((e, s) for e, s in ((0.1, 0.05), (0.2, 0.1), (0.3, 0.1), (0.4, 0.2)) if widest <= e),
        (0.6, 0.2) if widest <= 0.6 else (1.0, 0.5),
    )
    axes.set_xlim(-end, end)
    ticks = [round(-end + step * i, 6) for i in range(round(2 * end / step) + 1)]
    charts.ticks_below(axes, ticks, [typography.signed(tick * 100, 0) for tick in ticks])
    axes.axvline(0, color=INK, linewidth=0.8)
    charts.heading(axes, "Punkte unter / über dem Rest", 60, align="center")


def _contrast_row(axes: Panel, row: float, contrast: Contrast) -> None:
    difference = contrast.difference
    colour = BLUE if contrast.carried else GREY
    if difference.low is not None and difference.high is not None:
        ends = [difference.low, difference.high]
        axes.plot(ends, [row, row], color=colour, linewidth=1.5, zorder=3)
    face = BLUE if contrast.carried else "white"
    axes.plot(
        [difference.value or 0.0], [row], "o", color=colour, markerfacecolor=face, markersize=5.5,
        markeredgewidth=1.2, zorder=4,
    )  # fmt: skip


def _contrast_alt(contrasts: Sequence[Contrast]) -> str:
    parts = [
        f"{contrast.domain.label} {contrast.difference.printed}"
        f" ({'Unterschied trägt' if contrast.carried else 'kein klarer Unterschied'})"
        for contrast in contrasts
    ]
    return f"Differenz jeder Dienststelle zum Rest: {'; '.join(parts)}.".replace("\u00ad", "")

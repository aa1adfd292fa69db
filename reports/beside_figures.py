"""Figures of units as dots with intervals, and the funnel; never sorted by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts, typography
from reports.charts import BLUE, GREY, INK, LIGHT, ORANGE, SMALL
from reports.estimates import Estimate
from reports.figures import Figure, finished
from reports.unit_summaries import Beside

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

LABEL, NAMES = 40, 62.0
"""Characters of a row's label on one line, and its room in millimetres."""

UNDER = 12.8 / 25.4 * 72
"""Points from the axis of the funnel down to what it counts."""

OWN, CITY, RANGE = "diese Dienststelle", "alle Befragten", "Spannweite der übrigen"


def beside_figure(rows: Sequence[Beside], head: str) -> Figure:
    """A unit's own figures with intervals, the city's value, the range of the others."""
    return finished(_beside_alt(rows, head), draw_beside, rows, head)


def draw_beside(rows: Sequence[Beside], head: str) -> canvas.Figure:
    """The figure of :func:`beside_figure` before it is saved."""
    names = [row.label for row in rows]
    at, body = charts.stacked(names, LABEL)
    figure = charts.blank(body + 19)
    charts.labels(charts.stack_panel(figure, 0, 8, NAMES, body), names, LABEL, at)
    axes = charts.stack_panel(figure, NAMES + 2, 8, 63, body)
    top = _ceiling([e for row in rows for e in (row.own, row.high) if e is not None])
    charts.percent_axis(axes, 0, top, 0.2 if top > 0.5 else 0.1)
    for place, head_text in enumerate(("hier", "alle", "n")):
        panel = charts.stack_panel(figure, (130, 144, 158)[place], 8, (14, 14, 8)[place], body)
        panel.set_xlim(0, 1)
        charts.heading(panel, head_text, 9, align="right")
        for y, row in zip(at, rows, strict=True):
            base = typography.count(row.own.base_n or 0)
            text = (row.own.printed, row.whole.printed, base)[place]
            panel.text(1, y, text, ha="right", va="center_baseline", fontsize=SMALL)
    for y, row in zip(at, rows, strict=True):
        _beside_row(axes, y, row)
    _legend(charts.panel(figure, 0, body + 13, charts.WIDTH, 6))
    charts.heading(axes, head, 44)
    return figure


def _beside_row(axes: Panel, y: float, row: Beside) -> None:
    if row.low is not None and row.high is not None:
        ends = [row.low.value or 0.0, row.high.value or 0.0]
        axes.plot(ends, [y, y], color=LIGHT, linewidth=6, solid_capstyle="butt", zorder=1)
    if row.own.low is not None and row.own.high is not None:
        axes.plot([row.own.low, row.own.high], [y, y], color=BLUE, linewidth=1.5, zorder=3)
    axes.plot([row.own.value or 0.0], [y], "o", color=BLUE, markersize=5.5, zorder=5)
    axes.plot([row.whole.value or 0.0], [y], "|", color=ORANGE, markersize=11,
              markeredgewidth=2.2, zorder=4)  # fmt: skip


def _legend(axes: Panel) -> None:
    axes.set_xlim(0, charts.WIDTH)
    axes.set_ylim(-1, 1)
    axes.plot([0, 5], [0, 0], color=BLUE, linewidth=1.5)
    axes.plot([2.5], [0], "o", color=BLUE, markersize=5.5)
    axes.text(7, 0, f"{OWN} mit Unschärfebereich", va="center_baseline", fontsize=SMALL)
    axes.plot([76], [0], "|", color=ORANGE, markersize=11, markeredgewidth=2.2)
    axes.text(79, 0, CITY, va="center_baseline", fontsize=SMALL)
    axes.plot([106, 113], [0, 0], color=LIGHT, linewidth=6, solid_capstyle="butt")
    axes.text(115, 0, RANGE, va="center_baseline", fontsize=SMALL)


def _beside_alt(rows: Sequence[Beside], head: str) -> str:
    parts = []
    for row in rows:
        text = f"{row.label} {row.own.printed}, {CITY} {row.whole.printed}"
        if row.low is not None and row.high is not None:
            text += f", {RANGE} {row.low.printed} bis {row.high.printed}"
        parts.append(text)
    return f"Eigene Anteile neben allen Befragten ({head}): {'; '.join(parts)}."


def _ceiling(estimates: Sequence[Estimate]) -> float:
    longest = max((e.high if e.high is not None else e.value or 0.0) for e in estimates)
    return next(top for top in (0.2, 0.4, 0.6, 0.8, 1.0) if longest <= top or top == 1.0)


def units_figure(rows: Sequence[tuple[str, Estimate]], whole: Estimate, head: str) -> Figure:
    """One share of every unit with its interval, in the order of the questionnaire."""
    return finished(_units_alt(rows, whole, head), draw_units, rows, whole, head)


def draw_units(rows: Sequence[tuple[str, Estimate]], whole: Estimate, head: str) -> canvas.Figure:
    """The figure of :func:`units_figure` before it is saved."""
    names = [name for name, _ in rows]
    at, body = charts.stacked(names, 46)
    figure = charts.blank(body + 14)
    charts.labels(charts.stack_panel(figure, 0, 8, 77, body), names, 46, at)
    axes = charts.stack_panel(figure, 79, 8, 56, body)
    top = _ceiling([row for _, row in rows])
    charts.percent_axis(axes, 0, top, 0.2 if top > 0.5 else 0.1)
    value = whole.value or 0.0
    axes.axvline(value, color=INK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=2)
    axes.text(value, -0.6, f"alle: {whole.printed}", ha="center", va="bottom", fontsize=SMALL,
              fontweight=600)  # fmt: skip
    for left, width, text in ((136, 16, "Anteil"), (152, 14, "n")):
        panel = charts.stack_panel(figure, left, 8, width, body)
        panel.set_xlim(0, 1)
        charts.heading(panel, text, 9, align="right")
        for y, (_, row) in zip(at, rows, strict=True):
            shown = row.printed if text == "Anteil" else typography.count(row.base_n or 0)
            panel.text(1, y, shown, ha="right", va="center_baseline", fontsize=SMALL)
    for y, (_, row) in zip(at, rows, strict=True):
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [y, y], color=BLUE, linewidth=1.5, zorder=3)
        axes.plot([row.value or 0.0], [y], "o", color=BLUE, markersize=5.5, zorder=4)
    return figure


def _units_alt(rows: Sequence[tuple[str, Estimate]], whole: Estimate, head: str) -> str:
    parts = [f"{name} {row.printed}" for name, row in rows]
    return f"{head}, {CITY} {whole.printed}: {'; '.join(parts)}.".replace("\u00ad", "")


def funnel_figure(rows: Sequence[tuple[str, Estimate, Estimate]], head: str) -> Figure:
    """Share of every unit over its number of answers, with the limits that chance gives.

    Each row holds the unit's name, its share, and its funnel row: the share of all others with
    the limits for a group of this size.
    """
    return finished(_funnel_alt(rows, head), draw_funnel, rows, head)


def draw_funnel(rows: Sequence[tuple[str, Estimate, Estimate]], head: str) -> canvas.Figure:
    """The figure of :func:`funnel_figure` before it is saved."""
    figure = charts.blank(88)
    axes = charts.panel(figure, 16, 14, charts.WIDTH - 26, 66)
    curve = sorted((funnel.base_n or 0, funnel.low, funnel.high) for _, _, funnel in rows
                   if funnel.low is not None and funnel.high is not None)  # fmt: skip
    sizes = [n for n, _, _ in curve]
    for limit in ([low for _, low, _ in curve], [high for _, _, high in curve]):
        axes.plot(sizes, limit, color=GREY, linewidth=1.2, linestyle=(0, (4, 3)), clip=True)
    for _, share, funnel in rows:
        outside = _outside(share, funnel)
        axes.plot([share.base_n or 0], [share.value or 0.0], "o", markersize=6,
                  color=BLUE if outside else GREY, markeredgewidth=1.2,
                  markerfacecolor=BLUE if outside else "white", zorder=3)  # fmt: skip
    _funnel_axes(axes, rows)
    charts.heading(axes, head, 90)
    return figure


def _funnel_axes(axes: Panel, rows: Sequence[tuple[str, Estimate, Estimate]]) -> None:
    largest = max(share.base_n or 0 for _, share, _ in rows)
    step = next(s for s in (20, 50, 100, 200, 500, 1000, 5000, 20000, 10**9) if largest <= 6 * s)
    ticks = list(range(0, largest + step, step))
    axes.set_xlim(0, ticks[-1])
    charts.ticks_below(axes, ticks, [typography.count(tick) for tick in ticks], grid=False)
    axes.text(
        0.5, 0, "n: gültige Antworten der Dienststelle", shift=(0, -UNDER), ha="center",
        transform=axes.across, va="bottom", fontsize=SMALL,
    )  # fmt: skip
    top = _ceiling([share for _, share, _ in rows])
    shares = [round(top / 4 * place, 3) for place in range(5)]
    axes.set_ylim(0, top)
    for share in shares:
        if share:
            axes.axhline(share, color=LIGHT, linewidth=0.5, zorder=0.5)
        axes.text(
            0, share, f"{round(share * 100)}\u00a0%", shift=(-7, 0), ha="right",
            transform=axes.level, va="center_baseline", fontsize=SMALL,
        )  # fmt: skip


def _outside(share: Estimate, funnel: Estimate) -> bool:
    if share.value is None or funnel.low is None or funnel.high is None:
        return False
    return not funnel.low <= share.value <= funnel.high


def _funnel_alt(rows: Sequence[tuple[str, Estimate, Estimate]], head: str) -> str:
    beyond = [f"{name} {share.printed}" for name, share, funnel in rows if _outside(share, funnel)]
    inside = [f"{name} {share.printed}" for name, share, f in rows if not _outside(share, f)]
    parts = [*(f"außerhalb {text}" for text in beyond), *(f"innerhalb {text}" for text in inside)]
    text = f"{head}, Anteile über der Zahl der Antworten und Grenzen des Zufalls: "
    return f"{text}{'; '.join(parts)}.".replace("\u00ad", "")

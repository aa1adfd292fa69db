"""Figures of questions: ranking with possible places, diverging scales, dumbbells.

Each takes summaries and returns a :class:`Figure`: the SVG and a text that gives the same
numbers to those who cannot see it. No number is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import charts, typography
from reports.charts import BLUE, GREY, INK, LIKERT, ORANGE, SMALL
from reports.drawn_once import drawn_once
from reports.estimates import Estimate
from reports.summaries import REASONS, Distribution, Places, Ranking

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

LABELS, SCALE_LABELS = 50.0, 46.0
"""Width of the column of row labels in millimetres."""

NUMBER = 13.0
"""Room for a printed share beside a bar, in millimetres."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: SVG and alternative text."""

    svg: bytes
    alt: str


def finished(alt: str, draw: Callable[..., canvas.Figure], *of: object) -> Figure:
    """The SVG of what is drawn ``of`` some values, once, and its alternative text."""

    def svg() -> bytes:
        with charts.chart_style():
            return charts.to_svg(draw(*of))

    return Figure(drawn_once(draw.__qualname__, of, svg), alt)


def ranking_figure(ranking: Ranking) -> Figure:
    """Share in the top k with interval, and beside it the strip of possible places."""
    return finished(_ranking_alt(ranking), draw_ranking, ranking)


def draw_ranking(ranking: Ranking) -> canvas.Figure:
    """The figure of :func:`ranking_figure` before it is saved."""
    shown = ranking.by_share
    places = len(ranking.elements)
    texts = [ranked.label for ranked in shown]
    at, body = charts.stacked(texts, 28, least=7.2, extra=0.8)
    figure = charts.blank(body + 14)
    charts.labels(charts.stack_panel(figure, 0, 8, LABELS, body), texts, 28, at)
    dots = charts.stack_panel(figure, LABELS + 2, 8, 62, body)
    top = ceiling([ranked.share for ranked in shown])
    charts.percent_axis(dots, 0, top, 0.2 if top > 0.5 else 0.1)
    kind = "gewichtet" if ranking.weighted else "ungewichtet"
    charts.heading(dots, f"{ranking.measure} ({kind})", 40)
    strip = charts.stack_panel(figure, LABELS + 2 + 62 + 8, 8, 44, body)
    strip.set_xlim(0.5, places + 0.5)
    charts.heading(strip, "mögliche Plätze", 30)
    for row, ranked in zip(at, shown, strict=True):
        dot_and_interval(dots, row, ranked.share, BLUE)
        value_right(dots, row, ranked.share)
        strip_row(strip, row, ranked.places, places)
    return figure


def dot_and_interval(axes: Panel, row: float, share: Estimate, colour: str) -> None:
    """A dot at a value, on the line of its interval where there is one."""
    if share.low is not None and share.high is not None:
        axes.plot([share.low, share.high], [row, row], color=colour, linewidth=1.6, zorder=3)
    axes.plot([share.value or 0.0], [row], "o", color=colour, markersize=5.5, zorder=4)


def value_right(axes: Panel, row: float, share: Estimate) -> None:
    """The printed value beside its interval."""
    end = share.high if share.high is not None else (share.value or 0.0)
    axes.text(end, row, share.printed, shift=(5, 0), va="center_baseline", zorder=5)


BOX = 4.1
"""Height of a possible place in millimetres."""


def strip_row(axes: Panel, row: float, possible: Places | None, places: int) -> None:
    """All places as boxes, the possible ones filled."""
    for place in range(1, places + 1):
        inside = possible is not None and possible.low <= place <= possible.high
        axes.box((place - 0.5, row - BOX / 2), 1, BOX, facecolor=BLUE if inside else "#f1f1f1",
            edgecolor="white", linewidth=1.0,
        )  # fmt: skip
        axes.text(
            place, row, str(place), ha="center", va="center_baseline", fontsize=SMALL,
            color="white" if inside else "#767676", fontweight=600 if inside else 400,
        )  # fmt: skip


def ceiling(estimates: Sequence[Estimate]) -> float:
    """The end of a per cent axis: room for the longest interval and its number."""
    longest = max((e.high if e.high is not None else e.value or 0.0) for e in estimates)
    return next(top for top in (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.3) if longest <= 0.8 * top)


def _ranking_alt(ranking: Ranking) -> str:
    parts = []
    for ranked in ranking.by_share:
        place = typography.place(ranked.places.low, ranked.places.high) if ranked.places else ""
        parts.append(f"{ranked.label} {ranked.share.printed}{f', {place}' if place else ''}")
    return (
        f"Anteil der Antworten je Feld ({ranking.measure}) und mögliche Plätze: {'; '.join(parts)}."
    )


def likert_figure(rows: Sequence[Distribution]) -> Figure:
    """Scales around the middle, which stands apart; who gave no answer stays visible.

    All rows have the same number of steps, at least two; an even number has no middle.
    """
    return finished(_likert_alt(rows), draw_likert, rows)


def draw_likert(rows: Sequence[Distribution]) -> canvas.Figure:
    """The figure of :func:`likert_figure` before it is saved."""
    steps = len(rows[0].steps)
    half, odd, colours = steps // 2, steps % 2, charts.scale_colours(steps)
    reasons = _reasons(rows)
    lines = max(charts.wrapped(name, 27).count("\n") for name in _names(rows))
    body, column = max(8.2, 4.4 * lines + (7.4 if lines > 1 else 6.2)) * len(rows), 15.0
    entries = [(colours[place], _step(rows, place)) for place in range(steps)]
    height = charts.key_height([text for _, text in entries], charts.WIDTH)
    figure = charts.blank(body + 13 + height)
    names = charts.rows_panel(figure, 0, 1, SCALE_LABELS, body, len(rows))
    charts.labels(names, _names(rows), 27)
    worst = max(_sum(row, slice(0, half)) for row in rows)
    best = max(_sum(row, slice(-half, None)) for row in rows)
    middle = max(_sum(row, slice(half, half + odd)) for row in rows)
    room = charts.WIDTH - SCALE_LABELS - column * len(reasons) - (2 + odd) * NUMBER - 2
    unit = room / max(worst + best + middle, 0.01)
    sides = charts.rows_panel(
        figure, SCALE_LABELS, 1, unit * (worst + best) + 2 * NUMBER, body, len(rows)
    )
    sides.set_xlim(-worst - NUMBER / unit, best + NUMBER / unit)
    charts.heading(sides, weighting_of(rows), 40)
    sides.axvline(0, color=GREY, linewidth=0.6)
    for number, row in enumerate(rows):
        _diverging_row(sides, number, row, colours)
    if odd:
        width = unit * middle + NUMBER
        left = charts.WIDTH - column * len(reasons) - width
        centre = charts.rows_panel(figure, left, 1, width, body, len(rows))
        centre.set_xlim(0, middle + NUMBER / unit)
        _middle_column(centre, rows, half)
    for place, reason in enumerate(reasons):
        left = charts.WIDTH - column * (len(reasons) - place)
        panel = charts.rows_panel(figure, left, 1, column, body, len(rows))
        _reason_column(panel, rows, reason)
    charts.key(charts.panel(figure, 0, body + 12, charts.WIDTH, height), entries)
    return figure


def weighting_of(rows: Sequence[Distribution]) -> str:
    """Whether the shares of some rows are weighted, in a word."""
    kinds = {row.weighted for row in rows}
    if len(kinds) == 2:
        return "gewichtet, wenn nicht anders vermerkt"
    return "gewichtet" if kinds == {True} else "ungewichtet"


def _reasons(rows: Sequence[Distribution]) -> list[str]:
    """Every reason for no answer that any of the rows has, in their common order."""
    given = {text for row in rows for text, _ in row.missing}
    return [text for text in REASONS.values() if text in given]


def _middle_column(axes: Panel, rows: Sequence[Distribution], middle: int) -> None:
    axes.axvline(0, color=GREY, linewidth=0.6)
    charts.heading(axes, _step(rows, middle), 14)
    for number, row in enumerate(rows):
        value = row.steps[middle][1]
        axes.barh(number, value.value or 0.0, height=0.56, color=LIKERT[2])
        _beside(axes, number, value.value or 0.0, value, "left")


def _reason_column(axes: Panel, rows: Sequence[Distribution], reason: str) -> None:
    axes.set_xlim(0, 1)
    charts.heading(axes, reason, 9, align="right")
    for number, row in enumerate(rows):
        known = dict(row.missing).get(reason)
        printed = known.printed if known is not None else "–"
        axes.text(1, number, printed, ha="right", va="center_baseline", color="#555555")


def _names(rows: Sequence[Distribution]) -> list[str]:
    """Row labels; with both ends of the scale where the rows have scales of their own."""
    mixed = len({row.weighted for row in rows}) == 2
    heads = [f"{r.label} (ungewichtet)" if mixed and not r.weighted else r.label for r in rows]
    if len({row.steps[0][0].label for row in rows}) == 1:
        return heads
    ends = [(row.steps[0][0].label, row.steps[-1][0].label) for row in rows]
    return [f"{head}\n({low} … {high})" for head, (low, high) in zip(heads, ends, strict=True)]


def _step(rows: Sequence[Distribution], place: int) -> str:
    """The wording of a step; its number from the worst where rows have wordings of their own."""
    wordings = {row.steps[place][0].label for row in rows}
    if len(wordings) == 1:
        return wordings.pop().replace("\u00ad", "")
    steps = len(rows[0].steps)
    if steps % 2 and place == steps // 2:
        return "Mitte"
    from_end = steps - 1 - place
    ordinals = ("", "zweit", "dritt")
    if min(place, from_end) >= len(ordinals):
        return f"{place + 1}. Stufe"
    end, nearer = ("niedrigste", place) if place < from_end else ("höchste", from_end)
    return f"{ordinals[nearer]}{end}" if nearer else f"{end} Stufe"


def _sum(row: Distribution, part: slice) -> float:
    return sum(estimate.value or 0.0 for _, estimate in row.steps[part])


def _diverging_row(axes: Panel, number: int, row: Distribution, colours: Sequence[str]) -> None:
    steps = len(row.steps)
    half = steps // 2
    for sign, places in ((-1, range(half - 1, -1, -1)), (1, range(steps - half, steps))):
        edge = 0.0
        for place in places:
            value = sign * (row.steps[place][1].value or 0.0)
            axes.barh(
                number, value, left=edge, height=0.56, color=colours[place], edgecolor="white",
                linewidth=0.4,
            )  # fmt: skip
            edge += value
        whole, align = (row.lower, "right") if sign < 0 else (row.upper, "left")
        _beside(axes, number, edge, whole, align)


def _beside(axes: Panel, row: int, edge: float, estimate: Estimate | None, align: str) -> None:
    if estimate is None:
        return
    shift = (4 if align == "left" else -4, 0)
    axes.text(edge, row, estimate.printed, shift=shift, va="center_baseline", ha=align)


def _likert_alt(rows: Sequence[Distribution]) -> str:
    parts = []
    for row in rows:
        steps = ", ".join(f"{code.label} {estimate.printed}" for code, estimate in row.steps)
        silent = ", ".join(f"{text} {estimate.printed}" for text, estimate in row.missing)
        parts.append(f"{row.label}: {steps}{f' (ohne Urteil: {silent})' if silent else ''}")
    return f"Verteilung der Antworten. {'; '.join(parts)}.".replace("\u00ad", "")


def dumbbell_figure(
    first: Sequence[Distribution], second: Sequence[Distribution], names: tuple[str, str]
) -> Figure:
    """Two shares per row on one line, such as importance and today's state."""
    return finished(_dumbbell_alt(first, second, names), draw_dumbbells, first, second, names)


def draw_dumbbells(
    first: Sequence[Distribution], second: Sequence[Distribution], names: tuple[str, str]
) -> canvas.Figure:
    """The figure of :func:`dumbbell_figure` before it is saved."""
    body = 9.0 * len(first)
    figure = charts.blank(body + 22)
    panel = charts.rows_panel(figure, 0, 8, 36, body, len(first))
    charts.labels(panel, _names(first), 21)
    axes = charts.rows_panel(figure, 40, 8, charts.WIDTH - 44, body, len(first))
    charts.percent_axis(axes, 0, 1, 0.2)
    charts.heading(axes, weighting_of((*first, *second)), 60)
    for row, (one, other) in enumerate(zip(first, second, strict=True)):
        _dumbbell(axes, row, one.top2, other.top2)
    legend = charts.panel(figure, 40, body + 14, charts.WIDTH - 44, 7)
    legend.set_xlim(0, charts.WIDTH - 44)
    legend.set_ylim(-1, 1)
    second_at = 10 + charts.text_width(names[0], SMALL) + 8
    legend.plot([2], [0], "o", color=BLUE, markersize=7)
    legend.text(5, 0, names[0], va="center_baseline", fontsize=SMALL)
    legend.plot([second_at], [0], "D", markerfacecolor="white", color=ORANGE, markersize=6)
    legend.text(second_at + 3, 0, names[1], va="center_baseline", fontsize=SMALL)
    return figure


def _dumbbell(axes: Panel, row: int, one: Estimate | None, other: Estimate | None) -> None:
    if one is None or other is None or one.value is None or other.value is None:
        return
    axes.plot([one.value, other.value], [row, row], color=GREY, linewidth=2, zorder=2)
    axes.plot([one.value], [row], "o", color=BLUE, markersize=7, zorder=3)
    axes.plot(
        [other.value], [row], "D", color=ORANGE, markerfacecolor="white", markersize=6,
        markeredgewidth=1.4, zorder=3,
    )  # fmt: skip
    low, high = (one, other) if one.value < other.value else (other, one)
    for estimate, align, shift in ((low, "right", -7), (high, "left", 7)):
        axes.text(
            estimate.value or 0.0, row, estimate.printed, shift=(shift, 0), va="center_baseline",
            ha=align, color=INK,
        )  # fmt: skip


def _dumbbell_alt(
    first: Sequence[Distribution], second: Sequence[Distribution], names: tuple[str, str]
) -> str:
    parts = [
        f"{one.label} {one.top2.printed} und {other.top2.printed}"
        for one, other in zip(first, second, strict=True)
        if one.top2 is not None and other.top2 is not None
    ]
    return f"Je Eigenschaft zwei Anteile, {names[0]} und {names[1]}: {'; '.join(parts)}."

"""Figures of bars: shares in the order of the questionnaire, those without answer apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports import charts
from reports.charts import BLUE, GREY, INK, SMALL
from reports.estimates import Estimate
from reports.figures import Figure, ceiling, finished, weighting_of
from reports.summaries import Distribution, Ranking

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

Shown = Sequence[tuple[str, Estimate]]
"""Labels with their shares."""

BAR_LABEL = 38
"""Most letters of a line of a bar's label."""

SILENT = 42
"""Most letters of a line above the bars of those without answer."""


@dataclass(frozen=True, slots=True)
class BarWords:
    """What a figure of bars says: above the bars, above those without answer, in its text.

    ``percent`` is what stands behind a number of the axis.
    """

    bars: str
    silent: str
    alt: str
    percent: str = charts.PERCENT


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


def choice_figure(choice: Distribution) -> Figure:
    """One bar per option, and apart from them those who chose none; nothing is left out."""
    return shares_figure(*_of_choice(choice))


def draw_choice(choice: Distribution) -> canvas.Figure:
    """The figure of :func:`choice_figure` before it is saved."""
    return draw_shares(*_of_choice(choice))


def _of_choice(choice: Distribution) -> tuple[Shown, Shown, BarWords]:
    who = "teilgenommen haben" if choice.asked is None else "die Frage gesehen haben"
    kind = weighting_of((choice,))
    words = BarWords(
        f"Anteil an den gültigen Antworten ({kind})",
        f"Anteil an allen, die {who} (ungewichtet)",
        f"Anteile der gültigen Antworten ({kind})",
    )
    options = [(code.label.replace("\u00ad", ""), estimate) for code, estimate in choice.steps]
    return options, choice.missing, words


def shares_figure(shown: Shown, silent: Shown, words: BarWords) -> Figure:
    """Bars of shares in the order given, and apart from them who gave no answer."""
    alt = f"{words.alt}: {_listed(shown)}."
    rest = f" {words.silent}: {_listed(silent)}." if silent else ""
    return finished(alt + rest, draw_shares, shown, silent, words)


def draw_shares(shown: Shown, silent: Shown, words: BarWords) -> canvas.Figure:
    """The figure of :func:`shares_figure` before it is saved."""
    gap = 1.4 if silent else 0.0
    rows = len(shown) + gap + len(silent)
    body = _bar_height([label for label, _ in shown]) * rows
    figure = charts.blank(body + 14)
    names = charts.panel(figure, 0, 8, 62, body)
    bars = charts.panel(figure, 64, 8, charts.WIDTH - 68, body)
    names.set_xlim(0, 1)
    top = ceiling([estimate for _, estimate in (*shown, *silent)])
    charts.percent_axis(bars, 0, top, 0.2 if top > 0.5 else 0.1, words.percent)
    for axes in (names, bars):
        axes.set_ylim(rows - 0.5, -0.5)
    charts.heading(names, words.bars, 60)
    for row, (label, estimate) in enumerate(shown):
        _bar(names, bars, row, label, estimate, BLUE)
    start = len(shown) + gap
    if silent:
        # On two lines where one would run through the lines of the bars' grid.
        who = charts.wrapped(words.silent, SILENT)
        names.text(
            0, start - 0.6, who, fontsize=SMALL, fontweight=600, va="bottom", linespacing=1.05
        )
    for place, (label, estimate) in enumerate(silent):
        _bar(names, bars, start + place, label, estimate, GREY)
    return figure


def _listed(shown: Shown) -> str:
    return "; ".join(f"{label} {estimate.printed}" for label, estimate in shown)


def _bar_height(labels: Sequence[str]) -> float:
    """Room for a bar with its label and its gap, in millimetres."""
    lines = max(charts.wrapped(label, BAR_LABEL).count("\n") for label in labels)
    return 8.6 if not lines else 6.0 + 5.4 * lines


def _bar(
    names: Panel, bars: Panel, row: float, label: str, estimate: Estimate, colour: str
) -> None:
    """A bar with its label and its number; an interval as a line where there is one."""
    names.text(0, row, charts.wrapped(label, BAR_LABEL), va="center", linespacing=1.05)
    bars.barh(row, estimate.value or 0.0, height=0.58, color=colour, zorder=2)
    if estimate.low is not None and estimate.high is not None:
        bars.plot([estimate.low, estimate.high], [row, row], color=INK, linewidth=1.2, zorder=3)
    end = max(estimate.value or 0.0, estimate.high or 0.0)
    bars.text(end, row, estimate.printed, shift=(4, 0), va="center_baseline")

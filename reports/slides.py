"""Charts for slides: each with its title, its base and its source inside the picture.

A picture is copied without the page around it; so what it needs to be understood goes with
it. Letters are drawn as outlines, so that a slide shows them without our typeface.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import matplotlib
from matplotlib.figure import Figure

from reports import charts, summaries, typography, unit_rates, wording
from reports.bar_figures import draw_choice
from reports.charts import SMALL, TYPE
from reports.dossiers import chapters, scales
from reports.estimates import Estimate, Results
from reports.exhibits import base_line
from reports.figures import draw_likert, draw_ranking
from reports.panels import panels
from reports.unit_figures import draw_response
from survey.codebook import Question, Role
from survey.study import Regime

MARGIN, LINE = 4.0, 4.6
"""Room around a chart and height of a small line, in millimetres."""

DOTS_PER_INCH = 220
"""A chart as wide as a text block has 1,450 pixels then."""

_MM = 25.4
_SIMULATED = "Simulierte Daten – keine echten Antworten"
_OPEN = (
    "Offene Beteiligung: Die Zahlen gelten für alle, die mitgemacht haben, und für niemanden sonst."
)
_READING = "Gezählt sind Rückmeldungen zu selbst gewählten Texten."


@dataclass(frozen=True, slots=True)
class Slide:
    """One chart for a slide: a name for its files, its title, and what stands below it."""

    name: str
    title: str
    foot: tuple[str, ...]
    draw: Callable[[], Figure]


@dataclass(frozen=True, slots=True)
class Drawn:
    """The files of one chart."""

    name: str
    svg: bytes
    png: bytes


def slides(results: Results) -> Iterator[Slide]:
    """A chart per question that the dossiers draw: participation, rankings, scales, choices."""
    yield from _participation(results)
    for ranking in chapters.rankings(results):
        share = ranking.by_share[0].share
        question = ranking.question
        yield _slide(results, question.id, _title(results, question), base_line(share),
                     question.text, lambda ranking=ranking: draw_ranking(ranking))  # type: ignore[misc]  # fmt: skip
    for question in results.release.codebook:
        rows = tuple(r for r in summaries.distributions(results, question) if len(r.steps) > 1)
        rows = tuple(row for row in rows if row.steps[0][1].value is not None)
        if not rows or question.role not in (Role.ASSESSMENT, Role.PREFERENCE):
            continue
        name = _title(results, question)
        if question in {row.question for row in scales.choice_rows(results)}:
            yield _slide(results, question.id, name, base_line(rows[0].base), question.text,
                         lambda row=rows[0]: draw_choice(row))  # type: ignore[misc]  # fmt: skip
            continue
        parts = [rows[at : at + scales.MOST_ROWS] for at in range(0, len(rows), scales.MOST_ROWS)]
        for number, part in enumerate(parts, start=1):
            id = question.id if len(parts) == 1 else f"{question.id}-{number}"
            yield _slide(results, id, name, scales.base_range(part), question.text,
                         lambda part=part: draw_likert(part))  # type: ignore[misc]  # fmt: skip


def _title(results: Results, question: Question) -> str:
    """The title of a question; its text where it has none or shares it with another."""
    same = [q for q in results.release.codebook if q.title == question.title]
    return question.title if question.title and len(same) == 1 else question.text


def drawn(slide: Slide) -> Drawn:
    """The chart with title and foot as SVG and as PNG; the same results give the same bytes."""
    with charts.chart_style(), matplotlib.rc_context({"svg.fonttype": "path"}):
        figure = framed(slide.draw(), slide.title, slide.foot)
        charts.check(figure)
        outlines, pixels = io.BytesIO(), io.BytesIO()
        figure.savefig(outlines, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(pixels, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return Drawn(slide.name, outlines.getvalue(), pixels.getvalue())


def framed(figure: Figure, title: str, foot: tuple[str, ...]) -> Figure:
    """The figure, enlarged by a title above it and small lines below it."""
    wide, high = (float(size) * _MM for size in figure.get_size_inches())
    heads = charts.wrapped(title, 60).split("\n")
    feet = [line for text in foot if text for line in charts.wrapped(text, 95).split("\n")]
    above = MARGIN + 6.4 * len(heads) + 5
    below = MARGIN + LINE * len(feet) + 2
    whole, broad = high + above + below, wide + 2 * MARGIN
    figure.set_size_inches(broad / _MM, whole / _MM)
    for panel in panels(figure):
        left_edge, lower_edge = panel.corner
        panel.move(left_edge + MARGIN, lower_edge + below)
    left = MARGIN / broad
    for number, line in enumerate(heads):
        y = 1 - (MARGIN + 6.4 * number) / whole
        figure.text(left, y, line, va="top", fontsize=TYPE + 3, fontweight=600)
    for number, line in enumerate(feet):
        y = (MARGIN + LINE * (len(feet) - 1 - number)) / whole
        figure.text(left, y, line, va="bottom", fontsize=SMALL)
    return figure


def _slide(
    results: Results, name: str, title: str, base: str, wording_: str, draw: Callable[[], Figure]
) -> Slide:
    release = results.release
    study = release.study
    asked = f"Frage: {wording_}" if wording_ and wording_ != title else ""
    regime = {Regime.OPEN_PARTICIPATION: _OPEN, Regime.SELF_SELECTED_READING: _READING}
    source = f"{study.title} · {study.id} · Daten {release.fingerprint[:8]}"
    mark = _SIMULATED if study.demo or study.simulation else ""
    foot = (asked, base, regime.get(study.regime, ""), source, mark)
    wording.check_words((title, *foot), study.regime)
    return Slide(name, title, tuple(filter(None, foot)), draw)


def _participation(results: Results) -> Iterator[Slide]:
    rate = chapters.response_rate(results)
    by = chapters.attribute(results, Role.DEPARTMENT)
    found = chapters.floors(unit_rates.units(results, by)) if by else ()
    if rate is None or rate.value is None or not found:
        return
    overall: Estimate = rate
    base = (
        f"{typography.count(rate.base_n or 0)} von {typography.count(rate.base_N or 0)} Befragten"
    )
    yield _slide(results, "beteiligung", "Beteiligung", base, "",
                 lambda: draw_response(found, overall))  # fmt: skip

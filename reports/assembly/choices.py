"""Rows of one released table of a choice or a rating: shares, missing reasons, scale summaries."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from reports.assembly.rows import Context, Figures, Place, Unit, absent, estimates, withheld
from reports.estimates import Estimate
from reports.estimators import ratings
from reports.estimators.design import Census, Design, Floats, divide
from reports.estimators.ratings import (
    MEAN_NEEDS_N,
    boxes,
    mean_interval,
    median_interval,
    medians,
    net_interval,
    net_value,
)
from reports.estimators.shares import share_interval
from reports.tables import Table
from survey.codebook import Missing, Scale, Variable

TOO_FEW = "weniger als 30 Antworten: das Intervall des Mittelwerts hielte nicht"
CEILING = "zu viele Antworten in einer Stufe: das Intervall des Mittelwerts hielte nicht"


def choice_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """All rows of one table of a nominal, ordinal or check variable."""
    place = place_of(table)
    counts = table.answers.astype(float)
    names = answer_names(table)
    shares = share_figures(context.design, counts, place.base[:, None], place.headcount[:, None])
    yield from estimates(context, place, "share", names, shares, Unit.SHARE)
    if table.variable.scale is Scale.ORDINAL:
        yield from _rating_rows(context, table, place, counts)
    yield from missing_rows(context, table, table.variable.name)
    yield from withheld(context, table.variable.name, table.withheld, "share", table.of_one_mind)


def place_of(table: Table) -> Place:
    """Where the rows of a table belong."""
    return Place(table.variable.name, table.domains, table.base.astype(float))


def answer_names(table: Table) -> tuple[str, ...]:
    """Code names of the answer columns of a table."""
    return tuple(_name(table.variable, value) for value in table.values if value >= 0)


def answer_order(table: Table) -> tuple[Floats, bool]:
    """Scores of the answer columns, or their code values, and whether they are scores."""
    values = [value for value in table.values if value >= 0]
    known = {code.value: code.score for code in table.variable.codes}
    scores = [known.get(value) for value in values]
    if values and all(score is not None for score in scores):
        return np.array(scores, dtype=np.float64), True
    return np.array(values, dtype=np.float64), False


def share_figures(design: Design, x: ArrayLike, n: ArrayLike, N: ArrayLike) -> Figures:
    """Shares with the interval that the design allows."""
    if isinstance(design, Census):
        return Figures.of(share_interval(design, x, n, N))
    return Figures.only(divide(x, n))


def _rating_rows(
    context: Context, table: Table, place: Place, counts: Floats
) -> Iterator[Estimate]:
    order, scored = answer_order(table)
    found = boxes(order)
    if found:
        top, bottom = (counts[:, box].sum(axis=1)[:, None] for box in found)
        n, N = place.base[:, None], place.headcount[:, None]
        for name, x in (("top2", top), ("bottom2", bottom)):
            figures = share_figures(context.design, x, n, N)
            yield from estimates(context, place, name, ("",), figures, Unit.SHARE)
        figures = _net(context.design, top, bottom, n, N)
        yield from estimates(context, place, "net", ("",), figures, Unit.POINTS)
    if scored:
        yield from _mean_rows(context, place, counts, order)
    if isinstance(context.design, Census):
        middle = Figures.of(median_interval(context.design, counts, order, place.headcount))
    else:
        middle = Figures.only(medians(counts, order), "median")
    for d, domain in enumerate(place.domains):
        one = Place(place.item, (domain,), place.base[d : d + 1])
        yield from estimates(context, one, "median", ("",), middle.row(d), Unit.SCORE)


def _net(design: Design, t: Floats, b: Floats, n: Floats, N: Floats) -> Figures:
    if isinstance(design, Census):
        return Figures.of(net_interval(design, t, b, n, N))
    return Figures.only(net_value(t, b, n))


def _mean_rows(
    context: Context, place: Place, counts: Floats, scores: Floats
) -> Iterator[Estimate]:
    described = ratings.means(counts, scores)
    if isinstance(context.design, Census):
        interval = mean_interval(context.design, counts, scores, place.headcount)
        wide = Figures.of(interval)
    else:
        wide = Figures.only(described.mean)
    for d, domain in enumerate(place.domains):
        n = int(place.base[d])
        if isinstance(context.design, Census) and n and not described.holds[d]:
            note = TOO_FEW if n < MEAN_NEEDS_N else CEILING
            yield absent(context, place.item, domain, "mean", "", n, note)
            continue
        one = Place(place.item, (domain,), place.base[d : d + 1])
        yield from estimates(context, one, "mean", ("",), wide.row(d), Unit.SCORE)


def missing_rows(context: Context, table: Table, item: str) -> Iterator[Estimate]:
    """Shares of the reasons for a missing answer among the ballots that were asked."""
    reasons = [v for v in table.values if v < 0 and v != Missing.NOT_SHOWN]
    columns = [table.values.index(value) for value in reasons]
    asked = table.base + table.counts[:, columns].sum(axis=1)
    x = table.counts[:, columns].astype(float)
    figures = Figures.only(divide(x, asked[:, None].astype(float)), "count")
    names = tuple(Missing(value).name.lower() for value in reasons)
    place = Place(item, table.domains, asked.astype(float))
    note = "Anteil an den Stimmzetteln"
    yield from estimates(context, place, "missing", names, figures, Unit.SHARE, note)


def _name(variable: Variable, value: int) -> str:
    for code in variable.codes:
        if code.value == value:
            return code.name
    return str(value)

"""Weighted rows for everybody.

Values are rounded as printed: unrounded weighted shares could be solved for the counts of single
cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import scipy

from reports import typography
from reports.assembly.choices import answer_names, answer_order
from reports.assembly.preferences import weighted_majority_rows
from reports.assembly.rankings import (
    KNOWN_ONLY,
    SET_NEEDS_N,
    TOO_FEW,
    compared,
    ranks_of,
    set_rows,
)
from reports.assembly.rows import (
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    rounded,
)
from reports.assembly.weighting import Cells, cells_of
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.estimators.design import LEVEL, Census, Interval
from reports.estimators.rank_sets import rank_sets
from reports.estimators.ranking import Moments, bases, top_moments
from reports.estimators.ratings import boxes, mean_holds
from reports.estimators.shares import korn_graubard
from reports.preferences import is_full
from reports.tables import EVERYBODY, Domain, Joint, Table
from reports.weights import Weighted
from survey.codebook import Question, Role, Scale


def weighted_choice_rows(context: Context, table: Table, whole: Table) -> Iterator[Estimate]:
    """Weighted rows of one choice or rating from its table by weighting cells."""
    if not isinstance(context.design, Census):
        return
    name, ordinal = table.variable.name, table.variable.scale is Scale.ORDINAL
    person = _everybody(context, whole.domains)
    cells = cells_of(context, table.domains, table.answers, table.base.astype(float))
    if isinstance(cells, str):
        yield absent(context, name, person, "share" + SUFFIX, note=cells)
        return
    shares = cells.shares()
    row = _Row(context, context.design, name, person, cells.note)
    yield from row.shares("share", answer_names(table), shares)
    if table.question.role is Role.PREFERENCE and table.question.scale is Scale.NOMINAL:
        yield from row.sets(answer_names(table), shares)
    if ordinal:
        yield from _rating_rows(row, table, shares)


def _rating_rows(row: _Row, table: Table, shares: Weighted) -> Iterator[Estimate]:
    order, scored = answer_order(table)
    found = boxes(order)
    if found:
        top, bottom = (box.astype(float) for box in found)
        yield from row.shares("top2", ("",), shares.combined([top]))
        yield from row.shares("bottom2", ("",), shares.combined([bottom]))
        net = shares.combined([top - bottom])
        yield from row.normal("net", ("",), net, (-1.0, 1.0), Unit.POINTS)
    if scored:
        n, effective = shares.precision.n, shares.precision.n_eff
        if not mean_holds(min(n, effective), float(shares.value.max()))[0]:
            note = "der Mittelwert hielte nicht: zu wenige oder zu einheitliche Antworten"
            yield absent(row.context, row.item, row.person, "mean" + SUFFIX, "", int(n), note)
        else:
            ends = (float(order.min()), float(order.max()))
            yield from row.normal("mean", ("",), shares.combined([order]), ends, Unit.SCORE)


def weighted_ranking_rows(
    context: Context,
    question: Question,
    pairs: Joint,
    duels: Joint,
    domains: tuple[Domain, ...],
) -> Iterator[Estimate]:
    """Weighted rows of one ranking from its joint counts by weighting cells."""
    if not isinstance(context.design, Census):
        return
    person = _everybody(context, domains)
    cells = cells_of(context, pairs.domains, pairs.counts, bases(pairs.counts))
    if isinstance(cells, str):
        yield absent(context, question.id, person, "top_k" + SUFFIX, note=cells)
        return
    row = _Row(context, context.design, question.id, person, cells.note)
    names = question.elements
    found = top_moments(cells.counts, question.depth)
    top = _combined(found, cells)
    yield from row.shares("top_k", names, top)
    yield from row.shares("first", names, _combined(top_moments(cells.counts, 1), cells))
    again = cells_of(context, duels.domains, duels.counts, bases(pairs.counts))
    if isinstance(again, str):
        return
    wins = np.tensordot(cells.share / found.n, again.counts[:, 0], axes=1)
    yield from weighted_majority_rows(
        context, question, person, wins, int(found.n.sum()), cells.note
    )
    if question.task == KNOWN_ONLY:
        return
    placed = ranks_of(again.counts, found.n)
    ranks = _combined(placed, cells)
    for one in row.normal("mean_rank", names, ranks, (1.0, float(len(names))), Unit.SCORE):
        yield one
        yield _points(one, len(names))
    moments = compared(question, found, placed)
    yield from row.sets(names, _combined(moments, cells), by_rank=is_full(question))


def _points(rank: Estimate, elements: int) -> Estimate:
    """The mean points that follow from a mean rank as it is printed."""
    value, low, high = (
        None if number is None else round(elements - number, 2)
        for number in (rank.value, rank.high, rank.low)
    )
    text = "" if value is None else typography.decimal(value, 2)
    return replace(rank, statistic="borda" + SUFFIX, value=value, low=low, high=high, printed=text)


def _combined(moments: Moments, cells: Cells) -> Weighted:
    return cells.means(moments.n, moments.mean, moments.cov)


def _everybody(context: Context, domains: tuple[Domain, ...]) -> Domain:
    for domain in domains:
        if domain.variable == EVERYBODY:
            return domain
    frame = context.release.study.frame
    return Domain(EVERYBODY, EVERYBODY, "", frame.total if frame else None)


@dataclass(frozen=True, slots=True)
class _Row:
    """Makes the weighted rows of one item."""

    context: Context
    design: Census
    item: str
    person: Domain
    note: str

    def shares(self, statistic: str, names: tuple[str, ...], found: Weighted) -> Iterator[Estimate]:
        """Rows of weighted shares with Korn-Graubard limits."""
        p = found.precision
        value = np.clip(found.value, 0.0, 1.0)
        interval = korn_graubard(self.design, value, found.variance, p.n, p.N, p.deff, p.df)
        yield from self._rows(statistic, names, Figures.of(interval), found, Unit.SHARE)

    def normal(
        self,
        statistic: str,
        names: tuple[str, ...],
        found: Weighted,
        ends: tuple[float, float],
        unit: Unit,
    ) -> Iterator[Estimate]:
        """Rows of weighted means with t limits inside the scale's ends."""
        interval = weighted_t(self.design, found, ends)
        yield from self._rows(statistic, names, Figures.of(interval), found, unit)

    def sets(
        self, names: tuple[str, ...], found: Weighted, *, by_rank: bool = False
    ) -> Iterator[Estimate]:
        """Rows of possible places from weighted shares or from mean ranks below zero."""
        p = found.precision
        n, statistic = int(p.n), "rank_set" + SUFFIX
        if p.n_eff < SET_NEEDS_N:
            for name in names:
                yield absent(self.context, self.item, self.person, statistic, name, n, TOO_FEW)
            return
        rest = max(1 - p.n / p.N, 0.0)
        sets = rank_sets(self.design, found.value, found.cov, p.n_eff, rest)
        yield from set_rows(
            self.context, self.item, names, self.person, statistic, sets, n,
            float(round(p.n_eff)), self.note, by_rank=by_rank,
        )  # fmt: skip

    def _rows(
        self,
        statistic: str,
        names: tuple[str, ...],
        figures: Figures,
        found: Weighted,
        unit: Unit,
    ) -> Iterator[Estimate]:
        n = found.precision.n
        place = Place(self.item, (self.person,), np.array([n]))
        rows = estimates(
            self.context, place, statistic + SUFFIX, names, figures.across(), unit, self.note
        )
        for row in rows:
            yield rounded(row, int(n), unit)


def weighted_t(design: Census, found: Weighted, ends: tuple[float, float]) -> Interval:
    """Weighted means with t limits at their degrees of freedom, inside ``ends``.

    No limits where the variance is 0 (every cell unanimous) or everybody answered.

    >>> from reports.weights import stratified
    >>> w = stratified([50, 50], [100, 300], [[2.0], [3.0]], [[[1.0]], [[1.0]]])
    >>> weighted_t(Census(), w, (1, 5)).high.round(3).tolist()
    [2.948]
    """
    p, variance = found.precision, found.variance
    limited = (variance > 1e-15) & (p.df > 0) & (p.n < p.N)
    se = np.where(limited, np.sqrt(variance), np.nan)
    half = scipy.stats.t.ppf((1 + LEVEL) / 2, max(p.df, 1.0)) * se
    low, high = np.clip(found.value - half, *ends), np.clip(found.value + half, *ends)
    full = "full_count" if p.n >= p.N else ""
    method = np.where(limited, "t_raked" if p.raked else "t_poststratified", full)
    kish = np.full(found.value.shape, p.n_eff)
    return Interval(found.value, se, low, high, kish, method, design)

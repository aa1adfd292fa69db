"""Rows of one ranking: first choice, top k, mean rank, pairwise majorities, possible places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reports import typography
from reports.assembly.choices import answer_names, missing_rows, place_of, share_figures
from reports.assembly.rows import (
    OPT_IN,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    headcounts,
    number,
    withheld,
)
from reports.estimates import Estimate
from reports.estimators.design import LEVEL, Census, Floats, unanswered
from reports.estimators.rank_sets import RankSets, rank_sets
from reports.estimators.ranking import (
    Moments,
    choice_moments,
    majorities,
    mean_rank_interval,
    rank_moments,
    top_moments,
)
from reports.tables import EVERYBODY, Domain, Pairs, Status, Table
from survey.codebook import Question

SET_NEEDS_N = 30
TOO_FEW = "weniger als 30 Antworten: mögliche Plätze hielten nicht"


def ranking_rows(
    context: Context, question: Question, tables: tuple[Table, ...], pairs: Pairs | None
) -> Iterator[Estimate]:
    """All rows of one ranking by one attribute; ``tables`` has one per element."""
    first, place = tables[0], place_of(tables[0])
    place = Place(question.id, place.domains, place.base)
    names = question.elements
    for statistic, depth in (("top_k", question.depth), ("first", 1)):
        x = placed(tables, depth)
        n, N = place.base[:, None], place.headcount[:, None]
        figures = share_figures(context.design, x, n, N)
        yield from estimates(context, place, statistic, names, figures, Unit.SHARE)
    if pairs is not None:
        yield from _pair_rows(context, question, pairs)
    yield from missing_rows(context, first, question.id)
    yield from withheld(context, question.id, first.withheld, "top_k")


def placed(tables: tuple[Table, ...], depth: int) -> Floats:
    """Ballots that place each element 1..depth, shape (domains, elements)."""
    columns = []
    for table in tables:
        inside = [0 < value <= depth for value in table.values]
        columns.append(table.counts[:, inside].sum(axis=1))
    return np.stack(columns, axis=1).astype(float)


def _pair_rows(context: Context, question: Question, pairs: Pairs) -> Iterator[Estimate]:
    counts, names = pairs.counts.astype(float), question.elements
    ranks = rank_moments(counts)
    place = Place(question.id, pairs.domains, ranks.n)
    if isinstance(context.design, Census):
        interval = mean_rank_interval(context.design, ranks, place.headcount, len(names))
        figures = Figures.of(interval)
    else:
        figures = Figures.only(ranks.mean)
    yield from estimates(context, place, "mean_rank", names, figures, Unit.SCORE)
    if pairs.by == EVERYBODY:
        yield from _pairwise(context, place, names, counts)
    top = top_moments(counts, question.depth)
    for d, domain in enumerate(pairs.domains):
        yield from _set_rows(context, question.id, names, domain, top, d)


def _pairwise(
    context: Context, place: Place, names: tuple[str, ...], counts: Floats
) -> Iterator[Estimate]:
    found = majorities(counts)
    categories = tuple(f"{a}>{b}" for a in names for b in names if a != b)
    apart = ~np.eye(len(names), dtype=bool)
    figures = Figures.only(found.prefer[:, apart], "count")
    note = "platziert vor nicht platziert; beide nicht platziert zählt für keine Seite"
    yield from estimates(context, place, "pairwise", categories, figures, Unit.SHARE, note)


def _set_rows(
    context: Context,
    item: str,
    names: tuple[str, ...],
    domain: Domain,
    moments: Moments,
    d: int,
) -> Iterator[Estimate]:
    n = int(moments.n[d])
    if not isinstance(context.design, Census) or n < SET_NEEDS_N:
        note = TOO_FEW if isinstance(context.design, Census) else OPT_IN
        for name in names:
            yield absent(context, item, domain, "rank_set", name, n, note)
        return
    found = sets_of_shares(context.design, moments, d, domain)
    yield from set_rows(context, item, names, domain, "rank_set", found, n)


def choice_set_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """Possible places of the options of a single choice, for everybody."""
    moments = choice_moments(table.answers.astype(float))
    for d, domain in enumerate(table.domains):
        yield from _set_rows(context, table.variable.name, answer_names(table), domain, moments, d)


def sets_of_shares(design: Census, moments: Moments, d: int, domain: Domain) -> RankSets:
    """Possible places of the quantities of one domain, finite population correction included."""
    n, N = moments.n[d], headcounts((domain,))[0]
    rest = float(unanswered(n, N)[0])
    cov = moments.cov[d] * rest / n
    return rank_sets(design, moments.mean[d], cov, float(n), rest)


def set_rows(
    context: Context,
    item: str,
    names: tuple[str, ...],
    domain: Domain,
    statistic: str,
    found: RankSets,
    n: int,
    n_eff: float = np.nan,
    note: str = "",
) -> Iterator[Estimate]:
    """Rows of possible places; value is the estimated place, tied estimates share one."""
    for i, name in enumerate(names):
        low, high = int(found.low[i]), int(found.high[i])
        yield Estimate(
            study=context.study,
            item=item,
            domain_variable=domain.variable,
            domain=domain.code,
            statistic=statistic,
            category=name,
            value=float(found.place[i]),
            low=float(low),
            high=float(high),
            level=LEVEL,
            base_n=n,
            base_N=domain.headcount,
            n_eff=number(n_eff),
            method="mogstad_2024",
            status=Status.MERGED if domain.members else Status.PUBLISHED,
            note=note,
            printed=typography.place(low, high),
        )

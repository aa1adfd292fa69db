"""Rows of one ranking: first choice, top k, mean rank, pairwise majorities, possible places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from reports import typography
from reports.assembly.choices import answer_names, missing_rows, place_of, share_figures
from reports.assembly.rows import (
    OPT_IN,
    OVERFULL,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    headcounts,
    number,
    overfull,
    withheld,
)
from reports.estimates import Estimate
from reports.estimators.design import LEVEL, Census, Floats, divide, unanswered
from reports.estimators.rank_sets import RankSets, rank_sets
from reports.estimators.ranking import (
    Moments,
    choice_moments,
    mean_rank_interval,
    midrank_moments,
    top_moments,
)
from reports.preferences import is_full
from reports.tables import EVERYBODY, Domain, Joint, Status, Table
from survey.codebook import Question

SET_NEEDS_N = 30
TOO_FEW = "weniger als 30 Antworten: mögliche Plätze hielten nicht"
BY_MEAN_RANK = "volle Rangfolge: Plätze nach dem mittleren Rang, nicht nach einem Anteil"
BELOW = "platziert vor nicht platziert; beide nicht platziert zählt für keine Seite"
BOTH_KNOWN = "unter den Stimmzetteln, die beide platzieren"
UNLINKED = "Plätze gelten nur unter den bekannten Elementen und sind nicht vergleichbar"
TOO_LONG = "zu viele Elemente für gemeinsame Auszählungen"
KNOWN_ONLY = "ranking_known"
BY_SHARE, BY_RANK = "mogstad_2024", "mogstad_2024_mean_rank"


def headline_depth(question: Question) -> int:
    """Up to which place a ballot counts for an element: k, or 1 if all are placed."""
    return 1 if is_full(question) else question.depth


def compared(question: Question, top: Moments, ranks: Moments) -> Moments:
    """What possible places are made of, greatest first: top-k shares, or mean ranks below zero."""
    return Moments(ranks.n, -ranks.mean, ranks.cov) if is_full(question) else top


def ranking_rows(
    context: Context,
    question: Question,
    tables: tuple[Table, ...],
    pairs: Joint | None,
    duels: Joint | None,
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
    if duels is not None and duels.domains:
        yield from _duel_rows(context, question, duels, place)
        yield from _places(context, question, pairs, duels)
    yield from missing_rows(context, first, question.id)
    yield from withheld(context, question.id, first.withheld, "top_k", first.of_one_mind)


def ballots(question: Question, duels: Joint, known: Place) -> Floats:
    """Complete ballots of each domain of the joint counts, (domains,)."""
    if question.task == KNOWN_ONLY:
        base = {domain.code: float(n) for domain, n in zip(known.domains, known.base, strict=True)}
        return np.array([base.get(domain.code, np.nan) for domain in duels.domains])
    m = len(question.elements)
    twice = np.diagonal(duels.counts[:, 3], axis1=1, axis2=2).sum(axis=1)
    return np.asarray(np.rint(twice / (m * (m + 1))), dtype=np.float64)


def ranks_of(counts: Floats, n: Floats) -> Moments:
    """Mean ranks and covariances of joint counts of duels, (domains, 4, m, m)."""
    return midrank_moments(n, np.diagonal(counts[:, 3], axis1=1, axis2=2), counts[:, 2])


def placed(tables: tuple[Table, ...], depth: int) -> Floats:
    """Ballots that place each element 1..depth, shape (domains, elements)."""
    columns = []
    for table in tables:
        inside = [0 < value <= depth for value in table.values]
        columns.append(table.counts[:, inside].sum(axis=1))
    return np.stack(columns, axis=1).astype(float)


def _duel_rows(
    context: Context, question: Question, duels: Joint, known: Place
) -> Iterator[Estimate]:
    counts, names = duels.counts.astype(float), question.elements
    place = Place(question.id, duels.domains, ballots(question, duels, known))
    if question.task == KNOWN_ONLY:
        for domain, n in zip(place.domains, place.base, strict=True):
            for name in names:
                yield absent(context, question.id, domain, "mean_rank", name, int(n), UNLINKED)
    else:
        ranks = ranks_of(counts, place.base)
        if isinstance(context.design, Census):
            interval = mean_rank_interval(context.design, ranks, place.headcount, len(names))
            figures = Figures.of(interval)
        else:
            figures = Figures.only(ranks.mean)
        yield from estimates(context, place, "mean_rank", names, figures, Unit.SCORE)
    if duels.by == EVERYBODY:
        yield from _pairwise(context, question, place, counts)


def _pairwise(
    context: Context, question: Question, place: Place, counts: Floats
) -> Iterator[Estimate]:
    names, wins = question.elements, counts[:, 0]
    categories = tuple(f"{a}>{b}" for a in names for b in names if a != b)
    apart = ~np.eye(len(names), dtype=bool)
    base = np.broadcast_to(place.base[:, None, None], wins.shape)
    note = BELOW
    if question.task == KNOWN_ONLY:
        base, note = wins + wins.transpose(0, 2, 1) + counts[:, 1], BOTH_KNOWN
    figures = Figures.only(divide(wins, base)[:, apart], "count")
    yield from estimates(context, place, "pairwise", categories, figures, Unit.SHARE, note)


def _places(
    context: Context, question: Question, pairs: Joint | None, duels: Joint
) -> Iterator[Estimate]:
    """Possible places, by mean rank where all elements are placed, else by share in the top k."""
    full = is_full(question)
    if question.task == KNOWN_ONLY:
        reason = UNLINKED
    elif full:
        counts = duels.counts.astype(float)
        found = ranks_of(counts, ballots(question, duels, Place(question.id, (), np.zeros(0))))
        moments, domains, reason = Moments(found.n, -found.mean, found.cov), duels.domains, ""
    elif pairs is not None and pairs.domains:
        moments = top_moments(pairs.counts.astype(float), question.depth)
        domains, reason = pairs.domains, ""
    else:
        reason = TOO_LONG
    if reason:
        for domain in duels.domains:
            for name in question.elements:
                yield absent(context, question.id, domain, "rank_set", name, None, reason)
        return
    for d, domain in enumerate(domains):
        yield from _set_rows(
            context, question.id, question.elements, domain, moments, d, by_rank=full
        )


def _set_rows(
    context: Context,
    item: str,
    names: tuple[str, ...],
    domain: Domain,
    moments: Moments,
    d: int,
    *,
    by_rank: bool = False,
) -> Iterator[Estimate]:
    n = int(moments.n[d])
    many = overfull(context, domain, n)
    if not isinstance(context.design, Census) or many or n < SET_NEEDS_N:
        note = OVERFULL if many else TOO_FEW
        note = note if isinstance(context.design, Census) else OPT_IN
        for name in names:
            yield absent(context, item, domain, "rank_set", name, n, note)
        return
    found = sets_of_shares(context.design, moments, d, domain)
    yield from set_rows(context, item, names, domain, "rank_set", found, n, by_rank=by_rank)


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


def sets_of_values(
    context: Context,
    item: str,
    names: tuple[str, ...],
    domain: Domain,
    value: Floats,
    cov: Floats,
    n: int,
    method: str,
) -> Iterator[Estimate]:
    """Possible places of any estimates with the covariance of their errors (without fpc)."""
    many = overfull(context, domain, n)
    known = not np.isnan(value).any() and not np.isnan(cov).any()
    if not isinstance(context.design, Census) or many or n < SET_NEEDS_N or not known:
        note = OVERFULL if many else TOO_FEW
        note = note if isinstance(context.design, Census) else OPT_IN
        for name in names:
            yield absent(context, item, domain, "rank_set", name, n, note)
        return
    rest = float(unanswered(n, headcounts((domain,)))[0])
    found = rank_sets(context.design, value, cov * rest, float(n), rest)
    for row in set_rows(context, item, names, domain, "rank_set", found, n):
        yield replace(row, method=f"{BY_SHARE}_{method}")


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
    *,
    by_rank: bool = False,
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
            method=BY_RANK if by_rank else BY_SHARE,
            status=Status.MERGED if domain.members else Status.PUBLISHED,
            note="; ".join(text for text in (BY_MEAN_RANK if by_rank else "", note) if text),
            printed=typography.place(low, high),
        )

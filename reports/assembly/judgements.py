"""Rows of best–worst sets, of pairs and of shared-out points, for everybody and by group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy

from reports.assembly.preferences import FIT_NEEDS_N, REFUSED, TOO_FEW, worth_rows
from reports.assembly.rankings import sets_of_values
from reports.assembly.rows import (
    OPT_IN,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    withheld,
)
from reports.estimates import Estimate
from reports.estimators import points
from reports.estimators.best_worst import maxdiff, scores
from reports.estimators.design import LEVEL, Census, Floats, Interval, divide, unanswered
from reports.estimators.plackett_luce import Fit, plackett_luce, robust_cov
from reports.estimators.ranking import Moments, from_sums
from reports.judgements import compared
from reports.preferences import ChoiceSets
from reports.tables import EVERYBODY, Domain, Joint
from survey.codebook import Question

COMPLETE = "nur Stimmzettel, die alle Vergleiche beantwortet haben"


def moments_of(joint: Joint, d: int = 0) -> Moments:
    """Means and covariances of one domain from the sums of products that the gate sealed."""
    whole = joint.counts[d : d + 1].astype(np.float64)
    return from_sums(whole[:, 0, 0], whole[:, 0, 1:], whole[:, 1:, 1:])


def best_worst_rows(context: Context, question: Question, joint: Joint) -> Iterator[Estimate]:
    """Scores with their possible places, and worths, of best–worst sets, by domain."""
    for d, domain in enumerate(joint.domains):
        if _too_few(joint, d):
            names = compared(question).names
            yield from _refused(context, question.id, domain, "best_worst", names, joint.base[d])
        else:
            yield from _best_worst(context, question, domain, moments_of(joint, d))
    yield from withheld(context, question.id, joint.withheld, "best_worst")


def _too_few(joint: Joint, d: int) -> bool:
    """Whether a group has too few people for the means of many answers at once."""
    return joint.by != EVERYBODY and joint.base[d] < FIT_NEEDS_N


def _refused(
    context: Context, item: str, domain: Domain, statistic: str, names: tuple[str, ...], n: int
) -> Iterator[Estimate]:
    for name in names:
        yield absent(context, item, domain, statistic, name, int(n), TOO_FEW)


def _best_worst(
    context: Context, question: Question, domain: Domain, moments: Moments
) -> Iterator[Estimate]:
    design, n = compared(question), int(moments.n[0])
    found = scores(moments, design.members)
    se = np.sqrt(np.maximum(np.diagonal(found.cov), 0.0))
    figures = _with_t(context, domain, n, found.value, se, (-1.0, 1.0), "best_worst")
    place = Place(question.id, (domain,), moments.n)
    yield from estimates(
        context, place, "best_worst", design.names, figures, Unit.SCORE, _note(context, figures)
    )
    yield from sets_of_values(
        context, question.id, design.names, domain, found.value, found.cov, n, "best_worst"
    )
    fit = maxdiff(moments, design.members)
    yield from _fit_rows(context, question.id, domain, design.names, fit, n)


def pairwise_rows(context: Context, question: Question, joint: Joint) -> Iterator[Estimate]:
    """Worths of compared pairs, with ties as ties and each person as one cluster, by domain."""
    for d, domain in enumerate(joint.domains):
        yield from _pairwise(context, question, domain, moments_of(joint, d))
    yield from withheld(context, question.id, joint.withheld, "worth")


def _pairwise(
    context: Context, question: Question, domain: Domain, moments: Moments
) -> Iterator[Estimate]:
    design = compared(question)
    n, m, pairs = int(moments.n[0]), len(design.names), design.members.shape[0]
    sums = np.nan_to_num(moments.mean[0]) * n
    first, level = sums[m + 1 : m + 1 + pairs], sums[m + 1 + pairs :]
    counts, wins = _pair_counts(design.members, first, level, n)
    fit = plackett_luce(counts, wins)
    if isinstance(fit, Fit):
        tied = np.zeros((fit.cov_all.shape[0] - m, m + 1 + 2 * pairs))
        tied[:, m] = 1.0
        half = np.hstack([np.eye(m) / 2, np.zeros((m, 1 + 2 * pairs))])
        cov = robust_cov(fit, np.vstack([half, tied]), moments.cov[0], n)
        fit = Fit(fit.log_worth, cov, fit.log_tie, fit.cov_all, fit.expected, fit.log_likelihood)
    yield from _fit_rows(context, question.id, domain, design.names, fit, n)


def _pair_counts(
    members: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], first: Floats, level: Floats, n: int
) -> tuple[ChoiceSets, Floats]:
    m = members.shape[1]
    wins, picked = np.zeros((m, m)), np.zeros((2, m))
    for inside, won, tied in zip(members, first, level, strict=True):
        one, other = np.flatnonzero(inside)
        wins[one, other], wins[other, one] = won, n - won - tied
        picked[0, one] += won
        picked[0, other] += n - won - tied
        picked[1, [one, other]] += tied
    rows = picked if picked[1].any() else picked[:1]
    stages = np.full(members.shape[0], n, dtype=np.int64)
    return ChoiceSets(members, stages, np.rint(rows).astype(np.int64)), wins


def points_rows(
    context: Context, question: Question, joint: Joint, spread: Joint | None
) -> Iterator[Estimate]:
    """Mean points with their possible places, shares giving nothing, trimmed means, by domain."""
    for d, domain in enumerate(joint.domains):
        if _too_few(joint, d):
            names, n = question.elements, joint.base[d]
            yield from _refused(context, question.id, domain, "points", names, n)
            continue
        yield from _points(context, question, domain, moments_of(joint, d))
        place = spread.domains.index(domain) if spread and domain in spread.domains else None
        if spread is not None and place is not None:
            counts = spread.counts[place].astype(float)
            yield from _spread_rows(context, question, domain, counts, float(spread.base[place]))
    yield from withheld(context, question.id, joint.withheld, "points")


def _points(
    context: Context, question: Question, domain: Domain, moments: Moments
) -> Iterator[Estimate]:
    n, item, names = int(moments.n[0]), question.id, question.elements
    mean, cov = moments.mean[0], moments.cov[0] / max(n, 1)
    se = np.sqrt(np.maximum(np.diagonal(cov), 0.0))
    most = float(np.nan_to_num(mean).sum())
    figures = _with_t(context, domain, n, mean, se, (0.0, most), "t_fpc")
    place = Place(item, (domain,), moments.n)
    note = _note(context, figures)
    yield from estimates(context, place, "points", names, figures, Unit.SCORE, note)
    yield from sets_of_values(context, item, names, domain, mean, cov, n, "points")


def _spread_rows(
    context: Context, question: Question, domain: Domain, counts: Floats, n: float
) -> Iterator[Estimate]:
    names, place = question.elements, Place(question.id, (domain,), np.array([n]))
    nothing = Figures.only(divide(counts[:, 0], n)[None], "count")
    yield from estimates(context, place, "points_zero", names, nothing, Unit.SHARE)
    trimmed = Figures.only(points.trimmed_means(counts)[None], "trimmed_10")
    yield from estimates(context, place, "points_trimmed", names, trimmed, Unit.SCORE)


def _with_t(
    context: Context,
    domain: Domain,
    n: int,
    value: Floats,
    se: Floats,
    ends: tuple[float, float],
    name: str,
) -> Figures:
    """Values side by side with t limits inside the scale, where they hold."""
    N = float(domain.headcount) if domain.headcount is not None else np.nan
    if not isinstance(context.design, Census) or n < FIT_NEEDS_N or n >= N:
        return Figures.only(value[None], "full_count" if n and n == N else "")
    error = se * np.sqrt(unanswered(n, N)[0])
    half = scipy.stats.t.ppf((1 + LEVEL) / 2, n - 1) * error
    varies = error > 1e-12
    low = np.where(varies, np.clip(value - half, *ends), np.nan)
    high = np.where(varies, np.clip(value + half, *ends), np.nan)
    nowhere, method = np.full(value.shape, np.nan), np.where(varies, name, "")
    interval = Interval(
        value, np.where(varies, error, np.nan), low, high, nowhere, method, context.design
    )
    return Figures.of(interval).across()


def _note(context: Context, figures: Figures) -> str:
    if isinstance(context.design, Census):
        return COMPLETE
    return f"{OPT_IN}; {COMPLETE}"


def _fit_rows(
    context: Context, item: str, domain: Domain, names: tuple[str, ...], fit: object, n: int
) -> Iterator[Estimate]:
    if isinstance(fit, Fit) and n >= FIT_NEEDS_N:
        yield from worth_rows(context, item, domain, names, fit, n)
        return
    note = TOO_FEW if isinstance(fit, Fit) else REFUSED[fit]  # type: ignore[index]
    for name in names:
        yield absent(context, item, domain, "worth", name, n, note)

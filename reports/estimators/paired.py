"""Two answers of the same people: importance against today, from joint counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.estimators.design import LEVEL, Census, Floats, Interval, divide, floats, unanswered
from reports.estimators.ratings import boxes, mean_interval, net_interval


@dataclass(frozen=True, slots=True)
class Gap:
    """Second answer minus first: difference of top-2 shares and of means, (domains,) each.

    ``top2`` is None for a scale of fewer than four categories, ``mean`` for one without scores.
    ``higher`` and ``lower`` are the shares that gave the second answer a higher or lower step.
    """

    top2: Interval | None
    mean: Interval | None
    higher: Floats
    lower: Floats
    n: Floats


def paired_gap(
    design: Census,
    joint: ArrayLike,
    order: ArrayLike,
    N: ArrayLike,
    *,
    scored: bool = True,
    level: float = LEVEL,
) -> Gap:
    """How the second of two ratings on one scale differs from the first, for the same people.

    ``joint`` (domains, categories, categories) counts ballots by first and second answer,
    ``order`` (categories,) holds scores (``scored``) or code values, ``N`` (domains,) people
    asked. The difference of top-2 shares is (b - c)/n with b ballots that are only in the second
    top box and c only in the first, with adjusted Wald limits for paired shares; that of means is
    the mean of the differences with t limits, refused where :func:`mean_interval` refuses. Both
    use the correlation of the two answers, which two separate intervals cannot. Sources: Bonett
    and Price 2012; Cochran 1977, section 2.8.

    >>> joint = [[[8, 1, 1, 0], [6, 9, 2, 1], [5, 8, 9, 3], [2, 7, 8, 10]]]
    >>> gap = paired_gap(Census(), joint, [1, 2, 3, 4], [400])
    >>> gap.top2.value.round(3).tolist(), gap.mean.value.round(3).tolist()
    ([-0.225], [-0.525])
    """
    counts = np.asarray(joint, dtype=np.float64)
    values = np.asarray(order, dtype=np.float64)
    n = counts.sum(axis=(1, 2))
    step = np.sign(values[None, :] - values[:, None])
    higher = divide(counts[:, step > 0].sum(axis=1), n)
    lower = divide(counts[:, step < 0].sum(axis=1), n)
    found = boxes(values)
    top = None
    if found is not None:
        gained = counts[:, ~found[0]][:, :, found[0]].sum(axis=(1, 2))
        lost = counts[:, found[0]][:, :, ~found[0]].sum(axis=(1, 2))
        top = net_interval(design, gained, lost, n, N, level)
    mean = None
    if scored:
        difference = values[None, :] - values[:, None]
        kinds, place = np.unique(difference, return_inverse=True)
        spread = np.zeros((counts.shape[0], kinds.size))
        np.add.at(spread.T, place.ravel(), counts.reshape(counts.shape[0], -1).T)
        mean = mean_interval(design, spread, kinds, N, level)
    return Gap(top, mean, higher, lower, n)


MOST_GAIN = 1.5
"""How much the finite population may add to the number of changed answers in a test."""


def changed_p(gained: ArrayLike, lost: ArrayLike, n: ArrayLike, N: ArrayLike) -> Floats:
    """Two-sided p of the hypothesis that as many people gained a property as lost it.

    ``gained`` and ``lost`` count the people with the property in one of two answers only, ``n``
    answered both, ``N`` were asked (nan: unknown). McNemar's exact test, twice the smaller tail
    of a binomial with probability 1/2; for a finite population the number of changes is divided
    by 1 - n/N, or by 2/3 if that is more, with the same shares. After a full count p is 0 or 1.
    Sources: McNemar 1947; the effective number as in Korn and Graubard 1998.

    >>> changed_p([2, 5], [18, 5], [72, 72], [float("nan")] * 2).round(4).tolist()
    [0.0004, 1.0]
    """
    b, c, n_, N_ = floats(gained, lost, n, N)
    m = b + c
    gain = np.minimum(MOST_GAIN, divide(1.0, unanswered(n_, N_)))
    gain = np.where(np.isnan(gain), MOST_GAIN, gain)
    low = np.minimum(b, c) * gain
    out = np.ones_like(m)
    some = m > 0
    size, few = (m * gain)[some], low[some]
    # P(X <= few) of a binomial with 1/2, continued to broken numbers by the beta distribution
    tail = scipy.special.betainc(np.maximum(size - few, 1e-12), few + 1, 0.5)
    out[some] = np.minimum(1.0, 2 * tail)
    return np.where(n_ >= N_, np.where(b == c, 1.0, 0.0), out)


def box_correlation(joint: ArrayLike, order: ArrayLike) -> float:
    """Correlation of both answers lying in the two highest categories; 0 where one never varies.

    ``joint`` (categories, categories) counts ballots by first and second answer.

    >>> box_correlation(np.diag([5, 5, 5, 5]), [1, 2, 3, 4])
    1.0
    """
    counts, found = np.asarray(joint, dtype=np.float64), boxes(order)
    n = counts.sum()
    if found is None or n == 0:
        return 0.0
    top = found[0]
    one, other = counts[top].sum() / n, counts[:, top].sum() / n
    both = counts[np.ix_(top, top)].sum() / n
    spread = np.sqrt(one * (1 - one) * other * (1 - other))
    return float(np.clip((both - one * other) / spread, -1, 1)) if spread > 0 else 0.0


def weighted_gap(
    design: Census, share: ArrayLike, variance: ArrayLike, correlation: float, df: float,
    n_eff: float, *, full: bool = False,
) -> tuple[Interval, float]:  # fmt: skip
    """Weighted second share minus weighted first, of the same people, with t limits and p.

    ``share`` (2,) and ``variance`` (2,) of both weighted shares, ``df`` ballots minus cells. The
    variances add up less 2 r times the product of both standard errors, with ``correlation`` r of
    both answers over everybody, because answers to both are not counted cell by cell.
    Assumption: r is about the same in all cells. No limits, and p nan, where neither share varies;
    ``full``: everybody answered, p is 0 or 1. Source: Kish 1965, section 2.4, for the variance of a
    difference of correlated means.

    >>> gap, p = weighted_gap(Census(), [0.7, 0.5], [0.0023, 0.0024], 0.5, 98, 80)
    >>> gap.value.round(3).tolist(), gap.se.round(3).tolist(), p < 0.001
    ([-0.2], [0.048], True)
    """
    (one, other), (a, b) = (np.asarray(x, dtype=np.float64) for x in (share, variance))
    spread = max(float(a + b - 2 * correlation * np.sqrt(a * b)), 0.0)
    value, limited = float(other - one), spread > 1e-15 and df > 0 and not full
    se = float(np.sqrt(spread)) if limited else np.nan
    half = float(scipy.stats.t.ppf((1 + LEVEL) / 2, df)) * se if limited else np.nan
    p = float(2 * scipy.stats.t.sf(abs(value) / se, df)) if limited else np.nan
    if full:
        p = 0.0 if abs(value) > 1e-12 else 1.0
    method = "t_paired_cells" if limited else "full_count" if full else ""
    v, s, low, high, n = floats(value, se, max(value - half, -1), min(value + half, 1), n_eff)
    if not limited:
        low, high = np.full(1, np.nan), np.full(1, np.nan)
    return Interval(v, s, low, high, n, np.array([method]), design), p

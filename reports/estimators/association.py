"""Whether groups answer differently at all: gates before any group is looked at, effect sizes.

A test is inference: its result needs a :class:`Census`, like an interval. Effect sizes without
limits describe the answers and need none.
"""

from __future__ import annotations

import math
from dataclasses import InitVar, dataclass
from typing import final

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.errors import EstimateError
from reports.estimators.design import (
    LEVEL,
    Census,
    Floats,
    Interval,
    divide,
    unanswered,
)  # fmt: skip

ONE_GROUP = "weniger als zwei Gruppen mit Antworten"
ONE_ANSWER = "alle haben dieselbe Antwort gegeben"


@final
@dataclass(frozen=True, slots=True)
class Homogeneity:
    """One test: its statistic, degrees of freedom and p; all None and a reason without."""

    statistic: float | None
    df: float | None
    p: float | None
    method: str
    design: InitVar[Census]
    reason: str = ""

    def __post_init__(self, design: Census) -> None:
        if not isinstance(design, Census):
            raise EstimateError("a test needs a census attempt")


def chi_square(design: Census, counts: ArrayLike) -> Homogeneity:
    """Pearson's chi-square of homogeneity of ``counts`` (groups, categories), unweighted.

    Empty groups and categories are left out; fewer than two of either give a reason instead.
    Source: Pearson 1900, in scipy's ``chi2_contingency`` without Yates' correction.

    >>> test = chi_square(Census(), [[30, 10], [20, 40]])
    >>> round(test.statistic, 4), test.df, round(test.p, 6)
    (16.6667, 1.0, 4.5e-05)
    """
    k, reason = _trimmed(counts)
    if reason:
        return Homogeneity(None, None, None, "chi_square", design, reason)
    found = scipy.stats.chi2_contingency(k, correction=False)
    p = float(found.pvalue)
    return Homogeneity(float(found.statistic), float(found.dof), p, "chi_square", design)


def rao_scott(
    design: Census,
    counts: ArrayLike,
    n: ArrayLike | None = None,
    N: ArrayLike | None = None,
    group: ArrayLike | None = None,
) -> Homogeneity:
    """Chi-square of homogeneity for stratified answers of a finite population, second order.

    ``counts`` (cells, categories); ``N`` (cells,) people; ``group`` (cells,) numbers the group
    of each cell (default: every cell one group); ``n`` is only checked against the counts.
    Pearson's statistic of the weighted table is divided by the trace of the generalised design
    effects and referred to F at d0 and d0 (n - cells) degrees of freedom. Source: Rao and Scott
    1984; Thomas and Rao 1987 (as R's ``svychisq(statistic = "F")``).

    >>> test = rao_scott(Census(), [[30, 10], [20, 40]], N=[100, 300])
    >>> round(test.statistic, 3), round(test.df, 3), round(test.p, 5)
    (25.271, 1.0, 0.0)
    """
    k = np.asarray(counts, dtype=np.float64)
    people = np.asarray(N, dtype=np.float64) if N is not None else np.full(k.shape[0], np.nan)
    of = np.arange(k.shape[0]) if group is None else np.asarray(group, dtype=np.int64)
    base = k.sum(axis=1)
    if n is not None and not np.array_equal(np.asarray(n, dtype=np.float64), base):
        raise EstimateError("the bases are not those of the counts")
    used = (base > 1) & ~np.isnan(people)
    k, people, base = k[used], people[used], base[used]
    of = np.unique(of[used], return_inverse=True)[1]
    k = k[:, k.sum(axis=0) > 0]
    if len(set(of.tolist())) < 2:
        return Homogeneity(None, None, None, "rao_scott", design, ONE_GROUP)
    if k.shape[1] < 2:
        return Homogeneity(None, None, None, "rao_scott", design, ONE_ANSWER)
    if (people <= base).all():
        return Homogeneity(None, None, None, "rao_scott", design, "alle haben geantwortet")
    mean, V = _cell_shares(k, base, people, of)
    return _second_order(design, mean, V, float(base.sum()), len(base))


def _cell_shares(k: Floats, n: Floats, N: Floats, of: ArrayLike) -> tuple[Floats, Floats]:
    """Weighted shares of (group, category), flat and (groups, categories), and their covariance."""
    groups = np.asarray(of, dtype=np.int64)
    size, kinds = int(groups.max()) + 1, k.shape[1]
    weight, p = N / N.sum(), k / n[:, None]
    mean = np.zeros((size, kinds))
    np.add.at(mean, groups, weight[:, None] * p)
    V = np.zeros((size, kinds, size, kinds))
    scale = weight**2 * unanswered(n, N) / (n - 1)
    for c, g in enumerate(groups):
        V[g, :, g, :] += scale[c] * (np.diag(p[c]) - np.outer(p[c], p[c]))
    return mean, V.reshape(size * kinds, size * kinds)


def _second_order(design: Census, mean: Floats, V: Floats, n: float, cells: int) -> Homogeneity:
    flat = mean.ravel()
    expected = np.outer(mean.sum(axis=1), mean.sum(axis=0))
    pearson = n * float(((mean - expected) ** 2 / expected).sum())
    rows, columns = mean.shape
    contrast = np.kron(_contrasts(rows), _contrasts(columns))
    # a category that one group never gave has no variance there and no weight in the contrast
    inverse = np.where(flat > 0, 1 / np.where(flat > 0, flat, 1), 0.0)
    plain = contrast.T @ (inverse[:, None] / n * contrast)
    real = contrast.T @ (inverse[:, None] * V * inverse[None, :]) @ contrast
    try:
        delta = np.linalg.solve(plain, real)
    except np.linalg.LinAlgError:
        delta = np.linalg.lstsq(plain, real, rcond=None)[0]
    trace, squares = float(np.trace(delta)), float((delta * delta.T).sum())
    if not trace > 1e-12 or not squares > 0:
        return Homogeneity(None, None, None, "rao_scott", design, "jede Gruppe ist sich einig")
    d0 = trace**2 / squares
    statistic = pearson / trace
    p = float(scipy.stats.f.sf(statistic, d0, d0 * (n - cells)))
    return Homogeneity(statistic, d0, p, "rao_scott", design)


def _contrasts(size: int) -> Floats:
    """Columns that sum to 0: every level against the mean of all, the first left out."""
    out: Floats = np.eye(size)[:, 1:] - 1 / size
    return out


def kruskal_wallis(design: Census, counts: ArrayLike, order: ArrayLike) -> Homogeneity:
    """Kruskal-Wallis test on midranks of ``counts`` (groups, categories), with tie correction.

    ``order`` (categories,) sorts the categories. No finite population correction: it rather
    finds too little. Source: Kruskal and Wallis 1952.

    >>> test = kruskal_wallis(Census(), [[5, 10, 15], [15, 10, 5]], [1, 2, 3])
    >>> round(test.statistic, 3), test.df, round(test.p, 4)
    (9.833, 1.0, 0.0017)
    """
    sorted_ = np.asarray(counts, dtype=np.float64)[:, np.argsort(np.asarray(order))]
    k, reason = _trimmed(sorted_)
    if reason:
        return Homogeneity(None, None, None, "kruskal_wallis", design, reason)
    n, total, tied = k.sum(axis=1), k.sum(), k.sum(axis=0)
    rank = np.cumsum(tied) - (tied - 1) / 2
    sums = k @ rank
    h = 12 / (total * (total + 1)) * float((sums**2 / n).sum()) - 3 * (total + 1)
    h /= 1 - float((tied**3 - tied).sum()) / (total**3 - total)
    df = k.shape[0] - 1
    return Homogeneity(
        float(h), float(df), float(scipy.stats.chi2.sf(h, df)), "kruskal_wallis", design
    )


def cramers_v(counts: ArrayLike) -> float | None:
    """Bias-corrected Cramer's V of ``counts`` (groups, categories), 0 to 1; None if undefined.

    Uncorrected V grows with the number of groups even where there is no association: 60 groups
    of 20 that answer alike show V = .22 on average. Source: Bergsma 2013.

    >>> round(cramers_v([[30, 10], [20, 40]]), 4)
    0.3977
    """
    k, reason = _trimmed(counts)
    if reason:
        return None
    n, (rows, columns) = float(k.sum()), k.shape
    expected = np.outer(k.sum(axis=1), k.sum(axis=0)) / n
    phi2 = float(((k - expected) ** 2 / expected).sum()) / n
    phi2 = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    smaller = min(r - (r - 1) ** 2 / (n - 1) for r in (rows, columns)) - 1
    return math.sqrt(phi2 / smaller) if smaller > 0 else None


def cliffs_delta(
    design: Census, counts: tuple[ArrayLike, ArrayLike], N: tuple[ArrayLike, ArrayLike],
    order: ArrayLike, level: float = LEVEL,
) -> Interval:  # fmt: skip
    """P(X > Y) - P(X < Y) for two disjoint groups, from counts (domains, categories) of each.

    ``order`` (categories,) sorts the categories, ``N`` (domains,) are the people of either side
    (nan: unknown). Variance from the placements of Brunner and Munzel 2000 with finite
    populations, limits by t at their degrees of freedom, inside -1 to 1; none where a side has
    fewer than two answers or the placements never vary. Source: Cliff 1993.

    >>> d = cliffs_delta(Census(), ([[2, 5, 13]], [[9, 7, 4]]), ([float("nan")],) * 2, [1, 2, 3])
    >>> d.value.round(3).tolist(), d.low.round(3).tolist(), d.high.round(3).tolist()
    ([0.528], [0.234], [0.821])
    """
    by = np.argsort(np.asarray(order))
    x, y = (np.atleast_2d(np.asarray(c, dtype=np.float64))[:, by] for c in counts)
    n, m = x.sum(axis=1), y.sum(axis=1)
    N1, N2 = (np.broadcast_to(np.asarray(people, dtype=np.float64), n.shape) for people in N)
    below_y, below_x = (np.cumsum(c, axis=1) - c / 2 for c in (y, x))
    place_x, place_y = divide(below_y, m[:, None]), divide(below_x, n[:, None])
    first = _placed(x, place_x, n) * unanswered(n, N1)
    second = _placed(y, place_y, m) * unanswered(m, N2)
    value = 2 * divide((x * np.nan_to_num(place_x)).sum(axis=1), n) - 1
    variance = divide(first, n) + divide(second, m)
    spread = divide(first, n) ** 2 / np.maximum(n - 1, 1) + divide(second, m) ** 2 / np.maximum(
        m - 1, 1
    )
    limited = (n > 1) & (m > 1) & (variance > 1e-15)
    df = divide(variance**2, spread)
    half = np.full(n.shape, np.nan)
    half[limited] = scipy.stats.t.ppf((1 + level) / 2, df[limited]) * 2 * np.sqrt(variance[limited])
    low, high = np.clip(value - half, -1, 1), np.clip(value + half, -1, 1)
    se = np.where(limited, 2 * np.sqrt(np.where(limited, variance, 0)), np.nan)
    nothing = np.full(n.shape, np.nan)
    return Interval(value, se, low, high, nothing, np.where(limited, "brunner_munzel", ""), design)


def cliffs_effect(counts: tuple[ArrayLike, ArrayLike], order: ArrayLike) -> Floats:
    """P(X > Y) - P(X < Y) alone, (domains,), from counts as in :func:`cliffs_delta`.

    Describes the answers and infers nothing, so it needs no design; nan for an empty side.
    Source: Cliff 1993.

    >>> cliffs_effect(([[2, 5, 13]], [[9, 7, 4]]), [1, 2, 3]).round(4).tolist()
    [0.5275]
    """
    by = np.argsort(np.asarray(order))
    x, y = (np.atleast_2d(np.asarray(c, dtype=np.float64))[:, by] for c in counts)
    n, m = x.sum(axis=1), y.sum(axis=1)
    below = np.cumsum(y, axis=1) - y / 2
    out: Floats = 2 * divide((x * below).sum(axis=1), n * m) - 1
    return out


def weighted_delta(
    design: Census, share: ArrayLike, cov: ArrayLike, df: ArrayLike, order: ArrayLike,
    level: float = LEVEL,
) -> Interval:  # fmt: skip
    """P(X > Y) - P(X < Y) from weighted distributions of a group and of the rest, shape (1,).

    ``share`` (2, categories) and ``cov`` (2, categories, categories) of group and rest, both
    from their own weighting cells, ``df`` (2,) their ballots minus cells; ``order`` (categories,)
    sorts the categories. The effect is linear in either distribution, so its variance follows
    from both covariances; limits by t at Welch's degrees of freedom, asymmetric because the
    effect ends at -1 and 1. None where the variance is 0. Sources: Cliff 1993; Feng and Cliff
    2004 for the limits.

    >>> p = np.array([[0.1, 0.25, 0.65], [0.45, 0.35, 0.2]])
    >>> cov = [(np.diag(x) - np.outer(x, x)) / 19 for x in p]
    >>> d = weighted_delta(Census(), p, cov, [19, 19], [1, 2, 3])
    >>> d.value.round(3).tolist(), d.low.round(2).tolist(), d.high.round(2).tolist()
    ([0.528], [0.19], [0.75])
    """
    p, s = np.asarray(share, dtype=np.float64), np.asarray(cov, dtype=np.float64)
    values = np.asarray(order, dtype=np.float64)
    sign = np.sign(values[:, None] - values[None, :])
    toward, from_ = sign @ p[1], p[0] @ sign
    delta = float(p[0] @ toward)
    parts = np.maximum([toward @ s[0] @ toward, from_ @ s[1] @ from_], 0.0)
    variance, freedom = float(parts.sum()), np.asarray(df, dtype=np.float64)
    limited = variance > 1e-15 and bool((freedom > 0).all())
    nothing = np.full(1, np.nan)
    if not limited:
        found = np.array([delta])
        return Interval(found, nothing, nothing, nothing, nothing, np.array([""]), design)
    t = scipy.stats.t.ppf((1 + level) / 2, variance**2 / float((parts**2 / freedom).sum()))
    spread = float(t) ** 2 * variance
    middle, below = delta - delta**3, 1 - delta**2 + spread
    half = float(t) * np.sqrt(variance * ((1 - delta**2) ** 2 + spread))
    low, high = max((middle - half) / below, -1.0), min((middle + half) / below, 1.0)
    value, se, least, most = (
        np.array([x]) for x in (delta, np.sqrt(variance), min(low, delta), max(high, delta))
    )
    return Interval(value, se, least, most, nothing, np.array(["feng_cliff_cells"]), design)


def _placed(counts: Floats, place: Floats, n: Floats) -> Floats:
    """Sample variance of the placements of one side."""
    usable = np.nan_to_num(place)
    mean = divide((counts * usable).sum(axis=1), n)
    return divide((counts * (usable - mean[:, None]) ** 2).sum(axis=1), n - 1)


def _trimmed(counts: ArrayLike) -> tuple[Floats, str]:
    """The counts without empty groups and categories, and why no test is possible."""
    k = np.asarray(counts, dtype=np.float64)
    k = k[k.sum(axis=1) > 0]
    k = k[:, k.sum(axis=0) > 0]
    if k.shape[0] < 2:
        return k, ONE_GROUP
    return k, ONE_ANSWER if k.shape[1] < 2 else ""

"""Rankings of the kind "your top k": first choice, top k, mean rank.

Joint counts have shape (domains, elements, elements, k+1, k+1): ``[d, i, j, r, s]`` ballots put
element i at place r and element j at place s; place 0 means answered but not placed. Ties are
never broken: all unplaced elements of a ballot share the mean of the remaining ranks.
Duels, midranks and choice sets come from ``reports.preferences``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.estimators.design import (
    LEVEL,
    Census,
    Floats,
    Interval,
    divide,
    floats,
    unanswered,
)


@dataclass(frozen=True, slots=True)
class Moments:
    """Means and sample covariances (divisor n - 1) of several quantities per domain.

    ``n`` (domains,), ``mean`` (domains, p), ``cov`` (domains, p, p); nan where n is too small.
    """

    n: Floats
    mean: Floats
    cov: Floats


def from_sums(n: Floats, sums: Floats, products: Floats) -> Moments:
    """Moments from sums (domains, p) and sums of products (domains, p, p).

    >>> from_sums(np.array([3.0]), np.array([[6.0]]), np.array([[[14.0]]])).cov.tolist()
    [[[1.0]]]
    """
    mean = divide(sums, n[:, None])
    filled = np.nan_to_num(mean)
    outer = filled[:, :, None] * filled[:, None, :]
    cov = divide(products - n[:, None, None] * outer, (n - 1)[:, None, None])
    return Moments(n, mean, cov)


def choice_moments(counts: ArrayLike) -> Moments:
    """Shares of the options of a single choice with the covariances of their indicators.

    ``counts`` (domains, options); a ballot has one option, so joint counts are 0.

    >>> choice_moments([[3, 1]]).cov.tolist()
    [[[0.25, -0.25], [-0.25, 0.25]]]
    """
    k = np.asarray(counts, dtype=np.float64)
    return from_sums(k.sum(axis=1), k, k[:, :, None] * np.eye(k.shape[1]))


def bases(pairs: ArrayLike) -> Floats:
    """Number of ballots with an answered ranking per domain, shape (domains,)."""
    k = np.asarray(pairs, dtype=np.float64)
    out: Floats = k[:, 0, 0].sum(axis=(1, 2))
    return out


def top_moments(pairs: ArrayLike, depth: int) -> Moments:
    """Shares of ballots that place each element 1..depth, with the indicators' covariances.

    ``pairs`` as in the module's head; ``depth`` 1 gives first choices.

    >>> ballots = np.zeros((1, 2, 2, 2, 2)); ballots[0, 0, 0, 1, 1] = 3; ballots[0, 0, 0, 0, 0] = 1
    >>> ballots[0, 1, 1, 1, 1] = 1; ballots[0, 1, 1, 0, 0] = 3
    >>> ballots[0, 0, 1, 1, 0] = 3; ballots[0, 0, 1, 0, 1] = 1
    >>> ballots[0, 1, 0, 0, 1] = 3; ballots[0, 1, 0, 1, 0] = 1
    >>> m = top_moments(ballots, 1)
    >>> m.mean.tolist(), m.cov.tolist()
    ([[0.75, 0.25]], [[[0.25, -0.25], [-0.25, 0.25]]])
    """
    k = np.asarray(pairs, dtype=np.float64)
    products = k[..., 1 : depth + 1, 1 : depth + 1].sum(axis=(3, 4))
    sums = np.diagonal(products, axis1=1, axis2=2)
    return from_sums(bases(k), sums, products)


def midrank_moments(n: ArrayLike, twice: ArrayLike, products: ArrayLike) -> Moments:
    """Mean ranks with their covariances from sums of doubled midranks, exact for any ballots.

    ``n`` (domains,), ``twice`` (domains, m), ``products`` (domains, m, m). Ties, and elements that
    a ballot does not place, share the mean of the ranks that are left. Source: Kendall 1945.

    >>> midrank_moments([2], [[5, 7, 12]], [[[13, 17, 30], [17, 25, 42], [30, 42, 72]]]).mean
    array([[1.25, 1.75, 3.  ]])
    """
    sums, squares = np.asarray(twice, dtype=float) / 2, np.asarray(products, dtype=float) / 4
    return from_sums(np.asarray(n, dtype=float), sums, squares)


def mean_rank_interval(
    design: Census, moments: Moments, N: ArrayLike, elements: int, level: float = LEVEL
) -> Interval:
    """Mean ranks with t limits for a finite population, shape (domains, elements).

    Limits only where n >= 30 and the ranks vary; the value stands in any case. Unit: places,
    1 is best. Source: Cochran 1977, section 2.8.
    """
    n, N_ = floats(moments.n, N)
    variance = np.diagonal(moments.cov, axis1=1, axis2=2)
    varies = np.nan_to_num(variance) > 1e-12
    limited = ((n >= 30) & ~(n >= N_))[:, None] & varies
    se = np.sqrt(np.maximum(variance, 0.0) * divide(unanswered(n, N_), n)[:, None])
    t = np.where(n > 1, scipy.stats.t.ppf((1 + level) / 2, np.maximum(n - 1, 1)), np.nan)[:, None]
    low = np.where(limited, np.clip(moments.mean - t * se, 1, elements), np.nan)
    high = np.where(limited, np.clip(moments.mean + t * se, 1, elements), np.nan)
    name = np.where(np.isnan(N_), "t", "t_fpc")[:, None]
    full = ((n == N_) & (n > 0))[:, None]
    method = np.where(limited, name, np.where(full, "full_count", ""))
    nowhere = np.full(low.shape, np.nan)
    return Interval(moments.mean, np.where(limited, se, np.nan), low, high, nowhere, method, design)

"""Rankings of the kind "your top k": first choice, top k, mean rank, pairwise majorities.

Joint counts have shape (domains, elements, elements, k+1, k+1): ``[d, i, j, r, s]`` ballots put
element i at place r and element j at place s; place 0 means answered but not placed. Ties are
never broken: all unplaced elements of a ballot share the mean of the remaining ranks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

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


def rank_moments(pairs: ArrayLike) -> Moments:
    """Mean ranks with their covariances; unplaced elements take the mean of the remaining ranks.

    A ballot that places q of m elements gives each other element the rank (q + 1 + m)/2. Means
    and variances are exact. For ballots that stop before place k, a covariance needs the number
    placed jointly with two elements, which pairs do not hold: it is taken as if any two
    elements went together as often as their own counts make likely, and corrected so that, as
    it must be, the ranks of a ballot have a constant sum. With complete ballots all is exact.
    Midranks: Kendall 1945.

    >>> full = np.zeros((1, 2, 2, 2, 2))
    >>> full[0, 0, 1, 1, 0] = full[0, 1, 0, 0, 1] = 3
    >>> full[0, 0, 0, 1, 1] = full[0, 1, 1, 0, 0] = 3
    >>> rank_moments(full).mean.tolist()
    [[1.0, 2.0]]
    """
    k = np.asarray(pairs, dtype=np.float64)
    m, depth = k.shape[1], k.shape[3] - 1
    n = bases(k)
    placed = np.arange(depth + 1)
    remaining = (placed + 1 + m) / 2
    # sizes[d, i, r, q]: ballots with element i at place r that place exactly q elements
    sizes = _sizes(k)
    ranks = np.where(placed[:, None] > 0, placed[:, None], remaining[None, :])
    sums = np.einsum("dirq,rq->di", sizes, ranks)
    squares = np.einsum("dirq,rq->di", sizes, ranks**2)
    both = np.einsum("dijrs,r,s->dij", k[..., 1:, 1:], placed[1:], placed[1:])
    crossed = _placed_beside_unplaced(k, sizes, remaining)
    neither = _both_unplaced(k, sizes, remaining)
    products = both + crossed + crossed.transpose(0, 2, 1) + neither
    own = np.arange(m)
    products[:, own, own] = squares
    found = from_sums(n, sums, products)
    return Moments(n, found.mean, _constant_sum(found.cov))


def _constant_sum(cov: Floats) -> Floats:
    """Covariances whose rows sum to 0, by amounts a_i + a_j added outside the diagonal."""
    m = cov.shape[1]
    if m < 3:
        return cov
    excess = cov.sum(axis=2)
    share = (excess - excess.sum(axis=1, keepdims=True) / (2 * m - 2)) / (m - 2)
    added: Floats = cov - (share[:, :, None] + share[:, None, :]) * ~np.eye(m, dtype=bool)
    return added


def _sizes(k: Floats) -> Floats:
    """Ballots by element, its place and how many elements the ballot places, (d, i, r, q).

    A ballot places at least q elements exactly if some element has place q.
    """
    everyone = np.einsum("diirr->dir", k)[..., None]
    at_least = np.concatenate([everyone, k[..., 1:].sum(axis=2)], axis=-1)
    more = np.concatenate([at_least[..., 1:], np.zeros_like(everyone)], axis=-1)
    out: Floats = np.maximum(at_least - more, 0.0)
    return out


def _shares_unplaced(sizes: Floats) -> Floats:
    """Share of ballots of each size that leave an element unplaced, (d, j, q)."""
    return np.nan_to_num(divide(sizes[:, :, 0], sizes.sum(axis=2)))


def _placed_beside_unplaced(k: Floats, sizes: Floats, remaining: Floats) -> Floats:
    """Sums of rank products over ballots that place i and leave j unplaced, (d, i, j)."""
    likely = np.einsum("dirq,djq->dijrq", sizes[:, :, 1:], _shares_unplaced(sizes))
    rank_of_j = np.nan_to_num(divide(likely @ remaining, likely.sum(axis=-1)))
    places = np.arange(1, k.shape[3])
    out: Floats = (k[..., 1:, 0] * rank_of_j * places).sum(axis=-1)
    return out


def _both_unplaced(k: Floats, sizes: Floats, remaining: Floats) -> Floats:
    """Sums of rank products over ballots that leave i and j unplaced, (d, i, j)."""
    m, size = sizes.shape[1], np.arange(sizes.shape[3])
    # of the m - q unplaced elements one is i already
    seats = np.maximum(m - 1 - size, 0) / np.maximum(m - size, 1)
    likely = np.einsum("diq,djq,q->dijq", sizes[:, :, 0], _shares_unplaced(sizes), seats)
    square = np.nan_to_num(divide(likely @ remaining**2, likely.sum(axis=-1)))
    out: Floats = k[..., 0, 0] * square
    return out


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
    t = np.where(n > 1, stats.t.ppf((1 + level) / 2, np.maximum(n - 1, 1)), np.nan)[:, None]
    low = np.where(limited, np.clip(moments.mean - t * se, 1, elements), np.nan)
    high = np.where(limited, np.clip(moments.mean + t * se, 1, elements), np.nan)
    name = np.where(np.isnan(N_), "t", "t_fpc")[:, None]
    full = ((n == N_) & (n > 0))[:, None]
    method = np.where(limited, name, np.where(full, "full_count", ""))
    nowhere = np.full(low.shape, np.nan)
    return Interval(moments.mean, np.where(limited, se, np.nan), low, high, nowhere, method, design)


@dataclass(frozen=True, slots=True)
class Majorities:
    """Shares of ballots that prefer element i to j, and that tie them; (domains, m, m) each."""

    n: Floats
    prefer: Floats
    tie: Floats


def majorities(pairs: ArrayLike) -> Majorities:
    """The pairwise-majority matrix for "your top k": placed beats unplaced, both unplaced tie.

    Base: all ballots with an answered ranking. The diagonal is nan. Source: Condorcet 1785.

    >>> full = np.zeros((1, 2, 2, 2, 2))
    >>> full[0, 0, 1, 1, 0] = full[0, 1, 0, 0, 1] = 3
    >>> full[0, 0, 0, 1, 1] = full[0, 1, 1, 0, 0] = 3
    >>> float(majorities(full).prefer[0, 0, 1])
    1.0
    """
    k = np.asarray(pairs, dtype=np.float64)
    place = np.arange(k.shape[3])
    better = (place[:, None] > 0) & ((place[None, :] == 0) | (place[:, None] < place[None, :]))
    n, own = bases(k), np.arange(k.shape[1])
    prefer = divide(np.einsum("dijrs,rs->dij", k, better.astype(float)), n[:, None, None])
    tie = divide(np.einsum("dijrr->dij", k), n[:, None, None])
    prefer[:, own, own] = np.nan
    tie[:, own, own] = np.nan
    return Majorities(n, prefer, tie)

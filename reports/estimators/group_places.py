"""Which place each group may have among all groups: what may be said instead of a league table."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.errors import EstimateError
from reports.estimators.departments import holm
from reports.estimators.design import LEVEL, Census, Floats, divide, floats, unanswered
from reports.estimators.dispute import BoundedSets

FEW = 50
"""A pair with fewer answers expected on either side is also judged by the hypergeometric tail."""


def group_places(
    design: Census, x: ArrayLike, n: ArrayLike, N: ArrayLike, level: float = LEVEL
) -> BoundedSets:
    """Simultaneous possible places of groups by their shares x/n, greatest first.

    ``x``, ``n``, ``N`` (groups,): answers that count, valid answers (at least one), people asked
    (nan: unknown, then without finite population correction). Groups are independent of each
    other. Every ordered pair is tested for "i is above j" with the variance that both would have
    if they were alike; where few answers are expected the p is the larger of this one and of the
    hypergeometric tail. The place of i lies between 1 + the groups proven above it and all groups
    less those proven below, Holm-adjusted over all pairs. Between two groups that are fully
    counted every difference is proven. Sources: Mogstad et al. 2024 for sets from pairwise
    tests; Holm 1979; Fisher 1935 for the tail.

    >>> r = group_places(Census(), [160, 90, 80], [200, 200, 200], [400, 400, 400])
    >>> list(zip(r.low.tolist(), r.high.tolist()))
    [(1, 1), (2, 3), (2, 3)]
    """
    if not isinstance(design, Census):
        raise EstimateError("possible places need a census attempt")
    x_, n_, N_ = floats(x, n, N)
    value, m = divide(x_, n_), x_.size
    apart = ~np.eye(m, dtype=bool)
    adjusted = np.ones((m, m))
    if m > 1:
        adjusted[apart] = holm(_above_p(x_, n_, unanswered(n_, N_), 1 - level)[apart])
    above = adjusted <= 1 - level
    place = 1 + (value[None, :] > value[:, None] + 1e-12).sum(axis=1)
    return BoundedSets(place, 1 + above.sum(axis=0), m - above.sum(axis=1), design)


def _above_p(x: Floats, n: Floats, rest: Floats, alpha: float) -> Floats:
    """p of every ordered pair (i, j) that i does not lie above j, (groups, groups)."""
    total, people = x[:, None] + x[None, :], n[:, None] + n[None, :]
    pooled = total / people
    gap = (x / n)[:, None] - (x / n)[None, :]
    se = np.sqrt(pooled * (1 - pooled) * ((rest / n)[:, None] + (rest / n)[None, :]))
    z = np.where((se == 0) & (gap > 0), np.inf, 0.0)
    np.divide(gap, se, out=z, where=se > 0)
    p: Floats = scipy.special.ndtr(-z)
    expected = np.minimum(n[:, None], n[None, :]) * np.minimum(pooled, 1 - pooled)
    few = (p <= alpha) & (expected < FEW) & (se > 0)
    i, _ = np.nonzero(few)
    tail = scipy.stats.hypergeom.sf(x[i] - 1, people[few], total[few], n[i])
    p[few] = np.maximum(p[few], tail)
    return p

"""Small groups and many groups: the exact permutation test and the data of a funnel plot."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import final

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.errors import EstimateError
from reports.estimators.design import Census, Floats, divide, unanswered

PERMUTED_BELOW = 100
"""Largest group whose permutation distribution is worked out."""


def permutation_p(design: Census, group: ArrayLike, rest: ArrayLike, scores: ArrayLike) -> float:
    """Exact two-sided p of a small group's sum of scores, over all ways to draw it from all.

    ``group`` and ``rest`` (categories,) are counts of answers, ``scores`` (categories,) whole
    numbers. The p is the share of all choices of n of the pooled answers whose sum lies at
    least as far from its expectation. For two categories this is a hypergeometric test. nan for
    an empty group or rest; raises ``EstimateError`` for groups of 100 answers and more, where
    Welch's test holds. Source: Pitman 1937.

    >>> round(permutation_p(Census(), [1, 5], [12, 4], [0, 1]), 4)
    0.0231
    """
    if not isinstance(design, Census):
        raise EstimateError("a test needs a census attempt")
    x, y = (np.asarray(a, dtype=np.int64) for a in (group, rest))
    s = np.asarray(scores, dtype=np.int64)
    s = s - s.min()
    n, total = int(x.sum()), int((x + y).sum())
    if n == 0 or n == total:
        return float("nan")
    if n >= PERMUTED_BELOW:
        raise EstimateError(f"{n} answers: the permutation test is for fewer than {PERMUTED_BELOW}")
    weights = _distribution(x + y, s, n, total)
    sums = np.arange(weights.size)
    middle = n * float(((x + y) * s).sum()) / total
    far = np.abs(sums - middle) >= abs(float((x * s).sum()) - middle) - 1e-9
    return min(1.0, float(weights[far].sum() / weights.sum()))


def _distribution(pool: ArrayLike, scores: ArrayLike, n: int, total: int) -> Floats:
    """Weight of every possible sum of n drawn answers, up to a common factor."""
    widest = n * int(np.max(scores))
    ways = np.zeros((n + 1, widest + 1))
    ways[0, 0] = 1.0
    for m, s in zip(np.asarray(pool).tolist(), np.asarray(scores).tolist(), strict=True):
        more = np.zeros_like(ways)
        for j in range(min(m, n) + 1):
            # C(m, j) / total^j stays within the range of floats
            weight = np.exp(
                scipy.special.gammaln(m + 1)
                - scipy.special.gammaln(j + 1)
                - scipy.special.gammaln(m - j + 1)
                - j * np.log(total)
            )
            shifted = j * s
            if shifted > widest:
                break
            more[j:, shifted:] += weight * ways[: n + 1 - j, : widest + 1 - shifted]
        ways = more
    out: Floats = ways[n]
    return out


FUNNEL_LEVELS = (0.95, 0.998)


@final
@dataclass(frozen=True, slots=True)
class Funnel:
    """Where a group's share would lie if it were that of everybody, (levels, groups)."""

    value: Floats
    centre: Floats
    low: Floats
    high: Floats
    design: InitVar[Census]

    def __post_init__(self, design: Census) -> None:
        if not isinstance(design, Census):
            raise EstimateError("a funnel needs a census attempt")


def funnel(
    design: Census, x: ArrayLike, n: ArrayLike, N: ArrayLike,
    levels: tuple[float, ...] = FUNNEL_LEVELS,
) -> Funnel:  # fmt: skip
    """Shares of groups with the limits that chance alone gives a group of their size.

    ``x``, ``n``, ``N`` (groups,); N nan: no finite population correction. The centre of each
    group is the share of all other groups, weighted by people (by answers where N is unknown);
    limits are centre ± z √((1 - f) p (1 - p)/n), cut at 0 and 1. Groups outside are worth a
    look, not a claim. nan for an empty group or where there is no other. Source: Spiegelhalter
    2005.

    >>> f = funnel(Census(), [30, 20], [40, 60], [100, 200])
    >>> f.centre.round(3).tolist(), f.low[0].round(3).tolist(), f.high[0].round(3).tolist()
    ([0.333, 0.75], [0.22, 0.658], [0.446, 0.842])
    """
    x_, n_, N_ = (np.asarray(a, dtype=np.float64) for a in (x, n, N))
    weight = np.where(n_ > 0, np.where(np.isnan(N_), n_, N_), 0.0)
    value = divide(x_, n_)
    total = weight * np.nan_to_num(value)
    centre = np.clip(divide(total.sum() - total, weight.sum() - weight), 0.0, 1.0)
    spread = np.sqrt(unanswered(n_, N_) * divide(centre * (1 - centre), n_))
    z = scipy.stats.norm.ppf((1 + np.asarray(levels)) / 2)[:, None]
    low, high = np.clip(centre - z * spread, 0, 1), np.clip(centre + z * spread, 0, 1)
    return Funnel(value, centre, low, high, design)

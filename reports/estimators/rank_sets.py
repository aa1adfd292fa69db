"""Which places an element may have: simultaneous confidence sets for ranks.

Mogstad, Romano, Shaikh and Wilhelm 2024, Inference for Ranks with Applications to Mobility
across Neighbourhoods and Academic Achievement across Countries, Review of Economic Studies 91.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from functools import lru_cache
from typing import final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from reports.errors import EstimateError
from reports.estimators.design import LEVEL, Census, Floats

DIRECTIONS = 2_048
SEED = 20_240_401
_PER_UNIT = 400
SCORE_BELOW = 100
"""With fewer ballots differences are judged by the variance they would have without any."""

Places = NDArray[np.int64]


@final
@dataclass(frozen=True, slots=True)
class RankSets:
    """Estimated places with the lowest and highest possible ones, shape (elements,) each.

    ``place`` is 1 + the number of elements with a greater estimate: tied estimates share it.
    ``critical`` is the last critical value of the step-down.
    """

    place: Places
    low: Places
    high: Places
    critical: float
    design: InitVar[Census]

    def __post_init__(self, design: Census) -> None:
        if not isinstance(design, Census):
            raise EstimateError("possible places need a census attempt")


def rank_sets(
    design: Census,
    value: ArrayLike,
    cov: ArrayLike,
    n: float,
    unanswered: float = 1.0,
    level: float = LEVEL,
) -> RankSets:
    """Simultaneous confidence sets for the ranks of all elements, greatest value first.

    ``value`` (p,) estimates, ``cov`` (p, p) their covariance with the factor ``unanswered``
    = 1 - n/N already in it, ``n`` ballots behind them (effective ones if weighted). All ordered
    pairs are tested for "i is above j" by max-t with step-down; the place of i lies between
    1 + the elements proven above and p - the elements proven below. The quantile is that of a
    normal vector with this covariance, integrated over fixed directions, with the tail of a t
    with n - 1 degrees of freedom. Below 100 ballots, and for a pair whose difference never
    varied, the squared difference joins the variance, as under the hypothesis that there is
    none, and the tail is normal (measured coverage at n = 30 to 99: .932 to .971, with t
    quantiles alone .909 to .967). After a full count (``unanswered`` = 0) every difference is
    proven. Sources: Mogstad et al. 2024, section 3; Romano and Wolf 2005; McNemar 1947 for the
    variance.

    >>> r = rank_sets(Census(), [0.6, 0.4, 0.39], np.diag([0.0004] * 3), 600)
    >>> list(zip(r.low.tolist(), r.high.tolist()))
    [(1, 1), (2, 3), (2, 3)]
    """
    theta = np.asarray(value, dtype=np.float64)
    sigma = np.asarray(cov, dtype=np.float64)
    difference = theta[:, None] - theta[None, :]
    few = n < SCORE_BELOW
    se, drawn = _spreads(sigma, difference, unanswered / n, few)
    above, critical = _step_down(difference, se, sigma, drawn, level, np.inf if few else n - 1)
    place = 1 + (difference < -1e-12).sum(axis=1)
    low, high = 1 + above.sum(axis=0), theta.size - above.sum(axis=1)
    return RankSets(place, low, high, critical, design)


def _spreads(
    sigma: Floats, difference: Floats, scale: float, few: bool
) -> tuple[Floats, NDArray[np.bool_]]:
    """Standard errors of all differences, and which of them vary in the draws."""
    own = np.diagonal(sigma)
    variance = own[:, None] + own[None, :] - 2 * sigma
    varies = variance > 1e-12 * max(float(own.max(initial=0.0)), 1e-300)
    without = scale * difference**2
    score = np.where(varies, variance, 0.0) + without
    return np.sqrt(np.where(varies & (not few), variance, score)), varies


def _step_down(
    difference: Floats,
    se: Floats,
    sigma: Floats,
    drawn: NDArray[np.bool_],
    level: float,
    df: float,
) -> tuple[NDArray[np.bool_], float]:
    """Which element is proven above which, (p, p), and the last critical value.

    One critical value for all pairs makes the relation transitive: the standard error of a sum
    of two differences is at most the sum of theirs. Pairs that never varied cannot be drawn:
    while one is open, Bonferroni bounds the quantile.
    """
    p = difference.shape[0]
    above = np.zeros((p, p), dtype=bool)
    certain = (se == 0) & (difference > 0)
    t = np.where(certain, np.inf, 0.0)
    np.divide(difference, se, out=t, where=se > 0)
    root = _root(sigma)
    critical = 0.0
    while True:
        open_ = ~above & ~np.eye(p, dtype=bool)
        critical = _critical(root, se, open_ & drawn, level, df)
        if (open_ & ~drawn & (se > 0)).any():
            critical = max(critical, float(scipy.stats.norm.ppf(1 - (1 - level) / open_.sum())))
        found = open_ & (t > critical)
        if not found.any():
            return above, critical
        above |= found


def _critical(
    root: Floats, se: Floats, family: NDArray[np.bool_], level: float, df: float
) -> float:
    """Quantile of the largest standardised difference over a family of ordered pairs.

    A normal vector is a direction times a length independent of it, whose square has a
    chi-square distribution. Directions are drawn, lengths integrated exactly: the quantile is
    the c at which the mean probability, over the directions, that the length stays below
    c / (largest difference in that direction) is ``level``. Because variances are estimated,
    c is replaced by the t quantile, with ``df`` degrees of freedom, of the same tail.
    Source: Deak 1980; Genz and Bretz 2009, section 4.1.
    """
    if not family.any():
        return 0.0
    largest = _largest(root, se, family)
    reach = largest[largest > 0]
    free, shorter = 1 - reach.size / largest.size, _shorter(root.shape[0])
    steps, last = _PER_UNIT / reach, shorter.size - 2

    def missing(c: float) -> float:
        at = c * steps
        below = np.minimum(at, last).astype(np.intp)
        part = np.minimum(at - below, 1.0)
        inside = shorter[below]
        inside += part * (shorter[below + 1] - inside)
        return float(free + inside.sum() / largest.size - level)

    # one pair alone, and Bonferroni's bound for all of them with room for the drawn directions
    least, most = (
        float(-scipy.special.ndtri((1 - level) / pairs)) for pairs in (1, int(family.sum()))
    )
    if missing(least) >= 0:
        normal = least
    else:
        normal = float(scipy.optimize.brentq(missing, least, most + 1.0, xtol=1e-4, rtol=1e-5))
    return (
        normal
        if np.isinf(df)
        else float(-scipy.special.stdtrit(float(df), float(scipy.special.ndtr(-normal))))
    )


def _largest(root: Floats, se: Floats, family: NDArray[np.bool_]) -> Floats:
    """The largest standardised difference in each direction, shape (directions,).

    Opposite directions have opposite differences; where every pair is open both ways they need
    not be looked at apart.
    """
    half = root @ _directions(root.shape[1])
    sides = 1 if (family == family.T).all() else 2
    largest = np.full((sides, half.shape[1]), -np.inf)
    for i in range(family.shape[0] - 1):
        others = i + 1 + np.flatnonzero(family[i, i + 1 :] | family[i + 1 :, i])
        if not others.size:
            continue
        gap = (half[i] - half[others]) / se[i, others][:, None]
        up, down = family[i, others], family[others, i]
        if (up & down).all():
            np.maximum(largest, np.abs(gap).max(axis=0), out=largest)
            continue
        for side, sign in ((0, 1.0), (1, -1.0)):
            for chosen, way in ((up, sign), (down, -sign)):
                if chosen.any():
                    np.maximum(largest[side], (way * gap[chosen]).max(axis=0), out=largest[side])
    return largest.ravel()


def _root(sigma: Floats) -> Floats:
    """A square root of a covariance; rounding below zero is cut off."""
    values, vectors = np.linalg.eigh((sigma + sigma.T) / 2)
    out: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return out


@lru_cache(maxsize=8)
def _shorter(p: int) -> Floats:
    """Probability that a normal vector in p dimensions is shorter than 0, 1/_PER_UNIT, … units.

    Linear in between it is off by less than 10⁻⁶; the quantiles need four digits.

    >>> bool(np.isclose(_shorter(2)[2 * _PER_UNIT], 1 - np.exp(-2)))
    True
    """
    lengths = np.arange(int((np.sqrt(p) + 8) * _PER_UNIT) + 2) / _PER_UNIT
    out: Floats = np.asarray(scipy.special.gammainc(p / 2, lengths**2 / 2), dtype=np.float64)
    out.setflags(write=False)
    return out


@lru_cache(maxsize=8)
def _directions(p: int) -> Floats:
    """Unit vectors, shape (p, DIRECTIONS); each also stands for its opposite."""
    out: Floats = np.random.default_rng(SEED).standard_normal((p, DIRECTIONS))
    out /= np.linalg.norm(out, axis=0)
    out.setflags(write=False)
    return out

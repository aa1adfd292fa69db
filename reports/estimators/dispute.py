"""How far answers fall apart, and which of several texts are disputed most."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import final

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.errors import EstimateError
from reports.estimators.design import LEVEL, Census, Floats
from reports.estimators.rank_sets import Places


def disagreement(counts: ArrayLike, *, ordered: bool) -> tuple[float, float]:
    """Index between 0 (all alike) and 1 (as divided as can be), and its standard deviation.

    ``counts`` (categories,) of one item. Without order the index of qualitative variation
    K/(K-1) (1 - Σp²); for an ordered scale 2/(K-1) Σ min(F, 1-F) over the cumulated shares F,
    which is 1 if one half stands at each end. The standard deviation is that of a single
    answer's influence: divide by √n. Where all answers are equally frequent it is 0, and the index
    still varies by about √2/n. nan for fewer than two categories or an empty base.
    Source: Wilcox 1973; Leik 1966; delta method.

    >>> disagreement([50, 50], ordered=False)
    (1.0, 0.0)
    >>> disagreement([10, 0, 10], ordered=True)[0], disagreement([10, 10, 0], ordered=True)[0]
    (1.0, 0.5)
    """
    k = np.asarray(counts, dtype=np.float64)
    n = float(k.sum())
    if k.size < 2 or n <= 0:
        return np.nan, np.nan
    p = k / n
    if ordered:
        cumulated = np.cumsum(p)[:-1]
        value = 2 * float(np.minimum(cumulated, 1 - cumulated).sum()) / (k.size - 1)
        slope = np.where(cumulated < 0.5, 1.0, -1.0) * 2 / (k.size - 1)
        influence = np.append(np.cumsum(slope[::-1])[::-1], 0.0)
    else:
        value = float((1 - (p**2).sum()) * k.size / (k.size - 1))
        influence = -2 * p * k.size / (k.size - 1)
    variance = float((p * influence**2).sum() - (p @ influence) ** 2)
    return min(max(value, 0.0), 1.0), float(np.sqrt(max(variance, 0.0)))


@final
@dataclass(frozen=True, slots=True)
class BoundedSets:
    """Possible places, (items,) each; tied values share a place."""

    place: Places
    low: Places
    high: Places
    design: InitVar[Census]

    def __post_init__(self, design: Census) -> None:
        if not isinstance(design, Census):
            raise EstimateError("possible places need a census attempt")


def bounded_sets(
    design: Census, value: ArrayLike, se: ArrayLike, level: float = LEVEL
) -> BoundedSets:
    """Simultaneous possible places where nothing is known of the correlations, greatest first.

    The standard error of a difference is at most the sum of both, and Holm's step-down needs no
    joint distribution: wider than :func:`reports.estimators.rank_sets.rank_sets`, but from
    single tables alone. Sources: Holm 1979; Mogstad et al. 2024 for sets from pairwise tests.

    >>> r = bounded_sets(Census(), [0.9, 0.5, 0.48], [0.02, 0.02, 0.02])
    >>> list(zip(r.low.tolist(), r.high.tolist()))
    [(1, 1), (2, 3), (2, 3)]
    """
    v, s = np.asarray(value, dtype=np.float64), np.asarray(se, dtype=np.float64)
    m = v.size
    gap, spread = v[:, None] - v[None, :], s[:, None] + s[None, :]
    t = np.where((spread == 0) & (gap > 0), np.inf, 0.0)
    np.divide(gap, spread, out=t, where=spread > 0)
    above = np.zeros((m, m), dtype=bool)
    pairs = m * (m - 1)
    flat = np.argsort(-t, axis=None, kind="stable")
    order = [(int(at) // m, int(at) % m) for at in flat if at // m != at % m]
    for step, (i, j) in enumerate(order):
        if t[i, j] <= scipy.stats.norm.ppf(1 - (1 - level) / (pairs - step)):
            break
        above[i, j] = True
    place = 1 + (gap < -1e-12).sum(axis=1)
    return BoundedSets(place, 1 + above.sum(axis=0), m - above.sum(axis=1), design)


def as_floats(rows: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Values and standard deviations of several items as arrays."""
    both = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return both[:, 0], both[:, 1]

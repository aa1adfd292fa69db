"""Did it matter where an entry was shown? First place against last, from the drawn orders.

Orders were drawn by lot for each person, so a difference between the places is caused by the
order. Counts of answers by shown order are parted from the rows: for every entry and order a
distribution, for pairs of entries none; standard errors use the bound that is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from reports.estimators.design import LEVEL, Census, Floats, Interval


@dataclass(frozen=True, slots=True)
class Effect:
    """Mean of the entries shown first minus that of the entries shown last."""

    value: float
    se: float
    n: float
    """Answers of the smallest order."""


def order_effect(
    counts: ArrayLike, scores: ArrayLike, orders: Sequence[Sequence[int]], *, shares: bool
) -> Effect:
    """The effect of standing first instead of last, adjusted for which entries stood there.

    ``counts`` (entries, orders, values) answers, ``scores`` (values,) what a value counts (1 and
    0 for a share), ``orders`` the entries of each order from first to last. The entries' own
    means over all orders are taken out; in a full Latin square they cancel. The standard error
    adds up over the orders, which different people saw. Within an order two entries are
    judged by the same people: for shares (``shares``) the covariance takes the worst value
    that the margins allow, for scores it is taken as not negative. nan where an order was
    never answered. Source: Krosnick and Alwin 1987 for the question; Williams 1949 for the
    orders; Frechet 1951 for the bound.

    >>> counts = np.array([[[60, 40], [40, 60]], [[40, 60], [60, 40]]])
    >>> effect = order_effect(counts, [1, 0], [(0, 1), (1, 0)], shares=True)
    >>> round(effect.value, 6), round(effect.se, 4)
    (0.2, 0.0696)
    """
    k = np.asarray(counts, dtype=np.float64)
    s = np.asarray(scores, dtype=np.float64)
    n = k.sum(axis=2)
    if k.shape[0] < 2 or k.shape[1] < 2 or (n < 2).any():
        return Effect(np.nan, np.nan, float(n.min(initial=0)))
    mean = k @ s / n
    variance = np.maximum(k @ s**2 / n - mean**2, 0.0) / (n - 1)
    weight = _weights(k.shape[0], orders)
    value = float((weight * mean).sum())
    total = sum(
        _spread(weight[:, o], variance[:, o], mean[:, o], n[:, o], shares=shares)
        for o in range(k.shape[1])
    )
    return Effect(value, float(np.sqrt(total)), float(n.min()))


def _weights(entries: int, orders: Sequence[Sequence[int]]) -> Floats:
    """What each entry counts in each order, (entries, orders); rows sum to 0."""
    out = np.zeros((entries, len(orders)))
    for o, order in enumerate(orders):
        out[order[0], o] += 1 / len(orders)
        out[order[-1], o] -= 1 / len(orders)
    centred: Floats = out - out.mean(axis=1, keepdims=True)
    return centred


def _spread(weight: Floats, variance: Floats, mean: Floats, n: Floats, *, shares: bool) -> float:
    own = float((weight**2 * variance).sum())
    if not shares:
        return own
    least = np.maximum(0.0, mean[:, None] + mean[None, :] - 1)
    most = np.minimum(mean[:, None], mean[None, :])
    both = weight[:, None] * weight[None, :]
    joint = np.where(both < 0, least, most) - mean[:, None] * mean[None, :]
    worst = both * joint / (np.minimum(n[:, None], n[None, :]) - 1)
    np.fill_diagonal(worst, 0.0)
    return own + float(worst.sum())


def effect_interval(design: Census, effect: Effect, level: float = LEVEL) -> Interval:
    """The effect with normal limits, shape (1,); unit: that of the scores.

    No finite population correction: the orders were drawn, whoever answered.

    >>> r = effect_interval(Census(), Effect(0.2, 0.05, 50.0))
    >>> r.low.round(3).tolist(), r.high.round(3).tolist()
    ([0.102], [0.298])
    """
    value, se = np.array([effect.value]), np.array([effect.se])
    half = scipy.stats.norm.ppf((1 + level) / 2) * se
    method = np.array(["" if np.isnan(effect.se) else "randomised_order"])
    nowhere: NDArray[np.float64] = np.full(1, np.nan)
    return Interval(value, se, value - half, value + half, nowhere, method, design)

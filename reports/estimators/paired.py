"""Two answers of the same people: importance against today, from joint counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reports.estimators.design import LEVEL, Census, Floats, Interval, divide
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

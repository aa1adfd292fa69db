"""Classes for typed numbers and dates in which nobody stands alone.

A table of single numbers would name single people. So answers are sorted into classes of a
round width and neighbours are joined until each class holds enough people; the first and the
last class are open, so that neither the smallest nor the largest answer is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEEDS = 10
"""Fewest people in a class, whatever a study's rules add to it."""
OPEN = 2**60
"""What stands for the missing limit of an open class."""
MOST_CLASSES = 12
_LEAST_CLASSES = 6


def classes(values: Ints, needs: int, origin: str = "") -> Ints:
    """Classes of ``values`` (n,) as rows (lower limit, limit above, people), shape (classes, 3).

    The upper limit does not belong to the class; limits of open ends are -OPEN and OPEN.
    ``origin`` is the ISO date of day 0 for dates, whose classes begin with months or years. An
    empty table where fewer than ``needs`` people answered.

    >>> classes(np.array([3] * 12 + [4] * 15 + [9]), 10).tolist()
    [[-1152921504606846976, 4, 12], [4, 1152921504606846976, 16]]
    """
    if values.size < needs:
        return np.zeros((0, 3), dtype=np.int64)
    low, high = int(values.min()), int(values.max())
    limits = np.array(_limits(low, high, origin), dtype=np.int64)
    counts = np.bincount(np.searchsorted(limits, values, side="right"), minlength=limits.size + 1)
    rows: list[list[int]] = []
    lower, people = -OPEN, 0
    for upper, count in zip([*limits.tolist(), OPEN], counts.tolist(), strict=True):
        people += count
        if people >= needs:
            rows.append([lower, upper, people])
            lower, people = upper, 0
    if people or rows[-1][1] != OPEN:
        rows[-1] = [rows[-1][0], OPEN, rows[-1][2] + people]
    return np.array(rows, dtype=np.int64)


def _limits(low: int, high: int, origin: str) -> list[int]:
    """Limits between classes of the finest round width that gives few enough classes."""
    if is_date(origin):
        return _calendar(low, high, date.fromisoformat(origin))
    width = 1
    for power in range(12):
        for step in (1, 2, 5):
            width = step * 10**power
            if (high - low) // width + 1 <= MOST_CLASSES:
                return list(range((low // width + 1) * width, high + 1, width))
    return []


def _calendar(low: int, high: int, first: date) -> list[int]:
    start, end = first + timedelta(low), first + timedelta(high)
    for months in (1, 3, 6, 12, 24, 60, 120, 240, 600):
        # months since year 0, on the grid of this width
        at = (start.year * 12 + start.month - 1) // months * months + months
        limits = []
        while (day := date(at // 12, at % 12 + 1, 1)) <= end:
            limits.append((day - first).days)
            at += months
        if len(limits) < MOST_CLASSES:
            return limits
    return []


def is_date(origin: str) -> bool:
    """Whether an origin is that of dates.

    >>> is_date("1900-01-01"), is_date("-5"), is_date("")
    (True, False, False)
    """
    return len(origin) == 10 and origin[4] == origin[7] == "-"


def joined_classes(rows: Sequence[Sequence[int]], needs: int) -> list[tuple[int, int, int]]:
    """Neighbours joined until each class holds ``needs`` people, as a stricter rule wants.

    >>> joined_classes([(0, 2, 10), (2, 4, 10), (4, 6, 15)], 15)
    [(0, 4, 20), (4, 6, 15)]
    """
    out: list[tuple[int, int, int]] = []
    lower, people = 0, 0
    for first, upper, count in rows:
        lower = first if not people else lower
        people += count
        if people >= needs:
            out.append((lower, upper, people))
            people = 0
    if people and out:
        out[-1] = (out[-1][0], rows[-1][1], out[-1][2] + people)
    return out


DOMINATED = 0.1
"""A mean is withheld where all but the two farthest answers are farther from its middle, in sum,
than this part of the farthest one: that one could be guessed from the mean."""
_LARGEST = 2**62


def sums(values: Ints, needs: int) -> Ints:
    """What mean, variance and skewness of ``values`` (n,) need, shape (1, 6), or (0, 6).

    The row holds n, the middle answer c, the sums of (v - c), (v - c)^2 and (v - c)^3, and the
    quartile skewness of :func:`lean` in whole hundredths. Nothing where fewer than ``needs``
    people answered, where one answer dominates the sum of distances (the p% rule of Hundepool et
    al. 2012, chapter 4, with p = 10), or for numbers that are too large.

    >>> sums(np.array([1, 2, 3] * 5), 10).tolist(), sums(np.array([1] * 20 + [900]), 10).tolist()
    ([[15, 2, 0, 10, 0, 0]], [])
    """
    nothing = np.zeros((0, 6), dtype=np.int64)
    if values.size < needs:
        return nothing
    middle = int(np.sort(values)[values.size // 2])
    away = values - middle
    distance = np.sort(np.abs(away))
    farthest = int(distance[-1])
    if farthest**3 * values.size >= _LARGEST:
        return nothing
    rest = int(distance[:-2].sum())
    if farthest and rest < DOMINATED * farthest:
        return nothing
    row = [values.size, middle, int(away.sum()), int((away**2).sum()), int((away**3).sum())]
    return np.array([[*row, round(100 * lean(values))]], dtype=np.int64)


def lean(values: Ints) -> float:
    """Bowley's quartile skewness (Q1 + Q3 - 2 Q2)/(Q3 - Q1) of whole numbers, from -1 to 1.

    Equal answers lie evenly over their step, so that a few possible answers do not make it jump;
    0 is even. The farthest answers do not move it. Source: Bowley 1920, part I, chapter VI.

    >>> lean(np.array([0, 1, 2, 3])), round(lean(np.array([0, 0, 0, 1, 1, 2, 4, 9])), 2)
    (0.0, 0.29)
    """
    steps, people = np.unique(values, return_counts=True)
    above = np.cumsum(people)
    wanted = np.array([0.25, 0.5, 0.75]) * values.size
    at = np.searchsorted(above, wanted - 1e-9)
    first, second, third = (steps[at] + (wanted - above[at] + people[at]) / people[at]).tolist()
    return float((first + third - 2 * second) / (third - first))

"""Invented comparisons: every person judges by the same worths, with noise in every judgement."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey.items.best_worst import BestWorst
from survey.items.compared import Compared
from survey.items.pairwise import EQUAL, Pairwise
from survey.items.points import Points

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

EQUAL_WITHIN = 0.4
"""Distance of two judgements below which a person finds both equal, where that is offered."""


def compared(item: Compared, lean: Floats, rng: np.random.Generator) -> dict[str, Integers]:
    """Values by variable for people whose worths shift with their workplace (``lean``)."""
    count = len(item.choices)
    worth = rng.normal(0, 0.6, count) + np.outer(lean, rng.normal(0, 0.5, count))
    if isinstance(item, Points):
        return _points(item, worth, rng)
    return _choices(item, worth, rng)


def _choices(item: Compared, worth: Floats, rng: np.random.Generator) -> dict[str, Integers]:
    values = np.array([item.values[option.code] for option in item.choices], dtype=np.int64)
    places = {option.code: place for place, option in enumerate(item.choices)}
    groups = item.groups if isinstance(item, BestWorst) else {}
    groups = item.pairs if isinstance(item, Pairwise) else groups
    drawn: dict[str, Integers] = {}
    for name, options in groups.items():
        among = np.array([places[option.code] for option in options])
        judged = worth[:, among] + rng.gumbel(size=(len(worth), len(among)))
        best = values[among[judged.argmax(axis=1)]]
        if isinstance(item, BestWorst):
            drawn[item.columns[f"{name}.best"]] = best
            drawn[item.columns[f"{name}.worst"]] = values[among[judged.argmin(axis=1)]]
            continue
        if EQUAL in item.values:
            near = np.abs(judged[:, 0] - judged[:, 1]) < EQUAL_WITHIN
            best = np.where(near, item.values[EQUAL], best)
        drawn[item.columns[name]] = best
    return drawn


def _points(item: Points, worth: Floats, rng: np.random.Generator) -> dict[str, Integers]:
    """Shares of the points in fives where the sum allows it; the first choice gets the rest."""
    taste = np.exp(worth + rng.normal(0, 0.7, worth.shape))
    step = 5 if item.sum_to % 5 == 0 else 1
    parts = taste / taste.sum(axis=1, keepdims=True) * (item.sum_to // step)
    points = np.floor(parts).astype(np.int64) * step
    people = np.arange(len(points))
    points[people, taste.argmax(axis=1)] += item.sum_to - points.sum(axis=1)
    return {name: points[:, place] for place, name in enumerate(item.columns.values())}

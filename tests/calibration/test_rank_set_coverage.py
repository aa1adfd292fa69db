"""Possible places: how often the sets of all elements hold all true places, ties included."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from calibrated import draws, found
from numpy.typing import NDArray

from reports.estimators.design import Census
from reports.estimators.rank_sets import rank_sets

SETTINGS = {
    "all tied, 200 of 600": ((150, 150, 150, 150), 200),
    "two clusters, 300 of 1200": ((300, 300, 200, 200, 200), 300),
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_possible_places_hold_all_true_places_together(setting: str) -> None:
    people, n = SETTINGS[setting]
    size, rng = draws(200, 10000), np.random.default_rng(20240401)
    true, rest = np.array(people), 1 - n / sum(people)
    first = 1 + (true[None, :] > true[:, None]).sum(axis=1)
    last = len(true) - (true[None, :] < true[:, None]).sum(axis=1)
    held = 0
    for counts in rng.multivariate_hypergeometric(true, n, size):
        p = counts / n
        cov = rest * (np.diag(p) - np.outer(p, p)) / (n - 1)
        sets = rank_sets(Census(), p, cov, n, rest)
        held += bool((sets.low <= first).all() and (last <= sets.high).all())
    found(f"rank sets, {setting}", held=held / size)
    assert held / size >= 0.935 - (0 if size >= 10000 else 2 * np.sqrt(0.95 * 0.05 / size))


def _patterns(setting: str) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Kinds of ballots as values of the elements, people by kind, and the true values."""
    if setting == "mean ranks of five, all tied, 200 of 600":
        kinds = -np.array(list(permutations(range(1, 6))), dtype=float)
        people = np.full(len(kinds), 5)
    else:
        # top three of six; the first three elements are twice as attractive as the others
        kinds = np.array([[float(i in c) for i in range(6)] for c in combinations(range(6), 3)])
        people = 2 ** kinds[:, :3].sum(axis=1).astype(np.int64) * 6
    return kinds, people, people @ kinds / people.sum()


@pytest.mark.parametrize(
    "setting", ["mean ranks of five, all tied, 200 of 600", "top three of six, two clusters, 200"]
)
def test_possible_places_of_rankings_hold_all_true_places_together(setting: str) -> None:
    kinds, people, true = _patterns(setting)
    n, size, rng = 200, draws(150, 10000), np.random.default_rng(20270521)
    first = 1 + (true[None, :] > true[:, None] + 1e-9).sum(axis=1)
    last = len(true) - (true[None, :] < true[:, None] - 1e-9).sum(axis=1)
    rest, held, width = 1 - n / people.sum(), 0, 0.0
    for counts in rng.multivariate_hypergeometric(people, n, size):
        mean = counts @ kinds / n
        cov = (kinds.T * counts) @ kinds / (n - 1) - np.outer(mean, mean) * n / (n - 1)
        sets = rank_sets(Census(), mean, cov * rest / n, n, rest)
        held += bool((sets.low <= first).all() and (last <= sets.high).all())
        width += float((sets.high - sets.low + 1).mean())
    found(f"rank sets, {setting}", held=held / size, width=width / size)
    assert held / size >= 0.935 - (0 if size >= 10000 else 2 * np.sqrt(0.95 * 0.05 / size))

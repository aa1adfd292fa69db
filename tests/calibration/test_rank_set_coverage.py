"""Possible places: how often the sets of all elements hold all true places, ties included."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from calibrated import draws, found
from numpy.typing import NDArray

from reports.estimators.design import Census
from reports.estimators.rank_sets import rank_sets

Floats = NDArray[np.float64]

CHOICES = {
    "all tied, 200 of 600": ((150, 150, 150, 150), 200),
    "two clusters, 300 of 1200": ((300, 300, 200, 200, 200), 300),
}
RANKINGS = ("mean ranks of five, all tied, 200 of 600", "top three of six, two clusters, 200")


def _population(setting: str) -> tuple[Floats, NDArray[np.int64], int]:
    """Kinds of ballots as values of the elements, people by kind, and the ballots of a sample."""
    if setting in CHOICES:
        people, n = CHOICES[setting]
        return np.eye(len(people)), np.array(people), n
    if setting == RANKINGS[0]:
        kinds = -np.array(list(permutations(range(1, 6))), dtype=float)
        return kinds, np.full(len(kinds), 5), 200
    # the first three elements are twice as attractive as the others
    kinds = np.array([[float(i in c) for i in range(6)] for c in combinations(range(6), 3)])
    return kinds, 2 ** kinds[:, :3].sum(axis=1).astype(np.int64) * 6, 200


def _brute_force_width(value: Floats, cov: Floats, level: float = 0.95) -> float:
    """Mean width of step-down sets with quantiles of 5,000 drawn vectors, no shortcuts."""
    p, apart = value.size, ~np.eye(value.size, dtype=bool)
    se = np.sqrt(np.diag(cov)[:, None] + np.diag(cov)[None, :] - 2 * cov)[apart]
    noise = np.random.default_rng(7).multivariate_normal(np.zeros(p), cov, 5000, method="eigh")
    drawn = (noise[:, :, None] - noise[:, None, :])[:, apart] / se
    t = (value[:, None] - value[None, :])[apart] / se
    proven = np.zeros(t.size, dtype=bool)
    while not proven.all():
        more = ~proven & (t > np.quantile(drawn[:, ~proven].max(axis=1), level))
        if not more.any():
            break
        proven |= more
    # every proven pair takes one place from either element
    return float(p - 2 * proven.sum() / p)


@pytest.mark.parametrize("setting", [*CHOICES, *RANKINGS])
def test_possible_places_hold_all_true_places_together(setting: str) -> None:
    kinds, people, n = _population(setting)
    size, beside, rng = draws(200, 10000), draws(40, 400), np.random.default_rng(20270521)
    true = people @ kinds / people.sum()
    first = 1 + (true[None, :] > true[:, None] + 1e-9).sum(axis=1)
    last = len(true) - (true[None, :] < true[:, None] - 1e-9).sum(axis=1)
    rest, held, widths, plain = 1 - n / people.sum(), 0, [], 0.0
    for place, counts in enumerate(rng.multivariate_hypergeometric(people, n, size)):
        mean = counts @ kinds / n
        cov = (kinds.T * counts) @ kinds / (n - 1) - np.outer(mean, mean) * n / (n - 1)
        sets = rank_sets(Census(), mean, cov * rest / n, n, rest)
        held += bool((sets.low <= first).all() and (last <= sets.high).all())
        widths.append(float((sets.high - sets.low + 1).mean()))
        if place < beside:
            plain += _brute_force_width(mean, cov * rest / n) / beside
    width = float(np.mean(widths))
    found(f"rank sets, {setting}", held=held / size, width=width, brute_force=plain)
    assert held / size >= 0.935 - (0 if size >= 10000 else 2 * np.sqrt(0.95 * 0.05 / size))
    assert np.mean(widths[:beside]) == pytest.approx(plain, rel=0.05)

"""Possible places: how often the sets of all elements hold all true places, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from calibrated import draws, found

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

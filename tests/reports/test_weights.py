"""Post-stratification against direct computation on ballots, and its exact variance."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.weights import collapse, pool, precision, stratified, weighted_shares

CELLS = np.array([[12, 8, 20], [30, 5, 5], [4, 6, 10]])
N = np.array([100, 400, 60])


def test_weighted_shares_are_weighted_means_of_the_ballots() -> None:
    n = CELLS.sum(axis=1)
    weights = np.repeat(N / n, n)
    answers = np.concatenate([np.repeat([0, 1, 2], row) for row in CELLS])
    found = weighted_shares(CELLS, N)
    for category in range(3):
        expected = np.average(answers == category, weights=weights)
        assert found.value[category] == pytest.approx(expected, rel=1e-12)


def test_the_covariance_is_that_of_stratified_sampling() -> None:
    found = weighted_shares(CELLS, N)
    total = np.zeros((3, 3))
    for row, people in zip(CELLS, N, strict=True):
        answers = np.repeat(np.eye(3), row, axis=0)
        n = row.sum()
        total += (people / N.sum()) ** 2 * (1 - n / people) * np.cov(answers.T) / n
    np.testing.assert_allclose(found.cov, total, atol=1e-15)


def test_the_variance_is_unbiased_over_all_samples() -> None:
    K, cells, n = (3, 9), (10, 15), (4, 5)
    values, variances, chances = [], [], []
    for x in product(range(n[0] + 1), range(n[1] + 1)):
        counts = [[x[c], n[c] - x[c]] for c in range(2)]
        found = weighted_shares(counts, cells)
        values.append(found.value[0])
        variances.append(found.variance[0])
        chances.append(np.prod([stats.hypergeom.pmf(x[c], cells[c], K[c], n[c]) for c in range(2)]))
    value, chance = np.array(values), np.array(chances)
    true = sum(K) / sum(cells)
    assert chance @ value == pytest.approx(true)
    assert chance @ np.array(variances) == pytest.approx(chance @ (value - true) ** 2)


def test_combinations_are_scores_and_differences() -> None:
    found = weighted_shares(CELLS, N)
    mean = found.combined([[1, 2, 3]])
    assert mean.value[0] == pytest.approx(found.value @ [1, 2, 3])
    assert mean.variance[0] == pytest.approx(np.array([1, 2, 3]) @ found.cov @ [1, 2, 3])


def test_equal_weights_cost_nothing() -> None:
    found = precision([10, 20], [100, 200])
    assert (found.deff, found.smallest, found.largest) == pytest.approx((1, 1, 1))
    assert found.n_eff == pytest.approx(30)


def test_the_design_effect_is_kishs() -> None:
    n = np.array([10, 40])
    w = np.repeat(np.array([300, 100]) / n, n)
    expected = len(w) * (w**2).sum() / w.sum() ** 2
    assert precision(n, [300, 100]).deff == pytest.approx(expected)


def test_small_cells_are_pooled_and_large_ones_stay() -> None:
    assert collapse([40, 12, 10]).tolist() == [0, 1, 2]
    assert collapse([40, 3, 25, 12]).tolist() == [0, 1, 2, 1]
    assert collapse([3, 2]).tolist() == [0, 0]
    assert collapse([]).tolist() == []


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_after_collapsing_every_group_is_large_enough_or_alone(base: list[int]) -> None:
    groups = collapse(base)
    sums = pool(groups, np.array(base))
    assert sums.sum() == sum(base)
    assert (sums >= 10).all() or len(sums) == 1
    assert sorted(set(groups.tolist())) == list(range(len(sums)))


def test_merging_cells_of_equal_composition_and_weight_changes_no_estimate() -> None:
    double = weighted_shares([[12, 8], [12, 8], [5, 15]], [100, 100, 50])
    merged = weighted_shares([[24, 16], [5, 15]], [200, 50])
    np.testing.assert_allclose(double.value, merged.value)


def test_a_full_count_has_no_variance() -> None:
    assert weighted_shares(CELLS, CELLS.sum(axis=1)).variance.tolist() == [0, 0, 0]


def test_more_ballots_than_people_in_a_cell_never_give_a_negative_variance() -> None:
    found = stratified([50, 50], [40, 300], [[0.2], [0.6]], [[[0.16]], [[0.24]]])
    assert found.variance[0] > 0

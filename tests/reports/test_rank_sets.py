"""Possible places: a brute-force implementation, coverage with ties, and degenerate cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from reports.errors import EstimateError
from reports.estimators.design import Census, OptIn
from reports.estimators.rank_sets import RankSets, rank_sets
from survey.study import Regime

CENSUS = Census()
Floats = NDArray[np.float64]


def tops(rng: np.random.Generator, utility: Floats, n: int, k: int = 3) -> Floats:
    """Who is among the first k of each of n people, as 0 and 1."""
    drawn = utility + rng.gumbel(size=(n, utility.size))
    return (np.argsort(np.argsort(-drawn, axis=1), axis=1) < k).astype(float)


def sets_of(sample: Floats, unanswered: float = 1.0) -> RankSets:
    n = sample.shape[0]
    cov = np.cov(sample.T) * unanswered / n
    return rank_sets(CENSUS, sample.mean(axis=0), cov, n, unanswered)


def plain_rank_sets(value: Floats, cov: Floats, draws: int) -> tuple[list[int], list[int]]:
    """The same sets with a quantile drawn anew in every step, pair by pair, no shortcuts."""
    p = value.size
    pairs = [(i, j) for i in range(p) for j in range(p) if i != j]
    se = {(i, j): np.sqrt(cov[i, i] + cov[j, j] - 2 * cov[i, j]) for i, j in pairs}
    noise = np.random.default_rng(7).multivariate_normal(np.zeros(p), cov, draws)
    proven: set[tuple[int, int]] = set()
    while True:
        family = [pair for pair in pairs if pair not in proven]
        top = np.max([(noise[:, i] - noise[:, j]) / se[i, j] for i, j in family], axis=0)
        critical = np.quantile(top, 0.95)
        found = {(i, j) for i, j in family if (value[i] - value[j]) / se[i, j] > critical}
        if not found:
            break
        proven |= found
    low = [1 + sum((j, i) in proven for j in range(p)) for i in range(p)]
    high = [p - sum((i, j) in proven for j in range(p)) for i in range(p)]
    return low, high


@pytest.mark.parametrize("seed", range(6))
def test_the_sets_are_those_of_a_plain_implementation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = tops(rng, rng.normal(0, 0.6, 7), 400)
    found = sets_of(sample)
    low, high = plain_rank_sets(sample.mean(axis=0), np.cov(sample.T) / 400, 20_000)
    assert found.low.tolist() == low
    assert found.high.tolist() == high


def test_the_mean_width_is_that_of_a_plain_implementation() -> None:
    ours, plain = 0.0, 0.0
    for seed in range(20):
        rng = np.random.default_rng(100 + seed)
        sample = tops(rng, rng.normal(0, 0.4, 7), 250)
        found = sets_of(sample)
        low, high = plain_rank_sets(sample.mean(axis=0), np.cov(sample.T) / 250, 5_000)
        ours += float((found.high - found.low + 1).mean())
        plain += float((np.array(high) - np.array(low) + 1).mean())
    assert ours == pytest.approx(plain, rel=0.05)


def test_the_critical_value_of_independent_elements_is_that_of_the_studentised_range() -> None:
    found = rank_sets(CENSUS, np.zeros(6), np.eye(6), 1000)
    expected = stats.studentized_range.ppf(0.95, 6, np.inf) / np.sqrt(2)
    assert found.critical == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize(
    ("utility", "n", "least"),
    [([0.0] * 8, 40, 0.93), ([0.0] * 8, 300, 0.935), ([0.0] * 4 + [1.0] * 4, 300, 0.935)],
)
def test_true_ranks_are_covered_ties_included(utility: list[float], n: int, least: float) -> None:
    rng = np.random.default_rng(20270521)
    true = np.array(utility)
    low = 1 + (true[None, :] > true[:, None]).sum(axis=1)
    high = true.size - (true[None, :] < true[:, None]).sum(axis=1)
    replicates, covered = 400, 0
    for _ in range(replicates):
        found = sets_of(tops(rng, true, n))
        covered += bool(((found.low <= low) & (high <= found.high)).all())
    assert covered / replicates >= least - 2 * np.sqrt(0.95 * 0.05 / replicates)


def test_the_finite_population_makes_the_sets_narrower() -> None:
    sample = tops(np.random.default_rng(3), np.linspace(0, 1, 8), 150)
    wide, narrow = sets_of(sample), sets_of(sample, unanswered=0.2)
    assert (narrow.high - narrow.low).sum() < (wide.high - wide.low).sum()


def test_a_full_count_proves_every_difference_and_keeps_ties() -> None:
    found = rank_sets(CENSUS, [0.5, 0.3, 0.3, 0.1], np.zeros((4, 4)), 500, unanswered=0.0)
    assert found.low.tolist() == [1, 2, 2, 4]
    assert found.high.tolist() == [1, 3, 3, 4]
    assert found.place.tolist() == [1, 2, 2, 4]


def test_identical_columns_share_their_places() -> None:
    sample = tops(np.random.default_rng(4), np.array([3.0, 0, 0, 0, 0]), 400)
    doubled = np.column_stack([sample, sample[:, 0]])
    found = sets_of(doubled)
    assert found.low[0] == found.low[5] == 1
    assert found.high[0] == found.high[5] == 2


def test_constant_columns_are_set_apart_only_with_enough_ballots() -> None:
    cov = np.zeros((3, 3))
    many = rank_sets(CENSUS, [1.0, 0.0, 0.0], cov, 40)
    few = rank_sets(CENSUS, [1.0, 0.0, 0.0], cov, 3)
    assert (many.low.tolist(), many.high.tolist()) == ([1, 2, 2], [1, 3, 3])
    assert (few.low.tolist(), few.high.tolist()) == ([1, 1, 1], [3, 3, 3])


@pytest.mark.parametrize("p", [1, 2, 30])
def test_any_number_of_elements_works(p: int) -> None:
    found = rank_sets(CENSUS, np.zeros(p), np.eye(p) / 100, 100)
    assert found.low.tolist() == [1] * p
    assert found.high.tolist() == [p] * p


@given(st.integers(0, 2**32 - 1), st.integers(2, 7), st.integers(20, 400))
def test_a_set_holds_its_estimate_and_permuting_permutes(seed: int, p: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    value, root = rng.normal(size=p), rng.normal(size=(p, p)) / np.sqrt(n)
    cov = root @ root.T
    found = rank_sets(CENSUS, value, cov, n)
    assert (found.low >= 1).all()
    assert (found.low <= found.place).all()
    assert (found.place <= found.high).all()
    assert (found.high <= p).all()


def test_widely_parted_elements_are_permuted_with_their_sets() -> None:
    value = np.array([0.1, 0.6, 0.35, 0.36])
    cov = np.diag([0.0004] * 4)
    order = [2, 0, 3, 1]
    one, other = rank_sets(CENSUS, value, cov, 500), rank_sets(CENSUS, value[order], cov, 500)
    assert one.low[order].tolist() == other.low.tolist()
    assert one.high[order].tolist() == other.high.tolist()


def test_no_possible_places_exist_for_an_opt_in_study() -> None:
    with pytest.raises(EstimateError):
        rank_sets(OptIn(Regime.OPEN_PARTICIPATION), [0.1, 0.2], np.eye(2), 100)  # type: ignore[arg-type]

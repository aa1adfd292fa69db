"""Rankings against direct computation on ballots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from reports.estimators.design import Census
from reports.estimators.ranking import (
    Moments,
    mean_rank_interval,
    midrank_moments,
    top_moments,
)
from reports.preferences import duels

Ints = NDArray[np.int64]
ELEMENTS, DEPTH = 5, 3


def joint(ballots: Ints, depth: int = DEPTH) -> Ints:
    """Joint counts of places, (1, elements, elements, k+1, k+1); ballots (n, elements)."""
    m = ballots.shape[1]
    out = np.zeros((1, m, m, depth + 1, depth + 1), dtype=np.int64)
    for ballot in ballots:
        for i in range(m):
            for j in range(m):
                out[0, i, j, ballot[i], ballot[j]] += 1
    return out


def rank_moments(ballots: Ints) -> Moments:
    found = duels(ballots.T)
    return midrank_moments([found.n], found.twice[None], found.products[None])


def midranks(ballots: Ints) -> NDArray[np.float64]:
    placed = (ballots > 0).sum(axis=1, keepdims=True)
    return np.where(ballots > 0, ballots, (placed + 1 + ballots.shape[1]) / 2)


def random_ballots(seed: int, n: int, short: float = 0.0) -> Ints:
    rng = np.random.default_rng(seed)
    out = np.zeros((n, ELEMENTS), dtype=np.int64)
    for ballot in out:
        order = np.argsort(rng.gumbel(size=ELEMENTS) + np.linspace(1, 0, ELEMENTS))
        size = rng.integers(1, DEPTH) if rng.random() < short else DEPTH
        ballot[order[:size]] = np.arange(1, size + 1)
    return out


@pytest.mark.parametrize("depth", [1, 3])
def test_top_moments_are_those_of_the_indicators(depth: int) -> None:
    ballots = random_ballots(1, 80, short=0.3)
    found = top_moments(joint(ballots), depth)
    indicator = ((ballots > 0) & (ballots <= depth)).astype(float)
    np.testing.assert_allclose(found.mean[0], indicator.mean(axis=0))
    np.testing.assert_allclose(found.cov[0], np.cov(indicator.T), atol=1e-12)


def test_rank_moments_of_complete_ballots_are_those_of_the_ranks() -> None:
    ballots = random_ballots(2, 80)
    found = rank_moments(ballots)
    np.testing.assert_allclose(found.mean[0], midranks(ballots).mean(axis=0))
    np.testing.assert_allclose(found.cov[0], np.cov(midranks(ballots).T), atol=1e-12)


def test_rank_moments_of_short_and_tied_ballots_are_exact() -> None:
    ballots = random_ballots(3, 200, short=0.4)
    ballots[:50, 1] = ballots[:50, 0]
    found = rank_moments(ballots)
    true = np.array([stats.rankdata(np.where(b > 0, b, 99)) for b in ballots])
    np.testing.assert_allclose(found.mean[0], true.mean(axis=0))
    np.testing.assert_allclose(found.cov[0], np.cov(true.T), atol=1e-12)


def test_mean_ranks_of_each_domain_sum_to_those_of_complete_rankings() -> None:
    found = rank_moments(random_ballots(4, 60, short=0.5))
    assert found.mean[0].sum() == pytest.approx(ELEMENTS * (ELEMENTS + 1) / 2)


@given(st.permutations(range(ELEMENTS)))
def test_relabelling_the_elements_permutes_the_results(order: list[int]) -> None:
    ballots = random_ballots(5, 40, short=0.2)
    one, other = rank_moments(ballots), rank_moments(ballots[:, order])
    np.testing.assert_allclose(one.mean[0][order], other.mean[0])
    np.testing.assert_allclose(one.cov[0][np.ix_(order, order)], other.cov[0], atol=1e-12)


def test_duels_are_those_of_the_ranks() -> None:
    ballots = random_ballots(6, 90, short=0.3)
    found, ranks = duels(ballots.T), midranks(ballots)
    for i in range(ELEMENTS):
        for j in set(range(ELEMENTS)) - {i}:
            assert found.wins[i, j] == (ranks[:, i] < ranks[:, j]).sum()
            assert found.ties[i, j] == (ranks[:, i] == ranks[:, j]).sum()


def test_victories_and_ties_add_up_to_the_ballots() -> None:
    found = duels(random_ballots(7, 50, short=0.3).T)
    total = found.wins + found.wins.T + found.ties
    assert (total[~np.eye(ELEMENTS, dtype=bool)] == 50).all()


def test_unknown_elements_stand_in_no_duel() -> None:
    found = duels(np.array([[1, 2, 0], [0, 1, 1]]).T, below=False)
    assert found.wins.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert found.ties.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0]]


def test_mean_ranks_have_limits_from_30_ballots_on() -> None:
    ballots = random_ballots(8, 60)
    found = mean_rank_interval(Census(), rank_moments(ballots), [200.0], ELEMENTS)
    few = mean_rank_interval(Census(), rank_moments(ballots[:29]), [200.0], ELEMENTS)
    assert (found.low < found.value).all()
    assert (found.value < found.high).all()
    assert set(found.method.ravel()) == {"t_fpc"}
    assert np.isnan(few.low).all()
    assert not np.isnan(few.value).any()


def test_an_element_that_nobody_places_has_a_mean_rank_without_limits() -> None:
    ballots = random_ballots(9, 60)
    ballots[:, 4] = 0
    ballots[:, :4] = [1, 2, 3, 0]
    found = mean_rank_interval(Census(), rank_moments(ballots), [200.0], ELEMENTS)
    assert found.value[0].tolist() == [1, 2, 3, 4.5, 4.5]
    assert np.isnan(found.low).all()


def test_an_empty_domain_has_no_moments_and_no_warning() -> None:
    found = rank_moments(np.zeros((0, 3), dtype=np.int64))
    assert found.n.tolist() == [0]
    assert np.isnan(found.mean).all()

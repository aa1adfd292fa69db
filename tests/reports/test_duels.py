"""Condorcet, Smith, Schulze and Kemeny: published examples, brute force, ties, relabelling."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.errors import EstimateError
from reports.estimators.duels import (
    borda,
    condorcet_winner,
    kemeny_places,
    schulze_paths,
    schulze_places,
    smith_set,
)
from reports.preferences import duels

Ints = NDArray[np.int64]

# Debian leader election 2003, 488 ballots, published tally (vote.debian.org/2003/vote_0001):
# Zadka, Garbee, Robinson, Michlmayr, none of the above
DEBIAN = np.array([
    [0, 34, 66, 38, 228], [428, 0, 238, 224, 449], [385, 221, 0, 226, 405],
    [397, 228, 237, 0, 424], [202, 29, 65, 39, 0],
])  # fmt: skip
VOTERS = 488


def matrices(most: int = 6) -> st.SearchStrategy[Ints]:
    """Duels of random ballots with ties and unplaced elements."""

    def made(drawn: tuple[int, int, int]) -> Ints:
        seed, m, n = drawn
        places = np.random.default_rng(seed).integers(0, m, (m, n))
        return duels(places).wins

    return st.tuples(st.integers(0, 2**32 - 1), st.integers(2, most), st.integers(1, 12)).map(made)


def test_the_tally_with_ties_elects_michlmayr_by_four_votes() -> None:
    assert condorcet_winner(DEBIAN) == 3
    assert smith_set(DEBIAN).tolist() == [False, False, False, True, False]
    low, high, _ = kemeny_places(DEBIAN)
    assert low.tolist() == high.tolist() == [4, 2, 3, 1, 5]
    assert [place.tolist() for place in schulze_places(DEBIAN)] == [[4, 2, 3, 1, 5]] * 2


def test_breaking_the_ties_by_candidate_number_elects_another() -> None:
    broken = DEBIAN.copy()
    ties = VOTERS - DEBIAN - DEBIAN.T
    broken[np.triu_indices(5, 1)] += ties[np.triu_indices(5, 1)]
    assert condorcet_winner(broken) == 1
    low, high, _ = kemeny_places(broken)
    assert low[1] == high[1] == 1


def test_ballots_with_ties_are_followed_and_not_broken() -> None:
    # four prefer the second, three the first, five find both best; by number the first would win
    level, second, first = [1, 1, 2], [2, 1, 3], [1, 2, 3]
    places = np.array([level] * 5 + [second] * 4 + [first] * 3).T
    wins = duels(places).wins
    broken = places.copy()
    broken[1][broken[0] == broken[1]] += 1
    assert condorcet_winner(wins) == 1
    assert kemeny_places(wins)[0].tolist() == [2, 1, 3]
    assert condorcet_winner(duels(broken).wins) == 0


def test_schulze_paths_of_the_published_example() -> None:
    # Schulze 2011, example 1: 21 voters, four alternatives; strongest paths by winning votes
    votes = ((8, "acdb"), (2, "badc"), (4, "cdba"), (4, "dbac"), (3, "dcba"))
    columns = []
    for number, order in votes:
        columns += [[order.index(name) + 1 for name in "abcd"]] * number
    wins = duels(np.array(columns).T).wins
    assert wins.tolist() == [[0, 8, 14, 10], [13, 0, 6, 2], [7, 15, 0, 12], [11, 19, 9, 0]]
    assert schulze_paths(wins).tolist() == [
        [0, 14, 14, 12],
        [13, 0, 13, 12],
        [13, 15, 0, 12],
        [13, 19, 13, 0],
    ]
    assert schulze_places(wins)[0].tolist() == [2, 4, 3, 1]


def test_the_capital_of_tennessee() -> None:
    # the textbook example: Memphis 42, Nashville 26, Chattanooga 15, Knoxville 17 per cent
    votes = ((42, [1, 2, 3, 4]), (26, [4, 1, 2, 3]), (15, [4, 3, 1, 2]), (17, [4, 3, 2, 1]))
    places = np.array([ballot for number, ballot in votes for _ in range(number)]).T
    found = duels(places)
    assert condorcet_winner(found.wins) == 1
    low, high, cost = kemeny_places(found.wins)
    assert low.tolist() == high.tolist() == [4, 1, 2, 3]
    # score 393 of 6 pairs x 100 voters
    assert cost == 600 - 393
    points = borda(found.wins, found.ties, 100) * 100
    assert points.tolist() == [126, 194, 173, 107]


def test_a_cycle_has_no_winner_and_its_members_are_the_smith_set() -> None:
    cycle = np.array([[0, 60, 40, 90], [40, 0, 60, 90], [60, 40, 0, 90], [10, 10, 10, 0]])
    assert condorcet_winner(cycle) is None
    assert smith_set(cycle).tolist() == [True, True, True, False]
    low, high, _ = kemeny_places(cycle)
    assert low.tolist() == [1, 1, 1, 4]
    assert high.tolist() == [3, 3, 3, 4]


@given(matrices())
def test_the_smith_set_is_the_smallest_dominant_set(wins: Ints) -> None:
    m, above = wins.shape[0], wins > wins.T
    dominant = (
        set(chosen)
        for size in range(1, m + 1)
        for chosen in combinations(range(m), size)
        if all(above[i, j] for i in chosen for j in set(range(m)) - set(chosen))
    )
    assert set(np.flatnonzero(smith_set(wins))) == next(dominant)


@given(matrices(5))
def test_kemeny_orders_are_those_of_all_permutations(wins: Ints) -> None:
    m = wins.shape[0]
    costs = {
        order: sum(wins[b, a] for a, b in combinations(order, 2))
        for order in permutations(range(m))
    }
    best = min(costs.values())
    places = [[o.index(i) + 1 for o, cost in costs.items() if cost == best] for i in range(m)]
    low, high, cost = kemeny_places(wins)
    assert cost == best
    assert low.tolist() == [min(found) for found in places]
    assert high.tolist() == [max(found) for found in places]


@given(matrices(), st.randoms())
def test_relabelling_permutes_every_result(wins: Ints, chance: object) -> None:
    m = wins.shape[0]
    order = list(range(m))
    chance.shuffle(order)  # type: ignore[attr-defined]
    other = wins[np.ix_(order, order)]
    assert smith_set(wins)[order].tolist() == smith_set(other).tolist()
    for places in (schulze_places, lambda w: kemeny_places(w)[:2]):
        for one, permuted in zip(places(wins), places(other), strict=True):
            assert one[order].tolist() == permuted.tolist()
    winner, permuted_winner = condorcet_winner(wins), condorcet_winner(other)
    assert winner == (None if permuted_winner is None else order[permuted_winner])


@given(matrices())
def test_a_condorcet_winner_is_first_everywhere(wins: Ints) -> None:
    winner = condorcet_winner(wins)
    if winner is not None:
        assert np.flatnonzero(smith_set(wins)).tolist() == [winner]
        assert kemeny_places(wins)[1][winner] == 1
        assert schulze_places(wins)[1][winner] == 1


def test_eleven_elements_are_too_many_for_an_exact_kemeny_order() -> None:
    with pytest.raises(EstimateError, match="at most 10"):
        kemeny_places(np.zeros((11, 11)))


@pytest.mark.parametrize("wins", [np.zeros((1, 1)), np.zeros((3, 3))])
def test_one_element_or_no_ballots_leave_everything_open(wins: Ints) -> None:
    m = wins.shape[0]
    assert smith_set(wins).all()
    assert kemeny_places(wins)[0].tolist() == [1] * m
    assert kemeny_places(wins)[1].tolist() == [m] * m

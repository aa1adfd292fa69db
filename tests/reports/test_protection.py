from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reports.protection import (
    MINIMUM,
    SPAN,
    Partition,
    Protected,
    Tree,
    coarsened,
    joined,
    protected,
)

Case = tuple[Tree, list[int], dict[str, list[int]]]


@st.composite
def cases(draw: st.DrawFn, most_units: int = 8, most_ballots: int = 30) -> Case:
    """A tree of units, ballots per unit, and up to three items with smaller bases."""
    units = draw(st.integers(1, most_units))
    parents = draw(st.lists(st.sampled_from(["", "x", "y"]), min_size=units, max_size=units))
    ballots = draw(st.lists(st.integers(0, most_ballots), min_size=units, max_size=units))
    sizes = [draw(st.one_of(st.none(), st.integers(n, 4 * n + 12))) for n in ballots]
    items = {
        name: [draw(st.integers(max(0, n - 12), n)) for n in ballots]
        for name in ("a", "b", "c")[: draw(st.integers(0, 3))]
    }
    return Tree(tuple(parents), tuple(sizes)), ballots, items


def sums(groups: Partition, bases: list[int]) -> list[int]:
    return [sum(bases[unit] for unit in group) for group in groups]


def is_coarser(coarse: Partition, fine: Partition) -> bool:
    return all(any(set(group) <= set(big) for big in coarse) for group in fine)


@given(cases(), st.integers(10, 25))
def test_every_group_reaches_the_threshold_or_nothing_is_shown(case: Case, threshold: int) -> None:
    tree, ballots, items = case
    found = protected(tree, ballots, items, threshold)
    for groups, bases in [(found.ballots, ballots), *((found.items[k], items[k]) for k in items)]:
        assert sorted(unit for group in groups for unit in group) == list(range(len(bases)))
        assert len(groups) == 1 or min(sums(groups, bases)) >= threshold


@given(cases(), st.integers(10, 20))
def test_the_groups_of_an_item_are_unions_of_those_of_the_ballots(case: Case, t: int) -> None:
    found = protected(*case, t)
    assert all(is_coarser(groups, found.ballots) for groups in found.items.values())


@given(cases(), st.integers(10, 25), st.integers(1, 10))
def test_a_higher_threshold_never_shows_more(case: Case, threshold: int, more: int) -> None:
    low, high = (protected(*case, t) for t in (threshold, threshold + more))
    assert is_coarser(high.ballots, low.ballots)
    assert all(is_coarser(high.items[key], low.items[key]) for key in low.items)


@given(cases())
def test_units_that_all_reach_the_threshold_are_all_shown(case: Case) -> None:
    tree, ballots, items = case
    more = {key: [n + 10 for n in base] for key, base in items.items()}
    found = protected(tree, [n + 10 for n in ballots], more, 10)
    alone = tuple((unit,) for unit in range(len(ballots)))
    assert found.ballots == alone
    assert all(groups == alone for groups in found.items.values())


@given(cases(), st.permutations(["a", "b", "c"]))
def test_the_order_of_the_items_does_not_matter(case: Case, order: list[str]) -> None:
    tree, ballots, items = case
    turned = {name: items[name] for name in order if name in items}
    assert protected(tree, ballots, items, 10) == Protected(
        protected(tree, ballots, turned, 10).ballots,
        dict(protected(tree, ballots, turned, 10).items),
    )


def worlds(group: tuple[int, ...], bases: list[int], limits: list[int]) -> Iterator[list[int]]:
    """All ways to spread the published sum of a merged group over its members."""
    whole = sum(bases[unit] for unit in group)
    ranges = [range(min(whole, limits[unit]) + 1) for unit in group[:-1]]
    for head in product(*ranges):
        last = whole - sum(head)
        if 0 <= last <= limits[group[-1]]:
            world = list(bases)
            for unit, base in zip(group, (*head, last), strict=True):
                world[unit] = base
            yield world


def possible_values(
    group: tuple[int, ...], bases: list[int], limits: list[int], same: Callable[[list[int]], bool]
) -> dict[int, set[int]]:
    """What each member may be, for an attacker who tries the gate on every possible world."""
    kept = [world for world in worlds(group, bases, limits) if same(world)]
    return {unit: {world[unit] for world in kept} for unit in group}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(cases(most_units=4, most_ballots=19), st.lists(st.integers(0, 12), min_size=4, max_size=4))
def test_who_knows_the_rules_is_left_with_five_values_of_every_hidden_count(
    case: Case, silent: list[int]
) -> None:
    """Also where nearly everybody answered: ``silent`` people of each unit did not."""
    tree, ballots, _ = case
    limits = [n + more for n, more in zip(ballots, silent, strict=False)]
    known = Tree(tree.parents, tuple(limits))
    seen = protected(known, ballots, {}, 10).ballots
    assume(1 < len(seen) < len(ballots))
    for group in (group for group in seen if len(group) > 1):
        values = possible_values(
            group, ballots, limits, lambda world: protected(known, world, {}, 10).ballots == seen
        )
        for unit in group:
            assert ballots[unit] in values[unit]
            assert len(values[unit]) >= min(SPAN, limits[unit] + 1)


@pytest.mark.parametrize(
    ("ballots", "limits", "parents"),
    [
        ([7, 19, 1, 19], [8, 22, 5, 21], ("y", "y", "x", "")),
        ([3, 15, 19, 0], [5, 20, 20, 5], ("y", "x", "y", "")),
        ([7, 15, 6, 5], [11, 42, 11, 8], ("y", "y", "y", "")),
        ([5, 11, 19, 12], [22, 15, 21, 12], ("y", "", "", "y")),
        ([2, 11, 40, 50], [30, 40, 90, 95], ("", "", "", "")),
    ],
)
def test_small_units_where_nearly_everybody_answers_stay_open(
    ballots: list[int], limits: list[int], parents: tuple[str, ...]
) -> None:
    known = Tree(parents, tuple(limits))
    seen = protected(known, ballots, {}, 10).ballots
    for group in (group for group in seen if 1 < len(group) < len(ballots)):
        values = possible_values(
            group, ballots, limits, lambda world: protected(known, world, {}, 10).ballots == seen
        )
        assert all(len(values[unit]) >= min(SPAN, limits[unit] + 1) for unit in group)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.lists(st.tuples(st.integers(10, 20), st.integers(0, 8)), min_size=2, max_size=3),
    st.permutations([20, 30, 40, 50]),
)
def test_nor_of_a_small_base_when_all_ballots_are_known(
    units: list[tuple[int, int]], sizes: list[int]
) -> None:
    ballots = [n for n, _ in units]
    base = [n - skipped for n, skipped in units]
    tree = Tree(("",) * len(units), tuple(sizes[: len(units)]))
    seen = protected(tree, ballots, {"q": base}, 10).items["q"]
    assume(len(seen) > 1)
    for group in (group for group in seen if len(group) > 1):
        values = possible_values(
            group,
            base,
            ballots,
            lambda world: protected(tree, ballots, {"q": world}, 10).items["q"] == seen,
        )
        assert all(len(values[unit]) >= SPAN for unit in group)


def hides(bases: list[int], limits: list[int]) -> bool:
    """Whether a published sum leaves each of its parts five values, by counting sums of others.

    Independent of the gate: who reads it knows the sum, the limits and which parts are small.
    """
    whole = sum(bases)
    rooms = [
        set(range(min(cap, 9) + 1)) if base < 10 else set(range(10, min(cap, whole) + 1))
        for base, cap in zip(bases, limits, strict=True)
    ]
    for place, room in enumerate(rooms):
        others = {0}
        for other, values in enumerate(rooms):
            if other != place:
                others = {n + m for n in others for m in values if n + m <= whole}
        if len({n for n in room if whole - n in others}) < min(5, len(room)):
            return False
    return whole >= 10


def least_merged(tree: Tree, ballots: list[int]) -> int:
    """Brute force: per parent, the small units with the fewest partners that hide them."""
    sizes = [size or 0 for size in tree.sizes]
    number, waiting = 0, list[int]()
    for parent in dict.fromkeys(tree.parents):
        children = [unit for unit, above in enumerate(tree.parents) if above == parent]
        small = [unit for unit in children if ballots[unit] < MINIMUM]
        found = fewest(small, [u for u in children if u not in small], ballots, sizes)
        if found is None:
            waiting += children
        else:
            number += len(found)
    if waiting:
        others = sorted(
            (u for u in range(len(ballots)) if u not in waiting), key=lambda u: sizes[u]
        )
        found = fewest(waiting, others[:12], ballots, sizes)
        number += len(ballots) if found is None else len(found)
    return number


def fewest(
    small: list[int], others: list[int], ballots: list[int], sizes: list[int]
) -> list[int] | None:
    """The small units with the fewest partners that hide all of them; None if none do."""
    if not small:
        return []
    for k in range(min(len(others), 4) + 1):
        for partners in combinations(others, k):
            pool = [*small, *partners]
            if hides([ballots[u] for u in pool], [sizes[u] for u in pool]):
                return pool
    return None


@pytest.mark.parametrize("rate", [0.05, 0.25, 0.5])
def test_of_ninety_offices_hardly_more_are_merged_than_must_be(rate: float) -> None:
    rng = np.random.default_rng(7)
    needed = used = 0
    for _ in range(10):
        heads = np.maximum(8, rng.lognormal(4.8, 1.1, 90)).astype(int)
        ballots = rng.binomial(heads, rate).tolist()
        tree = Tree(tuple(f"d{unit % 9}" for unit in range(90)), tuple(heads.tolist()))
        groups = protected(tree, ballots, {}, 10).ballots
        used += sum(len(group) for group in groups if len(group) > 1)
        needed += least_merged(tree, ballots)
    assert needed <= used <= 1.1 * needed


def test_a_single_small_unit_takes_the_smallest_sibling_by_headcount() -> None:
    tree = Tree(("x", "x", "x", ""), (5, 80, 400, 20))
    assert coarsened(((0,), (1,), (2,), (3,)), [4, 50, 20, 15], tree, tree.sizes, 10) == (
        (0, 1),
        (2,),
        (3,),
    )


def test_small_units_of_one_parent_are_merged_with_each_other_first() -> None:
    tree = Tree(("x", "x", "x", "y"), (40, 40, 200, 100))
    assert protected(tree, [6, 5, 90, 50], {}, 10).ballots == ((0, 1), (2,), (3,))


def test_a_parent_too_small_as_a_whole_is_merged_across_the_whole() -> None:
    tree = Tree(("x", "x", "y", "y"), (20, 20, 60, 300))
    assert protected(tree, [3, 4, 30, 90], {}, 10).ballots == ((0, 1, 2), (3,))


def test_those_with_no_statement_are_a_unit_like_any_other() -> None:
    tree = Tree(("", "", ""), (300, 200, None))
    assert protected(tree, [80, 60, 3], {}, 10).ballots == ((0,), (1, 2))


def test_a_unit_without_any_ballot_is_merged_not_shown_as_zero() -> None:
    tree = Tree(("", "", ""), (30, 60, 90))
    assert protected(tree, [0, 20, 40], {}, 10).ballots == ((0, 1), (2,))


def test_nothing_is_shown_by_an_attribute_that_leaves_one_group() -> None:
    tree = Tree(("", ""), (100, 30))
    assert protected(tree, [60, 4], {}, 10).ballots == ((0, 1),)
    assert protected(tree, [4, 3], {}, 10).ballots == ((0, 1),)


def test_an_item_whose_few_skippers_would_betray_the_base_is_merged_further() -> None:
    tree = Tree(("", "", "", ""), (40, 40, 80, 90))
    bases = [9, 30, 40, 45]
    found = protected(tree, [10, 30, 50, 60], {"q": bases}, 10)
    assert found.ballots == ((0,), (1,), (2,), (3,))
    assert found.items["q"] == ((0, 1, 2), (3,))


def test_thresholds_below_ten_are_refused() -> None:
    with pytest.raises(ValueError, match="below"):
        protected(Tree(("",), (5,)), [5], {}, MINIMUM - 1)


def test_joining_two_partitions_gives_the_finest_common_one() -> None:
    assert joined(((0, 1), (2, 3), (4,)), ((0,), (1, 2), (3,), (4,))) == ((0, 1, 2, 3), (4,))

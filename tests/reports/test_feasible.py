"""Sets of whole numbers as runs, and chains of sums, held to brute force."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.feasible import Pool, Runs, Unit, meet, minus, often, outside, plus, runs, size

sets = st.sets(st.integers(0, 25), max_size=8)


def members(one: Runs) -> set[int]:
    return {n for low, high in one for n in range(low, high + 1)}


def of(numbers: set[int]) -> Runs:
    return runs((n, n) for n in numbers)


@given(sets, sets)
def test_runs_are_sets(one: set[int], other: set[int]) -> None:
    assert members(of(one)) == one
    assert size(of(one)) == len(one)
    assert members(plus(of(one), of(other))) == {a + b for a in one for b in other}
    assert members(minus(of(one), of(other))) == {a - b for a in one for b in other}
    assert members(meet(of(one), of(other))) == one & other
    assert members(outside(of(one), 20)) == set(range(21)) - one


@given(st.lists(sets, max_size=5), st.integers(1, 4))
def test_what_is_in_several_sets_is_found(found: list[set[int]], least: int) -> None:
    several = {n for n in range(26) if sum(n in one for one in found) >= least}
    assert members(often([of(one) for one in found], least)) == several


@st.composite
def pools(draw: st.DrawFn) -> Pool:
    """Up to three stages of units within bounds, with a set of allowed sums after each."""

    def unit() -> Unit:
        low = draw(st.sampled_from([0, 0, 3]))
        return Unit(low, low + draw(st.integers(0, 4)), low == 0, draw(st.integers(1, 3)))

    def pool(inner: list[Unit | Pool]) -> Pool:
        stages: list[list[Unit | Pool]] = [[*inner, unit()]]
        stages += [[unit()] for _ in range(draw(st.integers(0, 1)))]
        return Pool(stages, [of(draw(st.sets(st.integers(0, 14), min_size=6))) for _ in stages])

    inner: list[Unit | Pool] = [pool([])] if draw(st.booleans()) else [unit()]
    found = pool(inner)
    del found.allowed[-1]
    return found


def worlds(pool: Pool) -> list[tuple[int, dict[Unit, int]]]:
    """Every sum of a pool with the counts behind it."""
    found: list[tuple[int, dict[Unit, int]]] = [(0, {})]
    for place, stage in enumerate(pool.stages):
        for part in stage:
            own = (
                [(n, {part: n}) for n in range(part.low, part.high + 1)]
                if isinstance(part, Unit)
                else worlds(part)
            )
            found = [(a + b, x | y) for (a, x), (b, y) in product(found, own)]
        if place < len(pool.allowed):
            found = [world for world in found if world[0] in members(pool.allowed[place])]
    return found


@settings(deadline=None, max_examples=80)
@given(pools(), st.integers(0, 20), st.integers(0, 2))
def test_what_stays_possible_is_what_brute_force_finds(pool: Pool, sum_: int, spare: int) -> None:
    every = worlds(pool)
    assert members(pool.sums) == {total for total, _ in every}
    for unit in pool.units():
        left = {counts[unit] for total, counts in every if total == sum_}
        assert members(pool.counts(unit, ((sum_, sum_),))) == left
    small = [unit for unit in pool.units() if unit.small]
    open_ = {
        total
        for total in range(4, 61)
        if all(
            len({counts[unit] for one, counts in every if one == total})
            >= min(unit.needs + spare, unit.high - unit.low + 1)
            for unit in small
            if min(unit.needs + spare, unit.high - unit.low + 1) > 1
        )
    }
    assert members(pool.open_sums(4, 60, spare)) == open_

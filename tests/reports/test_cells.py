"""Parts of units that are not split, given to somebody who knows both totals and the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.cells import laid_out
from reports.crossings import Crossing, Layout
from reports.protection import Tree

Grid = NDArray[np.int64]


def laid(grid: Grid, heads: Grid) -> Layout:
    rows, columns = (
        Tree(("",) * grid.shape[axis], tuple(heads.sum(axis=1 - axis).tolist())) for axis in (0, 1)
    )
    return laid_out(Crossing(rows, columns, heads, grid, {}), 10).ballots


def unsplit(found: Layout) -> list[int]:
    return [units[0] for units, kinds in found.cells if len(units) == 1 and len(kinds) > 1]


def spread(total: int, caps: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All ways to spread the ballots of one unit over its columns."""
    for head in product(*(range(min(total, cap) + 1) for cap in caps[:-1])):
        if 0 <= total - sum(head) <= caps[-1]:
            yield (*head, total - sum(head))


def possible(grid: Grid, heads: Grid, whole: list[int]) -> dict[tuple[int, int], set[int]]:
    """What each part of some units can be, for who knows the totals and which parts are small."""
    totals = tuple(grid[whole].sum(axis=0).tolist())
    worlds = [
        [w for w in spread(int(grid[u].sum()), heads[u].tolist())
         if all((a < 10) == (b < 10) for a, b in zip(w, grid[u].tolist(), strict=True))]
        for u in whole
    ]  # fmt: skip
    left: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for last in worlds[-1]:
        left.setdefault(last, []).append(last)
    found: dict[tuple[int, int], set[int]] = {}
    for head in product(*worlds[:-1]):
        sums = np.sum(head, axis=0) if head else np.zeros(grid.shape[1], dtype=int)
        rest = tuple(int(t - s) for t, s in zip(totals, sums, strict=True))
        if rest in left:
            for unit, parts in zip(whole, (*head, rest), strict=True):
                for column, n in enumerate(parts):
                    found.setdefault((unit, column), set()).add(n)
    return found


@st.composite
def crossings(draw: st.DrawFn) -> tuple[Grid, Grid]:
    columns = draw(st.sampled_from([2, 2, 3]))
    units = draw(st.integers(2, 4)) if columns == 2 else 2
    most = 24 if columns == 2 else 13
    rows = [
        [draw(st.integers(2, most)) for _ in range(columns - 1)] + [draw(st.integers(10, 24))]
        for _ in range(units)
    ]
    more = [[draw(st.sampled_from([1, 5, 30])) for _ in range(columns)] for _ in range(units)]
    grid = np.array(rows)
    return grid, grid + np.array(more)


@settings(deadline=None, max_examples=80)
@given(crossings())
def test_small_parts_of_units_that_are_not_split_keep_five_values(case: tuple[Grid, Grid]) -> None:
    grid, heads = case
    found = laid(grid, heads)
    whole = unsplit(found)
    if len(found.columns) < grid.shape[1] or not whole or any(len(c[0]) > 1 for c in found.cells):
        return
    for (unit, column), values in possible(grid, heads, whole).items():
        if grid[unit, column] < 10:
            room = [
                w[column] for w in spread(int(grid[unit].sum()), heads[unit].tolist())
                if all((a < 10) == (b < 10) for a, b in zip(w, grid[unit].tolist(), strict=True))
            ]  # fmt: skip
            assert len(values) >= min(5, len(set(room))), (unit, column)


@settings(deadline=None, max_examples=80)
@given(crossings())
def test_split_cells_and_what_columns_leave_of_them_reach_the_threshold(
    case: tuple[Grid, Grid],
) -> None:
    grid, heads = case
    found = laid(grid, heads)
    for units, kinds in found.cells:
        assert grid[np.ix_(units, kinds)].sum() >= 10
    if len(found.columns) < 2:
        return
    for number in range(1, len(found.columns)):
        for chosen in combinations(found.columns, number):
            inside = {kind for group in chosen for kind in group}
            swallowed = sum(
                grid[np.ix_(units, kinds)].sum()
                for units, kinds in found.cells
                if set(kinds) <= inside
            )
            rest = int(grid[:, sorted(inside)].sum() - swallowed)
            assert rest == 0 or rest >= 10


KNOWN = (
    ([[14, 9], [30, 9], [12, 11]], [[44, 39], [32, 11], [42, 21]]),
    ([[30, 9], [12, 14]], [[60, 11], [14, 16]]),
    ([[40, 9], [40, 9], [60, 30]], [[100, 12], [100, 12], [120, 60]]),
)
"""Units whose small parts followed within a few values from both totals and the rule."""


@pytest.mark.parametrize(("rows", "heads"), KNOWN)
def test_a_reader_who_lays_out_every_world_is_left_with_five_values(
    rows: list[list[int]], heads: list[list[int]]
) -> None:
    grid, listed = np.array(rows), np.array(heads)
    seen = laid(grid, listed)
    whole = unsplit(seen)
    if len(seen.columns) < 2 or not whole:
        return
    total = int(grid[whole, 1].sum())
    values: dict[int, set[int]] = {unit: set() for unit in whole}
    options = [[w[1] for w in spread(int(grid[u].sum()), listed[u].tolist())] for u in whole]
    for seconds in product(*options):
        if sum(seconds) == total:
            world = grid.copy()
            for unit, second in zip(whole, seconds, strict=True):
                world[unit] = grid[unit].sum() - second, second
            if laid(world, listed) == seen:
                for unit, second in zip(whole, seconds, strict=True):
                    values[unit].add(second)
    for unit in whole:
        if grid[unit].min() < 10:
            assert len(values[unit]) >= 5


def least_unsplit(grid: Grid, heads: Grid) -> int:
    """Brute force: the fewest units left whole so that nothing small follows from two columns."""
    must = [u for u in range(len(grid)) if grid[u].min() < 10]
    may = [u for u in range(len(grid)) if u not in must]
    for k in range(len(may) + 1):
        for more in combinations(may, k):
            whole = [*must, *more]
            rest = grid[whole].sum(axis=0) if whole else np.zeros(2, dtype=int)
            if all(n == 0 or n >= 10 for n in rest) and open_enough(grid, heads, whole):
                return len(whole)
    return len(grid)


def open_enough(grid: Grid, heads: Grid, whole: list[int]) -> bool:
    """Whether each small part of two columns has five values, by counting sums of the others."""
    rooms = {
        u: [w[1] for w in spread(int(grid[u].sum()), heads[u].tolist())
            if all((a < 10) == (b < 10) for a, b in zip(w, grid[u].tolist(), strict=True))]
        for u in whole
    }  # fmt: skip
    total = int(grid[whole, 1].sum()) if whole else 0
    for unit in (u for u in whole if grid[u].min() < 10):
        others = {0}
        for u in whole:
            if u != unit:
                others = {n + m for n in others for m in rooms[u]}
        values = {n for n in rooms[unit] if total - n in others}
        if len(values) < min(5, len(set(rooms[unit]))):
            return False
    return True


@pytest.mark.parametrize("rate", [0.05, 0.25, 0.5])
def test_hardly_more_units_are_left_whole_than_brute_force_needs(rate: float) -> None:
    rng = np.random.default_rng(5)
    used = needed = 0
    for _ in range(40):
        size = np.maximum(120, rng.lognormal(6.0, 0.9, 12)).astype(int)
        second = np.clip((size * rng.beta(1.2, 2.5, 12)).astype(int), 2, size - 2)
        heads = np.stack([size - second, second], axis=1)
        grid = rng.binomial(heads, rate)
        if grid.sum(axis=1).min() < 10:
            grid[grid.sum(axis=1) < 10, 0] += 10
        found = laid(grid, heads)
        assert len(found.columns) == 2
        used += len(unsplit(found))
        needed += least_unsplit(grid, heads)
    assert needed <= used <= 1.1 * needed

"""Whether both totals of a crossing give away a part of a unit that is not split."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reports.crossings import Cell, Crossing, Grid, cells_of
from reports.margins import box_bounds, rooms
from reports.protection import MINIMUM, SPAN, Partition


def is_narrow(
    crossing: Crossing,
    grid: Grid,
    rows: Partition,
    columns: Partition,
    cuts: Sequence[Partition],
    split: frozenset[int],
    threshold: int,
) -> bool:
    """Whether row and column totals leave a part of an unsplit unit too few possible values.

    The parts of a cell that holds people of several columns are bounded by both totals, and in
    public by headcounts, where the answers do not contradict them. A reader who knows these
    rules may also guess which parts of a unit are below the threshold, because that is why it is
    not split. One value more than promised is asked for, where there are as many: that it was
    too narrow shows in what replaces it. A reader who guesses nothing is asked about as well, in
    the way in which the self-attack does it: what stands here is never refused there.
    """
    everything = tuple(range(grid.shape[1]))
    totals = [int(grid[:, list(group)].sum()) for group in columns]
    whole: list[Cell] = []
    for units, kinds in cells_of(rows, cuts, split, everything):
        inside = [place for place, group in enumerate(columns) if set(kinds) & set(group)]
        if len(inside) > 1:
            whole.append((units, kinds))
        else:
            totals[inside[0]] -= int(grid[np.ix_(units, kinds)].sum())
    if not whole:
        return False
    sums = np.array([int(grid[np.ix_(units, kinds)].sum()) for units, kinds in whole])
    plain = np.array(
        [[n if set(kinds) & set(group) else 0 for group in columns]
         for n, (_, kinds) in zip(sums, whole, strict=True)]
    )  # fmt: skip
    caps = np.minimum(plain, _listed(crossing, whole, columns, int(sums.max()) + 1))
    margins = sums, np.array(totals)
    bounds = box_bounds(*margins, caps)
    if bounds is None:
        caps = plain
        bounds = box_bounds(*margins, caps)
    if bounds is None or _few_values(*bounds, rooms(sums, caps)):
        return True
    least, most = _guessed(grid, whole, columns, cuts, caps, threshold)
    # what is subtracted from both margins is certain: the least of each part
    inner = box_bounds(sums - least.sum(axis=1), margins[1] - least.sum(axis=0), most - least)
    low, high = bounds if inner is None else (inner[0] + least, inner[1] + least)
    hidden = (most > 0) & (low < MINIMUM)
    needs = np.minimum(SPAN + 1, most - least + 1)
    return bool((hidden & (high - low + 1 < needs)).any())


def _few_values(low: Grid, high: Grid, room: Grid) -> bool:
    """Whether both totals leave a part fewer than five values, though its unit alone leaves more.

    >>> low, high, room = (np.array([[n]]) for n in (8, 10, 7))
    >>> bool(_few_values(low, high, room)), bool(_few_values(low - 2, high, room))
    (True, False)
    """
    span = high - low + 1
    return bool(((high > 0) & (low < MINIMUM) & (span < np.minimum(SPAN, room))).any())


def _guessed(
    grid: Grid,
    whole: Sequence[Cell],
    columns: Partition,
    cuts: Sequence[Partition],
    caps: Grid,
    threshold: int,
) -> tuple[Grid, Grid]:
    """The least and the most of each part for who knows which parts are below the threshold."""
    least, most = np.zeros_like(caps), caps.copy()
    for line, (units, _) in enumerate(whole):
        for block in cuts[units[0]] if len(units) == 1 else ():
            inside = [place for place, group in enumerate(columns) if set(group) & set(block)]
            if grid[units[0], list(block)].sum() < threshold:
                most[line, inside] = np.minimum(most[line, inside], threshold - 1)
            elif len(inside) == 1 and caps[line, inside[0]] >= threshold:
                least[line, inside] = threshold
    sums = np.array([int(grid[np.ix_(units, kinds)].sum()) for units, kinds in whole])[:, None]
    most = np.minimum(most, sums - least.sum(axis=1, keepdims=True) + least)
    least = np.maximum(least, sums - most.sum(axis=1, keepdims=True) + most)
    return least, most


def _listed(crossing: Crossing, whole: Sequence[Cell], columns: Partition, unlimited: int) -> Grid:
    """People on the staff list by part, ``unlimited`` where the list says nothing."""
    people = crossing.headcounts
    known = people.sum(axis=0) > 0
    caps = np.full((len(whole), len(columns)), unlimited, dtype=np.int64)
    for line, (units, _) in enumerate(whole):
        for place, group in enumerate(columns):
            if len(units) == 1 and people[units[0]].sum() > 0 and known[list(group)].all():
                caps[line, place] = people[units[0], list(group)].sum()
    return caps

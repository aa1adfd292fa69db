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
    everything, people = tuple(range(grid.shape[1])), grid.tolist()
    totals = [sum(line[kind] for line in people for kind in group) for group in columns]
    whole: list[Cell] = []
    for units, kinds in cells_of(rows, cuts, split, everything):
        inside = [place for place, group in enumerate(columns) if set(kinds) & set(group)]
        if len(inside) > 1:
            whole.append((units, kinds))
        else:
            totals[inside[0]] -= _inside(people, (units, kinds))
    if not whole:
        return False
    sums = np.array([_inside(people, cell) for cell in whole])
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
    least, most = _guessed(people, sums, whole, columns, cuts, caps, threshold)
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
    people: Sequence[Sequence[int]],
    sums: Grid,
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
            if _inside(people, (units, block)) < threshold:
                most[line, inside] = np.minimum(most[line, inside], threshold - 1)
            elif len(inside) == 1 and caps[line, inside[0]] >= threshold:
                least[line, inside] = threshold
    most = np.minimum(most, sums[:, None] - least.sum(axis=1, keepdims=True) + least)
    least = np.maximum(least, sums[:, None] - most.sum(axis=1, keepdims=True) + most)
    return least, most


def _listed(crossing: Crossing, whole: Sequence[Cell], columns: Partition, unlimited: int) -> Grid:
    """People on the staff list by part, ``unlimited`` where the list says nothing."""
    people = crossing.headcounts.tolist()
    known = [n > 0 for n in crossing.headcounts.sum(axis=0).tolist()]
    caps = np.full((len(whole), len(columns)), unlimited, dtype=np.int64)
    for line, (units, _) in enumerate(whole):
        for place, group in enumerate(columns):
            if len(units) == 1 and any(people[units[0]]) and all(known[kind] for kind in group):
                caps[line, place] = _inside(people, (units, group))
    return caps


def _inside(people: Sequence[Sequence[int]], cell: Cell) -> int:
    """The people of a cell; of a table as lists, because arrays are slow in small pieces."""
    return sum(people[unit][kind] for unit in cell[0] for kind in cell[1])

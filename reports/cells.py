"""Which units are split by a second attribute for weighting: integers in, cells out.

Three tables meet here: by unit (rows), by second attribute (columns), and by cell. What a
reader can gain by subtraction among them follows from their structure. A cell lies within one
row; a row that is not split is one cell. A set S of columns cuts through some cells; the
people of S in these cells are the difference between the published columns S and the cells
that lie wholly in S. Every other derivable group is a sum of such *residues* and whole cells.
So it is enough that each residue is 0 or reaches the threshold. Whoever knows that a
combination does not exist (the staff list says so) can leave it out; residues are therefore
counted over cells that really have people on both sides.

People who did not state the second attribute, or state one that their unit has not, count
with the column of their unit where most ballots are expected: published apart, the few of
each unit would be the difference between the unit and its cells.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.protection import MINIMUM, Group, Partition, Protected, Tree, climb, joined, wide

Grid = NDArray[np.int64]
"""Counts of shape (units, columns); the finest crossing of the two attributes."""

MOST_COLUMNS = 8
"""With more columns no unit is split."""

MOST_TRIED = 4096
"""Sets of columns that are looked at for a residue."""

Cell = tuple[Group, Group]
"""The units and the columns of one cell."""


@dataclass(frozen=True)
class Crossing:
    """What is known inside the gate about two crossed attributes.

    ``headcounts`` has 0 where nobody is on the staff list (or nothing is known, as for those
    with no statement); ``items`` holds the grid of valid answers of each item.
    """

    rows: Tree
    columns: Tree
    headcounts: Grid
    ballots: Grid
    items: Mapping[Hashable, Grid]


@dataclass(frozen=True)
class Layout:
    """The groups of rows, the groups of columns and the cells of one item.

    A single group of columns means that their table cannot be published at all.
    """

    rows: Partition
    columns: Partition
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Layouts:
    """The layout of the ballots and, coarser or equal, of each item."""

    ballots: Layout
    items: Mapping[Hashable, Layout]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Units that are split, and whether the columns may stand beside them."""

    split: frozenset[int]
    columns: bool = True


def laid_out(crossing: Crossing, threshold: int) -> Layouts:
    """The layouts that reach the threshold; climbed in steps, as in ``protected``.

    >>> two = Tree(("", ""), (100, 100))
    >>> grid = np.array([[40, 60], [30, 4]])
    >>> laid_out(Crossing(two, two, grid, grid, {}), 10).ballots.cells
    (((0,), (0, 1)), ((1,), (0, 1)))
    """
    units, kinds = range(crossing.ballots.shape[0]), range(crossing.ballots.shape[1])
    states: dict[Hashable, _Choice] = {}
    main = _Choice(frozenset(units))
    cuts: tuple[Partition, ...] = ()
    for step, rows, columns in _steps(crossing, threshold):
        cuts = _coarser(cuts or blocks(expected(crossing), columns.ballots), columns.ballots)
        main, states = _step(crossing, rows, columns, cuts, main, states, step)

    def layout(choice: _Choice, row_groups: Partition, column_groups: Partition) -> Layout:
        shown = column_groups if choice.columns else (tuple(kinds),)
        return Layout(row_groups, shown, _cells(row_groups, cuts, choice.split, tuple(kinds)))

    items = {k: layout(c, rows.items[k], columns.items[k]) for k, c in states.items()}
    return Layouts(layout(main, rows.ballots, columns.ballots), items)


def expected(crossing: Crossing) -> NDArray[np.float64]:
    """Ballots of each cell as anybody can expect them: headcount times the column's rate.

    Only what is public goes in: headcounts, and the rates of the columns if each of them could
    be published; otherwise one rate for all.

    >>> two = Tree(("", ""), (None, None))
    >>> grid = np.array([[20, 30], [20, 10]])
    >>> expected(Crossing(two, two, np.array([[40, 300], [60, 100]]), grid, {})).tolist()
    [[16.0, 30.0], [24.0, 10.0]]
    """
    people = crossing.headcounts.sum(axis=0)
    cast = crossing.ballots.sum(axis=0)
    if (cast[people > 0] < MINIMUM).any():
        return crossing.headcounts.astype(np.float64)
    rates: NDArray[np.float64] = cast / np.maximum(people, 1)
    ballots: NDArray[np.float64] = crossing.headcounts * rates
    return ballots


def blocks(sizes: NDArray[np.float64], columns: Partition) -> tuple[Partition, ...]:
    """For each unit the sets of columns that are its cells if it is split, empty if it never is.

    ``sizes`` are the expected ballots by cell. People who state no column that the unit has
    go where most of its ballots are expected: there most of them belong, and the few weigh
    least. (By headcount alone they would fall to a large group that hardly answers, and bend
    its result.)

    >>> blocks(np.array([[30.0, 90.0, 0.0], [50.0, 0.0, 0.0]]), ((0,), (1,), (2,)))
    (((0,), (1, 2)), ())
    """
    sizes = np.stack([sizes[:, list(group)].sum(axis=1) for group in columns], axis=1)
    result: list[Partition] = []
    for row in sizes:
        framed = [place for place, size in enumerate(row) if size > 0]
        host = int(row.argmax())
        own = [columns[place] for place in framed if place != host]
        taken = [p for p in range(len(columns)) if p == host or p not in framed]
        cut = [*own, tuple(sorted(kind for p in taken for kind in columns[p]))]
        splits = len(framed) > 1 and len(columns) <= MOST_COLUMNS
        result.append(tuple(sorted(cut)) if splits else ())
    return tuple(result)


def _coarser(cuts: Sequence[Partition], columns: Partition) -> tuple[Partition, ...]:
    """The cuts after columns were merged at a higher threshold; empty where one cell is left."""
    merged = (joined(cut, columns) if cut else () for cut in cuts)
    return tuple(cut if len(cut) > 1 else () for cut in merged)


def _steps(crossing: Crossing, threshold: int) -> Iterator[tuple[int, Protected, Protected]]:
    of_rows = {key: grid.sum(axis=1).tolist() for key, grid in crossing.items.items()}
    of_columns = {key: grid.sum(axis=0).tolist() for key, grid in crossing.items.items()}
    rows = climb(crossing.rows, crossing.ballots.sum(axis=1).tolist(), of_rows, threshold)
    columns = climb(crossing.columns, crossing.ballots.sum(axis=0).tolist(), of_columns, threshold)
    return zip(range(MINIMUM, threshold + 1), rows, columns, strict=True)


def _step(
    crossing: Crossing,
    rows: Protected,
    columns: Protected,
    cuts: Sequence[Partition],
    main: _Choice,
    states: Mapping[Hashable, _Choice],
    threshold: int,
) -> tuple[_Choice, dict[Hashable, _Choice]]:
    """One threshold: ballots first, then each item within them; again if an item forbids."""
    while True:
        grid = crossing.ballots
        main = _chosen(grid, rows.ballots, columns.ballots, cuts, main, threshold)
        found: dict[Hashable, _Choice] = {}
        for key, counts in crossing.items.items():
            before = states.get(key, main)
            start = _Choice(before.split & main.split, before.columns and main.columns)
            groups = rows.items[key], columns.items[key]
            found[key] = _chosen(counts, *groups, cuts, start, threshold)
            hidden = main.split - found[key].split
            given_away = {
                unit
                for unit in hidden
                if (unit,) in rows.items[key]
                and not wide(
                    _sums(counts, unit, cuts[unit]), _sums(grid, unit, cuts[unit]), threshold
                )
            }
            if given_away:
                main = _Choice(main.split - given_away, main.columns)
                break
        else:
            return main, found


def _chosen(
    grid: Grid,
    rows: Partition,
    columns: Partition,
    cuts: Sequence[Partition],
    start: _Choice,
    threshold: int,
) -> _Choice:
    """The units of the start that may stay split; without columns if nothing else helps."""
    split = frozenset(
        unit
        for unit in start.split
        if (unit,) in rows and cuts[unit] and min(_sums(grid, unit, cuts[unit])) >= threshold
    )
    if not start.columns or len(columns) < 2:
        return _Choice(split, start.columns)
    left = split
    while residue := _residue(grid, rows, columns, cuts, left, threshold):
        if not left:
            return _Choice(split, columns=False)
        left = left - {_next(grid, residue, left, threshold)}
    return _Choice(left)


def _residue(
    grid: Grid,
    rows: Partition,
    columns: Partition,
    cuts: Sequence[Partition],
    split: frozenset[int],
    threshold: int,
) -> tuple[Group, int] | None:
    """A set of columns whose residue is too small, with the residue; None if all are fine."""
    everything = tuple(range(grid.shape[1]))
    lines = [
        [int(grid[np.ix_(units, sorted(set(kinds) & set(group)))].sum()) for group in columns]
        for units, kinds in _cells(rows, cuts, split, everything)
    ]
    found = residue(np.array(lines, dtype=np.int64), threshold)
    if found is None:
        return None
    chosen, base = found
    return tuple(kind for place in chosen for kind in columns[place]), base


def residue(lines: Grid, threshold: int) -> tuple[Group, int] | None:
    """A set of columns whose residue is above 0 and below the threshold, and that; else None.

    ``lines`` counts people by groups of one table (lines) and of another (columns). The residue
    of a set of columns are its people in lines that the set cuts: what is left of the columns
    when the lines wholly inside are subtracted. A line that is cut with the threshold or more
    people inside makes the residue large enough, so only sets that swallow such lines are
    tried, smallest first; more than :data:`MOST_TRIED` of them count as unsafe. Parts of the
    tables that share nobody are looked at apart, because their residues add up.

    >>> residue(np.array([[40, 30], [50, 0], [30, 4]]), 10)
    >>> residue(np.array([[50, 4], [9, 0]]), 10)
    ((1,), 4)
    """
    for part in _parts(lines):
        own = lines[lines[:, list(part)].sum(axis=1) > 0][:, list(part)]
        found = _least_residue(own, threshold)
        if found is not None:
            return tuple(part[place] for place in found[0]), found[1]
    return None


def _parts(lines: Grid) -> tuple[Group, ...]:
    """The columns parted so that no line reaches into two parts; columns of nobody left out."""
    parts: list[set[int]] = []
    for line in lines:
        reached = set(np.flatnonzero(line).tolist())
        touched = [part for part in parts if part & reached]
        parts = [part for part in parts if not part & reached]
        parts.append(reached.union(*touched))
    return tuple(tuple(sorted(part)) for part in parts if part)


def _least_residue(lines: Grid, threshold: int) -> tuple[Group, int] | None:
    """As :func:`residue`, for a part whose lines and columns all hang together."""
    width = lines.shape[1]
    start = [_closed(lines, 1 << place, threshold) for place in range(width)]
    waiting, seen = list(dict.fromkeys(start)), set(start)
    for state in waiting:
        inside = _inside(lines, state)
        cut = (inside > 0) & (inside < lines.sum(axis=1))
        base = int(inside[cut].sum())
        if 0 < base < threshold or len(seen) > MOST_TRIED:
            return tuple(place for place in range(width) if state >> place & 1), base
        for place in range(width):
            more = _closed(lines, state | 1 << place, threshold)
            if more not in seen:
                seen.add(more)
                waiting.append(more)
    return None


def _closed(lines: Grid, state: int, threshold: int) -> int:
    """The set of columns with every column of the lines that it must not cut."""
    while True:
        inside = _inside(lines, state)
        cut = (inside >= threshold) & (inside < lines.sum(axis=1))
        wider = state
        for place in np.flatnonzero((lines[cut] > 0).any(axis=0)):
            wider |= 1 << int(place)
        if wider == state:
            return state
        state = wider


def _inside(lines: Grid, state: int) -> NDArray[np.int64]:
    chosen = [bool(state >> place & 1) for place in range(lines.shape[1])]
    found: NDArray[np.int64] = lines[:, chosen].sum(axis=1)
    return found


def _next(grid: Grid, residue: tuple[Group, int], split: frozenset[int], threshold: int) -> int:
    """The unit to be left whole: the smallest that mends the residue, else the smallest."""
    kinds, base = residue

    def rank(unit: int) -> tuple[bool, int, int]:
        gain = int(grid[unit, list(kinds)].sum())
        return (base + gain < threshold, int(grid[unit].sum()), unit)

    return min(split, key=rank)


def _sums(grid: Grid, unit: int, cut: Partition) -> list[int]:
    return [int(grid[unit, list(kinds)].sum()) for kinds in cut]


def _cells(
    rows: Partition, cuts: Sequence[Partition], split: frozenset[int], everything: Group
) -> tuple[Cell, ...]:
    return tuple(
        (group, kinds)
        for group in rows
        for kinds in (cuts[group[0]] if len(group) == 1 and group[0] in split else (everything,))
    )

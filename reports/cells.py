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

from reports.crossings import Crossing, Grid, Layout, Layouts, cells_of
from reports.homogeneity import NO_MINDS, Minds
from reports.narrow_parts import is_narrow
from reports.protection import (
    MINIMUM,
    Group,
    Partition,
    Protected,
    climb,
    joined,
    wide,
)
from reports.residues import residue

MOST_COLUMNS = 8
"""With more columns no unit is split."""

MOST_WIDENED = 3
"""Further units that are left whole for the sake of others, before column totals go."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """Units that are split, and whether the columns may stand beside them."""

    split: frozenset[int]
    columns: bool = True


def laid_out(crossing: Crossing, threshold: int) -> Layouts:
    """The layouts that reach the threshold; climbed in steps, as in ``protected``.

    >>> from reports.protection import Tree
    >>> two = Tree(("", ""), (100, 100))
    >>> grid = np.array([[40, 60], [30, 4]])
    >>> laid_out(Crossing(two, two, grid, grid, {}), 10).ballots.cells
    (((0,), (0, 1)), ((1,), (0, 1)))
    """
    return tuple(layouts(crossing, threshold))[-1]


def layouts(crossing: Crossing, threshold: int) -> Iterator[Layouts]:
    """The layouts for every threshold from the lowest on, each coarser than the last."""
    units, kinds = range(crossing.ballots.shape[0]), range(crossing.ballots.shape[1])
    states: dict[Hashable, _Choice] = {}
    main = _Choice(frozenset(units))
    cuts: tuple[Partition, ...] = ()
    for step, rows, columns in _steps(crossing, threshold):
        cuts = _coarser(cuts or blocks(expected(crossing), columns.ballots), columns.ballots)
        main, states = _step(crossing, rows, columns, cuts, main, states, step)
        items = {
            key: _layout(choice, rows.items[key], columns.items[key], cuts, kinds)
            for key, choice in states.items()
        }
        yield Layouts(_layout(main, rows.ballots, columns.ballots, cuts, kinds), items)


def _layout(
    choice: _Choice, rows: Partition, columns: Partition, cuts: Sequence[Partition], kinds: range
) -> Layout:
    shown = columns if choice.columns else (tuple(kinds),)
    return Layout(rows, shown, cells_of(rows, cuts, choice.split, tuple(kinds)))


def expected(crossing: Crossing) -> NDArray[np.float64]:
    """Ballots of each cell as anybody can expect them: headcount times the column's rate.

    Only what is public goes in: headcounts, and the rates of the columns if each of them could
    be published; otherwise one rate for all.

    >>> from reports.protection import Tree
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
    shape = crossing.ballots.shape
    by_row, by_column = (
        {key: mind.regrouped(shape, axis) for key, mind in crossing.minds.items()}
        for axis in (0, 1)
    )
    sums = [crossing.ballots.sum(axis=1 - axis).tolist() for axis in (0, 1)]
    rows = climb(crossing.rows, sums[0], of_rows, threshold, by_row)
    columns = climb(crossing.columns, sums[1], of_columns, threshold, by_column)
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
        main = _chosen(crossing, grid, rows.ballots, columns.ballots, cuts, main, threshold)
        found: dict[Hashable, _Choice] = {}
        for key, counts in crossing.items.items():
            before = states.get(key, main)
            start = _Choice(before.split & main.split, before.columns and main.columns)
            groups = rows.items[key], columns.items[key]
            found[key] = _chosen(
                crossing, counts, *groups, cuts, start, threshold, crossing.mind(key)
            )
            hidden = main.split - found[key].split
            given_away = {
                unit
                for unit in hidden
                if (unit,) in rows.items[key]
                and not _only_of_one_mind(crossing, key, unit, cuts[unit], threshold)
                and not wide(
                    _sums(counts, unit, cuts[unit]), _sums(grid, unit, cuts[unit]), threshold
                )
            }
            if given_away:
                main = _Choice(main.split - given_away, main.columns)
                break
        else:
            return main, found


def _only_of_one_mind(
    crossing: Crossing, key: Hashable, unit: int, cut: Partition, threshold: int
) -> bool:
    """Whether a unit stays whole for an item by its answers alone: its bases may be known then."""
    counts, mind = crossing.items[key], crossing.mind(key)
    alike = any(mind.alike(_flat(counts, (unit,), kinds)) for kinds in cut)
    return alike and min(_sums(counts, unit, cut)) >= threshold


def _chosen(
    crossing: Crossing,
    grid: Grid,
    rows: Partition,
    columns: Partition,
    cuts: Sequence[Partition],
    start: _Choice,
    threshold: int,
    minds: Minds = NO_MINDS,
) -> _Choice:
    """The units of the start that may stay split; without columns if nothing else helps."""
    split = frozenset(
        unit
        for unit in start.split
        if (unit,) in rows
        and cuts[unit]
        and min(_sums(grid, unit, cuts[unit])) >= threshold
        and not any(minds.alike(_flat(grid, (unit,), kinds)) for kinds in cuts[unit])
    )
    if not start.columns or len(columns) < 2:
        return _Choice(split, start.columns)
    left = split
    for _ in range(MOST_WIDENED + 1):
        while found := _residue(grid, rows, columns, cuts, left, threshold, minds):
            if not left:
                return _Choice(split, columns=False)
            left = left - {_next(grid, found, left, threshold)}
        if not is_narrow(crossing, grid, rows, columns, cuts, left, threshold):
            return _Choice(left)
        if not left:
            break
        left = left - {_smallest(crossing, left)}
    return _Choice(split, columns=False)


def _smallest(crossing: Crossing, split: frozenset[int]) -> int:
    """The unit of the fewest people, by what is public."""
    people = crossing.headcounts.sum(axis=1)
    return min(split, key=lambda unit: (int(people[unit]), unit))


def _residue(
    grid: Grid,
    rows: Partition,
    columns: Partition,
    cuts: Sequence[Partition],
    split: frozenset[int],
    threshold: int,
    minds: Minds,
) -> tuple[Group, int] | None:
    """A set of columns whose residue is too small or of one mind; None if all are fine."""
    everything = tuple(range(grid.shape[1]))
    cells = cells_of(rows, cuts, split, everything)
    people = grid.tolist()
    lines = np.array(
        [[sum(people[unit][kind] for unit in units for kind in group if kind in kinds)
          for group in columns] for units, kinds in cells],
        dtype=np.int64,
    )  # fmt: skip

    def alike(cut: Sequence[int], chosen: Sequence[int]) -> bool:
        inside = {kind for place in chosen for kind in columns[place]}
        pieces = [_flat(grid, cells[c][0], sorted(inside & set(cells[c][1]))) for c in cut]
        return minds.alike([unit for piece in pieces for unit in piece])

    found = residue(lines, threshold, alike if minds.parts else None)
    if found is None:
        return None
    chosen, base = found
    return tuple(kind for place in chosen for kind in columns[place]), base


def _flat(grid: Grid, units: Sequence[int], kinds: Sequence[int]) -> list[int]:
    """Places of some units and columns in the flat crossing."""
    return [unit * grid.shape[1] + kind for unit in units for kind in kinds]


def _next(grid: Grid, residue: tuple[Group, int], split: frozenset[int], threshold: int) -> int:
    """The unit to be left whole: the smallest that mends the residue, else the smallest."""
    kinds, base = residue

    def rank(unit: int) -> tuple[bool, int, int]:
        gain = int(grid[unit, list(kinds)].sum())
        return (base + gain < threshold, int(grid[unit].sum()), unit)

    return min(split, key=rank)


def _sums(grid: Grid, unit: int, cut: Partition) -> list[int]:
    row = grid[unit].tolist()
    return [sum(row[kind] for kind in kinds) for kinds in cut]

"""How the ballots are parted for each table: groups of units turned into named domains."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reports.cells import laid_out
from reports.crossings import Crossing, Grid, Layout
from reports.domains import NO_ANSWER, Attribute, Withheld, cell_domain, everybody
from reports.homogeneity import NO_MINDS, Minds
from reports.protection import WHOLE, Group, Partition, Tree, protected, wide
from reports.residues import residue
from reports.tables import Domain, Status
from survey.study import Frame

BALLOTS = ""
"""The key of the cut of the ballots themselves, beside the keys of the items."""

Bases = Mapping[Hashable, Grid]
"""Counts per finest unit by item; those of the ballots under :data:`BALLOTS`."""


@dataclass(frozen=True)
class Cut:
    """The domains of one table, the finest units that each consists of, and what is withheld.

    ``of_one_mind`` holds the bases of the units that are withheld because nearly all of their
    people answered alike.
    """

    domains: tuple[Domain, ...]
    units: tuple[Group, ...]
    withheld: Withheld = ()
    of_one_mind: Mapping[str, int] = field(default_factory=dict)


Cuts = Mapping[Hashable, Cut]


@dataclass(frozen=True)
class Crossed:
    """The cuts of two crossed attributes and of their cells."""

    rows: Cuts
    columns: Cuts
    cells: Cuts


def whole(bases: Mapping[Hashable, int], frame: Frame | None, threshold: int) -> Cuts:
    """The cuts of the tables for everybody: all or nothing."""
    domain = everybody(frame)
    shown = Cut((domain,), ((0,),))
    hidden = Cut((), (), ((domain, Status.NOT_SHOWN),))
    return {key: shown if base >= threshold else hidden for key, base in bases.items()}


def by_attribute(
    attribute: Attribute, bases: Bases, threshold: int, minds: Mapping[Hashable, Minds]
) -> Cuts:
    """The cuts by one attribute that stands alone; ``bases`` are counts per unit."""
    items: dict[Hashable, list[int]] = {key: base.tolist() for key, base in bases.items()}
    found = protected(attribute.tree, items.pop(BALLOTS), items, threshold, minds)
    groups = {BALLOTS: found.ballots, **found.items}
    return {
        key: _groups(attribute, partition, bases[key], minds.get(key, NO_MINDS), threshold)
        for key, partition in groups.items()
    }


def unlisted(rows: Attribute, columns: Attribute) -> Grid:
    """What stands for headcounts where there are none: any two codes may meet, silence may not."""
    row, column = (
        np.array([unit.code != NO_ANSWER for unit in a.units], dtype=np.int64)
        for a in (rows, columns)
    )
    return row[:, None] * column[None, :]


def coexisting(
    cuts: Mapping[str, Cuts],
    order: Sequence[tuple[str, str]],
    grid: Callable[[Hashable, str, str], Grid],
    threshold: int,
) -> dict[str, dict[Hashable, Cut]]:
    """The cuts without those that cannot stand beside an earlier one.

    ``order`` names the pairs of tables that are not looked at together elsewhere, ``grid`` gives
    the counts of an item (or the ballots) by the groups of both. The second of a pair is
    withheld if a difference between the two would be too small, for the item alone or, if it is
    one of ballots, for all.
    """
    left = {by: dict(found) for by, found in cuts.items()}
    for first, second in order:
        for key in (BALLOTS, *(k for k in left[second] if k != BALLOTS and k in left[first])):
            one, other = left[first][key], left[second][key]
            if not one.domains or not other.domains:
                continue
            lines = grid(key, first, second)
            lines = lines if lines.shape[1] <= lines.shape[0] else lines.T
            if residue(lines, threshold) is None:
                continue
            for gone in left[second] if key == BALLOTS else (key,):
                left[second][gone] = nothing_of(left[second][gone])
    return left


def nothing_of(cut: Cut) -> Cut:
    """Nothing of a cut: every domain and every merged unit is not shown."""
    units = [domain for domain in cut.domains if not domain.members]
    units += [domain for domain, _ in cut.withheld]
    return Cut((), (), tuple((domain, Status.NOT_SHOWN) for domain in units))


def by_crossing(
    rows: Attribute,
    columns: Attribute | None,
    people: Grid,
    bases: Bases,
    threshold: int,
    minds: Mapping[Hashable, Minds],
) -> Crossed:
    """The cuts by two attributes and by their cells; ``bases`` count the flat crossing.

    Without a second attribute the cells are the groups of the first.
    """
    grids: dict[Hashable, Grid] = {key: base.reshape(people.shape) for key, base in bases.items()}
    ballots = grids.pop(BALLOTS)
    second = columns.tree if columns else Tree((WHOLE,), (None,))
    found = laid_out(Crossing(rows.tree, second, people, ballots, grids, minds), threshold)
    layouts: dict[Hashable, Layout] = {BALLOTS: found.ballots, **found.items}
    grids[BALLOTS] = ballots

    def cut(attribute: Attribute, key: Hashable, partition: Partition, axis: int) -> Cut:
        mind = minds.get(key, NO_MINDS).regrouped(people.shape, axis)
        return _groups(attribute, partition, grids[key].sum(axis=1 - axis), mind, threshold)

    of_columns = {k: cut(columns, k, v.columns, 1) for k, v in layouts.items()} if columns else {}
    return Crossed(
        {key: cut(rows, key, layout.rows, 0) for key, layout in layouts.items()},
        of_columns,
        {key: _cells(rows, columns, people, layout) for key, layout in layouts.items()},
    )


def _groups(
    attribute: Attribute, partition: Partition, bases: Grid, minds: Minds, threshold: int
) -> Cut:
    withheld = attribute.withheld(partition)
    if len(partition) < 2:
        return Cut((), (), withheld)
    groups = attribute.ordered(partition)
    domains = tuple(attribute.group(group) for group in groups)
    of_one_mind = {
        attribute.units[unit].code: int(bases[unit])
        for group in groups
        for unit in _of_one_mind(attribute.tree, group, bases, minds, threshold)
    }
    statuses = tuple(
        (domain, Status.HOMOGENEOUS if domain.code in of_one_mind else status)
        for domain, status in withheld
    )
    return Cut(domains, groups, statuses, of_one_mind)


def _of_one_mind(
    tree: Tree, group: Group, bases: Grid, minds: Minds, threshold: int
) -> tuple[int, ...]:
    """The units of a merged group that may be said to be of one mind, with their base.

    Their bases are told then, so what they leave of the group must be able to stand without
    them: nobody, one large enough unit, or small ones that hide each other.
    """
    found = tuple(u for u in group if bases[u] >= threshold and minds.alike((u,)))
    rest = [unit for unit in group if unit not in found]
    few = [int(bases[unit]) for unit in rest]
    sizes = [tree.sizes[unit] for unit in rest]
    alone = len(rest) <= 1 and sum(few) >= threshold
    hidden = len(rest) > 1 and sum(few) >= threshold and wide(few, sizes, threshold)
    return found if len(group) > 1 and (not rest or alone or hidden) else ()


def _cells(rows: Attribute, columns: Attribute | None, people: Grid, layout: Layout) -> Cut:
    if len(layout.rows) < 2:
        return Cut((), (), rows.withheld(layout.rows))
    order = {group: place for place, group in enumerate(rows.ordered(layout.rows))}
    cells = sorted(layout.cells, key=lambda cell: (order[cell[0]], cell[1]))
    width = people.shape[1]
    units = tuple(tuple(r * width + c for r in group for c in kinds) for group, kinds in cells)
    domains = tuple(cell_domain(rows, columns, people, cell) for cell in cells)
    return Cut(domains, units, rows.withheld(layout.rows))

"""How the ballots are parted for each table: groups of units turned into named domains."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, partial

import numpy as np

from reports.cells import layouts
from reports.crossings import Cell, Crossing, Grid, Layout
from reports.domains import NO_ANSWER, Attribute, Withheld, cell_domain, everybody
from reports.homogeneity import NO_MINDS, Minds
from reports.protection import (
    MINIMUM,
    WHOLE,
    Group,
    Partition,
    Tree,
    believed,
    climb,
    is_open,
    wide,
)
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
) -> Iterator[Cuts]:
    """The cuts by one attribute that stands alone, for every threshold from the lowest on.

    ``bases`` are counts per unit.
    """
    items: dict[Hashable, list[int]] = {key: base.tolist() for key, base in bases.items()}
    cuts: Cuts = {}
    cast = items.pop(BALLOTS)
    steps = climb(attribute.tree, cast, items, threshold, minds)
    for step, found in enumerate(steps, MINIMUM):
        groups = {BALLOTS: found.ballots, **found.items}
        cuts = {
            key: _groups(
                attribute,
                partition,
                bases[key],
                minds.get(key, NO_MINDS),
                step,
                cuts.get(key),
                believed(attribute.tree, cast, found.ballots),
            )
            for key, partition in groups.items()
        }
        yield cuts


def unlisted(rows: Attribute, columns: Attribute) -> Grid:
    """What stands for headcounts where there are none: any two codes may meet, silence may not."""
    row, column = (
        np.array([unit.code != NO_ANSWER for unit in a.units], dtype=np.int64)
        for a in (rows, columns)
    )
    return row[:, None] * column[None, :]


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
) -> Iterator[Crossed]:
    """The cuts by two attributes and by their cells, for every threshold from the lowest on.

    ``bases`` count the flat crossing. Without a second attribute the cells are the groups of
    the first.
    """
    grids: dict[Hashable, Grid] = {key: base.reshape(people.shape) for key, base in bases.items()}
    ballots = grids.pop(BALLOTS)
    second = columns.tree if columns else Tree((WHOLE,), (None,))
    steps = layouts(Crossing(rows.tree, second, people, ballots, grids, minds), threshold)
    grids[BALLOTS] = ballots
    named = cache(partial(cell_domain, rows, columns, people))
    last: Crossed | None = None
    for step, found in enumerate(steps, MINIMUM):
        every: dict[Hashable, Layout] = {BALLOTS: found.ballots, **found.items}
        cuts: list[dict[Hashable, Cut]] = [{}, {}]
        for axis, attribute in enumerate((rows, columns) if columns else (rows,)):
            for key, layout in every.items():
                cuts[axis][key] = _groups(
                    attribute, (layout.rows, layout.columns)[axis], grids[key].sum(axis=1 - axis),
                    minds.get(key, NO_MINDS).regrouped(people.shape, axis), step,
                    (last.rows, last.columns)[axis].get(key) if last else None,
                    believed(
                        attribute.tree, ballots.sum(axis=1 - axis).tolist(),
                        (found.ballots.rows, found.ballots.columns)[axis],
                    ),
                )  # fmt: skip
        cells = {key: _cells(rows, layout, people.shape[1], named) for key, layout in every.items()}
        last = Crossed(cuts[0], cuts[1], cells)
        yield last


def _groups(
    attribute: Attribute,
    partition: Partition,
    bases: Grid,
    minds: Minds,
    threshold: int,
    lower: Cut | None,
    listed: Sequence[int | None],
) -> Cut:
    """The cut of one item; ``lower`` is that of the threshold below: it tells no less.

    ``listed`` holds what a reader takes for the most that each unit's base can be.
    """
    withheld = attribute.withheld(partition)
    if len(partition) < 2:
        return Cut((), (), withheld)
    groups = attribute.ordered(partition)
    domains = tuple(attribute.group(group) for group in groups)
    told = {
        unit
        for unit, domain in enumerate(attribute.units)
        if (lower is None or domain.code in lower.of_one_mind)
        and bases[unit] >= threshold
        and minds.alike((unit,))
    }
    of_one_mind = {
        attribute.units[unit].code: int(bases[unit])
        for group in groups
        for unit in _of_one_mind(group, bases, told, threshold, listed)
    }
    statuses = tuple(
        (domain, Status.HOMOGENEOUS if domain.code in of_one_mind else status)
        for domain, status in withheld
    )
    return Cut(domains, groups, statuses, of_one_mind)


def _of_one_mind(
    group: Group,
    bases: Grid,
    told: Set[int],
    threshold: int,
    listed: Sequence[int | None],
) -> tuple[int, ...]:
    """The units of a merged group that may be said to be of one mind, with their base.

    Their bases are told then, so what they leave of the group must be able to stand without
    them: nobody, one large enough unit, or small ones that hide each other.
    """
    found = tuple(unit for unit in group if unit in told)
    rest = [unit for unit in group if unit not in found]
    few = [int(bases[unit]) for unit in rest]
    sizes = [listed[unit] for unit in rest]
    alone = len(rest) <= 1 and sum(few) >= threshold
    hidden = (
        len(rest) > 1
        and sum(few) >= threshold
        and wide(few, sizes, threshold)
        and is_open(sum(few), sizes)
    )
    return found if len(group) > 1 and (not rest or alone or hidden) else ()


def _cells(rows: Attribute, layout: Layout, width: int, named: Callable[[Cell], Domain]) -> Cut:
    if len(layout.rows) < 2:
        return Cut((), (), rows.withheld(layout.rows))
    order = {group: place for place, group in enumerate(rows.ordered(layout.rows))}
    cells = sorted(layout.cells, key=lambda cell: (order[cell[0]], cell[1]))
    units = tuple(tuple(r * width + c for r in group for c in kinds) for group, kinds in cells)
    domains = tuple(map(named, cells))
    return Cut(domains, units, rows.withheld(layout.rows))

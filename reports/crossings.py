"""Two crossed attributes and the cells that they are laid out in."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reports.homogeneity import NO_MINDS, Minds
from reports.protection import Group, Partition, Tree

Grid = NDArray[np.int64]
"""Counts of shape (units, columns); the finest crossing of the two attributes."""

Cell = tuple[Group, Group]
"""The units and the columns of one cell."""


@dataclass(frozen=True)
class Crossing:
    """What is known inside the gate about two crossed attributes.

    ``headcounts`` has 0 where nobody is on the staff list (or nothing is known, as for those
    with no statement); ``items`` holds the grid of valid answers of each item, ``minds`` what
    was answered.
    """

    rows: Tree
    columns: Tree
    headcounts: Grid
    ballots: Grid
    items: Mapping[Hashable, Grid]
    minds: Mapping[Hashable, Minds] = field(default_factory=dict)

    def mind(self, key: Hashable) -> Minds:
        """The answers to an item by the flat crossing."""
        return self.minds.get(key, NO_MINDS)


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


def cells_of(
    rows: Partition, cuts: Sequence[Partition], split: frozenset[int], everything: Group
) -> tuple[Cell, ...]:
    """The cells of groups of units; a unit of ``split`` that stands alone falls into its blocks."""
    return tuple(
        (group, kinds)
        for group in rows
        for kinds in (cuts[group[0]] if len(group) == 1 and group[0] in split else (everything,))
    )

"""When a group is of one mind: its exact result would say what each of its members answered.

Below the level of everybody a group whose answers are nearly all the same is merged with its
siblings for that item, if the item is marked sensitive or the group is small. Of the group
itself only its base and "at least 90 %" are told, not even which answer. The siblings protect
it: from the published sum, both extremes of "at least 90 %" remain possible. "Not ticked" and
"not placed" are no answer to be of one mind about; most people tick and place few things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEARLY_ALL = 0.9
"""From this share of one answer on a group is of one mind."""

SMALL_GROUP = 30
"""From this base on a group may be of one mind, unless the item is sensitive."""

FEWEST = 10
"""Smaller groups are never shown by themselves, nor said to be of one mind."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Counts of one variable's answers by the finest units, shape (units, answers).

    ``telling`` marks the answers that a group can be of one mind about.
    """

    counts: Ints
    telling: tuple[bool, ...]
    sensitive: bool = False

    def base(self, units: Iterable[int]) -> int:
        """Answers of the units together."""
        return sum(self._bases[unit] for unit in units)

    def alike(self, units: Iterable[int]) -> bool:
        """Whether the units together are of one mind where that must not be shown.

        >>> of = Answers(np.array([[9, 1], [12, 18]]), (True, True))
        >>> of.alike([0]), of.alike([1]), of.alike([0, 1])
        (True, False, False)
        """
        inside = tuple(units)
        n = self.base(inside)
        if n == 0 or (n >= SMALL_GROUP and not self.sensitive):
            return False
        return any(sum(told[unit] for unit in inside) >= NEARLY_ALL * n for told in self._told)

    # A gate asks this many thousand times about a few units: numbers, not arrays.
    @cached_property
    def _bases(self) -> list[int]:
        found: list[int] = self.counts.sum(axis=1).tolist()
        return found

    @cached_property
    def _told(self) -> list[list[int]]:
        found: list[list[int]] = self.counts[:, list(self.telling)].T.tolist()
        return found

    def hides(self, group: Iterable[int], part: Iterable[int]) -> bool:
        """Whether the published group leaves open how many of a part gave the common answer.

        >>> of = Answers(np.array([[9, 1], [12, 18], [0, 12]]), (True, True))
        >>> of.hides([0, 1], [0]), of.hides([0, 2], [0])
        (True, False)
        """
        inner = self.counts[list(part)].sum(axis=0)
        rest = self.counts[list(group)].sum(axis=0) - inner
        n, most = int(inner.sum()), int(inner.argmax())
        others = int(rest.sum() - rest[most] + n - inner[most])
        return int(rest[most]) >= n - int(inner[most]) and others >= n - ceil(NEARLY_ALL * n)

    def regrouped(self, shape: tuple[int, int], axis: int) -> Answers:
        """The same for the rows (axis 0) or columns (axis 1) of a crossing of units."""
        grid = self.counts.reshape(*shape, self.counts.shape[1])
        return Answers(grid.sum(axis=1 - axis), self.telling, self.sensitive)


@dataclass(frozen=True)
class Minds:
    """The answers of all variables that are grouped as one; of one mind if any of them is."""

    parts: tuple[Answers, ...] = ()
    _asked: dict[tuple[int, ...], bool] = field(default_factory=dict, compare=False, repr=False)

    def alike(self, units: Iterable[int]) -> bool:
        """Whether the units are of one mind about any variable."""
        if not self.parts:
            return False
        asked = tuple(units)
        if asked not in self._asked:
            self._asked[asked] = any(part.alike(asked) for part in self.parts)
        return self._asked[asked]

    def hidden(self, pool: Iterable[tuple[int, ...]]) -> bool:
        """Whether the groups of a pool, published as one, hide those that are of one mind."""
        groups = tuple(pool)
        whole = tuple(unit for group in groups for unit in group)
        return not self.alike(whole) and all(
            part.hides(whole, group)
            for part in self.parts
            for group in groups
            if part.base(group) >= FEWEST and part.alike(group)
        )

    def regrouped(self, shape: tuple[int, int], axis: int) -> Minds:
        """The same for the rows (axis 0) or columns (axis 1) of a crossing of units."""
        return Minds(tuple(part.regrouped(shape, axis) for part in self.parts))


NO_MINDS = Minds()
"""For bases without answers: ballots."""

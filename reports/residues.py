"""What the groups of one table leave of the groups of another: the differences a reader can form.

Two tables over the same people part them in two ways. Every group that follows from both by
adding and subtracting is a sum of groups and of *residues*: the people of some columns in the
lines that these columns cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

Group = tuple[int, ...]
Lines = NDArray[np.int64]
"""Counts of people by groups of one table (lines) and of the other (columns)."""

Alike = Callable[[Sequence[int], Sequence[int]], bool]

MOST_TRIED = 4096
"""Sets of columns that are looked at for a residue."""


def residue(lines: Lines, threshold: int, alike: Alike | None = None) -> tuple[Group, int] | None:
    """A set of columns whose residue is above 0 and below the threshold, and that; else None.

    ``alike(lines, columns)`` says whether the people of these columns in these lines are of one
    mind, which forbids a larger residue too.

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
    joined_lines: dict[int, _Line] = {}
    for number, line in enumerate(lines.tolist()):
        people = {column: n for column, n in enumerate(line) if n}
        mask = sum(1 << column for column in people)
        joined_lines.setdefault(mask, _Line(mask)).add(number, people)
    for part in _parts(joined_lines):
        own = [line for mask, line in joined_lines.items() if mask & part]
        found = _least_residue(own, part, threshold, alike)
        if found is not None:
            return found
    return None


class _Line:
    """Lines that reach the same columns: every set of columns cuts all of them or none."""

    __slots__ = ("mask", "numbers", "people")

    def __init__(self, mask: int) -> None:
        self.mask, self.numbers, self.people = mask, list[int](), dict[int, int]()

    def add(self, number: int, people: Mapping[int, int]) -> None:
        self.numbers.append(number)
        for column, n in people.items():
            self.people[column] = self.people.get(column, 0) + n

    def cut(self, state: int) -> int:
        """People inside a set of columns that cuts the line; 0 for one that does not."""
        if not self.mask & state or not self.mask & ~state:
            return 0
        return sum(n for column, n in self.people.items() if state >> column & 1)


def _parts(masks: Iterable[int]) -> list[int]:
    """The columns parted so that no line reaches into two parts."""
    parts: list[int] = []
    for mask in masks:
        touched = [part for part in parts if part & mask]
        parts = [part for part in parts if not part & mask]
        parts.append(reduce(or_, touched, mask))
    return [part for part in parts if part.bit_count() > 1]


def _least_residue(
    lines: Sequence[_Line], part: int, threshold: int, alike: Alike | None
) -> tuple[Group, int] | None:
    """As :func:`residue`, for a part whose lines and columns all hang together."""
    columns = [column for column in range(part.bit_length()) if part >> column & 1]
    # a residue that is large enough can still be of one mind: then no set is skipped
    reach = threshold if alike is None else 1 + sum(sum(line.people.values()) for line in lines)
    waiting = list(dict.fromkeys(_closed(lines, 1 << column, reach) for column in columns))
    seen = set(waiting)
    for state in waiting:
        cut = [(line, n) for line in lines if (n := line.cut(state))]
        base = sum(n for _, n in cut)
        chosen = tuple(column for column in columns if state >> column & 1)
        numbers = [number for line, _ in cut for number in line.numbers]
        one_mind = alike is not None and base > 0 and alike(numbers, chosen)
        if 0 < base < threshold or one_mind or len(seen) > MOST_TRIED:
            return chosen, base
        for column in columns:
            more = _closed(lines, state | 1 << column, reach)
            if more not in seen:
                seen.add(more)
                waiting.append(more)
    return None


def _closed(lines: Sequence[_Line], state: int, reach: int) -> int:
    """The set of columns with every column of the lines that it must not cut."""
    while True:
        wider = reduce(or_, (line.mask for line in lines if line.cut(state) >= reach), state)
        if wider == state:
            return state
        state = wider

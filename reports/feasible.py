"""What a reader who knows every rule can still think possible of the counts in a merged group.

A pool of units grows, stage by stage, until its sum hides what it must; then its sum is published.
Whoever knows the rules knows more than that sum: which units are below the threshold (that may be
guessed), in which order the pool grew, and that it was not enough before each stage. All of this
limits nothing but sums of the pool after its stages. So the counts that remain possible are those
of a chain: whole numbers within bounds whose partial sums lie in given sets. Sets of whole numbers
are written as runs, and every question about a chain is answered by adding and cutting runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

Runs = tuple[tuple[int, int], ...]
"""A set of whole numbers: disjoint runs (first, last) in order."""


def runs(found: Iterable[tuple[int, int]]) -> Runs:
    """The set that some runs cover together.

    >>> runs([(5, 7), (0, 2), (3, 3), (9, 8)])
    ((0, 3), (5, 7))
    """
    result: list[tuple[int, int]] = []
    for low, high in sorted(run for run in found if run[0] <= run[1]):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def plus(one: Runs, other: Runs) -> Runs:
    """All sums of a number of one set and a number of the other.

    >>> plus(((0, 1), (10, 11)), ((3, 3),))
    ((3, 4), (13, 14))
    """
    return runs((a + c, b + d) for a, b in one for c, d in other)


def minus(one: Runs, other: Runs) -> Runs:
    """All differences of a number of one set and a number of the other.

    >>> minus(((10, 12),), ((3, 4),))
    ((6, 9),)
    """
    return runs((a - d, b - c) for a, b in one for c, d in other)


def meet(one: Runs, other: Runs) -> Runs:
    """What two sets have in common.

    >>> meet(((0, 5), (8, 9)), ((4, 8),))
    ((4, 5), (8, 8))
    """
    return runs((max(a, c), min(b, d)) for a, b in one for c, d in other)


def outside(one: Runs, most: int) -> Runs:
    """All numbers from 0 to ``most`` that are not in a set.

    >>> outside(((2, 3), (6, 9)), 9)
    ((0, 1), (4, 5))
    """
    ends = [-1, *(end for run in one for end in run), most + 1]
    gaps = zip(ends[::2], ends[1::2], strict=True)
    return meet(runs((low + 1, high - 1) for low, high in gaps), ((0, most),))


def size(one: Runs) -> int:
    """How many numbers a set has."""
    return sum(high - low + 1 for low, high in one)


def often(sets: Sequence[Runs], least: int) -> Runs:
    """The numbers that are in at least ``least`` of some sets.

    >>> often([((0, 5),), ((3, 9),), ((4, 4),)], 2)
    ((3, 5),)
    """
    steps = sorted(step for one in sets for low, high in one for step in ((low, 1), (high + 1, -1)))
    result, depth = [], 0
    for (at, change), (after, _) in pairwise(steps):
        depth += change
        if depth >= least and after > at:
            result.append((at, after - 1))
    return runs(result)


@dataclass(frozen=True, eq=False)
class Unit:
    """A unit with the counts that are possible for it in public; ``small`` is below the threshold.

    ``needs`` is how many different counts have to stay possible.
    """

    low: int
    high: int
    small: bool
    needs: int

    @property
    def sums(self) -> Runs:
        """The possible counts."""
        return runs([(self.low, self.high)])


@dataclass(eq=False)
class Pool:
    """Units and smaller pools by the stages in which they joined.

    ``allowed[k]`` holds the sums that the pool can have had after stage k; the last stage of a
    pool that still grows has no such set yet.
    """

    stages: list[list[Unit | Pool]]
    allowed: list[Runs] = field(default_factory=list)

    @cached_property
    def sums(self) -> Runs:
        """The sums that a complete pool can have."""
        return self._sums(len(self.stages))

    def _sums(self, stages: int, without: Unit | Pool | None = None) -> Runs:
        """The possible sums of the first stages, without one unit or pool of the last."""
        found: Runs = ((0, 0),)
        for place, stage in enumerate(self.stages[:stages]):
            for part in stage:
                if part is not without:
                    found = plus(found, part.sums)
            if place < len(self.allowed) and (place + 1 < stages or without is None):
                found = meet(found, self.allowed[place])
        return found

    def units(self) -> Iterator[Unit]:
        """All units, those of pools inside among them."""
        for stage in self.stages:
            for part in stage:
                if isinstance(part, Unit):
                    yield part
                else:
                    yield from part.units()

    def open_sums(self, threshold: int, most: int, spare: int = 0) -> Runs:
        """The sums from the threshold to ``most`` that leave every small unit enough counts.

        ``spare`` asks for so many counts more, where there are as many.
        """
        found = runs([(threshold, most)])
        for unit in self.units():
            needs = min(unit.needs + spare, unit.high - unit.low + 1)
            if unit.small and needs > 1 and found:
                found = meet(found, self._wide(unit, needs))
        return found

    def _wide(self, unit: Unit, needs: int) -> Runs:
        """The sums with which so many counts of a unit are possible."""
        if len(self.stages) == 1 and all(isinstance(part, Unit) for part in self.stages[0]):
            low, high = self._sums(1, unit)[0]
            if high - low + 1 < needs:
                return ()
            more = needs - 1
            return runs([(unit.low + low + more, unit.high + high - more)])
        tries = [self.with_count(unit, count) for count in range(unit.low, unit.high + 1)]
        return often(tries, needs)

    def with_count(self, unit: Unit, count: int) -> Runs:
        """The possible sums if one unit has a certain count."""
        found: Runs = ((0, 0),)
        for place, stage in enumerate(self.stages):
            for part in stage:
                if part is unit:
                    found = plus(found, ((count, count),))
                elif isinstance(part, Pool) and any(unit is inner for inner in part.units()):
                    found = plus(found, part.with_count(unit, count))
                else:
                    found = plus(found, part.sums)
            if place < len(self.allowed):
                found = meet(found, self.allowed[place])
        return found

    def counts(self, unit: Unit, sums: Runs) -> Runs:
        """The counts of a unit that are possible if the sum of the pool lies in a set."""
        place = next(p for p, stage in enumerate(self.stages) if _holds(stage, unit))
        for stage in range(len(self.stages) - 1, place - 1, -1):
            if stage < len(self.allowed):
                sums = meet(sums, self.allowed[stage])
            if stage > place:
                for part in self.stages[stage]:
                    sums = minus(sums, part.sums)
        part = next(part for part in self.stages[place] if _holds([part], unit))
        left = meet(minus(sums, self._sums(place + 1, part)), part.sums)
        return left if isinstance(part, Unit) else part.counts(unit, left)

    def hides_all(self, sum_: int) -> bool:
        """Whether a sum of the pool leaves every unit that is not small enough counts."""
        return all(
            size(self.counts(unit, ((sum_, sum_),))) >= unit.needs
            for unit in self.units()
            if not unit.small
        )


def _holds(parts: Iterable[Unit | Pool], unit: Unit) -> bool:
    return any(
        part is unit or (isinstance(part, Pool) and any(unit is inner for inner in part.units()))
        for part in parts
    )

"""Which units of one attribute stand alone and which are merged: integers in, groups out.

Nothing is left out: the units of an attribute ("no answer" among them) are parted into
groups, and every group is published. So the groups add up to the total, and what a reader
can gain by subtraction is again a union of groups. A unit below the threshold is merged
with its siblings, then across the whole; a group of merged units has at least two members.

Each item has groups of its own, because its base (valid answers) is smaller than the number
of ballots; they are always unions of the groups of the ballots. Otherwise the rows of two
items, which both add up to ballots, could be subtracted from each other.

Partners are taken by public size (headcount), where it is not known from the end of the list
("no answer", then what the author put last), so the choice says nothing about hidden counts.
A group is also wide enough that somebody who knows these rules, the published totals, the public
sizes and even which units are small is left with at least :data:`SPAN` values for the count of
each unit in it (``reports.feasible``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from reports.feasible import Pool, Runs, Unit, outside, runs
from reports.homogeneity import NO_MINDS, Minds

MINIMUM = 10
"""The smallest base that may ever be published; rules may only raise it."""

SPAN = 5
"""Values that each hidden count must at least be able to have."""

SPARE = 3
"""Values more than that are asked for before any partner has joined, one less with each partner.

That a pool was not enough shows in what replaces it, and takes away the values at one end.
"""

WHOLE = ""

Group = tuple[int, ...]
Partition = tuple[Group, ...]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tree:
    """The units of an attribute: the parent of each ("" = the whole) and its public size."""

    parents: tuple[str, ...]
    sizes: tuple[int | None, ...]

    def parent(self, group: Group) -> str:
        """The common parent of the members; the whole if they have different ones."""
        found = {self.parents[unit] for unit in group}
        return found.pop() if len(found) == 1 else WHOLE

    def size(self, group: Group) -> int | None:
        """Public size of a group, None if that of a member is not known."""
        return total(self.sizes[unit] for unit in group)

    @property
    def inner(self) -> tuple[str, ...]:
        """The parents below the whole, in the order of the units."""
        return tuple(dict.fromkeys(parent for parent in self.parents if parent != WHOLE))


@dataclass(frozen=True)
class Protected:
    """The groups for the ballots and, coarser or equal, for each item."""

    ballots: Partition
    items: Mapping[Hashable, Partition]


def protected(
    tree: Tree,
    ballots: Sequence[int],
    items: Mapping[Key, Sequence[int]],
    threshold: int,
    minds: Mapping[Key, Minds] = MappingProxyType({}),
) -> Protected:
    """Groups whose base reaches the threshold for the ballots and for every item.

    ``ballots`` and each of ``items`` hold one count per unit of the tree. The threshold is
    climbed in steps of one, each step coarsening the one before: a unit that is merged at 10
    is never alone at 12. Where even all units together stay below the threshold, or only one
    group is left, nothing can be published: the partition has a single group then.
    Raises ``ValueError`` for a threshold below :data:`MINIMUM`.

    >>> tree = Tree(("", "", "", ""), (12, 88, 300, 5260))
    >>> protected(tree, [2, 36, 107, 905], {"a": [2, 30, 9, 800]}, 10)
    Protected(ballots=((0, 1), (2,), (3,)), items={'a': ((0, 1, 2), (3,))})
    """
    return tuple(climb(tree, ballots, items, threshold, minds))[-1]


def climb(
    tree: Tree,
    ballots: Sequence[int],
    items: Mapping[Key, Sequence[int]],
    threshold: int,
    minds: Mapping[Key, Minds] = MappingProxyType({}),
) -> Iterator[Protected]:
    """The groups for every threshold from :data:`MINIMUM` on, each coarser than the last."""
    if threshold < MINIMUM:
        raise ValueError(f"a threshold of {threshold} is below {MINIMUM}")
    main: Partition = tuple((unit,) for unit in range(len(ballots)))
    # items with the same bases are grouped alike, unless their answers could tell them apart
    answers = {key: minds.get(key, NO_MINDS) for key in items}
    known = {key: (tuple(bases), id(answers[key])) for key, bases in items.items()}
    patterns = dict.fromkeys(known.values(), main)
    of = {known[key]: found for key, found in answers.items()}
    for step in range(MINIMUM, threshold + 1):
        main = coarsened(main, ballots, tree, tree.sizes, step)
        listed = believed(tree, ballots, main)
        for pattern, groups in patterns.items():
            patterns[pattern] = coarsened(
                joined(groups, main), pattern[0], tree, ballots, step, of[pattern], listed
            )
        yield Protected(main, {key: patterns[pattern] for key, pattern in known.items()})


def coarsened(
    groups: Partition,
    bases: Sequence[int],
    tree: Tree,
    limits: Sequence[int | None],
    threshold: int,
    minds: Minds = NO_MINDS,
    listed: Sequence[int | None] | None = None,
) -> Partition:
    """The groups merged until each reaches the threshold, first below each parent.

    ``limits`` holds what is publicly the most a unit's base can be (None: not known), ``minds``
    what was answered, ``listed`` what a reader takes for the limits who believes the staff list
    even where more answer than are listed; the limits themselves if it is left out.
    """
    scale = _Scale(bases, tree, limits, threshold, minds, limits if listed is None else listed)
    pending: list[Group] = []
    for parent in tree.inner:
        children = [group for group in groups if tree.parent(group) == parent]
        found = scale.pool([g for g in children if scale.needs(g)], children)
        if found.safe:
            groups = _merged(groups, found.groups)
            scale.merge(found)
        else:
            pending += found.groups
            scale.keep(found)
    # groups that wait join as what is known of them together
    small = [g for g in groups if scale.needs(g) or g in pending]
    found = scale.pool(small, groups)
    return _merged(groups, found.groups) if found.safe else _merged(groups, groups)


def believed(tree: Tree, ballots: Sequence[int], main: Partition) -> tuple[int | None, ...]:
    """What a reader takes for the most that each unit's base can be, once the ballots are told.

    Those are the ballots of a unit that stands alone, else its headcount; None where a group has
    more ballots than people on the staff list, which limits nothing then.

    >>> believed(Tree(("", "", ""), (8, 30, 50)), [6, 60, 40], ((0, 1), (2,)))
    (None, None, 40)
    """
    found: list[int | None] = [None] * len(ballots)
    for group in main:
        size, cast = tree.size(group), sum(ballots[unit] for unit in group)
        for unit in group:
            if len(group) == 1:
                found[unit] = cast
            elif size is None or size >= cast:
                found[unit] = tree.sizes[unit]
    return tuple(found)


def is_open(whole: int, limits: Iterable[int | None]) -> bool:
    """Whether a sum leaves at least :data:`SPAN` values of each part that may be small.

    The reader knows the limits and nothing else; if these contradict the sum, not even them.

    >>> is_open(126, [8, 90, 30]), is_open(66, [8, 30]), is_open(38, [12, 88])
    (False, True, True)
    """
    caps = [whole if limit is None else min(limit, whole) for limit in limits]
    slack = sum(caps) - whole
    if slack < 0:
        return True
    return all(cap - slack >= MINIMUM or min(cap, slack) + 1 >= min(SPAN, cap + 1) for cap in caps)


def joined(first: Partition, second: Partition) -> Partition:
    """The finest partition that is coarser than both.

    >>> joined(((0, 1), (2,), (3,)), ((0,), (1, 2), (3,)))
    ((0, 1, 2), (3,))
    """
    result = [set(group) for group in first]
    for group in second:
        touched = [part for part in result if part.intersection(group)]
        result = [part for part in result if not part.intersection(group)]
        result.append(set().union(*touched))
    return ordered(result)


def ordered(groups: Iterable[Iterable[int]]) -> Partition:
    """Groups and members in the order of the units."""
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def wide(bases: Sequence[int], limits: Sequence[int | None], threshold: int) -> bool:
    """Whether each hidden base keeps at least :data:`SPAN` values for a well-informed reader.

    The reader knows the sum of ``bases``, the public limit of each member, and even which
    members are below the threshold (these rules may betray that). Where a limit or the sum
    itself allows fewer values, all of them must stay possible. One value more than promised
    is asked for: that a narrower group was not enough can show in what replaces it.

    >>> wide([2, 36], [12, 88], 10), wide([9, 9], [40, 40], 10), wide([0, 10], [40, 40], 10)
    (True, False, False)
    """
    whole = sum(bases)
    caps = [whole if limit is None else min(limit, whole) for limit in limits]
    least = [0 if base < threshold else threshold for base in bases]
    most = [
        min(cap, threshold - 1) if base < threshold else cap
        for cap, base in zip(caps, bases, strict=True)
    ]
    room, slack = whole - sum(least), sum(most) - whole
    for low, high, cap in zip(least, most, caps, strict=True):
        values = min(high, low + room) - max(low, high - slack) + 1
        if values < min(SPAN + 1, cap + 1):
            return False
    return True


def total(values: Iterable[int | None]) -> int | None:
    """The sum, None if a value is not known."""
    result = 0
    for value in values:
        if value is None:
            return None
        result += value
    return result


def _merged(groups: Partition, pool: Sequence[Group]) -> Partition:
    rest = [group for group in groups if group not in pool]
    return ordered([*rest, *([[unit for group in pool for unit in group]] if pool else [])])


@dataclass(frozen=True, slots=True)
class _Found:
    """Groups that are to be published as one, if that is safe, and what is known of their sum."""

    groups: tuple[Group, ...]
    pool: Pool
    safe: bool


@dataclass(frozen=True, slots=True)
class _Scale:
    """What weighs groups against the rules: bases, public limits and the threshold."""

    bases: Sequence[int]
    tree: Tree
    limits: Sequence[int | None]
    threshold: int
    minds: Minds = NO_MINDS
    listed: Sequence[int | None] = ()
    known: dict[Group, Pool] = field(default_factory=dict)
    """Merged groups, and each of the groups that wait, with the pool that holds them."""

    def needs(self, group: Group) -> bool:
        """Whether a group cannot stand alone."""
        return (
            self.base(group) < self.threshold or self.minds.alike(group) or not self._open([group])
        )

    def _open(self, groups: Sequence[Group]) -> bool:
        """Whether somebody who believes the staff list can tell no unit of these from the rest."""
        return all(
            len(units) < 2 or is_open(self._sum_of(units), [self.listed[unit] for unit in units])
            for part in (groups, self._hidden(groups))
            for units in ([unit for group in part for unit in group],)
        )

    def _sum_of(self, units: Iterable[int]) -> int:
        return sum(self.bases[unit] for unit in units)

    def base(self, group: Group) -> int:
        return self._sum_of(group)

    def merge(self, found: _Found) -> None:
        """Remember a group that was merged below a parent."""
        if found.groups:
            self.known[tuple(sorted(unit for group in found.groups for unit in group))] = found.pool

    def keep(self, found: _Found) -> None:
        """Remember groups that wait for partners from the whole."""
        self.known.update(dict.fromkeys(found.groups, found.pool))

    def pool(self, small: Sequence[Group], candidates: Sequence[Group]) -> _Found:
        """The small groups with as many partners as they need, all if these do not suffice.

        After each stage the sums are kept that would not have been enough: a reader who knows
        these rules can exclude all others.
        """
        groups = list(small)
        partners = [g for g in candidates if g not in groups and not self._narrow(g)]
        partners.sort(key=self._rank)
        pool = Pool([self._parts(groups)])
        most = sum(self.bases)
        while True:
            spare = max(0, SPARE + 1 - len(pool.stages))
            open_, sum_ = pool.open_sums(self.threshold, most, spare), self._sum(groups)
            enough = self._open(groups) and (
                not self._small(groups)
                or (any(low <= sum_ <= high for low, high in open_) and pool.hides_all(sum_))
            )
            safe = enough and self.minds.hidden(groups)
            if safe or not groups or not partners:
                pool.allowed.append(open_ if safe else self._not_enough(open_, sum_, enough))
                return _Found(tuple(groups), pool, safe or not groups)
            pool.allowed.append(self._not_enough(open_, sum_, enough))
            groups.append(partners.pop(0))
            pool.stages.append(self._parts(groups[-1:]))

    def _not_enough(self, open_: Runs, sum_: int, enough: bool) -> Runs:
        """The sums after which the pool had to grow; any, if only answers of one mind forced it."""
        most = sum(self.bases)
        if enough:
            return runs([(0, most)])
        return runs([*outside(open_, most), (sum_, sum_)])

    def _hidden(self, groups: Iterable[Group]) -> list[Group]:
        """Groups whose base is not told; told is that of one that is here for its answers only."""
        return [g for g in groups if self.base(g) < self.threshold or not self.minds.alike(g)]

    def _sum(self, groups: Iterable[Group]) -> int:
        return sum(self.base(group) for group in self._hidden(groups))

    def _small(self, groups: Iterable[Group]) -> bool:
        return any(self.base(group) < self.threshold for group in groups)

    def _parts(self, groups: Iterable[Group]) -> list[Unit | Pool]:
        """What is known of each hidden group; of groups that wait together, once."""
        parts: dict[int, Unit | Pool] = {}
        for group in self._hidden(groups):
            part = self.known.get(group) or self._unit(group)
            parts[id(part)] = part
        return list(parts.values())

    def _unit(self, group: Group) -> Unit:
        base, most = self.base(group), sum(self.bases)
        limit = total(self.limits[unit] for unit in group)
        high = most if limit is None else max(base, min(limit, most))
        if base < self.threshold:
            high = min(high, self.threshold - 1)
            return Unit(0, high, True, min(SPAN, high + 1))
        return Unit(self.threshold, high, False, min(SPAN, high - self.threshold + 1))

    def _narrow(self, group: Group) -> bool:
        """Whether too few people are in a group to hide a base that reaches the threshold."""
        limit = total(self.limits[unit] for unit in group)
        return limit is not None and limit < self.threshold + SPAN - 1

    def _rank(self, group: Group) -> tuple[bool, int, Group]:
        size = self.tree.size(group)
        return (size is None, -group[-1] if size is None else size, group)

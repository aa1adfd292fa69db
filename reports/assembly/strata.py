"""Which weighting cells make up which group, and where a group cannot be evened out.

A group is compared as the sum of its cells, each standing for its people on the staff list. Where
the gate could not part a group by the other attribute of the headcounts, nobody can tell whether
one kind of its people answered more often than the other: its difference has no interval then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from reports.tables import Domain
from survey.study import Frame

Key = tuple[str, ...]

MOST_MIXED = 0.1
"""Share of a group's people that may be another kind than most in a cell not parted by kind."""


@dataclass(frozen=True, slots=True)
class Strata:
    """The group of every cell (cells,), and which groups are evened out (groups,).

    A cell belongs to the group of nine tenths of its people; cells without such a group are
    numbered beyond the groups.
    """

    group: NDArray[np.int64]
    even: NDArray[np.bool_]


def strata(frame: Frame | None, groups: Sequence[Domain], cells: Sequence[Domain]) -> Strata | None:
    """How ``cells`` make up ``groups`` of one attribute; None if it has no headcounts."""
    if frame is None or not groups or groups[0].variable not in frame.variables:
        return None
    return _strata(_Same(frame), tuple(groups), tuple(cells))


def kinds(frame: Frame, by: str, cells: Sequence[Domain]) -> NDArray[np.int64]:
    """The kind of people in every cell apart from its group, numbered; (cells,).

    A cell that holds several kinds has the kind of most of its people.
    """
    return _kinds(_Same(frame), by, tuple(cells))


@lru_cache(maxsize=128)
def _kinds(same: _Same, by: str, cells: tuple[Domain, ...]) -> NDArray[np.int64]:
    frame = same.frame
    found: list[Key] = []
    for cell in cells:
        people: dict[Key, float] = {}
        for key in sorted(people_of_cell(frame, cell)):
            kind = tuple(value for value, name in _named(key, frame) if name != by)
            people[kind] = people.get(kind, 0.0) + frame.counts[key]
        found.append(max(people, key=lambda kind: people[kind], default=()))
    order = {kind: place for place, kind in enumerate(dict.fromkeys(found))}
    numbered = np.array([order[kind] for kind in found], dtype=np.int64)
    numbered.setflags(write=False)
    return numbered


class _Same:
    """A staff list that equals itself only, so that what follows from it is worked out once."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.frame is self.frame

    def __hash__(self) -> int:
        return id(self.frame)


@lru_cache(maxsize=128)
def _strata(same: _Same, groups: tuple[Domain, ...], cells: tuple[Domain, ...]) -> Strata:
    frame, by = same.frame, groups[0].variable
    wanted = [_people(frame, by, domain.members or (domain.code,)) for domain in groups]
    mixed = np.zeros(len(groups))
    found = []
    for place, cell in enumerate(cells):
        inside = people_of_cell(frame, cell)
        parts = np.array([_number(frame, inside & people) for people in wanted])
        owner = int(parts.argmax())
        if parts[owner] < (1 - MOST_MIXED) * max(_number(frame, inside), 1.0):
            owner = len(groups) + place
        found.append(owner)
        mixed += [
            _fewer(frame, by, inside & people, whole=g != owner) for g, people in enumerate(wanted)
        ]
    size = np.array([_number(frame, people) for people in wanted])
    group = np.array(found, dtype=np.int64)
    even: NDArray[np.bool_] = (size > 0) & (mixed <= MOST_MIXED * size)
    for array in (group, even):
        array.setflags(write=False)
    return Strata(group, even)


def _fewer(frame: Frame, by: str, keys: frozenset[Key], *, whole: bool) -> float:
    """People of a group in a cell who are of another kind than most; all, where it is another's."""
    kinds: dict[Key, float] = {}
    for key in keys:
        kind = tuple(value for value, name in _named(key, frame) if name != by)
        kinds[kind] = kinds.get(kind, 0.0) + frame.counts[key]
    return sum(kinds.values()) - (0.0 if whole else max(kinds.values(), default=0.0))


def _named(key: Key, frame: Frame) -> tuple[tuple[str, str], ...]:
    return tuple(zip(key, frame.variables, strict=True))


def _number(frame: Frame, keys: frozenset[Key]) -> float:
    return float(sum(frame.counts[key] for key in keys))


def _people(frame: Frame, by: str, codes: Sequence[str]) -> frozenset[Key]:
    place = frame.variables.index(by)
    return frozenset(key for key, n in frame.counts.items() if n and key[place] in codes)


def people_of_cell(frame: Frame, cell: Domain) -> frozenset[Key]:
    """The entries of the staff list that one cell covers."""
    names, codes = cell.variable.split("*"), cell.code.split("*")
    wanted = {
        frame.variables.index(name): code.split("+")
        for name, code in zip(names, codes, strict=False)
    }
    return frozenset(
        key
        for key, n in frame.counts.items()
        if n and all(key[place] in values for place, values in wanted.items())
    )

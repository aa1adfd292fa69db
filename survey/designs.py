"""Which entries are compared with which: balanced designs only.

A design of best–worst sets is a balanced incomplete block design: every set has k of the v
entries, every entry stands in r sets and every pair of entries together in λ sets. Then
b · k = v · r and r · (k − 1) = λ · (v − 1), and no entry meets easier company than another.
Sets that are not balanced give a wrong order however many people answer.

Source: Bose, R. C. (1939), On the construction of balanced incomplete block designs. Annals of
Eugenics 9, 353-399 (designs from differences).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

Set = tuple[int, ...]
"""Places of entries in the author's list, smallest first."""


@dataclass(frozen=True, slots=True)
class Balance:
    """How often entries stand in the sets of a balanced design."""

    entries: int
    sets: int
    size: int
    each: int
    together: int


# Base sets are developed in circles of ``modulus`` points; a point beyond the last full circle
# stays. Sets that repeat before a full round count once.
_BASES: dict[tuple[int, int], tuple[int, tuple[Set, ...]]] = {
    (4, 3): (4, ((0, 1, 2),)),
    (5, 3): (5, ((0, 1, 2), (0, 1, 3))),
    (5, 4): (5, ((0, 1, 2, 3),)),
    (6, 3): (5, ((5, 0, 1), (0, 1, 3))),
    (6, 5): (6, ((0, 1, 2, 3, 4),)),
    (7, 3): (7, ((0, 1, 3),)),
    (7, 4): (7, ((2, 4, 5, 6),)),
    (8, 4): (7, ((7, 0, 1, 3), (2, 4, 5, 6))),
    (9, 3): (8, ((8, 0, 4), (0, 1, 3))),
    (9, 4): (9, ((0, 1, 2, 4), (0, 3, 4, 7))),
    (10, 4): (5, ((0, 1, 2, 5), (0, 2, 7, 8), (0, 6, 7, 9))),
    (11, 5): (11, ((1, 3, 4, 5, 9),)),
    (13, 4): (13, ((0, 1, 3, 9),)),
}


def sizes(entries: int) -> tuple[int, ...]:
    """Set sizes for which a balanced design of so many entries is known, least work first.

    >>> sizes(8), sizes(6), sizes(12)
    ((4,), (3, 5), ())
    """
    known = [size for v, size in _BASES if v == entries]
    return tuple(sorted(known, key=lambda size: (size * len(design(entries, size)), size)))


def lengths() -> tuple[int, ...]:
    """Numbers of entries for which a balanced design is known."""
    return tuple(sorted({entries for entries, _ in _BASES}))


@cache
def design(entries: int, size: int = 0) -> tuple[Set, ...]:
    """The sets of a balanced design; size 0 takes the one with least work, () if none is known.

    >>> design(4, 3)
    ((0, 1, 2), (1, 2, 3), (0, 2, 3), (0, 1, 3))
    >>> balance(design(8, 4), 8)
    Balance(entries=8, sets=14, size=4, each=7, together=3)
    """
    if not size:
        return next((design(entries, known) for known in sizes(entries)), ())
    if (entries, size) not in _BASES:
        return ()
    modulus, bases = _BASES[entries, size]
    developed = (
        tuple(sorted(_moved(place, step, modulus, entries) for place in base))
        for base in bases
        for step in range(modulus)
    )
    return tuple(dict.fromkeys(developed))


def _moved(place: int, step: int, modulus: int, entries: int) -> int:
    start = place - place % modulus
    return place if start + modulus > entries else start + (place - start + step) % modulus


def balance(sets: Sequence[Sequence[int]], entries: int) -> Balance | None:
    """How the sets are balanced; None if they are not.

    >>> balance([(0, 1), (1, 2), (0, 2)], 3)
    Balance(entries=3, sets=3, size=2, each=2, together=1)
    >>> balance([(0, 1), (1, 2)], 3) is None
    True
    """
    lengths = {len(one) for one in sets}
    if len(lengths) != 1 or any(len(set(one)) < len(one) for one in sets):
        return None
    each = Counter(place for one in sets for place in one)
    together = Counter(pair for one in sets for pair in combinations(sorted(one), 2))
    if set(each) != set(range(entries)) or len(set(each.values())) != 1:
        return None
    if len(together) < entries * (entries - 1) // 2 or len(set(together.values())) != 1:
        return None
    return Balance(entries, len(sets), lengths.pop(), each[0], together[0, 1])


def possible_degrees(entries: int) -> tuple[int, ...]:
    """How often every entry can be compared if not all pairs are asked.

    >>> possible_degrees(5), possible_degrees(6)
    ((2,), (2, 3, 4))
    """
    return tuple(d for d in range(2, entries - 1) if d * entries % 2 == 0)


@cache
def pairs(entries: int, degree: int = 0) -> tuple[Set, ...]:
    """Pairs in which every entry stands equally often; all pairs for degree 0.

    Entries on a circle are compared with their nearest neighbours, so that all hang together;
    an odd degree adds the entry opposite. () where no such pairs exist.

    >>> pairs(3), pairs(4, 2)
    (((0, 1), (1, 2), (0, 2)), ((0, 1), (1, 2), (2, 3), (0, 3)))
    """
    degree = degree or entries - 1
    if degree not in (*possible_degrees(entries), entries - 1):
        return ()
    distances = [*range(1, degree // 2 + 1), *([entries // 2] if degree % 2 else [])]
    found = (
        (min(p, other), max(p, other))
        for distance in distances
        for p in range(entries)
        for other in ((p + distance) % entries,)
    )
    return tuple(dict.fromkeys(found))

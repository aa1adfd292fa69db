"""Which results "with and without" some ballots may stand beside each other.

A result with and without a group of ballots tells the answers of that group: it needs enough
people. Two such groups about the same items can be subtracted from each other as well, and from
those who answered everything that each of them asks for. So all groups that touch an item are
looked at together: every combination of being left out by some and not by others holds nobody or
enough people, also among those who lack an answer elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Key = tuple[str, str]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Exclusion:
    """Ballots that one result leaves out, among those that answered all of its items."""

    key: Key
    items: tuple[str, ...]
    complete: Mask
    left_out: Mask

    @property
    def people(self) -> int:
        """How many are left out."""
        return int(self.left_out.sum())


def told(
    exclusions: Iterable[Exclusion], answered: Mapping[str, Mask], threshold: int
) -> frozenset[Key]:
    """The exclusions that may be told beside each other; earlier ones come first.

    ``answered`` says for each item which ballots have an answer.

    >>> n = np.arange(60)
    >>> every = np.ones(60, dtype=bool)
    >>> one, two = (Exclusion(("k", k), ("q",), every, n < k) for k in (20, 23))
    >>> sorted(told([one, two], {"q": every}, 10))
    [('k', 20)]
    """
    kept: list[Exclusion] = []
    for new in exclusions:
        if _enough(new, threshold) and all(
            _clean([*(e for e in kept if item in e.items), new], answered[item], threshold)
            for item in new.items
        ):
            kept.append(new)
    return frozenset(exclusion.key for exclusion in kept)


def _enough(one: Exclusion, threshold: int) -> bool:
    people, stay = one.people, int((one.complete & ~one.left_out).sum())
    return people >= threshold and stay >= threshold


def _clean(together: Sequence[Exclusion], answered: Mask, threshold: int) -> bool:
    """Whether no combination of exclusions about one item leaves a few."""
    out = _bits([exclusion.left_out for exclusion in together])
    alone = np.bincount(out[out > 0], minlength=1)
    sizes = sorted(exclusion.people for exclusion in together)
    apart = [more - less for less, more in pairwise(sizes)]
    if any(0 < n < threshold for n in (*alone.tolist(), *apart)):
        return False
    base = _bits([answered, *(exclusion.complete for exclusion in together)])
    for whole in np.unique(base):
        parts = np.bincount(out[base == whole])
        parts = parts[parts > 0]
        if parts.size > 1 and parts.min() < threshold:
            return False
    return True


def _bits(masks: Sequence[Mask]) -> NDArray[np.int64]:
    found = np.zeros(masks[0].shape, dtype=np.int64)
    for place, mask in enumerate(masks):
        found |= mask.astype(np.int64) << place
    return found

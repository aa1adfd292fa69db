"""What rankings say, as counts: duels, ranks, and who was chosen from which set.

Places are whole numbers, 1 is best, 0 means answered but not placed. Elements with the same
place are tied; only the order of places matters, not their size. What an unplaced element
means is the question's to say: *below* all placed ones ("your top k"), or *unknown* ("rank
those you know"), where nothing follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Question

Ints = NDArray[np.int64]

MOST_SETS = 62
"""Sets of elements are bits of one number; longer lists have no choice-set counts."""
_DENSE = 16


@dataclass(frozen=True, slots=True)
class Duels:
    """Counts of one group of ballots with m elements.

    ``n`` ballots; ``wins`` (m, m) ballots that prefer i to j, ``ties`` (m, m) that put them
    level (both placed alike; where unplaced means below, both unplaced as well); ``twice`` (m,)
    sums of doubled midranks and ``products`` (m, m) sums of their products, zero where unplaced
    elements have no rank.
    """

    n: int
    wins: Ints
    ties: Ints
    twice: Ints
    products: Ints


@dataclass(frozen=True, slots=True)
class ChoiceSets:
    """How often a choice was made from each set of elements, and who was chosen.

    ``sets`` (S, m) members of the distinct sets of two or more elements; ``stages`` (S,) choices
    made from each; ``picked`` (D, m): row d - 1 counts, for each element, the choices that took
    it together with d - 1 others (d > 1 only where ballots hold ties). With these counts the
    likelihood of a Plackett-Luce model with ties is known, whatever the number of ballots.
    """

    sets: NDArray[np.bool_]
    stages: Ints
    picked: Ints


def is_full(question: Question) -> bool:
    """Whether every element is to be placed, so that the share in the top k says nothing."""
    return question.depth >= len(question.elements) > 1


def duels(places: Ints, *, below: bool = True) -> Duels:
    """The duels and midranks of ``places`` (m, n), one column per ballot.

    >>> found = duels(np.array([[1, 1], [2, 1], [0, 2]]))
    >>> found.wins.tolist(), found.ties[0].tolist(), found.twice.tolist()
    ([[0, 1, 2], [0, 0, 2], [0, 0, 0]], [0, 1, 0], [5, 7, 12])
    """
    m, n = places.shape
    order = np.where(places > 0, places, np.iinfo(np.int32).max).astype(np.int32)
    known = places > 0
    wins, ties = np.zeros((m, m), dtype=np.int64), np.zeros((m, m), dtype=np.int64)
    rank = np.ones((m, n), dtype=np.int32) * 2
    for i in range(m):
        for j in range(i + 1, m):
            before, after = order[i] < order[j], order[i] > order[j]
            if not below:
                both = known[i] & known[j]
                before, after = before & both, after & both
                level = int(both.sum()) - int(before.sum()) - int(after.sum())
            else:
                level = n - int(before.sum()) - int(after.sum())
            wins[i, j], wins[j, i] = before.sum(), after.sum()
            ties[i, j] = ties[j, i] = level
            rank[i] += 1 + after.astype(np.int32) - before
            rank[j] += 1 + before.astype(np.int32) - after
    if not below:
        return Duels(n, wins, ties, np.zeros(m, np.int64), np.zeros((m, m), np.int64))
    exact = rank.astype(np.float64)
    products = np.rint(exact @ exact.T).astype(np.int64)
    return Duels(n, wins, ties, rank.sum(axis=1, dtype=np.int64), products)


def choice_sets(places: Ints, *, below: bool = True) -> ChoiceSets | None:
    """The choices of ``places`` (m, n), best first; None for more than 62 elements.

    Every ballot chooses, place by place, from what it has not placed yet. Where unplaced means
    below, unplaced elements stay in every set; otherwise they stand in none.

    >>> found = choice_sets(np.array([[1, 1], [2, 2], [3, 0]]))
    >>> found.sets.tolist(), found.stages.tolist(), found.picked.tolist()
    ([[False, True, True], [True, True, True]], [2, 2], [[2, 2, 0]])
    """
    m, n = places.shape
    if m > MOST_SETS:
        return None
    bits = np.int64(1) << np.arange(m, dtype=np.int64)
    everyone = np.int64((1 << m) - 1)
    left = np.full(n, everyone) if below else bits @ (places > 0)
    counted = np.zeros(1 << m, dtype=np.int64) if m <= _DENSE else None
    seen: list[Ints] = []
    picked: dict[int, Ints] = {}
    for place in np.unique(places[places > 0]):
        here = places == place
        chosen = bits @ here
        size = here.sum(axis=0)
        # a choice from one element is none
        open_ = (size > 0) & ((left & (left - 1)) != 0)
        if counted is not None:
            counted += np.bincount(left[open_], minlength=1 << m)
        else:
            seen.append(left[open_])
        for d in np.unique(size[open_]).tolist():
            among = here[:, open_ & (size == d)].sum(axis=1, dtype=np.int64)
            picked[d] = picked.get(d, 0) + among
        left = left & ~chosen
    return _gathered(m, counted, seen, picked)


def _gathered(
    m: int, counted: Ints | None, seen: list[Ints], picked: dict[int, Ints]
) -> ChoiceSets:
    if counted is not None:
        masks: Ints = np.flatnonzero(counted).astype(np.int64)
        stages: Ints = counted[masks]
    else:
        masks, stages = np.unique(
            np.concatenate([*seen, np.zeros(0, np.int64)]), return_counts=True
        )
    sets = ((masks[:, None] >> np.arange(m)) & 1).astype(bool)
    rows = np.zeros((max(picked, default=1), m), dtype=np.int64)
    for d, among in picked.items():
        rows[d - 1] = among
    return ChoiceSets(sets, stages.astype(np.int64), rows)

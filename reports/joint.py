"""Kinds of joint counts: what estimators may know about several variables of one ballot at once.

A new kind is a function here and a line in :data:`KINDS`. It says which variables belong
together and how their codes are counted; everything else is the gate's: which groups there
are, whether a group has enough complete ballots, the seal. A kind sees codes and group
numbers of complete ballots only, and what it returns must have one block per group. The
gate hands the result to estimators; no exhibit and no export accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from reports.tables import EVERYBODY, WEIGHTING
from survey.codebook import Codebook, Question, Role, Scale, Variable

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Subset:
    """Variables that are counted together; ``name`` is the key among its kind.

    ``question`` is the first variable's question. A ballot counts if it has an answer to all.
    """

    name: str
    question: Question
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its subsets in a codebook, how to count one, and by what it is offered.

    ``count(codes, group, groups, subset)`` gets the codes (variables, ballots), all 0 or more,
    and the group of each ballot (0 … groups - 1); it returns counts of shape (groups, …).
    """

    subsets: Callable[[Codebook], Iterator[Subset]]
    count: Callable[[Ints, Ints, int, Subset], Ints]
    bys: tuple[str, ...] = (EVERYBODY, WEIGHTING)


def _rankings(codebook: Codebook) -> Iterator[Subset]:
    for question in codebook:
        if question.scale is Scale.RANK and question.role is not Role.DEMOGRAPHIC:
            yield Subset(question.id, question, question.variables)


def _pairs(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """Places of all pairs of elements, shape (groups, J, J, K + 1, K + 1)."""
    size = len(subset.variables)
    kinds = (subset.question.depth or size) + 1
    result = np.zeros((groups, size, size, kinds, kinds), dtype=np.int64)
    for first in range(size):
        start = group * kinds + codes[first]
        for second in range(first, size):
            block = crossed(start, groups * kinds, codes[second], kinds)
            block = block.reshape(groups, kinds, kinds)
            result[:, first, second] = block
            result[:, second, first] = block.transpose(0, 2, 1)
    return result


def crossed(first: Ints, rows: int, second: Ints, columns: int) -> Ints:
    """How often each combination of two indices occurs, shape (rows, columns).

    >>> crossed(np.array([0, 1, 1]), 2, np.array([2, 0, 0]), 3).tolist()
    [[0, 0, 1], [2, 0, 0]]
    """
    flat = np.bincount(first * columns + second, minlength=rows * columns)
    return flat.reshape(rows, columns).astype(np.int64)


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "pairs": Kind(_rankings, _pairs),
    }
)
"""Every kind of joint counts by its name."""

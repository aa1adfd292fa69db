"""Kinds of joint counts: what estimators may know about several variables of one ballot at once.

A new kind is a function here and a line in :data:`KINDS`. It says which variables belong
together and how their codes are counted; everything else is the gate's: which groups there
are, whether a group has enough complete ballots, the seal. A kind sees codes and group
numbers of complete ballots only, and what it returns must have one block per group. The
gate hands the result to estimators; no exhibit and no export accepts it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from reports import joint_patterns as patterns
from reports import judgements
from reports.classes import NEEDS, classes, is_date, sums
from reports.joint_patterns import Found
from reports.preferences import choice_sets, duels
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


Count = Callable[[Ints, Ints, int, Subset], Ints]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its subsets in a codebook, how to count one, and by what it is offered.

    ``count(codes, group, groups, subset)`` gets the codes (variables, ballots), all 0 or more,
    and the group of each ballot (0 … groups - 1); it returns counts of shape (groups, …).
    ``left_out(codes, subset)`` marks the ballots that a result with and without them leaves out;
    None for kinds that leave nobody out. ``by_group`` offers the counts by the attributes, too,
    that the question is to be broken down by. ``answers`` counts what was answered, shape
    (groups, variables, answers), for variables that have no tables of their own: the gate needs
    to know which groups are of one mind.
    """

    subsets: Callable[[Codebook], Iterator[Subset]]
    count: Count
    bys: tuple[str, ...] = (EVERYBODY, WEIGHTING)
    left_out: Callable[[Ints, Subset], NDArray[np.bool_]] | None = None
    by_group: bool = False
    answers: Count | None = None

    def silent(self) -> Kind:
        """The same kind, but with nobody left out."""
        return replace(self, count=_nobody)


def without(left_out: Callable[[Ints, Subset], NDArray[np.bool_]]) -> Count:
    """Counts with and without the ballots that are marked."""

    def count(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
        return patterns.with_and_without(codes, group, groups, left_out(codes, subset))

    return count


def _nobody(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    out = np.zeros(codes.shape[1], dtype=bool)
    return patterns.with_and_without(codes, group, groups, out)


def _leaving_out(
    subsets: Callable[[Codebook], Iterator[Subset]],
    left_out: Callable[[Ints, Subset], NDArray[np.bool_]],
) -> Kind:
    return Kind(subsets, without(left_out), (EVERYBODY,), left_out)


def _rankings(codebook: Codebook) -> Iterator[Subset]:
    for question in codebook:
        if question.scale is Scale.RANK and question.role is not Role.DEMOGRAPHIC:
            yield Subset(question.id, question, question.variables)


def _short_rankings(codebook: Codebook) -> Iterator[Subset]:
    """Rankings whose joint places fit into a table of reasonable size."""
    for subset in _rankings(codebook):
        size = len(subset.variables)
        if (size * ((subset.question.depth or size) + 1)) ** 2 <= MOST_JOINT:
            yield subset


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


def _duels(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """Victories, ties, midranks and their products, shape (groups, 4, J, J).

    The last square has the doubled sums of midranks on its diagonal.
    """
    size = len(subset.variables)
    result = np.zeros((groups, 4, size, size), dtype=np.int64)
    for g in range(groups):
        found = duels(codes[:, group == g], below=subset.question.task != KNOWN_ONLY)
        result[g] = found.wins, found.ties, found.products, np.diag(found.twice)
    return result


def _choices(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """Choice sets and what was chosen, shape (1, sets + ties, J + 1).

    Rows of sets have their members and, last, how often a choice was made from them; the rows
    after them, with 0 in the last place, count for each element the choices of 1, 2 … at once.
    """
    found = choice_sets(codes, below=subset.question.task != KNOWN_ONLY)
    size = len(subset.variables)
    if found is None or groups != 1 or found.stages.size > MOST_SETS:
        return np.zeros((groups, 0, size + 1), dtype=np.int64)
    sets = np.concatenate([found.sets.astype(np.int64), found.stages[:, None]], axis=1)
    picked = np.concatenate([found.picked, np.zeros((len(found.picked), 1), np.int64)], axis=1)
    return np.concatenate([sets, picked])[None].astype(np.int64)


def _judged(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    vectors = judgements.best_worst_vectors(codes, subset.question)
    return judgements.block(vectors, group, groups)


def _paired(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    return judgements.block(judgements.pair_vectors(codes, subset.question), group, groups)


def _shared_out(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    return judgements.block(codes, group, groups)


def _spread(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    return judgements.spread(codes, group, groups)


def _classes(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """Limits and people of classes, shape (groups, classes, 3).

    The limits are those of all these ballots together, so that groups have the same classes and
    no limit tells of the answers of one of them.
    """
    whole = classes(codes[0], NEEDS, subset.variables[0].origin)
    found = np.repeat(whole[None], groups, axis=0)
    if groups > 1 and whole.size:
        place = np.searchsorted(whole[1:, 0], codes[0], side="right").astype(np.int64)
        found[:, :, 2] = crossed(group, groups, place, len(whole))
    return found


def _class_sizes(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """People of each class, shape (groups, 1, classes)."""
    return _classes(codes, group, groups, subset)[:, None, :, 2]


def _sums(codes: Ints, group: Ints, groups: int, subset: Subset) -> Ints:
    """Sums for the mean of a number, shape (1, 1, 6), or (1, 0, 6) if there are none."""
    return np.repeat(sums(codes[0], NEEDS)[None], groups, axis=0)


def _asked(is_one: Callable[[Question], bool]) -> Callable[[Codebook], Iterator[Subset]]:
    def subsets(codebook: Codebook) -> Iterator[Subset]:
        for question in codebook:
            if is_one(question):
                yield Subset(question.id, question, question.variables)

    return subsets


def _number(question: Question) -> bool:
    return question.scale is Scale.NUMBER and len(question.variables) == 1


def _typed(question: Question) -> bool:
    return _number(question) and not is_date(question.variables[0].origin)


MOST_JOINT = 500_000
"""Cells of the joint places of a ranking; 25 elements in full order, 200 of which two are named."""
MOST_SETS = 20_000
"""With more distinct choice sets there is no saving; the worths are not computed."""
KNOWN_ONLY = "ranking_known"
"""The task of a ranking in which nothing follows from an element without a place."""


def crossed(first: Ints, rows: int, second: Ints, columns: int) -> Ints:
    """How often each combination of two indices occurs, shape (rows, columns).

    >>> crossed(np.array([0, 1, 1]), 2, np.array([2, 0, 0]), 3).tolist()
    [[0, 0, 1], [2, 0, 0]]
    """
    flat = np.bincount(first * columns + second, minlength=rows * columns)
    return flat.reshape(rows, columns).astype(np.int64)


def _subsets(find: Callable[[Codebook], Iterator[Found]]) -> Callable[[Codebook], Iterator[Subset]]:
    def found(codebook: Codebook) -> Iterator[Subset]:
        for name, question, variables in find(codebook):
            yield Subset(name, question, variables)

    return found


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "pairs": Kind(_short_rankings, _pairs),
        "duels": Kind(_rankings, _duels),
        "choices": Kind(_rankings, _choices, (EVERYBODY,)),
        "best_worst": Kind(_asked(judgements.is_best_worst), _judged, (EVERYBODY,), by_group=True),
        "pairwise": Kind(_asked(judgements.is_pairwise), _paired, (EVERYBODY,), by_group=True),
        "points": Kind(
            _asked(judgements.is_points), _shared_out, (EVERYBODY,), by_group=True, answers=_spread
        ),
        "spread": Kind(
            _asked(judgements.is_points), _spread, (EVERYBODY,), by_group=True, answers=_spread
        ),
        "classes": Kind(
            _asked(_number), _classes, (EVERYBODY,), by_group=True, answers=_class_sizes
        ),
        "sums": Kind(_asked(_typed), _sums, (EVERYBODY,)),
        "scale": Kind(
            _subsets(patterns.scales),
            lambda codes, group, groups, s: patterns.products(codes, group, groups, s.variables),
            (EVERYBODY,),
        ),
        "facets": Kind(
            _subsets(patterns.facets),
            lambda codes, group, groups, s: patterns.two_facets(codes, group, groups, s.variables),
            (EVERYBODY,),
        ),
        "straight": _leaving_out(
            _subsets(patterns.lists), lambda codes, _: patterns.straight(codes)
        ),
        "repeated": _leaving_out(
            _subsets(patterns.patterns), lambda codes, _: patterns.repeated(codes)
        ),
        "untouched": _leaving_out(
            _subsets(patterns.rankings),
            lambda codes, s: patterns.untouched(codes, s.question.depth),
        ),
    }
)
"""Every kind of joint counts by its name."""

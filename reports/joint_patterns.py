"""Joint counts of ratings: pairs of items of a scale, facets of a row, and inattentive ballots.

The kinds are entered in ``reports.joint``. Inattentive ballots (one step for a whole list, a
pattern of answers that came twice, a list taken over as it stood) are counted study-wide and
only from ten on: below that, and where the gate keeps them back beside others
(``reports.exclusions``), the counts with and without them are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.orders import balanced_orders

Ints = NDArray[np.int64]

IMPORTANCE, TODAY = "_importance", "_today"
"""Ends of the ids of two facets of one grid that belong together."""

LEAST_LEFT_OUT = 10
"""Fewest ballots that counts with and without them may tell apart."""

LIST_NEEDS, PATTERN_NEEDS = 4, 8
"""Rows of a list that can be straightlined; answers of a pattern that can be repeated."""

Found = tuple[str, Question, tuple[Variable, ...]]


def scales(codebook: Codebook) -> Iterator[Found]:
    """Lists of ratings with whole scores: items of a scale."""
    for question in codebook:
        scores = [code.score for v in question.variables for code in v.answers]
        scored = all(score is not None and float(score).is_integer() for score in scores)
        if _is_list(question, 2) and scored:
            yield question.id, question, question.variables


def facets(codebook: Codebook) -> Iterator[Found]:
    """Importance and today of every row, if both facets have the same rows and steps."""
    known = {question.id: question for question in codebook}
    for id, question in known.items():
        other = known.get(id.removesuffix(IMPORTANCE) + TODAY)
        if not id.endswith(IMPORTANCE) or other is None or question.elements != other.elements:
            continue
        for one, two in zip(question.variables, other.variables, strict=True):
            if [c.value for c in one.answers] == [c.value for c in two.answers]:
                yield two.name, question, (one, two)


def lists(codebook: Codebook) -> Iterator[Found]:
    """Lists long enough that one step for all of them is remarkable."""
    for question in codebook:
        if _is_list(question, LIST_NEEDS):
            yield question.id, question, question.variables


def rankings(codebook: Codebook) -> Iterator[Found]:
    """Rankings of at least four elements."""
    for question in codebook:
        if (
            question.scale is Scale.RANK
            and not question.task
            and len(question.variables) >= LIST_NEEDS
        ):
            yield question.id, question, question.variables


def patterns(codebook: Codebook) -> Iterator[Found]:
    """All closed opinions of a ballot together, if there are enough of them."""
    attributes = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)
    found = [
        (question, variable)
        for question in codebook
        if question.role not in attributes
        and question.scale not in (Scale.TEXT, Scale.NUMBER)
        and not question.task
        for variable in question.variables
        if variable.scale is not Scale.TEXT
    ]
    if len(found) >= PATTERN_NEEDS:
        yield "", found[0][0], tuple(variable for _, variable in found)


def _is_list(question: Question, rows: int) -> bool:
    return question.scale is Scale.ORDINAL and len(question.variables) >= rows


def places(codes: Ints, variables: Sequence[Variable]) -> Ints:
    """The codes as places among the answers of each variable, in the author's order."""
    out = np.zeros_like(codes)
    for row, variable in enumerate(variables):
        for place, code in enumerate(variable.answers):
            out[row][codes[row] == code.value] = place
    return out


def products(codes: Ints, group: Ints, groups: int, variables: Sequence[Variable]) -> Ints:
    """Sums of products of (1, score of every item), shape (groups, 1 + J, 1 + J).

    The first row holds the ballots and the sums of scores, the rest the sums of products: all
    that means, variances and covariances need.
    """
    scores = np.ones((1 + len(variables), codes.shape[1]))
    for row, variable in enumerate(variables):
        for code in variable.answers:
            scores[1 + row][codes[row] == code.value] = code.score or 0.0
    out = np.zeros((groups, scores.shape[0], scores.shape[0]), dtype=np.int64)
    for one in range(groups):
        own = scores[:, group == one]
        out[one] = np.rint(own @ own.T).astype(np.int64)
    return out


def two_facets(codes: Ints, group: Ints, groups: int, variables: Sequence[Variable]) -> Ints:
    """Steps of the first facet by steps of the second, shape (groups, steps, steps)."""
    at, kinds = places(codes, variables), len(variables[0].answers)
    flat = (group * kinds + at[0]) * kinds + at[1]
    return np.bincount(flat, minlength=groups * kinds**2).reshape(groups, kinds, kinds)


def with_and_without(codes: Ints, group: Ints, groups: int, left_out: NDArray[np.bool_]) -> Ints:
    """Counts of codes by variable, of all ballots and of those not left out, (groups, 2, J, codes).

    Both are the same where fewer than ten ballots would be left out, or stay.

    >>> codes = np.array([[0, 1, 1]])
    >>> with_and_without(codes, np.zeros(3, dtype=int), 1, np.array([True, False, False])).tolist()
    [[[[1, 2]], [[1, 2]]]]
    """
    size, kinds = codes.shape[0], int(codes.max(initial=0)) + 1
    number = np.bincount(group[left_out], minlength=groups)
    stay = np.bincount(group, minlength=groups) - number
    enough = (number >= LEAST_LEFT_OUT) & (stay >= LEAST_LEFT_OUT)
    kept = ~(left_out & enough[group])

    def counted(used: NDArray[np.bool_]) -> Ints:
        rows = [
            np.bincount(group[used] * kinds + row[used], minlength=groups * kinds) for row in codes
        ]
        return np.stack(rows).reshape(size, groups, kinds).transpose(1, 0, 2)

    everybody = np.ones(codes.shape[1], dtype=bool)
    return np.stack([counted(everybody), counted(kept)], axis=1).astype(np.int64)


def straight(codes: Ints) -> NDArray[np.bool_]:
    """Ballots that give every row of a list the same step."""
    same: NDArray[np.bool_] = (codes == codes[:1]).all(axis=0)
    return same


def repeated(codes: Ints) -> NDArray[np.bool_]:
    """Ballots whose whole pattern of answers came more than once."""
    _, place, number = np.unique(codes, axis=1, return_inverse=True, return_counts=True)
    again: NDArray[np.bool_] = number[place.ravel()] > 1
    return again


def untouched(codes: Ints, depth: int) -> NDArray[np.bool_]:
    """Rankings that follow a list as it may have been shown, from the top."""
    size = codes.shape[0]
    wanted = {tuple(range(size)), *balanced_orders(size)}
    same = np.zeros(codes.shape[1], dtype=bool)
    for order in wanted:
        rank = np.zeros(size, dtype=np.int64)
        for place, element in enumerate(order[: depth or size]):
            rank[element] = place + 1
        same |= (codes == rank[:, None]).all(axis=0)
    return same

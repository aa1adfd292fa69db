"""What best–worst sets, pairs and shared-out points say, as sums over the ballots.

Each ballot becomes a vector of small whole numbers; what leaves is the block Σ (1, v)(1, v)':
its corner is the number of ballots, its first row their sums. Means and covariances follow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Question

Ints = NDArray[np.int64]
BEST, WORST = ".best", ".worst"


@dataclass(frozen=True, slots=True)
class Design:
    """The compared elements and in which set (or pair) each of them stands.

    ``names`` and ``values`` (m,) code names and stored values, ``members`` (S, m).
    """

    names: tuple[str, ...]
    values: tuple[int, ...]
    members: NDArray[np.bool_]


def is_best_worst(question: Question) -> bool:
    """Whether a question asks for best and worst of sets."""
    return question.task == "best_worst" and bool(question.variables)


def is_pairwise(question: Question) -> bool:
    """Whether a question asks for the better of two."""
    return question.task == "pairwise" and bool(question.variables)


def is_points(question: Question) -> bool:
    """Whether a question shares out points."""
    return question.task == "points" and bool(question.variables)


def compared(question: Question) -> Design:
    """The design of a best–worst or a pairwise question, elements in the author's order.

    In pairs, an answer that finds both equal belongs to every pair and is no element.
    """
    step = 2 if is_best_worst(question) else 1
    groups = [variable.answers for variable in question.variables[::step]]
    if is_pairwise(question):
        groups = [codes[:2] for codes in groups]
    codes = {code.name: code.value for group in groups for code in group}
    order = sorted(codes, key=lambda name: codes[name])
    members = np.array([[name in {c.name for c in group} for name in order] for group in groups])
    return Design(tuple(order), tuple(codes[name] for name in order), members.astype(bool))


def best_worst_vectors(codes: Ints, question: Question) -> Ints:
    """Best minus worst of each element, then 1 for each judged set: (m + S, n)."""
    design = compared(question)
    values = np.array(design.values)[:, None]
    scores = np.zeros((len(values), codes.shape[1]), dtype=np.int64)
    for best, worst in zip(codes[::2], codes[1::2], strict=True):
        scores += values == best
        scores -= values == worst
    judged = np.ones((design.members.shape[0], codes.shape[1]), dtype=np.int64)
    return np.concatenate([scores, judged])


def pair_vectors(codes: Ints, question: Question) -> Ints:
    """Twice the points of each element (a tie gives half), ties, then by pair: (m + 1 + 2P, n).

    By pair first whether the smaller value won, then whether both were found equal.
    """
    design = compared(question)
    values = np.array(design.values)
    points = np.zeros((values.size, codes.shape[1]), dtype=np.int64)
    first, level = np.zeros_like(codes), np.zeros_like(codes)
    for p, (inside, answer) in enumerate(zip(design.members, codes, strict=True)):
        one, other = np.flatnonzero(inside)
        first[p] = answer == values[one]
        second = answer == values[other]
        level[p] = 1 - first[p] - second
        points[one] += 2 * first[p] + level[p]
        points[other] += 2 * second + level[p]
    return np.concatenate([points, level.sum(axis=0, keepdims=True), first, level])


def block(vectors: Ints, group: Ints, groups: int) -> Ints:
    """Σ (1, v)(1, v)' over the ballots of each group, (groups, 1 + v, 1 + v).

    >>> block(np.array([[2, 3]]), np.array([0, 0]), 1).tolist()
    [[[2, 5], [5, 13]]]
    """
    whole = np.concatenate([np.ones((1, vectors.shape[1])), vectors])
    out = np.zeros((groups, whole.shape[0], whole.shape[0]), dtype=np.int64)
    for g in range(groups):
        part = whole[:, group == g]
        out[g] = np.rint(part @ part.T)
    return out


def spread(codes: Ints, group: Ints, groups: int) -> Ints:
    """How many gave 0, 1, 2 … points to each element, (groups, elements, most + 1)."""
    most = int(codes.max(initial=0)) + 1
    out = np.zeros((groups, codes.shape[0], most), dtype=np.int64)
    for element, given in enumerate(codes):
        flat = np.bincount(group * most + given, minlength=groups * most)
        out[:, element] = flat.reshape(groups, most)
    return out

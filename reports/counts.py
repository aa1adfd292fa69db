"""Raw counts of the rows of a data set; nothing but the gate may import this.

One flat ``bincount`` per table: the place of the unit and the place of the code make one
number per ballot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.errors import DisclosureError
from reports.joint import Kind, Subset, crossed
from survey.codebook import Missing, Question, Scale, Variable
from survey.dataset import DataSet
from survey.rows import read_columns

Ints = NDArray[np.int64]
Column = np.ndarray[Any, np.dtype[np.integer[Any]]]


class RawCounts:
    """Counts of one data set; holds its columns and shows none of them."""

    __slots__ = ("_columns", "ballots")

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self.ballots = len(next(iter(columns.values()), ()))

    def values(self, question: Question, variable: Variable) -> tuple[int, ...]:
        """The columns of the variable's tables: answers, then reasons that occur or may."""
        seen = _seen(self._columns[variable.name])
        answers = _answers(question, variable) or tuple(v for v in seen if v >= 0)
        offered = {code.value for code in variable.missing_codes} | {int(Missing.SKIPPED)}
        reasons = sorted(offered | {v for v in seen if v < 0}, reverse=True)
        return (*answers, *reasons)

    def places(self, variable: Variable, codes: Sequence[int]) -> Ints:
        """For each ballot the place of its code in ``codes``, ``len(codes)`` if it has none."""
        column = self._columns[variable.name]
        low, high = int(column.min(initial=0)), int(column.max(initial=0))
        look_up = np.full(high - low + 1, len(codes), dtype=np.int64)
        for place, code in enumerate(codes):
            if low <= code <= high:
                look_up[code - low] = place
        found: Ints = look_up[column.astype(np.int64) - low]
        return found

    def everybody(self) -> Ints:
        """The index that puts all ballots into one unit."""
        return np.zeros(self.ballots, dtype=np.int64)

    def table(self, variable: Variable, values: Sequence[int], index: Ints, units: int) -> Ints:
        """Counts of shape (units, values); raises ``DisclosureError`` for a code not among them."""
        places = self.places(variable, values)
        if places.size and int(places.max()) == len(values):
            raise DisclosureError(f"{variable.name}: the data hold a code the codebook lacks")
        return crossed(index, units, places, len(values))

    def complete(self, variables: Sequence[Variable]) -> NDArray[np.bool_]:
        """Which ballots have an answer to all of these variables."""
        columns = [self._columns[variable.name] >= 0 for variable in variables]
        both: NDArray[np.bool_] = np.logical_and.reduce(columns)
        return both

    def left_out(self, kind: Kind, subset: Subset) -> NDArray[np.bool_]:
        """Which ballots a result "without" leaves out; nobody for kinds that have none."""
        out = np.zeros(self.ballots, dtype=bool)
        used = self.complete(subset.variables)
        if kind.left_out is not None and used.any():
            codes = np.stack([self._columns[v.name][used] for v in subset.variables])
            out[used] = kind.left_out(codes.astype(np.int64), subset)
        return out

    def joint(self, kind: Kind, subset: Subset, group: Ints, groups: int) -> Ints:
        """Joint counts of one kind, shape (groups, …).

        ``group`` gives the group of each ballot, negative for none; only ballots with an answer
        to every variable count. Raises ``DisclosureError`` if the kind returns anything but a
        block of counts per group.
        """
        used = self.complete(subset.variables) & (group >= 0)
        codes = np.stack([self._columns[v.name][used] for v in subset.variables])
        found = kind.count(codes.astype(np.int64), group[used], groups, subset)
        if found.dtype != np.int64 or found.ndim < 2 or found.shape[0] != groups:
            raise DisclosureError(f"{subset.name}: joint counts need one block per group")
        return found


def read(data_set: DataSet) -> RawCounts:
    """The counts of a data set."""
    return RawCounts(read_columns(data_set))


def _seen(column: Column) -> tuple[int, ...]:
    """The codes of a column in rising order; of whole numbers that lie close, sorting is slow."""
    low = int(column.min(initial=0))
    counts = np.bincount(column.astype(np.int64) - low)
    return tuple((np.flatnonzero(counts) + low).tolist())


def _depth(question: Question) -> int:
    return question.depth or len(question.variables)


def _answers(question: Question, variable: Variable) -> tuple[int, ...]:
    if variable.scale is Scale.RANK:
        return (*range(1, _depth(question) + 1), 0)
    if variable.scale is Scale.CHECK:
        return (1, 0)
    return tuple(code.value for code in variable.answers)

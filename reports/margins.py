"""What the margins of a table say about its cells: bounds for whole numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from reports.protection import SPAN

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def box_bounds(rows: Ints, columns: Ints, caps: Ints) -> tuple[Ints, Ints] | None:
    """Least and greatest value of every cell of a table of whole numbers with these margins.

    ``caps`` (rows, columns) limits the cells; None if there is no such table. With two columns
    the second is what the first leaves of the row, so the bounds are those of a sum of
    intervals. With more, a table inside the limits shows by circular moves how far each cell
    can go at least; where that is not far enough, two integer programs find the ends.

    >>> found = box_bounds(np.array([54, 60]), np.array([110, 4]), np.full((2, 2), 60))
    >>> [ends[0].tolist() for ends in found]
    [[50, 0], [54, 4]]
    """
    if columns.size == 2:
        least = np.maximum(0, rows - caps[:, 1])
        most = np.minimum(caps[:, 0], rows)
        low = np.maximum(least, columns[0] - (most.sum() - most))
        high = np.minimum(most, columns[0] - (least.sum() - least))
        both = np.stack([low, rows - high], axis=1), np.stack([high, rows - low], axis=1)
        return None if (low > high).any() else both
    inner = _inner(rows, columns, caps)
    if inner is None:
        return None
    low, high = _reach(inner, caps)
    for row, column in np.argwhere((high - low + 1 < SPAN) & (caps + 1 >= SPAN)):
        for ends, sign in ((low, 1.0), (high, -1.0)):
            goal = np.zeros(caps.shape)
            goal[row, column] = sign
            found = _program(rows, columns, caps, goal)
            ends[row, column] = round(found[row, column]) if found is not None else 0
    return low, high


def _inner(rows: Ints, columns: Ints, caps: Ints) -> Floats | None:
    """A table with these margins, away from the limits if raking finds one; None if none is."""
    table = caps.astype(np.float64)
    for _ in range(200):
        table *= (rows / np.maximum(table.sum(axis=1), 1e-9))[:, None]
        table *= columns / np.maximum(table.sum(axis=0), 1e-9)
    fits = np.abs(table.sum(axis=1) - rows).max(initial=0.0) < 1e-6 and (table <= caps).all()
    return table if fits else _program(rows, columns, caps, np.zeros(caps.shape))


def _reach(inner: Floats, caps: Ints) -> tuple[Ints, Ints]:
    """How far circular moves over two rows and two columns take each cell, outward to integers.

    The ends of such tables are whole numbers, so what is reached between two counts for both.
    """
    room = caps - inner
    apart = ~np.eye(inner.shape[0], dtype=bool)[:, :, None, None]
    apart = apart & ~np.eye(inner.shape[1], dtype=bool)[None, None]

    def farthest(own: Floats, beside: Floats) -> Floats:
        """own and its opposite corner rise, the two others fall; axes: row, other, column, other"""
        step = np.minimum(
            np.minimum(own[:, None, :, None], own[None, :, None, :]),
            np.minimum(beside[:, None, None, :], beside[None, :, :, None]),
        )
        found: Floats = np.where(apart, step, 0.0).max(axis=(1, 3), initial=0.0)
        return found

    up, down = farthest(room, inner), farthest(inner, room)
    low = np.floor(inner - down + 1e-6).astype(np.int64)
    return low, np.ceil(inner + up - 1e-6).astype(np.int64)


def _program(rows: Ints, columns: Ints, caps: Ints, goal: Floats) -> Floats | None:
    """A table of whole numbers with the least ``goal``; None if there is none."""
    number = np.arange(caps.size).reshape(caps.shape)
    sums = np.zeros((sum(caps.shape), caps.size))
    for place, line in enumerate([*number, *number.T]):
        sums[place, line] = 1
    margins = np.concatenate([rows, columns])
    found = milp(
        goal.ravel(), constraints=LinearConstraint(sums, margins, margins),
        bounds=Bounds(0, caps.ravel()), integrality=np.ones(caps.size, dtype=np.int64),
    )  # fmt: skip
    return None if found.x is None else np.asarray(found.x).reshape(caps.shape)

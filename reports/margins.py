"""What the margins of a table say about its cells: bounds for whole numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST_SETS = 10
"""With more columns than these, integer programs take the place of all sets of columns."""


def box_bounds(rows: Ints, columns: Ints, caps: Ints) -> tuple[Ints, Ints] | None:
    """Least and greatest value of every cell of a table of whole numbers with these margins.

    ``caps`` (rows, columns) limits the cells; None if there is no such table. Such tables are
    flows from rows to columns, so there is one exactly if no set S of columns asks for more
    than the rows can bring: sum of S <= sum over rows of min(row, its limits in S) (Gale 1957).
    Fixing one cell in these inequalities gives its ends in closed form.

    >>> found = box_bounds(np.array([54, 60]), np.array([110, 4]), np.full((2, 2), 60))
    >>> [ends[0].tolist() for ends in found]
    [[50, 0], [54, 4]]
    """
    if columns.size > MOST_SETS:
        return programs(rows, columns, caps)
    if rows.sum() != columns.sum():
        return None
    low = np.zeros(caps.shape, dtype=np.int64)
    high = np.minimum(caps, rows[:, None])
    for chosen in range(1, 2**columns.size):
        inside = np.array([bool(chosen >> place & 1) for place in range(columns.size)])
        limits = caps[:, inside].sum(axis=1)
        brought = np.minimum(rows, limits)
        need = int(columns[inside].sum()) - (brought.sum() - brought)
        if (need > brought).any():
            return None
        low[:, inside] = np.maximum(low[:, inside], (need - limits)[:, None] + caps[:, inside])
        high[:, ~inside] = np.minimum(high[:, ~inside], (rows - need)[:, None])
    return low, high


def rooms(rows: Ints, caps: Ints) -> Ints:
    """How many values each cell can have by the total of its row and its limits alone.

    >>> rooms(np.array([11, 40]), np.array([[11, 3], [40, 20]])).tolist()
    [[4, 4], [21, 21]]
    """
    least = np.maximum(0, rows[:, None] - (caps.sum(axis=1, keepdims=True) - caps))
    found: Ints = np.maximum(0, np.minimum(caps, rows[:, None]) - least + 1)
    return found


def programs(rows: Ints, columns: Ints, caps: Ints) -> tuple[Ints, Ints] | None:
    """The same bounds by two integer programs per cell; slow, for any number of columns."""
    # Loaded here, because a gate seldom needs it.
    import scipy

    number = np.arange(caps.size).reshape(caps.shape)
    sums = np.zeros((sum(caps.shape), caps.size))
    for place, line in enumerate([*number, *number.T]):
        sums[place, line] = 1
    margins = np.concatenate([rows, columns])
    ends = np.zeros((2, caps.size), dtype=np.int64)
    for cell in range(caps.size):
        for side, sign in enumerate((1.0, -1.0)):
            goal = np.zeros(caps.size)
            goal[cell] = sign
            found = scipy.optimize.milp(
                goal, constraints=scipy.optimize.LinearConstraint(sums, margins, margins),
                bounds=scipy.optimize.Bounds(0, caps.ravel()),
                integrality=np.ones(caps.size, dtype=np.int64),
            )  # fmt: skip
            if found.x is None:
                return None
            ends[side, cell] = round(float(found.x[cell]))
    return ends[0].reshape(caps.shape), ends[1].reshape(caps.shape)

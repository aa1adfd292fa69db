"""What all tables of an item give away together, for who knows which of the finest cells are empty.

Adding and subtracting groups of any number of tables gives every cell of the finest crossing the
sum of the multipliers of its groups. A group of people follows from the tables if these sums are
0 or 1 in all cells that hold somebody. A group below the threshold holds no cell that reaches it,
so there the sums are 0. What the multipliers can still differ in is solved by linear algebra (in
whole numbers modulo a prime, so that nothing is rounded), and the 0 and 1 of the few cells that
decide all others are tried. So the search is exact; where there is too much to try, the tables
count as unsafe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Row = dict[int, int]
"""A sum of multipliers: the factor of each, modulo :data:`PRIME`."""

MOST_TRIED = 4096
"""Choices of 0 and 1 that are tried for cells that hang together."""

PRIME = 2**31 - 1


def isolates(counts: Ints, tables: Sequence[Ints], threshold: int) -> bool:
    """Whether a group of 1 to ``threshold`` - 1 people follows from all tables together.

    ``counts`` holds the people of each finest cell that has a ballot (for an item possibly 0),
    each of ``tables`` the group of every cell in one table.

    >>> cells = np.array([30, 4, 20, 40])
    >>> rows, columns = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> isolates(cells, [rows, columns], 10), isolates(cells, [rows, columns, rows * columns], 10)
    (False, True)
    """
    if not tables or not counts.size:
        return False
    alike, place = np.unique(_unnested(tables), axis=0, return_inverse=True)
    people = np.bincount(place.ravel(), weights=counts).astype(np.int64)
    names = alike + np.arange(alike.shape[1]) * (int(alike.max()) + 1)
    solved = _solved([row.tolist() for row in names[people >= threshold]])
    few = people < threshold
    rows = [_reduced(dict.fromkeys(row.tolist(), 1), solved) for row in names[few]]
    return any(
        _is_few(people[few][cells], moves, deciding, threshold)
        for part in _parts(rows)
        for cells, moves, deciding in _decided(part, rows, people[few])
    )


def _unnested(tables: Sequence[Ints]) -> Ints:
    """The tables side by side without those whose groups are unions of the groups of another."""
    kept: list[tuple[Ints, int]] = []
    for table in sorted(tables, key=lambda table: -_groups(table)):
        base = int(table.max()) + 1
        if not any(_groups(other * base + table) == groups for other, groups in kept):
            kept.append((table, _groups(table)))
    return np.stack([table for table, _ in kept], axis=1)


def _groups(table: Ints) -> int:
    return len(set(table.tolist()))


def _solved(large: Sequence[Sequence[int]]) -> dict[int, Row]:
    """Multipliers as sums of others, so that they add up to 0 in every large cell.

    Those that occur in the fewest cells are solved for first, which keeps the sums short.
    """
    number: dict[int, int] = {}
    for row in large:
        for name in row:
            number[name] = number.get(name, 0) + 1
    solved: dict[int, Row] = {}
    for row in large:
        left = _reduced(dict.fromkeys(row, 1), solved)
        if left:
            name = min(left, key=lambda name: (number[name], name))
            own = pow(-left.pop(name), -1, PRIME)
            solved[name] = {other: factor * own % PRIME for other, factor in left.items()}
    return solved


def _reduced(row: Row, solved: dict[int, Row]) -> Row:
    """The same sum with every solved multiplier put in."""
    while (name := next((name for name in row if name in solved), None)) is not None:
        times = row.pop(name)
        for other, factor in solved[name].items():
            value = (row.get(other, 0) + times * factor) % PRIME
            if value:
                row[other] = value
            else:
                row.pop(other, None)
    return row


def _parts(rows: Iterable[Row]) -> Iterator[list[int]]:
    """Cells whose sums hang together; groups of parts that share no multiplier just add up."""
    parts: list[tuple[set[int], list[int]]] = []
    for place, row in enumerate(rows):
        if row:
            touched = [part for part in parts if not part[0].isdisjoint(row)]
            parts = [part for part in parts if part[0].isdisjoint(row)]
            cells = [cell for _, found in touched for cell in found]
            parts.append((set(row).union(*(names for names, _ in touched)), [*cells, place]))
    return (sorted(cells) for _, cells in parts)


def _decided(
    part: Sequence[int], rows: Sequence[Row], people: Ints
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Cells that move together, how (a column per deciding cell), and the people of the latter.

    The cells that decide are taken by the number of their people, so that only few can be 1.
    """
    names = sorted({name for cell in part for name in rows[cell]})
    moves = np.array([[rows[cell].get(name, 0) for name in names] for cell in part], dtype=np.int64)
    deciding = np.full(len(names), -1, dtype=np.int64)
    own = people[list(part)]
    for cell in np.argsort(-own, kind="stable").tolist():
        free = np.flatnonzero((deciding < 0) & (moves[cell] != 0))
        if free.size:
            column = int(free[0])
            deciding[column] = cell
            scaled = moves[:, column] * pow(int(moves[cell, column]), -1, PRIME) % PRIME
            moves = (moves - np.outer(scaled, moves[cell]) % PRIME) % PRIME
            moves[:, column] = scaled
    used = np.flatnonzero(deciding >= 0)
    within: list[Row] = [dict.fromkeys(np.flatnonzero(row).tolist(), 1) for row in moves[:, used]]
    for cells in _parts(within):
        columns = sorted({column for cell in cells for column in within[cell]})
        yield (
            np.array(part)[cells],
            moves[:, used[columns]][cells],
            own[deciding[used[columns]]],
        )


def _is_few(people: Ints, moves: Ints, deciding: Ints, threshold: int) -> bool:
    """Whether a choice of 0 and 1 gives a group of a few; also if there are too many choices."""
    choices = _choices(deciding.tolist(), threshold)
    if choices is None:
        return True
    sums = choices @ moves.T % PRIME
    found = sums[(sums <= 1).all(axis=1)] @ people
    return bool(((found > 0) & (found < threshold)).any())


def _choices(people: Sequence[int], threshold: int) -> Ints | None:
    """All sets of cells with fewer people than the threshold, a row of 0 and 1 each."""
    found: list[tuple[int, int]] = [(0, 0)]
    for place, n in enumerate(people):
        found += [(chosen | 1 << place, sum_ + n) for chosen, sum_ in found if sum_ + n < threshold]
        if len(found) > MOST_TRIED:
            return None
    rows = [[chosen >> place & 1 for place in range(len(people))] for chosen, _ in found]
    return np.array(rows, dtype=np.int64)

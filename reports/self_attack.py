"""The self-attack: what a clever reader can work out from everything that is about to leave.

It reads released tables only, as a reader would, never rows, and knows nothing of how groups
were formed. Item by item it

* adds and subtracts: the groups of a table against everybody, and in a crossing the columns
  against the cells that lie inside them (closed form: every difference of such tables is a sum
  of these);
* bounds each hidden count from the published sum and what is known in public: headcounts and,
  for an item, published ballots. Where a unit is not split by the second attribute of the
  headcounts, its two parts are bounded by row and column totals together (closed form for two
  columns, integer programs for more);
* solves the weighted figures for what they are made of: cells that are not published would have
  to be found by trying whole numbers.

A difference of 1 to 9 people, or a hidden count that may be small and has fewer than five
possible values although more are conceivable, blocks the release.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from reports.attack_protocol import Attack, Finding
from reports.protection import SPAN
from reports.tables import CROSSED, EVERYBODY, WEIGHTING, Domain

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = Sequence[tuple[Domain, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as a reader has it: groups with their bases, and bases told of withheld units."""

    item: str
    by: str
    rows: Rows
    told: Mapping[str, int] = field(default_factory=dict)


class _Log:
    """Counts what is tried while an attack runs."""

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold
        self.differences = self.hidden = 0
        self.spans: list[int] = []
        self.findings: list[Finding] = []

    def difference(self, sheet: Sheet, group: str, people: int) -> None:
        self.differences += 1
        if 0 < abs(people) < self.threshold:
            self.findings.append(
                Finding("difference", sheet.item, sheet.by, group, abs(people), abs(people))
            )

    def bounded(self, sheet: Sheet, group: str, low: int, high: int, conceivable: int) -> None:
        self.hidden += 1
        span = high - low + 1
        if conceivable >= SPAN and low < self.threshold:
            self.spans.append(span)
            if span < SPAN:
                self.findings.append(Finding("hidden", sheet.item, sheet.by, group, low, high))


def attack(
    sheets: Sequence[Sheet],
    heads: Mapping[str, Mapping[str, int]],
    cells: Mapping[tuple[str, str], int],
    threshold: int,
    compared: tuple[int, ...] = (),
) -> Attack:
    """The protocol of an attack on everything in ``sheets``.

    ``heads`` holds public headcounts by attribute and code, ``cells`` those by row and column
    code of the crossed headcounts. Item "" stands for the ballots.
    """
    log = _Log(threshold)
    items: dict[str, dict[str, Sheet]] = {}
    for sheet in sheets:
        items.setdefault(sheet.item, {})[sheet.by] = sheet
    ballots = items.get("", {})
    for found in items.values():
        for sheet in found.values():
            _sums(log, sheet, found.get(EVERYBODY))
            _merged(log, sheet, ballots.get(sheet.by), heads.get(sheet.by, {}))
        for by, sheet in found.items():
            if by == WEIGHTING or CROSSED in by:
                _crossed(log, sheet, found, cells)
    return Attack(
        len(sheets), sum(len(sheet.rows) for sheet in sheets), log.differences, log.hidden,
        min(log.spans, default=None), compared, tuple(log.findings),
    )  # fmt: skip


def _sums(log: _Log, sheet: Sheet, everybody: Sheet | None) -> None:
    """Each group by itself, and what all groups together leave of everybody."""
    for domain, n in sheet.rows:
        log.difference(sheet, domain.label, n)
    if everybody is not None and everybody.rows and sheet.rows:
        rest = everybody.rows[0][1] - sum(n for _, n in sheet.rows)
        log.difference(sheet, "Rest", rest)


def _merged(log: _Log, sheet: Sheet, ballots: Sheet | None, heads: Mapping[str, int]) -> None:
    """The members of merged groups, between what is public and the published sum."""
    shown = {d.code: n for d, n in ballots.rows if not d.members} if ballots else {}
    for domain, n in sheet.rows:
        if not domain.members or CROSSED in domain.variable:
            continue
        hidden = [code for code in domain.members if code not in sheet.told]
        rest = n - sum(sheet.told.get(code, 0) for code in domain.members)
        log.difference(sheet, domain.label, rest)
        known = [shown if sheet.item else {}, heads]
        caps = [min([rest, *(m[code] for m in known if code in m)]) for code in hidden]
        for code, cap in zip(hidden, caps, strict=True):
            log.bounded(sheet, code, max(0, rest - (sum(caps) - cap)), cap, cap + 1)


def _crossed(
    log: _Log, sheet: Sheet, found: Mapping[str, Sheet], cells: Mapping[tuple[str, str], int]
) -> None:
    """The residues of all sets of columns, and the parts of units that are not split."""
    names = next((d.variable for d, _ in sheet.rows if CROSSED in d.variable), "")
    if not names:
        return
    columns_by = names.split(CROSSED)[1]
    columns = found.get(columns_by)
    if columns is None or not columns.rows:
        return
    groups = [frozenset(domain.members or (domain.code,)) for domain, _ in columns.rows]
    every = frozenset().union(*groups)
    lines = [_line(domain, n, every) for domain, n in sheet.rows]
    for number in range(1, len(groups)) if len(groups) <= 8 else (1,):
        for chosen in combinations(range(len(groups)), number):
            inside = frozenset().union(*(groups[place] for place in chosen))
            total = sum(columns.rows[place][1] for place in chosen)
            swallowed = sum(n for kinds, n, _ in lines if kinds <= inside)
            log.difference(sheet, ", ".join(sorted(inside)), total - swallowed)
    if sheet.by == WEIGHTING:
        _unsplit(log, sheet, columns, groups, lines, cells)


def _line(domain: Domain, n: int, every: frozenset[str]) -> tuple[frozenset[str], int, str]:
    """The columns in which people of a cell can be, its base and the row that it belongs to."""
    codes = domain.members or (domain.code,)
    named = [code.split(CROSSED) for code in codes]
    if all(len(parts) == 2 for parts in named):
        return frozenset(parts[1] for parts in named), n, named[0][0]
    return every, n, domain.code


def _unsplit(
    log: _Log,
    sheet: Sheet,
    columns: Sheet,
    groups: Sequence[frozenset[str]],
    lines: Sequence[tuple[frozenset[str], int, str]],
    cells: Mapping[tuple[str, str], int],
) -> None:
    """Bounds on the parts of units that stand unsplit beside the column totals."""
    whole = [(n, row) for kinds, n, row in lines if len([g for g in groups if g & kinds]) > 1]
    if not whole:
        return
    totals = [
        total - sum(n for kinds, n, _ in lines if kinds <= group)
        for group, (_, total) in zip(groups, columns.rows, strict=True)
    ]
    if sum(totals) != sum(n for n, _ in whole):
        return  # cells that host people of several columns leave no exact equations
    margins = np.array([n for n, _ in whole]), np.array(totals)
    caps = _listed(whole, groups, cells)
    found = box_bounds(*margins, caps)
    if found is None:  # the answers contradict the staff list, so it limits nothing
        caps = np.array([[n] * len(groups) for n, _ in whole])
        found = box_bounds(*margins, caps)
    if found is None:
        return
    low, high = found
    for place, (_, row) in enumerate(whole):
        for column, group in enumerate(groups):
            name = f"{row}: {', '.join(sorted(group))}"
            span = int(low[place, column]), int(high[place, column])
            log.bounded(sheet, name, *span, int(caps[place, column]) + 1)


def _listed(
    whole: Sequence[tuple[int, str]],
    groups: Sequence[frozenset[str]],
    cells: Mapping[tuple[str, str], int],
) -> Ints:
    """The most that each part can be: its base, and where all its codes are listed its people."""
    kinds = {column for _, column in cells}
    units = {row for row, _ in cells}
    caps = [
        [
            min(n, sum(cells.get((row, kind), 0) for kind in group))
            if row in units and group <= kinds
            else n
            for group in groups
        ]
        for n, row in whole
    ]
    return np.array(caps, dtype=np.int64)


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


def splits(
    N: tuple[int, int], n: int, x: int, printed: float, digits: int
) -> Iterator[tuple[int, int]]:
    """All hidden splits (n1, x1) of a group that give a printed weighted share.

    The group has ``n`` answers, ``x`` of them for the category; its two cells have headcounts
    ``N``. This is what a reader tries who is given a weighted figure of a group whose cells are
    not published.

    >>> len({n1 for n1, _ in splits((40, 20), 24, 12, 0.55, 2)}) < 24
    True
    """
    for n1 in range(1, n):
        if n1 > N[0] or n - n1 > N[1]:
            continue
        for x1 in range(max(0, x - (n - n1)), min(x, n1) + 1):
            share = (N[0] * x1 / n1 + N[1] * (x - x1) / (n - n1)) / sum(N)
            if round(share, digits) == round(printed, digits):
                yield n1, x1


def unpublished(
    weighted: Iterable[tuple[str, str]], cells: Mapping[str, set[str]]
) -> tuple[Finding, ...]:
    """The weighted figures that rest on cells which nobody has published.

    ``weighted`` names item and domain of each, ``cells`` the published weighting cells by item.
    A figure for everybody is a function of all of them, one for a group of those inside it, so
    it tells nothing that the counts do not; without published cells it would have to be solved
    with :func:`splits`, and nothing guarantees how many solutions are left.
    """
    findings = []
    for item, domain in weighted:
        known = cells.get(item, set())
        inside = {code for code in known if not domain or domain in code.split(CROSSED)}
        if not inside:
            findings.append(Finding("weighted", item, WEIGHTING, domain, 0, 0))
    return tuple(findings)

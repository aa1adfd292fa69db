"""The self-attack: what a clever reader can work out from everything that is about to leave.

It reads released tables only, as a reader would, never rows, and knows nothing of how groups
were formed. Item by item it

* adds and subtracts: the groups of a table against everybody, and in a crossing the columns
  against the cells that lie inside them (closed form: every difference of such tables is a sum
  of these);
* bounds each hidden count from the published sum and what is known in public: headcounts and,
  for an item, published ballots. Where a unit is not split by the second attribute of the
  headcounts, its parts are bounded by row and column totals together (closed form up to ten
  columns, integer programs beyond);
* lays joint counts (facets, scales, rankings, results with and without some ballots) beside their
  items: who answered one item but not all of them, who is left out, and what two results
  "without" leave of each other;
* asks of every weighted figure which cells it rests on; ``reports.weighted_attack`` solves the
  figures in whole numbers.

A difference of 1 to 9 people, or a hidden count that may be small and has fewer than five
possible values, blocks the release. Where fewer are conceivable from the start (a unit of three
people, or what three people leave of a unit), all of them must remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from reports.attack_protocol import Attack, Finding
from reports.margins import box_bounds, rooms
from reports.protection import SPAN
from reports.tables import CROSSED, EVERYBODY, WEIGHTING, Domain

Ints = NDArray[np.int64]
Rows = Sequence[tuple[Domain, int]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as a reader has it: groups with their bases, and bases told of withheld units."""

    item: str
    by: str
    rows: Rows
    told: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Together:
    """Joint counts as a reader can infer them from what is computed of them.

    ``sheet`` has the ballots with an answer to all of ``items``, ``left_out`` by group those that
    a result "without" leaves out.
    """

    sheet: Sheet
    items: tuple[str, ...]
    left_out: tuple[int, ...] = ()


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
        if low < self.threshold:
            self.spans.extend([span] if conceivable >= SPAN else ())
            if span < min(SPAN, conceivable):
                self.findings.append(Finding("hidden", sheet.item, sheet.by, group, low, high))


def attack(
    sheets: Sequence[Sheet],
    heads: Mapping[str, Mapping[str, int]],
    cells: Mapping[tuple[str, str], int],
    threshold: int,
    compared: tuple[int, ...] = (),
    together: Sequence[Together] = (),
) -> Attack:
    """The protocol of an attack on everything in ``sheets``.

    ``heads`` holds public headcounts by attribute and code, ``cells`` those by row and column
    code of the crossed headcounts. Item "" stands for the ballots.
    """
    log = _Log(threshold)
    items: dict[str, dict[str, Sheet]] = {}
    sheets = [*sheets, *(joint.sheet for joint in together)]
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
    for joint in together:
        for item in joint.items:
            _skipped(log, joint.sheet, items.get(item, {}))
    _left_out(log, together)
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


def _skipped(log: _Log, joint: Sheet, item: Mapping[str, Sheet]) -> None:
    """Below everybody: those who answered one item of joint counts but not all of them."""
    alone = item.get(joint.by)
    if joint.by == EVERYBODY or alone is None or not joint.rows or not alone.rows:
        return
    codes = [c for sheet in (alone, joint) for d, _ in sheet.rows for c in d.members or (d.code,)]
    unsplit = {code for code in codes if CROSSED not in code}
    # the finest groups that follow from both tables
    blocks: list[tuple[set[str], int]] = []
    for sign, sheet in ((1, alone), (-1, joint)):
        for domain, n in sheet.rows:
            rows = {code: code.split(CROSSED)[0] for code in domain.members or (domain.code,)}
            inside = {row if row in unsplit else code for code, row in rows.items()}
            touched = [block for block in blocks if block[0] & inside]
            blocks = [block for block in blocks if not block[0] & inside]
            blocks.append(
                (inside.union(*(b[0] for b in touched)), sign * n + sum(b[1] for b in touched))
            )
    for inside, more in blocks:
        log.difference(joint, ", ".join(sorted(inside)), more)


def _left_out(log: _Log, together: Sequence[Together]) -> None:
    """Results with and without some ballots: the group left out, and two of them subtracted."""
    told = [joint for joint in together if any(joint.left_out)]
    for joint in told:
        for (domain, n), out in zip(joint.sheet.rows, joint.left_out, strict=True):
            log.difference(joint.sheet, domain.label, out)
            log.difference(joint.sheet, domain.label, n - out)
    for one, other in combinations(told, 2):
        if set(one.items) & set(other.items):
            log.difference(one.sheet, other.sheet.item, sum(one.left_out) - sum(other.left_out))


def _merged(log: _Log, sheet: Sheet, ballots: Sheet | None, heads: Mapping[str, int]) -> None:
    """The members of merged groups, between what is public and the published sum."""
    shown = {d.code: n for d, n in ballots.rows if not d.members} if ballots else {}
    heads = _believable(heads, ballots.rows if ballots else ())
    for domain, n in sheet.rows:
        if not domain.members or CROSSED in domain.variable:
            continue
        hidden = [code for code in domain.members if code not in sheet.told]
        rest = n - sum(sheet.told.get(code, 0) for code in domain.members)
        log.difference(sheet, domain.label, rest)
        known = {**heads, **(shown if sheet.item else {})}
        caps = [min(rest, known.get(code, rest)) for code in hidden]
        if sum(caps) < rest:  # the answers contradict the staff list, so it limits nothing
            caps = [rest for _ in hidden]
        for code, cap in zip(hidden, caps, strict=True):
            log.bounded(sheet, code, max(0, rest - (sum(caps) - cap)), cap, cap + 1)


def _believable(heads: Mapping[str, int], ballots: Rows) -> dict[str, int]:
    """Headcounts without those of groups with more ballots than people: these limit nothing."""
    gone = {
        code
        for domain, n in ballots
        if domain.members and n > sum(heads.get(code, n) for code in domain.members)
        for code in domain.members
    }
    return {code: number for code, number in heads.items() if code not in gone}


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
    whole = [line for line in lines if len([g for g in groups if g & line[0]]) > 1]
    if not whole:
        return
    totals = [
        total - sum(n for kinds, n, _ in lines if kinds <= group)
        for group, (_, total) in zip(groups, columns.rows, strict=True)
    ]
    if sum(totals) != sum(n for _, n, _ in whole):
        return  # cells that host people of several columns leave no exact equations
    margins = np.array([n for _, n, _ in whole]), np.array(totals)
    caps = _listed(whole, groups, cells)
    found = box_bounds(*margins, caps)
    if found is None:  # the answers contradict the staff list, so it limits nothing
        caps = np.array([[n if g & kinds else 0 for g in groups] for kinds, n, _ in whole])
        found = box_bounds(*margins, caps)
    if found is None:
        return
    low, high = found
    room = rooms(margins[0], caps)
    for place, (_, _, row) in enumerate(whole):
        for column, group in enumerate(groups):
            name = f"{row}: {', '.join(sorted(group))}"
            span = int(low[place, column]), int(high[place, column])
            if span[1] == 0:
                continue  # what is left of a column is nobody, which names nobody
            log.bounded(sheet, name, *span, int(room[place, column]))


def _listed(
    whole: Sequence[tuple[frozenset[str], int, str]],
    groups: Sequence[frozenset[str]],
    cells: Mapping[tuple[str, str], int],
) -> Ints:
    """The most that each part can be: its base, or its people where all its codes are listed."""
    kinds = {column for _, column in cells}
    units = {row for row, _ in cells}

    def cap(inside: frozenset[str], n: int, row: str, group: frozenset[str]) -> int:
        if not group & inside:
            return 0  # a cell holds nobody of a column that it does not name
        if row in units and group <= kinds:
            return min(n, sum(cells.get((row, kind), 0) for kind in group))
        return n

    caps = [[cap(inside, n, row, group) for group in groups] for inside, n, row in whole]
    return np.array(caps, dtype=np.int64)


def unpublished(
    weighted: Iterable[tuple[str, str]], cells: Mapping[str, set[str]]
) -> tuple[Finding, ...]:
    """The weighted figures that rest on cells which nobody has published.

    ``weighted`` names item and domain of each, ``cells`` the published weighting cells by item.
    A figure for everybody is a function of all of them, one for a group of those inside it, so
    it tells nothing that the counts do not; ``reports.weighted_attack`` holds the digits to that.
    """
    findings = []
    for item, domain in weighted:
        known = cells.get(item, set())
        inside = {code for code in known if not domain or domain in code.split(CROSSED)}
        if not inside:
            findings.append(Finding("weighted", item, WEIGHTING, domain, 0, 0))
    return tuple(findings)

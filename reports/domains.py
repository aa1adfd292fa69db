"""Names of what is released: units, merged groups and weighting cells as domains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reports.crossings import Cell, Grid
from reports.protection import Group, Partition, Tree, total
from reports.tables import EVERYBODY, Domain, Status
from reports.typography import listed
from survey.codebook import Question, Role, Variable
from survey.study import Frame

NO_ANSWER = "no_answer"
"""Code of the unit of those who did not state the attribute."""

Withheld = tuple[tuple[Domain, Status], ...]

_OTHERS = {
    Role.DEPARTMENT: "Weitere Dienststellen",
    Role.WORKPLACE: "Weitere Arbeitsplätze",
    Role.DISTRICT: "Weitere Bezirke",
}


@dataclass(frozen=True)
class Attribute:
    """An attribute with its units: its codes, then "no answer" if anybody gave none."""

    question: Question
    units: tuple[Domain, ...]
    tree: Tree

    @property
    def variable(self) -> Variable:
        """The one variable of the attribute."""
        return self.question.variables[0]

    @property
    def values(self) -> tuple[int, ...]:
        """The stored values of the codes, in the order of the units."""
        return tuple(code.value for code in self.variable.answers)

    def group(self, members: Group) -> Domain:
        """The domain of one group of units; those with no statement have no headcount."""
        if len(members) == 1:
            return self.units[members[0]]
        found = [self.units[unit] for unit in members]
        code = "+".join(domain.code for domain in found)
        headcount = total(domain.headcount for domain in found)
        codes = tuple(domain.code for domain in found)
        return Domain(self.question.id, code, self._label(members), headcount, codes)

    def ordered(self, groups: Iterable[Group]) -> tuple[Group, ...]:
        """Single units first, merged groups after them, "no answer" last."""

        def rank(group: Group) -> tuple[bool, bool, Group]:
            alone = len(group) == 1
            return (alone and self.units[group[0]].code == NO_ANSWER, not alone, group)

        return tuple(sorted(groups, key=rank))

    def withheld(self, groups: Partition) -> Withheld:
        """The units without a row of their own."""
        if len(groups) == 1:
            return tuple((unit, Status.NOT_SHOWN) for unit in self.units)
        merged = sorted(unit for group in groups if len(group) > 1 for unit in group)
        return tuple((self.units[unit], Status.MERGED) for unit in merged)

    def _label(self, members: Group) -> str:
        known = [unit for unit in members if self.units[unit].code != NO_ANSWER]
        silent = " und ohne Angabe" if len(known) < len(members) else ""
        if len(known) == 1:
            return f"{self.units[known[0]].label}{silent}"
        others = _OTHERS.get(self.question.role or Role.DEMOGRAPHIC, "Weitere")
        parent = self.tree.parent(tuple(known))
        place = f", {parent}" if parent else ""
        return f"{others}{place} ({len(known)}){silent}"


def attribute(question: Question, frame: Frame | None, *, silent: bool) -> Attribute:
    """The attribute of a question; ``silent`` tells whether anybody gave no answer to it."""
    codes = question.variables[0].answers
    known = frame.margin(question.id) if frame and question.id in frame.variables else {}
    units = [Domain(question.id, c.name, c.label, known.get(c.name)) for c in codes]
    parents = [code.parent for code in codes]
    if silent:
        units.append(Domain(question.id, NO_ANSWER, "Ohne Angabe", None))
        parents.append("")
    sizes = tuple(unit.headcount for unit in units)
    return Attribute(question, tuple(units), Tree(tuple(parents), sizes))


def everybody(frame: Frame | None) -> Domain:
    """The domain of all respondents."""
    return Domain(EVERYBODY, EVERYBODY, "Insgesamt", frame.total if frame else None)


def headcounts(rows: Attribute, columns: Attribute | None, frame: Frame) -> Grid:
    """Headcounts of the finest crossing, 0 where nobody is listed; one column if no second."""
    names = [frame.variables.index(a.question.id) for a in (rows, columns) if a is not None]
    kinds = columns.units if columns else (None,)
    grid = np.zeros((len(rows.units), len(kinds)), dtype=np.int64)
    for r, row in enumerate(rows.units):
        for c, kind in enumerate(kinds):
            wanted = [row.code, *([kind.code] if kind else [])]
            for key, number in frame.counts.items():
                if [key[place] for place in names] == wanted:
                    grid[r, c] += number
    return grid


def cell_domain(rows: Attribute, columns: Attribute | None, people: Grid, cell: Cell) -> Domain:
    """The domain of a weighting cell.

    Its headcount is that of its people on the staff list; the few with no statement whom a
    cell takes in add none. A cell of nobody listed has no headcount.
    """
    units, kinds = cell
    row = rows.group(units)
    variable = "*".join(a.question.id for a in (rows, columns) if a is not None)
    number = int(people[np.ix_(units, kinds)].sum()) or None
    if columns is None or len(kinds) == people.shape[1]:
        return Domain(variable, row.code, row.label, number, row.members)
    named = tuple(kind for kind in kinds if people[units[0], kind] > 0)
    column = columns.group(named)
    members = tuple(f"{row.code}*{columns.units[kind].code}" for kind in kinds)
    label = f"{row.label}: {listed([columns.units[kind].label for kind in named])}"
    merged = members if len(members) > 1 else ()
    return Domain(variable, f"{row.code}*{column.code}", label, number, merged)

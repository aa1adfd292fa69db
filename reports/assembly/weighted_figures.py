"""Weighted rows of the long table as what the attack on them takes: sums over weighting cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.assembly.choices import answer_names, answer_order
from reports.assembly.rankings import headline_depth
from reports.assembly.strata import people_of_cell, strata
from reports.assembly.weighting import raked_cells, shares_of
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.estimators.design import Floats
from reports.estimators.ratings import boxes
from reports.tables import EVERYBODY, WEIGHTING, Domain, Release, Table
from reports.typography import FINE_BASE
from reports.weighted_attack import Cell, Figure
from survey.codebook import Question, Scale
from survey.study import WeightMethod

NOT_A_SUM = tuple(
    name + SUFFIX
    for name in (
        "mean_rank", "rank_set", "gap_top2", "cliffs_delta", "condorcet", "smith", "schulze",
        "kemeny", "borda",
    )
)  # fmt: skip
"""Weighted statistics that are no sum over the cells of one table; they are traced only.

A gap is the difference of two figures as they are printed, so it tells nothing beside them.
"""
OF_EVERYBODY = ("share", "top2", "bottom2", "net", "mean", "first", "top_k")


@dataclass(frozen=True)
class Solvable:
    """Figures and published cells of every item, for ``reports.weighted_attack``."""

    figures: dict[str, list[Figure]]
    cells: dict[str, tuple[Cell, ...]]


def solvable(release: Release, rows: Iterable[Estimate]) -> Solvable:
    """Every weighted row as a figure over the published cells of its table."""
    owners = {v.name: q for q in release.codebook for v in q.variables}
    questions = {question.id: question for question in release.codebook}
    figures: dict[str, list[Figure]] = defaultdict(list)
    known: dict[str, _Table] = {}
    for row in rows:
        wanted = row.statistic.endswith(SUFFIX) and row.statistic not in NOT_A_SUM
        if row.value is None or not wanted:
            continue
        question = owners.get(row.item) or questions[row.item]
        name = row.item if row.item in owners else _element(question, row.category)
        if name not in known:
            known[name] = _Table(release, question, release.tables.get((name, WEIGHTING)))
        figures[name] += known[name].figures(row)
    return Solvable(figures, {name: table.cells for name, table in known.items()})


def _element(question: Question, category: str) -> str:
    return next((v.name for v in question.variables if v.element == category), question.id)


class _Table:
    """The published cells of one item, and the figures over them."""

    def __init__(self, release: Release, question: Question, table: Table | None) -> None:
        self.release, self.question, self.table = release, question, table
        self.raked = release.study.weights.method is WeightMethod.RAKING
        self.cells: tuple[Cell, ...] = ()
        self.domains: tuple[Domain, ...] = ()
        self.parts: dict[str, tuple[dict[str, int], NDArray[np.int64]]] = {}
        frame = release.study.frame
        if table is None or frame is None:
            return
        answers = table.answers
        used = [p for p, d in enumerate(table.domains) if d.headcount and answers[p].any()]
        self.domains = tuple(table.domains[place] for place in used)
        self.cells = tuple(
            Cell(
                table.domains[place].code,
                table.domains[place].headcount or 0,
                tuple(answers[place].tolist()),
                tuple(frame.counts[key] for key in sorted(people_of_cell(frame, d))),
            )
            for place, d in zip(used, self.domains, strict=True)
        )

    def figures(self, row: Estimate) -> Iterator[Figure]:
        """The figure of a row; of none if there are no published cells to rest on."""
        value, fine = row.value or 0.0, (row.base_n or 0) >= FINE_BASE
        statistic = row.statistic.removesuffix(SUFFIX)
        step = 0.01 if statistic == "mean" or not fine else 0.001
        if self.table is None or not self.cells:
            yield Figure(row.domain, (), (), value, step)
            return
        share, n_eff = self._share(row), row.n_eff if statistic in OF_EVERYBODY else None
        scores = self._scores(statistic, row.category, self.table)
        whole = self.raked and row.domain_variable == EVERYBODY
        yield Figure(
            row.domain, tuple(share), tuple(scores), value, step, n_eff, modelled=not whole
        )

    def _share(self, row: Estimate) -> Floats:
        people = np.array([float(cell.people) for cell in self.cells])
        if row.domain_variable == EVERYBODY:
            every: Floats = people / people.sum()
            return self._raked() if self.raked else every
        if row.domain_variable not in self.parts:
            groups = _groups(self.release, row)
            parts = strata(self.release.study.frame, groups, self.domains)
            of = np.full(people.size, -1) if parts is None else parts.group
            self.parts[row.domain_variable] = {d.code: p for p, d in enumerate(groups)}, of
        places, group = self.parts[row.domain_variable]
        own = group == places[row.domain]
        inside, outside = people * own, people * ~own
        found: Floats = inside / max(inside.sum(), 1.0) - outside / max(outside.sum(), 1.0)
        return found

    def _raked(self) -> Floats:
        """What raking lets each used cell count for, worked out anew; nan where it cannot."""
        assert self.table is not None
        raked = raked_cells(self.release.study, self.table.domains, self.table.base.astype(float))
        nothing = np.full(len(self.cells), np.nan)
        if raked is None or raked.reason:
            return nothing
        found = shares_of(raked)
        kept = [domain for domain in self.table.domains if domain.headcount]
        return np.array([found[kept.index(domain)] for domain in self.domains])

    def _scores(self, statistic: str, category: str, table: Table) -> Floats:
        """What each answer adds to a figure."""
        values = np.array([value for value in table.values if value >= 0])
        if self.question.scale is Scale.RANK:
            depth = (
                headline_depth(self.question) if statistic == "diff_rest" else self.question.depth
            )
            most = 1 if statistic == "first" else depth or len(self.question.variables)
            return ((values > 0) & (values <= most)).astype(np.float64)
        if statistic == "share":
            return np.array([float(name == category) for name in answer_names(table)])
        order, _ = answer_order(table)
        found = boxes(order)
        if statistic == "mean" or found is None:
            return order
        top, bottom = (box.astype(np.float64) for box in found)
        wanted = category if statistic == "diff_rest" else statistic
        return {"top2": top, "bottom2": bottom}.get(wanted, top - bottom)


def _groups(release: Release, row: Estimate) -> Sequence[Domain]:
    """The groups that a row is one of: those of its item's table, or of its elements'."""
    names = [row.item, *(v.name for q in release.codebook if q.id == row.item for v in q.variables)]
    tables = (release.tables.get((name, row.domain_variable)) for name in names)
    return next(table.domains for table in tables if table is not None)

"""The gate: the only way from rows to tables.

``release`` counts everything that a study's plan may ever need, decides once which groups
may stand alone, and seals what it lets out. Counts leave exact or not at all. The rules:

* A group is published if at least ``min_base`` of its people answered the item.
* Smaller units are merged with siblings and published as a merged group, so no ballot is
  lost and every table adds up to the total. "No answer" to an attribute is a unit like any
  other. A unit of the staff list without a single ballot is merged as well: zero names
  nobody, but a pattern that tells 0 from 1 to 9 would make the others easier to guess.
* The groups of an item are unions of the groups of the ballots; weighting cells lie within
  departments. What can be subtracted from what is treated in ``reports.protection`` and
  ``reports.cells``.
* An attribute that would have a single group left is not shown at all.
* Joint counts of a ranking leave below the level of everybody only if every ballot that
  answered one element answered all.

Homogeneous cells, the ledger and the self-attack build on the same tables: ``_table`` is
where the status of a group is set.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from reports import counts
from reports.account import account
from reports.breakdowns import BALLOTS, Cut, Cuts, by_attribute, by_crossing, whole
from reports.counts import Ints, RawCounts
from reports.domains import Attribute, attribute, headcounts
from reports.errors import DisclosureError
from reports.plan import Plan, attributes, default_plan, frame_questions
from reports.protection import MINIMUM
from reports.tables import _SEAL, EVERYBODY, WEIGHTING, Domain, Pairs, Release, Status, Table
from survey.codebook import Codebook, Question, Role, Variable
from survey.dataset import DataSet
from survey.study import Study

DEFAULT_RULES = MappingProxyType({"min_base": MINIMUM, "min_chapter": 20, "min_texts": 30})
"""Thresholds: any group, a mean with interval or a chapter, open texts by group."""


def release(data_set: DataSet, plan: Plan | None = None) -> Release:
    """Everything of the plan that may leave, sealed; without a plan the study's full plan.

    The protection is always that of the full plan, so that two smaller plans agree. Raises
    ``DisclosureError`` for rules below the defaults and for tables outside the full plan.
    """
    study, codebook = data_set.study, data_set.codebook
    full = default_plan(study, codebook)
    plan = full if plan is None else plan.within(full)
    rules = thresholds(study.rules)
    counted = _counted(counts.read(data_set), study, codebook, full)
    cuts = _cuts(counted, study, rules["min_base"])
    tables = {key: _table(counted, cuts, *key, rules["min_base"]) for key in plan.tables}
    return Release(
        study=study,
        codebook=codebook,
        fingerprint=data_set.fingerprint,
        protocol=data_set.protocol,
        tables=tables,
        pairs={key: _pairs(counted, cuts, *key) for key in plan.pairs},
        ballots={by: _ballots(counted, cuts[by][BALLOTS], by) for by in cuts},
        withheld={by: cuts[by][BALLOTS].withheld for by in cuts},
        orders=data_set.orders,
        rules=rules,
        report=account(codebook, cuts, tables, rules),
        seal=_SEAL,
    )


def thresholds(rules: Mapping[str, int]) -> dict[str, int]:
    """The defaults raised by a study's rules.

    Raises ``DisclosureError`` for a rule that is unknown or below its default.

    >>> thresholds({"min_base": 15})
    {'min_base': 15, 'min_chapter': 20, 'min_texts': 30}
    """
    for name, value in rules.items():
        if name not in DEFAULT_RULES:
            raise DisclosureError(f"unknown rule {name}; known are {', '.join(DEFAULT_RULES)}")
        if value < DEFAULT_RULES[name]:
            raise DisclosureError(
                f"{name} is {value}, but may only be raised above {DEFAULT_RULES[name]}"
            )
    raised = {**DEFAULT_RULES, **rules}
    floor = raised["min_base"]
    return {name: max(value, floor) for name, value in raised.items()}


@dataclass(frozen=True)
class _Counted:
    """Counts by the finest units of every by, never shown as they are."""

    raw: RawCounts
    codebook: Codebook
    owners: Mapping[str, tuple[Question, Variable]]
    attributes: Mapping[str, Attribute]
    index: Mapping[str, tuple[Ints, int]]
    values: Mapping[str, tuple[int, ...]]
    tables: Mapping[tuple[str, str], Ints]
    joint: Mapping[tuple[str, str], Ints]

    def ballots(self, by: str) -> Ints:
        index, units = self.index[by]
        return np.bincount(index, minlength=units).astype(np.int64)

    def base(self, name: str, by: str) -> Ints:
        answers = [value >= 0 for value in self.values[name]]
        total: Ints = self.tables[name, by][:, answers].sum(axis=1)
        return total

    def bases(self, by: str) -> dict[Hashable, Ints]:
        """Ballots and the base of every item and every joint count by the units of a by."""
        items: dict[Hashable, Ints] = {BALLOTS: self.ballots(by)}
        items |= {name: self.base(name, by) for name, found in self.tables if found == by}
        items |= {("pairs", id): base for (id, found), base in self.joint.items() if found == by}
        return items


def _counted(raw: RawCounts, study: Study, codebook: Codebook, plan: Plan) -> _Counted:
    bys = list(dict.fromkeys(by for _, by in plan.tables))
    framed = frame_questions(study, codebook) if WEIGHTING in bys else ()
    places = {
        question.id: raw.places(question.variables[0], _values(question))
        for question in (*attributes(codebook), *framed)
    }
    known = {
        id: attribute(
            codebook.question(id),
            study.frame,
            silent=bool((found == len(_values(codebook.question(id)))).any()),
        )
        for id, found in places.items()
    }
    index = {EVERYBODY: (raw.everybody(), 1)}
    index |= {id: (places[id], len(known[id].units)) for id in places if id in bys}
    if framed:
        index[WEIGHTING] = _crossing([places[q.id] for q in framed], [known[q.id] for q in framed])
    owners = {v.name: (question, v) for question in codebook for v in question.variables}
    values = {name: raw.values(*owners[name]) for name in dict(plan.tables)}
    tables = {
        (name, by): raw.table(owners[name][1], values[name], *index[by]) for name, by in plan.tables
    }
    joint = {(id, by): raw.complete(codebook.question(id), *index[by]) for id, by in plan.pairs}
    return _Counted(raw, codebook, owners, known, index, values, tables, joint)


def _values(question: Question) -> list[int]:
    return [code.value for code in question.variables[0].answers]


def _crossing(places: list[Ints], known: list[Attribute]) -> tuple[Ints, int]:
    flat, units = places[0], len(known[0].units)
    for place, more in zip(places[1:], known[1:], strict=True):
        flat, units = flat * len(more.units) + place, units * len(more.units)
    return flat, units


def _cuts(counted: _Counted, study: Study, threshold: int) -> dict[str, Cuts]:
    cuts: dict[str, Cuts] = {}
    known = counted.attributes
    if WEIGHTING in counted.index and study.frame is not None:
        framed = [known[q.id] for q in frame_questions(study, counted.codebook)]
        rows, columns = framed[0], framed[1] if len(framed) > 1 else None
        people = headcounts(rows, columns, study.frame)
        crossed = by_crossing(rows, columns, people, counted.bases(WEIGHTING), threshold)
        cuts = {WEIGHTING: crossed.cells, rows.question.id: crossed.rows}
        cuts |= {columns.question.id: crossed.columns} if columns else {}
    for by in counted.index:
        if by == EVERYBODY:
            bases = {key: int(base.sum()) for key, base in counted.bases(by).items()}
            cuts[by] = whole(bases, study.frame, threshold)
        elif by not in cuts:
            cuts[by] = by_attribute(known[by], counted.bases(by), threshold)
    return {by: cuts[by] for by in counted.index}


def _table(
    counted: _Counted, cuts: Mapping[str, Cuts], name: str, by: str, threshold: int
) -> Table:
    question, variable = counted.owners[name]
    cut = cuts[by][name]
    cells = _grouped(counted.tables[name, by], cut)
    if question.role is Role.DEMOGRAPHIC and _few(counted, name, cells, threshold):
        cut = Cut((), (), tuple((domain, Status.NOT_SHOWN) for domain in cut.domains))
        cells = cells[:0]
    values = counted.values[name]
    return Table(question, variable, by, cut.domains, cut.withheld, values, cells, seal=_SEAL)


def _few(counted: _Counted, name: str, cells: Ints, threshold: int) -> bool:
    """Whether an answer about the person itself was given by fewer people than a group needs."""
    answers = cells[:, [value >= 0 for value in counted.values[name]]]
    return bool(((answers > 0) & (answers < threshold)).any())


def _pairs(counted: _Counted, cuts: Mapping[str, Cuts], id: str, by: str) -> Pairs:
    question = counted.codebook.question(id)
    cut = cuts[by]["pairs", id]
    same = all(
        np.array_equal(counted.joint[id, by], counted.base(variable.name, by))
        for variable in question.variables
    )
    if by != EVERYBODY and not same:
        cut = Cut((), ())
    index, units = counted.index[by]
    group_of = np.full(units, -1, dtype=np.int64)
    for place, members in enumerate(cut.units):
        group_of[list(members)] = place
    joint = counted.raw.pairs(question, group_of[index], len(cut.domains))
    return Pairs(question, by, cut.domains, joint, seal=_SEAL)


def _ballots(counted: _Counted, cut: Cut, by: str) -> tuple[tuple[Domain, int], ...]:
    numbers = _grouped(counted.ballots(by)[:, None], cut)[:, 0]
    return tuple(zip(cut.domains, numbers.tolist(), strict=True))


def _grouped(table: Ints, cut: Cut) -> Ints:
    rows = [table[list(members)].sum(axis=0) for members in cut.units]
    return np.array(rows, dtype=np.int64).reshape(len(rows), table.shape[1])

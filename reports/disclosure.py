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
* At most two attributes are crossed, and only where an evaluation is planned that says so.
  Tables that stand beside each other are compared pair by pair: what the groups of one leave
  of the groups of the other is nobody or enough.
* Joint counts leave below the level of everybody only if in every group those who answered
  one of the items but not all number 0 or at least ``min_base``.

Homogeneous cells, the ledger and the self-attack build on the same tables: ``_table`` is
where the status of a group is set.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from reports import counts
from reports.account import account
from reports.breakdowns import (
    BALLOTS,
    Cut,
    Cuts,
    by_attribute,
    by_crossing,
    coexisting,
    unlisted,
    whole,
)
from reports.counts import Ints, RawCounts
from reports.domains import Attribute, attribute, headcounts
from reports.errors import DisclosureError
from reports.joint import KINDS, Subset
from reports.joint import crossed as joint_crossed
from reports.plan import Plan, attributes, crossings, default_plan, frame_questions
from reports.protection import MINIMUM
from reports.tables import (
    _SEAL,
    CROSSED,
    EVERYBODY,
    WEIGHTING,
    Domain,
    Joint,
    Release,
    Status,
    Table,
)
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
    cuts = _cuts(counted, study, full, rules["min_base"])
    tables = {key: _table(counted, cuts, *key, rules["min_base"]) for key in plan.tables}
    return Release(
        study=study,
        codebook=codebook,
        fingerprint=data_set.fingerprint,
        protocol=data_set.protocol,
        tables=tables,
        joint={key: _joint(counted, cuts, *key, rules["min_base"]) for key in plan.joint},
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
    subsets: Mapping[tuple[str, str], Subset]
    joint: Mapping[tuple[str, str, str], Ints]

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
        items |= {key[:2]: base for key, base in self.joint.items() if key[2] == by}
        return items

    def answered(self, key: Hashable) -> NDArray[np.bool_]:
        """Which ballots count for an item, a joint count, or as ballots."""
        if key == BALLOTS:
            return np.ones(self.raw.ballots, dtype=bool)
        if isinstance(key, tuple):
            return self.raw.complete(self.subsets[key].variables)
        return self.raw.complete((self.owners[str(key)][1],))


def _counted(raw: RawCounts, study: Study, codebook: Codebook, plan: Plan) -> _Counted:
    bys = list(dict.fromkeys(by for _, by in plan.tables))
    framed = frame_questions(study, codebook) if WEIGHTING in bys else ()
    places = {
        question.id: raw.places(question.variables[0], _values(question))
        for question in (*attributes(study, codebook), *framed)
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
    for by, names in [(f"{a}{CROSSED}{b}", (a, b)) for a, b in crossings(plan)]:
        index[by] = _crossing([places[id] for id in names], [known[id] for id in names])
    if framed:
        index[WEIGHTING] = _crossing([places[q.id] for q in framed], [known[q.id] for q in framed])
    owners = {v.name: (question, v) for question in codebook for v in question.variables}
    values = {name: raw.values(*owners[name]) for name in dict(plan.tables)}
    tables = {
        (name, by): raw.table(owners[name][1], values[name], *index[by]) for name, by in plan.tables
    }
    subsets = {(kind, s.name): s for kind in KINDS for s in KINDS[kind].subsets(codebook)}
    joint = {}
    for kind, name, by in plan.joint:
        places_of, units = index[by]
        complete = raw.complete(subsets[kind, name].variables)
        joint[kind, name, by] = np.bincount(places_of[complete], minlength=units).astype(np.int64)
    return _Counted(raw, codebook, owners, known, index, values, tables, subsets, joint)


def _values(question: Question) -> list[int]:
    return [code.value for code in question.variables[0].answers]


def _crossing(places: list[Ints], known: list[Attribute]) -> tuple[Ints, int]:
    flat, units = places[0], len(known[0].units)
    for place, more in zip(places[1:], known[1:], strict=True):
        flat, units = flat * len(more.units) + place, units * len(more.units)
    return flat, units


def _cuts(counted: _Counted, study: Study, plan: Plan, threshold: int) -> dict[str, Cuts]:
    """How the ballots are parted by everything in the plan, what cannot stand beside taken out."""
    cuts: dict[str, Cuts] = {}
    known, bases = counted.attributes, counted.bases
    together: set[frozenset[str]] = set()
    framed = [known[q.id] for q in frame_questions(study, counted.codebook) if q.id in known]
    if WEIGHTING in counted.index and study.frame is not None:
        rows, columns = framed[0], framed[1] if len(framed) > 1 else None
        people = headcounts(rows, columns, study.frame)
        crossed = by_crossing(rows, columns, people, bases(WEIGHTING), threshold)
        cuts = {WEIGHTING: crossed.cells, rows.question.id: crossed.rows}
        cuts |= {columns.question.id: crossed.columns} if columns else {}
        together |= _pairs_of((WEIGHTING, *(a.question.id for a in framed)))
    for by in counted.index:
        if by == EVERYBODY:
            sums = {key: int(base.sum()) for key, base in bases(by).items()}
            cuts[by] = whole(sums, study.frame, threshold)
        elif by not in cuts and CROSSED not in by:
            cuts[by] = by_attribute(known[by], bases(by), threshold)
    for a, b in crossings(plan):
        by, pair = f"{a}{CROSSED}{b}", (known[a], known[b])
        if WEIGHTING in cuts and {a, b} == {found.question.id for found in framed}:
            cuts[by] = {key: cuts[WEIGHTING][key] for key in bases(by)}
            together |= _pairs_of((by, a, b, WEIGHTING))
            continue
        crossed = by_crossing(*pair, unlisted(*pair), bases(by), threshold)
        cuts[by] = crossed.cells
        if b in cuts:
            hidden = {key: cut for key, cut in crossed.columns.items() if not cut.domains}
            cuts[b] = {**cuts[b], **{key: cut for key, cut in hidden.items() if key in cuts[b]}}
        together |= _pairs_of((by, a, b))
    names = [by for by in (*_first(cuts), *cuts) if by != EVERYBODY and by in counted.index]
    names = list(dict.fromkeys(sorted(names, key=lambda by: CROSSED in by)))
    order = [pair for pair in combinations(names, 2) if frozenset(pair) not in together]
    left = coexisting(cuts, order, _grids(counted, cuts), threshold)
    return {by: left[by] for by in counted.index}


def _first(cuts: Mapping[str, Cuts]) -> tuple[str, ...]:
    """What is withheld last: the weighting cells, on which every weighted figure rests."""
    return (WEIGHTING,) if WEIGHTING in cuts else ()


def _pairs_of(names: Iterable[str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(names, 2)}


def _grids(counted: _Counted, cuts: Mapping[str, Cuts]) -> Callable[[Hashable, str, str], Ints]:
    """Counts of an item by the groups of two tables."""

    def grid(key: Hashable, first: str, second: str) -> Ints:
        answered = counted.answered(key)
        one, other = cuts[first][key], cuts[second][key]
        places = [
            _group_of(cut, counted.index[by][1])[counted.index[by][0][answered]]
            for by, cut in ((first, one), (second, other))
        ]
        return joint_crossed(places[0], len(one.units), places[1], len(other.units))

    return grid


def _group_of(cut: Cut, units: int) -> Ints:
    """The group of each finest unit, -1 for a unit that is in none."""
    group_of = np.full(units, -1, dtype=np.int64)
    for place, members in enumerate(cut.units):
        group_of[list(members)] = place
    return group_of


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


def _joint(
    counted: _Counted, cuts: Mapping[str, Cuts], kind: str, name: str, by: str, threshold: int
) -> Joint:
    subset = counted.subsets[kind, name]
    cut = cuts[by][kind, name]
    if by != EVERYBODY and not _whole_items(counted, subset, cut, kind, by, threshold):
        cut = Cut((), ())
    index, units = counted.index[by]
    groups = _group_of(cut, units)[index]
    found = counted.raw.joint(KINDS[kind], subset, groups, len(cut.domains))
    return Joint(kind, name, subset.question, by, cut.domains, found, seal=_SEAL)


def _whole_items(
    counted: _Counted, subset: Subset, cut: Cut, kind: str, by: str, threshold: int
) -> bool:
    """Whether in each group nobody, or enough people, answered an item but not the subset."""
    complete = _grouped(counted.joint[kind, subset.name, by][:, None], cut)
    for variable in subset.variables:
        base = counted.base(variable.name, by)[:, None]
        more = _grouped(base, cut) - complete
        if ((more > 0) & (more < threshold)).any():
            return False
    return True


def _ballots(counted: _Counted, cut: Cut, by: str) -> tuple[tuple[Domain, int], ...]:
    numbers = _grouped(counted.ballots(by)[:, None], cut)[:, 0]
    return tuple(zip(cut.domains, numbers.tolist(), strict=True))


def _grouped(table: Ints, cut: Cut) -> Ints:
    rows = [table[list(members)].sum(axis=0) for members in cut.units]
    return np.array(rows, dtype=np.int64).reshape(len(rows), table.shape[1])

"""What the gate knows before it decides: counts by the finest units, never shown as they are.

Nothing but the gate may import this.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reports.breakdowns import BALLOTS
from reports.counts import Ints, RawCounts
from reports.domains import NO_ANSWER, Attribute, attribute
from reports.exclusions import Exclusion, told
from reports.homogeneity import Answers, Minds
from reports.joint import KINDS, Subset, crossed
from reports.ledger import Group
from reports.plan import Plan, attributes, crossings, frame_questions
from reports.protection import MINIMUM
from reports.tables import CROSSED, EVERYBODY, TOGETHER, WEIGHTING
from survey.codebook import Codebook, Question, Scale, Variable
from survey.study import Regime, Study


@dataclass(frozen=True)
class Counted:
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
    untabulated: Mapping[tuple[str, str, str], Ints]
    exclusions: Mapping[tuple[str, str], Exclusion]

    def told(self, threshold: int) -> frozenset[tuple[str, str]]:
        """The kinds and names of results "with and without" that may stand beside each other.

        The threshold is climbed, so that what is not told at one is not told at a higher one.
        """
        items = {item for one in self.exclusions.values() for item in one.items}
        answered = {item: self.answered(item) for item in items}
        kept = frozenset(self.exclusions)
        for step in range(MINIMUM, threshold + 1):
            left = [one for key, one in self.exclusions.items() if key in kept]
            kept = told(left, answered, step)
        return kept

    @cached_property
    def finest(self) -> tuple[dict[str, Ints], Ints]:
        """The cells with ballots that all tables together leave: by each, its unit of every cell;
        and the cell of every ballot."""
        cell_of = self.raw.everybody()
        for places, units in self.index.values():
            _, cell_of = np.unique(cell_of * units + places, return_inverse=True)
            cell_of = cell_of.ravel().astype(np.int64)
        _, first = np.unique(cell_of, return_index=True)
        return {by: places[first] for by, (places, _) in self.index.items()}, cell_of

    def ballots(self, by: str) -> Ints:
        """Ballots by the units of a by."""
        index, units = self.index[by]
        return np.bincount(index, minlength=units).astype(np.int64)

    def base(self, name: str, by: str) -> Ints:
        """Valid answers to an item by the units of a by."""
        answers = [value >= 0 for value in self.values[name]]
        total: Ints = self.tables[name, by][:, answers].sum(axis=1)
        return total

    def bases(self, by: str) -> dict[Hashable, Ints]:
        """Ballots and the base of every item and every joint count by the units of a by."""
        items: dict[Hashable, Ints] = {BALLOTS: self.ballots(by)}
        items |= {name: self.base(name, by) for name, found in self.tables if found == by}
        items |= {key[:2]: base for key, base in self.joint.items() if key[2] == by}
        return items

    def minds(self, by: str) -> dict[Hashable, Minds]:
        """What was answered to every item and every joint count by the units of a by."""
        found: dict[Hashable, Minds] = {}
        for name in (name for name, at in self.tables if at == by):
            question = self.owners[name][0]
            whole = question.scale is Scale.RANK
            names = [variable.name for variable in question.variables] if whole else [name]
            known = found.get(names[0])
            found[name] = known if known else Minds(tuple(self._answers(n, by) for n in names))
        for kind, name, at in self.joint:
            if at == by:
                own = self.untabulated.get((kind, name, at))
                variables = self.subsets[kind, name].variables
                parts = [found[v.name].parts for v in variables] if own is None else []
                if own is not None:
                    parts = [self._untabulated(own, self.subsets[kind, name])]
                found[kind, name] = Minds(tuple(dict.fromkeys(p for ps in parts for p in ps)))
        return found

    def _untabulated(self, counts: Ints, subset: Subset) -> tuple[Answers, ...]:
        """Answers to variables without tables: all of them tell, nothing given as well."""
        telling = (True,) * counts.shape[2]
        places = range(counts.shape[1])
        return tuple(Answers(counts[:, v], telling, subset.question.sensitive) for v in places)

    def _answers(self, name: str, by: str) -> Answers:
        question, variable = self.owners[name]
        answers = [value for value in self.values[name] if value >= 0]
        few = variable.scale in (Scale.RANK, Scale.CHECK)
        telling = tuple(value > 0 or not few for value in answers)
        counts = self.tables[name, by][:, [value >= 0 for value in self.values[name]]]
        return Answers(counts, telling, question.sensitive)

    def answered(self, key: Hashable) -> NDArray[np.bool_]:
        """Which ballots count for an item, a joint count, or as ballots."""
        if key == BALLOTS:
            return np.ones(self.raw.ballots, dtype=bool)
        if isinstance(key, tuple):
            return self.raw.complete(self.subsets[key].variables)
        return self.raw.complete((self.owners[str(key)][1],))


def counted(raw: RawCounts, study: Study, codebook: Codebook, plan: Plan) -> Counted:
    """Everything that the decisions of a full plan need, counted once."""
    bys = list(dict.fromkeys(key[-1] for key in (*plan.tables, *plan.joint)))
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
    owners = {
        variable.name: (question, variable)
        for question in codebook
        for variable in question.variables
        if variable.scale is not Scale.TEXT
    }
    values = {name: raw.values(*owners[name]) for name in dict(plan.tables)}
    tables = {
        (name, by): raw.table(owners[name][1], values[name], *index[by]) for name, by in plan.tables
    }
    subsets = {(kind, s.name): s for kind in KINDS for s in KINDS[kind].subsets(codebook)}
    joint, untabulated = {}, {}
    for kind, name, by in plan.joint:
        places_of, units = index[by]
        complete = raw.complete(subsets[kind, name].variables)
        joint[kind, name, by] = np.bincount(places_of[complete], minlength=units).astype(np.int64)
        answers = KINDS[kind].answers
        if answers is not None and by != EVERYBODY:
            way = replace(KINDS[kind], count=answers)
            untabulated[kind, name, by] = raw.joint(way, subsets[kind, name], places_of, units)
    out = [
        Exclusion(
            (kind, name),
            tuple(variable.name for variable in subsets[kind, name].variables),
            raw.complete(subsets[kind, name].variables),
            raw.left_out(KINDS[kind], subsets[kind, name]),
        )
        for kind, name, _ in plan.joint
        if KINDS[kind].left_out is not None
    ]
    # lists come before whole patterns; where anybody may send any number of ballots, after them
    anybody = study.regime is not Regime.CENSUS_ATTEMPT
    out.sort(key=lambda exclusion: len(exclusion.items), reverse=anybody)
    left_out = {exclusion.key: exclusion for exclusion in out}
    return Counted(
        raw, codebook, owners, known, index, values, tables, subsets, joint, untabulated, left_out
    )


class Lent:
    """The gate's rows for a comparison with earlier releases; counts only ever leave it refused."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self._known: dict[tuple[Group, ...], Ints | None] = {}

    def places(self, groups: Sequence[Group]) -> Ints | None:
        """The group of each ballot, -1 for none; None if a code is not known here."""
        key = tuple(groups)
        if key not in self._known:
            self._known[key] = self._places(key)
        return self._known[key]

    def _places(self, groups: tuple[Group, ...]) -> Ints | None:
        found = np.full(self._counted.raw.ballots, -1, dtype=np.int64)
        for place, group in enumerate(groups):
            for code in group.codes:
                inside = self._inside(group.variable, code)
                if inside is None:
                    return None
                found[inside] = place
        return found

    def _inside(self, variable: str, code: str) -> NDArray[np.bool_] | None:
        """Which ballots are of a code, or of both codes of a crossing."""
        inside = np.ones(self._counted.raw.ballots, dtype=bool)
        if variable == EVERYBODY:
            return inside
        for id, name in zip(variable.split(CROSSED), code.split(CROSSED), strict=False):
            questions = [q for q in self._counted.codebook if q.id == id and len(q.variables) == 1]
            if not questions:
                return None
            answers = questions[0].variables[0].answers
            names = [*(answer.name for answer in answers), NO_ANSWER]
            if name not in names:
                return None
            values = [answer.value for answer in answers]
            place = self._counted.raw.places(questions[0].variables[0], values)
            inside &= place == names.index(name)
        return inside

    def counts(self, item: str, values: Sequence[int], place: Ints, groups: int) -> Ints | None:
        """Counts of an item by group and value, those with another value last.

        Of joint counts those are counted who answered all items: 0 if they stay in a result
        "without", 1 if they are left out of it.
        """
        inside = place >= 0
        together = self._together(item)
        if not item:
            codes = np.zeros(self._counted.raw.ballots, dtype=np.int64)
        elif together is not None:
            out = self._counted.exclusions.get(together)
            inside = inside & self.answered(item)
            codes = np.zeros(self._counted.raw.ballots, dtype=np.int64)
            if len(values) > 1 and out is not None:
                codes += out.left_out
        elif item in self._counted.owners:
            codes = self._counted.raw.places(self._counted.owners[item][1], values)
        else:
            return None
        return crossed(place[inside], groups, codes[inside], len(values) + 1)

    def answered(self, item: str) -> NDArray[np.bool_]:
        """Which ballots have a valid answer; all for ballots."""
        together = self._together(item)
        return self._counted.answered(item if together is None else together)

    def _together(self, item: str) -> tuple[str, str] | None:
        """Kind and name where an item stands for joint counts that are known here."""
        kind, _, name = item.partition(TOGETHER)
        return (kind, name) if (kind, name) in self._counted.subsets and TOGETHER in item else None


def _values(question: Question) -> list[int]:
    return [code.value for code in question.variables[0].answers]


def _crossing(places: list[Ints], known: list[Attribute]) -> tuple[Ints, int]:
    flat, units = places[0], len(known[0].units)
    for place, more in zip(places[1:], known[1:], strict=True):
        flat, units = flat * len(more.units) + place, units * len(more.units)
    return flat, units

"""How the ballots are parted by all tables of a plan, so that these can stand beside each other.

Each attribute and each crossing is grouped for itself (``reports.breakdowns``). What would give
away a few people beside the other tables is withheld then, for one item or, if the ballots give
them away, for all. Whatever is withheld at a threshold stays withheld at every higher one: the
threshold is climbed here as in ``reports.protection``, so that a raised one never shows more.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from reports.breakdowns import (
    BALLOTS,
    Crossed,
    Cut,
    Cuts,
    by_attribute,
    by_crossing,
    nothing_of,
    unlisted,
    whole,
)
from reports.combinations import isolates
from reports.counted import Counted
from reports.counts import Ints
from reports.domains import headcounts
from reports.joint import KINDS, crossed
from reports.plan import Plan, crossings, frame_questions
from reports.protection import MINIMUM
from reports.residues import residue
from reports.tables import CROSSED, EVERYBODY, WEIGHTING
from survey.codebook import Role
from survey.study import Study

Parted = dict[str, dict[Hashable, Cut]]
Place = tuple[str, Hashable]
"""An item (or the ballots) by a table."""


def parted(counted: Counted, study: Study, plan: Plan, threshold: int) -> Parted:
    """The cuts of every table of the plan by item, those that cannot stand taken out."""
    gone: set[Place] = set()
    left: Parted = {}
    together = _together(counted, study, plan)
    for step, cuts in enumerate(_steps(counted, study, plan, threshold), MINIMUM):
        left = {by: dict(found) for by, found in cuts.items()}
        for by, key in gone:
            left[by][key] = nothing_of(left[by][key])
        for place in _untenable(counted, left, together, step):
            gone.add(place)
            left[place[0]][place[1]] = nothing_of(left[place[0]][place[1]])
    return {by: left[by] for by in counted.index}


def _steps(counted: Counted, study: Study, plan: Plan, threshold: int) -> Iterator[dict[str, Cuts]]:
    """The cuts of every table for every threshold from the lowest on, each table for itself."""
    known, bases, minds = counted.attributes, counted.bases, counted.minds
    framed = [known[q.id] for q in frame_questions(study, counted.codebook) if q.id in known]
    pairs: dict[str, Iterator[Crossed]] = {}
    if WEIGHTING in counted.index and study.frame is not None:
        rows, columns = framed[0], framed[1] if len(framed) > 1 else None
        people = headcounts(rows, columns, study.frame)
        pairs[WEIGHTING] = by_crossing(
            rows, columns, people, bases(WEIGHTING), threshold, minds(WEIGHTING)
        )
    same = _weighted(counted, study, plan)
    for a, b in crossings(plan):
        by, pair = f"{a}{CROSSED}{b}", (known[a], known[b])
        if by not in same:
            pairs[by] = by_crossing(*pair, unlisted(*pair), bases(by), threshold, minds(by))
    of_frame = {attribute.question.id for attribute in framed} if WEIGHTING in pairs else set()
    alone = {
        by: by_attribute(known[by], bases(by), threshold, minds(by))
        for by in counted.index
        if by not in of_frame and by not in (EVERYBODY, WEIGHTING) and CROSSED not in by
    }
    for step in range(MINIMUM, threshold + 1):
        found = {by: next(crossed) for by, crossed in pairs.items()}
        cuts: dict[str, Cuts] = {}
        if WEIGHTING in found:
            weighting = found.pop(WEIGHTING)
            cuts = {WEIGHTING: weighting.cells}
            cuts |= dict(
                zip(
                    (a.question.id for a in framed),
                    (weighting.rows, weighting.columns),
                    strict=False,
                )
            )
        if EVERYBODY in counted.index:
            sums = {key: int(base.sum()) for key, base in bases(EVERYBODY).items()}
            cuts[EVERYBODY] = whole(sums, study.frame, step)
        cuts |= {by: next(each) for by, each in alone.items()}
        cuts |= {by: {key: cuts[WEIGHTING][key] for key in bases(by)} for by in same}
        for by, crossing in found.items():
            cuts[by] = crossing.cells
            cuts |= _columns_withheld(by, crossing, cuts)
        yield cuts


def _columns_withheld(by: str, crossing: Crossed, cuts: Mapping[str, Cuts]) -> dict[str, Cuts]:
    """The cuts of the second attribute without what cannot stand beside the cells of both."""
    columns = by.split(CROSSED)[1]
    if columns not in cuts:
        return {}
    hidden = {key: cut for key, cut in crossing.columns.items() if not cut.domains}
    return {
        columns: {
            **cuts[columns],
            **{key: cut for key, cut in hidden.items() if key in cuts[columns]},
        }
    }


def _weighted(counted: Counted, study: Study, plan: Plan) -> tuple[str, ...]:
    """The crossings of the plan that are those of the headcounts, so have their cells."""
    if WEIGHTING not in counted.index or study.frame is None:
        return ()
    framed = {q.id for q in frame_questions(study, counted.codebook) if q.id in counted.attributes}
    return tuple(f"{a}{CROSSED}{b}" for a, b in crossings(plan) if {a, b} == framed)


def _together(counted: Counted, study: Study, plan: Plan) -> set[frozenset[str]]:
    """The pairs of tables that ``reports.cells`` has looked at: a crossing and both its sides."""
    framed = [q.id for q in frame_questions(study, counted.codebook) if q.id in counted.attributes]
    found = _pairs((WEIGHTING, *framed))
    for a, b in crossings(plan):
        by = f"{a}{CROSSED}{b}"
        found |= _pairs((by, a, b, *((WEIGHTING,) if {a, b} == set(framed) else ())))
    return found


def _pairs(names: Iterable[str]) -> set[frozenset[str]]:
    return {frozenset(pair) for pair in combinations(names, 2)}


def _untenable(
    counted: Counted, left: Parted, together: set[frozenset[str]], threshold: int
) -> Iterator[Place]:
    """What has to be withheld, one after the other; the caller takes it out of ``left``.

    Of tables that give away a few people the later one goes: crossings after single attributes,
    the weighting cells, on which every weighted figure rests, last.
    """
    names = [by for by in left if by in counted.index and by != EVERYBODY]
    names.sort(key=lambda by: (by != WEIGHTING, CROSSED in by))
    for first, second in combinations(names, 2):
        if frozenset((first, second)) not in together:
            for key in _keys(left, second):
                if key in left[first] and _residual(counted, left, key, (first, second), threshold):
                    yield from _everywhere(left, second, key)
    for key in dict.fromkeys(key for by in names for key in _keys(left, by)):
        if _isolated(counted, left, key, names, threshold):
            for place, by in enumerate(names):
                if key in left[by] and _isolated(counted, left, key, names[: place + 1], threshold):
                    yield from _everywhere(left, by, key)
    yield from _narrow_joints(counted, left, threshold)


def _keys(left: Parted, by: str) -> tuple[Hashable, ...]:
    """The ballots, then every item of a table."""
    return (BALLOTS, *(key for key in left[by] if key != BALLOTS))


def _everywhere(left: Parted, by: str, key: Hashable) -> Iterator[Place]:
    """An item by a table; all of its items if the ballots cannot be told."""
    yield from ((by, gone) for gone in tuple(left[by]) if key in (BALLOTS, gone))


def _residual(
    counted: Counted, left: Parted, key: Hashable, pair: tuple[str, str], threshold: int
) -> bool:
    """Whether two tables of an item leave a few people of each other."""
    one, other = (left[by][key] for by in pair)
    if not one.domains or not other.domains:
        return False
    answered = counted.answered(key)
    places = [
        group_of(cut, counted.index[by][1])[counted.index[by][0][answered]]
        for by, cut in zip(pair, (one, other), strict=True)
    ]
    lines = crossed(places[0], len(one.units), places[1], len(other.units))
    return residue(lines if lines.shape[1] <= lines.shape[0] else lines.T, threshold) is not None


def _isolated(
    counted: Counted, left: Parted, key: Hashable, names: Sequence[str], threshold: int
) -> bool:
    """Whether three or more tables of an item give away a few people together."""
    shown = {by: left[by][key] for by in names if key in left[by] and left[by][key].domains}
    if len(shown) < 3:
        return False
    cells, cell_of = counted.finest
    people = np.bincount(cell_of[counted.answered(key)], minlength=len(cells[names[0]]))
    tables = [group_of(cut, counted.index[by][1])[cells[by]] for by, cut in shown.items()]
    return isolates(people.astype(np.int64), tables, threshold)


def _narrow_joints(counted: Counted, left: Parted, threshold: int) -> Iterator[Place]:
    """Joint counts by groups that would single out a few."""
    for kind, name, by in counted.joint:
        shown = by != EVERYBODY and left[by][kind, name].domains
        if shown and _is_narrow(counted, left[by][kind, name], (kind, name, by), threshold):
            yield by, (kind, name)


def _is_narrow(counted: Counted, cut: Cut, key: tuple[str, str, str], threshold: int) -> bool:
    """Whether in some group a few answered one of the items of joint counts but not all.

    Also whether a few gave an answer about themselves that has no table, and whether joint
    counts that are told by group leave out somebody who is in no group.
    """
    kind, name, by = key
    subset, complete = counted.subsets[kind, name], grouped(counted.joint[key][:, None], cut)
    for variable in subset.variables:
        if (variable.name, by) in counted.tables:  # else nothing of it alone is published
            more = grouped(counted.base(variable.name, by)[:, None], cut) - complete
            if ((more > 0) & (more < threshold)).any():
                return True
    answers = counted.untabulated.get(key)
    if answers is not None and subset.question.role is Role.DEMOGRAPHIC:
        found = np.stack([answers[list(members)].sum(axis=0) for members in cut.units])
        if ((found > 0) & (found < threshold)).any():
            return True
    places, units = counted.index[by]
    outside = group_of(cut, units)[places] < 0
    return KINDS[kind].by_group and bool((counted.raw.complete(subset.variables) & outside).any())


def group_of(cut: Cut, units: int) -> Ints:
    """The group of each finest unit, -1 for a unit that is in none."""
    found = np.full(units, -1, dtype=np.int64)
    for place, members in enumerate(cut.units):
        found[list(members)] = place
    return found


def grouped(table: Ints, cut: Cut) -> Ints:
    """The lines of a table of finest units added up by the groups of a cut."""
    rows = [table[list(members)].sum(axis=0) for members in cut.units]
    return np.array(rows, dtype=np.int64).reshape(len(rows), table.shape[1])

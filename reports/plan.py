"""The plan: every table that a study's dossiers and exports may ever need, at once.

Protection can only be judged over everything that leaves, so the gate always protects the
full plan of a study; a smaller plan selects from it. What a full plan holds follows from the
questionnaire: the planned evaluations, or the identifying attributes where none are planned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reports.errors import DisclosureError
from reports.joint import KINDS, Kind, Subset
from reports.tables import CROSSED, EVERYBODY, WEIGHTING
from survey.codebook import Codebook, Question, Role, Scale
from survey.study import Evaluation, Regime, Study

IDENTIFYING = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT)
"""Roles of the attributes by which results are broken down if no evaluations are planned."""

MOST_CROSSED = 2
"""More attributes than these are never crossed."""

NOT_TABULATED = (Scale.TEXT, Scale.NUMBER)
"""Scales without a table of shares: a share of every single number would name single people."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables (variable name, by) and the joint counts (kind, name, by) of a study."""

    tables: tuple[tuple[str, str], ...]
    joint: tuple[tuple[str, str, str], ...] = ()

    def within(self, full: Plan) -> Plan:
        """This plan; raises ``DisclosureError`` for a table that the full plan has not."""
        asked, known = (set[tuple[str, ...]]((*p.tables, *p.joint)) for p in (self, full))
        if foreign := sorted(asked - known):
            *names, by = foreign[0]
            wanted = " ".join(names)
            raise DisclosureError(
                f"the plan of this study has no table of {wanted} by {by or 'all'}"
            )
        return self


def default_plan(study: Study, codebook: Codebook) -> Plan:
    """The full plan: every question for everybody, by what is planned for it, and by cell.

    Attributes themselves have no table (their distribution is the ballots of each domain).
    Weighting cells exist where the people asked are counted: in an attempted census with
    headcounts. Demographic questions are neither weighted nor, unless planned, broken down.
    """
    known = attributes(study, codebook)
    hidden = {question.id for question in known} | set(frame_variables(study))
    questions = [q for q in codebook if q.id not in hidden and q.scale not in NOT_TABULATED]
    tables = [
        (variable.name, by)
        for question in questions
        for variable in question.variables
        if variable.scale not in NOT_TABULATED
        for by in _bys(study, codebook, known, question)
    ]
    offered = (EVERYBODY, *_weighting(study))
    joint = [
        (kind, subset.name, by)
        for kind, entry in KINDS.items()
        for subset in entry.subsets(codebook)
        if subset.question.id not in hidden
        for by in _joint_bys(study, codebook, entry, subset)
        if by in offered or by not in entry.bys
    ]
    return Plan(tuple(tables), tuple(joint))


def _joint_bys(study: Study, codebook: Codebook, kind: Kind, subset: Subset) -> tuple[str, ...]:
    """By what joint counts are made: what their kind offers, and single attributes.

    The groups of an attribute with headcounts follow from the weighting cells, so that these come
    along. What people say of themselves is not broken down.
    """
    if not kind.by_group:
        return kind.bys
    if subset.question.role is Role.DEMOGRAPHIC:
        return kind.bys
    groups = broken_down_by(study, codebook, subset.question)
    return (*kind.bys, *(by for by in groups if CROSSED not in by), *_weighting(study))


def attributes(study: Study, codebook: Codebook) -> tuple[Question, ...]:
    """The attributes of groups in the order of the questionnaire: identifying and planned ones.

    Raises ``DisclosureError`` if one of them is unknown or not a single choice.
    """
    planned = {id for evaluation in study.evaluations for id in evaluation.by}
    if unknown := sorted(planned - {question.id for question in codebook}):
        raise DisclosureError(f"a planned evaluation names an unknown question {unknown[0]}")
    found = tuple(q for q in codebook if q.role in IDENTIFYING or q.id in planned)
    _all_single(found)
    return found


def crossing(study: Study, codebook: Codebook, by: tuple[str, ...]) -> str:
    """The ``by`` of a planned evaluation: "" for everybody, a question id, or "a*b".

    Of two attributes the department comes first, otherwise the order is the questionnaire's.
    Raises ``DisclosureError`` for more than two.
    """
    if len(set(by)) > MOST_CROSSED:
        raise DisclosureError(f"{', '.join(by)}: at most {MOST_CROSSED} attributes may be crossed")
    found = [question for question in attributes(study, codebook) if question.id in by]
    found.sort(key=lambda question: question.role is not Role.DEPARTMENT)
    return CROSSED.join(question.id for question in found)


def frame_questions(study: Study, codebook: Codebook) -> tuple[Question, ...]:
    """The questions whose crossing has headcounts, the department first; empty without frame.

    Raises ``DisclosureError`` for more than two, for one that is not in the codebook and for
    one that is not a single choice.
    """
    names = frame_variables(study)
    if len(names) > MOST_CROSSED:
        raise DisclosureError("headcounts may cross at most two attributes")
    try:
        found = [codebook.question(name) for name in names]
    except KeyError as missing:
        raise DisclosureError(f"the headcounts name an unknown question {missing}") from None
    _all_single(found)
    return tuple(sorted(found, key=lambda question: question.role is not Role.DEPARTMENT))


def frame_variables(study: Study) -> tuple[str, ...]:
    """Ids of the questions that headcounts are known for."""
    return study.frame.variables if study.frame else ()


def _bys(
    study: Study, codebook: Codebook, known: Iterable[Question], question: Question
) -> tuple[str, ...]:
    """By what one question is tabulated, everybody first, weighting cells last."""
    if study.evaluations:
        found = [
            crossing(study, codebook, evaluation.by)
            for evaluation in study.evaluations
            if _meant(evaluation, codebook, question)
        ]
    elif question.role is Role.DEMOGRAPHIC:
        found = []
    else:
        found = [attribute.id for attribute in known]
    weighted = () if question.role is Role.DEMOGRAPHIC else _weighting(study)
    alone = [by for by in found if CROSSED not in by]
    crossed = [by for by in found if CROSSED in by]
    order = [attribute.id for attribute in known]
    alone.sort(key=lambda by: order.index(by) if by else -1)
    return tuple(dict.fromkeys((EVERYBODY, *alone, *sorted(crossed), *weighted)))


def broken_down_by(study: Study, codebook: Codebook, question: Question) -> tuple[str, ...]:
    """The attributes, and crossings of them, by which a question is to be broken down."""
    found = _bys(study, codebook, attributes(study, codebook), question)
    return tuple(by for by in found if by not in (EVERYBODY, WEIGHTING))


def _meant(evaluation: Evaluation, codebook: Codebook, question: Question) -> bool:
    """Whether a planned evaluation takes up a question, by its role or by its item.

    A grid under two headings gives two questions whose ids begin with the item's.
    """
    if evaluation.role:
        return question.role is not None and question.role.value == evaluation.role
    exact = {known.id for known in codebook}
    return any(
        question.id == id or (id not in exact and question.id.startswith(f"{id}_"))
        for id in evaluation.items
    )


def _weighting(study: Study) -> tuple[str, ...]:
    counted = study.regime is Regime.CENSUS_ATTEMPT and study.frame is not None
    return (WEIGHTING,) if counted else ()


def crossings(plan: Plan) -> Iterator[tuple[str, str]]:
    """The pairs of attributes that a plan crosses by name."""
    for by in dict.fromkeys(by for _, by in plan.tables):
        if CROSSED in by:
            first, second = by.split(CROSSED)
            yield first, second


def _all_single(questions: Iterable[Question]) -> None:
    for question in questions:
        if len(question.variables) != 1 or question.scale not in (Scale.NOMINAL, Scale.ORDINAL):
            raise DisclosureError(f"{question.id}: an attribute must be a single choice")

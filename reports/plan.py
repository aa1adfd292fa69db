"""The plan: every table that a study's dossiers and exports may ever need, at once.

Protection can only be judged over everything that leaves, so the gate always protects the
full plan of a study; a smaller plan selects from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.errors import DisclosureError
from reports.tables import EVERYBODY, WEIGHTING
from survey.codebook import Codebook, Question, Role, Scale
from survey.study import Regime, Study

IDENTIFYING = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT)
"""Roles of the attributes by which results may be broken down."""


NOT_TABULATED = (Scale.TEXT, Scale.NUMBER)
"""Scales without a table of shares: a share of every single number would name single people."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables (variable name, by) and the joint counts (question id, by) of a study."""

    tables: tuple[tuple[str, str], ...]
    pairs: tuple[tuple[str, str], ...] = ()

    def within(self, full: Plan) -> Plan:
        """This plan; raises ``DisclosureError`` for a table that the full plan has not."""
        asked, known = (set(p.tables) | set(p.pairs) for p in (self, full))
        if foreign := sorted(asked - known):
            name, by = foreign[0]
            raise DisclosureError(f"the plan of this study has no table of {name} by {by or 'all'}")
        return self


def default_plan(study: Study, codebook: Codebook) -> Plan:
    """The full plan: every question for everybody, by each identifying attribute and by cell.

    Attributes themselves have no table (their distribution is the ballots of each domain),
    demographic questions only one for everybody. Weighting cells exist where the people
    asked are counted: in an attempted census with headcounts.
    """
    bys = (EVERYBODY, *(q.id for q in attributes(codebook)), *_weighting(study))
    hidden = {q.id for q in attributes(codebook)} | set(frame_variables(study))
    questions = [q for q in codebook if q.id not in hidden and q.scale not in NOT_TABULATED]
    tables = [
        (variable.name, by)
        for question in questions
        for variable in question.variables
        if variable.scale not in NOT_TABULATED
        for by in (bys if question.role is not Role.DEMOGRAPHIC else (EVERYBODY,))
    ]
    pairs = [
        (question.id, by)
        for question in questions
        if question.scale is Scale.RANK and question.role is not Role.DEMOGRAPHIC
        for by in bys
        if by in (EVERYBODY, WEIGHTING)
    ]
    return Plan(tuple(tables), tuple(pairs))


def attributes(codebook: Codebook) -> tuple[Question, ...]:
    """The identifying attributes in the order of the questionnaire.

    Raises ``DisclosureError`` if one of them is not a single choice.
    """
    found = tuple(question for question in codebook if question.role in IDENTIFYING)
    _all_single(found)
    return found


def frame_questions(study: Study, codebook: Codebook) -> tuple[Question, ...]:
    """The questions whose crossing has headcounts, the department first; empty without frame.

    Raises ``DisclosureError`` for more than two, for one that is not in the codebook and for
    one that is not a single choice.
    """
    names = frame_variables(study)
    if len(names) > 2:
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


def _weighting(study: Study) -> tuple[str, ...]:
    counted = study.regime is Regime.CENSUS_ATTEMPT and study.frame is not None
    return (WEIGHTING,) if counted else ()


def _all_single(questions: Iterable[Question]) -> None:
    for question in questions:
        if len(question.variables) != 1 or question.scale not in (Scale.NOMINAL, Scale.ORDINAL):
            raise DisclosureError(f"{question.id}: an attribute must be a single choice")

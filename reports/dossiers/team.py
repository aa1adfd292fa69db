"""The dossier for the project team: everything that was released, with method and glossary."""

from __future__ import annotations

from dataclasses import replace

from reports.beside import ALONE, Beside
from reports.dossier import Dossier, Section, checked
from reports.dossiers import check_annex, council, question_annex, unit_annex
from reports.estimates import Results
from survey import __version__
from survey.study import Regime

KIND = "team"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION})

_END = ("methode", "selbstangriff", "impressum")
"""Chapters of the council dossier that stay at the end."""


def team(results: Results, beside: Beside = ALONE, *, program: str = __version__) -> Dossier:
    """The whole dossier; raises ``DossierError`` where no council dossier can be made either.

    It is safe to publish like every other: more pages, no lower thresholds.
    """
    questions = question_annex.questions(results)
    numbered = frozenset(section.id.removeprefix(question_annex.PREFIX) for section in questions)
    short = council.council(results, beside, program=program, elsewhere=numbered)
    front = [section for section in short.sections if section.id not in _END]
    end = [section for section in short.sections if section.id in _END]
    sections: tuple[Section, ...] = (
        *front,
        *questions,
        *check_annex.weights(results),
        *unit_annex.units(results),
        *check_annex.tests(results),
        *check_annex.quality(results),
        check_annex.withheld(results),
        *end[:-1],
        check_annex.glossary(results),
        *end[-1:],
    )
    return checked(
        replace(short, kind=KIND, subtitle="Gesamtbericht an das Projektteam", sections=sections)
    )

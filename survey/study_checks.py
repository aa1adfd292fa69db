"""What the types cannot see in the study section: dates, regime, thresholds, lost texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from survey.document import Document
from survey.findings import WARNING, Finding, named, nearest
from survey.sections import StudySection
from survey.study import Access, Regime

RULES = {"min_base": 10, "min_chapter": 20, "min_texts": 30}
"""Thresholds of the disclosure gate that a study may raise."""

WELCOME = (
    "voluntary",
    "who_asks",
    "evaluation",
    "stored",
    "not_stored",
    "no_deletion",
    "publication",
)
"""Texts that the start page has a place for; another one would be lost without a word."""

Findings = Iterator[Finding]


def _study(document: Document) -> Findings:
    study = document.study
    if study is None:
        return
    if study.opens and study.opens >= study.closes:
        first = document.line(("study", "opens"))
        yield document.finding("closes_before_opens", ("study", "closes"), first=first)
    yield from _deletion(document, study)
    if study.regime is Regime.PROBABILITY_SAMPLE:
        allowed = named(r.value for r in Regime if r is not Regime.PROBABILITY_SAMPLE)
        yield document.finding("reserved_regime", ("study", "regime"), allowed=allowed)
    if study.regime is Regime.CENSUS_ATTEMPT:
        if study.headcounts is None:
            yield document.finding("needs_headcounts", ("study", "regime"))
        if study.access is not Access.CODES:
            yield document.finding("needs_codes", ("study", "access"), WARNING)


def _deletion(document: Document, study: StudySection) -> Findings:
    """The day of deletion has to exist, and to come after the end."""
    place = ("study", "delete_on")
    if not study.delete_on:
        return
    try:
        day = date.fromisoformat(study.delete_on)
    except ValueError:
        yield document.finding("deletion_no_day", place, found=study.delete_on)
        return
    if day <= study.closes.date():
        yield document.finding(
            "deletion_before_closing", place, first=document.line(("study", "closes"))
        )


def _rules(document: Document) -> Findings:
    rules: Mapping[str, int] = document.study.rules if document.study else {}
    yield from _known_keys(document, "rules", rules, RULES)
    for name, value in rules.items():
        if value < RULES.get(name, value):
            values = {"name": name, "limit": str(RULES[name]), "found": str(value)}
            yield document.finding("raised_only", ("study", "rules", name), **values)


def _welcome(document: Document) -> Findings:
    if document.study:
        yield from _known_keys(document, "welcome", document.study.welcome, WELCOME)


def _known_keys(
    document: Document, section: str, given: Iterable[str], known: Collection[str]
) -> Findings:
    for name in given:
        if name not in known:
            place = document.source.key(("study", section, name))
            values = {"found": name, "allowed": named(sorted(known)), "guess": nearest(name, known)}
            yield Finding("unknown_key", place.line, place.column, values)


STUDY_CHECKS: tuple[Callable[[Document], Findings], ...] = (_study, _rules, _welcome)

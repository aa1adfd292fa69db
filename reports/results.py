"""All estimates of a study: the gate's release and everything that may be computed from it."""

from __future__ import annotations

from collections.abc import Iterator

from reports.assembly.choices import choice_rows
from reports.assembly.comparisons import (
    Contrasts,
    contrast_rows,
    ranking_contrasts,
    rating_contrasts,
)
from reports.assembly.participation import bound_rows, ranking_bound_rows, response_rows
from reports.assembly.rankings import choice_set_rows, ranking_rows
from reports.assembly.rows import Context
from reports.assembly.weighted import weighted_choice_rows, weighted_ranking_rows
from reports.disclosure import release
from reports.errors import EstimateError
from reports.estimates import Estimate, Results
from reports.estimators import is_statistic
from reports.estimators.design import design_of
from reports.plan import IDENTIFYING
from reports.tables import EVERYBODY, WEIGHTING, Release, Table
from survey.codebook import Question, Role, Scale
from survey.dataset import DataSet


def study_results(data_set: DataSet) -> Results:
    """Every estimate that one data set carries, in the order of the questionnaire.

    Releases the default plan through the gate and computes nothing but functions of what was
    released. Raises ``DisclosureError`` if nothing may be released and ``EstimateError`` for a
    probability sample, which no estimator covers. Where ballots outnumber people, what needs
    the headcount is a row without a value that says so.
    """
    return results_of(release(data_set))


def results_of(released: Release) -> Results:
    """The estimates of a release: participation first, then question by question."""
    context = Context(released, design_of(released.study))
    compared: dict[str, list[Estimate]] = {}
    for item, found in contrast_rows(context, tuple(_contrasts(context))):
        compared.setdefault(item, []).extend(found)
    rows = list(response_rows(context))
    for question in released.codebook:
        rows += _question_rows(context, question, compared)
    unknown = {row.statistic for row in rows if not is_statistic(row.statistic)}
    if unknown:
        raise EstimateError(f"not in the register of statistics: {', '.join(sorted(unknown))}")
    return Results(released, tuple(rows))


def _question_rows(
    context: Context, question: Question, compared: dict[str, list[Estimate]]
) -> Iterator[Estimate]:
    if question.scale is Scale.RANK:
        yield from _ranking(context, question)
        yield from compared.get(question.id, ())
        return
    for variable in question.variables:
        yield from _choice(context, question, variable.name)
        yield from compared.get(variable.name, ())


def _choice(context: Context, question: Question, name: str) -> Iterator[Estimate]:
    tables = context.release.tables
    everybody = tables.get((name, EVERYBODY))
    if everybody is not None:
        yield from choice_rows(context, everybody)
        if question.role is Role.PREFERENCE and question.scale is Scale.NOMINAL:
            yield from choice_set_rows(context, everybody)
        if (name, WEIGHTING) in tables:
            yield from weighted_choice_rows(context, tables[name, WEIGHTING], everybody)
        yield from bound_rows(context, everybody)
    for by in _attributes(context):
        if (name, by) in tables:
            yield from choice_rows(context, tables[name, by])


def _ranking(context: Context, question: Question) -> Iterator[Estimate]:
    pairs = context.release.pairs
    everybody = _elements(context, question, EVERYBODY)
    if everybody:
        yield from ranking_rows(context, question, everybody, pairs.get((question.id, EVERYBODY)))
        if (question.id, WEIGHTING) in pairs:
            joint, domains = pairs[question.id, WEIGHTING], everybody[0].domains
            yield from weighted_ranking_rows(context, question, joint, domains)
        yield from ranking_bound_rows(context, question, everybody)
    for by in _attributes(context):
        tables = _elements(context, question, by)
        if tables:
            yield from ranking_rows(context, question, tables, pairs.get((question.id, by)))


def _elements(context: Context, question: Question, by: str) -> tuple[Table, ...]:
    """The tables of all elements of a ranking by one attribute, () if one is not released."""
    tables = context.release.tables
    names = [variable.name for variable in question.variables]
    if not names or any((name, by) not in tables for name in names):
        return ()
    return tuple(tables[name, by] for name in names)


def _attributes(context: Context) -> tuple[str, ...]:
    """What tables were released by, everybody and weighting cells apart, in a stable order."""
    found = dict.fromkeys(by for _, by in context.release.tables)
    return tuple(by for by in found if by not in (EVERYBODY, WEIGHTING))


def _identifying(context: Context) -> tuple[str, ...]:
    """The attributes whose groups are each compared with the rest: one claim per group."""
    known = {q.id for q in context.release.codebook if q.role in IDENTIFYING}
    return tuple(by for by in _attributes(context) if by in known)


def _contrasts(context: Context) -> Iterator[Contrasts]:
    for question in context.release.codebook:
        for by in _identifying(context):
            if question.scale is Scale.RANK:
                yield from _ranking_contrasts(context, question, by)
            elif question.scale is Scale.ORDINAL:
                yield from _rating_contrasts(context, question, by)


def _ranking_contrasts(context: Context, question: Question, by: str) -> Iterator[Contrasts]:
    parts, whole = _elements(context, question, by), _elements(context, question, EVERYBODY)
    if parts and whole:
        cells = _elements(context, question, WEIGHTING)
        found = ranking_contrasts(context, question, parts, whole, cells)
        yield from (found,) if found else ()


def _rating_contrasts(context: Context, question: Question, by: str) -> Iterator[Contrasts]:
    tables = context.release.tables
    for name in (variable.name for variable in question.variables):
        if (name, by) in tables and (name, EVERYBODY) in tables:
            cells = tables.get((name, WEIGHTING))
            yield from rating_contrasts(context, tables[name, by], tables[name, EVERYBODY], cells)

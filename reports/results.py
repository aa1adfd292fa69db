"""All estimates of a study: the gate's release and everything that may be computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.assembly.choices import choice_rows
from reports.assembly.comparisons import (
    Contrasts,
    contrast_rows,
    family,
    ranking_contrasts,
    rating_contrasts,
)
from reports.assembly.gaps import gap_rows, paired_claims
from reports.assembly.gates import gate_rows, together_rows
from reports.assembly.judgements import best_worst_rows, pairwise_rows, points_rows
from reports.assembly.leads import (
    choice_tipping_rows,
    lead_rows,
    rated_lead_rows,
    rating_tipping_rows,
)
from reports.assembly.numbers import mean_rows, number_rows
from reports.assembly.orders import order_rows
from reports.assembly.participation import bound_rows, ranking_bound_rows, response_rows
from reports.assembly.passages import is_passage, passage_rows
from reports.assembly.patterns import joint_rows, pattern_rows
from reports.assembly.preferences import preference_rows
from reports.assembly.rankings import choice_set_rows, ranking_rows
from reports.assembly.rows import Context, absent
from reports.assembly.texts import text_rows
from reports.assembly.weighted import weighted_choice_rows, weighted_ranking_rows
from reports.assembly.weighted_figures import solvable
from reports.disclosure import release
from reports.errors import DisclosureError, EstimateError
from reports.estimates import Estimate, Results
from reports.estimators import SUFFIX, is_statistic
from reports.estimators.design import design_of
from reports.plan import IDENTIFYING, broken_down_by
from reports.self_attack import unpublished
from reports.tables import EVERYBODY, WEIGHTING, Domain, Joint, Release, Status, Table
from reports.weighted_attack import weighted_findings
from survey.codebook import Question, Role, Scale
from survey.dataset import DataSet

JUDGED = {"best_worst": best_worst_rows, "pairwise": pairwise_rows, "sums": mean_rows}
"""Kinds of joint counts with rows of their own."""


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
    compared = _claims(context)
    passages = [question for question in released.codebook if is_passage(question)]
    for item, disputed in passage_rows(context, passages).items():
        compared.setdefault(item, []).extend(disputed)
    rows = [*response_rows(context), *pattern_rows(context)]
    for question in released.codebook:
        rows += _question_rows(context, question, compared)
    unknown = {row.statistic for row in rows if not is_statistic(row.statistic)}
    if unknown:
        raise EstimateError(f"not in the register of statistics: {', '.join(sorted(unknown))}")
    _require_published_cells(released, rows)
    return Results(released, tuple(rows))


def _claims(context: Context) -> dict[str, list[Estimate]]:
    """Rows by item of everything that may be claimed, all p-values adjusted as one family."""
    contrasts, pairs = tuple(_contrasts(context)), tuple(paired_claims(context))
    found = family([*(one.claims for one in contrasts), *(pair.claims for pair in pairs)])
    rows: dict[str, list[Estimate]] = {}
    for contrast, p, q in zip(contrasts, found.holm, found.screened, strict=False):
        made = contrast_rows(context, contrast, p, q, found.tests)
        rows.setdefault(contrast.place.item, []).extend(made)
    for pair, p in zip(pairs, found.holm[len(contrasts) :], strict=True):
        rows.setdefault(pair.place.item, []).extend(gap_rows(context, pair, p, found.tests))
    return rows


def _require_published_cells(released: Release, rows: Sequence[Estimate]) -> None:
    """Every weighted figure is a function of published cells, or nothing leaves."""
    cells = {
        n: {d.code for d in t.domains} for (n, by), t in released.tables.items() if by == WEIGHTING
    }
    cells |= {
        n: {d.code for d in j.domains}
        for (_, n, by), j in released.joint.items()
        if by == WEIGHTING
    }
    weighted = [
        (row.item, row.domain)
        for row in rows
        if row.statistic.endswith(SUFFIX) and row.value is not None
    ]
    found = unpublished(weighted, cells)
    if not found:
        solved = solvable(released, rows)
        found = weighted_findings(WEIGHTING, solved.figures, solved.cells)
    if found:
        raise DisclosureError(
            f"{found[0].item}: Ein gewichtetes Ergebnis beruht auf Zellen, die nicht "
            "veröffentlicht sind; aus ihm ließe sich auf kleine Gruppen schließen."
        )


def _question_rows(
    context: Context, question: Question, compared: dict[str, list[Estimate]]
) -> Iterator[Estimate]:
    if question.scale is Scale.RANK:
        yield from _ranking(context, question)
        yield from compared.get(question.id, ())
        yield from joint_rows(context, question)
        yield from lead_rows(context, question, _elements(context, question, EVERYBODY))
        return
    for variable in question.variables:
        yield from _choice(context, question, variable.name)
        yield from compared.get(variable.name, ())
    yield from text_rows(context, question)
    yield from _judged(context, question)
    yield from order_rows(context, question)
    yield from joint_rows(context, question)
    if question.role is Role.PREFERENCE and question.scale is Scale.ORDINAL:
        yield from rated_lead_rows(context, question, _elements(context, question, EVERYBODY))
    if question.role is Role.PREFERENCE and question.scale in (Scale.NOMINAL, Scale.CHECK):
        yield from lead_rows(context, question, _elements(context, question, EVERYBODY))


def _judged(context: Context, question: Question) -> Iterator[Estimate]:
    """What only joint counts tell: comparisons, points, numbers and dates."""
    joint = context.release.joint
    bys = [by for kind, id, by in joint if id == question.id and by != WEIGHTING]
    for by in dict.fromkeys((EVERYBODY, *bys)):
        for kind, rows in JUDGED.items():
            found = joint.get((kind, question.id, by))
            if found is not None:
                yield from rows(context, question, found)
        found, whole = (joint.get(("classes", question.id, at)) for at in (by, EVERYBODY))
        if found is not None and whole is not None:
            yield from number_rows(context, question, found, whole)
        found = joint.get(("points", question.id, by))
        if found is not None:
            spread = joint.get(("spread", question.id, by))
            yield from points_rows(context, question, found, spread)
    yield from _of_everybody_only(context, question)


ONLY_EVERYBODY = {"sums": "mean", "duels": "mean_rank"}
"""Kinds of joint counts that no group has, and the statistic whose row says so."""

TOGETHER_ONLY = (
    "nur für alle zusammen: gemeinsame Auszählungen dieser Frage gibt es für Gruppen nicht, zum "
    "Schutz der Befragten"
)


def _of_everybody_only(context: Context, question: Question) -> Iterator[Estimate]:
    """For each attribute that a question is to be broken down by, the row that says it is not."""
    released = context.release
    for kind, statistic in ONLY_EVERYBODY.items():
        if (kind, question.id, EVERYBODY) not in released.joint:
            continue
        item = question.variables[0].name if kind == "sums" else question.id
        for by in broken_down_by(released.study, released.codebook, question):
            domain = Domain(by, "", "", None)
            yield absent(
                context, item, domain, statistic, note=TOGETHER_ONLY, status=Status.NOT_SHOWN
            )


def _choice(context: Context, question: Question, name: str) -> Iterator[Estimate]:
    tables = context.release.tables
    everybody = tables.get((name, EVERYBODY))
    if everybody is not None:
        yield from choice_rows(context, everybody)
        if question.scale in (Scale.NOMINAL, Scale.ORDINAL):
            yield from together_rows(context, everybody)
        if question.role is Role.PREFERENCE and question.scale is Scale.NOMINAL:
            yield from choice_set_rows(context, everybody)
        if (name, WEIGHTING) in tables:
            yield from weighted_choice_rows(context, tables[name, WEIGHTING], everybody)
        yield from bound_rows(context, everybody)
        if question.scale is Scale.ORDINAL:
            yield from rating_tipping_rows(context, everybody)
        elif question.scale is Scale.NOMINAL and question.role is Role.PREFERENCE:
            yield from choice_tipping_rows(context, everybody)
    for by in _attributes(context):
        if (name, by) in tables:
            yield from choice_rows(context, tables[name, by])
            if by in _identifying(context) and question.scale in (Scale.NOMINAL, Scale.ORDINAL):
                cells = tables.get((name, WEIGHTING))
                yield from gate_rows(context, tables[name, by], everybody, cells)


def _ranking(context: Context, question: Question) -> Iterator[Estimate]:
    def joint(kind: str, by: str) -> Joint | None:
        return context.release.joint.get((kind, question.id, by))

    everybody = _elements(context, question, EVERYBODY)
    if everybody:
        pairs, duels = joint("pairs", EVERYBODY), joint("duels", EVERYBODY)
        yield from ranking_rows(context, question, everybody, pairs, duels)
        if duels is not None:
            choices = joint("choices", EVERYBODY)
            base = float(everybody[0].base.sum())
            yield from preference_rows(context, question, base, duels, choices)
        pairs, duels = joint("pairs", WEIGHTING), joint("duels", WEIGHTING)
        if pairs is not None and duels is not None:
            domains = everybody[0].domains
            yield from weighted_ranking_rows(context, question, pairs, duels, domains)
        yield from ranking_bound_rows(context, question, everybody)
        yield from order_rows(context, question)
    for by in _attributes(context):
        tables = _elements(context, question, by)
        if tables:
            yield from ranking_rows(
                context, question, tables, joint("pairs", by), joint("duels", by)
            )
    yield from _of_everybody_only(context, question)


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

"""Rows of passages under review: how far stances fall apart, and which are disputed most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from reports import typography
from reports.assembly.rows import OPT_IN, OVERFULL, Context, absent, headcounts, overfull
from reports.estimates import Estimate
from reports.estimators.design import LEVEL, Census, unanswered
from reports.estimators.dispute import as_floats, bounded_sets, disagreement
from reports.tables import EVERYBODY, Status, Table
from survey.codebook import Question, Scale

NEEDS_N = 30
TOO_FEW = "weniger als 30 Antworten: mögliche Plätze hielten nicht"
NOBODY = "keine gültigen Antworten oder nur eine mögliche Haltung"


def is_passage(question: Question) -> bool:
    """Whether a question asks for a stance on a passage."""
    return question.task == "passage" and question.scale is not Scale.TEXT


def passage_rows(context: Context, questions: Sequence[Question]) -> dict[str, list[Estimate]]:
    """Rows by passage: the disagreement index, and the place among all passages, most first.

    Passages of different texts are compared through single tables only; nothing is known of
    who read both.
    """
    tables = [_table(context, question) for question in questions]
    shown = [table for table in tables if table is not None]
    found = [disagreement(t.answers[0], ordered=t.variable.scale is Scale.ORDINAL) for t in shown]
    rows: dict[str, list[Estimate]] = {table.variable.name: [] for table in shown}
    for table, (value, sd) in zip(shown, found, strict=True):
        rows[table.variable.name].append(_index(context, table, value, sd))
    for row in _places(context, shown, found):
        rows[row.item].append(row)
    return rows


def _table(context: Context, question: Question) -> Table | None:
    table = context.release.tables.get((question.variables[0].name, EVERYBODY))
    return table if table is not None and table.domains else None


def _se(table: Table, sd: float) -> float:
    """The standard error with the second-order term that is left where all stances are equal."""
    n = float(table.base[0])
    rest = float(unanswered(n, headcounts(table.domains[:1]))[0])
    return float(np.sqrt(rest * (sd**2 / n + 2 / n**2)))


def _index(context: Context, table: Table, value: float, sd: float) -> Estimate:
    domain, n = table.domains[0], int(table.base[0])
    name = table.variable.name
    if np.isnan(value):
        return absent(context, name, domain, "disagreement", "", n, NOBODY)
    census = isinstance(context.design, Census) and not overfull(context, domain, n)
    return Estimate(
        study=context.study, item=name, domain_variable=domain.variable, domain=domain.code,
        statistic="disagreement", value=value, se=_se(table, sd) if census else None, base_n=n,
        base_N=domain.headcount, status=Status.PUBLISHED,
        method="leik" if table.variable.scale is Scale.ORDINAL else "qualitative_variation",
        note="" if census else OPT_IN, printed=typography.decimal(value, 2),
    )  # fmt: skip


def _places(
    context: Context, tables: Sequence[Table], found: list[tuple[float, float]]
) -> Iterator[Estimate]:
    usable = [
        (table, pair) for table, pair in zip(tables, found, strict=True) if not np.isnan(pair[0])
    ]
    if len(usable) < 2:
        return
    value, _ = as_floats([pair for _, pair in usable])
    place = 1 + (value[:, None] < value[None, :] - 1e-12).sum(axis=1)
    reason = _no_sets(context, [table for table, _ in usable])
    if not reason and isinstance(context.design, Census):
        se = np.array([_se(table, sd) for table, (_, sd) in usable])
        sets = bounded_sets(context.design, value, se)
        limits = list(zip(sets.low.tolist(), sets.high.tolist(), strict=True))
    else:
        limits = []
    for i, (table, _) in enumerate(usable):
        domain, n = table.domains[0], int(table.base[0])
        low, high = limits[i] if limits else (None, None)
        yield Estimate(
            study=context.study, item=table.variable.name, domain_variable=domain.variable,
            domain=domain.code, statistic="disputed_place", value=float(place[i]), low=low,
            high=high, level=LEVEL if limits else None, base_n=n, base_N=domain.headcount,
            method="holm_bound" if limits else "order", note=reason, status=Status.PUBLISHED,
            printed=typography.place(low, high) if low and high else f"Platz {place[i]}",
        )  # fmt: skip


def _no_sets(context: Context, tables: list[Table]) -> str:
    if not isinstance(context.design, Census):
        return OPT_IN
    if any(overfull(context, t.domains[0], float(t.base[0])) for t in tables):
        return OVERFULL
    return TOO_FEW if any(int(t.base[0]) < NEEDS_N for t in tables) else ""

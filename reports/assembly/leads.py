"""Rows on leads: what would move a majority or erase a first place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from reports import typography
from reports.assembly.choices import answer_names, answer_order, place_of
from reports.assembly.rankings import headline_depth, placed
from reports.assembly.rows import (
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    overfull,
)
from reports.estimates import Estimate
from reports.estimators.design import Census, Floats, OptIn
from reports.estimators.opt_in import (
    LEAD_NEEDS_N,
    MARGIN,
    Lead,
    stated_lead,
    stated_lead_of_rates,
)
from reports.estimators.ratings import boxes
from reports.estimators.response import majority_tipping, tipping_point
from reports.tables import Domain, Table
from survey.codebook import Question, Scale

HALF = (
    "Zustimmung unter allen ohne Antwort, bei der genau die Hälfte aller zustimmte; unter 0 oder "
    "über 100 % hieße: unmöglich"
)
AHEAD = (
    "so weit müsste die zweite Antwort unter allen ohne Antwort vorn liegen, um gleichzuziehen; "
    "über 100 % hieße: unmöglich"
)
STATED = (
    f"Regel: mindestens {LEAD_NEEDS_N} Stimmzettel und {MARGIN * 100:g} Punkte; kein Schluss auf "
    "andere"
)
NO_ROOM = "niemand ohne Antwort, oder Kopfzahl unbekannt"


def rating_tipping_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """How those without an answer would have to think for the majority to change sides."""
    found = boxes(answer_order(table)[0])
    if found is None or not isinstance(context.design, Census):
        return
    place = place_of(table)
    x = table.answers[:, found[0]].sum(axis=1).astype(float)
    values = majority_tipping(x, place.base, place.headcount)[:, None]
    yield from _known(context, place, "tipping_half", values, HALF)


def choice_tipping_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """The tipping point of the first of several answers of a choice."""
    if not isinstance(context.design, Census) or len(answer_names(table)) < 2:
        return
    place = place_of(table)
    order = np.sort(table.answers.astype(float), axis=1)
    values = tipping_point(order[:, -1], order[:, -2], place.base, place.headcount)[:, None]
    yield from _known(context, place, "tipping_point", values, AHEAD)


def _known(
    context: Context,
    place: Place,
    statistic: str,
    values: Floats,
    note: str,
) -> Iterator[Estimate]:
    for d, domain in enumerate(place.domains):
        if overfull(context, domain, place.base[d]) or np.isnan(values[d, 0]):
            yield absent(context, place.item, domain, statistic, "", int(place.base[d]), NO_ROOM)
            continue
        one = Place(place.item, (domain,), place.base[d : d + 1])
        figures = Figures.only(values[d : d + 1], "manski")
        yield from estimates(context, one, statistic, ("",), figures, Unit.SHARE, note)


def lead_rows(context: Context, question: Question, tables: Sequence[Table]) -> Iterator[Estimate]:
    """The stated lead of a choice, a multiple choice or a ranking where nothing is inferred."""
    plain = question.task in ("", "ranking_known")
    if not isinstance(context.design, OptIn) or not plain or not tables or not tables[0].domains:
        return
    first = tables[0]
    if question.scale is Scale.RANK:
        counts, names = placed(tuple(tables), headline_depth(question))[0], question.elements
    elif question.scale is Scale.CHECK:
        counts = np.array([table.counts[0, table.values.index(1)] for table in tables])
        names = question.elements
    else:
        counts, names = first.answers[0], answer_names(first)
    n, (domain, *_) = int(first.base[0]), first.domains
    lead = stated_lead(context.design, counts.astype(np.int64), n)
    item = first.variable.name if question.scale is Scale.NOMINAL else question.id
    yield from _stated(context, item, domain, n, names, lead)


def rated_lead_rows(
    context: Context, question: Question, tables: Sequence[Table]
) -> Iterator[Estimate]:
    """The stated lead among options that are judged one by one, by their two highest steps."""
    if not isinstance(context.design, OptIn) or len(tables) < 2:
        return
    found = [boxes(answer_order(table)[0]) for table in tables]
    if any(box is None for box in found) or not all(table.domains for table in tables):
        return
    agreeing = [int(t.answers[0, b[0]].sum()) for t, b in zip(tables, found, strict=True) if b]
    valid = [int(table.base[0]) for table in tables]
    if not all(valid):
        return
    lead = stated_lead_of_rates(context.design, agreeing, valid)
    domain = tables[0].domains[0]
    yield from _stated(context, question.id, domain, min(valid), question.elements, lead)


def _stated(
    context: Context, item: str, domain: Domain, n: int, names: tuple[str, ...], lead: Lead
) -> Iterator[Estimate]:
    leader = names[lead.first[0]] if len(lead.first) == 1 else ""
    if lead.lead is None or lead.erased_by is None:
        for statistic in ("lead", "erased_by"):
            yield absent(context, item, domain, statistic, base=n, note=lead.reason)
        return
    note = STATED if lead.stated else f"nicht festgestellt: {lead.reason}"
    yield from _lead(context, item, domain, n, leader, lead.lead, lead.erased_by, note)


def _lead(
    context: Context,
    item: str,
    domain: Domain,
    n: int,
    leader: str,
    lead: float,
    more: int,
    note: str,
) -> Iterator[Estimate]:
    place = Place(item, (domain,), np.array([float(n)]))
    figures = Figures.only(np.array([[lead]]), "stated_margin")
    yield from estimates(context, place, "lead", (leader,), figures, Unit.POINTS, note)
    figures = Figures.only(np.array([[float(more)]]), "count")
    for row in estimates(context, place, "erased_by", (leader,), figures, Unit.PLAIN, note):
        yield replace(row, printed=typography.count(more))

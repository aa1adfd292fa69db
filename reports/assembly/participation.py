"""Rows on who answered, what non-response could change, and what the weights cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from reports import typography
from reports.assembly.choices import answer_names, answer_order, place_of
from reports.assembly.rankings import headline_depth, placed
from reports.assembly.rows import (
    OVERFULL,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    everybody,
    headcounts,
    overfull,
    withheld,
)
from reports.assembly.weighting import raked_cells
from reports.estimates import Estimate
from reports.estimators.design import Census, Floats, OptIn
from reports.estimators.ratings import boxes
from reports.estimators.response import response_rate, tipping_point, worst_case
from reports.preferences import is_full
from reports.raking import NOT_RAKED, Raked
from reports.tables import EVERYBODY, WEIGHTING, Table
from reports.weights import precision
from survey.codebook import Question, Scale
from survey.study import WeightMethod

BOUND = "schlechtester Fall: ohne jede Annahme über jene, die nicht geantwortet haben"
NO_HEADCOUNT = "Kopfzahl unbekannt"
RATE = "aapor_rr1"
NO_TIPPING = "volle Rangfolge: die Plätze folgen dem mittleren Rang, nicht einem Anteil"


def response_rows(context: Context) -> Iterator[Estimate]:
    """Response rates for everybody and every released unit, then the cost of the weights."""
    for by, units in context.release.ballots.items():
        if by == WEIGHTING:
            continue
        domains = tuple(domain for domain, _ in units)
        ballots = np.array([float(n) for _, n in units])
        place = Place("", domains, ballots)
        rates = Figures.only(response_rate(ballots, place.headcount)[:, None], RATE)
        note = "abgegebene Bögen je befragte Person"
        yield from _known(context, place, rates, note)
        yield from _composition(context, place)
        hidden = context.release.withheld.get(by, ())
        yield from withheld(context, "", tuple(hidden), "response_rate")
    yield from _weight_rows(context)


def _composition(context: Context, place: Place) -> Iterator[Estimate]:
    """Share of all ballots per group; beside it, where known, the group's share of the people."""
    if place.domains == (everybody(context),) or not isinstance(context.design, OptIn):
        return
    everybody_counted = context.release.ballots[EVERYBODY]
    everyone = float(everybody_counted[0][1]) if everybody_counted else 0.0
    if not everyone:
        return
    for d, domain in enumerate(place.domains):
        one = Place("", (domain,), np.array([everyone]))
        figures = Figures.only(np.array([[place.base[d] / everyone]]), "count")
        note = "Anteil an allen Stimmzetteln"
        yield from estimates(context, one, "composition", ("",), figures, Unit.SHARE, note)
    known = context.release.study.composition
    if known is None or not place.domains:
        return
    if known.variables != (place.domains[0].variable,):
        return
    people, note = known.margin(known.variables[0]), ", ".join((known.source, known.date))
    for domain in place.domains:
        if domain.code in people and not domain.members:
            one = Place("", (domain,), np.array([float(known.total)]))
            figures = Figures.only(np.array([[people[domain.code] / known.total]]), "count")
            yield from estimates(context, one, "population_share", ("",), figures, Unit.SHARE, note)
    yield from _comparable(context, place, people)


def _comparable(context: Context, place: Place, people: Mapping[str, int]) -> Iterator[Estimate]:
    """Share among the ballots of groups of known size, to stand beside a share of the people.

    There is none while one of these groups is shown together with others.
    """
    sized = {code for code, size in people.items() if size}
    known = [d for d, domain in enumerate(place.domains) if domain.code in sized]
    base = float(sum(place.base[d] for d in known))
    if not base or {place.domains[d].code for d in known} != sized:
        return
    for d in known:
        one = Place("", (place.domains[d],), np.array([base]))
        figures = Figures.only(np.array([[place.base[d] / base]]), "count")
        note = "Anteil an den Stimmzetteln der Gruppen, deren Größe bekannt ist"
        yield from estimates(context, one, "composition_known", ("",), figures, Unit.SHARE, note)


def _known(context: Context, place: Place, rates: Figures, note: str) -> Iterator[Estimate]:
    # exact counts, so one number of decimals for the whole table, that of its largest group
    people = max((domain.headcount or 0 for domain in place.domains), default=0)
    for d, domain in enumerate(place.domains):
        n = place.base[d]
        if overfull(context, domain, n):
            yield absent(context, "", domain, "response_rate", base=int(n), note=OVERFULL)
            continue
        one = Place("", (domain,), place.base[d : d + 1])
        why = note if domain.headcount else NO_HEADCOUNT
        figures = Figures.only(rates.value[d : d + 1], RATE)
        for row in estimates(context, one, "response_rate", ("",), figures, Unit.SHARE, why):
            text = "" if row.value is None else typography.percent(row.value, people)
            yield replace(row, printed=text)


def _weight_rows(context: Context) -> Iterator[Estimate]:
    units = context.release.ballots.get(WEIGHTING, ())
    known = [(domain, n) for domain, n in units if domain.headcount and n]
    if not known or not isinstance(context.design, Census):
        return
    person = everybody(context)
    if any(overfull(context, domain, count) for domain, count in (*known, (person, 0))):
        yield from _no_weights(context, OVERFULL)
        return
    domains = tuple(domain for domain, _ in known)
    n = np.array([float(count) for _, count in known])
    raking = context.release.study.weights.method is WeightMethod.RAKING
    raked = raked_cells(context.release.study, domains, n) if raking else None
    if raked is not None and raked.reason:
        yield from _no_weights(context, NOT_RAKED + raked.reason)
        return
    p = precision(n, headcounts(domains)) if raked is None else raked.precision
    note = f"{p.cells} Gewichtungszellen"
    if raked is not None:
        categories = ", ".join(str(margin.people.size) for margin in raked.margins)
        note = f"Raking in {raked.rounds} Durchgängen auf Ränder mit {categories} Gruppen"
    place = Place("", (person,), np.array([p.n]))
    for name, value in (("weight_min", p.smallest), ("weight_max", p.largest), ("deff", p.deff)):
        figures = Figures.only(np.array([[round(value, 2)]]), "kish" if name == "deff" else "count")
        yield from estimates(context, place, name, ("",), figures, Unit.PLAIN, note)
    if raked is not None:
        yield from _fit_rows(context, place, raked, note)


def _no_weights(context: Context, why: str) -> Iterator[Estimate]:
    for name in ("weight_min", "weight_max", "deff"):
        yield absent(context, "", everybody(context), name, note=why)


def _fit_rows(context: Context, place: Place, raked: Raked, note: str) -> Iterator[Estimate]:
    """How far the margins are off, and how many weights were cut if a study wants that."""
    off = Figures.only(np.array([[round(raked.deviation, 4)]]), "raking")
    yield from estimates(context, place, "weight_deviation", ("",), off, Unit.SHARE, note)
    most = context.release.study.weights.most
    if most is not None:
        cut = Figures.only(np.array([[float(raked.trimmed)]]), "raking")
        limit = f"gekappt beim {most:g}-Fachen des Mittels".replace(".", ",")
        for row in estimates(context, place, "weight_trimmed", ("",), cut, Unit.PLAIN, limit):
            yield replace(row, printed=typography.count(raked.trimmed))


def bound_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """Worst-case bounds of every share of a choice, of the top two categories of a rating."""
    if not isinstance(context.design, Census):
        return
    counts = table.answers.astype(float)
    names = answer_names(table)
    if table.variable.scale is Scale.ORDINAL:
        found = boxes(answer_order(table)[0])
        if found is None:
            return
        counts, names = counts[:, found[0]].sum(axis=1)[:, None], ("top2",)
    yield from _bounds(context, place_of(table), names, counts)


def ranking_bound_rows(
    context: Context, question: Question, tables: tuple[Table, ...]
) -> Iterator[Estimate]:
    """Worst-case bounds of the headline shares, and the tipping point of the lead."""
    if not isinstance(context.design, Census):
        return
    place = place_of(tables[0])
    place = Place(question.id, place.domains, place.base)
    counts = placed(tables, headline_depth(question))
    yield from _bounds(context, place, question.elements, counts)
    if is_full(question):
        for domain in place.domains:
            yield absent(context, question.id, domain, "tipping_point", note=NO_TIPPING)
        return
    yield from _tipping(context, place, question.elements, counts)


def _bounds(
    context: Context, place: Place, names: tuple[str, ...], counts: Floats
) -> Iterator[Estimate]:
    low, high = worst_case(counts, place.base[:, None], place.headcount[:, None])
    for name, values in (("bound_low", low), ("bound_high", high)):
        figures = Figures.only(values, "manski")
        yield from estimates(context, place, name, names, figures, Unit.SHARE, BOUND)


def _tipping(
    context: Context, place: Place, names: tuple[str, ...], counts: Floats
) -> Iterator[Estimate]:
    if len(names) < 2:
        return
    order = np.sort(counts, axis=1)
    values = tipping_point(
        order[:, -1:], order[:, -2:-1], place.base[:, None], place.headcount[:, None]
    )
    note = (
        "so weit müsste das zweithäufigste unter allen ohne Antwort vorn liegen, "
        "um gleichzuziehen; über 100 % hieße: unmöglich"
    )
    figures = Figures.only(values, "manski")
    yield from estimates(context, place, "tipping_point", ("",), figures, Unit.SHARE, note)

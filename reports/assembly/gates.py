"""Rows on whether the groups of an attribute differ at all, and by how much each one does."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reports import typography
from reports.assembly.choices import answer_names, answer_order, place_of
from reports.assembly.effects import weighted_effect_rows
from reports.assembly.rows import (
    NOBODY,
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
)
from reports.assembly.strata import strata
from reports.estimates import Estimate
from reports.estimators.association import (
    Homogeneity,
    cliffs_effect,
    cramers_v,
    kruskal_wallis,
    rao_scott,
)
from reports.estimators.design import LEVEL, Census, Floats
from reports.estimators.group_places import group_places
from reports.estimators.ratings import boxes
from reports.estimators.screening import funnel
from reports.estimators.share_options import goodman
from reports.tables import Domain, Status, Table
from survey.codebook import Scale

NO_CELLS = "keine Gewichtungszellen mit Kopfzahlen freigegeben"
PLAIN_RANKS = "ohne Gewichtung und ohne Korrektur für die endliche Gesamtheit"
FUNNEL = "wo eine Gruppe dieser Größe durch Zufall läge, wenn sie wie alle anderen antwortete"
AMONG_SHOWN = "Plätze unter den ausgewiesenen Gruppen nach den beiden höchsten Stufen; ungewichtet"
ALONE = "keine andere Gruppe zum Vergleich"
DESCRIBES = "beschreibt die Antworten; ohne Gewichtung und Intervall"
TOGETHER = "Intervalle aller Antworten dieser Frage gelten gemeinsam"


def together_rows(context: Context, table: Table) -> Iterator[Estimate]:
    """Shares of all answers of one question with limits that hold together."""
    names, place = answer_names(table), place_of(table)
    if not isinstance(context.design, Census) or len(names) < 2 or not place.domains:
        return
    found = goodman(context.design, table.answers.astype(float), place.headcount)
    figures = Figures.of(found)
    yield from estimates(context, place, "share_together", names, figures, Unit.SHARE, TOGETHER)


def gate_rows(
    context: Context, table: Table, whole: Table | None, cells: Table | None
) -> Iterator[Estimate]:
    """Gates and effect sizes of one item by one attribute, then each group's distance."""
    ordinal = table.variable.scale is Scale.ORDINAL
    if len(table.domains) < 2:
        return
    total = Domain(table.by, "", "", everybody(context).headcount)
    place = Place(table.variable.name, (total,), np.array([float(table.base.sum())]))
    size = cramers_v(table.answers)
    figures = Figures.only(np.array([[np.nan if size is None else size]]), "bergsma")
    yield from estimates(context, place, "cramers_v", ("",), figures, Unit.PLAIN, DESCRIBES)
    if isinstance(context.design, Census):
        yield from _test(
            context, place, "differ_p", _by_cells(context, context.design, table, cells)
        )
        if ordinal:
            ranks = kruskal_wallis(context.design, table.answers, answer_order(table)[0])
            yield from _test(context, place, "differ_rank_p", ranks, PLAIN_RANKS)
    if ordinal and whole is not None and whole.domains:
        yield from _effects(context, table, whole)
        yield from weighted_effect_rows(context, table, cells)
        yield from _funnel(context, table)
        yield from _group_places(context, table)


def _by_cells(context: Context, design: Census, table: Table, cells: Table | None) -> Homogeneity:
    """Rao and Scott's test over weighting cells, or why there is none."""
    people = headcounts(cells.domains) if cells is not None else np.zeros(0)
    known = ~np.isnan(people)
    if cells is None or not known.any():
        return Homogeneity(None, None, None, "rao_scott", design, NO_CELLS)
    many = any(overfull(context, d, n) for d, n in zip(cells.domains, cells.base, strict=True))
    inside = [domain for domain, use in zip(cells.domains, known, strict=True) if use]
    parts = strata(context.release.study.frame, table.domains, inside)
    if parts is None or many:
        return Homogeneity(None, None, None, "rao_scott", design, NO_CELLS)
    own = parts.group < len(table.domains)
    return rao_scott(
        design, cells.answers[known][own], N=people[known][own], group=parts.group[own]
    )


def _test(
    context: Context, place: Place, statistic: str, found: Homogeneity, note: str = ""
) -> Iterator[Estimate]:
    (domain,), n = place.domains, int(place.base[0])
    if found.p is None:
        yield absent(context, place.item, domain, statistic, "", n, found.reason)
        return
    figures = Figures.only(np.array([[found.p]]), found.method)
    yield from estimates(
        context,
        place,
        statistic,
        ("",),
        figures,
        Unit.PROBABILITY,
        note or "Tor vor einzelnen Vergleichen",
    )


def _effects(context: Context, table: Table, whole: Table) -> Iterator[Estimate]:
    order, _ = answer_order(table)
    own, all_ = table.answers.astype(float), whole.answers[:1].astype(float)
    values = cliffs_effect((own, np.maximum(all_ - own, 0)), order)
    figures = Figures.only(values[:, None], "cliff")
    place = place_of(table)
    yield from estimates(context, place, "cliffs_delta", ("",), figures, Unit.PLAIN, DESCRIBES)


def _highest_two(table: Table) -> Floats | None:
    """Answers of each group in the two highest steps, shape (domains,); None without steps."""
    found = boxes(answer_order(table)[0])
    return None if found is None else table.answers[:, found[0]].sum(axis=1).astype(float)


def _overfull_groups(context: Context, place: Place) -> list[bool]:
    """Which groups have more answers than people."""
    return [overfull(context, d, n) for d, n in zip(place.domains, place.base, strict=True)]


def _funnel(context: Context, table: Table) -> Iterator[Estimate]:
    x, place = _highest_two(table), place_of(table)
    if x is None or not isinstance(context.design, Census) or any(_overfull_groups(context, place)):
        return
    made = funnel(context.design, x, place.base, place.headcount)
    nothing = np.full((len(place.domains), 1), np.nan)
    method = np.where(np.isnan(made.low[0]), "", "funnel")[:, None]
    figures = Figures(
        made.centre[:, None], nothing, made.low[0][:, None], made.high[0][:, None], nothing, method
    )
    yield from estimates(context, place, "funnel", ("",), figures, Unit.SHARE, FUNNEL)


def _group_places(context: Context, table: Table) -> Iterator[Estimate]:
    """Possible places of all groups by their two highest steps, in the order of the groups."""
    x, place = _highest_two(table), place_of(table)
    if x is None or not isinstance(context.design, Census):
        return
    many = _overfull_groups(context, place)
    kept = [g for g, n in enumerate(place.base) if n > 0 and not many[g]]
    sets = group_places(context.design, x[kept], place.base[kept], place.headcount[kept])
    for g, domain in enumerate(place.domains):
        n = int(place.base[g])
        if g not in kept or len(kept) < 2:
            why = OVERFULL if many[g] else "" if n == 0 else ALONE
            yield absent(context, place.item, domain, "group_place", "", n, why or NOBODY)
            continue
        at = kept.index(g)
        low, high = int(sets.low[at]), int(sets.high[at])
        yield Estimate(
            study=context.study, item=place.item, domain_variable=domain.variable,
            domain=domain.code, statistic="group_place", value=float(sets.place[at]),
            low=float(low), high=float(high), level=LEVEL, base_n=n, base_N=domain.headcount,
            method="pairs_holm", note=AMONG_SHOWN, printed=typography.place(low, high),
            status=Status.MERGED if domain.members else Status.PUBLISHED,
        )  # fmt: skip

"""Rows on how far the answers of each group lie from those of the rest, evened out by cells."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reports.assembly.choices import answer_order
from reports.assembly.rows import (
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    headcounts,
    overfull,
    rounded,
)
from reports.assembly.strata import strata
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.estimators.association import weighted_delta
from reports.estimators.design import Census, Floats
from reports.tables import Domain, Table
from reports.weights import Weighted, stratified

UNEVEN = "nicht nach der Zusammensetzung der Gruppe zu gewichten: kein gewichteter Wert"
NO_CELLS = "keine Gewichtungszellen mit Kopfzahlen freigegeben"
NAME = "cliffs_delta" + SUFFIX


def weighted_effect_rows(context: Context, table: Table, cells: Table | None) -> Iterator[Estimate]:
    """Cliff's delta of every group against the rest, both as the sum of their cells."""
    if not isinstance(context.design, Census):
        return
    found = _cells(context, table.domains, cells)
    for g, domain in enumerate(table.domains):
        n = int(table.base[g])
        inside = None if found is None else found[0] == g
        if found is None or inside is None or not inside.any() or inside.all() or not found[2][g]:
            why = NO_CELLS if found is None else UNEVEN
            yield absent(context, table.variable.name, domain, NAME, "", n, why)
            continue
        sides = [_side(found[1], found[3], use) for use in (inside, ~inside)]
        interval = weighted_delta(
            context.design,
            [side.value for side in sides],
            [side.cov for side in sides],
            [max(side.precision.df, 1.0) for side in sides],
            answer_order(table)[0],
        )
        one = Place(table.variable.name, (domain,), np.array([float(n)]))
        figures = Figures.of(interval).row(0)
        for row in estimates(context, one, NAME, ("",), figures, Unit.PLAIN):
            yield rounded(row, n, Unit.PLAIN)


def _cells(
    context: Context, domains: tuple[Domain, ...], cells: Table | None
) -> tuple[NDArray[np.int64], Floats, NDArray[np.bool_], Floats] | None:
    """Group of each cell, its counts, which groups are evened out, and people per cell."""
    frame = context.release.study.frame
    if cells is None or frame is None:
        return None
    people, base = headcounts(cells.domains), cells.base
    if any(overfull(context, d, n) for d, n in zip(cells.domains, base, strict=True)):
        return None
    usable = ~np.isnan(people) & (base > 1)
    if people[usable].sum() != frame.total:
        return None
    known = [domain for domain, use in zip(cells.domains, usable, strict=True) if use]
    parts = strata(frame, domains, known)
    if parts is None:
        return None
    return parts.group, cells.answers[usable].astype(float), parts.even, people[usable]


def _side(counts: Floats, people: Floats, use: NDArray[np.bool_]) -> Weighted:
    """Weighted shares of some cells; a cell of one answer gets one more at either end first."""
    k = counts[use]
    n, p = k.sum(axis=1), k / k.sum(axis=1)[:, None]
    wider = k.copy()
    wider[(k > 0).sum(axis=1) == 1] += np.eye(k.shape[1])[[0, -1]].sum(axis=0)
    m = wider.sum(axis=1)[:, None]
    q = wider / m
    cov = q[:, :, None] * np.eye(k.shape[1]) - q[:, :, None] * q[:, None, :]
    return stratified(n, people[use], p, cov * (m / (m - 1))[:, :, None])

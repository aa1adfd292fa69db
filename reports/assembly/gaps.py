"""Rows of importance beside today for the same people, and the claims that follow from them.

Whether one stands above the other is decided by the difference of both answers of a person, not
by two intervals. A claim needs it in both columns: the paired counts, and the weighted shares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from reports.assembly.choices import answer_order
from reports.assembly.rows import (
    OVERFULL,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    as_printed,
    estimates,
    overfull,
    printed,
    rounded,
)
from reports.assembly.weighting import Cells, cells_of
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.estimators.design import Census, Floats, Interval
from reports.estimators.paired import (
    Gap,
    box_correlation,
    changed_p,
    paired_gap,
    weighted_gap,
)
from reports.estimators.ratings import boxes
from reports.tables import EVERYBODY, WEIGHTING, Joint, Table
from reports.weights import Weighted

GAP = "heute minus Wichtigkeit, dieselben Personen"
NO_CELLS = "keine Gewichtungszellen mit Kopfzahlen freigegeben"
OPPOSITE = "gewichtet und ungewichtet zeigen in verschiedene Richtungen: keine Aussage"


@dataclass(frozen=True)
class PairedClaim:
    """One row of a grid asked under two headings, before its p-value is adjusted.

    ``weighted`` and ``why`` are the weighted difference or the reason why there is none; ``raw`` is
    the larger of both unadjusted p-values, 1 where both columns contradict each other, nan where
    nothing can be claimed.
    """

    place: Place
    gap: Gap
    weighted: Interval | None
    why: str
    raw: float
    base: int
    shown: float = np.nan
    """The weighted difference of both shares as they are printed: it tells nothing beside them."""

    @property
    def claims(self) -> Floats:
        """The p-value that enters the family of all claims, flat."""
        return np.array([self.raw]) if self.gap.top2 is not None else np.zeros(0)


def paired_claims(context: Context) -> Iterator[PairedClaim]:
    """Every pair of facets whose joint counts are released, in the order of the questionnaire."""
    design = context.design
    if not isinstance(design, Census):
        return
    for (kind, _, by), joint in context.release.joint.items():
        table = context.release.tables.get((joint.name, EVERYBODY))
        if kind == "facets" and by == EVERYBODY and joint.domains and table is not None:
            yield _claim(context, design, joint, table)


def _claim(context: Context, design: Census, joint: Joint, table: Table) -> PairedClaim:
    order, scored = answer_order(table)
    counts = joint.counts.astype(float)
    place = Place(joint.name, joint.domains, counts.sum(axis=(1, 2)))
    wrong = overfull(context, place.domains[0], place.base[0])
    people = np.array([np.nan]) if wrong else place.headcount
    gap = paired_gap(design, counts, order, people, scored=scored)
    names = [variable.name for variable in table.question.variables]
    partner = joint.question.variables[names.index(joint.name)].name
    found = _weighted(context, design, joint, partner, order)
    n = int(place.base[0])
    if isinstance(found, str) or gap.top2 is None or wrong:
        why = found if isinstance(found, str) else OVERFULL if wrong else ""
        return PairedClaim(place, gap, None, why, np.nan, n)
    weighted, p, base, shown = found
    box = boxes(order)
    top = box[0] if box is not None else np.zeros(order.size, dtype=bool)
    gained = counts[0][~top][:, top].sum()
    lost = counts[0][top][:, ~top].sum()
    plain = float(changed_p(gained, lost, n, people)[0])
    opposite = float(gap.top2.value[0] * weighted.value[0]) < 0
    raw = 1.0 if opposite else max(p, plain)
    return PairedClaim(place, gap, weighted, "", raw, base, shown)


def _weighted(
    context: Context, design: Census, joint: Joint, partner: str, order: Floats
) -> tuple[Interval, float, int, float] | str:
    """The weighted difference, its p, its base and its printed form; or why there is none."""
    box = boxes(order)
    shares: list[Weighted] = []
    for name in (partner, joint.name):
        table = context.release.tables.get((name, WEIGHTING))
        if table is None or box is None:
            return NO_CELLS
        cells: Cells | str = cells_of(
            context, table.domains, table.answers, table.base.astype(float)
        )
        if isinstance(cells, str):
            return cells
        shares.append(cells.shares().combined([box[0].astype(float)]))
    costs = [share.precision for share in shares]
    found, p = weighted_gap(
        design,
        [share.value[0] for share in shares],
        [share.variance[0] for share in shares],
        box_correlation(joint.counts[0], order),
        min(cost.df for cost in costs),
        min(cost.n_eff for cost in costs),
        full=all(cost.n >= cost.N for cost in costs),
    )
    first, second = (
        as_printed(float(share.value[0]), int(share.precision.n), Unit.SHARE) or 0.0
        for share in shares
    )
    return found, p, int(min(cost.n for cost in costs)), round(second - first, 3)


def gap_rows(context: Context, claim: PairedClaim, p: Floats, tests: int) -> Iterator[Estimate]:
    """The rows of one pair: both differences, the weighted one, and Holm's p over all claims."""
    gap, place = claim.gap, claim.place
    for statistic, interval, unit in (
        ("gap_top2", gap.top2, Unit.POINTS), ("gap_mean", gap.mean, Unit.SCORE),
    ):  # fmt: skip
        if interval is not None:
            figures = Figures.of(interval).row(0)
            yield from estimates(context, place, statistic, ("",), figures, unit, GAP)
    if gap.top2 is None:
        return
    domain = place.domains[0]
    if claim.weighted is None:
        for statistic in ("gap_top2" + SUFFIX, "gap_top2_p"):
            yield absent(context, place.item, domain, statistic, "", claim.base, claim.why)
        return
    one = Place(place.item, (domain,), np.array([float(claim.base)]))
    figures = Figures.of(claim.weighted).row(0)
    for row in estimates(context, one, "gap_top2" + SUFFIX, ("",), figures, Unit.POINTS, GAP):
        coarse = rounded(row, claim.base, Unit.POINTS)
        text = printed(claim.shown, claim.base, Unit.POINTS)
        low = None if coarse.low is None else min(coarse.low, claim.shown)
        high = None if coarse.high is None else max(coarse.high, claim.shown)
        yield replace(coarse, value=claim.shown, low=low, high=high, printed=text)
    if np.isnan(claim.raw):
        yield absent(context, place.item, domain, "gap_top2_p", "", claim.base)
        return
    plain = gap.top2.value[0] * claim.weighted.value[0] >= 0
    note = f"Holm über {tests} Vergleiche" if plain else OPPOSITE
    found = Figures.only([[float(f"{p[0]:.2g}")]], "holm")
    yield from estimates(context, one, "gap_top2_p", ("",), found, Unit.PROBABILITY, note)

"""Rows of each group against the rest, all p-values of the dossier adjusted as one family.

The difference between bare groups is a value; interval and claim belong to the difference
between groups that are evened out by weighting cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.assembly.choices import answer_order, place_of
from reports.assembly.rankings import headline_depth, placed
from reports.assembly.rows import (
    OVERFULL,
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
from reports.assembly.strata import kinds, strata
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.estimators.departments import (
    Differences,
    against_rest,
    benjamini_hochberg,
    claimed,
    holm,
    with_residual,
)
from reports.estimators.design import Census, Floats
from reports.estimators.permutation import SMALL
from reports.estimators.ratings import boxes
from reports.tables import Domain, Table
from survey.codebook import Question

OTHERS_OVERFULL = "unter den übrigen mehr Stimmzettel als Personen auf der Personalliste"
ALONE = "Intervall einzeln; ob der Unterschied gilt, sagt diff_rest_p"
BARE = "ungewichtet und deshalb ohne Intervall: siehe diff_rest_weighted"
UNEVEN = "nicht nach der Zusammensetzung der Gruppe zu gewichten: weder Intervall noch Aussage"
PERMUTED = "mit Permutationstest, weil die Gruppe klein ist"
TESTED = ("diff_rest" + SUFFIX, "diff_rest_p", "diff_rest_q")
"""The statistics that need weighting cells."""


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of what speaks for, and against, by domain: (domains, items) each."""

    place: Place
    yes: Floats
    no: Floats | None = None

    @property
    def both(self) -> Floats:
        """For and against, shape (domains, 2, items)."""
        return np.stack([self.yes, np.zeros_like(self.yes) if self.no is None else self.no], axis=1)


@dataclass(frozen=True)
class Contrasts:
    """Differences of some groups to the rest for one item, before any adjustment."""

    place: Place
    categories: tuple[str, ...]
    bare: Floats
    """Differences without weights, (groups, categories)."""
    found: Differences | None
    """Weighted differences of the groups in ``evened``; None where none can be made."""
    evened: tuple[int, ...] = ()
    """Places of the groups that are evened out."""
    impossible: tuple[Domain, ...] = ()
    """Groups that cannot be compared because somewhere ballots outnumber people."""
    mirrored: bool = False
    """Two groups only: each is the other's rest, so both rows are one and the same claim."""

    @property
    def claims(self) -> Floats:
        """The p-values that enter the family of all claims, flat."""
        if self.found is None:
            return np.zeros(0)
        p = self.found.p[:1] if self.mirrored else self.found.p
        return p.ravel()

    def adjusted(self, claims: Floats) -> Floats:
        """Adjusted p-values of the claims, back in the shape of the rows."""
        shaped = claims.reshape(-1, len(self.categories))
        return np.broadcast_to(shaped, (len(self.evened), len(self.categories)))


def ranking_contrasts(
    context: Context,
    question: Question,
    tables: tuple[Table, ...],
    everybody: tuple[Table, ...],
    cells: tuple[Table, ...],
) -> Contrasts | None:
    """Headline shares of each element, every group against the rest; None if it cannot be."""
    depth = headline_depth(question)

    def counted(found: tuple[Table, ...]) -> Counted:
        place = place_of(found[0])
        return Counted(Place(question.id, place.domains, place.base), placed(found, depth))

    parted = counted(cells) if cells else None
    return _contrasts(context, question.elements, counted(tables), counted(everybody), parted)


def rating_contrasts(
    context: Context, table: Table, everybody: Table, cells: Table | None = None
) -> Iterator[Contrasts]:
    """Top-2 share and net agreement of one rating, every group against the rest."""
    found = boxes(answer_order(table)[0])
    if found is None:
        return
    top, bottom = found

    def counted(one: Table, *, net: bool) -> Counted:
        yes, no = (one.answers[:, box].sum(axis=1)[:, None].astype(float) for box in (top, bottom))
        return Counted(place_of(one), yes, no if net else None)

    for name, net in (("top2", False), ("net", True)):
        parted = counted(cells, net=net) if cells else None
        groups, whole = counted(table, net=net), counted(everybody, net=net)
        made = _contrasts(context, (name,), groups, whole, parted)
        if made is not None:
            yield made


def _contrasts(
    context: Context,
    categories: tuple[str, ...],
    groups: Counted,
    whole: Counted,
    cells: Counted | None,
) -> Contrasts | None:
    place, total = groups.place, whole.place
    if not isinstance(context.design, Census) or not total.domains:
        return None
    many = tuple(overfull(context, d, n) for d, n in zip(place.domains, place.base, strict=True))
    n, N, sums, kept = with_residual(
        place.base, np.where(many, np.nan, place.headcount), groups.both,
        total.base[0], total.headcount[0], whole.both[0],
    )  # fmt: skip
    shown = int(kept.sum())
    whole_is_wrong = overfull(context, total.domains[0], total.base[0])
    if whole_is_wrong or (any(many) and shown in (0, n.size)):
        # ballots that no people stand behind leave no rest to compare anybody with
        return _nothing(place, categories)
    if shown == 0 or n.size < 2:
        return None
    bare = against_rest(context.design, n, N, sums[:, 0] - sums[:, 1], sums[:, 0] + sums[:, 1])
    domains = tuple(d for d, stays in zip(place.domains, kept, strict=True) if stays)
    kept_place = Place(place.item, domains, place.base[kept])
    wrong = tuple(d for d, stays in zip(place.domains, many, strict=True) if stays)
    found, evened = _evened(context, context.design, domains, cells)
    return Contrasts(
        kept_place, categories, bare.interval.value[:shown], found, evened, wrong,
        mirrored=shown == n.size == len(evened) == 2,
    )  # fmt: skip


def _evened(
    context: Context, design: Census, domains: tuple[Domain, ...], cells: Counted | None
) -> tuple[Differences | None, tuple[int, ...]]:
    """Weighted differences of the groups that can be evened out, and the places of these."""
    if cells is None:
        return None, ()
    place = cells.place
    people = headcounts(place.domains)
    usable = ~np.isnan(people) & (place.base > 1)
    frame = context.release.study.frame
    lost = any(
        overfull(context, domain, n) for domain, n in zip(place.domains, place.base, strict=True)
    )
    if frame is None or lost or people[usable].sum() != frame.total:
        return None, ()
    known = [domain for domain, use in zip(place.domains, usable, strict=True) if use]
    parts = strata(frame, domains, known)
    if parts is None or len(set(parts.group.tolist())) < 2:
        return None, ()
    order = {g: i for i, g in enumerate(sorted(set(parts.group.tolist())))}
    group = np.array([order[g] for g in parts.group.tolist()], dtype=np.int64)
    no = None if cells.no is None else cells.no[usable]
    kind = kinds(frame, domains[0].variable, known)
    found = claimed(design, place.base[usable], people[usable], cells.yes[usable], no, group, kind)
    evened = tuple(g for g in range(len(domains)) if parts.even[g] and g in order)
    return (_rows_of(found, [order[g] for g in evened], design), evened) if evened else (None, ())


def _rows_of(found: Differences, rows: list[int], design: Census) -> Differences:
    i = found.interval
    parts = (i.value, i.se, i.low, i.high, i.n_eff)
    value, se, low, high, n_eff = (part[rows] for part in parts)
    interval = type(i)(value, se, low, high, n_eff, i.method[rows], design)
    return Differences(interval, found.p[rows], found.df[rows])


def _nothing(place: Place, categories: tuple[str, ...]) -> Contrasts:
    known = tuple(domain for domain in place.domains if domain.headcount is not None)
    none = np.zeros((0, len(categories)))
    return Contrasts(Place(place.item, (), none[:, 0]), categories, none, None, (), known)


@dataclass(frozen=True)
class Family:
    """p-values of all claims of a dossier together, in the order in which they were given."""

    holm: tuple[Floats, ...]
    screened: tuple[Floats, ...]
    tests: int


def family(claims: Sequence[Floats]) -> Family:
    """Every claim adjusted with all others, Holm's way and for screening; nan stays nan.

    >>> found = family([np.array([0.01]), np.array([0.04, np.nan])])
    >>> [one.tolist() for one in found.holm], found.tests
    ([[0.02], [0.04, nan]], 2)
    """
    raw = np.concatenate([np.zeros(0), *claims])
    made = ~np.isnan(raw)
    adjusted, screened = np.full(raw.shape, np.nan), np.full(raw.shape, np.nan)
    adjusted[made], screened[made] = holm(raw[made]), benjamini_hochberg(raw[made])
    ends = np.cumsum([part.size for part in claims])[:-1]
    one, other = (tuple(np.split(whole, ends)) if claims else () for whole in (adjusted, screened))
    return Family(one, other, int(made.sum()))


def contrast_rows(
    context: Context, contrast: Contrasts, claims: Floats, screened: Floats, tests: int
) -> Iterator[Estimate]:
    """The rows of one contrast; ``claims`` and ``screened`` are its part of the family."""
    p, q = contrast.adjusted(claims), contrast.adjusted(screened)
    yield from _rows(context, contrast, p, q, tests)


def _rows(
    context: Context, contrast: Contrasts, p: Floats, q: Floats, tests: int
) -> Iterator[Estimate]:
    place, names = contrast.place, contrast.categories
    bare = Figures.only(contrast.bare)
    yield from estimates(context, place, "diff_rest", names, bare, Unit.POINTS, BARE)
    yield from _weighted_rows(context, contrast)
    domains = tuple(place.domains[g] for g in contrast.evened)
    evened = Place(place.item, domains, place.base[list(contrast.evened)])
    for statistic, values, method, label in (
        ("diff_rest_p", p, "holm", "Holm"), ("diff_rest_q", q, "bh", "Benjamini und Hochberg"),
    ):  # fmt: skip
        figures = Figures.only(values, method)
        note = f"{label} über {tests} Vergleiche"
        for g, domain in enumerate(evened.domains):
            n = evened.base[g : g + 1]
            said = f"{note}; {PERMUTED}" if n[0] < SMALL else note
            one = Place(place.item, (domain,), n)
            yield from estimates(
                context, one, statistic, names, figures.row(g, every=True), Unit.PROBABILITY, said
            )
    for g, domain in enumerate(place.domains):
        if g not in contrast.evened:
            yield from _refused(context, contrast, domain, TESTED, UNEVEN)
    for domain in contrast.impossible:
        why = OVERFULL if overfull(context, domain, 0) else OTHERS_OVERFULL
        yield from _refused(context, contrast, domain, ("diff_rest", *TESTED), why)


def _weighted_rows(context: Context, contrast: Contrasts) -> Iterator[Estimate]:
    place = contrast.place
    if contrast.found is None:
        return
    for row, g in enumerate(contrast.evened):
        n = place.base[g : g + 1]
        one = Place(place.item, (place.domains[g],), n)
        interval = contrast.found.interval
        figures = Figures.of(interval).row(row, every=True)
        made = estimates(
            context, one, "diff_rest" + SUFFIX, contrast.categories, figures, Unit.POINTS, ALONE
        )
        for estimate in made:
            yield rounded(estimate, int(n[0]), Unit.POINTS)


def _refused(
    context: Context, contrast: Contrasts, domain: Domain, statistics: Sequence[str], why: str
) -> Iterator[Estimate]:
    for name in contrast.categories:
        for statistic in statistics:
            yield absent(context, contrast.place.item, domain, statistic, name, note=why)

"""Rows of each group against the rest, all p-values of the dossier adjusted as one family."""

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
    overfull,
)
from reports.estimates import Estimate
from reports.estimators.departments import (
    Differences,
    against_rest,
    holm,
    tail_p,
    with_residual,
)
from reports.estimators.design import Census, Floats, Interval
from reports.estimators.ratings import boxes
from reports.tables import Domain, Table
from survey.codebook import Question

OTHERS_OVERFULL = "unter den übrigen mehr Stimmzettel als Personen auf der Personalliste"
ALONE = "Intervall einzeln; ob der Unterschied gilt, sagt diff_rest_p"


@dataclass(frozen=True)
class Contrasts:
    """Differences of some groups to the rest for one item, before any adjustment."""

    place: Place
    categories: tuple[str, ...]
    found: Differences
    impossible: tuple[Domain, ...] = ()
    """Groups that cannot be compared because somewhere ballots outnumber people."""
    mirrored: bool = False
    """Two groups only: each is the other's rest, so both rows are one and the same claim."""

    @property
    def claims(self) -> Floats:
        """The p-values that enter the family of all claims, flat."""
        p = self.found.p[:1] if self.mirrored else self.found.p
        return p.ravel()

    def adjusted(self, claims: Floats) -> Floats:
        """Adjusted p-values of the claims, back in the shape of the rows."""
        shaped = claims.reshape(-1, len(self.categories))
        return np.broadcast_to(shaped, self.found.p.shape)

    @property
    def figures(self) -> Figures:
        """The differences as figures of the groups in ``place``."""
        return Figures.of(self.found.interval)


def ranking_contrasts(
    context: Context, question: Question, tables: tuple[Table, ...], everybody: tuple[Table, ...]
) -> Contrasts | None:
    """Headline shares of each element, every group against the rest; None if it cannot be."""
    depth = headline_depth(question)
    x, whole = placed(tables, depth), placed(everybody, depth)
    place = place_of(tables[0])
    place = Place(question.id, place.domains, place.base)
    total = place_of(everybody[0])
    return _contrasts(context, place, total, question.elements, (x, None), (whole, None))


def rating_contrasts(context: Context, table: Table, everybody: Table) -> Iterator[Contrasts]:
    """Top-2 share and net agreement of one rating, every group against the rest."""
    found = boxes(answer_order(table)[0])
    if found is None:
        return
    place, total = place_of(table), place_of(everybody)
    top, bottom = (table.answers[:, box].sum(axis=1)[:, None].astype(float) for box in found)
    all_top, all_bottom = (
        everybody.answers[:, box].sum(axis=1)[:, None].astype(float) for box in found
    )
    shares = _contrasts(context, place, total, ("top2",), (top, None), (all_top, None))
    net = _contrasts(context, place, total, ("net",), (top, bottom), (all_top, all_bottom))
    yield from (contrast for contrast in (shares, net) if contrast is not None)


def _contrasts(
    context: Context,
    place: Place,
    total: Place,
    categories: tuple[str, ...],
    parts: tuple[Floats, Floats | None],
    whole: tuple[Floats, Floats | None],
) -> Contrasts | None:
    """``parts`` (groups, items) and ``whole`` (1, items) hold what counts, and what counts against.

    Without the second a share is compared, with it the difference of both.
    """
    if not isinstance(context.design, Census) or not total.domains:
        return None
    for_, against = _pair(parts)
    all_for, all_against = _pair(whole)
    many = tuple(overfull(context, d, n) for d, n in zip(place.domains, place.base, strict=True))
    n, N, sums, kept = with_residual(
        place.base, np.where(many, np.nan, place.headcount), np.stack([for_, against], axis=1),
        total.base[0], total.headcount[0], np.stack([all_for, all_against], axis=1)[0],
    )  # fmt: skip
    groups = int(kept.sum())
    whole_is_wrong = overfull(context, total.domains[0], total.base[0])
    if whole_is_wrong or (any(many) and groups in (0, n.size)):
        # ballots that no people stand behind leave no rest to compare anybody with
        return _nothing(context.design, place, categories)
    if groups == 0 or n.size < 2:
        return None
    yes, no = sums[:, 0], sums[:, 1]
    two = parts[1] is not None
    ends = (-1.0, 1.0) if two else (0.0, 1.0)
    found = against_rest(context.design, n, N, yes - no, yes + no, ends)
    tails = tail_p(n, N, yes)
    if two:
        # a net difference needs one at either end of the scale: two chances, hence twice
        tails = np.minimum(1.0, 2 * np.minimum(tails, tail_p(n, N, no)))
    domains = tuple(d for d, stays in zip(place.domains, kept, strict=True) if stays)
    kept_place = Place(place.item, domains, place.base[kept])
    mirrored = groups == n.size == 2
    first = _first(found, tails, groups, context.design)
    wrong = tuple(d for d, stays in zip(place.domains, many, strict=True) if stays)
    return Contrasts(kept_place, categories, first, wrong, mirrored)


def _nothing(design: Census, place: Place, categories: tuple[str, ...]) -> Contrasts:
    none = np.zeros((0, len(categories)))
    interval = Interval(none, none, none, none, none, none.astype(np.str_), design)
    known = tuple(domain for domain in place.domains if domain.headcount is not None)
    empty = Place(place.item, (), none[:, 0])
    return Contrasts(empty, categories, Differences(interval, none, none), known)


def _pair(both: tuple[Floats, Floats | None]) -> tuple[Floats, Floats]:
    first, second = both
    return first, np.zeros_like(first) if second is None else second


def _first(found: Differences, tails: Floats, groups: int, design: Census) -> Differences:
    """The differences of the first groups, with the larger of both p-values."""
    i = found.interval
    parts = (i.value, i.se, i.low, i.high, i.n_eff)
    value, se, low, high, n_eff = (a[:groups] for a in parts)
    interval = type(i)(value, se, low, high, n_eff, i.method[:groups], design)
    p = np.where(i.method == "full_count", found.p, np.maximum(found.p, tails))
    return Differences(interval, p[:groups], found.df[:groups])


def contrast_rows(
    context: Context, contrasts: Sequence[Contrasts]
) -> Iterator[tuple[str, tuple[Estimate, ...]]]:
    """Item and rows of every contrast, with p-values adjusted over all of them together."""
    raw = np.concatenate([c.claims for c in contrasts]) if contrasts else np.zeros(0)
    made = ~np.isnan(raw)
    adjusted = np.full(raw.shape, np.nan)
    adjusted[made] = holm(raw[made])
    start = 0
    for contrast in contrasts:
        end = start + contrast.claims.size
        p = contrast.adjusted(adjusted[start:end])
        yield contrast.place.item, tuple(_rows(context, contrast, p, int(made.sum())))
        start = end


def _rows(
    context: Context, contrast: Contrasts, adjusted: Floats, tests: int
) -> Iterator[Estimate]:
    place, names = contrast.place, contrast.categories
    yield from estimates(context, place, "diff_rest", names, contrast.figures, Unit.POINTS, ALONE)
    figures = Figures.only(adjusted, "holm")
    note = f"Holm über {tests} Vergleiche"
    yield from estimates(context, place, "diff_rest_p", names, figures, Unit.PROBABILITY, note)
    for domain in contrast.impossible:
        why = OVERFULL if overfull(context, domain, 0) else OTHERS_OVERFULL
        for name in names:
            for statistic in ("diff_rest", "diff_rest_p"):
                yield absent(context, place.item, domain, statistic, name, note=why)

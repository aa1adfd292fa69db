"""Rows of each group against the rest, all p-values of the dossier adjusted as one family."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.assembly.choices import answer_order, place_of
from reports.assembly.rankings import placed
from reports.assembly.rows import Context, Figures, Place, Unit, estimates
from reports.estimates import Estimate
from reports.estimators.departments import Differences, against_rest, holm, with_residual
from reports.estimators.design import Census, Floats
from reports.estimators.ratings import boxes
from reports.tables import Table
from survey.codebook import Question

ALONE = "Intervall einzeln; ob der Unterschied gilt, sagt diff_rest_p"


@dataclass(frozen=True)
class Contrasts:
    """Differences of some groups to the rest for one item, before any adjustment."""

    place: Place
    categories: tuple[str, ...]
    found: Differences
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
    """Shares in the top k of each element, every group against the rest; None if it cannot be."""
    x, whole = placed(tables, question.depth), placed(everybody, question.depth)
    place = place_of(tables[0])
    place = Place(question.id, place.domains, place.base)
    total = place_of(everybody[0])
    return _contrasts(context, place, total, question.elements, (x, x), (whole, whole), (0.0, 1.0))


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
    shares = _contrasts(context, place, total, ("top2",), (top, top), (all_top, all_top))
    net = _contrasts(
        context, place, total, ("net",),
        (top - bottom, top + bottom), (all_top - all_bottom, all_top + all_bottom), (-1.0, 1.0),
    )  # fmt: skip
    yield from (contrast for contrast in (shares, net) if contrast is not None)


def _contrasts(
    context: Context,
    place: Place,
    total: Place,
    categories: tuple[str, ...],
    parts: tuple[Floats, Floats],
    whole: tuple[Floats, Floats],
    ends: tuple[float, float] = (0.0, 1.0),
) -> Contrasts | None:
    """``parts`` and ``whole`` hold sums of values and of squares, (groups, items), (1, items)."""
    if not isinstance(context.design, Census) or not total.domains:
        return None
    both, everybody = np.stack(parts, axis=1), np.stack(whole, axis=1)[0]
    n, N, sums, kept = with_residual(
        place.base, place.headcount, both, total.base[0], total.headcount[0], everybody
    )
    groups = int(kept.sum())
    if groups == 0 or n.size < 2:
        return None
    found = against_rest(context.design, n, N, sums[:, 0], sums[:, 1], ends)
    domains = tuple(d for d, stays in zip(place.domains, kept, strict=True) if stays)
    return Contrasts(
        Place(place.item, domains, place.base[kept]),
        categories,
        _first(found, groups, context.design),
    )


def _first(found: Differences, groups: int, design: Census) -> Differences:
    i = found.interval
    parts = (i.value, i.se, i.low, i.high, i.n_eff)
    value, se, low, high, n_eff = (a[:groups] for a in parts)
    interval = type(i)(value, se, low, high, n_eff, i.method[:groups], design)
    return Differences(interval, found.p[:groups], found.df[:groups])


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

"""Weights of one item from its released cells: by the cells themselves, or raked to their margins.

Cells are the released weighting cells with known headcounts. For post-stratification cells with a
small base are pooled per item; for raking categories of a margin are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.assembly.rows import OVERFULL, Context, everybody, headcounts, overfull
from reports.assembly.strata import people_of_cell
from reports.estimators.design import Floats
from reports.raking import NOT_RAKED, Margin, Raked, collapsed, rake, raked_moments
from reports.tables import Domain
from reports.weights import Weighted, collapse, pool, share_moments, stratified
from survey.study import Frame, Study, WeightMethod

UNCOVERED = "die Gewichtungszellen decken nicht alle Befragten ab"
NO_CELLS = "keine Gewichtungszellen freigegeben"
FEW = "zu wenige Antworten für eine Gewichtung"


@dataclass(frozen=True, slots=True)
class Cells:
    """Weighting cells of one item: headcounts, counts, and raked weights if a study wants them.

    After collapsing; ``left_out`` counts the ballots without a known cell.
    """

    N: Floats
    counts: Floats
    left_out: int
    raked: Raked | None = None

    @property
    def note(self) -> str:
        """How many ballots carry no weight because their cell is not known."""
        if not self.left_out:
            return ""
        return f"ohne {self.left_out} Antworten, deren Zelle keine bekannte Kopfzahl hat"

    @property
    def share(self) -> Floats:
        """What each cell's mean counts for, (cells,); sums to 1."""
        if self.raked is None:
            people: Floats = self.N / self.N.sum()
            return people
        return shares_of(self.raked)

    def shares(self) -> Weighted:
        """Weighted shares of all categories, where ``counts`` are (cells, categories)."""
        return self.means(*share_moments(self.counts))

    def means(self, n: Floats, mean: Floats, cov: Floats) -> Weighted:
        """Weighted means of quantities with these moments inside the cells."""
        if self.raked is None:
            return stratified(n, self.N, mean, cov)
        return raked_moments(self.raked, mean, cov)


def cells_of(
    context: Context, domains: tuple[Domain, ...], counts: NDArray[np.int64], base: Floats
) -> Cells | str:
    """The cells of one item, or the reason why it cannot be weighted.

    ``counts`` has the cells as its first axis, ``base`` (cells,) the valid answers.
    """
    study = context.release.study
    frame = study.frame
    known = np.array([domain.headcount is not None for domain in domains], dtype=bool)
    if any(overfull(context, domain, n) for domain, n in zip(domains, base, strict=True)):
        return OVERFULL
    if overfull(context, everybody(context), float(base.sum())):
        return OVERFULL
    if frame is None or not known.any():
        return NO_CELLS
    N = headcounts(domains)[known]
    if N.sum() != frame.total:
        return UNCOVERED
    left_out = int(base[~known].sum())
    if study.weights.method is WeightMethod.RAKING:
        raked = raked_cells(study, domains, base)
        if raked is None or raked.reason:
            return NO_CELLS if raked is None else NOT_RAKED + raked.reason
        used = [bool(domain.headcount) for domain in domains]
        kept = Cells(headcounts(domains)[used], counts[used].astype(np.float64), left_out, raked)
        return kept if raked.n.sum() > 1 else FEW
    groups = collapse(base[known])
    if pool(groups, base[known]).min() < 2:
        return FEW
    return Cells(pool(groups, N), pool(groups, counts[known]), left_out)


def raked_cells(study: Study, domains: Sequence[Domain], base: Floats) -> Raked | None:
    """Weights of the cells with known headcounts, raked as the study wants; None without any.

    A function of what is published alone: cells, their bases and the staff list.
    """
    kept = [(domain, n) for domain, n in zip(domains, base, strict=True) if domain.headcount]
    if study.frame is None or not kept:
        return None
    used = tuple(domain for domain, _ in kept)
    n = np.array([number for _, number in kept], dtype=np.float64)
    names = study.weights.margins or study.frame.variables
    margins = [collapsed(_margin(study.frame, name, used), n) for name in names]
    return rake(n, margins, most=study.weights.most)


def shares_of(raked: Raked) -> Floats:
    """The part of all weights that the ballots of each cell carry, (cells,)."""
    weights = raked.weight * raked.n
    part: Floats = weights / weights.sum()
    return part


def _margin(frame: Frame, name: str, cells: Sequence[Domain]) -> Margin:
    """The categories of one variable of the headcounts, as far as the released cells tell them.

    Cells that hold several kinds of people form a category of their own: nobody can tell which of
    their ballots belong to which kind.
    """
    place = frame.variables.index(name)
    held = [frozenset(key[place] for key in people_of_cell(frame, cell)) for cell in cells]
    order = {kinds: number for number, kinds in enumerate(dict.fromkeys(held))}
    of = np.array([order[kinds] for kinds in held], dtype=np.int64)
    return Margin(of, pool(of, headcounts(tuple(cells))))

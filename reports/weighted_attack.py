"""Weighted figures, solved in whole numbers for the cells that they are made of.

A weighted figure is a sum over weighting cells. Where it agrees, digit by digit, with what follows
from the published cells, a reader has it already and it tells nothing more. A figure that does
not agree rests on something else, such as cells finer than the published ones; then every way to
split a published cell into the parts that the staff list knows is tried, for all figures of an
item at once and with the effective n: what is left are the splits that a patient reader finds.
Raked weights depend on all cells at once, so such ways are not tried: a raked figure that does not
follow from the published cells is a finding by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.attack_protocol import Finding
from reports.protection import SPAN

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLACK = 1e-9
"""What rounding in the computer may add to half of the last printed digit."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A published weighting cell: people on the staff list and counts by answer.

    ``parts`` are the people of the finer cells that the staff list knows in it.
    """

    code: str
    people: int
    counts: tuple[int, ...]
    parts: tuple[int, ...] = ()

    @property
    def base(self) -> int:
        """Valid answers."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Figure:
    """A weighted figure as it is printed.

    It is the sum over cells of ``share`` (cells,) times the mean of ``scores`` (answers,) there;
    ``value`` is a multiple of ``step``, ``n_eff`` a whole number if it is told. ``modelled`` says
    whether ways to split cells can be tried: where they cannot, the figure has to follow.
    """

    domain: str
    share: tuple[float, ...]
    scores: tuple[float, ...]
    value: float
    step: float
    n_eff: float | None = None
    modelled: bool = True


def follows(figure: Figure, cells: Sequence[Cell]) -> bool:
    """Whether a figure is what the published cells give.

    >>> cells = [Cell("a", 40, (3, 9)), Cell("b", 60, (8, 8))]
    >>> [follows(Figure("", (0.4, 0.6), (1, 0), value, 0.01), cells) for value in (0.4, 0.45)]
    [True, False]
    """
    means = [np.dot(figure.scores, cell.counts) / cell.base for cell in cells]
    away = abs(float(np.dot(figure.share, means)) - figure.value)
    if not away <= figure.step / 2 + SLACK:  # so that nan, too, does not follow
        return False
    if figure.n_eff is None:
        return True
    share = np.array(figure.share)
    bases = np.array([cell.base for cell in cells], dtype=np.float64)
    return abs(_effective(share, bases) - figure.n_eff) <= 0.5 + SLACK


def splits(
    figures: Sequence[Figure], cells: Sequence[Cell], place: int, people: int
) -> tuple[int, ...]:
    """How many answers of one cell can be those of a part of it, if the figures rest on the part.

    ``people`` is the headcount of the part, the other cells are as published. Within a cell every
    answer is tried by itself: the figures bound how many of its people can be in the part.

    >>> cells = [Cell("a", 60, (12, 12), (40, 20))]
    >>> figure = Figure("", (1.0,), (1, 0), 0.55, 0.01)
    >>> len(splits([figure], cells, 0, 40)) < 24
    True
    """
    cell, rest = cells[place], cells[place].people - people
    n = np.arange(max(1, cell.base - rest), min(cell.base - 1, people) + 1)
    if rest < 1 or people < 1 or not n.size:
        return ()
    counts = np.array(cell.counts)
    low = np.maximum(0, counts[None, :] - (cell.base - n)[:, None]).astype(np.float64)
    high = np.minimum(counts[None, :], n[:, None]).astype(np.float64)
    possible = np.ones(n.size, dtype=bool)
    own, other = people / cell.people / n, rest / cell.people / (cell.base - n)
    for figure in figures:
        left, right = _of_part(figure, cells, place, own, other)
        told = np.flatnonzero(figure.scores)
        if len(told) == 1 and figure.share[place] > 0:
            score = figure.scores[int(told[0])]
            ends = np.sort(np.stack([left / score, right / score]), axis=0)
            ends = np.clip(ends, -1, cell.base + 1)
            low[:, told[0]] = np.maximum(low[:, told[0]], np.ceil(ends[0] - SLACK))
            high[:, told[0]] = np.minimum(high[:, told[0]], np.floor(ends[1] + SLACK))
        else:
            scores = np.asarray(figure.scores, dtype=np.float64)
            possible &= _reachable(scores, low, high, n, left, right)
        if figure.n_eff is not None:
            possible &= _same_effect(figure.n_eff, cells, place, people, n)
    possible &= (low <= high).all(axis=1) & (low.sum(axis=1) <= n) & (n <= high.sum(axis=1))
    return tuple(n[possible].tolist())


def _of_part(
    figure: Figure, cells: Sequence[Cell], place: int, own: Floats, other: Floats
) -> tuple[Floats, Floats]:
    """Between which sums of scores the part must lie, by its answers."""
    known = sum(
        share * float(np.dot(figure.scores, cell.counts)) / cell.base
        for at, (share, cell) in enumerate(zip(figure.share, cells, strict=True))
        if at != place
    )
    share, whole = figure.share[place], float(np.dot(figure.scores, cells[place].counts))
    if share == 0:
        return np.full(own.shape, -np.inf), np.full(own.shape, np.inf)
    half = figure.step / 2 + SLACK
    ends = np.sort([(figure.value + side * half - known) / share for side in (-1, 1)])
    # own * s + other * (whole - s) lies between the ends, for s the sum of scores in the part
    slope, start = own - other, other * whole
    flat = np.abs(slope) < SLACK
    safe = np.where(flat, 1.0, slope)
    bounds = np.sort(np.stack([(ends[0] - start) / safe, (ends[1] - start) / safe]), axis=0)
    fits = (ends[0] <= start) & (start <= ends[1])
    left = np.where(flat, np.where(fits, -np.inf, np.inf), bounds[0])
    right = np.where(flat, np.where(fits, np.inf, -np.inf), bounds[1])
    return left, right


def _reachable(
    scores: Floats, low: Floats, high: Floats, n: Ints, left: Floats, right: Floats
) -> NDArray[np.bool_]:
    """Whether some answers of the part give a sum of scores within bounds: a knapsack in order."""
    found = np.zeros((2, n.size))
    orders = np.argsort(scores, kind="stable"), np.argsort(-scores, kind="stable")
    for side, order in enumerate(orders):
        spare = n - low.sum(axis=1)
        total = low @ scores
        for answer in order:
            more = np.clip(np.minimum(spare, high[:, answer] - low[:, answer]), 0, None)
            total, spare = total + more * scores[answer], spare - more
        found[side] = total
    reached: NDArray[np.bool_] = (found[0] <= right + SLACK) & (found[1] >= left - SLACK)
    return reached


def _same_effect(
    n_eff: float, cells: Sequence[Cell], place: int, people: int, n: Ints
) -> NDArray[np.bool_]:
    others = [cell for at, cell in enumerate(cells) if at != place]
    fixed = sum(cell.people**2 / cell.base for cell in others)
    rest, base = cells[place].people - people, cells[place].base
    total = sum(cell.people for cell in cells)
    found = total**2 / (fixed + people**2 / n + rest**2 / (base - n))
    same: NDArray[np.bool_] = np.abs(found - n_eff) <= 0.5 + SLACK
    return same


def _effective(share: Floats, bases: Floats) -> float:
    return float(share.sum() ** 2 / (share**2 / bases).sum())


def solved(
    item: str, by: str, figures: Sequence[Figure], cells: Sequence[Cell]
) -> Iterator[Finding]:
    """What the figures of one item give away: nothing, if all follow from the published cells.

    Otherwise a finding names the cell with the fewest possible splits, and between which numbers
    of answers its part lies; 0 and 0 where no single split explains the figures.
    """
    foreign = [figure for figure in figures if not follows(figure, cells)]
    if not foreign:
        return
    if not all(figure.modelled for figure in foreign):
        yield Finding("weighted", item, by, foreign[0].domain, 0, 0)
        return
    tries = [
        (len(found), cell.code, found[0], found[-1])
        for place, cell in enumerate(cells)
        for people in cell.parts[: len(cell.parts) - (len(cell.parts) == 2)]
        if (found := splits(foreign, cells, place, people))
    ]
    number, code, low, high = min(tries, default=(0, foreign[0].domain, 0, 0))
    what = "split" if 0 < number < SPAN else "weighted"
    yield Finding(what, item, by, code, low, high)


def weighted_findings(
    by: str, figures: Mapping[str, Sequence[Figure]], cells: Mapping[str, Sequence[Cell]]
) -> tuple[Finding, ...]:
    """All findings, by item; a figure of an item without published cells is one in itself."""
    return tuple(
        finding
        for item, own in figures.items()
        for finding in (
            solved(item, by, own, cells[item])
            if cells.get(item)
            else [Finding("weighted", item, by, own[0].domain, 0, 0)]
        )
    )

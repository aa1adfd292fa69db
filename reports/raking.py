"""Raking: weights that agree with the headcounts of several margins at once.

Works on counts of sample cells (the crossing of all margins), never on ballots: a cell's
ballots share one weight. Ballots stand for their cell as if response depended on the margins
alone, each multiplying the chance to answer. Standard errors are linearised: only what the
margins do not explain of an answer is uncertain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reports.estimators.design import Floats, divide
from reports.weights import Precision, Weighted, collapse, pool

NOT_RAKED = "nicht gewichtet: "
"""Begins a note that says why weights could not be raked."""

TOLERANCE = 1e-10
ROUNDS = 1000

Groups = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Margin:
    """One margin: the category of every cell (cells,), numbered from 0, and the people of each."""

    of: Groups
    people: Floats

    @classmethod
    def read(cls, of: ArrayLike, people: ArrayLike) -> Margin:
        """A margin from plain lists."""
        return cls(np.asarray(of, dtype=np.int64), np.asarray(people, dtype=np.float64))


@dataclass(frozen=True, slots=True, eq=False)
class Raked:
    """The weight of a ballot in every cell, (cells,), and what a reader must know of it.

    ``reason`` is empty where the weights may be used. ``deviation`` is the largest relative
    distance of a margin from its headcount, ``trimmed`` the number of ballots whose weight was
    cut, ``rounds`` the sweeps over all margins.
    """

    weight: Floats
    n: Floats
    margins: tuple[Margin, ...]
    rounds: int
    deviation: float
    trimmed: int = 0
    reason: str = ""

    @property
    def precision(self) -> Precision:
        """Design effect, effective n and extremes of the weights; n, N and free parameters."""
        used = self.n > 0
        n, w = self.n[used], self.weight[used]
        total, weights = float(n.sum()), float((n * w).sum())
        deff = total * float((n * w**2).sum()) / weights**2
        relative = w * total / weights
        free = 1 + sum(m.people.size - 1 for m in self.margins)
        people, ends = float(self.margins[0].people.sum()), (relative.min(), relative.max())
        return Precision(total, people, deff, float(ends[0]), float(ends[1]), free, raked=True)


def rake(
    n: ArrayLike,
    margins: Sequence[Margin],
    *,
    most: float | None = None,
    rounds: int = ROUNDS,
    tolerance: float = TOLERANCE,
) -> Raked:
    """Weights of cells with ``n`` (cells,) ballots by iterative proportional fitting.

    Ends when every margin agrees with its headcount to ``tolerance`` (relative). ``most``, only
    on request, cuts weights at that multiple of their mean and fits again; the deviation then
    says what the cut cost. No weights (nan) and a reason where margins contradict each other, a
    category with people has no ballots, or the sweeps do not come to rest. Source: Deming and
    Stephan 1940; Deville, Sarndal and Sautory 1993.

    >>> sex, age = Margin.read([0, 0, 1, 1], [500, 500]), Margin.read([0, 1, 0, 1], [300, 700])
    >>> r = rake([10, 20, 30, 40], [sex, age])
    >>> r.weight.round(3).tolist(), r.reason
    ([12.882, 18.559, 5.706, 8.221], '')
    """
    base = np.asarray(n, dtype=np.float64)
    if reason := _contradiction(base, margins):
        return Raked(np.full(base.shape, np.nan), base, tuple(margins), 0, float("nan"), 0, reason)
    people = float(margins[0].people.sum())
    weight = np.full(base.shape, people / base.sum())
    done, moved = 0, np.inf
    while done < rounds and moved >= tolerance:
        done += 1
        before = weight
        weight = _swept(weight, base, margins)
        if most is not None:
            limit = most * people / base.sum()
            cut = (weight > limit * (1 + 1e-12)) & (base > 0)
            weight = np.where(cut, limit, weight)
        moved = float(np.abs(divide(weight, before)[base > 0] - 1).max())
    away = _deviation(weight, base, margins)
    reason = ""
    if most is None and not away <= 100 * tolerance:
        weight = np.full(base.shape, np.nan)
        reason = f"die Gewichte kommen nach {done} Durchgängen nicht zur Ruhe"
    reached = int(base[np.isclose(weight, (most or np.inf) * people / base.sum())].sum())
    return Raked(weight, base, tuple(margins), done, away, reached if most else 0, reason)


def _contradiction(n: Floats, margins: Sequence[Margin]) -> str:
    if not margins:
        return "kein Rand mit Kopfzahlen"
    if not n.sum() > 0:
        return "keine Antworten"
    totals = [float(margin.people.sum()) for margin in margins]
    if max(totals) - min(totals) > 1e-9 * max(totals):
        return "die Ränder zählen verschieden viele Personen"
    for margin in margins:
        answered = pool(margin.of, n)
        if answered.size < margin.people.size or (answered[margin.people > 0] == 0).any():
            return "eine Gruppe mit Personen hat keine Antwort: vorher zusammenfassen"
        if (answered[margin.people <= 0] > 0).any():
            return "Antworten in einer Gruppe, zu der niemand gehört"
    return ""


def _swept(weight: Floats, n: Floats, margins: Sequence[Margin]) -> Floats:
    for margin in margins:
        factor = divide(margin.people, pool(margin.of, weight * n))
        weight = weight * np.nan_to_num(factor, nan=1.0)[margin.of]
    return weight


def _deviation(weight: Floats, n: Floats, margins: Sequence[Margin]) -> float:
    parts = [np.abs(divide(pool(m.of, weight * n), m.people) - 1) for m in margins]
    return float(np.nanmax(np.concatenate(parts)))


def collapsed(margin: Margin, n: ArrayLike, needs: int = 10) -> Margin:
    """The margin with its categories of fewer than ``needs`` ballots pooled.

    >>> m = collapsed(Margin.read([0, 1, 2], [100, 20, 30]), [40, 3, 8])
    >>> m.of.tolist(), m.people.tolist()
    ([0, 1, 1], [100.0, 50.0])
    """
    answered = pool(margin.of, n)
    groups = collapse(answered, needs)
    return Margin(groups[margin.of], pool(groups, margin.people))


def raked_means(
    raked: Raked, counts: ArrayLike, values: ArrayLike, N: float | None = None
) -> Weighted:
    """Raked means of functions of one answer, with their linearised covariance.

    ``counts`` (cells, categories) of answers with the bases ``raked.n``, ``values`` (categories,
    p): the columns are averaged (an identity matrix gives all shares, a column of scores the
    mean). The residuals of a regression on all margins, times the weights, vary around their mean;
    (1 - n/N) n/(n-1) times their sum of squares, by N^2, is the covariance, with N ``N`` or the
    headcount. Raises ``ValueError`` for weights that carry a reason. Sources: Deville and
    Sarndal 1992; R's ``svymean`` after ``rake``.

    >>> sex, age = Margin.read([0, 0, 1, 1], [500, 500]), Margin.read([0, 1, 0, 1], [300, 700])
    >>> r = rake([10, 20, 30, 40], [sex, age])
    >>> m = raked_means(r, [[4, 6], [5, 15], [20, 10], [22, 18]], [[1], [0]])
    >>> m.value.round(4).tolist(), (m.variance ** 0.5).round(4).tolist()
    ([0.4393], [0.0484])
    """
    if raked.reason:
        raise ValueError(raked.reason)
    k, v = np.asarray(counts, dtype=np.float64), np.asarray(values, dtype=np.float64)
    w, n = raked.weight, raked.n
    people = float((w * n).sum()) if N is None else float(N)
    value = (w[:, None] * (k @ v)).sum(axis=0) / people
    fitted = _fitted(raked, k @ (v - value))
    total = float(n.sum())
    # one residual per cell, category and quantity: a ballot's answer minus what its cell explains
    residual = (v - value)[None] - fitted[:, None]
    score = w[:, None, None] * residual
    mean = np.einsum("ca,cap->p", k, score) / total
    score = score - mean
    scatter = np.einsum("ca,cap,caq->pq", k, score, score)
    rest = max(1 - total / people, 0.0)
    return Weighted(value, rest * total / (total - 1) * scatter / people**2, raked.precision)


def raked_moments(raked: Raked, mean: ArrayLike, cov: ArrayLike) -> Weighted:
    """Raked means of quantities known as moments of every cell, with linearised covariance.

    ``mean`` (cells, p) and ``cov`` (cells, p, p) are sample moments inside the cells (divisor n -
    1) of ``raked.n`` ballots; those of a cell without ballots do not matter. Agrees with
    :func:`raked_means`; after a cut the weights are taken by their sum. Raises ``ValueError`` for
    weights that carry a reason.

    >>> sex, age = Margin.read([0, 0, 1, 1], [500, 500]), Margin.read([0, 1, 0, 1], [300, 700])
    >>> share = np.array([0.4, 0.25, 20 / 30, 0.55])[:, None]
    >>> n = np.array([10, 20, 30, 40])
    >>> spread = share * (1 - share) * (n / (n - 1))[:, None]
    >>> m = raked_moments(rake(n, [sex, age]), share, spread[:, :, None])
    >>> m.value.round(4).tolist(), (m.variance ** 0.5).round(4).tolist()
    ([0.4393], [0.0484])
    """
    if raked.reason:
        raise ValueError(raked.reason)
    n, w = raked.n, raked.weight
    y = np.where(n[:, None] > 0, np.asarray(mean, dtype=np.float64), 0.0)
    inside = np.where(n[:, None, None] > 1, np.asarray(cov, dtype=np.float64), 0.0)
    weights, total = float((w * n).sum()), float(n.sum())
    value = (w * n) @ y / weights
    residual = y - value - _fitted(raked, n[:, None] * (y - value))
    score = w[:, None] * residual
    score = score - n @ score / total
    scatter = np.einsum("c,cpq->pq", w**2 * np.maximum(n - 1, 0), inside)
    scatter += np.einsum("c,cp,cq->pq", n, score, score)
    people = float(raked.margins[0].people.sum())
    rest = max(1 - total / people, 0.0)
    return Weighted(value, rest * total / (total - 1) * scatter / weights**2, raked.precision)


def _fitted(raked: Raked, sums: Floats) -> Floats:
    """Least-squares fit of sums of answers (cells, p) by the margins' categories, per ballot."""
    X, inverse = _margins(raked)
    out: Floats = X @ (inverse @ (X.T @ sums))
    return out


@lru_cache(maxsize=4)
def _margins(raked: Raked) -> tuple[Floats, Floats]:
    """Indicators of the margins' categories, and the inverse of their products over ballots.

    The same for all items that share the weights.
    """
    X = np.concatenate([np.eye(m.people.size)[m.of] for m in raked.margins], axis=1)
    return X, np.linalg.pinv(X.T @ (raked.n[:, None] * X), hermitian=True)

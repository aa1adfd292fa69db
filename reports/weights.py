"""Post-stratification: weights from known headcounts, formed only from releasable cells.

Ballots of a cell stand for all people of that cell, as if they had been drawn at random from
it. Variances are conditional on how many answered per cell (stratified, linearised), with a
finite population correction in every cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CELL_NEEDS = 10
"""Smallest base of a weighting cell for one item."""


def collapse(base: ArrayLike, needs: int = CELL_NEEDS) -> NDArray[np.int64]:
    """The group of each cell after cells with too small a base are pooled, shape (cells,).

    All cells whose base is below ``needs`` form one group; if that group is still too small it
    takes the smallest other cell. Groups are numbered 0, 1, 2 … in the order of the cells.

    >>> collapse([40, 3, 25, 4, 60]).tolist()
    [0, 1, 1, 1, 2]
    """
    n = np.asarray(base, dtype=np.int64)
    pooled = n < needs
    while pooled.any() and not pooled.all() and n[pooled].sum() < needs:
        pooled[np.argmin(np.where(pooled, np.iinfo(np.int64).max, n))] = True
    label = np.where(pooled, -1, np.arange(n.size))
    order = {group: place for place, group in enumerate(dict.fromkeys(label.tolist()))}
    return np.array([order[group] for group in label.tolist()], dtype=np.int64)


def pool(groups: NDArray[np.int64], counts: ArrayLike) -> Floats:
    """Sums of ``counts`` (cells, …) over the groups of cells, shape (groups, …).

    >>> pool(np.array([0, 1, 1]), [[1, 2], [3, 4], [5, 6]]).tolist()
    [[1.0, 2.0], [8.0, 10.0]]
    """
    k = np.asarray(counts, dtype=np.float64)
    out = np.zeros((int(groups.max(initial=-1)) + 1, *k.shape[1:]))
    np.add.at(out, groups, k)
    return out


@dataclass(frozen=True, slots=True)
class Precision:
    """What the weights of one item cost.

    ``n`` ballots, ``N`` people, ``deff`` Kish's design effect n sum(w^2)/sum(w)^2, ``smallest``
    and ``largest`` weight relative to the mean weight, ``cells`` after collapsing (for raked
    weights the parameters that their margins take).
    """

    n: float
    N: float
    deff: float
    smallest: float
    largest: float
    cells: int
    raked: bool = False

    @property
    def n_eff(self) -> float:
        """Effective number of ballots, n/deff."""
        return self.n / self.deff

    @property
    def df(self) -> float:
        """Degrees of freedom of the variance: ballots minus cells."""
        return self.n - self.cells


def precision(n: ArrayLike, N: ArrayLike) -> Precision:
    """Design effect and extremes of the weights N_c/n_c of cells with bases ``n``, ``N``.

    Source: Kish 1965, section 11.7.

    >>> p = precision([50, 50], [100, 300])
    >>> round(p.deff, 3), p.smallest, p.largest
    (1.25, 0.5, 1.5)
    """
    n_, N_ = np.asarray(n, dtype=np.float64), np.asarray(N, dtype=np.float64)
    weight = N_ / n_
    total, people = float(n_.sum()), float(N_.sum())
    deff = total * float((n_ * weight**2).sum()) / people**2
    relative = weight * total / people
    return Precision(total, people, deff, float(relative.min()), float(relative.max()), n_.size)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Weighted estimates (p,), their covariance (p, p) and what the weights cost."""

    value: Floats
    cov: Floats
    precision: Precision

    @property
    def variance(self) -> Floats:
        """The diagonal of the covariance, shape (p,)."""
        return np.maximum(np.diagonal(self.cov), 0.0)

    def combined(self, matrix: ArrayLike) -> Weighted:
        """Linear combinations of the estimates, ``matrix`` (q, p).

        >>> both = stratified([9, 9], [90, 90], [[0.2, 0.8], [0.4, 0.6]], np.zeros((2, 2, 2)))
        >>> both.combined([[1, 1]]).value.tolist()
        [1.0]
        """
        a = np.asarray(matrix, dtype=np.float64)
        return Weighted(a @ self.value, a @ self.cov @ a.T, self.precision)


def stratified(n: ArrayLike, N: ArrayLike, mean: ArrayLike, cov: ArrayLike) -> Weighted:
    """Post-stratified means with covariance sum (N_c/N)^2 (1 - f_c) S_c/n_c.

    ``n``, ``N`` (cells,) with every n >= 2; ``mean`` (cells, p); ``cov`` (cells, p, p) sample
    covariances inside the cells (divisor n - 1). Source: Cochran 1977, eq. 5.12; conditional on
    the cells' bases as in Holt and Smith 1979.

    >>> w = stratified([50, 50], [100, 300], [[0.2], [0.6]], [[[0.16]], [[0.24]]])
    >>> w.value.round(6).tolist(), w.variance.round(6).tolist()
    ([0.5], [0.00235])
    """
    n_, N_ = np.asarray(n, dtype=np.float64), np.asarray(N, dtype=np.float64)
    share = N_ / N_.sum()
    unanswered = np.clip(1 - n_ / N_, 0.0, 1.0)
    value = share @ np.asarray(mean, dtype=np.float64)
    scale = share**2 * unanswered / n_
    total = np.einsum("c,cij->ij", scale, np.asarray(cov, dtype=np.float64))
    return Weighted(value, total, precision(n_, N_))


def weighted_shares(counts: ArrayLike, N: ArrayLike) -> Weighted:
    """Post-stratified shares of all categories of one variable.

    ``counts`` (cells, categories) of answers, ``N`` (cells,) headcounts, every base >= 2. Means
    and combinations of categories follow by :meth:`Weighted.combined`.

    >>> weighted_shares([[10, 40], [30, 20]], [100, 300]).value.round(3).tolist()
    [0.5, 0.5]
    """
    n, p, cov = share_moments(counts)
    return stratified(n, N, p, cov)


def share_moments(counts: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Bases (cells,), shares (cells, p) and their sample covariances inside cells (cells, p, p).

    nan where a cell has no answers, and for the covariance of a single one.

    >>> n, p, cov = share_moments([[10, 30]])
    >>> n.tolist(), p.tolist(), cov[0, 0].round(4).tolist()
    ([40.0], [[0.25, 0.75]], [0.1923, -0.1923])
    """
    k = np.asarray(counts, dtype=np.float64)
    n = k.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / n[:, None]
        diagonal = p[:, :, None] * np.eye(k.shape[1])
        cov = (diagonal - p[:, :, None] * p[:, None, :]) * (n / (n - 1))[:, None, None]
    return n, p, cov

"""Each group against the rest of the organisation, never against a total that contains it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from reports.estimators.design import LEVEL, Census, Floats, Interval, divide, unanswered
from reports.estimators.permutation import small_group_p


@dataclass(frozen=True, slots=True)
class Differences:
    """Group minus rest: interval (groups, items) and unadjusted two-sided p (groups, items)."""

    interval: Interval
    p: Floats
    df: Floats


def against_rest(
    design: Census,
    n: ArrayLike,
    N: ArrayLike,
    sums: ArrayLike,
    squares: ArrayLike,
    ends: tuple[float, float] = (0.0, 1.0),
    level: float = LEVEL,
    group: ArrayLike | None = None,
) -> Differences:
    """Difference of every group's mean to the mean of all others, with Welch limits.

    ``n`` and ``N`` (cells,) ballots and people, ``sums`` and ``squares`` (cells, items) of the
    values and of their squares; values lie between the ``ends``. ``group`` (cells,) numbers the
    group of each cell 0, 1, 2 …; without it every cell is a group. Group and rest are both
    post-stratified: sum over their cells of N_c times the mean, by sum of N_c. Variances
    (1-f_c) s_c^2/n_c add up; a cell whose answers never vary gets the variance that one answer
    more at either end would give. Degrees of freedom after Welch and Satterthwaite. Cells with
    n < 2 or an unknown N must be left out before. Sources: Cochran 1977, section 5.3; Welch
    1947; Agresti and Caffo 2000.

    >>> d = against_rest(Census(), [40, 60], [100, 200], [[30], [20]], [[30], [20]])
    >>> d.interval.value.round(3).tolist(), d.p.round(4).tolist()
    ([[0.417], [-0.417]], [[0.0], [0.0]])
    """
    c = _cells(n, N, sums, squares, ends, group)
    both = divide(c.variance, c.N**2) + divide(c.rest(c.variance), c.others**2)
    both = np.where(both < 1e-15, 0.0, both)
    freedom = divide(c.freedom, c.N**4) + divide(c.rest(c.freedom), c.others**4)
    df = divide(both**2, np.maximum(freedom, 1e-300))
    value = divide(c.total, c.N) - divide(c.rest(c.total), c.others)
    se = np.sqrt(both)
    certain = (both <= 0) & ~np.isnan(value)
    t = divide(np.abs(value), se)
    p = np.where(certain, np.where(np.abs(value) > 0, 0.0, 1.0), np.nan)
    tested = ~np.isnan(t)
    p[tested] = 2 * scipy.stats.t.sf(t[tested], df[tested])
    half = np.full(value.shape, np.nan)
    half[tested] = scipy.stats.t.ppf((1 + level) / 2, df[tested]) * se[tested]
    width = ends[1] - ends[0]
    low, high = np.clip(value - half, -width, width), np.clip(value + half, -width, width)
    method = np.select([tested, certain], ["welch_rest", "full_count"], "")
    nothing = np.full(value.shape, np.nan)
    shown = np.where(tested, se, np.nan)
    return Differences(Interval(value, shown, low, high, nothing, method, design), p, df)


@dataclass(frozen=True, slots=True)
class _Sums:
    """Sums over the cells of every group, (groups, items), and N and n, (groups, 1)."""

    N: Floats
    n: Floats
    total: Floats
    variance: Floats
    freedom: Floats
    free: Floats
    """Sum of N_c^2 (1-f_c)/n_c: the variance of the total if every answer had variance 1."""

    @property
    def others(self) -> Floats:
        """People of all other groups."""
        out: Floats = self.N.sum() - self.N
        return out

    def rest(self, part: Floats) -> Floats:
        """The sum over all other groups."""
        out: Floats = part.sum(axis=0) - part
        return out


def _cells(
    n: ArrayLike, N: ArrayLike, sums: ArrayLike, squares: ArrayLike,
    ends: tuple[float, float], group: ArrayLike | None,
) -> _Sums:  # fmt: skip
    n_, N_ = (np.asarray(a, dtype=np.float64)[:, None] for a in (n, N))
    total, square = np.asarray(sums, dtype=np.float64), np.asarray(squares, dtype=np.float64)
    mean, variance = _means(n_, N_, total, square, ends)
    of = np.arange(n_.size) if group is None else np.asarray(group, dtype=np.int64)
    groups = int(of.max(initial=-1)) + 1

    def added(part: Floats) -> Floats:
        out = np.zeros((groups, part.shape[1]))
        np.add.at(out, of, part)
        return out

    weighted = N_**2 * variance
    free = N_**2 * unanswered(n_, N_) / n_
    by_cell = divide(weighted**2, n_ - 1)
    return _Sums(
        added(N_), added(n_), added(N_ * mean), added(weighted), added(by_cell), added(free)
    )


def _means(
    n: Floats, N: Floats, sums: Floats, squares: Floats, ends: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Mean and variance of the mean per cell and item."""
    mean = divide(sums, n)
    spread = divide(squares - n * mean**2, n - 1)
    constant = spread < 1e-12
    # one answer more at either end keeps a unanimous group from looking certain
    m, s, q = n + 2, sums + ends[0] + ends[1], squares + ends[0] ** 2 + ends[1] ** 2
    widened = divide(q - m * divide(s, m) ** 2, m - 1)
    spread = np.where(constant, widened, spread)
    return mean, unanswered(n, N) * spread / n


MOST_GAIN = 1.5
"""How much larger than n the finite population may make the n of the tail probability."""


def tail_p(n: ArrayLike, N: ArrayLike, sums: ArrayLike, group: ArrayLike | None = None) -> Floats:
    """Two-sided p of every group's share against the rest from binomial tails.

    ``n``, ``N`` (cells,), ``sums`` (cells, items) of 0/1 values, ``group`` as for
    :func:`against_rest`; the result has shape (groups, items). The group's share on n_eff
    answers is judged by the tails of a binomial with the rest's share, twice the smaller one;
    n_eff makes its variance that of the difference under the hypothesis, at most 1.5 n. Welch's
    t alone is wrong far out in the tails of small groups with shares near 0 or 1: measured
    family-wise error over 60 groups up to .32, together with this p at most .03. Sources:
    Clopper and Pearson 1934; the effective n as in Korn and Graubard 1998.

    >>> tail_p([10, 500], [30, 1500], [[10], [400]]).round(3).tolist()
    [[0.075], [0.391]]
    """
    x = np.asarray(sums, dtype=np.float64)
    c = _cells(n, N, x, x, (0.0, 1.0), group)
    mean, rest = divide(c.total, c.N), divide(c.rest(c.total), c.others)
    rest_variance = np.maximum(divide(c.rest(c.variance), c.others**2), 0.0)
    p = np.clip(rest, 0.5 / np.maximum(c.others, 1), 1 - 0.5 / np.maximum(c.others, 1))
    without = divide(c.free, c.N**2) * p * (1 - p) + rest_variance
    n_eff = MOST_GAIN * c.n * np.ones_like(p)
    np.divide(p * (1 - p), without, out=n_eff, where=without > 0)
    n_eff = np.minimum(n_eff, MOST_GAIN * c.n)
    k = mean * n_eff
    tails = np.minimum(_at_least(k, n_eff, p), _at_least(n_eff - k, n_eff, 1 - p))
    out: Floats = np.minimum(1.0, 2 * tails)
    return out


def _at_least(k: Floats, n: Floats, p: Floats) -> Floats:
    """P(X >= k) for a binomial X, continued to broken k and n by the beta distribution."""
    out = np.ones_like(k)
    some = k > 1e-9
    out[some] = scipy.special.betainc(k[some], (n - k)[some] + 1, p[some])
    return out


def claimed(
    design: Census, n: ArrayLike, N: ArrayLike, yes: ArrayLike,
    no: ArrayLike | None = None, group: ArrayLike | None = None, kind: ArrayLike | None = None,
) -> Differences:  # fmt: skip
    """Differences of shares, or of net agreement, with the p that a claim goes by.

    ``yes`` and ``no`` (cells, items) count what speaks for and against; without the second a
    share is compared. p is the larger of Welch's (:func:`against_rest`) and that of the binomial
    tails (:func:`tail_p`); for net agreement the tails are twice the smaller p of both ends,
    since a net difference needs one at either. ``kind`` (cells,) numbers the kinds of people in
    the cells; with it, groups of fewer than 30 answers go by an exact permutation within kinds
    (:func:`reports.estimators.permutation.small_group_p`) instead of the tails. Sources as there.

    >>> claimed(Census(), [10, 500], [30, 1500], [[10], [400]]).p.round(3).tolist()
    [[0.075], [0.391]]
    """
    for_ = np.asarray(yes, dtype=np.float64)
    against = np.zeros_like(for_) if no is None else np.asarray(no, dtype=np.float64)
    ends = (0.0, 1.0) if no is None else (-1.0, 1.0)
    found = against_rest(design, n, N, for_ - against, for_ + against, ends, group=group)
    tails = tail_p(n, N, for_, group)
    if no is not None:
        tails = np.minimum(1.0, 2 * np.minimum(tails, tail_p(n, N, against, group)))
    if kind is not None:
        of = np.arange(for_.shape[0]) if group is None else group
        exact = small_group_p(design, n, N, for_, against, of, kind)
        tails = np.where(np.isnan(exact), tails, exact)
    sure = found.interval.method == "full_count"
    return Differences(
        found.interval, np.where(sure, found.p, np.maximum(found.p, tails)), found.df
    )


def holm(p: ArrayLike) -> Floats:
    """p-values adjusted for all claims made together, Holm's step-down; shape as given.

    Equal to statsmodels' ``multipletests(method="holm")``, which would collect garbage at every
    call and so cost more than all tables together. Source: Holm 1979.

    >>> holm([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p, dtype=np.float64)
    flat = values.ravel()
    order = np.argsort(flat, kind="stable")
    steps = np.maximum.accumulate(flat[order] * np.arange(flat.size, 0, -1))
    adjusted = np.empty_like(flat)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted.reshape(values.shape)


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """p-values adjusted for the false discovery rate, for screening only; shape as given.

    Below 0.05 a group is worth a look; of the groups looked at, one in twenty is expected to be
    there by chance. A claim needs :func:`holm`. Source: Benjamini and Hochberg 1995, in scipy's
    ``false_discovery_control``, which is loaded anyway; statsmodels takes pandas with it.

    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p, dtype=np.float64)
    if values.size == 0:
        return values
    adjusted: Floats = np.asarray(scipy.stats.false_discovery_control(values, method="bh"))
    return adjusted


def with_residual(
    n: ArrayLike, N: ArrayLike, parts: ArrayLike, whole_n: float, whole_N: float, whole: ArrayLike
) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Groups with known headcount, and what is left of the total as one more group.

    ``n``, ``N`` (groups,) with nan where a headcount is unknown, ``parts`` (groups, …) sums,
    ``whole_n``, ``whole_N`` and ``whole`` (…) the total. Returns n, N, sums and which of the
    given groups stayed. The residual (groups whose headcount is unknown because people with no
    statement are merged into them) is added if it has two ballots and no fewer people.

    >>> n, N, sums, kept = with_residual([40, 20], [90, np.nan], [[10], [9]], 60, 150, [19])
    >>> n.tolist(), N.tolist(), sums.tolist(), kept.tolist()
    ([40.0, 20.0], [90.0, 60.0], [[10.0], [9.0]], [True, False])
    """
    n_, N_ = np.asarray(n, dtype=np.float64), np.asarray(N, dtype=np.float64)
    sums = np.asarray(parts, dtype=np.float64)
    kept: NDArray[np.bool_] = ~np.isnan(N_) & (n_ > 1)
    left_n, left_N = whole_n - n_[kept].sum(), whole_N - N_[kept].sum()
    left = np.asarray(whole, dtype=np.float64) - sums[kept].sum(axis=0)
    if left_n < 2 or left_N < left_n:
        return n_[kept], N_[kept], sums[kept], kept
    return (
        np.append(n_[kept], left_n),
        np.append(N_[kept], left_N),
        np.concatenate([sums[kept], left[None]]),
        kept,
    )

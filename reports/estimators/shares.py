"""Shares: Wilson with finite population correction, exact hypergeometric, Korn-Graubard."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.estimators.design import (
    LEVEL,
    Census,
    Floats,
    Interval,
    divide,
    floats,
    unanswered,
)  # fmt: skip


def share_interval(
    design: Census, x: ArrayLike, n: ArrayLike, N: ArrayLike, level: float = LEVEL
) -> Interval:
    """Shares x/n of a finite population with the interval that holds for their size.

    ``x`` answers of ``n`` valid ones, ``N`` people asked (nan: unknown), all broadcast to one
    shape. Exact hypergeometric where n < 30, N <= 200, N - n < 100 or x is 0 or n; otherwise
    Wilson at n(N-1)/(N-n); plain Wilson where N is unknown; no limits where n = N (everybody
    answered), n = 0, or N < n (the headcount is wrong). Sources: Wilson 1927; Katz 1953 and
    Buonaccorsi 1987.

    >>> r = share_interval(Census(), [300, 3], [1000, 10], [3000, 30])
    >>> r.method.tolist(), r.low.round(3).tolist(), r.high.round(3).tolist()
    (['wilson_fpc', 'hypergeometric'], [0.277, 0.1], [0.324, 0.567])
    """
    x_, n_, N_ = floats(x, n, N)
    value = divide(x_, n_)
    unknown, usable = np.isnan(N_), n_ > 0
    known = usable & ~unknown & (n_ < N_)
    small = (n_ < 30) | (N_ <= 200) | (N_ - n_ < 100) | (x_ == 0) | (x_ == n_)
    exact, score, plain = known & small, known & ~small, usable & unknown
    n_eff = finite_n(n_, N_)
    low, high = _wilson(value, n_eff, level)
    if exact.any():
        low[exact], high[exact] = _hypergeometric(x_[exact], n_[exact], N_[exact], level)
        # x/n need not be a possible K/N: one answer short of a full count it can lie outside
        low[exact] = np.minimum(low[exact], value[exact])
        high[exact] = np.maximum(high[exact], value[exact])
    without = ~(exact | score | plain)
    low[without], high[without] = np.nan, np.nan
    method = np.select(
        [exact, score, plain, usable & (n_ == N_)],
        ["hypergeometric", "wilson_fpc", "wilson", "full_count"], "",
    )  # fmt: skip
    se = np.where(without, np.nan, np.sqrt(share_variance(x_, n_, N_)))
    return Interval(value, se, low, high, np.where(score, n_eff, np.nan), method, design)


def share_variance(x: ArrayLike, n: ArrayLike, N: ArrayLike) -> Floats:
    """Unbiased variance (1-f) p(1-p)/(n-1) of a share under simple random sampling.

    nan where n < 2; N nan: f = 0. Source: Cochran 1977, eq. 3.8.

    >>> share_variance(50, 101, 202).round(6).tolist()
    [0.00125]
    """
    x_, n_, N_ = floats(x, n, N)
    p = divide(x_, n_)
    return divide(unanswered(n_, N_) * p * (1 - p), n_ - 1)


def finite_n(n: ArrayLike, N: ArrayLike) -> Floats:
    """The n of an infinite population that is as precise: n(N-1)/(N-n).

    n where N is unknown (nan); nan where N <= n or n <= 0. Equates p(1-p)/n with the
    hypergeometric variance p(1-p)/n (N-n)/(N-1).

    >>> finite_n([400, 400], [1200, float("nan")]).tolist()
    [599.5, 400.0]
    """
    n_, N_ = floats(n, N)
    finite = divide(n_ * (N_ - 1), N_ - n_)
    out: Floats = np.where(np.isnan(N_), n_, finite)
    out[n_ <= 0] = np.nan
    return out


def _wilson(p: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    z2 = scipy.stats.norm.ppf((1 + level) / 2) ** 2
    middle = (n * p + z2 / 2) / (n + z2)
    half = np.sqrt(z2) * np.sqrt(n * p * (1 - p) + z2 / 4) / (n + z2)
    low, high = middle - half, middle + half
    low[p == 0], high[p == 1] = 0.0, 1.0
    return np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)


def _hypergeometric(x: Floats, n: Floats, N: Floats, level: float) -> tuple[Floats, Floats]:
    """Central test inversion on flat arrays of whole numbers with 0 <= x <= n < N.

    The lower limit is the smallest K with P(X >= x | K) > alpha/2; the upper one is its mirror
    image for the n - x others among N - K.
    """
    size = float(N.max(initial=0)) + 1
    # one exact number per case, as long as it fits: sorting triples is ten times slower
    key = (x * size + n) * size + N if size < 2e5 else np.arange(x.size, dtype=float)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    x, n, N = x[first], n[first], N[first]
    alpha = (1 - level) / 2
    low = _smallest(x, n, N, alpha) / N
    high = (N - _smallest(n - x, n, N, alpha)) / N
    return low[place.ravel()], high[place.ravel()]


def _smallest(x: Floats, n: Floats, N: Floats, alpha: float) -> Floats:
    """Smallest K with P(X >= x | K) > alpha, by bisection; the probability grows with K."""
    below, reached = x - 1, N - n + x
    open_ = reached - below > 1
    while open_.any():
        middle = np.floor((below[open_] + reached[open_]) / 2)
        enough = _at_least(x[open_], n[open_], N[open_], middle) > alpha
        reached[open_] = np.where(enough, middle, reached[open_])
        below[open_] = np.where(enough, below[open_], middle)
        open_ = reached - below > 1
    return reached


def _at_least(x: Floats, n: Floats, N: Floats, K: Floats) -> Floats:
    """P(X >= x) for X hypergeometric with K of N and n drawn; closed form for x in {0, n}."""
    out = np.ones_like(x)
    all_ = (x == n) & (x > 0)
    out[all_] = np.exp(
        scipy.special.gammaln(K[all_] + 1) - scipy.special.gammaln(K[all_] - n[all_] + 1)
        - scipy.special.gammaln(N[all_] + 1) + scipy.special.gammaln(N[all_] - n[all_] + 1)
    )  # fmt: skip
    some = (x > 0) & (x < n)
    out[some] = scipy.stats.hypergeom.sf(x[some] - 1, N[some], K[some], n[some])
    return out


def korn_graubard(
    design: Census, p: ArrayLike, variance: ArrayLike, n: ArrayLike, N: ArrayLike,
    deff: ArrayLike, df: ArrayLike, level: float = LEVEL,
) -> Interval:  # fmt: skip
    """Limits of weighted shares ``p`` with linearised ``variance`` (fpc included).

    Clopper-Pearson at n_eff = p(1-p)/v (t_{n-1}/t_df)^2, at most n(N-1)/(N-n); where v = 0
    (every cell unanimous) n_eff = n/deff with Kish's ``deff``. ``df`` = ballots minus cells.
    ``n_eff`` of the result is n/deff, what the weights alone cost. Source: Korn and Graubard
    1998; Kish 1965.

    >>> r = korn_graubard(Census(), [0.3, 1.0], [0.0021, 0], 100, 1000, 1.1, 96)
    >>> r.low.round(3).tolist(), r.high.round(3).tolist()
    ([0.212, 0.96], [0.4, 1.0])
    """
    p_, v, n_, N_, deff_, df_ = floats(p, variance, n, N, deff, df)
    usable = (n_ > 1) & (df_ > 0) & ~(n_ >= N_)
    kish = divide(n_, deff_)
    ratio = np.full(p_.shape, np.nan)
    tail = (1 + level) / 2
    ratio[usable] = scipy.stats.t.ppf(tail, n_[usable] - 1) / scipy.stats.t.ppf(tail, df_[usable])
    spread = (v > 0) & (p_ > 0) & (p_ < 1)
    n_eff = np.where(spread, divide(p_ * (1 - p_), np.where(spread, v, 0)) * ratio**2, kish)
    n_eff = np.minimum(n_eff, finite_n(n_, N_))
    low, high = np.full(p_.shape, np.nan), np.full(p_.shape, np.nan)
    low[usable], high[usable] = beta_limits(p_[usable], n_eff[usable], level)
    full = (n_ >= N_) & (n_ > 0)
    method = np.select([usable, full], ["korn_graubard", "full_count"], "")
    se = np.where(usable, np.sqrt(v), np.nan)
    return Interval(p_, se, low, high, kish, method, design)


def beta_limits(p: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson limits of flat shares ``p`` at ``n`` answers, which need not be whole.

    >>> [limit.round(4).tolist() for limit in beta_limits(np.array([0.3]), np.array([40.0]), 0.95)]
    [[0.1656], [0.4653]]
    """
    tail = (1 - level) / 2
    x = p * n
    low, high = np.zeros_like(p), np.ones_like(p)
    some, less = x > 0, n - x > 0
    low[some] = scipy.stats.beta.ppf(tail, x[some], (n - x)[some] + 1)
    high[less] = scipy.stats.beta.ppf(1 - tail, x[less] + 1, (n - x)[less])
    return low, high


def newcombe(
    design: Census, x: tuple[ArrayLike, ArrayLike], n: tuple[ArrayLike, ArrayLike],
    N: tuple[ArrayLike, ArrayLike], level: float = LEVEL,
) -> Interval:  # fmt: skip
    """Difference of two independent shares, hybrid score limits with finite populations.

    Distances of each share to its Wilson limits at n(N-1)/(N-n) are squared and added around
    the difference; a population that is fully counted adds nothing. No limits where a base is
    0, N < n, or both are fully counted (method full_count). Source: Newcombe 1998, method 10.

    >>> r = newcombe(Census(), (56, 48), (70, 80), (float("nan"), float("nan")))
    >>> r.value.round(4).tolist(), r.low.round(4).tolist(), r.high.round(4).tolist()
    ([0.2], [0.0524], [0.3339])
    """
    x1, x2, n1, n2, N1, N2 = floats(*x, *n, *N)
    p1, p2 = divide(x1, n1), divide(x2, n2)
    e1, e2 = finite_n(n1, N1), finite_n(n2, N2)
    (l1, u1), (l2, u2) = _wilson(p1, e1, level), _wilson(p2, e2, level)
    sure1, sure2 = (n1 > 0) & (n1 == N1), (n2 > 0) & (n2 == N2)
    l1[sure1], u1[sure1] = p1[sure1], p1[sure1]
    l2[sure2], u2[sure2] = p2[sure2], p2[sure2]
    value = p1 - p2
    low = value - np.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = value + np.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    both, wrong = sure1 & sure2, (n1 > N1) | (n2 > N2)
    low[both | wrong], high[both | wrong] = np.nan, np.nan
    se = np.sqrt(share_variance(x1, n1, N1) + share_variance(x2, n2, N2))
    se[np.isnan(low)] = np.nan
    known = ~(np.isnan(N1) & np.isnan(N2))
    limited = ~np.isnan(low)
    method = np.select(
        [both, limited & known, limited], ["full_count", "newcombe_fpc", "newcombe"], ""
    )
    return Interval(value, se, low, high, np.full(value.shape, np.nan), method, design)

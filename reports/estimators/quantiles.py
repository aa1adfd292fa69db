"""Quantiles of numbers and dates from classes, so that no single answer is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from reports.estimators.design import LEVEL, Census, Floats, Interval
from reports.estimators.shares import finite_n


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of an answer: limits (infinite where open), people in each, width of one step."""

    lower: Floats
    upper: Floats
    people: Floats
    step: float = 1.0

    @property
    def n(self) -> float:
        """All people."""
        return float(self.people.sum())


def grouped_quantile(classes: Classes, share: ArrayLike) -> Floats:
    """Values below which a share of the answers lies, linear within a class; nan in an open one.

    A class of a single possible answer gives that answer. Source: Kenney and Keeping 1962,
    sections 3.2 to 3.4 (quantiles of grouped data).

    >>> c = Classes(np.array([-np.inf, 10, 20]), np.array([10, 20, np.inf]), np.array([10, 40, 50]))
    >>> grouped_quantile(c, [0.25, 0.05, 0.9]).tolist()
    [13.75, nan, nan]
    """
    wanted = np.atleast_1d(np.asarray(share, dtype=np.float64))
    out = np.full(wanted.shape, np.nan)
    n = classes.n
    if not n:
        return out
    above = np.cumsum(classes.people)
    for place, q in enumerate(wanted.tolist()):
        if not 0 <= q <= 1:
            continue
        at = min(int(np.searchsorted(above, q * n - 1e-9)), above.size - 1)
        low, high = classes.lower[at], classes.upper[at]
        if not (np.isfinite(low) and np.isfinite(high)):
            continue
        if high - low <= classes.step * (1 + 1e-9):
            out[place] = low
            continue
        before = above[at] - classes.people[at]
        out[place] = low + (q * n - before) / classes.people[at] * (high - low)
    return out


def quantile_interval(
    design: Census, classes: Classes, share: float, N: float, level: float = LEVEL
) -> Interval:
    """One quantile with Woodruff's limits at n(N-1)/(N-n), shape (1,).

    The limits are the quantiles at ``share`` ± z √(share (1 - share)/n_eff): the test of "a
    share of everybody lies below" is inverted. nan where a limit falls into an open class or
    everybody answered; unit: that of the answers. Source: Woodruff 1952.

    >>> c = Classes(np.arange(0.0, 100, 10), np.arange(10.0, 110, 10), np.full(10, 40.0))
    >>> r = quantile_interval(Census(), c, 0.5, float("nan"))
    >>> r.value.round(2).tolist(), r.low.round(2).tolist(), r.high.round(2).tolist()
    ([50.0], [45.1], [54.9])
    """
    n = classes.n
    value = grouped_quantile(classes, share)
    n_eff = float(finite_n(n, N)[0]) if n else np.nan
    known = n > 0 and not n >= N and np.isfinite(n_eff) and n_eff > 0
    half = stats.norm.ppf((1 + level) / 2) * np.sqrt(share * (1 - share) / n_eff) if known else 0
    ends = grouped_quantile(classes, [share - half, share + half])
    usable = known and not np.isnan([*value, *ends]).any()
    low, high = (ends[:1], ends[1:]) if usable else (np.full(1, np.nan), np.full(1, np.nan))
    full = "full_count" if n and n == N else ""
    method = np.array(["woodruff" if usable else full])
    nowhere = np.full(1, np.nan)
    return Interval(
        value, nowhere, low, high, np.array([n_eff if known else np.nan]), method, design
    )


MEAN_NEEDS_N = 30
LIMITS_NEED_N = 400
"""Answers from which a mean of numbers has limits.

Whether a number is skewed shows only if its tail was drawn. Below 400 answers, samples that look
even enough miss the truth in up to 18 % of the cases (measured over lognormal populations).
"""
SKEWED_BELOW = 1000
"""Up to this many answers limits of a skewed number (skewness above 1) are said to be narrow."""
SKEW_NEEDS = 50
"""Answers per squared skewness from which t limits of a mean are given.

Cochran 1977, section 2.15, asks for 25 with the skewness of the population; that of a sample is
too small where its tail was not drawn, so twice as many are asked for.
"""


@dataclass(frozen=True, slots=True)
class Sums:
    """n, and the sums of first, second and third powers of answers less some ``middle``."""

    n: float
    middle: float
    first: float
    second: float
    third: float

    @property
    def mean(self) -> float:
        """The mean answer."""
        return self.middle + self.first / self.n

    @property
    def variance(self) -> float:
        """The sample variance, divisor n - 1."""
        return max(self.second - self.first**2 / self.n, 0.0) / (self.n - 1)

    @property
    def skewness(self) -> float:
        """Fisher's third standardised moment; 0 where nothing varies."""
        d, spread = self.first / self.n, self.second / self.n - (self.first / self.n) ** 2
        third = self.third / self.n - 3 * d * self.second / self.n + 2 * d**3
        return third / spread**1.5 if spread > 1e-12 else 0.0

    @property
    def narrow(self) -> bool:
        """Whether limits hold less often than they say, because the answers are skewed."""
        return abs(self.skewness) > 1 and self.n < SKEWED_BELOW

    @property
    def holds(self) -> bool:
        """Whether t limits hold: enough answers for how skewed they are."""
        return self.n >= MEAN_NEEDS_N and self.n > SKEW_NEEDS * self.skewness**2


def number_mean(design: Census, sums: Sums, N: float, level: float = LEVEL) -> Interval:
    """The mean of a typed number with t limits for a finite population, shape (1,).

    Refused (nan and method "") below 30 answers and where n is at most 50 times the squared
    skewness; no limits below 400 answers, after a full count or where N < n. Source: Cochran
    1977, sections 2.8 and 2.15.

    >>> r = number_mean(Census(), Sums(400, 10, 200, 1700, 2400), 1600)
    >>> r.value.tolist(), r.se.round(3).tolist(), r.method.tolist()
    ([10.5], [0.087], ['t_fpc'])
    """
    known = sums.n > 1 and sums.holds
    limited = known and sums.n >= LIMITS_NEED_N and not sums.n >= N and sums.variance > 0
    factor = 1.0 if np.isnan(N) else max(1 - sums.n / N, 0.0)
    se = float(np.sqrt(factor * sums.variance / sums.n)) if limited else np.nan
    half = float(stats.t.ppf((1 + level) / 2, sums.n - 1)) * se if limited else np.nan
    value = sums.mean if known else np.nan
    method = ("t" if np.isnan(N) else "t_fpc") if limited else ""
    method = "full_count" if known and sums.n == N else method
    numbers = (np.array([x]) for x in (value, se, value - half, value + half))
    v, s, low, high = numbers
    return Interval(v, s, low, high, np.full(1, np.nan), np.array([method]), design)

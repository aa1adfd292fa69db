"""Quantiles of numbers and dates from classes, so that no single answer is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy
from numpy.typing import ArrayLike

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
    half = (
        scipy.stats.norm.ppf((1 + level) / 2) * np.sqrt(share * (1 - share) / n_eff) if known else 0
    )
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
VALUE_SKEW_NEEDS = 50
"""Answers per squared skewness from which a mean without limits is given at all."""
SKEW_NEEDS = 10
"""Answers per squared skewness from which limits of a mean are given, for each of two measures."""


@dataclass(frozen=True, slots=True)
class Sums:
    """n, and the sums of first, second and third powers of answers less some ``middle``.

    ``lean`` is the quartile skewness of the answers in hundredths.
    """

    n: float
    middle: float
    first: float
    second: float
    third: float
    lean: float = 0.0

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
    def expected_skewness(self) -> float:
        """The skewness of the lognormal distribution whose quartiles lean as the answers do.

        It does not hang on whether the farthest answers happened to come in.

        >>> round(Sums(400, 0, 0, 0, 0, 20).expected_skewness, 2)
        2.27
        """
        sigma = 2 * np.arctanh(min(abs(self.lean), 99.0) / 100) / _quartile()
        size = (np.exp(sigma**2) + 2) * np.sqrt(np.expm1(sigma**2))
        return float(np.copysign(size, self.lean))

    @property
    def corrected_skewness(self) -> float:
        """The skewness that limits are corrected for: the larger one of two that agree in sign."""
        own, expected = self.skewness, self.expected_skewness
        return max(own, expected, key=abs) if own * expected > 0 else own

    @property
    def holds(self) -> bool:
        """Whether a mean is given: enough answers for how skewed they are."""
        needs = SKEW_NEEDS if self.n >= LIMITS_NEED_N else VALUE_SKEW_NEEDS
        return self.n >= MEAN_NEEDS_N and self.n > needs * self.skewness**2

    @property
    def limited(self) -> bool:
        """Whether a mean has limits: enough answers for how their quartiles lean, too."""
        enough = self.holds and self.n >= LIMITS_NEED_N
        return enough and self.n > SKEW_NEEDS * self.expected_skewness**2


@cache
def _quartile() -> float:
    """The upper quartile of a standard normal; asked late, because scipy takes long to load."""
    return float(scipy.special.ndtri(0.75))


def number_mean(design: Census, sums: Sums, N: float, level: float = LEVEL) -> Interval:
    """The mean of a typed number with limits corrected for skewness, shape (1,).

    Hall's monotone cubic of the t statistic, with both terms of its skewness for a sample without
    replacement. Refused (nan and method "") below 30 answers and where n is too small for the
    skewness (:attr:`Sums.holds`); no limits below 400 answers, where the quartiles lean too far
    (:attr:`Sums.limited`), after a full count or where N < n. Sources: Hall 1992; Babu and Singh
    1985; Cochran 1977, section 2.15.

    >>> r = number_mean(Census(), Sums(400, 10, 200, 1700, 2400), 1600)
    >>> r.value.tolist(), r.se.round(3).tolist(), r.method.tolist()
    ([10.5], [0.087], ['skewness_fpc'])
    """
    known = sums.n > 1 and sums.holds
    limited = known and sums.limited and not sums.n >= N and sums.variance > 0
    rest = 1.0 if np.isnan(N) else max(1 - sums.n / N, 0.0)
    value = sums.mean if known else np.nan
    se, low, high = np.nan, np.nan, np.nan
    if limited:
        se = float(np.sqrt(rest * sums.variance / sums.n))
        t = float(scipy.special.stdtrit(sums.n - 1, (1 + level) / 2))
        low, high = (value - se * _uncorrected(sums, rest, x) for x in (t, -t))
    method = ("skewness" if np.isnan(N) else "skewness_fpc") if limited else ""
    method = "full_count" if known and sums.n == N else method
    v, s, lower, upper = (np.array([x]) for x in (value, se, low, high))
    return Interval(v, s, lower, upper, np.full(1, np.nan), np.array([method]), design)


def _uncorrected(sums: Sums, rest: float, x: float) -> float:
    """The t statistic whose cubic transform is ``x``: T + A T² + A² T³/3 + B solved for T."""
    skewness = sums.corrected_skewness / np.sqrt(sums.n)
    of_mean = skewness * (2 * rest - 1) / np.sqrt(rest)
    with_variance = skewness * np.sqrt(rest)
    a, b = float(with_variance / 2 - of_mean / 6), float(of_mean / 6)
    if abs(a) < 1e-9:
        return x - b
    solved: float = (np.cbrt(1 + 3 * a * (x - b)) - 1) / a
    return solved

"""Shares: exact coverage, summed over every possible sample; nothing is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from calibrated import FULL, found
from scipy import stats

from reports.estimators.design import Census, Interval
from reports.estimators.share_options import clopper_pearson, goodman
from reports.estimators.shares import share_interval

CENSUS, UNKNOWN = Census(), float("nan")

SCORE = [
    (30, 400), (100, 400), (100, None), (250, 900), (399, 1200), (400, 1200), (400, None),
    (900, 3000), (1000, 3000), (1000, None), (3000, 9000),
]  # fmt: skip
MORE_SCORE = [
    (30, 201), (30, None), (45, 300), (60, 250), (101, 201), (150, 260), (200, 2000), (300, 401),
    (399, None), (500, 700), (700, 22000), (999, 1999), (2000, 2200), (5430, 22000),
]  # fmt: skip
EXACT = [(10, 30), (12, 200), (29, 1000), (60, 150), (150, 200), (350, 400)]
MORE_EXACT = [(1, 2), (5, 18), (10, 5000), (29, 22000), (100, 199), (199, 200), (900, 999)]


def covered(interval: Interval, n: int, N: int | None, share: float) -> float:
    """Probability that the limits hold a share: both limits grow with x, so it is one stretch."""
    K = 0 if N is None else round(share * N)
    true = share if N is None else K / N
    inside = np.flatnonzero((interval.low <= true + 1e-12) & (true <= interval.high + 1e-12))
    if inside.size == 0:
        return 0.0
    assert inside[-1] - inside[0] + 1 == inside.size
    draw = stats.binom(n, share) if N is None else stats.hypergeom(N, K, n)
    below, upto = draw.cdf(np.array([inside[0] - 1, inside[-1]]))
    return float(upto - below)


def least(n: int) -> float:
    return 0.87 if n < 400 else 0.915 if n < 1000 else 0.93


@pytest.mark.parametrize(("n", "N"), SCORE + (MORE_SCORE if FULL else []))
def test_score_limits_hold_95_percent_on_average_and_nowhere_far_less(
    n: int, N: int | None
) -> None:
    limits = share_interval(CENSUS, np.arange(n + 1), n, UNKNOWN if N is None else N)
    held = np.array([covered(limits, n, N, p) for p in np.linspace(0.02, 0.98, 97)])
    found(f"wilson {n} of {N}", mean=held.mean(), least=held.min())
    assert 0.945 <= held.mean() <= 0.965
    assert held.min() >= least(n)


@pytest.mark.parametrize(("n", "N"), EXACT + (MORE_EXACT if FULL else []))
def test_exact_limits_never_hold_less_than_95_percent(n: int, N: int) -> None:
    limits = share_interval(CENSUS, np.arange(n + 1), n, N)
    points = np.unique(np.linspace(0, 1, min(N, 400) + 1))
    held = np.array([covered(limits, n, N, p) for p in points])
    found(f"hypergeometric {n} of {N}", mean=held.mean(), least=held.min())
    assert held.min() >= 0.95 - 1e-12


@pytest.mark.parametrize("n", [10, 40, 200])
def test_clopper_pearson_without_a_headcount_never_holds_less_than_95_percent(n: int) -> None:
    limits = clopper_pearson(CENSUS, np.arange(n + 1), n, UNKNOWN)
    held = np.array([covered(limits, n, None, p) for p in np.linspace(0.001, 0.999, 500)])
    assert held.min() >= 0.95 - 1e-12


def test_all_shares_of_a_question_hold_together() -> None:
    rng, people = np.random.default_rng(11), np.array([700, 500, 400, 250, 150])
    counts = rng.multivariate_hypergeometric(people, 500, size=4000)
    limits = goodman(CENSUS, counts, np.full(4000, 2000))
    inside = (limits.low <= people / 2000) & (people / 2000 <= limits.high)
    held = inside.all(axis=1).mean()
    found("goodman 500 of 2000", together=held)
    assert 0.945 <= held <= 0.985

"""Post-stratified and raked estimates over samples of one finite population with known truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import calibrated
import numpy as np
import pytest
from calibrated import draws, found
from numpy.typing import NDArray
from scipy import stats

from reports.assembly.weighted import weighted_t
from reports.estimators.design import Census
from reports.estimators.paired import box_correlation, changed_p, weighted_gap
from reports.estimators.shares import korn_graubard
from reports.raking import Margin, collapsed, rake, raked_means
from reports.weights import Weighted, collapse, pool, weighted_shares

CENSUS = Census()
SHAPE = (8, 2, 3)
SCORES = np.arange(1, 6)
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@lru_cache(maxsize=1)
def population() -> Ints:
    """9,000 people: 48 cells of department, workplace and age by five answers."""
    rng = np.random.default_rng(2024)
    sizes = rng.dirichlet(np.full(48, 3.0)) * 9000
    place = np.indices(SHAPE).reshape(3, 48)
    mean = 2.6 + 0.1 * place[0] + 0.7 * place[1] - 0.25 * place[2] + rng.normal(0, 0.15, 48)
    weight = np.exp(-((SCORES[None, :] - mean[:, None]) ** 2) / 2.2)
    p = weight / weight.sum(axis=1, keepdims=True)
    out: Ints = np.round(sizes[:, None] * p).astype(np.int64) + 1
    return out


def samples(size: int, *, differential: bool) -> Ints:
    """Answers of about a tenth, (size, cells, answers): at random, or by workplace and age."""
    rng, people = np.random.default_rng(77), population()
    if not differential:
        flat = rng.multivariate_hypergeometric(people.ravel(), 900, size, method="marginals")
        return flat.reshape(size, 48, 5).astype(np.int64)
    place = np.indices(SHAPE).reshape(3, 48)
    rate = np.array([0.16, 0.05])[place[1]] * np.array([1.0, 0.8, 1.3])[place[2]]
    drawn = [
        rng.multivariate_hypergeometric(cell, max(round(cell.sum() * r), 3), size)
        for cell, r in zip(people, rate, strict=True)
    ]
    return np.stack(drawn, axis=1).astype(np.int64)


def true_values() -> tuple[float, float]:
    total = population().sum(axis=0)
    return float(total @ SCORES / total.sum()), float(total[3:].sum() / total.sum())


def holds(found_: Weighted) -> tuple[bool, bool]:
    """Whether the true mean and the true share lie in their intervals."""
    mean, share = true_values()
    both = found_.combined(np.stack([SCORES, SCORES >= 4]))
    t = weighted_t(CENSUS, both, (1.0, 5.0))
    p = both.precision
    kg = korn_graubard(CENSUS, both.value[1], both.variance[1], p.n, p.N, p.deff, p.df)
    return bool(t.low[0] <= mean <= t.high[0]), bool(kg.low[0] <= share <= kg.high[0])


def post_stratified(counts: Ints) -> Weighted:
    people = population().sum(axis=1).astype(float)
    groups = collapse(counts.sum(axis=1))
    return weighted_shares(pool(groups, counts), pool(groups, people))


def raked(counts: Ints) -> Weighted:
    place, people = np.indices(SHAPE).reshape(3, 48), population().sum(axis=1).astype(float)
    n = counts.sum(axis=1)
    margins = [collapsed(Margin(of, pool(of, people)), n) for of in place]
    weights = rake(n, margins)
    assert weights.reason == ""
    return raked_means(weights, counts, np.eye(5))


@pytest.mark.parametrize("differential", [False, True], ids=["random", "differential"])
@pytest.mark.parametrize("method", [post_stratified, raked])
def test_weighted_intervals_hold_the_truth_of_a_finite_population(
    method: Callable[[Ints], Weighted], *, differential: bool
) -> None:
    size = draws(300, 1500)
    held = np.array([holds(method(one)) for one in samples(size, differential=differential)])
    mean, share = held[:, 0].mean(), held[:, 1].mean()
    name = f"{getattr(method, '__name__', method)} {'differential' if differential else 'random'}"
    found(name, mean=mean, share=share)
    noise = 2 * np.sqrt(0.95 * 0.05 / size)
    assert 0.94 - noise / 2 <= mean <= 0.96 + noise / 2
    assert share >= 0.94 - noise / 2


def test_without_weights_differential_response_misses_the_truth() -> None:
    mean, _ = true_values()
    total = samples(200, differential=True).sum(axis=1)
    n = total.sum(axis=1)
    plain = total @ SCORES / n
    spread = np.sqrt((total @ SCORES**2 / n - plain**2) / n)
    z = stats.norm.ppf(0.975)
    held = np.abs(plain - mean) <= z * spread
    found("unweighted under differential response", mean=held.mean())
    assert held.mean() < 0.5


def _two_answers(size: int) -> tuple[NDArray[np.float64], Ints]:
    """Samples (size, cells, 2 x 2) of two yes-no answers of the same people, and the population.

    Cells differ in how they answer, in how often they answer, and so does the correlation.
    """
    rng, cells = np.random.default_rng(8), 12
    people = np.linspace(150, 1500, cells)
    one, other = np.linspace(0.3, 0.8, cells), np.linspace(0.45, 0.6, cells)
    both = one * other + np.linspace(0.2, 0.5, cells) * np.sqrt(
        one * (1 - one) * other * (1 - other)
    )
    p = np.stack([1 - one - other + both, other - both, one - both, both], axis=1)
    counts = np.rint(people[:, None] * p).astype(np.int64)
    rate = np.linspace(0.12, 0.35, cells)
    drawn = [
        rng.multivariate_hypergeometric(cell, round(float(cell.sum()) * r), size)
        for cell, r in zip(counts, rate, strict=True)
    ]
    return np.stack(drawn, axis=1).astype(float), counts


def test_the_weighted_difference_of_two_answers_of_the_same_people_holds_the_truth() -> None:
    size = draws(1000, 5000)
    samples, people = _two_answers(size)
    total = people.sum(axis=0)
    true = (total[1] - total[2]) / total.sum()
    one, other = np.array([0.0, 0, 1, 1]), np.array([0.0, 1, 0, 1])
    held = 0
    for counts in samples:
        both = weighted_shares(counts, people.sum(axis=1)).combined([one, other])
        steps = np.kron(counts.sum(axis=0).reshape(2, 2), np.ones((2, 2)) / 4)
        r = box_correlation(steps, [1, 2, 3, 4])
        cost = both.precision
        found, _ = weighted_gap(CENSUS, both.value, both.variance, r, cost.df, cost.n_eff)
        held += bool(found.low[0] <= true <= found.high[0])
    noise = 2 * np.sqrt(0.95 * 0.05 / size)
    calibrated.found("weighted gap", held=held / size)
    assert 0.94 - noise <= held / size <= 0.97 + noise


@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_changed_answers_are_seldom_taken_for_a_difference(alpha: float) -> None:
    rng, size = np.random.default_rng(9), draws(20000, 200000)
    for n, N, share in ((40, 120, 0.2), (300, 900, 0.1), (300, 20000, 0.5)):
        moved = round(N * share / 2)
        drawn = rng.multivariate_hypergeometric([moved, moved, N - 2 * moved], n, size)
        p = changed_p(drawn[:, 0], drawn[:, 1], n, N)
        rate = float((p < alpha).mean())
        calibrated.found(f"changed answers, {n} of {N}, {alpha}", rate=rate)
        assert rate <= alpha + 3 * np.sqrt(alpha / size)

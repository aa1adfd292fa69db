"""Means: what the t interval holds where it is offered, drawn as answer counts, not persons."""

from __future__ import annotations

import numpy as np
import pytest
from calibrated import FULL, draws, found

from reports.classes import sums
from reports.estimators.design import Census, Floats
from reports.estimators.quantiles import LIMITS_NEED_N, Sums, number_mean
from reports.estimators.ratings import mean_holds, mean_interval, median_interval, medians

SCORES = np.arange(1, 6)
SHAPES = {
    "symmetric": (10, 20, 40, 20, 10),
    "flat": (20, 20, 20, 20, 20),
    "two ends": (45, 5, 0, 5, 45),
    "skewed": (4, 8, 16, 28, 44),
    "60 % at one end": (60, 20, 10, 6, 4),
    "80 % at one end": (80, 10, 5, 3, 2),
}
SIZES = (30, 50, 100, 200, 400, 1000)


@pytest.mark.parametrize("finite", [True, False], ids=["finite", "endless"])
@pytest.mark.parametrize("shape", SHAPES)
def test_means_hold_94_to_96_percent_where_they_are_offered(shape: str, *, finite: bool) -> None:
    rng, size = np.random.default_rng(3), draws(4000, 20000)
    p = np.array(SHAPES[shape]) / 100
    for n in SIZES if FULL else SIZES[::2]:
        if not mean_holds(n, p.max())[0]:
            continue
        people = np.round(p * 3 * n).astype(int)
        if finite:
            k = rng.multivariate_hypergeometric(people, n, size)
            true, N = float(people @ SCORES / people.sum()), float(people.sum())
        else:
            k, true, N = rng.multinomial(n, p, size), float(p @ SCORES), float("nan")
        i = mean_interval(Census(), k, SCORES, np.full(size, N))
        offered = i.method != ""
        held = (i.low <= true) & (true <= i.high) & offered
        found(
            f"mean {shape}, n {n}, {'finite' if finite else 'endless'}",
            held=held.sum() / offered.sum(),
        )
        noise = 2 * np.sqrt(0.95 * 0.05 / offered.sum())
        if offered.mean() > 0.97:
            assert 0.94 - noise <= held.sum() / offered.sum() <= 0.96 + noise


def test_means_are_refused_where_they_would_not_hold() -> None:
    for n, share in ((10, 0.3), (29, 0.3), (30, 0.6), (99, 0.5), (100, 0.8), (5000, 0.9)):
        assert not mean_holds(n, share)[0]
    rng = np.random.default_rng(4)
    k = rng.multinomial(30, [0.9, 0.04, 0.03, 0.02, 0.01], 4000)
    assert (mean_interval(Census(), k, SCORES, np.full(4000, np.nan)).method == "").mean() > 0.99


@pytest.mark.parametrize(("n", "N"), [(10, 30), (40, 120), (200, 600), (200, None)])
def test_medians_hold_at_least_95_percent_whatever_the_shape(n: int, N: int | None) -> None:
    rng, size = np.random.default_rng(5), draws(4000, 40000)
    fine = np.arange(1, 61)
    for name, p, scale in (
        ("steps", np.array(SHAPES["symmetric"]) / 100, SCORES),
        ("many values", np.full(60, 1 / 60), fine),
    ):
        people = np.round(p * (N or 6000)).astype(int)
        people[-1] += (N or 6000) - people.sum()
        if N is None:
            k, known = rng.multinomial(n, people / people.sum(), size), np.nan
        else:
            k, known = rng.multivariate_hypergeometric(people, n, size), float(N)
        true = medians(people[None], scale)[0]
        i = median_interval(Census(), k, scale, np.full(size, known))
        held = float(((i.low <= true) & (true <= i.high)).mean())
        found(f"median of {name}, {n} of {N}", held=held)
        assert held >= 0.95 - 2 * np.sqrt(0.95 * 0.05 / size)


@pytest.mark.parametrize("spread", [0.3, 0.8, 1.0, 1.2])
@pytest.mark.parametrize("n", [200, 400, 1000, 3000])
def test_means_of_numbers_hold_94_to_96_percent_where_they_are_offered(
    n: int, spread: float
) -> None:
    """Lognormal numbers, a quarter of 12 populations each; spread 1.2 is skewness 11."""
    rng, populations = np.random.default_rng(6), 12
    size = draws(60, 400)
    held = offered = 0
    for _ in range(populations):
        people = np.rint(np.exp(rng.normal(4, spread, 4 * n)))
        kinds, number = np.unique(people, return_counts=True)
        k = rng.multivariate_hypergeometric(number, n, size, method="marginals").astype(float)
        powers = (np.stack([kinds**i for i in range(4)]) @ k.T).T
        for one, leaning in zip(powers, leans(kinds, k), strict=True):
            i = number_mean(Census(), Sums(one[0], 0.0, one[1], one[2], one[3], leaning), 4.0 * n)
            offered += i.method[0] != ""
            held += bool(i.low[0] <= people.mean() <= i.high[0])
    share = offered / size / populations
    found(f"mean of numbers, n {n}, spread {spread}", held=held / max(offered, 1), offered=share)
    if n < LIMITS_NEED_N:
        assert offered == 0
        return
    noise = 2 * np.sqrt(0.95 * 0.05 / max(offered, 1))
    assert offered == 0 or 0.94 - noise <= held / offered <= 0.96 + noise
    assert share > 0.97 or spread > 0.3


def leans(kinds: Floats, k: Floats) -> list[float]:
    """Quartile skewness in hundredths of counts (draws, kinds), as the gate rounds it."""
    above = np.cumsum(k, axis=1)
    row, ends = np.arange(len(k)), []
    for share in (0.25, 0.5, 0.75):
        at = (above >= share * above[:, -1:] - 1e-9).argmax(axis=1)
        inside = (share * above[:, -1] - above[row, at] + k[row, at]) / k[row, at]
        ends.append(kinds[at] + inside)
    first, middle, third = ends
    found: list[float] = np.rint(100 * (first + third - 2 * middle) / (third - first)).tolist()
    return found


def test_the_lean_of_counts_is_that_of_the_answers() -> None:
    values = np.random.default_rng(1).exponential(9, 300).astype(np.int64)
    kinds, k = np.unique(values, return_counts=True)
    assert leans(kinds.astype(float), k[None].astype(float)) == [sums(values, 10)[0, 5]]

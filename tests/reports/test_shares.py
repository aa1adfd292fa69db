"""Share intervals: exact coverage by enumeration, exact limits by brute force, edge cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reports.errors import EstimateError
from reports.estimators.design import Census, Interval, OptIn, design_of
from reports.estimators.shares import (
    finite_n,
    korn_graubard,
    newcombe,
    share_interval,
    share_variance,
)
from survey.study import Access, OpeningRule, Regime, Study

UNKNOWN = float("nan")
CENSUS = Census()


def study(regime: Regime) -> Study:
    return Study("s", "S", regime, Access.CODES, OpeningRule.ALL, "alle", None, None)


def coverage(n: int, N: int | None, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Exact coverage at each true share: a finite sum over all possible samples."""
    x = np.arange(n + 1)
    found = share_interval(CENSUS, x, n, UNKNOWN if N is None else N)
    out = []
    for share in shares:
        K = round(share * N) if N else 0
        true = K / N if N else share
        pmf = stats.binom.pmf(x, n, share) if N is None else stats.hypergeom.pmf(x, N, K, n)
        inside = (found.low <= true + 1e-12) & (true <= found.high + 1e-12)
        out.append(pmf[inside].sum())
    return np.array(out)


@pytest.mark.parametrize(
    ("n", "N", "least"),
    [(30, 400, 0.87), (100, 400, 0.87), (100, None, 0.87), (400, 1200, 0.915), (1000, 3000, 0.93),
     (1000, None, 0.93)],
)  # fmt: skip
def test_score_limits_cover_95_percent_on_average(n: int, N: int | None, least: float) -> None:
    covered = coverage(n, N, np.linspace(0.02, 0.98, 97))
    assert 0.945 <= covered.mean() <= 0.965
    assert covered.min() >= least


@pytest.mark.parametrize(("n", "N"), [(10, 30), (12, 200), (29, 5000), (60, 150), (350, 400)])
def test_exact_limits_never_cover_less_than_95_percent(n: int, N: int) -> None:
    assert coverage(n, N, np.linspace(0, 1, min(N, 200) + 1)).min() >= 0.95 - 1e-12


@pytest.mark.parametrize(("n", "N"), [(10, 30), (17, 40), (60, 150)])
def test_exact_limits_are_those_of_trying_every_population(n: int, N: int) -> None:
    x = np.arange(n + 1)
    found = share_interval(CENSUS, x, n, N)
    for k in x:
        K = np.arange(k, N - n + k + 1)
        fits = (stats.hypergeom.sf(k - 1, N, K, n) > 0.025) & (
            stats.hypergeom.cdf(k, N, K, n) > 0.025
        )
        assert found.low[k] == pytest.approx(K[fits].min() / N, abs=1e-12)
        assert found.high[k] == pytest.approx(K[fits].max() / N, abs=1e-12)


def test_a_unanimous_group_of_a_large_unit_has_exact_limits() -> None:
    found = share_interval(CENSUS, [0, 5000], 5000, 22000)
    assert found.method.tolist() == ["hypergeometric"] * 2
    K = round(found.high[0] * 22000)
    assert stats.hypergeom.cdf(0, 22000, K, 5000) > 0.025
    assert stats.hypergeom.cdf(0, 22000, K + 1, 5000) <= 0.025
    assert found.low[1] == pytest.approx(1 - found.high[0])


def test_without_headcount_the_limits_are_those_of_statsmodels() -> None:
    x = np.arange(0, 51)
    found = share_interval(CENSUS, x, 50, UNKNOWN)
    low, high = proportion_confint(x, 50, method="wilson")
    assert set(found.method) == {"wilson"}
    np.testing.assert_allclose(found.low, np.clip(low, 0, 1), atol=1e-12)
    np.testing.assert_allclose(found.high, np.clip(high, 0, 1), atol=1e-12)


def test_with_headcount_the_limits_are_statsmodels_wilson_at_the_effective_n() -> None:
    found = share_interval(CENSUS, [120, 300], 400, 1200)
    m = 400 * 1199 / 800
    low, high = proportion_confint(np.array([0.3, 0.75]) * m, m, method="wilson")
    np.testing.assert_allclose(found.low, low, atol=1e-12)
    np.testing.assert_allclose(found.high, high, atol=1e-12)


def test_the_standard_error_is_exact_over_all_samples() -> None:
    N, K, n = 40, 13, 12
    x = np.arange(n + 1)
    pmf = stats.hypergeom.pmf(x, N, K, n)
    true = (pmf * (x / n - K / N) ** 2).sum()
    assert (pmf * share_variance(x, n, N)).sum() == pytest.approx(true, rel=1e-12)


def test_a_full_count_has_no_limits_and_says_so() -> None:
    found = share_interval(CENSUS, [30], [60], [60])
    assert found.method.tolist() == ["full_count"]
    assert np.isnan(found.low).all()
    assert np.isnan(found.se).all()
    assert found.value.tolist() == [0.5]


def test_a_wrong_headcount_and_an_empty_base_have_no_limits() -> None:
    found = share_interval(CENSUS, [30, 0], [60, 0], [50, 50])
    assert found.method.tolist() == ["", ""]
    assert np.isnan(found.high).all()


def test_one_answer_short_of_a_full_count_the_limits_still_hold_the_share() -> None:
    found = share_interval(CENSUS, 1, 79, 80)
    assert (found.low[0], found.high[0]) == (1 / 80, 1 / 79)


@given(st.integers(1, 300), st.data())
def test_limits_contain_the_share_and_stay_between_0_and_1(n: int, data: st.DataObject) -> None:
    x = data.draw(st.integers(0, n))
    N = data.draw(st.one_of(st.just(UNKNOWN), st.integers(n + 1, 5 * n + 50).map(float)))
    found = share_interval(CENSUS, x, n, N)
    assert 0 <= found.low[0] <= found.value[0] <= found.high[0] <= 1


@given(st.integers(2, 300), st.data())
def test_the_limits_of_the_opposite_answer_mirror_them(n: int, data: st.DataObject) -> None:
    x, N = data.draw(st.integers(0, n)), data.draw(st.integers(n + 1, 4 * n + 10))
    one, other = share_interval(CENSUS, x, n, N), share_interval(CENSUS, n - x, n, N)
    assert one.low[0] == pytest.approx(1 - other.high[0], abs=1e-12)


@given(st.integers(2, 200), st.integers(0, 200), st.integers(0, 400))
def test_doubling_sample_and_population_scales_the_variance(n: int, x: int, extra: int) -> None:
    x, N = min(x, n), n + extra + 1
    one, two = share_variance(x, n, N)[0], share_variance(2 * x, 2 * n, 2 * N)[0]
    assert two == pytest.approx(one * (n - 1) / (2 * n - 1), rel=1e-12)


def test_korn_graubard_with_equal_weights_is_clopper_pearson() -> None:
    x, n = np.arange(1, 100), 100
    p = x / n
    found = korn_graubard(CENSUS, p, p * (1 - p) / n, n, UNKNOWN, 1.0, n - 1)
    low, high = proportion_confint(x, n, method="beta")
    np.testing.assert_allclose(found.low, low, atol=1e-9)
    np.testing.assert_allclose(found.high, high, atol=1e-9)


def test_korn_graubard_is_cut_at_the_effective_n_of_the_finite_population() -> None:
    tiny = korn_graubard(CENSUS, 0.4, 1e-9, 400, 1200, 1.0, 399)
    m = finite_n(400, 1200)[0]
    low, high = proportion_confint(0.4 * m, m, method="beta")
    assert (tiny.low[0], tiny.high[0]) == pytest.approx((low, high))


def test_korn_graubard_of_unanimous_cells_uses_kish() -> None:
    found = korn_graubard(CENSUS, [1.0, 0.0], 0.0, 90, 1000, 1.5, 80)
    assert found.low[0] == pytest.approx(0.025 ** (1 / 60))
    assert (found.high[0], found.low[1]) == (1.0, 0.0)
    assert found.high[1] == pytest.approx(1 - found.low[0])
    assert found.n_eff.tolist() == [60, 60]


def test_newcombe_without_headcounts_is_that_of_statsmodels() -> None:
    found = newcombe(CENSUS, (56, 48), (70, 80), (UNKNOWN, UNKNOWN))
    low, high = confint_proportions_2indep(56, 70, 48, 80, method="newcomb")
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=1e-12)


def test_newcombe_narrows_with_the_finite_population() -> None:
    wide = newcombe(CENSUS, (56, 48), (70, 80), (UNKNOWN, UNKNOWN))
    narrow = newcombe(CENSUS, (56, 48), (70, 80), (90, 100))
    assert narrow.high[0] - narrow.low[0] < 0.6 * (wide.high[0] - wide.low[0])


@pytest.mark.parametrize("regime", [Regime.OPEN_PARTICIPATION, Regime.SELF_SELECTED_READING])
def test_no_interval_can_be_made_for_an_opt_in_study(regime: Regime) -> None:
    design = design_of(study(regime))
    assert isinstance(design, OptIn)
    with pytest.raises(EstimateError):
        share_interval(design, 3, 10, 30)  # type: ignore[arg-type]
    nothing = np.zeros(1)
    with pytest.raises(EstimateError):
        Interval(nothing, nothing, nothing, nothing, nothing, np.array([""]), design)  # type: ignore[arg-type]
    with pytest.raises(EstimateError):
        Census(regime)


def test_a_probability_sample_is_refused() -> None:
    with pytest.raises(EstimateError):
        design_of(study(Regime.PROBABILITY_SAMPLE))

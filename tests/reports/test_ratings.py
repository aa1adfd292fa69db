"""Rating scales against direct computation on answers, and the coverage of net agreement."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from reports.estimators.design import Census
from reports.estimators.ratings import (
    boxes,
    mean_interval,
    means,
    medians,
    net_interval,
    net_variance,
)

CENSUS = Census()
UNKNOWN = float("nan")
SCORES = np.array([1, 2, 3, 4, 5])

counts = st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(lambda k: sum(k) > 1)


def answers(k: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.repeat(SCORES, k)


@given(counts)
def test_means_and_medians_are_those_of_the_answers(k: list[int]) -> None:
    found, raw = means([k], SCORES), answers(k)
    assert found.mean[0] == pytest.approx(raw.mean())
    assert found.variance[0] == pytest.approx(raw.var(ddof=1), abs=1e-9)
    assert medians([k], SCORES)[0] == np.median(raw)


@given(counts)
def test_the_variance_of_net_agreement_is_that_of_plus_one_zero_minus_one(k: list[int]) -> None:
    n = sum(k)
    values = np.repeat([-1, -1, 0, 1, 1], k)
    found = net_variance(k[3] + k[4], k[0] + k[1], n, UNKNOWN)
    assert found[0] == pytest.approx(values.var(ddof=1) / n, abs=1e-12)


def test_the_mean_has_the_t_limits_of_statsmodels() -> None:
    k = [10, 20, 30, 25, 15]
    found = mean_interval(CENSUS, [k], SCORES, [UNKNOWN])
    low, high = DescrStatsW(answers(k)).tconfint_mean()
    assert (found.low[0], found.high[0]) == pytest.approx((low, high), abs=1e-12)
    assert found.method.tolist() == ["t"]


def test_the_finite_population_shortens_the_limits_by_the_root_of_the_rest() -> None:
    k = [10, 20, 30, 25, 15]
    wide = mean_interval(CENSUS, [k], SCORES, [UNKNOWN])
    narrow = mean_interval(CENSUS, [k], SCORES, [400])
    ratio = (narrow.high - narrow.low) / (wide.high - wide.low)
    assert ratio[0] == pytest.approx(np.sqrt(0.75))
    assert narrow.method.tolist() == ["t_fpc"]


@pytest.mark.parametrize("k", [[3, 4, 5, 6, 7], [1, 1, 1, 2, 95]])
def test_the_mean_is_refused_where_its_interval_does_not_hold(k: list[int]) -> None:
    found = mean_interval(CENSUS, [k], SCORES, [1000])
    assert np.isnan(found.value).all()
    assert np.isnan(found.low).all()
    assert found.method.tolist() == [""]


def test_a_full_count_has_a_mean_without_limits() -> None:
    found = mean_interval(CENSUS, [[10, 20, 30, 25, 15]], SCORES, [100])
    assert found.method.tolist() == ["full_count"]
    assert found.value.tolist() == [3.15]
    assert np.isnan(found.low).all()


@given(counts, st.integers(0, 500))
def test_net_limits_contain_the_estimate(k: list[int], others: int) -> None:
    n = sum(k)
    found = net_interval(CENSUS, k[3] + k[4], k[0] + k[1], n, n + 1 + others)
    assert -1 <= found.low[0] <= found.value[0] <= found.high[0] <= 1


@pytest.mark.parametrize(("n", "N", "top", "bottom"), [
    (12, None, 0.5, 0.2), (30, None, 0.9, 0.03), (30, 90, 0.4, 0.3), (100, 150, 0.6, 0.1),
    (400, 1200, 0.3, 0.3),
])  # fmt: skip
def test_net_limits_cover(n: int, N: int | None, top: float, bottom: float) -> None:
    rng = np.random.default_rng(20270521)
    shares = np.array([bottom, 1 - top - bottom, top])
    if N is None:
        drawn, true = rng.multinomial(n, shares, 20_000), top - bottom
    else:
        K = np.round(shares * N).astype(int)
        K[1] = N - K[0] - K[2]
        drawn, true = rng.multivariate_hypergeometric(K, n, 20_000), (K[2] - K[0]) / N
    found = net_interval(CENSUS, drawn[:, 2], drawn[:, 0], n, N or UNKNOWN)
    covered = ((found.low <= true) & (true <= found.high)).mean()
    assert 0.935 <= covered <= 0.99


def test_a_unanimous_group_has_net_limits_wider_than_a_point() -> None:
    found = net_interval(CENSUS, 12, 0, 12, 60)
    assert found.low[0] < 0.9
    assert found.high[0] == 1.0


def test_a_scale_of_three_has_no_boxes_and_one_of_four_is_parted() -> None:
    assert boxes([1, 2, 3]) is None
    found = boxes([1, 2, 3, 4])
    assert found is not None
    assert (found[0] ^ found[1]).all()


def test_boxes_follow_scores_not_places() -> None:
    found = boxes([5, 4, 3, 2, 1])
    assert found is not None
    assert found[0].tolist() == [True, True, False, False, False]

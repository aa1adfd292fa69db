"""Groups against the rest: direct computation, exact invariances, family-wise error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reports.estimators.departments import (
    against_rest,
    claimed,
    holm,
    tail_p,
    with_residual,
)
from reports.estimators.design import Census
from reports.estimators.permutation import small_group_p
from reports.estimators.screening import permutation_p

CENSUS = Census()


def test_two_groups_of_infinite_size_are_welchs_test() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(0, 2, 40).astype(float), rng.integers(0, 2, 60).astype(float)
    sums = np.array([[a.sum()], [b.sum()]])
    found = against_rest(CENSUS, [40, 60], [1e12, 1e12], sums, sums)
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert found.p[0, 0] == pytest.approx(expected.pvalue, rel=1e-6)
    assert found.df[0, 0] == pytest.approx(expected.df, rel=1e-6)
    low, high = expected.confidence_interval(0.95)
    assert found.interval.low[0, 0] == pytest.approx(low, rel=1e-6)
    assert found.interval.high[0, 0] == pytest.approx(high, rel=1e-6)


def test_the_rest_is_weighted_by_headcount_and_leaves_the_group_out() -> None:
    found = against_rest(CENSUS, [20, 30, 50], [40, 300, 100], [[10], [3], [40]], [[10], [3], [40]])
    rest = (300 * 0.1 + 100 * 0.8) / 400
    assert found.interval.value[0, 0] == pytest.approx(0.5 - rest)


def test_the_variance_is_that_of_stratified_sampling() -> None:
    n, N, x = np.array([20, 30, 50]), np.array([40, 300, 100]), np.array([10, 3, 40])
    found = against_rest(CENSUS, n, N, x[:, None], x[:, None])
    p = x / n
    v = (1 - n / N) * p * (1 - p) / (n - 1)
    expected = v[0] + (300**2 * v[1] + 100**2 * v[2]) / 400**2
    assert found.interval.se[0, 0] == pytest.approx(np.sqrt(expected))


def test_merging_identical_groups_changes_no_difference_of_another() -> None:
    apart = against_rest(CENSUS, [40, 30, 30], [90, 100, 100], [[9], [20], [20]], [[9], [20], [20]])
    merged = against_rest(CENSUS, [40, 60], [90, 200], [[9], [40]], [[9], [40]])
    assert apart.interval.value[0, 0] == pytest.approx(merged.interval.value[0, 0])


def test_a_unanimous_group_is_not_certain() -> None:
    found = against_rest(CENSUS, [10, 500], [30, 1500], [[10], [400]], [[10], [400]])
    assert found.interval.se[0, 0] > 0.05
    assert 0.001 < found.p[0, 0] < 0.1


def test_unanimous_net_agreement_is_not_certain_either() -> None:
    found = against_rest(CENSUS, [10, 500], [30, 1500], [[10], [150]], [[10], [400]], (-1.0, 1.0))
    assert found.interval.se[0, 0] > 0.05


def test_a_full_count_of_everybody_is_certain() -> None:
    found = against_rest(CENSUS, [10, 50], [10, 50], [[10], [40]], [[10], [40]])
    assert found.p.tolist() == [[0.0], [0.0]]
    assert found.interval.method.tolist() == [["full_count"], ["full_count"]]
    assert np.isnan(found.interval.low).all()


@given(st.data())
def test_the_interval_contains_the_difference(data: st.DataObject) -> None:
    groups = data.draw(st.integers(2, 6))
    n = np.array(data.draw(st.lists(st.integers(2, 60), min_size=groups, max_size=groups)))
    extra = np.array(data.draw(st.lists(st.integers(0, 99), min_size=groups, max_size=groups)))
    x = np.array([data.draw(st.integers(0, int(size))) for size in n])
    found = against_rest(CENSUS, n, n + extra, x[:, None], x[:, None])
    i, limited = found.interval, ~np.isnan(found.interval.low)
    assert (i.low[limited] <= i.value[limited]).all()
    assert (i.value[limited] <= i.high[limited]).all()
    assert ((found.p >= 0) & (found.p <= 1)).all()


def test_holm_is_monotone_and_never_below_the_raw_value() -> None:
    raw = np.random.default_rng(2).uniform(size=200)
    adjusted = holm(raw)
    order = np.argsort(raw)
    assert (np.diff(adjusted[order]) >= 0).all()
    assert (adjusted >= raw).all()
    assert holm([]).size == 0


@pytest.mark.parametrize("response", [0.2, 1 / 3, 2 / 3])
@pytest.mark.parametrize("share", [0.1, 0.2, 0.4, 0.95])
def test_family_wise_error_of_60_departments_stays_at_5_percent(
    share: float, response: float
) -> None:
    rng = np.random.default_rng(20270521)
    N = np.maximum((np.geomspace(15, 6000, 60) / 20).round() * 20, 20)
    n = np.maximum((N * response).round(), 5).astype(int)
    K = (N * share).round().astype(int)
    replicates = 2000
    x = rng.hypergeometric(K, (N - K).astype(int), n, size=(replicates, 60)).T
    p = np.maximum(against_rest(CENSUS, n, N, x, x).p, tail_p(n, N, x))
    # Holm rejects anything at all exactly if it rejects the smallest of 60 p-values
    false = (p.min(axis=0) < 0.05 / 60).mean()
    assert false <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / replicates)


def test_tail_probabilities_against_a_huge_rest_are_those_of_the_binomial() -> None:
    found = tail_p([12, 10**9], [1e12, 1e15], [[11], [4 * 10**8]])
    expected = stats.binomtest(11, 12, 0.4, alternative="greater").pvalue
    assert found[0, 0] == pytest.approx(2 * expected, rel=1e-4)


def test_a_group_of_unknown_headcount_counts_as_what_is_left_of_the_total() -> None:
    n, N, sums, kept = with_residual(
        [40, 20, 30], [90, np.nan, 100], [[10], [9], [5]], 90, 250, [24]
    )
    assert kept.tolist() == [True, False, True]
    assert (n.tolist(), N.tolist(), sums.ravel().tolist()) == (
        [40, 30, 20],
        [90, 100, 60],
        [10, 5, 9],
    )


def test_people_without_statement_alone_are_left_out() -> None:
    n, N, _, _ = with_residual([40, 20], [90, np.nan], [[10], [9]], 60, 90, [19])
    assert (n.tolist(), N.tolist()) == ([40], [90])


def test_a_small_group_of_one_kind_is_judged_by_the_hypergeometric_law() -> None:
    p = small_group_p(CENSUS, [12, 80], [30, 200], [[10], [30]], [[0], [0]], [0, 1], [0, 0])
    draw = stats.hypergeom(92, 40, 12)
    x = np.arange(13)
    far = np.abs(x - draw.mean()) >= abs(10 - draw.mean()) - 1e-9
    assert p[0, 0] == pytest.approx(draw.pmf(x[far]).sum(), rel=1e-9)
    assert np.isnan(p[1, 0])


def test_net_agreement_of_one_kind_is_permuted_as_scores_are() -> None:
    p = small_group_p(CENSUS, [14, 60], [30, 150], [[9], [20]], [[2], [25]], [0, 1], [0, 0])
    expected = permutation_p(CENSUS, [2, 3, 9], [25, 15, 20], [-1, 0, 1])
    assert p[0, 0] == pytest.approx(expected, rel=1e-9)


def test_permutation_within_kinds_agrees_with_shuffling_people() -> None:
    rng = np.random.default_rng(4)
    n, N, group, kind = [6, 9, 30, 25], [20, 60, 90, 80], [0, 0, 1, 1], [0, 1, 0, 1]
    yes, no = np.array([4, 6, 8, 9]), np.array([1, 1, 12, 5])
    p = small_group_p(CENSUS, n, N, yes[:, None], no[:, None], group, kind)[0, 0]

    def shuffled() -> float:
        total = 0.0
        for own, other in ((0, 2), (1, 3)):
            pool = np.repeat(
                [1, -1, 0],
                [yes[[own, other]].sum(), no[[own, other]].sum(), 0],
            )
            pool = np.concatenate([pool, np.zeros(n[own] + n[other] - pool.size)])
            total += (
                N[own] / n[own] * (rng.permutation(pool)[: n[own]].sum() - n[own] * pool.mean())
            )
        return total

    middle = sum(
        N[a] / n[a] * ((yes[a] - no[a]) - n[a] * (yes[[a, b]] - no[[a, b]]).sum() / (n[a] + n[b]))
        for a, b in ((0, 2), (1, 3))
    )
    drawn = np.array([shuffled() for _ in range(6000)])
    simulated = float((np.abs(drawn) >= abs(middle) - 1e-9).mean())
    assert p == pytest.approx(simulated, abs=4 * np.sqrt(p * (1 - p) / 6000))


def test_kinds_that_differ_make_no_difference_between_groups() -> None:
    # nearly all of the small group work in the yard, where nearly everybody says no
    n, N, group, kind = [2, 20, 300, 40], [6, 60, 900, 120], [0, 0, 1, 1], [0, 1, 0, 1]
    yes = np.array([[2], [2], [270], [4]])
    assert small_group_p(CENSUS, n, N, yes, 0 * yes, group, kind)[0, 0] > 0.5
    assert small_group_p(CENSUS, n, N, yes, 0 * yes, group, [0, 0, 0, 0])[0, 0] < 1e-6


def test_small_groups_are_claimed_by_the_larger_of_welch_and_permutation() -> None:
    n, N, group, kind = [12, 80, 90], [30, 200, 200], [0, 1, 2], [0, 0, 0]
    yes = np.array([[10], [30], [40]])
    found = claimed(CENSUS, n, N, yes, group=group, kind=kind).p
    exact = small_group_p(CENSUS, n, N, yes, 0 * yes, group, kind)
    welch = against_rest(CENSUS, n, N, yes, yes).p
    assert found[0, 0] == pytest.approx(max(exact[0, 0], welch[0, 0]))
    assert found[1, 0] == claimed(CENSUS, n, N, yes).p[1, 0]

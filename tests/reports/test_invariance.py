"""What must not change, whatever the answers: labels, order of groups, doubled populations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reports.estimators import association, departments, paired, share_options
from reports.estimators.design import Census, Interval
from reports.estimators.ratings import mean_interval, means, medians, net_interval
from reports.estimators.shares import newcombe, share_interval
from reports.raking import Margin, rake, raked_means
from reports.weights import stratified, weighted_shares

CENSUS = Census()
SCORES = np.arange(1.0, 6.0)
Counts = NDArray[np.int64]

tables = arrays(np.int64, st.tuples(st.integers(2, 6), st.just(5)), elements=st.integers(0, 40))
orders = st.permutations(range(5))


def same(one: Interval, other: Interval, order: list[int] | slice = slice(None)) -> None:
    for name in ("value", "low", "high", "se"):
        first, second = getattr(one, name), getattr(other, name)
        np.testing.assert_allclose(first[..., order], second, rtol=1e-9, atol=1e-12)


def holds(interval: Interval) -> None:
    made = ~np.isnan(interval.low)
    assert (interval.low[made] <= interval.value[made] + 1e-12).all()
    assert (interval.value[made] <= interval.high[made] + 1e-12).all()


@given(tables, orders)
def test_relabelling_the_options_permutes_the_results(k: Counts, order: list[int]) -> None:
    n = k.sum(axis=1)
    N = n * 3.0 + 50
    moved = k[:, order]
    for method in (share_interval, share_options.clopper_pearson, share_options.agresti_coull):
        one = method(CENSUS, k, n[:, None], N[:, None])
        same(one, method(CENSUS, moved, n[:, None], N[:, None]), order)
    same(share_options.goodman(CENSUS, k, N), share_options.goodman(CENSUS, moved, N), order)
    scores = SCORES[order]
    same(mean_interval(CENSUS, k, SCORES, N), mean_interval(CENSUS, moved, scores, N))
    np.testing.assert_array_equal(medians(k, SCORES), medians(moved, scores))
    for first, second in (
        (association.chi_square(CENSUS, k), association.chi_square(CENSUS, moved)),
        (
            association.kruskal_wallis(CENSUS, k, SCORES),
            association.kruskal_wallis(CENSUS, moved, scores),
        ),
    ):
        assert (first.p is None) == (second.p is None)
        assert first.p is None or first.p == pytest.approx(second.p, rel=1e-9)


@given(tables)
def test_the_order_of_departments_changes_nothing(k: Counts) -> None:
    k = k + 2
    n, N = k.sum(axis=1), k.sum(axis=1) * 2.0 + 30
    x = k[:, 3:].sum(axis=1)[:, None]
    one = departments.claimed(CENSUS, n, N, x)
    two = departments.claimed(CENSUS, n[::-1], N[::-1], x[::-1])
    np.testing.assert_allclose(one.p, two.p[::-1], rtol=1e-9, atol=1e-12)
    a = association.rao_scott(CENSUS, k, N=N)
    b = association.rao_scott(CENSUS, k[::-1], N=N[::-1])
    assert a.p == pytest.approx(b.p, rel=1e-6, abs=1e-12)


@given(tables, st.integers(2, 5))
def test_merging_identical_departments_changes_no_total(k: Counts, more: int) -> None:
    k = k + 2
    N = k.sum(axis=1) * 3.0
    apart = np.concatenate([np.repeat(k[:1], more, axis=0), k[1:]])
    people = np.concatenate([np.repeat(N[:1], more), N[1:]])
    merged = np.concatenate([k[:1] * more, k[1:]])
    whole = np.concatenate([N[:1] * more, N[1:]])
    np.testing.assert_allclose(
        weighted_shares(apart, people).value, weighted_shares(merged, whole).value, rtol=1e-12
    )
    np.testing.assert_array_equal(apart.sum(axis=0), merged.sum(axis=0))
    group = np.concatenate([np.zeros(more, dtype=int), np.arange(1, len(k))])
    x, y = (t[:, 3:].sum(axis=1)[:, None] for t in (apart, merged))
    by_cell = departments.against_rest(CENSUS, apart.sum(axis=1), people, x, x, group=group)
    plain = departments.against_rest(CENSUS, merged.sum(axis=1), whole, y, y)
    np.testing.assert_allclose(by_cell.interval.value, plain.interval.value, atol=1e-12)


@given(arrays(np.int64, 5, elements=st.integers(0, 60)), st.integers(1, 500))
def test_doubling_answers_and_people_scales_the_variance_of_a_mean(k: Counts, more: int) -> None:
    n = int(k.sum())
    assume(n > 2)
    N = n + more
    one, two = means(k[None], SCORES), means(2 * k[None], SCORES)
    first = (1 - n / N) * one.variance[0] / n
    second = (1 - n / N) * two.variance[0] / (2 * n)
    assert second == pytest.approx(first * (n - 1) / (2 * n - 1), rel=1e-9, abs=1e-15)
    v = [mean_interval(CENSUS, c * k[None], SCORES, [c * N]) for c in (1, 2)]
    if v[0].method[0] == v[1].method[0] == "t_fpc":
        assert v[1].se[0] ** 2 == pytest.approx(v[0].se[0] ** 2 * (n - 1) / (2 * n - 1), rel=1e-9)


@given(tables)
def test_every_interval_contains_its_estimate(k: Counts) -> None:
    n = k.sum(axis=1)
    for N in (np.full(n.size, np.nan), n + 0.0, n + 1.0, 2.0 * n + 40):
        top, low = k[:, 3:].sum(axis=1), k[:, :2].sum(axis=1)
        holds(share_interval(CENSUS, k, n[:, None], N[:, None]))
        holds(share_options.goodman(CENSUS, k, N))
        holds(share_options.clopper_pearson(CENSUS, top, n, N))
        holds(share_options.agresti_coull(CENSUS, top, n, N))
        holds(net_interval(CENSUS, top, low, n, N))
        holds(mean_interval(CENSUS, k, SCORES, N))
        holds(newcombe(CENSUS, (top[0], top[1]), (n[0], n[1]), (N[0], N[1])))
        holds(association.cliffs_delta(CENSUS, (k[:1], k[1:2]), (N[:1], N[1:2]), SCORES))


@given(arrays(np.int64, (1, 5, 5), elements=st.integers(0, 20)))
def test_swapping_both_answers_turns_the_gap_round(joint: Counts) -> None:
    N = [float(joint.sum()) * 2 + 10]
    one = paired.paired_gap(CENSUS, joint, SCORES, N)
    two = paired.paired_gap(CENSUS, joint.transpose(0, 2, 1), SCORES, N)
    assert one.top2 is not None
    assert two.top2 is not None
    np.testing.assert_allclose(one.top2.low, -two.top2.high, atol=1e-12)
    np.testing.assert_allclose(one.higher, two.lower, atol=1e-12)
    holds(one.top2)


@given(arrays(np.int64, (4, 5), elements=st.integers(1, 40)))
def test_raking_to_a_crossing_that_fits_is_post_stratification(k: Counts) -> None:
    n, N = k.sum(axis=1), k.sum(axis=1) * np.array([4.0, 2.0, 3.0, 5.0])
    raked = rake(n, [Margin.read(np.arange(4), N)])
    found = raked_means(raked, k, np.eye(5))
    expected = stratified(n, N, k / n[:, None], np.zeros((4, 5, 5)))
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-9)
    assert raked.precision.deff == pytest.approx(expected.precision.deff, rel=1e-9)

"""Response rates, worst-case bounds and the tipping point."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.estimators.response import response_rate, tipping_point, worst_case


def test_a_response_rate_is_ballots_by_people() -> None:
    assert response_rate([30, 0], [120, 0])[0] == 0.25
    assert np.isnan(response_rate([30, 0], [120, 0])[1])


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 500))
def test_the_bounds_are_reached_by_the_two_extreme_populations(x: int, no: int, rest: int) -> None:
    n, N = x + no, x + no + rest
    if N == 0:
        return
    low, high = worst_case(x, n, N)
    assert low[0] == pytest.approx(x / N)
    assert high[0] == pytest.approx((x + rest) / N)
    assert high[0] - low[0] == pytest.approx(rest / N)


def test_more_answers_than_people_have_no_bounds() -> None:
    low, high = worst_case(5, 20, 10)
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_at_the_tipping_point_both_are_level() -> None:
    first, second, n, N = 2600, 2400, 5000, 20000
    gap = tipping_point(first, second, n, N)[0]
    assert first + 0 == pytest.approx(second + gap * (N - n))


def test_a_full_count_has_no_tipping_point() -> None:
    assert np.isnan(tipping_point(30, 20, 50, 50)).all()

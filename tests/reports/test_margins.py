from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.margins import box_bounds, programs


@settings(max_examples=40)
@given(
    shape=st.tuples(st.integers(1, 4), st.integers(2, 4)),
    seed=st.integers(0, 9999),
    tight=st.integers(0, 4),
)
def test_the_closed_form_agrees_with_integer_programs(
    shape: tuple[int, int], seed: int, tight: int
) -> None:
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 8, shape) * rng.integers(0, 2, shape)
    caps = table + rng.integers(0, tight + 1, shape)
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    exact, closed = programs(rows, columns, caps), box_bounds(rows, columns, caps)
    assert exact is not None
    assert closed is not None
    assert np.array_equal(exact[0], closed[0])
    assert np.array_equal(exact[1], closed[1])


def test_margins_that_no_table_has_give_no_bounds() -> None:
    assert box_bounds(np.array([5, 5]), np.array([9, 1]), np.array([[2, 5], [2, 5]])) is None
    assert box_bounds(np.array([5, 5]), np.array([5, 4]), np.full((2, 2), 9)) is None

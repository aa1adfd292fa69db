"""All tables of an item together, against somebody who tries every set of cells."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.combinations import isolates

Ints = NDArray[np.int64]


def tried(counts: Ints, tables: list[Ints], threshold: int) -> bool:
    """Whether least squares give any set of cells of a few people, one set after the other."""
    columns = [(table == group) for table in tables for group in np.unique(table)]
    matrix = np.array(columns, dtype=float).T
    inverse = np.linalg.pinv(matrix)
    numbers = np.arange(1, 2 ** len(counts))[:, None]
    sets = ((numbers >> np.arange(len(counts))) & 1).astype(float)
    known = np.abs(sets @ (matrix @ inverse).T - sets).max(axis=1) < 1e-6
    people = sets[known] @ counts
    return bool(((people > 0) & (people < threshold)).any())


@st.composite
def cases(draw: st.DrawFn) -> tuple[Ints, list[Ints]]:
    """Up to eleven cells in up to four tables, as of three attributes with empty corners."""
    size = draw(st.integers(1, 11))
    sizes = st.sampled_from([0, 1, 2, 3, 5, 9, 10, 12, 30, 60])
    counts = draw(st.lists(sizes, min_size=size, max_size=size))
    group = st.lists(st.integers(0, 3), min_size=size, max_size=size)
    tables = draw(st.lists(group, min_size=1, max_size=4))
    return np.array(counts), [np.array(table) for table in tables]


@settings(max_examples=400)
@given(case=cases(), threshold=st.integers(10, 15))
def test_the_search_finds_a_few_people_exactly_where_trying_everything_does(
    case: tuple[Ints, list[Ints]], threshold: int
) -> None:
    counts, tables = case
    assert isolates(counts, tables, threshold) == tried(counts, tables, threshold)


@given(case=cases(), order=st.randoms(use_true_random=False))
def test_neither_the_order_of_cells_nor_of_tables_matters(
    case: tuple[Ints, list[Ints]], order: object
) -> None:
    counts, tables = case
    turned = np.random.default_rng(len(counts)).permutation(len(counts))
    again = [table[turned] for table in reversed(tables)]
    assert isolates(counts, tables, 10) == isolates(counts[turned], again, 10)


def test_three_tables_isolate_whom_no_two_of_them_do() -> None:
    """Rows, columns and diagonals of four cells: the half of a sum of three totals."""
    counts = np.array([40, 4, 4, 30])
    rows, columns, diagonals = ([0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0])
    tables = [np.array(table) for table in (rows, columns, diagonals)]
    for gone in range(3):
        two = [table for place, table in enumerate(tables) if place != gone]
        assert not isolates(counts, two, 10) or gone < 2
    assert isolates(counts, tables, 10)


def test_where_there_is_too_much_to_try_tables_count_as_unsafe() -> None:
    """Many cells of one or two people in tables without structure."""
    rng = np.random.default_rng(1)
    counts = np.ones(400, dtype=np.int64)
    tables = [rng.integers(0, 40, 400) for _ in range(4)]
    assert isolates(counts, tables, 10)


@pytest.mark.parametrize("units", [25, 90])
def test_a_large_city_is_searched_without_giving_up(units: int) -> None:
    rng = np.random.default_rng(2)
    d, w, leader, age = np.meshgrid(
        np.arange(units), np.arange(2), np.arange(2), np.arange(4), indexing="ij"
    )
    counts = rng.integers(10, 90, d.size)
    counts[rng.random(d.size) < 0.1] = 0
    d, w, leader, age = (part.ravel() for part in (d, w, leader, age))
    tables = [d, w, leader, age, d * 2 + w, d * 2 + leader, d * 4 + age]
    assert not isolates(counts, tables, 10)

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from cityhall import city_codebook, city_columns, store, study
from numpy.typing import NDArray

from reports.counts import RawCounts, read
from reports.errors import DisclosureError
from reports.joint import KINDS, Kind, Subset

Columns = dict[str, NDArray[np.int64]]


@pytest.fixture(scope="module")
def columns() -> Columns:
    return city_columns(3)


def test_a_table_counts_every_ballot_once(
    columns: Columns,
) -> None:
    raw = RawCounts(columns)
    question = city_codebook().question("q2")
    department = city_codebook().question("department").variables[0]
    codes = [code.value for code in department.answers]
    index = raw.places(department, codes)
    values = raw.values(question, question.variables[0])
    table = raw.table(question.variables[0], values, index, len(codes) + 1)
    expected = Counter(zip(columns["department"].tolist(), columns["q2"].tolist(), strict=True))
    assert values == (1, 2, 3, 4, 5, -1, -2)
    assert table.sum() == raw.ballots == len(columns["q2"])
    for row, code in enumerate([*codes, -1]):
        assert table[row].tolist() == [expected[code, value] for value in values]


def test_pairs_are_joint_counts_of_places(
    columns: Columns,
) -> None:
    raw = RawCounts(columns)
    question = city_codebook().question("r")
    group = np.where(columns["workplace"] < 0, -1, columns["workplace"] - 1)
    subset = Subset("r", question, question.variables)
    pairs = raw.joint(KINDS["pairs"], subset, group, 2)
    expected = Counter(
        (g, a, c)
        for g, a, c in zip(
            group.tolist(), columns["r_a"].tolist(), columns["r_c"].tolist(), strict=True
        )
        if g >= 0 and a >= 0
    )
    assert pairs.shape == (2, 4, 4, 3, 3)
    assert {
        (g, a, c): int(pairs[g, 0, 2, a, c])
        for g in range(2)
        for a in range(3)
        for c in range(3)
        if pairs[g, 0, 2, a, c]
    } == expected
    assert np.array_equal(pairs, pairs.transpose(0, 2, 1, 4, 3))


def test_joint_counts_of_single_ballots_are_refused(columns: Columns) -> None:
    question = city_codebook().question("r")
    subset = Subset("r", question, question.variables)
    rows = Kind(lambda codebook: iter(()), lambda codes, group, groups, found: codes.T)
    with pytest.raises(DisclosureError, match="one block per group"):
        RawCounts(columns).joint(rows, subset, np.zeros(len(columns["q1"]), dtype=np.int64), 1)


def test_a_table_of_a_ranking_has_the_places_then_not_placed(
    columns: Columns,
) -> None:
    question = city_codebook().question("r")
    assert RawCounts(columns).values(question, question.variables[1]) == (1, 2, 0, -1)


def test_a_code_that_the_codebook_lacks_stops_the_gate() -> None:
    question = city_codebook().question("q1")
    raw = RawCounts({"q1": np.array([1, 9, 2])})
    with pytest.raises(DisclosureError, match="q1"):
        raw.table(question.variables[0], (1, 2, 3, 4, 5, -1), raw.everybody(), 1)


def test_counts_come_from_the_file_of_the_data_set(tmp_path: Path, columns: Columns) -> None:
    data_set = store(tmp_path / "set.zip", study(None), city_codebook(), columns)
    raw, question = read(data_set), city_codebook().question("q1")
    values = raw.values(question, question.variables[0])
    table = raw.table(question.variables[0], values, raw.everybody(), 1)
    assert table[0].tolist() == [int((columns["q1"] == value).sum()) for value in values]


def test_no_answers_at_all_give_tables_of_zeros() -> None:
    question = city_codebook().question("q1")
    raw = RawCounts({"q1": np.array([], dtype=np.int64)})
    values = raw.values(question, question.variables[0])
    assert raw.table(question.variables[0], values, raw.everybody(), 1).sum() == 0

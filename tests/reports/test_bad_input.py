"""Whole studies with answers that go wrong: every row has a number, or a status and a reason.

Warnings are errors in this test suite, so a case that passes has warned of nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path

import cityhall
import numpy as np
import pytest
from numpy.typing import NDArray

from reports.estimates import Estimate, Results
from reports.raking import Margin, rake
from reports.results import study_results
from reports.tables import Status
from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.study import Frame

Columns = dict[str, NDArray[np.int64]]

FRAME = Frame(
    ("department", "workplace"),
    {(d[0], w): 40 for d in cityhall.DEPARTMENTS[:6] for w in ("desk", "yard")},
    "2027-01-01",
    "Test",
)


def grid(rows: int) -> Question:
    variables = tuple(
        Variable(f"g_{i}", f"Zeile {i}", Scale.ORDINAL, cityhall.SCALE, str(i)) for i in range(rows)
    )
    return Question("g", "Wie sehr?", Scale.ORDINAL, Role.ASSESSMENT, variables, "Liste")


def codebook(rows: int = 3) -> Codebook:
    made = cityhall.city_codebook([grid(rows)])
    department = made.question("department")
    codes = department.variables[0].codes[:6]
    small = replace(department, variables=(replace(department.variables[0], codes=codes),))
    rated = tuple(
        replace(q, scale=Scale.ORDINAL, variables=(replace(q.variables[0], scale=Scale.ORDINAL),))
        if q.id in ("q1", "q2")
        else q
        for q in made.questions[1:]
    )
    return replace(made, questions=(small, *rated))


def answers(rows: int = 3, n: int = 240) -> Columns:
    rng = np.random.default_rng(6)
    columns: Columns = {
        "department": np.arange(n) % 6 + 1,
        "workplace": np.arange(n) // 6 % 2 + 1,
        "leader": rng.integers(1, 3, n),
        "q1": rng.integers(1, 6, n),
        "q2": rng.integers(1, 6, n),
    }
    places = rng.permuted(np.tile([1, 2, 0, 0], (n, 1)), axis=1)
    columns |= {f"r_{name}": places[:, i] for i, name in enumerate("abcd")}
    return columns | {f"g_{i}": rng.integers(1, 6, n) for i in range(rows)}


def unanimous(columns: Columns) -> Columns:
    odd = columns["department"] % 2 == 1
    return columns | {"q1": np.where(odd, 5, columns["q1"]), "q2": np.full(odd.size, 3)}


def all_missing(columns: Columns) -> Columns:
    gone = np.full(columns["q1"].size, -1)
    return columns | {name: gone for name in columns if name.startswith(("q1", "r_", "g_"))}


def almost_all_missing(columns: Columns) -> Columns:
    few = np.arange(columns["q1"].size) < 12
    return columns | {n: np.where(few, c, -1) for n, c in columns.items() if n[0] in "qrg"}


def one_department_silent(columns: Columns) -> Columns:
    return columns | {"department": np.where(columns["department"] == 2, 1, columns["department"])}


def nobody_says_where(columns: Columns) -> Columns:
    return columns | {"department": np.full(columns["q1"].size, -1)}


def one_category(columns: Columns) -> Columns:
    same = {name: np.full(c.size, 4) for name, c in columns.items() if name[0] in "qg"}
    first = {
        f"r_{n}": np.full(columns["q1"].size, v) for n, v in zip("abcd", (1, 2, 0, 0), strict=True)
    }
    return columns | same | first


CASES: Mapping[str, Callable[[Columns], Columns]] = {
    "ordinary": dict,
    "unanimous departments": unanimous,
    "all missing": all_missing,
    "almost all missing": almost_all_missing,
    "a headcount without answers": one_department_silent,
    "nobody says where": nobody_says_where,
    "one category": one_category,
}


def results(path: Path, columns: Columns, frame: Frame | None, rows: int = 3) -> Results:
    return study_results(cityhall.store(path, cityhall.study(frame), codebook(rows), columns))


def check(rows: Results) -> None:
    assert rows.rows
    for row in rows:
        for field in fields(Estimate):
            value = getattr(row, field.name)
            assert not isinstance(value, float) or math.isfinite(value), row
        if row.value is None:
            assert row.status is not Status.PUBLISHED, row
            assert row.note, row
        elif row.low is not None and row.high is not None:
            assert row.low <= row.high, row


@pytest.mark.parametrize("regime", ["census", "open"])
@pytest.mark.parametrize("case", CASES)
def test_every_row_has_a_number_or_a_reason(case: str, regime: str, tmp_path: Path) -> None:
    frame = FRAME if regime == "census" else None
    check(results(tmp_path / "data.zip", CASES[case](answers()), frame))


@pytest.mark.parametrize("response", ["more answers than people", "everybody answered"])
def test_impossible_and_complete_headcounts(response: str, tmp_path: Path) -> None:
    heads = 15 if response.startswith("more") else 20
    frame = replace(FRAME, counts=dict.fromkeys(FRAME.counts, heads))
    found = results(tmp_path / "data.zip", answers(), frame)
    check(found)
    share = found.get("q1", "share", "1")
    assert (share.low, share.se) == (None, None)
    assert "Kopfzahl prüfen" in share.note or "alle haben geantwortet" in share.note


@pytest.mark.parametrize("rows", [1, 200])
def test_a_list_of_one_row_and_one_of_two_hundred(rows: int, tmp_path: Path) -> None:
    found = results(tmp_path / "data.zip", answers(rows), FRAME, rows)
    check(found)
    assert len(found.select(statistic="mean", by="")) == rows + 2


def test_weights_that_cannot_be_made_say_why() -> None:
    sex, age = Margin.read([0, 0, 1, 1], [50, 50]), Margin.read([0, 1, 0, 1], [30, 70])
    assert rake([10, 20, 30, 40], [sex, age]).reason == ""
    apart = Margin.read([0, 1, 0, 1], [30, 80])
    assert "verschieden viele" in rake([10, 20, 30, 40], [sex, apart]).reason
    assert "keine Antwort" in rake([10, 0, 30, 0], [sex, age]).reason
    never = rake([10, 0, 0, 20], [sex, age])
    assert "nicht zur Ruhe" in never.reason
    assert np.isnan(never.weight).all()
    assert rake([0, 0, 0, 0], [sex, age]).reason == "keine Antworten"
    assert rake([1, 2], []).reason
    cut = rake([1, 60, 60, 60], [sex, age], most=1.2)
    assert (cut.reason, cut.trimmed > 0) == ("", True)
    assert cut.deviation > 0

"""Rows out of the house: only with role and reason, never with words, always with a report."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from respondent import sample_questionnaire

from reports.anonymity import anonymity
from reports.row_export import RECORD, Request, export_rows, exported
from reports.row_formats import FORMATS
from survey.cli import survey
from survey.dataset import DataSet, store_data_set
from survey.errors import SurveyError
from survey.home import Home
from survey.records import read_records
from survey.rows import read_columns
from survey.simulate import simulate_data_set

REASON = "Übergabe an das Stadtarchiv nach dem Beschluss"
ROLE = "Projektleitung"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


@pytest.fixture
def data_set(home: Home, tmp_path: Path) -> DataSet:
    made = simulate_data_set(sample_questionnaire(), 60, 3, tmp_path / "data.zip")
    return store_data_set(home, made.path)


def run(home: Home, data_set: DataSet, *arguments: str) -> Result:
    given_ = ["--home", str(home.path), "export", data_set.study.id, *arguments]
    return CliRunner().invoke(survey, given_, standalone_mode=False)


@pytest.mark.parametrize(
    "missing",
    [["--role", ROLE], ["--reason", REASON], ["--role", ROLE, "--reason", "archiv"]],
    ids=["no reason", "no role", "no sentence"],
)
def test_without_a_role_and_a_written_reason_nothing_leaves_and_nothing_is_noted(
    home: Home, data_set: DataSet, tmp_path: Path, missing: list[str]
) -> None:
    out = tmp_path / "rows.csv"
    result = run(home, data_set, "--out", str(out), *missing)
    assert isinstance(result.exception, SurveyError)
    assert not list(tmp_path.glob("rows.csv*"))
    assert not read_records(home, data_set.study.id)


def test_rows_codebook_report_and_the_noted_act_belong_together(
    home: Home, data_set: DataSet, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"
    result = run(home, data_set, "--role", ROLE, "--reason", REASON, "--out", str(out))
    assert result.exception is None, result.output
    with out.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = read_columns(data_set)
    assert rows == [[str(columns[name][i]) for name in header] for i in range(60)]
    codebook = json.loads(out.with_name("rows.csv.codebook.json").read_text("utf-8"))
    names = [v["name"] for q in codebook["questions"] for v in q["variables"]]
    assert names == header
    report = json.loads(out.with_name("rows.csv.k-anonymity.json").read_text("utf-8"))
    assert (report["rows"], report["data_set"]) == (60, data_set.fingerprint)
    (record,) = read_records(home, data_set.study.id, RECORD)
    act = record.content
    assert (act["role"], act["reason"], act["k"]) == (ROLE, REASON, report["k"])
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob("rows.csv*"))


def test_no_free_text_and_nothing_asked_to_stay_leaves(data_set: DataSet) -> None:
    table, left_out = exported(data_set, ["dept"])
    assert left_out["words"] == "free text"
    assert left_out["dept"] == "on request"
    assert "dept" not in table.columns
    assert not any(name.endswith("text") for name in table.columns)
    with pytest.raises(SurveyError, match="there is no question nobody"):
        exported(data_set, ["nobody"])


def test_an_existing_file_is_never_replaced_and_the_act_not_noted(
    home: Home, data_set: DataSet, tmp_path: Path
) -> None:
    out = tmp_path / "rows.csv"
    out.with_name("rows.csv.codebook.json").write_text("mine")
    result = run(home, data_set, "--role", ROLE, "--reason", REASON, "--out", str(out))
    assert isinstance(result.exception, SurveyError)
    assert not out.exists()
    assert not read_records(home, data_set.study.id)


def test_few_rows_never_leave(home: Home, tmp_path: Path) -> None:
    few = simulate_data_set(sample_questionnaire(), 9, 3, tmp_path / "few.zip")
    request = Request("csv", ROLE, "archive", REASON)
    with pytest.raises(SurveyError, match="9 rows are too few"):
        export_rows(home, few, request, tmp_path / "rows.csv", datetime(2027, 6, 1, tzinfo=UTC))


def test_every_format_of_the_registry_writes_something(data_set: DataSet) -> None:
    table, _ = exported(data_set)
    assert all(len(form.write(table)) > 100 for form in FORMATS.values())


UNITS = st.lists(st.tuples(*[st.integers(-1, 3)] * 3), min_size=1, max_size=40)


@given(UNITS)
def test_the_report_counts_what_counting_by_hand_counts(rows: list[tuple[int, int, int]]) -> None:
    unit, place, ill = (np.array(column) for column in zip(*rows, strict=True))
    found = anonymity({"unit": unit, "place": place}, {"ill": ill}, len(rows))
    classes = Counter((a, b) for a, b, _ in rows)
    assert found.k == min(classes.values())
    assert found.unique == sum(n == 1 for n in classes.values())
    assert found.classes == len(classes)
    assert sum(found.rows_by_size.values()) == len(rows)
    alike = 0
    for key, size in classes.items():
        answers = {c for a, b, c in rows if (a, b) == key}
        alike += size if size > 1 and len(answers) == 1 and min(answers) >= 0 else 0
    assert found.alike == {"ill": alike}
    by_unit = Counter(a for a, _, _ in rows)
    assert found.subsets[0].smallest == min(by_unit.values())
    assert [subset.attributes for subset in found.subsets] == [
        ("unit",),
        ("place",),
        ("unit", "place"),
    ]

"""The interface for analysts: light to import, frozen, and with nothing but released rows."""

from __future__ import annotations

import gc
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import cityhall
import numpy as np
import pytest
from openpyxl import load_workbook

from reports import open_study
from reports.api import Estimates, OpenedStudy
from reports.cli import reports
from reports.estimates import COLUMNS, Estimate, Results
from reports.results import study_results
from reports.table_formats.as_workbook import as_workbook
from reports.tables import Release, Table
from survey.cli import run
from survey.dataset import DataSet, store_data_set
from survey.errors import SurveyError
from survey.home import Home


@pytest.fixture(scope="module")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    path = tmp_path_factory.mktemp("api") / "data.zip"
    return cityhall.store(
        path,
        cityhall.study(cityhall.city_frame()),
        cityhall.city_codebook(),
        cityhall.city_columns(),
    )


@pytest.fixture(scope="module")
def opened(data_set: DataSet) -> OpenedStudy:
    return open_study(data_set.path)


def test_importing_reports_imports_nothing_heavy() -> None:
    code = (
        "import sys, reports; from reports import open_study; "
        "print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib') if m in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert printed == "[]\n"


def test_a_study_holds_the_rows_of_the_long_table(data_set: DataSet, opened: OpenedStudy) -> None:
    assert opened.estimates.rows == study_results(data_set).rows
    assert opened.fingerprint == data_set.fingerprint
    assert list(opened.to_frame().columns) == list(COLUMNS)
    assert len(opened.to_frame()) == len(opened.estimates)


def test_a_data_frame_has_numbers_as_numbers(opened: OpenedStudy) -> None:
    frame = opened.where(item="q1", statistic="share", by="").to_frame()
    assert frame["value"].dtype == np.float64
    assert frame["base_n"].dtype == "Int64"
    assert frame["value"].sum() == pytest.approx(1.0)


def test_a_question_gives_its_rows_and_an_unknown_one_names_the_others(
    opened: OpenedStudy,
) -> None:
    assert {row.item for row in opened["r"]} == {"r"}
    assert len(opened["q1"].where(by="")) < len(opened["q1"])
    with pytest.raises(KeyError, match="the questions are department"):
        opened["nothing"]


def test_nothing_but_released_rows_can_be_reached(opened: OpenedStudy) -> None:
    seen: set[int] = set()
    queue: list[object] = [opened]
    while queue:
        found = queue.pop()
        if id(found) in seen or isinstance(found, type) or type(found).__name__ == "module":
            continue
        seen.add(id(found))
        assert not isinstance(found, (Release, Table, DataSet, np.ndarray))
        queue += gc.get_referents(found)


def test_results_are_frozen(opened: OpenedStudy) -> None:
    with pytest.raises(FrozenInstanceError):
        opened.title = "another"  # type: ignore[misc]
    with pytest.raises(TypeError):
        opened.rules["min_base"] = 1  # type: ignore[index]


def test_html_escapes_every_text() -> None:
    row = Estimate(study="s", item="<b>", statistic="share", note="a & b")
    html = Estimates((row,))._repr_html_()
    assert "<b>" not in html
    assert "a &amp; b" in html


def test_a_long_table_says_how_much_it_leaves_out() -> None:
    row = Estimate(study="s", item="a", statistic="share", value=0.5)
    assert str(Estimates((row,) * 100)).endswith("… and 40 more rows; to_frame() has them all")


def test_a_study_is_found_by_its_id(data_set: DataSet, tmp_path: Path) -> None:
    store_data_set(Home(tmp_path), data_set.path)
    assert open_study("city", home=tmp_path).id == "city"
    with pytest.raises(SurveyError, match="no directory"):
        open_study("city", home=tmp_path / "nowhere")


def test_a_spreadsheet_holds_what_the_table_holds(
    data_set: DataSet, opened: OpenedStudy, tmp_path: Path
) -> None:
    store_data_set(Home(tmp_path), data_set.path)
    out = tmp_path / "estimates.xlsx"
    arguments = ["--home", str(tmp_path), "estimates", "city", "--format", "xlsx"]
    assert run(reports, [*arguments, "--out", str(out)], "reports") == 0
    book = load_workbook(out)
    rows = list(book["estimates"].iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert len(rows) == len(opened.estimates) + 1
    values = [row[COLUMNS.index("value")] for row in rows[1:]]
    kept = [(v, row.value) for v, row in zip(values, opened.estimates, strict=True)]
    assert all(v is None if own is None else v == pytest.approx(own, rel=1e-14) for v, own in kept)
    about = dict(book["about"].iter_rows(values_only=True, max_col=2))
    assert about["Fingerabdruck des Datensatzes"] == data_set.fingerprint


def test_a_spreadsheet_needs_a_file(data_set: DataSet, tmp_path: Path) -> None:
    store_data_set(Home(tmp_path), data_set.path)
    arguments = ["--home", str(tmp_path), "estimates", "city", "--format", "xlsx"]
    assert run(reports, arguments, "reports") == 2


def test_no_text_of_a_spreadsheet_is_a_formula(data_set: DataSet, tmp_path: Path) -> None:
    row = Estimate(study="s", item="=1+1", statistic="share", note="@SUM(A1)")
    path = tmp_path / "rows.xlsx"
    path.write_bytes(as_workbook(Results(study_results(data_set).release, (row,))))
    sheet = load_workbook(path)["estimates"]
    assert sheet["B2"].value == "=1+1"
    assert sheet["B2"].data_type == "s"

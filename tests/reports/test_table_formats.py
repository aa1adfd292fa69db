"""The released table in every format: nothing beside it, nothing executed, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import calc
import dossier_example as example
import frictionless
import openpyxl
import pandas as pd
import pytest
from row_tables import NASTY

from reports.estimates import COLUMNS, Estimate, Results
from reports.estimators import STATISTICS
from reports.long_table import from_csv
from reports.table_formats import TABLE_FORMATS
from reports.table_formats.readable import HEADS, owned, readable
from reports.table_formats.words import STATISTIC_NAMES, STATUS_NAMES
from reports.tables import _SEAL, Status


@pytest.fixture(scope="module")
def results() -> Results:
    found = example.results()
    pages = ("Themen", "Themen", "Qualitäten: wie wichtig?")
    questions = tuple(
        replace(question, page=pages[min(place, 2)])
        for place, question in enumerate(found.release.codebook)
    )
    book = replace(found.release.codebook, questions=questions)
    return replace(found, release=replace(found.release, codebook=book, seal=_SEAL))


@pytest.fixture(scope="module")
def hostile(results: Results) -> Results:
    """The same results of a questionnaire whose every text is hostile."""
    return with_hostile_texts(results)


def test_every_statistic_and_status_has_a_german_name() -> None:
    assert set(STATISTIC_NAMES) == set(STATISTICS)
    assert set(STATUS_NAMES) == set(Status)
    assert len(set(STATISTIC_NAMES.values())) > 0.95 * len(STATISTIC_NAMES)


def test_no_cell_of_the_plain_table_can_be_taken_for_a_formula(hostile: Results) -> None:
    content = TABLE_FORMATS["csv"].write(hostile).decode()
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    dangerous = [c for c in cells if c[:1] in "=@\t\r" and c]
    signed = [
        c for c in cells if c[:1] in ("+", "-") and not re.fullmatch(r"[+-]?[\d.,e+-]+( .*)?", c)
    ]
    assert dangerous == []
    assert [c for c in signed if re.search(r"[A-Z]\d|\(", c)] == []


def test_the_german_table_opens_with_labels_and_decimal_commas(results: Results) -> None:
    content = TABLE_FORMATS["csv-de"].write(results)
    assert content.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(
        io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig", keep_default_na=False,
        na_values={"Wert": [""], "von": [""], "bis": [""]},
    )  # fmt: skip
    assert list(frame)[:15] == ["Seite", *HEADS]
    assert len(frame) == len(results.rows)
    own = pd.Series([row.value for row in results.rows], dtype=float)
    pd.testing.assert_series_equal(frame["Wert"], own, check_names=False)
    assert frame["item"].tolist() == [row.item for row in results.rows]


def test_no_label_of_the_german_table_is_a_formula(hostile: Results) -> None:
    content = TABLE_FORMATS["csv-de"].write(hostile).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    texts = [cell for row in rows[1:] for cell in (*row[:7], *row[12:])]
    assert any(cell.startswith("'=") for cell in texts)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)


def test_a_spreadsheet_has_a_filtered_sheet_per_page_without_merged_cells(results: Results) -> None:
    book = openpyxl.load_workbook(io.BytesIO(TABLE_FORMATS["xlsx"].write(results)))
    *pages, table, about = book.sheetnames
    assert (table, about) == ("estimates", "about")
    assert len(pages) > 2
    assert pages == ["Beteiligung", "Themen", "Qualitäten wie wichtig"]
    lines = 0
    for name in pages:
        sheet = book[name]
        assert not sheet.merged_cells.ranges
        assert sheet.auto_filter.ref == f"A1:N{sheet.max_row}"
        assert tuple(cell.value for cell in sheet[1]) == HEADS
        lines += sheet.max_row - 1
    assert lines == len(results.rows) == book[table].max_row - 1


def test_a_sheet_is_laid_out_to_be_read_and_printed(results: Results) -> None:
    book = openpyxl.load_workbook(io.BytesIO(TABLE_FORMATS["xlsx"].write(results)))
    for sheet in book.worksheets[:-2]:
        assert sheet.freeze_panes == "C2"
        assert sheet["A1"].font.bold
        assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$1:$1")
        for row in sheet.iter_rows(min_row=2):
            widths = [sheet.column_dimensions[cell.column_letter].width for cell in row]
            lines = max(
                len(cell.value) / width
                for cell, width in zip(row, widths, strict=True)
                if isinstance(cell.value, str)
            )
            assert (sheet.row_dimensions[row[0].row].height or 15) >= 15 * lines
    notes = dict(book["about"].iter_rows(values_only=True, max_col=2))
    assert notes["Umfrage"] == results.release.study.title
    assert notes["nicht gezeigt"] == "zum Schutz der Befragten zurückgehalten"


def test_the_sheets_hold_every_number_unrounded_under_a_format(results: Results) -> None:
    book = openpyxl.load_workbook(io.BytesIO(TABLE_FORMATS["xlsx"].write(results)))
    found = {}
    for sheet in book.worksheets[:-2]:
        for row in sheet.iter_rows(min_row=2):
            found[tuple(cell.value or "" for cell in row[:6])] = row[6]
    shares = [line for line in readable(results) if line.estimate.statistic == "share"]
    checked = 0
    for line in shares:
        cell = found[line.texts]
        if line.estimate.value is not None and len(set(line.texts)) > 1:
            assert cell.number_format == "0.0 %"
            checked += cell.value == pytest.approx(line.estimate.value, rel=1e-12)
    assert checked > 0.9 * sum(line.estimate.value is not None for line in shares)


def test_no_text_of_a_spreadsheet_is_a_formula_a_link_or_cut(hostile: Results) -> None:
    content = TABLE_FORMATS["xlsx"].write(hostile)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)
    # Carriage returns and single tabs are written as they are and read back as they are.
    texts = {str(cell.value) for cell in cells if cell.value}
    labels = {v.label for q in hostile.release.codebook for v in q.variables if v.element}
    shown = {line.texts[1] for line in readable(hostile)} | {
        line.texts[5] for line in readable(hostile)
    }
    assert labels & shown <= texts


def test_a_data_package_is_valid_and_holds_the_table_with_its_codebook(
    results: Results, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(TABLE_FORMATS["datapackage"].write(results))) as archive:
        archive.extractall(tmp_path)
    package = frictionless.Package(tmp_path / "datapackage.json")
    report = package.validate()
    assert report.valid, report.flatten(["message"])
    assert from_csv(tmp_path / "estimates.csv") == results.rows
    with (tmp_path / "codebook.csv").open(encoding="utf-8", newline="") as file:
        book = list(csv.DictReader(file))
    assert {row["name"] for row in book if row["part"] == "column"} == set(COLUMNS)
    used = {row.statistic.removesuffix("_weighted") for row in results.rows}
    assert used <= {row["name"] for row in book if row["part"] == "statistic"}


@pytest.mark.parametrize("form", list(TABLE_FORMATS))
def test_the_same_results_give_the_same_bytes(results: Results, form: str) -> None:
    assert TABLE_FORMATS[form].write(results) == TABLE_FORMATS[form].write(results)


def test_what_the_gate_kept_back_is_a_line_without_a_number(results: Results) -> None:
    row = Estimate(study="s", item="a1", statistic="share", status=Status.NOT_SHOWN, note="warum")
    kept = replace(results, rows=(row,))
    (line,) = readable(kept)
    assert line.numbers == (None,) * 5
    assert line.remarks == ("", "nicht gezeigt", "warum")
    sheet = openpyxl.load_workbook(io.BytesIO(TABLE_FORMATS["xlsx"].write(kept)))["Themen"]
    assert [cell.value for cell in sheet[2]][6:12] == [None] * 6


def test_json_holds_null_for_what_does_not_exist_and_zero_for_zero(results: Results) -> None:
    objects = json.loads(TABLE_FORMATS["json"].write(results))
    values = [row.value for row in results.rows]
    assert [entry["value"] for entry in objects] == values
    assert None in values


# -- as an office sees it


def test_calc_shows_decimal_commas_and_executes_nothing(hostile: Results, tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    path.write_bytes(TABLE_FORMATS["xlsx"].write(hostile))
    sheets = calc.converted(path, calc.SHOWN, tmp_path)
    cells = [
        cell
        for sheet in sheets
        if "estimates" not in sheet.name
        for row in csv.reader(io.StringIO(sheet.read_text("utf-8"), newline=""), delimiter=";")
        for cell in row
    ]
    assert any(re.fullmatch(r"\d+,\d %", cell.replace("\u00a0", " ")) for cell in cells)
    assert not any(re.fullmatch(r"\d+\.\d %", cell) for cell in cells)
    assert not any(cell.startswith(("#NAME", "#WERT", "Err:", "#REF")) for cell in cells)
    assert any(cell.startswith("=HYPERLINK(") for cell in cells)


def test_calc_reads_the_german_table_as_numbers_and_texts(hostile: Results, tmp_path: Path) -> None:
    path = tmp_path / "tables.csv"
    path.write_bytes(TABLE_FORMATS["csv-de"].write(hostile))
    (made,) = calc.converted(path, "xlsx", tmp_path, read_as=calc.GERMAN_CSV)
    sheet = openpyxl.load_workbook(made).worksheets[0]
    rows = list(sheet.iter_rows())
    assert not any(cell.data_type == "f" for row in rows for cell in row)
    head = [cell.value for cell in rows[0]]
    read = [row[head.index("Wert")].value for row in rows[1:]]
    own = [row.value for row in hostile.rows]
    assert len(read) == len(own)
    for cell, value in zip(read, own, strict=True):
        assert cell is None if value is None else cell == pytest.approx(value, rel=1e-12)


def with_hostile_texts(results: Results) -> Results:
    """Every label, title and page of the codebook taken from the hostile texts."""
    count = iter(range(10**6))

    def text() -> str:
        return NASTY[next(count) % len(NASTY)] or "leer"

    questions = tuple(
        replace(
            question,
            title=text(),
            text=text(),
            page=text(),
            variables=tuple(
                replace(v, label=text(), codes=tuple(replace(c, label=text()) for c in v.codes))
                for v in question.variables
            ),
        )
        for question in results.release.codebook
    )
    assert owned(questions)
    book = replace(results.release.codebook, questions=questions)
    return replace(results, release=replace(results.release, codebook=book, seal=_SEAL))

"""Rows survive every format: read back by other programs, with every hostile text in the labels."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import calc
import frictionless
import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from haven import rscript
from hypothesis import HealthCheck, given, settings
from lxml import etree
from row_tables import NASTY, row_tables, schema_folder, study

from reports.errors import DisclosureError
from reports.row_export import exported
from reports.row_formats import FORMATS, RowTable, beside, changes
from reports.row_formats.columns import DAY_ZERO, Column, columns_of
from reports.row_formats.limits import SPSS, fitted
from survey.codebook import Code, Codebook, Question, Scale, Variable
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

STUDIES = ("staff", "public", "reading")
few = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@cache
def rows_of(study: str, folder: Path, root: Path) -> RowTable:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{study}.yaml")
    return exported(simulate_data_set(questionnaire, 300, 3, folder / f"{study}.zip"))[0]


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rows")


@pytest.fixture(params=STUDIES)
def table(request: pytest.FixtureRequest, shelf: Path, root: Path) -> RowTable:
    # Stata holds 80 characters; that labels are refused without being asked is tested apart.
    return replace(rows_of(request.param, shelf, root), shorten=True)


def wanted(column: Column) -> list[Any]:
    """What a reader has to find: codes, numbers and days; reasons as their number."""
    gone = column.missing.tolist()
    found: list[Any] = []
    for value, missing in zip(column.values.tolist(), gone, strict=True):
        if missing or column.kind == "code":
            found.append(int(value))
        elif column.kind == "day":
            found.append(DAY_ZERO + timedelta(days=value))
        else:
            found.append(round(value, column.decimals))
    return found


# -- SPSS -----------------------------------------------------------------------------------


def sav_holds(table: RowTable, path: Path, form: str) -> None:
    path.write_bytes(FORMATS[form].write(table))
    frame, meta = pyreadstat.read_sav(path, user_missing=True, disable_datetime_conversion=True)
    fit = fitted(table.written, SPSS, shorten=table.shorten)
    assert list(frame) == [fit.names[column.name] for column in table.written]
    for column in table.written:
        name = fit.names[column.name]
        values = frame[name]
        if column.kind == "day":
            days = pd.Timestamp("1582-10-14")
            read = [
                int(v) if gone else (days + timedelta(seconds=v)).date()
                for v, gone in zip(values, column.missing, strict=True)
            ]
        else:
            read = [round(v, column.decimals) for v in values]
        assert read == wanted(column)
        assert meta.column_names_to_labels[name] == fit.labels[column.name]
        assert meta.variable_measure[name] == column.measure
        assert meta.variable_value_labels[name] == dict(fit.values[column.name])
        (range_,) = cast(list[dict[str, float]], meta.missing_ranges[name])
        assert (range_["lo"], range_["hi"]) == (min(column.reasons), max(column.reasons))


@pytest.mark.parametrize("form", ["sav", "zsav"])
def test_spss_files_of_the_studies_hold_codes_labels_measures_and_reasons(
    table: RowTable, tmp_path: Path, form: str
) -> None:
    sav_holds(table, tmp_path / f"rows.{form}", form)


@few
@given(table=row_tables())
def test_spss_files_hold_random_rows_with_hostile_labels(table: RowTable, tmp_path: Path) -> None:
    sav_holds(replace(table, shorten=True), tmp_path / "rows.sav", "sav")


def test_spss_leaves_reasons_out_of_statistics(shelf: Path, root: Path, tmp_path: Path) -> None:
    table = rows_of("staff", shelf, root)
    path = tmp_path / "rows.sav"
    path.write_bytes(FORMATS["sav"].write(table))
    frame, _ = pyreadstat.read_sav(path)
    column = next(c for c in table.written if c.missing.any())
    assert frame[column.name].isna().tolist() == column.missing.tolist()


# -- Stata ----------------------------------------------------------------------------------


def dta_holds(table: RowTable, path: Path) -> None:
    path.write_bytes(FORMATS["dta"].write(table))
    frame, meta = pyreadstat.read_dta(path, user_missing=True)
    for name, column in zip(map(str, frame), table.written, strict=True):
        letter = dict(zip("abcd", sorted(column.reasons, reverse=True), strict=True))
        read = [
            letter[v] if isinstance(v, str)
            else v if column.kind == "day"
            else round(v, column.decimals)
            for v in frame[name].tolist()
        ]  # fmt: skip
        assert read == wanted(column)
        assert len(meta.column_names_to_labels[name] or "") <= 80
        shown = meta.variable_value_labels.get(name, {})
        for value, text in column.labels.items():
            assert shown[value] == " ".join(text.split())
    plain = pd.read_stata(path, convert_categoricals=False)
    assert list(plain) == list(frame)


def test_stata_files_of_the_studies_hold_codes_labels_and_reasons(
    table: RowTable, tmp_path: Path
) -> None:
    dta_holds(table, tmp_path / "rows.dta")


@few
@given(table=row_tables())
def test_stata_files_hold_random_rows_with_hostile_labels(table: RowTable, tmp_path: Path) -> None:
    dta_holds(replace(table, shorten=True), tmp_path / "rows.dta")


# -- labels that do not fit -------------------------------------------------------------------


def long_labels(table: RowTable) -> RowTable:
    question, *rest = table.codebook.questions
    variable = replace(
        question.variables[0], codes=(Code(1, "a", "ü" * 61), Code(2, "b", "ü" * 60))
    )
    changed = replace(question, text="ä" * 129, title="", variables=(variable,))
    book = replace(table.codebook, questions=(changed, *rest))
    return replace(table, codebook=book, shorten=False)


def test_labels_that_spss_would_cut_are_refused_with_their_bytes(shelf: Path, root: Path) -> None:
    table = long_labels(rows_of("reading", shelf, root))
    with pytest.raises(DisclosureError) as found:
        FORMATS["sav"].write(table)
    message = str(found.value)
    assert "would cut 2 labels" in message
    assert "label of t1_1: 258 bytes, allowed are 256" in message
    assert "label of t1_1 = 1: 122 bytes, allowed are 120" in message


def test_shortened_labels_are_whole_characters_within_the_limit_and_named(
    shelf: Path, root: Path, tmp_path: Path
) -> None:
    table = replace(long_labels(rows_of("reading", shelf, root)), shorten=True)
    path = tmp_path / "rows.sav"
    path.write_bytes(FORMATS["sav"].write(table))
    _, meta = pyreadstat.read_sav(path)
    assert meta.column_names_to_labels["t1_1"] == "ä" * 126 + "…"
    assert meta.variable_value_labels["t1_1"][1] == "ü" * 58 + "…"
    assert meta.variable_value_labels["t1_1"][2] == "ü" * 60
    assert len(changes(table, "sav")) == 2


def test_names_that_a_program_refuses_are_changed_and_told(shelf: Path, root: Path) -> None:
    table = rows_of("reading", shelf, root)
    question, *rest = table.codebook.questions
    variables = tuple(replace(question.variables[0], name=n) for n in ("with", "Abc", "aBC"))
    book = replace(table.codebook, questions=(replace(question, variables=variables), *rest))
    values = table.columns["t1_1"]
    columns = {**table.columns, **dict.fromkeys(("with", "Abc", "aBC"), values)}
    changed = replace(table, codebook=book, columns=columns)
    names = fitted(changed.written, SPSS, shorten=False).names
    assert names["Abc"] == "Abc"
    assert len({name.casefold() for name in names.values()}) == len(names)
    assert names["with"] != "with"
    assert sum("is called" in note for note in changes(changed, "sav")) == 2


# -- CSV and spreadsheet ------------------------------------------------------------------------


def typed(cells: list[str], column: Column, point: str = ".") -> list[Any]:
    found: list[Any] = []
    for cell, gone in zip(cells, column.missing.tolist(), strict=True):
        if gone or column.kind == "code":
            found.append(int(cell))
        elif column.kind == "day":
            found.append(date.fromisoformat(cell))
        else:
            assert column.decimals == 0 or point in cell
            found.append(round(float(cell.replace(point, ".")), column.decimals))
    return found


def csv_holds(table: RowTable) -> None:
    for form, separator, point in (("csv", ",", "."), ("csv-de", ";", ",")):
        content = FORMATS[form].write(table)
        assert content.startswith(b"\xef\xbb\xbf") is (form == "csv-de")
        reader = csv.reader(
            io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator
        )
        head, *rows = reader
        assert head == [column.name for column in table.written]
        for column, cells in zip(table.written, zip(*rows, strict=True), strict=True):
            assert typed(list(cells), column, point) == wanted(column)


def test_csv_files_of_the_studies_hold_every_code(table: RowTable) -> None:
    csv_holds(table)


@few
@given(table=row_tables())
def test_csv_files_hold_random_rows(table: RowTable) -> None:
    csv_holds(table)


def xlsx_holds(table: RowTable) -> None:
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(table)))
    sheet = book["rows"]
    assert not sheet.merged_cells.ranges
    head, *rows = sheet.iter_rows(values_only=True)
    assert list(head) == [column.name for column in table.written]
    for column, cells in zip(table.written, zip(*rows, strict=True), strict=True):
        read = [c.date() if hasattr(c, "date") else round(c, column.decimals) for c in cells]
        assert read == wanted(column)
    codes = list(book["codes"].iter_rows(min_row=2))
    assert all(cell.data_type != "f" for row in codes for cell in row)
    found = [(row[0].value, row[4].value, row[5].value or "") for row in codes]
    assert found == [
        (column.name, value, text)
        for column in table.written
        for value, text in (*column.labels.items(), *column.reasons.items())
    ]


def test_spreadsheets_of_the_studies_hold_codes_and_their_meaning(table: RowTable) -> None:
    xlsx_holds(table)


@few
@given(table=row_tables())
def test_spreadsheets_hold_random_rows_and_no_formula(table: RowTable) -> None:
    xlsx_holds(table)


# -- Data Package --------------------------------------------------------------------------------


def package_holds(table: RowTable, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(FORMATS["datapackage"].write(table))) as archive:
        archive.extractall(folder)
    package = frictionless.Package(folder / "datapackage.json")
    # A row of nothing but missing answers is a row all the same.
    report = package.validate(frictionless.Checklist(skip_errors=["blank-row"]))
    assert report.valid, report.flatten(["message"])
    resource: Any = package.get_resource("rows")
    read = resource.read_rows()
    assert len(read) == table.rows
    for column in table.written:
        cells = [row[column.name] for row in read]
        expected = [
            None if gone else value
            for value, gone in zip(wanted(column), column.missing.tolist(), strict=True)
        ]
        plain = [float(c) if column.kind == "number" and c is not None else c for c in cells]
        assert plain == expected
    raw = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for field, column in zip(raw["resources"][0]["schema"]["fields"], table.written, strict=True):
        assert field["title"] == column.label
        assert [int(r["value"]) for r in field["reasons"]] == list(column.reasons)
        assert {c["value"]: c["label"] for c in field.get("categories", [])} == dict(column.labels)


def test_data_packages_of_the_studies_are_valid_and_hold_every_answer(
    table: RowTable, tmp_path: Path
) -> None:
    package_holds(table, tmp_path / "package")


@few
@given(table=row_tables())
def test_data_packages_hold_random_rows(table: RowTable, tmp_path: Path) -> None:
    package_holds(table, tmp_path / "package")


# -- DDI -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def ddi_schema(root: Path, tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    path = schema_folder(root, tmp_path_factory.mktemp("ddi"))
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))


def ddi_holds(table: RowTable, schema: etree.XMLSchema) -> None:
    tree = etree.fromstring(beside(table, "sav", "rows.sav")[".ddi.xml"])
    assert schema.validate(tree), schema.error_log
    space = {"d": "ddi:codebook:2_5"}
    variables = tree.xpath("//d:var", namespaces=space)
    assert [v.get("name") for v in variables] == [c.name for c in table.written]
    for element, column in zip(variables, table.written, strict=True):
        found = [
            (int(c.findtext("d:catValu", namespaces=space)), c.get("missing") == "Y")
            for c in element.findall("d:catgry", space)
        ]
        assert found == [*((v, False) for v in column.labels), *((v, True) for v in column.reasons)]
    assert not tree.xpath("//d:catStat | //d:sumStat | //d:TotlResp", namespaces=space)


def test_codebooks_of_the_studies_are_valid_ddi_without_a_number_from_the_rows(
    table: RowTable, ddi_schema: etree.XMLSchema
) -> None:
    ddi_holds(table, ddi_schema)


@few
@given(table=row_tables())
def test_codebooks_of_random_rows_are_valid_ddi(
    table: RowTable, ddi_schema: etree.XMLSchema
) -> None:
    ddi_holds(table, ddi_schema)


# -- programs beside the rows ----------------------------------------------------------------------


def handed(table: RowTable, form: str, folder: Path) -> Path:
    path = folder / f"rows.{form}"
    path.write_bytes(FORMATS[form].write(table))
    for ending, content in beside(table, form, path.name).items():
        path.with_name(path.name + ending).write_bytes(content)
    return path


def nasty(table: RowTable) -> RowTable:
    """The same rows with every hostile text in a label."""
    texts = iter(NASTY * 40)

    def label(text: str) -> str:
        return next(texts) or text

    questions = []
    for question in table.codebook:
        variables = tuple(
            replace(
                v,
                label=label(v.label),
                codes=tuple(replace(c, label=label(c.label)) for c in v.codes),
            )
            for v in question.variables
        )
        questions.append(replace(question, title=label("x"), variables=variables))
    return replace(table, codebook=replace(table.codebook, questions=tuple(questions)))


@pytest.mark.parametrize("form", ["csv", "csv-de", "sav", "zsav", "dta", "xlsx"])
def test_the_pandas_snippet_labels_answers_and_knows_every_missing_one(
    shelf: Path, root: Path, tmp_path: Path, form: str
) -> None:
    table = nasty(replace(rows_of("staff", shelf, root), shorten=True))
    path = handed(table, form, tmp_path)
    scope: dict[str, Any] = {"__file__": str(path) + ".py"}
    source = path.with_name(path.name + ".py").read_text("utf-8")
    exec(compile(source, "snippet", "exec"), scope)
    for column in table.written:
        answers = scope["answers"][column.name]
        assert answers.isna().tolist() == column.missing.tolist()
        if column.labels and column.variable.scale is not Scale.RANK:
            codes = column.values[~column.missing].tolist()
            assert answers.dropna().tolist() == [column.labels[code] for code in codes]


@pytest.fixture(scope="session")
def haven() -> str:
    return rscript()


HAVEN = """
out <- answers
for (name in names(out)) {
  cells <- out[[name]]
  out[[name]] <- if (is.factor(cells)) as.character(cells) else as.numeric(cells)
}
write.table(
  out, {out}, sep = "\\t", na = "<NA>", row.names = FALSE, qmethod = "double",
  fileEncoding = "UTF-8"
)
"""


@pytest.mark.parametrize("form", ["csv", "csv-de", "sav", "zsav", "dta"])
def test_the_r_script_reads_the_rows_and_labels_them(
    haven: str, shelf: Path, root: Path, tmp_path: Path, form: str
) -> None:
    table = replace(rows_of("staff", shelf, root), shorten=True)
    path = handed(table, form, tmp_path)
    script = path.with_name(path.name + ".R")
    target = json.dumps(str(tmp_path / "read.tsv"))
    script.write_text(script.read_text("utf-8") + HAVEN.replace("{out}", target), "utf-8")
    done = subprocess.run(
        [haven, "--vanilla", script.name], cwd=tmp_path, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    read = pd.read_csv(
        tmp_path / "read.tsv", sep="\t", dtype=str, keep_default_na=False, encoding="utf-8"
    )
    assert len(read.columns) == len(table.written)
    for name, column in zip(read, table.written, strict=True):
        labelled = column.labels and set(column.values[~column.missing].tolist()) <= set(
            column.labels
        )
        expected = [
            "<NA>" if gone else " ".join(column.labels[v].split()) if labelled else str(v)
            for v, gone in zip(column.values.tolist(), column.missing.tolist(), strict=True)
        ]
        assert [" ".join(cell.split()) for cell in read[name]] == expected


def test_scripts_are_programs_whatever_the_labels_say(
    haven: str, shelf: Path, root: Path, tmp_path: Path
) -> None:
    table = nasty(rows_of("public", shelf, root))
    path = handed(replace(table, shorten=True), "csv", tmp_path)
    for command in ([haven, "--vanilla", f"{path.name}.R"], [sys.executable, f"{path.name}.py"]):
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, check=False,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def measured() -> RowTable:
    """A day and a number below zero, with every reason."""
    day = Variable("d", "Tag", Scale.NUMBER, (Code(-2, "dk", "weiß nicht"),), origin="2020-01-01")
    cold = Variable("n", "Grad", Scale.NUMBER, decimals=1, origin="-5")
    questions = tuple(Question(v.name, v.label, Scale.NUMBER, None, (v,)) for v in (day, cold))
    columns = {"d": np.array([0, 366, -1, -2, -3, -4]), "n": np.array([0, 55, -1, 50, -3, -4])}
    return RowTable(Codebook("s", "h", "1", "de", questions), columns, study())


DAYS = ["2020-01-01", "2021-01-01", None, None, None, None]
DEGREES = [-5.0, 0.5, None, 0.0, None, None]


@pytest.mark.parametrize("form", ["csv", "csv-de", "sav", "zsav", "dta", "xlsx"])
def test_the_pandas_snippet_gives_days_and_numbers_without_any_reason(
    tmp_path: Path, form: str
) -> None:
    path = handed(measured(), form, tmp_path)
    scope: dict[str, Any] = {"__file__": str(path) + ".py"}
    source = path.with_name(path.name + ".py").read_text("utf-8")
    exec(compile(source, "snippet", "exec"), scope)
    answers = scope["answers"]
    read = [None if pd.isna(day) else str(day.date()) for day in answers["d"]]
    assert read == DAYS
    assert [None if pd.isna(value) else float(value) for value in answers["n"]] == DEGREES


@pytest.mark.parametrize("form", ["csv", "csv-de", "sav", "zsav", "dta"])
def test_the_r_script_gives_days_and_numbers_without_any_reason(
    haven: str, tmp_path: Path, form: str
) -> None:
    path = handed(measured(), form, tmp_path)
    said = 'cat(class(answers$d), is.numeric(answers$n), format(answers$d), answers$n, sep = "|")'
    script = path.with_name(path.name + ".R")
    script.write_text(script.read_text("utf-8") + said, "utf-8")
    done = subprocess.run(
        [haven, "--vanilla", script.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    kind, number, *cells = done.stdout.split("|")
    assert (kind, number) == ("Date", "TRUE")
    assert [None if cell == "NA" else cell for cell in cells[:6]] == DAYS
    assert [None if cell == "NA" else float(cell) for cell in cells[6:]] == DEGREES


def hostile_measured() -> RowTable:
    """Numbers and days whose every label, text and title is hostile."""
    table = measured()
    texts = [text for text in NASTY if text.strip()]
    answers = tuple(Code(number, f"c{number}", text) for number, text in enumerate(texts))
    choice = Variable("q", texts[0], Scale.NOMINAL, answers)
    questions = (
        *(replace(q, text=texts[1], title=texts[2]) for q in table.codebook.questions),
        Question("q", texts[3], Scale.NOMINAL, None, (choice,), title=texts[4], page=texts[5]),
    )
    columns = {**table.columns, "q": np.array([0, 1, 2, 3, -1, -4])}
    book = replace(table.codebook, questions=questions)
    return replace(table, codebook=book, columns=columns, study=study(texts[0]))


def test_calc_shows_rows_with_decimal_commas_and_executes_no_label(tmp_path: Path) -> None:
    table, path = hostile_measured(), tmp_path / "rows.xlsx"
    path.write_bytes(FORMATS["xlsx"].write(table))
    rows, codes = (
        list(csv.reader(io.StringIO(sheet.read_text("utf-8"), newline=""), delimiter=";"))
        for sheet in sorted(
            calc.converted(path, calc.SHOWN, tmp_path), key=lambda s: "codes" in s.name
        )
    )
    assert rows[0] == ["d", "n", "q"]
    assert [rows[1][0], rows[1][1].removesuffix(",0"), rows[1][2]] == ["2020-01-01", "-5", "0"]
    assert rows[2] == ["2021-01-01", "0,5", "1"]
    assert rows[4][0] == "-2"
    shown = {row[5] for row in codes[1:]}
    assert {code.label for code in table.written[2].variable.codes} <= shown
    formulas = calc.converted(path, calc.FORMULAS, tmp_path)
    cells = [
        cell
        for sheet in formulas
        for row in csv.reader(io.StringIO(sheet.read_text("utf-8"), newline=""), delimiter=";")
        for cell in row
    ]
    # What begins like a formula is a label of ours, letter by letter.
    assert {cell for cell in cells if cell.startswith("=")} <= set(NASTY)


def test_calc_reads_german_rows_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(FORMATS["csv-de"].write(hostile_measured()))
    (made,) = calc.converted(path, "xlsx", tmp_path, read_as=calc.GERMAN_CSV)
    sheet = openpyxl.load_workbook(made).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["d", "n", "q"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [-5, 0.5, -101, 0, -103, -104]


@pytest.mark.parametrize("form", list(FORMATS))
def test_the_same_rows_give_the_same_bytes(shelf: Path, root: Path, form: str) -> None:
    table = replace(rows_of("public", shelf, root), shorten=True)
    assert FORMATS[form].write(table) == FORMATS[form].write(table)


def test_numbers_below_zero_are_told_apart_from_reasons() -> None:
    stored = np.array([0, 499, 500, -1, -4])
    cold = Variable("t", "Temperatur", Scale.NUMBER, decimals=1, origin="-50")
    book = Codebook("s", "h", "1", "de", (Question("t", "Grad?", Scale.NUMBER, None, (cold,)),))
    (column,) = columns_of(book, {"t": stored})
    assert column.values.tolist() == [-50.0, -0.1, 0.0, -1001.0, -1004.0]
    assert column.missing.tolist() == [False, False, False, True, True]

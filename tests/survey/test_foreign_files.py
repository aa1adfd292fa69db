"""Answers from other tools: spreadsheets, SPSS and LimeSurvey's responses, by a drafted map."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner, Result
from foreign_files import LimeSurvey
from respondent import sample_questionnaire

from reports.cli import reports
from reports.row_export import exported
from reports.row_formats import FORMATS
from survey.cli import survey
from survey.codebook import Scale
from survey.dataset import DataSet, current_data_set, read_data_set
from survey.errors import DataError
from survey.foreign_draft import draft_map
from survey.foreign_files import read_foreign
from survey.foreign_map import read_map
from survey.home import Home
from survey.importing import read_answers
from survey.instrument import Questionnaire
from survey.questionnaire import read_questionnaire
from survey.rows import read_columns
from survey.simulate import simulate_data_set

STAFF = Path(__file__).parents[2] / "questionnaires" / "vision" / "staff.yaml"
PEOPLE = 2_500


@pytest.fixture(scope="module")
def staff() -> Questionnaire:
    return read_questionnaire(STAFF)


@pytest.fixture(scope="module")
def simulated(staff: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return simulate_data_set(staff, PEOPLE, 6, tmp_path_factory.mktemp("sim") / "data.zip")


def responses(data_set: DataSet) -> tuple[list[str], list[list[str]]]:
    """The rows as LimeSurvey exports them with codes: names, then a list of cells per person."""
    columns = {name: values.tolist() for name, values in read_columns(data_set).items()}
    size = len(next(iter(columns.values())))
    table: dict[str, list[str]] = {
        "id": [str(i + 1) for i in range(size)],
        "submitdate": ["1980-01-01 00:00:00"] * size,
        "startlanguage": ["de"] * size,
    }
    for question in data_set.codebook:
        if question.scale is Scale.TEXT:
            table[question.id] = [""] * size
        elif question.scale is Scale.RANK:
            for place in range(1, question.depth + 1):
                cells = [""] * size
                for variable in question.variables:
                    for i, value in enumerate(columns[variable.name]):
                        if value == place:
                            cells[i] = variable.element.upper()
                table[f"{question.id}[{place}]"] = cells
        else:
            for variable in question.variables:
                codes = {code.value: code.name.upper() for code in variable.codes}
                part = f"[{variable.element}]" if variable.element else ""
                table[question.id + part] = [codes.get(v, "") for v in columns[variable.name]]
    return list(table), [list(row) for row in zip(*table.values(), strict=True)]


def as_text(names: Sequence[str], rows: Sequence[Sequence[str]], separator: str = ";") -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    return buffer.getvalue()


def run(home: Path, *arguments: object) -> Result:
    given = ["--home", str(home), "import", *map(str, arguments)]
    return CliRunner().invoke(survey, given, standalone_mode=False)


def sorted_rows(
    columns: Mapping[str, np.ndarray], skipped: Sequence[str] = ()
) -> list[tuple[int, ...]]:
    return sorted(zip(*(v.tolist() for n, v in columns.items() if n not in skipped), strict=True))


def as_limesurvey_knows_it(data_set: DataSet) -> dict[str, np.ndarray]:
    """The simulated columns, as far as the other tool can tell: a ranking has no reasons."""
    found = dict(read_columns(data_set))
    for question in data_set.codebook:
        if question.scale is Scale.RANK:
            for variable in question.variables:
                found[variable.name] = np.maximum(found[variable.name], -1)
    return found


# -- LimeSurvey, end to end -----------------------------------------------------------------------


def test_a_dossier_comes_from_a_limesurvey_response_file(
    staff: Questionnaire, simulated: DataSet, tmp_path: Path
) -> None:
    names, rows = responses(simulated)
    unfinished = ["9999", "", *rows[0][2:]]
    data = tmp_path / "results-survey.csv"
    data.write_text(as_text(names, [*rows, unfinished]), encoding="utf-8-sig")
    home, draft = tmp_path / "home", tmp_path / "map.yaml"
    drafted = run(home, STAFF, data, "--draft-mapping", draft)
    assert drafted.exception is None, drafted.output
    text = draft.read_text("utf-8")
    assert '"?"' not in text.split("columns:", 1)[1]
    assert "no answers: id, submitdate, startlanguage" in text
    imported = run(home, STAFF, data, "--mapping", draft)
    assert imported.exception is None, imported.output
    assert "1 rows without submitdate are left out as unfinished" in imported.stderr
    assert "separator: semicolon" in imported.stderr
    made = current_data_set(Home(home), staff.study.id)
    assert sorted_rows(read_columns(made)) == sorted_rows(as_limesurvey_knows_it(simulated))
    out = tmp_path / "council.pdf"
    arguments = ["--home", str(home), "dossier", "council", staff.study.id, "--out", str(out)]
    dossier = CliRunner().invoke(reports, arguments, standalone_mode=False)
    assert dossier.exception is None, dossier.output
    assert out.read_bytes().startswith(b"%PDF")
    assert out.stat().st_size > 50_000


def archive(path: Path, data_set: DataSet) -> None:
    """A LimeSurvey archive with structure and responses of some columns."""
    form = LimeSurvey(survey={"sid": "77"}, ids=1000)
    group = form.group("Fragen")
    fields: dict[str, str] = {}
    for question in data_set.codebook:
        single = len(question.variables) == 1 or question.scale is Scale.RANK
        parts = {} if single else {v.element: v.label for v in question.variables}
        kind = "R" if question.depth else "L" if single else "F"
        qid = form.question(group, kind, question.id, question.text, parts=parts)
        own = f"_77X{group}X{qid}"
        fields[question.id] = own
        fields |= {f"{question.id}[{code}]": own + code for code in parts}
        fields |= {f"{question.id}[{n}]": f"{own}{n}" for n in range(1, question.depth + 1)}
    names, rows = responses(data_set)
    kept = [(i, fields.get(name, name)) for i, name in enumerate(names)]
    body = "".join(
        "<row>"
        + "".join(f"<{field}><![CDATA[{escape(row[i])}]]></{field}>" for i, field in kept if row[i])
        + "</row>"
        for row in rows
    )
    answers = f"<document><responses><rows>{body}</rows></responses></document>"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("survey_77.lss", form.xml())
        made.writestr("survey_77_responses.lsr", answers)


def test_a_limesurvey_archive_gives_the_same_answers_as_the_csv_export(
    staff: Questionnaire, simulated: DataSet, tmp_path: Path
) -> None:
    path, draft = tmp_path / "survey.lsa", tmp_path / "map.yaml"
    archive(path, simulated)
    table = read_foreign(path, ())
    draft.write_text(draft_map(table, staff, path.name), "utf-8")
    found = read_answers(path, staff, mapping=read_map(draft, staff.codebook))
    assert found.size == PEOPLE
    assert sorted_rows(found.columns) == sorted_rows(as_limesurvey_knows_it(simulated))


def test_everything_that_a_map_leaves_wrong_is_listed_by_row_and_column(
    staff: Questionnaire, simulated: DataSet, tmp_path: Path
) -> None:
    names, rows = responses(simulated)
    place = names.index("means")
    rows[4][place] = "A99"
    rows[7][names.index("topics[1]")] = "NOBODY"
    data, draft = tmp_path / "answers.csv", tmp_path / "map.yaml"
    data.write_text(as_text(names, rows), "utf-8")
    draft.write_text(draft_map(read_foreign(data, names), staff, data.name), "utf-8")
    with pytest.raises(DataError) as caught:
        read_map(draft, staff.codebook)
    assert "say what “A99” stands for" in str(caught.value)
    assert "say what “NOBODY” stands for" in str(caught.value)
    text = "\n".join(line for line in draft.read_text("utf-8").splitlines() if '"?"' not in line)
    draft.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(data, staff, mapping=read_map(draft, staff.codebook))
    assert [(p.line, p.column) for p in caught.value.problems] == [
        (9, names.index("topics[1]") + 1)
    ]
    rows[7][names.index("topics[1]")] = ""
    data.write_text(as_text(names, rows), "utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(data, staff, mapping=read_map(draft, staff.codebook))
    assert (6, place + 1) in [(p.line, p.column) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {a: {variable: nobody}}", "map.yaml:1: column a: nobody is no variable"),
        ("columns:\n  a: means\nrankings: {means: {columns: [b]}}", "3: means is no ranking"),
        ("colums: {}", "map.yaml:1: colums: allowed are columns, rankings, texts, unfinished"),
        ("- a", "expected columns, rankings, texts, unfinished"),
        ("columns: [", "no readable YAML"),
    ],
)
def test_mistakes_of_a_map_are_named_with_their_line(
    staff: Questionnaire, tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        read_map(path, staff.codebook)
    assert message in str(caught.value)


# -- files that hold our own names -----------------------------------------------------------------


def reimported(questionnaire: Questionnaire, path: Path, form: str, data_set: DataSet) -> None:
    table, left_out = exported(data_set)
    path.write_bytes(FORMATS[form].write(table))
    found = read_foreign(path, table.columns)
    names = [v.name for q in questionnaire.codebook for v in q.variables if q.scale is Scale.TEXT]
    assert set(left_out) <= {*names, *(q.id for q in questionnaire.codebook)}
    assert [n for n in found.names if n] == list(table.columns)
    for place, name in enumerate(found.names):
        cells = found.cells[place].astype(str).tolist()
        assert cells == [str(v) for v in table.columns[name].tolist()]


@pytest.mark.parametrize("form", ["csv", "sav", "zsav", "xlsx"])
def test_rows_that_left_as_a_file_come_back_as_they_were(
    staff: Questionnaire, simulated: DataSet, tmp_path: Path, form: str
) -> None:
    reimported(staff, tmp_path / f"rows.{form}", form, simulated)


@pytest.mark.parametrize("form", ["sav", "xlsx"])
def test_a_file_without_free_texts_is_taken_and_says_so(
    staff: Questionnaire, simulated: DataSet, tmp_path: Path, form: str
) -> None:
    path = tmp_path / f"rows.{form}"
    path.write_bytes(FORMATS[form].write(exported(simulated)[0]))
    found = read_answers(path, staff)
    assert sorted_rows(found.columns) == sorted_rows(read_columns(simulated))
    assert "no column for free texts: words" in found.notes


def test_a_spreadsheet_is_read_with_days_numbers_and_empty_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["dept", "words", None])
    book.active.append(["parks", 0])
    book.active.append([None, None])
    book.active.append(["library", "=1+1"])
    path = tmp_path / "rows.xlsx"
    book.save(path)
    table = read_foreign(path, ())
    assert table.names == ("dept", "words")
    assert table.cells[0].tolist() == ["parks", "library"]
    assert table.cells[1].tolist() == ["0", ""]
    assert table.rows.tolist() == [2, 4]
    assert "1 empty rows are left out" in table.notes


def test_marked_utf_16_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "rows.txt"
    path.write_bytes("dept\twords\nparks\tGrüße 😀\n".encode("utf-16"))
    table = read_foreign(path, ("dept",))
    assert table.cells[1].tolist() == ["Grüße 😀"]
    assert "separator: tab" in table.notes[0]


@pytest.mark.parametrize("ending", ["xlsx", "sav", "lsa"])
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"broken.{ending}"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(DataError, match=f"broken.{ending}"):
        read_foreign(path, ())


def test_the_draft_names_what_it_did_not_find(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,token,DEPT,Sonstiges\n1,x,Grünflächen,y\n2,y,weiteres,z\n", "utf-8")
    text = draft_map(read_foreign(path, ("DEPT",)), sample_questionnaire(), path.name)
    assert "Left out for good, because they are no answers: id, token" in text
    assert "Not recognised and left out: Sonstiges" in text
    assert '"Grünflächen": "parks"' in text
    assert '"weiteres": "?"' in text
    assert "#   means:" in text


def test_the_command_writes_a_readable_data_set(tmp_path: Path, staff: Questionnaire) -> None:
    data_set = simulate_data_set(staff, 40, 9, tmp_path / "data.zip")
    names, rows = responses(data_set)
    data, draft = tmp_path / "a.csv", tmp_path / "map.yaml"
    data.write_text(as_text(names, rows, ","), "utf-8")
    draft.write_text(draft_map(read_foreign(data, names), staff, data.name), "utf-8")
    result = run(tmp_path / "home", STAFF, data, "--mapping", draft)
    assert result.exception is None, result.output
    (line,) = [s for s in result.stdout.splitlines() if s.startswith("dataset: ")]
    assert read_data_set(Path(line.removeprefix("dataset: "))).protocol["source"] == "import"
    assert "import: 100 %" in result.stderr

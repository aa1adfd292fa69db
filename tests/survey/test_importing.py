from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from small_study import small_questionnaire
from urn_example import add

from survey.dataset import current_data_set
from survey.errors import DataError, StudyStateError
from survey.home import Home
from survey.importing import import_answers, read_answers
from survey.instrument import Instrument, Page, Questionnaire
from survey.population import draw_population
from survey.rows import read_columns
from survey.sample import draw_sample

ITEM_IDS = ("topics", "means", "ways", "motto", "words", "plain")


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    whole = small_questionnaire(framed=False)
    items = tuple(whole.instrument.item(id) for id in ITEM_IDS)
    return Questionnaire(whole.study, Instrument("1", "de", (Page("p", "", items),)))


NAMES = [
    "topics_a", "topics_b", "topics_c", "topics_d", "topics_e", "topics_f", "means",
    "ways_mail", "ways_phone", "ways_visit", "ways_none", "motto", "words", "plain_one",
    "plain_two",
]  # fmt: skip
FIRST = "1,2,3,0,0,0,s4,1,0,1,0,m2,Gut so.,s1,4"
SECOND = ",1,,,,,5,,,,,,,,dk"
EMPTY = "," * 14


def table(*rows: str, names: list[str] | None = None) -> str:
    return "\n".join([",".join(names or NAMES), *rows]) + "\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.csv"


def read(
    file: Path, text: str, questionnaire: Questionnaire, encoding: str = "utf-8"
) -> dict[str, list[int]]:
    file.write_bytes(text.encode(encoding))
    found = read_answers(file, questionnaire)
    return {name: column.tolist() for name, column in found.columns.items()}


def mistakes(file: Path, text: str, questionnaire: Questionnaire) -> list[tuple[int, int, str]]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(file, questionnaire)
    return [(p.line, p.column, p.code) for p in caught.value.problems]


def test_cells_are_names_or_values_and_empty_cells_are_skipped(
    file: Path, questionnaire: Questionnaire
) -> None:
    columns = read(file, table(FIRST), questionnaire)
    expected = [1, 2, 3, 0, 0, 0, 4, 1, 0, 1, 0, 2, 1, 4]
    assert [columns[name][0] for name in NAMES if name != "words"] == expected
    columns = read(file, table(SECOND), questionnaire)
    expected = [0, 1, 0, 0, 0, 0, 5, -1, -1, -1, -1, -1, -1, -2]
    assert [columns[name][0] for name in NAMES if name != "words"] == expected


def test_numbers_that_a_spreadsheet_wrote_with_decimals_are_read(
    file: Path, questionnaire: Questionnaire
) -> None:
    columns = read(file, table("1.0,,,,,,5.0,1.0,0.0,,,,,,2.00"), questionnaire)
    assert (columns["topics_a"], columns["means"], columns["plain_two"]) == ([1], [5], [2])
    assert columns["ways_visit"] == [0]


def test_a_reason_stands_for_the_whole_list(file: Path, questionnaire: Questionnaire) -> None:
    columns = read(file, table("dk,,,,,,dk,,dk,,,,,,"), questionnaire)
    assert {columns[name][0] for name in NAMES[:6]} == {-2}
    assert {columns[name][0] for name in NAMES[7:11]} == {-3}
    assert columns["means"] == [-2]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators_line_ends_and_marks_are_found_out(
    file: Path, questionnaire: Questionnaire, separator: str, ends: str, encoding: str
) -> None:
    text = table(FIRST, SECOND).replace(",", separator).replace("\n", ends)
    assert len(read(file, text, questionnaire, encoding)["means"]) == 2


def test_the_order_of_columns_does_not_matter_and_others_are_left_out_aloud(
    file: Path, questionnaire: Questionnaire
) -> None:
    names, cells = ["id", *NAMES[::-1]], ["77", *FIRST.split(",")[::-1]]
    file.write_text(table(",".join(cells), names=names), encoding="utf-8")
    found = read_answers(file, questionnaire)
    assert found.columns["means"].tolist() == [4]
    assert found.notes[-1] == "columns left out: id"


def test_quoted_texts_may_hold_separators_quotes_and_lines(
    file: Path, questionnaire: Questionnaire
) -> None:
    row = FIRST.replace("Gut so.", '"Erst, dann ""so""\nund Schluss"')
    file.write_text(table(row, SECOND), encoding="utf-8")
    found = read_answers(file, questionnaire)
    assert found.texts == {"words": ['Erst, dann "so"\nund Schluss']}
    assert found.size == 2


def test_texts_leave_the_rows_and_rows_leave_their_order(
    file: Path, questionnaire: Questionnaire
) -> None:
    rows = [f",,,,,,{step},,,,,,{text},," for step, text in (("s5", "A"), ("s1", "C"), ("s2", "B"))]
    file.write_text(table(*rows), encoding="utf-8")
    found = read_answers(file, questionnaire)
    assert found.columns["means"].tolist() == [1, 2, 5]
    assert found.texts == {"words": ["A", "B", "C"]}


def test_rows_without_content_are_left_out_aloud(file: Path, questionnaire: Questionnaire) -> None:
    file.write_text(table(FIRST, "", EMPTY, SECOND, "", ""), encoding="utf-8")
    found = read_answers(file, questionnaire)
    assert found.size == 2
    assert found.notes[-1] == "4 empty rows are left out"


def test_a_row_of_blanks_is_nobody(file: Path, questionnaire: Questionnaire) -> None:
    blanks = ",".join([" ", "\u00a0", *[""] * 13])
    file.write_text(table(FIRST, blanks), encoding="utf-8")
    found = read_answers(file, questionnaire)
    assert found.size == 1
    assert found.notes[-1] == "1 empty rows are left out"


def test_answers_are_not_imported_into_a_study_with_an_urn(
    file: Path, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    add(home, "small")
    file.write_text(table(FIRST), encoding="utf-8")
    with pytest.raises(StudyStateError, match="study small has an urn in this home"):
        import_answers(home, questionnaire, file)
    assert not list(home.path.rglob("*.zip"))


def test_all_mistakes_are_named_at_once_with_row_and_column(
    file: Path, questionnaire: Questionnaire
) -> None:
    rows = [
        FIRST,
        FIRST.replace("s4", "s9"),
        "1,1,,,,,,,,,,,,,",
        "1,,3,,,,,,,,,,,,",
        "dk,2,,,,,,,,,,,,,",
        ",,,,,,,1,1,1,,,,,",
        ",,,,,,,1,,,1,,,,",
        f",,,,,,,,,,,,{'x' * 61},,",
        "4,,,,,,,,,,,m7,,,",
    ]
    assert mistakes(file, table(*rows), questionnaire) == [
        (3, 7, "unknown_code"),
        (4, 1, "place_twice"),
        (5, 1, "place_left_out"),
        (6, 1, "mixed_reason"),
        (7, 8, "too_many"),
        (8, 8, "not_alone"),
        (9, 13, "text"),
        (10, 1, "unknown_code"),
        (10, 12, "unknown_code"),
    ]


def test_an_unknown_code_is_shown_with_row_column_and_what_is_allowed(
    file: Path, questionnaire: Questionnaire
) -> None:
    file.write_text(table(FIRST, "", FIRST.replace("m2", "m9")), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(file, questionnaire)
    message = str(caught.value)
    assert message.startswith("answers.csv:4:12: row 4, column motto: “m9” is no code; allowed: ")
    assert "m1, m2, m3" in message


def test_missing_and_double_columns_are_named(file: Path, questionnaire: Questionnaire) -> None:
    names = ["means" if name == "motto" else name for name in NAMES]
    file.write_text(table(FIRST, names=names), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(file, questionnaire)
    message = str(caught.value)
    assert "row 1: column means stands twice, as columns 7 and 12" in message
    assert "row 1: column motto (Welcher Satz?) is missing" in message


def test_missing_columns_do_not_hide_wrong_cells(file: Path, questionnaire: Questionnaire) -> None:
    names = [name if name != "motto" else "sentence" for name in NAMES]
    found = mistakes(file, table(FIRST.replace("s4", "oh"), names=names), questionnaire)
    assert found == [(1, 0, "missing_column"), (2, 7, "unknown_code")]


def test_rows_of_another_length_are_named(file: Path, questionnaire: Questionnaire) -> None:
    found = mistakes(file, table(FIRST, FIRST + ",9", "1,2"), questionnaire)
    assert found == [(3, 0, "row_length"), (4, 0, "row_length")]


def test_a_quotation_mark_without_end_is_named(file: Path, questionnaire: Questionnaire) -> None:
    found = mistakes(file, table(FIRST, FIRST.replace("Gut", '"Gut'), FIRST), questionnaire)
    assert found == [(3, 0, "quotation")]


def test_many_mistakes_are_counted_and_the_first_fifty_listed(
    file: Path, questionnaire: Questionnaire
) -> None:
    file.write_text(table(*[FIRST.replace("s4", "no")] * 173), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_answers(file, questionnaire)
    problems = caught.value.problems
    assert problems[0].message == "173 mistakes, of which the first 50 follow"
    assert [p.line for p in problems[1:]] == list(range(2, 52))


def test_another_encoding_is_refused_with_its_place_and_read_on_request(
    file: Path, questionnaire: Questionnaire
) -> None:
    row = FIRST.replace("Gut so.", "Größere Räume")
    file.write_bytes(table(FIRST, row).encode("cp1252"))
    with pytest.raises(DataError) as caught:
        read_answers(file, questionnaire)
    assert "answers.csv:3:13: row 3, column 13: byte 0xf6 is not utf-8" in str(caught.value)
    assert "--encoding cp1252" in str(caught.value)
    found = read_answers(file, questionnaire, "cp1252")
    assert found.texts == {"words": ["Größere Räume", "Gut so."]}
    assert found.notes == ("read as cp1252, separator: comma",)


@pytest.mark.parametrize("content", [b"", b"\n\n", "means\n".encode("utf-16"), b"a\0b\n1,2\n"])
def test_what_is_no_table_is_refused(
    file: Path, questionnaire: Questionnaire, content: bytes
) -> None:
    file.write_bytes(content)
    with pytest.raises(DataError):
        read_answers(file, questionnaire)


def test_a_file_without_answers_is_refused(file: Path, questionnaire: Questionnaire) -> None:
    assert mistakes(file, table(EMPTY, EMPTY), questionnaire) == [(0, 0, "no_rows")]


def test_an_import_is_stored_once_and_nothing_is_stored_with_a_mistake(
    file: Path, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    file.write_text(table(FIRST.replace("s4", "oh")), encoding="utf-8")
    with pytest.raises(DataError):
        import_answers(home, questionnaire, file)
    assert not home.path.exists() or not list(home.path.rglob("*.zip"))
    file.write_text(table(FIRST, SECOND), encoding="utf-8")
    data_set, _ = import_answers(home, questionnaire, file)
    again, _ = import_answers(home, questionnaire, file)
    assert data_set.path == again.path == current_data_set(home, "small").path
    assert len(list(home.path.rglob("*.zip"))) == 1
    assert data_set.protocol["ballots"] == 2
    assert np.bincount(read_columns(data_set)["means"]).tolist() == [0, 0, 0, 0, 1, 1]


def test_every_answer_of_a_simulation_comes_back_through_a_file(
    file: Path, questionnaire: Questionnaire
) -> None:
    sample = draw_sample(draw_population(questionnaire, 5, size=400), 400, 5)
    names = list(sample.columns)
    matrix = np.column_stack([sample.columns[name] for name in names])
    lines = [",".join([*map(str, row), ""]) for row in matrix.tolist()]
    found = read(file, table(*lines, names=[*names, "words"]), questionnaire)
    back = np.column_stack([found[name] for name in names])
    assert sorted(back.tolist()) == sorted(matrix.tolist())

"""Responses of LimeSurvey in every layout that it writes give the same answers."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import limesurvey_answers as made
import pytest

from survey.converting.conversion import convert, write_folder
from survey.errors import DataError
from survey.foreign_draft import draft_map
from survey.foreign_files import read_foreign
from survey.foreign_map import read_map
from survey.importing import ForeignAnswers, read_answers
from survey.instrument import Questionnaire
from survey.questionnaire import read_questionnaire

FORM, FIELDS = made.structure()
PEOPLE = made.people(FIELDS)


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Questionnaire:
    """The questionnaire that our converter makes of the structure, as it is."""
    folder = tmp_path_factory.mktemp("party")
    conversion = convert(FORM.save(folder / "party.lss"), date(2026, 11, 1))
    write_folder(conversion, folder / "out")
    return read_questionnaire(next((folder / "out").glob("*.yaml")))


def imported(party: Questionnaire, path: Path) -> tuple[ForeignAnswers, str]:
    known = [v.name for q in party.codebook for v in q.variables]
    text = draft_map(read_foreign(path, known), party, path.name)
    draft = path.with_suffix(".map.yaml")
    draft.write_text(text, "utf-8")
    return read_answers(path, party, mapping=read_map(draft, party.codebook)), text


def sorted_rows(found: ForeignAnswers) -> list[tuple[int, ...]]:
    return sorted(zip(*(column.tolist() for column in found.columns.values()), strict=True))


def wanted(party: Questionnaire) -> list[tuple[int, ...]]:
    """The rows that follow from what was typed, by the items of the questionnaire themselves."""
    return sorted(tuple(_encoded(party, row)) for row in PEOPLE)


def _encoded(party: Questionnaire, row: dict[str, str]) -> Sequence[int]:
    cells = {field.second_code: row[field.old] for field in FIELDS}
    values: list[int] = []
    for item in party.instrument.items:
        if item.questions() and item.type != "text":
            values += item.encode(_answer(item, cells)).values()
    return values


def _answer(item: Any, cells: dict[str, str]) -> Any:
    id, kind = item.id, item.type
    if kind == "ranking":
        return [cells[f"{id}_{n}"] for n in (1, 2, 3) if cells[f"{id}_{n}"]] or None
    if kind == "multiple":
        ticked = [code for code in made.PARTS if cells[f"{id}_{code}"] == "Y"]
        return [*ticked, *(["other"] if cells[f"{id}_other"].strip() else [])] or None
    if kind == "grid" and item.facets:
        found = {f"{facet}.{code}": cells[f"{id}_{code}_{n}"]
                 for n, facet in enumerate("ab") for code in made.PARTS}  # fmt: skip
        return {key: code for key, code in found.items() if code} or None
    if kind == "grid":
        found = {code: cells[f"{id}_{code}"] for code in made.PARTS}
        return {key: code for key, code in found.items() if code} or None
    value = cells[id]
    if kind in ("number", "date"):
        return value.removesuffix(" 00:00:00").rstrip("0").rstrip(".") if "." in value else (
            value.removesuffix(" 00:00:00") or None)  # fmt: skip
    return {"-oth-": "other"}.get(value, value) or None


def typed_texts() -> dict[str, list[str]]:
    """The words of one's own and comments, by the id of our text."""
    found: dict[str, list[str]] = {}
    for row in PEOPLE:
        (beside,) = (f for f in FIELDS if f.title == "Q79" and f.kind == "comment")
        joined = [row[f.old] for f in FIELDS if f.title == "Q80" and f.kind == "comment"]
        said = {f"{f.title}_other_text": row[f.old] for f in FIELDS if f.kind == "other"}
        said |= {f.second_code: row[f.old] for f in FIELDS if f.kind in "STQ"}
        said["Q79_comment"] = row[beside.old]
        said["Q80_comment"] = "\n".join(text for text in joined if text)
        for name, text in said.items():
            found.setdefault(name, []).append(text)
    return {name: sorted(filter(None, texts)) for name, texts in found.items()}


def holds(party: Questionnaire, path: Path) -> None:
    found, text = imported(party, path)
    assert '"?"' not in text.split("columns:", 1)[1]
    assert "cannot be" not in text, text
    assert "Not recognised" not in text, text
    assert sorted_rows(found) == wanted(party)
    assert dict(found.texts) == typed_texts()
    assert any("1 rows without" in note for note in found.notes)


@pytest.mark.parametrize("long", [False, True], ids=["codes", "whole answers"])
@pytest.mark.parametrize("head", list(made.HEADS))
def test_every_heading_and_kind_of_answer_of_a_csv_export_is_taken(
    party: Questionnaire, tmp_path: Path, head: str, long: bool
) -> None:
    path = tmp_path / "results-survey77.csv"
    path.write_bytes(made.as_csv(made.table(FIELDS, PEOPLE, head, long=long), ",;"[long]))
    holds(party, path)


def test_a_spreadsheet_export_is_taken(party: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "results-survey77.xlsx"
    path.write_bytes(made.as_xlsx(made.table(FIELDS, PEOPLE, "code", long=False)))
    holds(party, path)


@pytest.mark.parametrize("new", [False, True], ids=["long field names", "short field names"])
def test_an_archive_is_taken_although_cells_and_whole_columns_may_be_absent(
    party: Questionnaire, tmp_path: Path, new: bool
) -> None:
    path = tmp_path / "survey.lsa"
    made.archive(path, FORM, FIELDS, PEOPLE, new=new)
    holds(party, path)


def test_columns_about_a_person_are_left_out_for_good_under_every_heading(
    party: Questionnaire, tmp_path: Path
) -> None:
    for head in made.HEADS:
        cells = made.table(FIELDS, PEOPLE, head, long=False)
        cells = [[*row, mail] for row, mail in zip(cells, ["E-Mail-Adresse", *["x"] * 99])]  # noqa: B905
        path = tmp_path / f"{head}.csv"
        path.write_bytes(made.as_csv(cells, ";"))
        _, text = imported(party, path)
        (line,) = (line for line in text.splitlines() if "for good" in line)
        for _, german in made.ADDED[2:] if head == "text" else ():
            assert german in line
        assert "E-Mail-Adresse" in line
        assert "interviewtime, groupTime9, Q76Time" in line


def test_cut_and_repeated_headings_are_named_instead_of_guessed(
    party: Questionnaire, tmp_path: Path
) -> None:
    cells = made.table(FIELDS, PEOPLE, "text", long=False)
    cells[0] = [name if len(name) < 18 else name[:15] + ".. " for name in cells[0]]
    path = tmp_path / "cut.csv"
    path.write_bytes(made.as_csv(cells, ";"))
    text = draft_map(read_foreign(path, ()), party, path.name)
    assert "look cut: export again with question codes" in text
    assert "stand more than once" in text


def test_a_column_that_stands_twice_cannot_be_mapped(party: Questionnaire, tmp_path: Path) -> None:
    path, draft = tmp_path / "twice.csv", tmp_path / "map.yaml"
    path.write_text("Q76,Q76\nA1,A2\n", "utf-8")
    draft.write_text("columns: {Q76: {variable: Q76}}", "utf-8")
    with pytest.raises(DataError, match="column Q76 of the map stands 2 times"):
        read_answers(path, party, mapping=read_map(draft, party.codebook))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {a: {variable: Q77_other_text, ticks: Q76}}", "Q76 is no option of a multiple"),
        ("columns: {a: {variable: Q76, value: {}}}", "value: allowed are variable, values, ticks"),
        ("texts: {Q76: {columns: [a]}}", "Q76 is no free text"),
        ("texts: {Q83: {columns: a}}", "Q83: columns has to list"),
    ],
)
def test_mistakes_in_what_a_map_says_of_texts_are_named(
    party: Questionnaire, tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataError, match=message):
        read_map(path, party.codebook)


def test_what_is_encrypted_in_an_archive_is_said(party: Questionnaire, tmp_path: Path) -> None:
    form, fields = made.structure()
    form.tables["questions"][0]["encrypted"] = "Y"
    path = tmp_path / "survey.lsa"
    made.archive(path, form, fields, PEOPLE, new=False)
    assert (
        "encrypted in the archive, export them as CSV instead: Q76"
        in read_foreign(path, ()).notes[0]
    )


def test_an_export_that_a_german_excel_saved_again_is_taken(
    party: Questionnaire, tmp_path: Path
) -> None:
    """Days turned round, decimal commas, Windows-1252, quotation marks only where needed."""
    turned = {"2026-05-01 00:00:00": "01.05.2026 00:00", "12.5": "12,5"}
    cells = made.table(FIELDS, PEOPLE, "code", long=False)
    path = tmp_path / "results.csv"
    with path.open("w", encoding="cp1252", errors="replace", newline="") as file:
        rows = ([turned.get(cell, cell) for cell in row] for row in cells)
        csv.writer(file, delimiter=";").writerows(rows)
    draft = tmp_path / "map.yaml"
    draft.write_text(draft_map(read_foreign(path, (), "cp1252"), party, path.name), "utf-8")
    found = read_answers(path, party, "cp1252", read_map(draft, party.codebook))
    assert sorted_rows(found) == wanted(party)
    assert "read as cp1252, separator: semicolon" in found.notes


def test_a_multiple_choice_without_any_choice_is_said_to_be_skipped(
    party: Questionnaire, tmp_path: Path
) -> None:
    path = tmp_path / "results.csv"
    path.write_bytes(made.as_csv(made.table(FIELDS, PEOPLE, "code", long=True), ","))
    found, _ = imported(party, path)
    empty = sum(not any(row[f.old] for f in FIELDS if f.title == "Q77") for row in PEOPLE)
    assert empty > 0
    assert f"Q77: {empty} rows without any choice are skipped ones" in found.notes

"""Hostile and broken files are refused with a sentence, and nothing is written."""

from __future__ import annotations

import ast
import contextlib
import string
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from foreign_files import LimeSurvey, workbook, xlsform
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.cli import survey
from survey.converting.conversion import convert, write_folder
from survey.converting.expressions import (
    NotSimpleError,
    limesurvey_condition,
    xlsform_condition,
)
from survey.converting.guarding import LARGEST
from survey.converting.plain_text import plain_text
from survey.converting.sentences import LANGUAGES, SENTENCES
from survey.errors import ConversionError

TODAY = date(2026, 11, 1)
FORM = workbook({"survey": [["type", "name", "label"], ["text", "q", "Wie ist das?"]]})
SHEET = "xl/worksheets/sheet1.xml"


def small_survey() -> LimeSurvey:
    made = LimeSurvey()
    made.question(made.group("Eine"), "Y", "q", "Ist das gut?")
    return made


def bomb() -> str:
    laughs = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
    )
    return f"<!DOCTYPE document [{laughs}]><document><a>&l9;</a></document>"


def zipped(parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {part.filename: archive.read(part) for part in archive.infolist()}


def changed(name: str, content: bytes) -> bytes:
    """A workbook with one part of another content."""
    return zipped({**parts_of(FORM), name: content})


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(survey, ["convert", *map(str, arguments)], standalone_mode=False)


HOSTILE_XML: dict[str, tuple[bytes, str]] = {
    "entity bomb": (bomb().encode(), "Sicherheitsgründen"),
    "entity bomb in UTF-16": (
        ('<?xml version="1.0" encoding="UTF-16"?>' + bomb()).encode("utf-16"),
        "Sicherheitsgründen",
    ),
    "file as entity": (
        b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>',
        "Sicherheitsgründen",
    ),
    "outside type": (
        b'<!DOCTYPE document SYSTEM "http://127.0.0.1:9/x.dtd"><document/>',
        "Sicherheitsgründen",
    ),
    "parameter entity": (
        b'<!DOCTYPE d [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><document/>',
        "Sicherheitsgründen",
    ),
    "broken": (small_survey().xml().encode()[:700], "beschädigt"),
    "no text": (b"\0" * 500, "beschädigt"),
    "unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><document/>', "beschädigt"),
    "empty": (b"  \n", "leer"),
    "nested": (b"<document>" + b"<a>" * 100_000, "verschachtelt"),
    "many parts": (b"<document>" + b"<a/>" * 600_000 + b"</document>", "Bestandteile"),
    "many attributes": (
        b"<document " + b" ".join(b'a%d=""' % n for n in range(90_000)) + b"/>",
        "verschachtelt",
    ),
    "other XML": (b"<html><body/></html>", "keine Fragebogenstruktur"),
    "a group only": (small_survey().xml("Group").encode(), "nur einen Teil"),
    "a workbook": (FORM, "beschädigt"),
}
HOSTILE_WORKBOOKS: dict[str, tuple[bytes, str]] = {
    "no archive": (b"type,name,label\n", "keine Arbeitsmappe"),
    "another archive": (zipped({"a.txt": b"a"}), "keine Arbeitsmappe"),
    "cut off": (FORM[: len(FORM) // 2], "keine Arbeitsmappe"),
    "old format": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "alte Format"),
    "entities": (
        changed("xl/workbook.xml", b'<!DOCTYPE d [<!ENTITY x "y">]><workbook>&x;</workbook>'),
        "Sicherheitsgründen",
    ),
    "broken part": (changed(SHEET, b"<worksheet><sheetData>"), "beschädigt"),
    "zip bomb": (changed(SHEET, b" " * 60_000_000), "ausgepackt zu groß"),
    "many files": (
        zipped({**parts_of(FORM), **{f"xl/x{n}.xml": b"<x/>" for n in range(500)}}),
        "ungewöhnlich",
    ),
    "strange packing": (zipped(parts_of(FORM), zipfile.ZIP_BZIP2), "ungewöhnlich"),
    "no form": (workbook({"Tabelle1": [["a", "b"], ["1", "2"]]}), "kein XLSForm"),
    "a number as column": (
        workbook({"survey": [["type", "name", 7], ["text", "q", "A"]]}),
        "eine Zahl",
    ),
    "no rows": (workbook({"survey": [["type", "name"]]}), "kein XLSForm"),
    "a column twice": (
        workbook({"survey": [["type", "name", "label", "label"], ["text", "q", "A", "B"]]}),
        "Duplicate column header: label",
    ),
}


def refused(path: Path, sentence: str) -> None:
    out = path.parent / "out"
    result = run(path, "--out", out)
    assert isinstance(result.exception, ConversionError), result.exception
    assert sentence in str(result.exception)
    assert [entry for entry in path.parent.iterdir() if entry != path] == []


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_a_hostile_structure_file_is_refused(tmp_path: Path, name: str) -> None:
    content, sentence = HOSTILE_XML[name]
    path = tmp_path / "umfrage.lss"
    path.write_bytes(content)
    refused(path, sentence)


@pytest.mark.parametrize("name", HOSTILE_WORKBOOKS)
def test_a_hostile_workbook_is_refused(tmp_path: Path, name: str) -> None:
    content, sentence = HOSTILE_WORKBOOKS[name]
    path = tmp_path / "form.xlsx"
    path.write_bytes(content)
    refused(path, sentence)


@pytest.mark.parametrize("suffix", [".lss", ".xlsx"])
def test_a_file_of_fifty_megabytes_is_refused_by_its_size_alone(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"large{suffix}"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    refused(path, "zu groß (50 MB)")
    assert path.stat().st_size > LARGEST


@pytest.mark.parametrize("name", ["answers.csv", "survey.lsa", "form.xls", "noending"])
def test_other_kinds_of_files_are_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("a,b")
    refused(path, "unbekannt")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.lss").mkdir()
    for name in ("missing.lss", "folder.lss"):
        with pytest.raises(ConversionError, match="keine Datei"):
            convert(tmp_path / name, TODAY)


def test_a_survey_without_questions_is_refused(tmp_path: Path) -> None:
    refused(LimeSurvey().save(tmp_path / "leer.lss"), "keine einzige Frage")


def test_the_folder_is_there_completely_or_not_at_all(tmp_path: Path) -> None:
    path = small_survey().save(tmp_path / "umfrage.lss")
    result = run(path, "--out", tmp_path / "new" / "out")
    assert result.exception is None
    written = sorted(entry.name for entry in (tmp_path / "new" / "out").iterdir())
    assert written == ["limesurvey-123456.yaml", "report.json", "report.md"]
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["out"]
    assert result.output.startswith("1 Frage in der Quelle: 1 übernommen,")


def test_a_folder_that_cannot_be_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    made = convert(small_survey().save(tmp_path / "umfrage.lss"), TODAY)
    broken = replace(made, files={**made.files, "no/such/folder.yaml": ""})
    with pytest.raises(ConversionError, match="lässt sich nicht anlegen"):
        write_folder(broken, tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["umfrage.lss"]


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    path = small_survey().save(tmp_path / "umfrage.lss")
    kept = tmp_path / "out" / "kept.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    result = run(path, "--out", kept.parent)
    assert isinstance(result.exception, ConversionError)
    assert [entry.name for entry in kept.parent.iterdir()] == ["kept.txt"]
    result = run(path, "--out", path / "below")
    assert isinstance(result.exception, ConversionError)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "umfrage.lss"]


def test_the_report_speaks_english_on_request(tmp_path: Path) -> None:
    path = small_survey().save(tmp_path / "umfrage.lss")
    result = run(path, "--out", tmp_path / "out", "--lang", "en")
    assert result.output.startswith("1 question in the source: 1 converted,")
    assert "All questions of the source" in (tmp_path / "out" / "report.md").read_text("utf-8")


def test_no_text_of_the_source_becomes_markup_or_leaves_its_cell(tmp_path: Path) -> None:
    made = LimeSurvey()
    text = "&lt;script&gt;x&lt;/script&gt; | [a](javascript:x) `b`\n| 9 | fake |"
    made.question(made.group("Eine"), "Y", "q", text)
    report = convert(made.save(tmp_path / "umfrage.lss"), TODAY).files["report.md"]
    assert "<script" not in report
    assert "[a](" not in report
    assert sum(row.startswith("| 9") for row in report.splitlines()) == 0


def test_every_note_has_a_sentence_in_every_language_and_every_sentence_a_use() -> None:
    folder = Path(convert.__code__.co_filename).parent
    texts = [
        path.read_text("utf-8") for path in folder.glob("*.py") if "sentences" not in path.name
    ]
    words = {
        node.value
        for text in texts
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    used = {code for code in SENTENCES if code in words or code.startswith("lost_")}
    assert used == set(SENTENCES)
    for said in SENTENCES.values():
        assert len(said) == len(LANGUAGES)
        holes = [{name for _, name, _, _ in string.Formatter().parse(t) if name} for t in said]
        assert holes[0] == holes[1]


@given(st.text(alphabet="Q1.NAOK=<>!&|()'\" \tandornot{}$,selected-count9é", max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_condition_is_read_or_refused(text: str) -> None:
    for read in (limesurvey_condition, xlsform_condition):
        with contextlib.suppress(NotSimpleError):
            read(text)


@given(st.text(alphabet="<>/&;abp!-[]{}\x00\u2028 \n\"'=é", max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_becomes_plain_lines(text: str) -> None:
    plain = plain_text(text).text
    assert plain == "\n".join(" ".join(line.split()) for line in plain.splitlines())
    assert all(character.isprintable() or character == "\n" for character in plain)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=4)), min_size=1, max_size=5),
    st.sampled_from(["select_one l", "select_multiple l", "rank l", "text", "integer", "note"]),
)
@settings(max_examples=40, deadline=None)
def test_whatever_an_author_typed_the_result_passes_the_check_or_says_why(
    tmp_path_factory: pytest.TempPathFactory,
    questions: list[tuple[str, str, list[str]]],
    kind: str,
) -> None:
    path = tmp_path_factory.mktemp("any") / "form.xlsx"
    rows = [{"type": "text", "name": "first", "label": "Wie ist das?"}]
    rows += [{"type": kind, "name": name, "label": text} for name, text, _ in questions]
    listed = [label for _, _, labels in questions for label in labels]
    choices = [{"list_name": "l", "name": text[:9], "label": text} for text in listed]
    conversion = convert(xlsform(path, rows, choices), TODAY)
    assert len(conversion.plan.lines) == len(rows)
    assert conversion.errors == ()

"""XLSForm workbooks become questionnaires that can be checked, read and answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from foreign_files import xlsform

from survey.converting.conversion import Conversion, convert, write_folder
from survey.converting.plan import Line
from survey.converting.source_model import Outcome
from survey.instrument import Questionnaire
from survey.questionnaire import read_questionnaire

TODAY = date(2026, 11, 1)
Row = dict[str, Any]

CHOICES: list[Row] = [
    {"list_name": "yesno", "name": "yes", "label": "ja"},
    {"list_name": "yesno", "name": "no", "label": "nein"},
    {"list_name": "ways", "name": "bike", "label": "Rad"},
    {"list_name": "ways", "name": "bus", "label": "Bus"},
    {"list_name": "ways", "name": "none", "label": "nichts davon"},
]
SETTINGS: Row = {"form_title": "Wege", "form_id": "Wege 2026", "version": "7"}


def row(type: str, name: str = "", label: str = "", **cells: str) -> Row:
    return {"type": type, "name": name, "label": label, **cells}


def converted(folder: Path, *rows: Row, settings: Mapping[str, Any] = SETTINGS) -> Conversion:
    return convert(xlsform(folder / "form.xlsx", rows, CHOICES, settings), TODAY)


def read(conversion: Conversion, folder: Path) -> Questionnaire:
    assert conversion.errors == ()
    write_folder(conversion, folder / "out")
    return read_questionnaire(folder / "out" / f"{conversion.plan.study['id']}.yaml")


def line(conversion: Conversion, name: str) -> Line:
    return next(line for line in conversion.plan.lines if line.name == name)


def codes(conversion: Conversion, name: str) -> list[str]:
    return [note.code for note in line(conversion, name).notes]


def item(questionnaire: Questionnaire, id: str) -> dict[str, Any]:
    return questionnaire.instrument.item(id).model_dump(mode="json", by_alias=True)


def rule(questionnaire: Questionnaire, id: str) -> object:
    found = questionnaire.instrument.item(id).when
    return found and found.model_dump(mode="json", by_alias=True, exclude_none=True)


CONVERTED = {
    "text": "text",
    "string": "text",
    "integer": "number",
    "int": "number",
    "decimal": "number",
    "range": "number",
    "select_one yesno": "single",
    "select one yesno": "single",
    "select_one ways or_other": "single",
    "select_multiple ways": "multiple",
    "select_multiple ways or_other": "multiple",
    "rank ways": "ranking",
    "date": "date",
    "dateTime": "date",
    "note": "info",
    "acknowledge": "single",
}
REFUSED = {
    "calculate": "calculation",
    "geopoint": "place_data",
    "geotrace": "place_data",
    "image": "recording",
    "audio": "recording",
    "file": "recording",
    "barcode": "recording",
    "time": "time_of_day",
    "start": "device_data",
    "deviceid": "device_data",
    "username": "device_data",
    "hidden": "calculation",
    "select_one_from_file ways.csv": "outside_choices",
    "select_one missing": "no_choices",
    "nonsense": "unknown_kind",
}


def test_every_type_is_accounted_for_and_the_result_can_be_read(tmp_path: Path) -> None:
    kinds = [*CONVERTED, *REFUSED]
    rows = [row(kind, f"q{place}", f"Art {place}?") for place, kind in enumerate(kinds)]
    conversion = converted(tmp_path, *rows)
    questionnaire = read(conversion, tmp_path)
    assert [line.kind for line in conversion.plan.lines] == kinds
    types = [item.type for item in questionnaire.instrument.items]
    assert types == list(CONVERTED.values())
    refused = {
        line.kind: line.notes[0].code
        for line in conversion.plan.lines
        if line.outcome is Outcome.NOT_SUPPORTED
    }
    assert refused == REFUSED


def test_a_longest_answer_to_everything_is_allowed(tmp_path: Path) -> None:
    rows = [row(kind, f"q{place}", f"Art {place}?") for place, kind in enumerate(CONVERTED)]
    instrument = read(converted(tmp_path, *rows), tmp_path).instrument
    instrument.encode(instrument.check_answers(instrument.longest_answers))


def test_the_study_has_the_titles_of_the_settings(tmp_path: Path) -> None:
    questionnaire = read(converted(tmp_path, row("text", "q", "Was ist das?")), tmp_path)
    study = questionnaire.study
    assert (study.id, study.title, study.language) == ("wege-2026", "Wege", "de")
    assert questionnaire.instrument.version == "7"


def test_limits_are_kept_and_other_checks_are_said_to_be_lost(tmp_path: Path) -> None:
    alone = "not(selected(., 'none') and count-selected(.) > 1)"
    conversion = converted(
        tmp_path,
        row("integer", "age", "Alter?", constraint=". >= 16 and . < 100"),
        row("range", "mood", "Laune?", parameters="start=0 end=1 step=0.1"),
        row("text", "word", "Wort?", constraint="string-length(.) <= 30"),
        row("select_multiple ways", "ways", "Womit?", constraint=alone),
        row("select_multiple ways", "two", "Welche?", constraint="count-selected(.) <= 2"),
        row("integer", "odd", "Zahl?", constraint=". mod 2 = 1"),
        row("text", "mail", "Adresse?", constraint="regex(., '@')"),
    )
    questionnaire = read(conversion, tmp_path)
    age, mood = item(questionnaire, "age"), item(questionnaire, "mood")
    assert (float(age["min"]), float(age["max"])) == (16, 99)
    assert (float(mood["min"]), float(mood["max"]), mood["decimals"]) == (0, 1, 1)
    assert item(questionnaire, "word")["max_length"] == 30
    assert [o["exclusive"] for o in item(questionnaire, "ways")["options"]] == [False, False, True]
    assert item(questionnaire, "two")["at_most"] == 2
    kept = ("age", "mood", "word", "ways", "two")
    assert {line(conversion, name).outcome for name in kept} == {Outcome.CONVERTED}
    assert "check_lost" in codes(conversion, "odd")
    assert "check_lost" in codes(conversion, "mail")


CONDITIONS: list[tuple[str, object]] = [
    ("${one} = 'yes'", {"answer": "one", "is": "yes"}),
    ("${one} != 'yes'", {"not": {"answer": "one", "is": "yes"}}),
    ("${one} = ''", {"answer": "one", "answered": False}),
    ("${word} != ''", {"answer": "word", "answered": True}),
    ("selected(${ways}, 'bike')", {"answer": "ways", "any_of": ["bike"]}),
    ("not(selected(${ways}, 'bike'))", {"not": {"answer": "ways", "any_of": ["bike"]}}),
    (
        "selected(${ways}, 'bike') or selected(${ways},'bus')",
        {"answer": "ways", "any_of": ["bike", "bus"]},
    ),
    ("count-selected(${ways}) > 1", {"answer": "ways", "count_at_least": 2}),
    ("${age} >= 18", {"answer": "age", "at_least": 18.0}),
    (
        "${age} > 17 and (${one} = 'no' or ${one} = 'yes')",
        {"all": [{"answer": "age", "more": 17.0}, {"answer": "one", "in": ["no", "yes"]}]},
    ),
    ("“yes” = ${one}".replace("“", "'").replace("”", "'"), {"answer": "one", "is": "yes"}),
]


def routed(folder: Path, condition: str) -> Conversion:
    return converted(
        folder,
        row("select_one yesno", "one", "Eins?"),
        row("select_multiple ways", "ways", "Womit?"),
        row("integer", "age", "Alter?"),
        row("text", "word", "Wort?"),
        row("begin_group", "last", "Zuletzt"),
        row("date", "asked", "Gefragt?", relevant=condition),
        row("end_group"),
    )


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=[c for c, _ in CONDITIONS])
def test_simple_conditions_become_rules(tmp_path: Path, condition: str, expected: object) -> None:
    conversion = routed(tmp_path, condition)
    assert rule(read(conversion, tmp_path), "asked") == expected
    assert codes(conversion, "asked") == []


@pytest.mark.parametrize(
    "condition",
    [
        "${one} = 'maybe'",
        "${unknown} = 'yes'",
        "${age} + 1 > 3",
        "today() > '2026-01-01'",
        "${ways} = 'bike'",
        "${one} = ${word}",
        "if(${one} = 'yes', true(), false())",
        "${one",
    ],
)
def test_other_conditions_are_reported_and_the_question_is_shown(
    tmp_path: Path, condition: str
) -> None:
    conversion = routed(tmp_path, condition)
    assert rule(read(conversion, tmp_path), "asked") is None
    assert [(n.code, n.values["condition"]) for n in line(conversion, "asked").notes] == [
        ("condition_lost", condition)
    ]


def test_groups_become_pages_with_their_conditions_and_repeats_do_not(tmp_path: Path) -> None:
    conversion = converted(
        tmp_path,
        row("select_one yesno", "one", "Eins?"),
        row("begin_group", "outer", "Außen", relevant="${one} = 'yes'"),
        row("text", "a", "A?"),
        row("begin group", "inner", "Innen", relevant="${one} != 'no'"),
        row("text", "b", "Sie sagten ${one}, nicht ${nobody}."),
        row("end group"),
        row("end_group"),
        row("begin_repeat", "child", "Kind"),
        row("text", "c", "Name?"),
        row("end_repeat"),
    )
    pages = read(conversion, tmp_path).instrument.pages
    assert [(page.title, [item.id for item in page.items]) for page in pages] == [
        ("Fragen 1", ["one"]),
        ("Außen", ["a"]),
        ("Außen – Innen", ["b"]),
    ]
    whens = [page.when and page.when.model_dump(by_alias=True, exclude_none=True) for page in pages]
    outer = {"answer": "one", "is": "yes"}
    assert whens == [None, outer, {"all": (outer, {"not": {"answer": "one", "is": "no"}})}]
    assert pages[2].items[0].text == "Sie sagten {{one}}, nicht …."
    assert [(line.name, line.outcome) for line in conversion.plan.lines[-2:]] == [
        ("child", Outcome.NOT_SUPPORTED),
        ("c", Outcome.NOT_SUPPORTED),
    ]
    assert codes(conversion, "c") == ["in_repeat"]


def test_languages_of_the_columns_become_translations(tmp_path: Path) -> None:
    texts = {"label::German (de)": "Wie alt?", "label::English": "How old?", "label::Quenya!": "X"}
    path = xlsform(tmp_path / "form.xlsx", [{"type": "integer", "name": "age", **texts}])
    conversion = convert(path, TODAY)
    questionnaire = read(conversion, tmp_path)
    assert questionnaire.languages == ("de", "en")
    assert questionnaire.in_language("en")[1].item("age").text == "How old?"
    assert "language_unknown" in [note.code for note in conversion.plan.notes]


def test_unnamed_texts_are_taken_for_the_language_they_are_in(tmp_path: Path) -> None:
    path = xlsform(tmp_path / "form.xlsx", [row("text", "q", "What is the name of your street?")])
    conversion = convert(path, TODAY)
    assert read(conversion, tmp_path).study.language == "en"
    assert "language_assumed" in [note.code for note in conversion.plan.notes]


def test_every_cell_without_a_counterpart_is_said(tmp_path: Path) -> None:
    conversion = converted(
        tmp_path,
        row(
            "select_one yesno",
            "q",
            "**Wie** [hier](https://example.org)?",
            hint="Bitte.",
            guidance_hint="Vorlesen.",
            required="yes",
            default="yes",
            readonly="yes",
            choice_filter="x=1",
            calculation="1+1",
            trigger="${q}",
            **{"media::image": "a.png", "colour": "red"},
        ),
    )
    assert set(codes(conversion, "q")) == {
        *("lost_emphasis", "lost_picture", "mandatory", "default_lost", "read_only"),
        *("choice_filter", "columns_lost", "guidance"),
    }
    found = item(read(conversion, tmp_path), "q")
    assert (found["text"], found["help"]) == (
        "Wie hier (https://example.org)?",
        "Bitte.\nVorlesen.",
    )
    assert "extra_columns" in [note.code for note in conversion.plan.notes]


def test_a_list_that_recurs_is_written_once_under_its_name(tmp_path: Path) -> None:
    rows = [row("select_one yesno", f"q{place}", f"Frage {place}?") for place in range(3)]
    conversion = converted(tmp_path, *rows)
    read(conversion, tmp_path)
    written = conversion.files["wege-2026.yaml"]
    assert written.count("{code: yes, label: ja}") == 1
    assert written.count("list: yesno") == 3

"""LimeSurvey structures become questionnaires that can be checked, read and answered."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from foreign_files import LimeSurvey
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.converting.conversion import Conversion, convert, write_folder
from survey.converting.limesurvey_types import DRAFTING, UNSUPPORTED
from survey.converting.plan import Line
from survey.converting.source_model import Outcome
from survey.errors import ConversionError
from survey.instrument import Questionnaire
from survey.items.base import Item
from survey.preview import Preview
from survey.questionnaire import read_questionnaire

TODAY = date(2026, 11, 1)
QUALITY = {"A1": "gut", "A2": "mittel", "A3": "schlecht"}
ROWS = {"SQ001": "Heizung", "SQ002": "Licht"}


MADE: dict[str, list[str]] = {
    **{kind: ["single"] for kind in "L!YG"},
    "O": ["single", "text"],
    "M": ["multiple"],
    "P": ["multiple", "text"],
    **{kind: ["grid"] for kind in "FHABCE1"},
    "5": ["rating"],
    "R": ["ranking"],
    "N": ["number"],
    "K": ["number", "number"],
    **{kind: ["text"] for kind in "STU"},
    "Q": ["text", "text"],
    "D": ["date"],
    "X": ["info"],
    **{kind: [] for kind in UNSUPPORTED},
}
"""What every type turns into; the questions of the tests have two rows."""


def converted(survey: LimeSurvey, folder: Path) -> Conversion:
    return convert(survey.save(folder / "umfrage.lss"), TODAY)


def read(conversion: Conversion, folder: Path) -> Questionnaire:
    """The questionnaire as it stands in the written folder; it must have no error."""
    assert conversion.errors == ()
    write_folder(conversion, folder / "out")
    return read_questionnaire(folder / "out" / "limesurvey-123456.yaml")


def line(conversion: Conversion, name: str) -> Line:
    return next(line for line in conversion.plan.lines if line.name == name)


def codes(conversion: Conversion, name: str) -> list[str]:
    return [note.code for note in line(conversion, name).notes]


def whole(conversion: Conversion) -> list[str]:
    return [note.code for note in conversion.plan.notes]


def item(questionnaire: Questionnaire, id: str) -> dict[str, Any]:
    return questionnaire.instrument.item(id).model_dump(mode="json", by_alias=True)


def rule(questionnaire: Questionnaire, id: str) -> object:
    found: Item = questionnaire.instrument.item(id)
    return found.when and found.when.model_dump(mode="json", by_alias=True, exclude_none=True)


def one_of_each(*, old: bool = False) -> LimeSurvey:
    survey = LimeSurvey(old=old)
    gid = survey.group("Alle Arten")
    for kind in (*DRAFTING, *UNSUPPORTED):
        second = QUALITY if kind == "1" else None
        name = f"Q{ord(kind)}"
        survey.question(gid, kind, name, f"Art {kind}", parts=ROWS, answers=QUALITY, second=second)
    return survey


@pytest.mark.parametrize("old", [False, True], ids=["new layout", "old layout"])
def test_every_type_is_accounted_for_and_the_result_can_be_read(tmp_path: Path, old: bool) -> None:
    survey = one_of_each(old=old)
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    assert [line.kind for line in conversion.plan.lines] == [*DRAFTING, *UNSUPPORTED]
    types = {line.kind: line.items for line in conversion.plan.lines}
    ids = {item.id: item.type for item in questionnaire.instrument.items}
    made = {kind: [ids[id] for id in items] for kind, items in types.items()}
    assert made == MADE
    refused = [line.kind for line in conversion.plan.lines if line.outcome == "not_supported"]
    assert refused == list(UNSUPPORTED)


def test_the_report_has_as_many_lines_as_the_source_has_questions(tmp_path: Path) -> None:
    conversion = converted(one_of_each(), tmp_path)
    report = json.loads(conversion.files["report.json"])
    total = len(DRAFTING) + len(UNSUPPORTED)
    assert len(report["questions"]) == report["counts"]["questions"] == total
    rows = [row for row in conversion.files["report.md"].splitlines() if row[:2] == "| "]
    assert sum(row[2].isdigit() for row in rows) == total
    assert all(q["notes"] for q in report["questions"] if q["outcome"] != "converted")
    assert all(not q["items"] for q in report["questions"] if q["outcome"] == "not_supported")


def test_a_longest_answer_to_everything_is_allowed_and_encodes(tmp_path: Path) -> None:
    instrument = read(converted(one_of_each(), tmp_path), tmp_path).instrument
    answers = instrument.check_answers(instrument.longest_answers)
    assert set(instrument.encode(answers)) == {
        variable.name
        for item in instrument.items
        for question in item.questions()
        for variable in question.variables
        if variable.scale.value != "text"
    }


def test_every_screen_of_the_result_can_be_drawn(tmp_path: Path) -> None:
    survey = one_of_each()
    survey.languages = ("de", "en")
    preview = Preview(read(converted(survey, tmp_path), tmp_path))
    drawn = {
        (tag, screen.name, state): preview.draw(tag, screen.name, state)
        for tag in preview.languages
        for screen in preview.all_screens
        for state in screen.states
    }
    assert "Art X" in drawn["de", "page-1", "filled"]


def test_codes_labels_and_texts_are_those_of_the_source(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Wohnen", about="Nun zur Wohnung.")
    survey.question(
        gid, "L", "wohnen", "Wie wohnen Sie?", answers=QUALITY, help="Heute.", other="Y"
    )
    questionnaire = read(converted(survey, tmp_path), tmp_path)
    (page,) = questionnaire.instrument.pages
    assert (page.id, page.title, page.intro) == ("wohnen", "Wohnen", "Nun zur Wohnung.")
    found = item(questionnaire, "wohnen")
    assert (found["text"], found["help"]) == ("Wie wohnen Sie?", "Heute.")
    assert [(o["code"], o["label"], o["other"]) for o in found["options"]] == [
        ("A1", "gut", False),
        ("A2", "mittel", False),
        ("A3", "schlecht", False),
        ("other", "Sonstiges", True),
    ]


def test_settings_with_a_counterpart_are_kept(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Alles")
    boxes = {"a": "Rad", "b": "Bus", "c": "nichts davon"}
    survey.question(
        gid,
        "M",
        "ways",
        "Womit?",
        parts=boxes,
        attributes={"exclude_all_others": "c", "max_answers": "2", "random_order": "1"},
    )
    limits = {"min_num_value_n": "16", "max_num_value_n": "99", "suffix": "Jahre"}
    survey.question(gid, "N", "age", "Alter?", attributes={**limits, "num_value_int_only": "1"})
    survey.question(gid, "D", "day", "Tag?", attributes={"date_min": "2020-01-01"})
    survey.question(gid, "S", "word", "Wort?", attributes={"maximum_chars": "30"})
    survey.question(gid, "R", "rank", "Reihe?", answers=boxes, attributes={"max_answers": "2"})
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    ways, age = item(questionnaire, "ways"), item(questionnaire, "age")
    assert (ways["at_most"], ways["shuffle"]) == (2, True)
    assert [option["exclusive"] for option in ways["options"]] == [False, False, True]
    assert (float(age["min"]), float(age["max"]), age["unit"]) == (16, 99, "Jahre")
    assert item(questionnaire, "day")["min"] == "2020-01-01"
    assert item(questionnaire, "word")["max_length"] == 30
    assert item(questionnaire, "rank")["depth"] == 2
    assert [line.outcome for line in conversion.plan.lines] == [Outcome.CONVERTED] * 5


def test_what_a_question_loses_is_said(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Alles")
    text = (
        '<p>Wie <b>gut</b>?<img src="x.png" alt="Haus"> {TOKEN:FIRSTNAME}</p><script>go()</script>'
    )
    qid = survey.question(
        gid,
        "L",
        "q",
        text,
        answers=QUALITY,
        mandatory="Y",
        preg="/a/",
        attributes={"array_filter": "x", "cssclass": "red", "min_answers": "2"},
    )
    survey.add("defaultvalues", qid=qid, scale_id="0")
    conversion = converted(survey, tmp_path)
    assert set(codes(conversion, "q")) == {
        *("mandatory", "check_lost", "default_lost", "setting_lost", "expression_lost"),
        *("lost_emphasis", "lost_picture", "lost_script"),
    }
    lost = next(n for n in line(conversion, "q").notes if n.code == "setting_lost")
    assert lost.values["names"] == "array_filter, min_answers"
    assert item(read(conversion, tmp_path), "q")["text"] == "Wie gut?Haus …"


CONDITIONS: list[tuple[str, object]] = [
    ("1", None),
    ("", None),
    ('((one.NAOK == "A1"))', {"answer": "one", "is": "A1"}),
    ("one == 'A1' or one.NAOK == \"A2\"", {"answer": "one", "in": ["A1", "A2"]}),
    ('one.NAOK != "A1"', {"not": {"answer": "one", "is": "A1"}}),
    ("!is_empty(one.NAOK)", {"answer": "one", "answered": True}),
    ("is_empty(one)", {"answer": "one", "answered": False}),
    ('one == "-oth-"', {"answer": "one", "is": "other"}),
    ('boxes_a.NAOK == "Y"', {"answer": "boxes", "any_of": ["a"]}),
    ('boxes_a.NAOK == ""', {"not": {"answer": "boxes", "any_of": ["a"]}}),
    ('grid_SQ001.NAOK == "A2"', {"answer": "grid", "row": "SQ001", "is": "A2"}),
    ("age.NAOK >= 18", {"answer": "age", "at_least": 18.0}),
    ("18 gt age", {"answer": "age", "less": 18.0}),
    (
        'age > 17 and (one == "A1" || boxes_b == "Y")',
        {
            "all": [
                {"answer": "age", "more": 17.0},
                {"any": [{"answer": "one", "is": "A1"}, {"answer": "boxes", "any_of": ["b"]}]},
            ]
        },
    ),
    ("mark >= 2", {"answer": "mark", "in": ["2", "3"]}),
    ("mark > 2", {"answer": "mark", "is": "3"}),
    ("age == 7", {"all": [{"answer": "age", "at_least": 7.0}, {"answer": "age", "at_most": 7.0}]}),
    ('123456X1X2.NAOK == "A1"', {"answer": "one", "is": "A1"}),
    ('Q2.NAOK == "A1"', {"answer": "one", "is": "A1"}),
]

LOST = [
    'one.NAOK == "A9"',
    'later.NAOK == "A1"',
    'unknown == "A1"',
    "count(boxes_a, boxes_b) > 1",
    "age + 1 > 18",
    'regexMatch("/a/", one)',
    'one == "A1',
    "one > 3",
    "mark > 3",
    "grid > 3",
    "one == one",
    'upload == "x"',
    "(" * 100 + "1" + ")" * 100,
    "TOKEN:ATTRIBUTE_1 == 'x'",
]


def routed(condition: str) -> LimeSurvey:
    survey = LimeSurvey()
    gid = survey.group("Erste")
    survey.question(gid, "L", "one", "Eins?", answers=QUALITY, other="Y")
    survey.question(gid, "M", "boxes", "Mehrere?", parts={"a": "Rad", "b": "Bus"})
    survey.question(gid, "F", "grid", "Tabelle", parts=ROWS, answers=QUALITY)
    survey.question(gid, "N", "age", "Alter?")
    survey.question(gid, "L", "mark", "Note?", answers={"1": "a", "2": "b", "3": "c"})
    survey.question(gid, "|", "upload", "Datei?")
    last = survey.group("Zweite")
    survey.question(last, "Y", "asked", "Gefragt?", relevance=condition)
    survey.question(last, "L", "later", "Später?", answers=QUALITY)
    return survey


@pytest.mark.parametrize(("condition", "expected"), CONDITIONS, ids=[c for c, _ in CONDITIONS])
def test_simple_conditions_become_rules(tmp_path: Path, condition: str, expected: object) -> None:
    conversion = converted(routed(condition), tmp_path)
    assert rule(read(conversion, tmp_path), "asked") == expected
    assert codes(conversion, "asked") == []


@pytest.mark.parametrize("condition", LOST)
def test_other_conditions_are_reported_and_the_question_is_shown(
    tmp_path: Path, condition: str
) -> None:
    conversion = converted(routed(condition), tmp_path)
    assert rule(read(conversion, tmp_path), "asked") is None
    (lost,) = line(conversion, "asked").notes
    assert lost.code == "condition_lost"
    assert lost.values["condition"] == condition


def test_a_question_that_was_never_shown_is_not_suddenly_asked(tmp_path: Path) -> None:
    survey = routed("0")
    survey.question("1", "Y", "hidden", "Verborgen?", attributes={"hidden": "1"})
    conversion = converted(survey, tmp_path)
    assert codes(conversion, "asked") == ["never_shown"]
    assert codes(conversion, "hidden") == ["hidden"]
    assert line(conversion, "asked").outcome is Outcome.NOT_SUPPORTED


def test_a_condition_that_can_never_hold_is_dropped_and_said(tmp_path: Path) -> None:
    survey = routed('one == "A1" and one == "A2"')
    gid = survey.group("Nie", relevance='mark == "1" and mark == "2"')
    survey.question(gid, "Y", "never", "Nie?")
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    assert rule(questionnaire, "asked") is None
    assert codes(conversion, "asked") == ["condition_never"]
    assert "page_condition_never" in whole(conversion)
    assert [page.when for page in questionnaire.instrument.pages] == [None, None, None]


def test_steps_that_are_numbers_or_signs_get_a_word(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Noten")
    survey.question(
        gid, "F", "grid", "Noten", parts=ROWS, answers={"1": "++", "2": "2", "3": "mies"}
    )
    conversion = converted(survey, tmp_path)
    labels = [option["label"] for option in item(read(conversion, tmp_path), "grid")["options"]]
    assert labels == ["Stufe ++", "Stufe 2", "mies"]
    assert codes(conversion, "grid") == ["numbered_steps"]


def test_a_group_keeps_its_condition_and_pages_split_where_a_rule_needs_it(tmp_path: Path) -> None:
    survey = LimeSurvey()
    first = survey.group("Erste")
    survey.question(first, "Y", "a", "A?")
    survey.question(first, "Y", "b", "B?", relevance='a == "Y"')
    second = survey.group("Zweite", relevance='b == "Y"')
    survey.question(second, "Y", "c", "C?")
    survey.question(second, "Y", "d", "Sie sagten {c.shown}.")
    conversion = converted(survey, tmp_path)
    pages = read(conversion, tmp_path).instrument.pages
    assert [[item.id for item in page.items] for page in pages] == [["a"], ["b"], ["c"], ["d"]]
    assert [page.title for page in pages][1::2] == ["Erste (Teil 2)", "Zweite (Teil 2)"]
    whens = [page.when and page.when.model_dump(by_alias=True, exclude_none=True) for page in pages]
    assert whens == [None, None, *[{"answer": "b", "is": "Y"}] * 2]
    assert pages[3].items[0].text == "Sie sagten {{c}}."
    assert codes(conversion, "b") == codes(conversion, "d") == ["own_page"]


def test_strange_names_and_codes_are_renamed_and_conditions_follow(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Namen")
    answers = {"-1": "nie", "Ä b": "oft", "x" * 60: "immer"}
    survey.question(gid, "L", "if", "Wie oft?", answers=answers)
    survey.question(gid, "M", "m" * 40, "Was?", parts={"y" * 30: "Rad", "_b": "Bus"})
    last = survey.group("Danach")
    survey.question(last, "Y", "then", "Dann?", relevance="if == 'Ä b'")
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    assert [o["code"] for o in item(questionnaire, "if_2")["options"]] == ["1", "Ae_b", "x" * 24]
    assert rule(questionnaire, "then") == {"answer": "if_2", "is": "Ae_b"}
    assert {"renamed", "codes_renamed"} <= set(codes(conversion, "if"))
    names = [v.name for q in questionnaire.codebook.questions for v in q.variables]
    assert max(map(len, names)) <= 32


def test_repeated_labels_codes_and_single_options_are_mended_with_a_note(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Listen")
    survey.question(gid, "L", "same", "Was?", answers={"a": "ja", "b": "Ja", "A": "nein"})
    survey.question(gid, "M", "lone", "Zustimmung?", parts={"ok": "Ich bin einverstanden"})
    after = survey.group("Danach")
    survey.question(after, "Y", "then", "Dann?", relevance='lone_ok == "Y"')
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    same = item(questionnaire, "same")["options"]
    assert [(o["code"], o["label"]) for o in same] == [
        ("a", "ja"),
        ("b", "Ja (2)"),
        ("A_2", "nein"),
    ]
    assert item(questionnaire, "lone")["type"] == "single"
    assert rule(questionnaire, "then") == {"answer": "lone", "is": "ok"}
    assert "one_option" in codes(conversion, "lone")


def test_dont_know_becomes_a_reason_and_long_rankings_ask_for_the_first_places(
    tmp_path: Path,
) -> None:
    survey = LimeSurvey()
    gid = survey.group("Handwerk")
    survey.question(gid, "L", "know", "Wie?", answers={**QUALITY, "A4": "Weiß nicht"})
    things = {f"A{place}": f"Ding {place}" for place in range(9)}
    survey.question(gid, "R", "order", "Ordnen Sie", answers=things)
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    assert item(questionnaire, "know")["options"][3]["missing"] == "dont_know"
    assert item(questionnaire, "order")["depth"] == 3
    assert codes(conversion, "know") == ["reason_found"]
    assert codes(conversion, "order") == ["ranking_shortened"]


def test_further_languages_become_translation_files(tmp_path: Path) -> None:
    survey = LimeSurvey(
        ("de-informal", "en", "de-easy", "qq"), {"de-informal": "Wege", "en": "Ways"}
    )
    gid = survey.group({"de-informal": "Rad", "en": "Bike", "de-easy": "Fahrrad"})
    text = {"de-informal": "Fährst du?", "en": "Do you ride?", "de-easy": "Fährst du Rad?"}
    label = {"de-informal": "gern", "en": "gladly"}
    survey.question(gid, "L", "ride", text, answers={"a": label, "b": {"de-informal": "nie"}})
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    assert questionnaire.languages == ("de", "en", "de-leicht")
    study, instrument = questionnaire.in_language("en")
    assert study.title == "Ways"
    ride = instrument.item("ride").model_dump()
    assert (ride["text"], [o["label"] for o in ride["options"]]) == (
        "Do you ride?",
        ["gladly", "nie"],
    )
    assert questionnaire.in_language("de-leicht")[1].pages[0].title == "Fahrrad"
    assert questionnaire.language("en").sample
    assert "language_unknown" in whole(conversion)


def test_a_source_in_neither_german_nor_english_is_converted_with_a_warning(tmp_path: Path) -> None:
    survey = LimeSurvey(("fr",))
    survey.question(survey.group("Un"), "Y", "q", "Ça va?")
    conversion = converted(survey, tmp_path)
    assert read(conversion, tmp_path).instrument.item("q").text == "Ça va?"
    assert "foreign_language" in whole(conversion)


def test_everything_beside_the_questions_is_accounted_for(tmp_path: Path) -> None:
    survey = one_of_each()
    survey.survey |= {"expires": "2027-03-31 18:00:00", "startdate": "2027-03-01 08:00:00"}
    survey.survey |= {"usetokens": "Y", "anonymized": "N", "adminemail": "team@stadt.example"}
    survey.settings |= {"surveyls_welcometext": "<p>Guten Tag</p>", "surveyls_endtext": "Danke"}
    survey.settings |= {"surveyls_policy_notice": "Datenschutz", "surveyls_email_invite": "Hallo"}
    survey.add("quota", id="1")
    survey.add("assessments", id="1")
    survey.group("Leer")
    survey.question("99", "Y", "lost", "Verwaist?")
    conversion = converted(survey, tmp_path)
    study = read(conversion, tmp_path).study
    assert study.closes is not None
    assert study.opens is not None
    assert (study.closes.isoformat(), study.opens.isoformat()) == (
        "2027-03-31T18:00:00+02:00",
        "2027-03-01T08:00:00+01:00",
    )
    assert (study.access, study.contact, study.purpose) == (
        "codes",
        "team@stadt.example",
        "Guten Tag",
    )
    assert {
        *("quotas", "assessments", "end_text", "policy_text", "mails", "not_anonymous"),
        *("empty_page", "without_group", "regime_set", "population_set", "time_zone"),
    } <= set(whole(conversion))
    assert line(conversion, "lost").items == ("lost",)


def test_many_long_texts_still_fit_into_a_ballot(tmp_path: Path) -> None:
    survey = LimeSurvey()
    gid = survey.group("Texte")
    for place in range(40):
        survey.question(gid, "U", f"t{place}", f"Text {place}?")
    conversion = converted(survey, tmp_path)
    questionnaire = read(conversion, tmp_path)
    lengths = [item(questionnaire, f"t{place}")["max_length"] for place in range(40)]
    assert max(lengths) < 150
    assert "text_shortened" in codes(conversion, "t0")


def test_a_survey_of_which_nothing_is_left_is_refused_with_the_reason(tmp_path: Path) -> None:
    survey = LimeSurvey()
    survey.question(survey.group("Leer"), "|", "file", "Datei?")
    with pytest.raises(ConversionError, match=r"Keine Frage.*hochladen"):
        converted(survey, tmp_path)


PIECES = ["ja", "A1", "1", "01", "{Q1}", "{{", "<b>x</b>", "&amp;", "'", '"', ":", "- ", "\u2028"]
PHRASES = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
CODES = st.sampled_from(["A1", "A2", "a1", "1", "01", "-1", "", "ä", "-oth-", "x" * 40, "33000"])
LISTS = st.dictionaries(CODES, PHRASES, max_size=8)
RELEVANCE = st.sampled_from(
    ["1", 'Q0.NAOK == "A1"', 'Q0_A1 == "Y"', "Q0 > 1", "!is_empty(Q1)", 'not (Q1 == "A2")']
)


@given(
    st.lists(
        st.tuples(st.sampled_from([*DRAFTING]), PHRASES, LISTS, LISTS, RELEVANCE),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=40, deadline=None)
def test_whatever_a_survey_holds_the_result_passes_the_check(
    tmp_path_factory: pytest.TempPathFactory,
    questions: list[tuple[str, str, dict[str, str], dict[str, str], str]],
) -> None:
    survey = LimeSurvey()
    gid = survey.group("Alles")
    survey.question(gid, "Y", "always", "Immer?")
    for place, (kind, text, rows, answers, relevance) in enumerate(questions):
        survey.question(
            gid, kind, f"Q{place}", text, parts=rows, answers=answers, relevance=relevance
        )
    conversion = converted(survey, tmp_path_factory.mktemp("any"))
    assert len(conversion.plan.lines) == len(questions) + 1
    assert conversion.errors == ()

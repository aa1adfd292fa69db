"""Rules of the craft, planned evaluations, and notes that an author has acknowledged."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey.acknowledgements import settle
from survey.document import read_document
from survey.duration import item_seconds, minutes, reading
from survey.errors import Problem
from survey.findings import Finding
from survey.items.base import Item
from survey.items.passage import Passage
from survey.items.ranking import Ranking
from survey.items.rating import Rating
from survey.items.text import Text
from survey.questionnaire import Bundle, check_bundle, read_bundle, read_questionnaire
from survey.study import Evaluation, Study
from survey.yaml_source import read_source

STAFF = Path(__file__).parents[2] / "questionnaires" / "vision" / "staff.yaml"

MAIN = """\
schema: 1
study:
  id: canteen
  title: Was soll die Kantine zuerst ändern?
  regime: open_participation
  access: open
  population: Alle, die in der Kantine essen
  closes: 2027-05-21T18:00:00+02:00
scales:
  quality:
    steps:
      - {code: 1, label: schlecht}
      - {code: 2, label: mittel}
      - {code: 3, label: gut}
      - {code: dont_know, label: weiß nicht, missing: dont_know}
pages:
  - id: first
    title: Ihr Urteil
    items:
      - id: taste
        type: rating
        text: Wie schmeckt es?
        scale: quality
"""


def notes(main: str, files: dict[str, str] | None = None) -> list[Problem]:
    """The warnings; there must be no error beside them."""
    problems = check_bundle(Bundle(main, files or {}))
    assert [p for p in problems if p.severity == "error"] == []
    return list(problems)


def codes(main: str, files: dict[str, str] | None = None) -> list[str]:
    return [problem.code for problem in notes(main, files)]


def with_item(item: str) -> str:
    return MAIN + "      - " + item + "\n"


def single(id: str, more: str = "", label: str = "ja") -> str:
    return (
        f"{{id: {id}, type: single, text: 'Frage {id}?', {more}"
        f"options: [{{code: a, label: {label}}}, {{code: b, label: nein}}]}}"
    )


def test_a_small_questionnaire_has_no_notes() -> None:
    assert codes(MAIN) == []


def test_a_text_that_makes_the_first_page_of_a_dossier_long_is_named_with_its_line() -> None:
    long = "  council_question: " + "was zuerst " * 31 + "zählt\n"
    (note,) = notes(MAIN.replace("scales:", f"{long}scales:", 1))
    assert (note.code, note.line) == ("long_first_page", 9)
    assert "63 Wörter" in note.message
    assert codes(MAIN.replace("scales:", "  council_question: Was zuerst?\nscales:", 1)) == []


# -- questions ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("Wie gut sind Auswahl und Menge?", True),
        ("Wie gut sind Auswahl sowie Menge?", True),
        ("Wie gut ist die Auswahl?", False),
        ("Sie kommen oft und gern. Wie gut ist die Auswahl?", False),
        ("Bewertung von Auswahl und Menge", True),
        ("Wie gut ist die Verbundenheit?", False),
    ],
)
def test_a_question_that_may_ask_two_things_is_noted(text: str, noted: bool) -> None:
    main = MAIN.replace("Wie schmeckt es?", text)
    assert codes(main) == (["double_question"] if noted else [])


def test_an_open_question_may_ask_two_things() -> None:
    assert codes(with_item("{id: words, type: text, text: Was fehlt und warum?}")) == []


def test_a_grid_is_judged_by_the_wording_of_its_facets() -> None:
    facets = "[{id: now, text: Wie ist es heute?, scale: quality}]"
    rows = "[{code: a, label: Auswahl}, {code: b, label: Menge}]"
    grid = f"{{id: g, type: grid, text: Gut und wichtig?, rows: {rows}, facets: {facets}}}"
    assert codes(with_item(grid)) == []
    assert codes(with_item(grid.replace("heute", "hier und heute"))) == ["double_question"]


@pytest.mark.parametrize("label", ["stimme voll zu", "trifft eher zu", "Agree", "disagree"])
def test_scales_of_agreement_are_noted(label: str) -> None:
    assert codes(MAIN.replace("label: gut", f"label: {label}")) == ["agree_scale"]


def test_a_preference_without_a_way_out_is_noted() -> None:
    preference = single("p", "role: preference, ")
    assert codes(with_item(preference)) == ["no_none"]
    assert codes(with_item(preference.replace("label: nein", "label: keine davon"))) == []


def test_options_of_very_different_length_are_noted_where_people_choose() -> None:
    long = "eine ausführlich beschriebene Möglichkeit mit vielen guten Seiten"
    preference = single("p", "role: preference, ", long).replace("label: nein", "label: kein")
    (note,) = notes(with_item(preference))
    assert note.code == "uneven_options"
    assert f"{len(long)} Zeichen" in note.message
    assert "(„kein“) 4" in note.message
    assert codes(with_item(single("p", "", long))) == []


# -- persons ------------------------------------------------------------------------------


def test_the_third_question_about_the_person_is_noted() -> None:
    role = "role: demographic, purpose: Vergleich, "
    items = [single(id, role) for id in ("age", "sex", "time")]
    assert codes(with_item("\n      - ".join(items[:2]))) == []
    (note,) = notes(with_item("\n      - ".join(items)))
    assert (note.code, note.line) == ("many_demographics", 26)


def test_an_attribute_without_a_purpose_is_noted() -> None:
    for role in ("department", "workplace", "district", "demographic"):
        assert codes(with_item(single("who", f"role: {role}, "))) == ["no_purpose"]


def test_the_purpose_of_the_staff_surveys_attributes_is_stated() -> None:
    instrument = read_questionnaire(STAFF).instrument
    for id in ("department", "workplace", "leading"):
        assert instrument.item(id).purpose


# -- labels -------------------------------------------------------------------------------


def test_labels_are_measured_in_bytes() -> None:
    assert codes(MAIN.replace("label: gut", "label: " + "ü" * 60)) == []
    (note,) = notes(MAIN.replace("label: gut", "label: " + "ü" * 61))
    assert (note.code, note.line, note.column) == ("long_answer", 14, 26)
    assert "122" in note.message
    (note,) = notes(MAIN.replace("schmeckt es", "ü" * 126))
    assert (note.code, note.line, note.column) == ("long_question", 22, 15)


def test_a_row_has_the_room_of_a_question() -> None:
    rows = f"[{{code: a, label: {'x' * 200}}}, {{code: b, label: {'x' * 257}}}]"
    grid = f"{{id: g, type: grid, text: Wie?, rows: {rows}, scale: quality}}"
    assert codes(with_item(grid)) == ["long_question"]


def test_the_name_leichte_sprache_needs_a_review_group() -> None:
    main = MAIN.replace("Alle, die", "Auch in Leichter Sprache für alle, die")
    (problem,) = check_bundle(Bundle(main))
    assert (problem.code, problem.severity, problem.line) == ("no_review_group", "error", 7)
    reviewed = main.replace("  closes", "  review_group: Prüfgruppe Süd\n  closes")
    assert codes(reviewed) == []
    assert read_bundle(Bundle(reviewed)).study.review_group == "Prüfgruppe Süd"


# -- time ---------------------------------------------------------------------------------


def item(model: type[Item], **values: object) -> Item:
    options = [{"code": c, "label": "x"} for c in "abcd"]
    own = {"options": options} if "options" in model.model_fields else {}
    kind = model.__name__.lower()
    return model.model_validate({"id": "q", "type": kind, "text": "Was?", **own, **values})


def test_the_estimate_adds_words_and_choices() -> None:
    assert reading("eins zwei " * 100) == 60
    four_labels = reading("x x x x Was?")
    assert item_seconds(item(Rating)) == four_labels + 4
    assert item_seconds(item(Ranking, depth=3)) == four_labels + 20
    assert item_seconds(item(Text)) == reading("Was?") + 60


def test_a_comment_beside_a_choice_takes_less_time_than_an_open_text() -> None:
    passage = item(Passage, passage="Die Stadt", comment="Anmerkung")
    assert item_seconds(passage) == reading("x x x x Was? Die Stadt Anmerkung") + 4 + 15


def test_a_phone_takes_longer_and_minutes_are_rounded_up() -> None:
    texts = [item(Text)] * 3
    assert minutes(texts) == 5
    assert minutes([]) == 0


def test_the_staff_survey_keeps_the_time_that_it_announces() -> None:
    questionnaire = read_questionnaire(STAFF)
    instrument = questionnaire.instrument
    needed = minutes(instrument.items, (page.intro for page in instrument.pages))
    assert needed <= questionnaire.study.minutes == 10


def test_announced_minutes_that_are_too_few_are_noted_at_their_place() -> None:
    texts = "\n      - ".join(f"{{id: t{i}, type: text, text: Was?}}" for i in range(2))
    main = with_item(texts).replace("  closes", "  minutes: 2\n  closes")
    (note,) = notes(main)
    assert (note.code, note.line, note.column) == ("minutes_short", 8, 12)
    assert codes(main.replace("minutes: 2", "minutes: 4")) == []


def test_a_questionnaire_beyond_the_budget_of_its_regime_is_noted() -> None:
    texts = "\n      - ".join(f"{{id: t{i}, type: text, text: Was?}}" for i in range(4))
    assert codes(with_item(texts)) == ["over_budget"]


def test_each_text_of_a_reading_study_has_its_own_time() -> None:
    words = "{{id: w{0}, type: text, text: Was?}}".format
    main = (
        MAIN.replace("scales:", "texts: [{id: t1, title: A, minutes: 3}]\nscales:")
        .replace("title: Ihr Urteil\n", "title: Ihr Urteil\n    text: t1\n")
        .replace("open_participation", "self_selected_reading")
    )
    assert codes(main) == []
    long = "".join(f"      - {words(i)}\n" for i in range(3))
    (note,) = notes(main + long)
    assert (note.code, note.line, note.column) == ("minutes_short", 9, 37)
    two = main.replace("minutes: 3}", "minutes: 3}, {id: t2, title: B, minutes: 9}")
    assert codes(two + "  - id: second\n    title: B\n    text: t2\n    items:\n" + long) == []


# -- planned evaluations ------------------------------------------------------------------

UNIT = single("unit", "role: department, purpose: Vergleich, ")
LEAD = single("lead", "role: demographic, purpose: Vergleich, ")


def census(evaluations: str, heads: str, rate: str = "0.25") -> list[Problem]:
    plans = evaluations and f"{evaluations}, {{items: [taste, unit, lead]}}"
    study = (
        f"  expected_rate: {rate}\n  evaluations: [{plans}]\n"
        "  headcounts: {file: heads.csv}\n  closes"
    )
    main = MAIN.replace("  closes", study).replace("open_participation", "census_attempt")
    main = main.replace("access: open", "access: codes")
    return notes(main + f"      - {UNIT}\n      - {LEAD}\n", {"heads.csv": heads})


def test_groups_with_too_few_expected_answers_are_noted() -> None:
    heads = "unit,headcount\na,39\nb,400\n"
    (note,) = census("{items: [taste], by: [unit]}", heads)
    assert (note.code, note.line) == ("small_cells", 9)
    assert "in 1 von 2 Gruppen" in note.message
    assert "„ja“ (9)" in note.message
    assert census("{items: [taste], by: [unit]}", heads.replace("39", "40")) == []
    assert census("{items: [taste], by: [unit]}", heads, "0.5") == []
    assert census("{items: [taste]}", heads) == []


def test_an_attribute_without_headcounts_is_taken_as_evenly_spread() -> None:
    heads = "unit,headcount\na,60\nb,400\n"
    (note,) = census("{items: [taste], by: [unit, lead]}", heads)
    assert "in 2 von 4 Gruppen" in note.message
    assert "„ja, ja“ (7)" in note.message
    assert census("{items: [taste], by: [lead]}", heads) == []


def test_without_planned_evaluations_every_attribute_is_judged_by_itself() -> None:
    (note,) = census("", "unit,headcount\na,39\nb,400\n")
    assert (note.code, note.line) == ("small_cells", 27)


def test_a_group_without_people_is_no_small_group() -> None:
    assert census("{items: [taste], by: [unit]}", "unit,headcount\na,0\nb,400\n") == []


def test_a_question_that_no_planned_evaluation_takes_up_is_refused() -> None:
    main = MAIN.replace("  closes", "  evaluations: [{items: [taste]}]\n  closes")
    (problem,) = check_bundle(Bundle(main + f"      - {single('more')}\n"))
    assert (problem.code, problem.severity, problem.line) == ("unplanned", "error", 25)


def test_planned_evaluations_are_part_of_the_study() -> None:
    study = read_questionnaire(STAFF).study
    assert Evaluation(role="ranking", by=("department",)) in study.evaluations
    assert Study.from_json(study.to_json()) == study


# -- acknowledged notes -------------------------------------------------------------------

DOUBLE = MAIN.replace("Wie schmeckt es?", "Wie gut sind Auswahl und Menge?")


def acknowledged(main: str, code: str, where: str) -> str:
    return main + f"acknowledged:\n  - {{code: {code}, where: {where}, reason: Vergleich}}\n"


def test_an_acknowledged_note_is_silent() -> None:
    assert codes(DOUBLE) == ["double_question"]
    assert codes(acknowledged(DOUBLE, "double_question", "taste")) == []


@pytest.mark.parametrize(
    ("code", "where"), [("double_question", "first"), ("agree_scale", "taste")]
)
def test_an_acknowledgement_holds_for_its_note_at_its_place_only(code: str, where: str) -> None:
    found = codes(acknowledged(DOUBLE, code, where))
    assert found == ["double_question", "acknowledged_nothing"]


def test_an_acknowledgement_that_meets_nothing_is_a_note_itself() -> None:
    (note,) = notes(acknowledged(MAIN, "double_question", "taste"))
    assert (note.code, note.severity) == ("acknowledged_nothing", "warning")
    assert (note.line, note.column) == (25, 12)


def test_an_error_cannot_be_acknowledged() -> None:
    main = MAIN.replace("label: gut", "label: 3")
    problems = check_bundle(Bundle(acknowledged(main, "numbered_step", "quality")))
    assert [p.code for p in problems] == ["numbered_step"]


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("label: gut", "label: stimme zu", "agree_scale", "quality"),
        ("pages:", "lists: {extra: [{code: a, label: A}]}\npages:", "unused", "extra"),
        ("access: open", "access: open\n  minutes: 1", "minutes_short", "study"),
    ],
)
def test_notes_are_acknowledged_by_the_name_of_scale_list_or_section(
    old: str, new: str, code: str, where: str
) -> None:
    words = "      - {id: words, type: text, text: Was?}\n"
    main = MAIN.replace(old, new) + words
    assert codes(main) == [code]
    assert codes(acknowledged(main, code, where)) == []


def test_a_note_in_a_file_beside_is_acknowledged_by_its_name() -> None:
    translation = "language: en\nsample: true\nitems: {taste: {text: How does it taste?}}\n"
    main = MAIN.replace("  closes", "  translations: {en: small.en.yaml}\n  closes")
    files = {"small.en.yaml": translation}
    assert codes(main, files) == ["sample_incomplete"]
    assert codes(acknowledged(main, "sample_incomplete", "small.en.yaml"), files) == []


def test_the_reason_is_mandatory() -> None:
    main = acknowledged(DOUBLE, "double_question", "taste").replace(", reason: Vergleich", "")
    problems = check_bundle(Bundle(main))
    assert [p.code for p in problems if p.severity == "error"] == ["missing_key"]


def test_settling_leaves_everything_as_it_was_where_nothing_is_acknowledged() -> None:
    document = read_document(read_source(DOUBLE))
    findings = (Finding("file_empty"), Finding("unused", 20, 1, {"found": "x"}, "warning"))
    assert settle(document, findings, {"b.csv": findings}) == (findings, {"b.csv": findings})

"""What a change of a questionnaire does to answers that were given before."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urn_example import bundle

from survey.cli import run, survey
from survey.errors import QuestionnaireError
from survey.instrument import Questionnaire
from survey.items.text import Text
from survey.questionnaire import Bundle, load_bundle, read_bundle, read_questionnaire
from survey.version_items import item_changes
from survey.versions import Kind, compare

FOLDER = Path(__file__).parent.parent / "questionnaires"

YAML = """\
schema: 1
version: "1"
study:
  id: sample
  title: Was zuerst?
  regime: open_participation
  access: open
  opening: all
  population: alle
  opens: 2027-01-01T08:00:00+02:00
  closes: 2027-05-29T18:00:00+02:00
  rules: {min_base: 15}
scales:
  ease:
    steps:
      - {code: 1, label: schwer}
      - {code: 2, label: mittel}
      - {code: 3, label: leicht}
pages:
  - id: first
    title: Anfang
    items:
      - id: top
        type: ranking
        text: Was zuerst?
        depth: 2
        options:
          - {code: a, label: Wege}
          - {code: b, label: Zeit}
          - {code: c, label: Raum}
      - id: mood
        type: single
        text: Wie ist die Stimmung?
        options:
          - {code: good, label: gut}
          - {code: poor, label: schlecht}
          - {code: dk, label: weiß nicht, missing: dont_know}
      - id: ways
        type: multiple
        text: Auf welchen Wegen?
        shuffle: true
        options:
          - {code: phone, label: am Telefon}
          - {code: desk, label: am Schalter}
          - {code: none, label: gar nicht, exclusive: true}
  - id: second
    title: Mehr
    items:
      - id: easy
        type: rating
        text: Wie leicht?
        scale: ease
        when: {answer: mood, is: good}
      - id: count
        type: number
        text: Wie viele?
        max: 40
        unit: Wege
      - id: words
        type: text
        text: Was noch?
        max_length: 200
"""


def read(text: str) -> Questionnaire:
    return read_bundle(Bundle(text))


def changed(old: str, new: str) -> list[tuple[str, str, str]]:
    """Class, code and item of everything that changes with one replacement in the file."""
    assert YAML.count(old) == 1
    difference = compare(read(YAML), read(YAML.replace(old, new)))
    return [(change.kind.value, change.code, change.item) for change in difference.changes]


GOOD = "          - {code: good, label: gut}\n"
POOR = "          - {code: poor, label: schlecht}\n"
DK = "          - {code: dk, label: weiß nicht, missing: dont_know}\n"
WORDS = "      - id: words\n        type: text\n        text: Was noch?\n        max_length: 200\n"


@pytest.mark.parametrize(
    ("old", "new", "kind", "code", "item"),
    [
        ("text: Wie leicht?", "text: Wie leicht ist es?", "wording", "text", "easy"),
        ("label: schlecht", "label: eher schlecht", "wording", "code_text", "mood"),
        ("title: Mehr", "title: Noch mehr", "wording", "page_text", "second"),
        ("title: Was zuerst?", "title: Was kommt zuerst?", "wording", "text", "study"),
        ('version: "1"', 'version: "2"', "wording", "version", "study"),
        (WORDS, WORDS + WORDS.replace("words", "more"), "additive", "item_added", "more"),
        (POOR, POOR + "          - {code: so, label: geht so}\n", "additive", "code_added",
         "mood"),
        ("T18:00:00+02:00", "T20:00:00+02:00", "additive", "extended", "study"),
        ("max: 40", "max: 60", "additive", "limits_wider", "count"),
        ("max_length: 200", "max_length: 150", "additive", "setting", "words"),
        ("min_base: 15", "min_base: 20", "additive", "rule_raised", "study"),
        (WORDS, "", "breaking", "item_removed", "words"),
        ("number\n        text: Wie viele?\n        max: 40\n        unit: Wege",
         "text\n        text: Wie viele?", "breaking", "item_type", "count"),
        (POOR, POOR.replace("poor", "bad"), "breaking", "code_removed", "mood"),
        (GOOD, GOOD.replace("gut}", "gut, value: 7}"), "breaking", "code_value", "mood"),
        (GOOD + POOR, POOR + GOOD, "breaking", "code_order", "mood"),
        ("Raum}", "Raum}\n          - {code: d, label: Geld}", "breaking",
         "code_added_ranking", "top"),
        ("leicht}", "leicht}\n      - {code: 4, label: ganz leicht}", "breaking",
         "code_added_scale", "easy"),
        ("Schalter}", "Schalter}\n          - {code: net, label: im Netz}", "breaking",
         "code_added_shuffled", "ways"),
        ("exclusive: true", "exclusive: false", "breaking", "code_setting", "ways"),
        ("depth: 2", "depth: 3", "breaking", "setting", "top"),
        ("is: good", "is: poor", "breaking", "routing", "easy"),
        ("title: Mehr", "title: Mehr\n    when: {answer: mood, is: good}", "breaking",
         "routing", "count"),
        ("shuffle: true", "shuffle: false", "breaking", "shuffled", "ways"),
        ("max: 40", "max: 30", "breaking", "limits_narrower", "count"),
        ("max: 40", "min: -5\n        max: 40", "breaking", "measure", "count"),
        ("unit: Wege", "unit: Kilometer", "breaking", "meaning", "count"),
        ("opening: all", "opening: any", "breaking", "study_promise", "study"),
        ("access: open", "access: codes", "breaking", "study_promise", "study"),
        ("regime: open_participation", "regime: self_selected_reading", "breaking",
         "study_promise", "study"),
        ("2027-05-29", "2027-05-01", "breaking", "shortened", "study"),
        ("min_base: 15", "min_base: 12", "breaking", "rule_lowered", "study"),
    ],
)  # fmt: skip
def test_every_kind_of_change_is_told_with_its_class_and_place(
    old: str, new: str, kind: str, code: str, item: str
) -> None:
    found = changed(old, new)
    assert (kind, code, item) in found
    heaviest = max((Kind(k) for k, _, _ in found), key=lambda kind: kind.weight)
    assert heaviest.value == kind


def test_two_equal_questionnaires_differ_in_nothing() -> None:
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.stem.count(".") == 0:
            questionnaire = read_questionnaire(path)
            assert compare(questionnaire, questionnaire).changes == ()


def test_a_question_that_moves_is_the_one_that_is_named() -> None:
    without = YAML.replace(WORDS, "")
    moved = without.replace("  - id: second\n", WORDS + "  - id: second\n")
    found = {(c.code, c.item) for c in compare(read(YAML), read(moved)).changes}
    assert ("item_order", "words") in found
    assert ("item_page", "words") in found
    assert not [item for code, item in found if code == "item_order" and item != "words"]


def test_a_new_page_break_keeps_answers_together() -> None:
    moved = YAML.replace(WORDS, "  - id: third\n    title: Schluss\n    items:\n" + WORDS)
    difference = compare(read(YAML), read(moved))
    assert {(c.code, c.item) for c in difference.changes} == {("item_page", "words")}
    assert difference.kind is Kind.ADDITIVE


def test_translations_are_compared_text_by_text(tmp_path: Path) -> None:
    whole = load_bundle(FOLDER / "journey.yaml")
    english = whole.files["journey.en.yaml"]
    corrected = {**whole.files, "journey.en.yaml": english.replace("on foot", "walking", 1)}
    assert corrected != dict(whole.files)
    difference = compare(read_bundle(whole), read_bundle(replace(whole, files=corrected)))
    assert {(c.kind, c.item, c.language) for c in difference.changes} == {
        (Kind.WORDING, "means", "en")
    }
    fewer = replace(whole, main=whole.main.replace("    en: journey.en.yaml\n", ""))
    gone = compare(read_bundle(whole), read_bundle(fewer))
    assert [(c.kind, c.code) for c in gone.changes] == [(Kind.BREAKING, "language_removed")]
    assert compare(read_bundle(fewer), read_bundle(whole)).kind is Kind.ADDITIVE


def test_a_changed_passage_is_something_else_to_judge() -> None:
    whole = load_bundle(FOLDER / "journey.yaml")
    other = replace(whole, main=whole.main.replace("hat Vorrang", "hat immer Vorrang"))
    difference = compare(read_bundle(whole), read_bundle(other))
    assert ("meaning", "draft") in {(c.code, c.item) for c in difference.breaking}


def _mutations() -> st.SearchStrategy[tuple[str, str]]:
    lines = [line for line in YAML.splitlines(keepends=True) if "- {code:" in line]
    swaps = [(a + b, b + a) for a, b in pairwise(lines) if a + b in YAML]
    drops = [(line, "") for line in lines]
    renames = [(line, line.replace("code: ", "code: z")) for line in lines]
    values = [(line, line.replace("}", ", value: 9}")) for line in lines]
    added = [(line, line + line.replace("code: ", "code: y")) for line in lines]
    labels = [(line, line.replace("label: ", "label: eher ")) for line in lines]
    limits = [("max: 40", f"max: {n}") for n in (10, 39, 41, 60)]
    other = [("depth: 2", "depth: 1"), ("shuffle: true", ""), (WORDS, ""), ("max: 40", "min: -3")]
    every = [*swaps, *drops, *renames, *values, *added, *labels, *limits, *other]
    return st.sampled_from(every)


@given(mutations=st.lists(_mutations(), min_size=1, max_size=3))
def test_what_is_not_breaking_keeps_every_variable_and_every_value(
    mutations: list[tuple[str, str]],
) -> None:
    text = YAML
    for old, new in mutations:
        text = text.replace(old, new, 1)
    try:
        after = read(text)
    except QuestionnaireError:
        return
    before = read(YAML)
    if compare(before, after).kind is Kind.BREAKING:
        return
    kept = {variable.name: variable for variable in after.codebook.variables}
    for variable in before.codebook.variables:
        values = {(code.name, code.value) for code in kept[variable.name].codes}
        assert {(code.name, code.value) for code in variable.codes} <= values
        assert kept[variable.name].scale is variable.scale
        assert kept[variable.name].origin == variable.origin
    free = {question.id for question in after.codebook}
    assert {question.id for question in before.codebook} <= free


class Later(Text):
    """A type with a field that the comparison has never heard of."""

    strictness: int = 0


def test_a_field_that_nobody_has_thought_of_is_breaking() -> None:
    old, new = (Later(id="a", type="text", text="?", strictness=n) for n in (0, 1))
    assert [(c.kind, c.code) for c in item_changes(old, new)] == [(Kind.BREAKING, "setting")]


def test_a_further_evaluation_was_not_promised_to_those_who_have_answered() -> None:
    whole = "  evaluations:\n    - {items: [top, mood, ways, easy, count, words]}\n"
    promised = YAML.replace("  rules:", whole + "  rules:")
    further = promised.replace("words]}\n", "words]}\n    - {items: [top, mood]}\n")
    added, removed = compare(read(promised), read(further)), compare(read(further), read(promised))
    assert [(c.kind, c.code) for c in added.changes] == [(Kind.BREAKING, "evaluation_added")]
    assert removed.kind is Kind.ADDITIVE


def test_the_command_says_it_in_german_and_in_english_and_ends_with_a_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(YAML, "utf-8")
    Path("word.yaml").write_text(YAML.replace("Wie leicht?", "Wie leicht ist das?"), "utf-8")
    Path("break.yaml").write_text(YAML.replace("depth: 2", "depth: 1"), "utf-8")
    assert run(survey, ["diff", "old.yaml", "word.yaml"], "survey") == 0
    assert capsys.readouterr().out.splitlines() == [
        "Wortlaut: easy: „text“ lautete „Wie leicht?“ und lautet jetzt „Wie leicht ist das?“.",
        "Nur Wortlaut: Antworten vorher und nachher bedeuten dasselbe.",
    ]
    assert run(survey, ["diff", "old.yaml", "break.yaml", "--lang", "en"], "survey") == 1
    assert "breaking: top: “depth” was “2” and is now “1”." in capsys.readouterr().out
    assert run(survey, ["diff", "old.yaml", "break.yaml", "--format", "json"], "survey") == 1
    raw = json.loads(capsys.readouterr().out)
    assert raw["class"] == "breaking"
    assert raw["changes"][0]["item"] == "top"
    assert run(survey, ["diff", "old.yaml", "nobody"], "survey") == 1


def test_a_stored_study_is_compared_under_its_own_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file.yaml").write_text(bundle("open").main, "utf-8")
    for command in ("init", "study add file.yaml --id another", "diff another file.yaml"):
        assert run(survey, ["--home", "home", *command.split()], "survey") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Kein Unterschied."

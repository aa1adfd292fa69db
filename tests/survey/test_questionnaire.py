"""From the file to study, instrument and codebook."""

from __future__ import annotations

import csv
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from urn_example import bundle

from survey.codebook import Codebook, Role, Scale
from survey.commands.check import questionnaire_files
from survey.errors import Problem, QuestionnaireError
from survey.instrument import Questionnaire
from survey.questionnaire import (
    Bundle,
    check_bundle,
    load_bundle,
    read_bundle,
    read_questionnaire,
)
from survey.study import Access, OpeningRule, Regime, Study

STAFF = Path(__file__).parents[2] / "questionnaires" / "vision" / "staff.yaml"

MAIN = """\
schema: 1
study:
  id: small
  title: Kleine Umfrage
  regime: census_attempt
  access: codes
  population: Alle
  closes: 2027-05-21T18:00:00+02:00
  headcounts: {file: heads.csv, date: 2027-01-01, source: Liste, total: 100}
lists:
  units:
    - {code: parks, label: Grün, parent: Umwelt}
    - {code: roads, label: Straßen, parent: Umwelt}
    - {code: refused, label: keine Angabe, missing: refused}
pages:
  - id: one
    title: Seite
    items:
      - {id: unit, type: single, text: Wo?, list: units, role: department}
      - id: lead
        type: single
        text: Führung?
        options: [{code: yes, label: ja}, {code: no, label: nein}]
"""
HEADS = "unit,lead,headcount\nparks,yes,10\nparks,no,40\nroads,yes,5\nroads,no,45\n"


@pytest.fixture(scope="module")
def staff() -> Questionnaire:
    return read_questionnaire(STAFF)


def found(main: str = MAIN, heads: str = HEADS) -> list[Problem]:
    return [p for p in check_bundle(Bundle(main, {"heads.csv": heads})) if p.severity == "error"]


# -- the staff survey ---------------------------------------------------------------------


def test_the_staff_survey_asks_22_000_people_in_25_departments(staff: Questionnaire) -> None:
    frame = staff.study.frame
    assert frame is not None
    assert frame.total == 22_000
    assert frame.variables == ("department", "workplace")
    assert len(frame.margin("department")) == 25
    assert frame.margin("workplace") == {"desk": 13_944, "mobile": 8_056}


def test_the_staff_survey_is_a_census_attempt_with_codes_that_all_holders_open(
    staff: Questionnaire,
) -> None:
    study = staff.study
    assert (study.id, study.regime) == ("vision-staff", Regime.CENSUS_ATTEMPT)
    assert (study.access, study.opening) == (Access.CODES, OpeningRule.ALL)
    assert study.closes == datetime(2027, 5, 21, 16, tzinfo=UTC)
    for name in ("voluntary", "who_asks", "evaluation", "not_stored", "publication"):
        assert study.welcome[name]
    assert study.purpose
    assert study.contact
    assert study.retention
    assert study.council_question
    assert study.phases


def test_every_department_of_the_staff_survey_has_one_of_eight_directorates(
    staff: Questionnaire,
) -> None:
    (department,) = staff.codebook.with_role(Role.DEPARTMENT)
    parents = [code.parent for code in department.variables[0].answers]
    assert len(parents) == 25
    assert len(set(parents)) == 8
    assert min(parents.count(parent) for parent in set(parents)) >= 2


def test_roles_scales_and_scores_reach_the_codebook(staff: Questionnaire) -> None:
    (topics,) = staff.codebook.with_role(Role.RANKING)
    assert (topics.scale, topics.depth, len(topics.variables)) == (Scale.RANK, 3, 8)
    importance = staff.codebook.question("quality_importance")
    assert importance.scale is Scale.ORDINAL
    assert importance.role is Role.ASSESSMENT
    codes = importance.variables[0].answers
    assert [code.score for code in codes] == [1, 2, 3, 4, 5]
    assert [code.value for code in codes] == [1, 2, 3, 4, 5]
    assert importance.variables[0].name == "quality_importance_reliable"
    assert max(len(variable.name) for variable in staff.codebook.variables) <= 32
    assert "words" not in [variable.name for variable in staff.codebook.variables]


def test_codebook_study_and_bundle_survive_as_text(staff: Questionnaire) -> None:
    assert Codebook.from_json(staff.codebook.to_json()) == staff.codebook
    assert Study.from_json(staff.study.to_json()) == staff.study
    bundle = load_bundle(STAFF)
    assert str(STAFF.parent) not in bundle.to_json()
    stored = read_bundle(Bundle.from_json(bundle.to_json()))
    assert stored == staff
    assert stored.instrument.hash == staff.instrument.hash


def test_another_id_changes_the_study_and_not_the_instrument(staff: Questionnaire) -> None:
    other = read_bundle(load_bundle(STAFF), study_id="vision-staff-try")
    assert other.study.id == other.codebook.study == "vision-staff-try"
    assert other.instrument.hash == staff.instrument.hash


def test_words_that_other_notations_take_for_values_stay_words(staff: Questionnaire) -> None:
    leading = staff.codebook.question("leading").variables[0]
    assert [code.name for code in leading.codes] == ["yes", "no", "refused"]


# -- mistakes -----------------------------------------------------------------------------


def test_a_questionnaire_with_mistakes_is_not_read_and_all_are_told() -> None:
    main = MAIN.replace("codes\n", "code\n").replace("list: units", "list: unit")
    with pytest.raises(QuestionnaireError) as caught:
        read_bundle(Bundle(main, {"heads.csv": HEADS}))
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["not_allowed", "unknown_list"]
    assert "questionnaire.yaml:6:11: " in str(caught.value)


def test_a_small_questionnaire_is_read() -> None:
    read = read_bundle(Bundle(MAIN, {"heads.csv": HEADS}))
    assert read.study.frame is not None
    assert read.study.frame.counts["parks", "no"] == 40
    assert (read.study.frame.date, read.study.frame.source) == ("2027-01-01", "Liste")


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "part"),
    [
        ("roads,yes,5", "road,yes,5", 4, 1, "„road“ gehört nicht zur Frage „unit“"),
        ("roads,yes,5", "roads,ja,5", 4, 7, "„ja“ gehört nicht zur Frage „lead“"),
        ("roads,yes,5", "refused,yes,5", 4, 1, "dafür gibt es keine Kopfzahl"),
        ("roads,yes,5", "parks,yes,5", 4, 1, "steht schon in Zeile 2"),
        ("roads,yes,5", "roads,yes,5.5", 4, 11, "„5.5“ ist keine Kopfzahl"),
        ("roads,yes,5", "roads,yes, -5", 4, 12, "„-5“ ist keine Kopfzahl"),
        ("roads,yes,5", "roads,yes", 4, 1, "2 Angaben, erwartet werden 3"),
        ("roads,yes,5\n", "", 4, 1, "Für „roads, yes“"),
        ("parks,yes,10", "parks,yes,11", 0, 0, "Summe der Kopfzahlen ist 101"),
        ("unit,lead", "unit,led", 1, 6, "Meinten Sie „lead“?"),
        ("headcount", "heads", 1, 1, "am Ende „headcount“"),
    ],
)
def test_a_mistake_in_the_headcounts_has_its_own_place(
    old: str, new: str, line: int, column: int, part: str
) -> None:
    (problem,) = found(heads=HEADS.replace(old, new))
    assert problem.file == "heads.csv"
    assert (problem.line, problem.column) == (line, column)
    assert part in problem.message


@pytest.mark.parametrize("limit", [131_072, 10_000_000])
@pytest.mark.parametrize("rest", ["", "x" * 140_000])
def test_a_quotation_mark_that_swallows_the_headcounts_is_found_at_its_line(
    limit: int, rest: str
) -> None:
    before = csv.field_size_limit(limit)
    try:
        (problem,) = found(heads=HEADS.replace("parks,no", '"parks,no') + rest)
    finally:
        csv.field_size_limit(before)
    assert problem.line == HEADS[: HEADS.index("parks,no")].count("\n") + 1
    assert "Anführungszeichen" in problem.message


def test_several_mistakes_in_the_headcounts_are_told_in_one_run() -> None:
    heads = HEADS.replace("parks,no,40", "park,no,vierzig").replace("roads,no", "roads,nein")
    assert [(p.line, p.column) for p in found(heads=heads)] == [(3, 1), (3, 9), (5, 7)]


def test_a_code_that_cannot_be_read_is_not_missed_a_second_time_in_the_headcounts() -> None:
    main = MAIN.replace("{code: roads, label:", "{code: roads, lable:")
    heads = HEADS.replace("roads,no,45", "roads,no,viele")
    assert [p.code for p in found(main, heads)] == ["unknown_key", "heads_number"]


def test_headcounts_from_a_german_spreadsheet_are_read() -> None:
    heads = "\ufeff" + HEADS.replace(",", ";").replace("\n", "\r\n")
    assert found(heads=heads) == []


def test_missing_headcounts_are_told_at_the_line_that_names_them() -> None:
    problems = [p for p in check_bundle(Bundle(MAIN)) if p.severity == "error"]
    assert [(p.line, p.column, p.code) for p in problems] == [(9, 22, "file_missing")]


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(HEADS)
    folder = tmp_path / "study"
    folder.mkdir()
    path = folder / "main.yaml"
    for name in ("../secret.csv", str(tmp_path / "secret.csv")):
        path.write_text(MAIN.replace("heads.csv", name), "utf-8")
        assert load_bundle(path).files == {}


def test_the_place_of_a_mistake_is_that_of_the_file_on_disk(tmp_path: Path) -> None:
    path = tmp_path / "main.yaml"
    path.write_text(MAIN, "utf-8")
    (tmp_path / "heads.csv").write_text(HEADS.replace("40", "vierzig"))
    with pytest.raises(QuestionnaireError, match=re.escape(f"{tmp_path / 'heads.csv'}:3:10")):
        read_questionnaire(path)


@pytest.mark.parametrize("key", [k for k in MAIN.splitlines()[2:8] if "title" not in k])
def test_a_study_without_a_mandatory_entry_is_refused(key: str) -> None:
    name = key.split(":")[0].strip()
    (problem,) = found(main=MAIN.replace(key + "\n", ""))
    assert f"fehlt die Angabe „{name}“" in problem.message


def test_removing_any_code_from_the_staff_list_is_found_in_the_headcounts() -> None:
    bundle = load_bundle(STAFF)
    codes = re.findall(r"\{code: (\w+), label: [^}]*parent", bundle.main)
    assert len(codes) == 25
    for code in codes[::6]:
        main = re.sub(rf"    - \{{code: {code}, .*\n", "", bundle.main, count=1)
        problems = check_bundle(Bundle(main, bundle.files))
        assert {problem.code for problem in problems} == {"heads_code", "no_counterpart"}


def test_a_questionnaire_of_300_questions_is_checked_in_one_go() -> None:
    items = "".join(
        f"      - {{id: q{i}, type: single, text: Frage {i}, list: units}}\n" for i in range(300)
    )
    assert found(main=MAIN + items) == []


def test_no_text_of_the_shipped_questionnaires_holds_a_control_character(root: Path) -> None:
    for path in questionnaire_files([root / "questionnaires"]):
        questionnaire = read_questionnaire(path)
        texts = questionnaire.codebook.to_json()
        for study, instrument in map(questionnaire.in_language, questionnaire.languages):
            texts += study.to_json()
            for page in instrument.pages:
                texts += page.intro + "".join(item.model_dump_json() for item in page.items)
        assert not [c for c in texts if c < " " and c != "\n"]
        assert "\\u00" not in texts


def test_a_code_above_the_largest_value_needs_a_value_of_its_own() -> None:
    main = bundle().main
    [problem] = _errors(main.replace("code: fair,", "code: 99084,"))
    assert problem.code == "large_value"
    line = main.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("fair")
    assert not _errors(main.replace("code: fair,", "code: 99084, value: 7,"))
    assert not _errors(main.replace("code: fair,", "code: 32000,"))


def _errors(main: str) -> list[Problem]:
    return [p for p in check_bundle(Bundle(main)) if p.severity == "error"]

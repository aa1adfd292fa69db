"""The author's compiler: every mistake with its place, in plain German."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.rules import DEFAULT_RULES
from survey.cli import survey
from survey.commands.check import check_file, report
from survey.errors import Problem
from survey.questionnaire import Bundle, check_bundle, read_bundle
from survey.sentences import SENTENCES
from survey.study_checks import RULES

ROOT = Path(__file__).parents[2]
MISTAKES = sorted((ROOT / "tests" / "questionnaires" / "mistakes").glob("*.yaml"))

PROGRAM_WORDS = re.compile(
    r"\b(str|string|int|integer|bool|boolean|dict|mapping|tuple|null|None|True|False|parse\w*"
    r"|token|scalar|input|field|required|extra|permitted|forbidden|should|valid|expected|YAML"
    r"|exception|error|traceback|key|array|object|node|regex|pattern|default|byte|char\w*"
    r"|alias|anchor|invalid|unknown|unexpected|line|column|stream|block)\b"
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(survey, ["check", *map(str, arguments)], standalone_mode=False)


def errors(path: Path, language: str = "de") -> list[Problem]:
    return [p for p in check_file(path, language) if p.severity == "error"]


def expected(path: Path) -> list[tuple[str, int, int, list[str]]]:
    """File, line, column and parts of the sentence: the comments at the end of a fixture.

    They were written by hand, or counted in the text, before the checker saw it.
    """
    comment = re.compile(r"^# (?:(\S+\.yaml) )?(\d+):(\d+) (.*)$", re.MULTILINE)
    return [
        (str(path.parent / (beside or path.name)), int(line), int(column), text.split(" | "))
        for beside, line, column, text in comment.findall(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_each_mistake_is_found_at_its_place_and_nothing_else_is(path: Path) -> None:
    found, wanted = errors(path), expected(path)
    places = [(file, line, column) for file, line, column, _ in wanted]
    assert [(p.file, p.line, p.column) for p in found] == places
    for problem, (*_, parts) in zip(found, wanted, strict=True):
        for part in parts:
            assert part in problem.message


def speaks_plainly(sentence: str) -> bool:
    """Whether a sentence has no word of programs, apart from what it quotes."""
    return not PROGRAM_WORDS.search(re.sub("„[^“]*“", "", sentence))


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_no_sentence_speaks_the_language_of_programs(path: Path) -> None:
    for problem in errors(path):
        assert speaks_plainly(problem.message), problem.message


def test_no_german_sentence_at_all_speaks_the_language_of_programs() -> None:
    for code, (german, _) in SENTENCES.items():
        assert speaks_plainly(re.sub(r"{\w+}", "", german)), code


SUBJECTS = {
    "routing": r"rule_.*|unreachable.*|pipe_.*",
    "translations": r"untranslated.*|no_counterpart|bad_language",
    "limits": r"limits_.*|too_many|rank_.*|raised_only|expected_number|expected_date",
    "unknown references": r"unknown_.*|rule_unknown|pipe_unknown",
    "study": r"missing_choice|closes_before_opens|needs_headcounts|no_time_zone",
    "notation": r"yaml_.*",
}


def test_of_all_seeded_mistakes_every_line_and_every_sentence_is_right() -> None:
    right_line = right_column = plain = total = 0
    codes = []
    for path in MISTAKES:
        found = errors(path)
        for (file, line, column, parts), problem in zip(expected(path), found, strict=True):
            total += 1
            right_line += (problem.file, problem.line) == (file, line)
            right_column += (problem.file, problem.line, problem.column) == (file, line, column)
            said = all(part in problem.message for part in parts)
            plain += said and speaks_plainly(problem.message)
            codes.append(problem.code)
    assert len(MISTAKES) >= 30
    assert right_line == plain == total
    assert right_column >= total * 27 / 30
    for subject, pattern in SUBJECTS.items():
        assert sum(bool(re.fullmatch(pattern, code)) for code in codes) >= 3, subject


def test_a_file_with_five_mistakes_reports_all_five_in_one_run() -> None:
    path = next(path for path in MISTAKES if path.stem == "five_mistakes")
    assert len(errors(path)) == len(expected(path)) == 5


def test_every_sentence_has_the_same_holes_in_both_languages() -> None:
    for code, (german, english) in SENTENCES.items():
        holes = re.compile(r"{(\w+)}")
        assert set(holes.findall(german)) == set(holes.findall(english)), code


def test_the_shipped_questionnaires_have_neither_errors_nor_notes() -> None:
    result = run(ROOT / "questionnaires")
    assert "0 Fehler, 0 Hinweise" in result.output
    assert result.return_value == 0


def test_the_line_is_shown_with_a_caret_under_the_mistake() -> None:
    path = next(path for path in MISTAKES if path.stem == "unknown_type")
    result = run(path)
    assert result.return_value == 1
    place, line, caret, *_ = result.output.splitlines()
    assert place.startswith(f"{path}:27:15: Fehler: ")
    assert caret.index("^") == line.index("rankng")


def test_english_is_spoken_on_demand() -> None:
    path = next(path for path in MISTAKES if path.stem == "unknown_type")
    result = run(path, "--lang", "en")
    assert "There is no question type “rankng”." in result.output
    assert "Did you mean “ranking”?" in result.output


def test_other_programs_get_the_problems_as_json() -> None:
    path = next(path for path in MISTAKES if path.stem == "unknown_list")
    (problem,) = json.loads(run(path, "--format", "json").output)
    assert (problem["line"], problem["column"]) == (29, 15)
    assert (problem["severity"], problem["code"]) == ("error", "unknown_list")
    assert problem["file"] == str(path)


def test_the_thresholds_that_an_author_may_raise_are_those_of_the_gate() -> None:
    assert dict(DEFAULT_RULES) == RULES


def test_the_keys_for_other_programs_are_always_the_same() -> None:
    for path in MISTAKES[:10]:
        for problem in json.loads(run(path, "--format", "json").output):
            assert tuple(problem) == ("code", "severity", "file", "line", "column", "message")
            assert problem["severity"] in ("error", "warning")


def test_a_questionnaire_of_300_questions_with_rules_has_no_errors() -> None:
    large = runpy.run_path(str(ROOT / "benchmarks" / "check_speed.py"))["questionnaire"](300)
    assert [p for p in check_bundle(Bundle(large)) if p.severity == "error"] == []
    assert len(read_bundle(Bundle(large)).codebook.questions) == 300


def test_notes_alone_leave_the_status_at_zero(tmp_path: Path) -> None:
    text = MISTAKES[0].with_name("unknown_list.yaml").read_text("utf-8")
    path = tmp_path / "note.yaml"
    unsure = re.sub(r".*weiß nicht.*\n", "", text.replace("wishs", "wishes"))
    path.write_text(unsure, "utf-8")
    result = run(path)
    assert "Hinweis: Diese Frage bietet kein „weiß nicht“ an" in result.output
    assert "0 Fehler, 1 Hinweis." in result.output
    assert result.return_value == 0


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "ist leer"),
        (b"title: Gr\xfc\xdfe\n", ":1:10: Fehler: Die Datei ist nicht in UTF-8"),
        (b"just a text\n", "mit Doppelpunkt erwartet"),
        (b"a: &x [*x]\n", "Verweise"),
        (b"a: &x b\nc: &x d\n", "Die Angabe"),
        (b"[[[[" * 5000, "Klammer"),
        (b"- " * 5000 + b"a", "nicht zu lesen"),
        (b"title: a\x07b\n", ":1:9: Fehler: Hier steht ein Zeichen"),
        (b"x: " + b"a" * 2_000_001, "zu gro"),
        (b"schema: 1\rtitle: a: b\rpages: []\r", ":2:9: Fehler: In diesem Text steht"),
        ("x: \u2028a: b\n".encode(), "Fehler"),
        ("# \u2028\u2028\na: b: c\n".encode(), "Doppelpunkt"),
        (b"schema: 1\n---\nschema: 1\n", "drei Strichen"),
    ],
)
def test_a_file_that_is_no_questionnaire_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, part: str
) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    result = run(path)
    assert result.return_value == 1
    assert part in result.output


LINES = (ROOT / "tests" / "questionnaires" / "every_type.yaml").read_text("utf-8").splitlines()

SLIPS = ["", "  ", "\t", "- ", "{", "]", ": ", '"', "null", "true", "3", "ä", "&a "]

edits = st.lists(
    st.tuples(
        st.integers(0, len(LINES) - 1),
        st.sampled_from(
            ["", "  ", "\t", "- ", "{", "]", ": ", '"', "null", "true", "3", "ä", "&a "]
        ),
        st.integers(0, 40),
        st.integers(0, 12),
    ),
    min_size=1,
    max_size=4,
)


@given(edits)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_slip_of_the_pen_does_the_answer_is_sentences_with_places(
    slips: list[tuple[int, str, int, int]],
) -> None:
    lines = list(LINES)
    for number, put, column, cut in slips:
        line = lines[number]
        lines[number] = line[:column] + put + line[column + cut :]
    bundle = Bundle("\n".join(lines))
    problems = check_bundle(bundle)
    for problem in problems:
        assert problem.line <= len(lines)
        assert report(problem, "de")
    if not any(problem.severity == "error" for problem in problems):
        read_bundle(bundle)


def test_a_missing_file_and_an_empty_folder_are_errors(tmp_path: Path) -> None:
    assert "ist nicht zu finden" in run(tmp_path / "none.yaml").output
    result = run(tmp_path)
    assert "kein Fragebogen" in result.output
    assert result.return_value == 1


def test_texts_that_would_burst_the_ballot_are_refused(tmp_path: Path) -> None:
    text = MISTAKES[0].with_name("unknown_list.yaml").read_text("utf-8").replace("wishs", "wishes")
    more = "".join(
        f"      - {{id: t{i}, type: text, text: Und, max_length: 9000}}\n" for i in range(3)
    )
    path = tmp_path / "long.yaml"
    path.write_text(text.replace("        scale: quality\n", "        scale: quality\n" + more))
    result = run(path)
    assert "verkürzen Sie die freien Texte" in result.output
    assert ":22:1:" in result.output
    assert result.return_value == 1

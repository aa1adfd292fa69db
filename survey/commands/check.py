"""``survey check``: every mistake of a questionnaire in one run, with its place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from survey.ballot import padded_size
from survey.beside import file_names
from survey.completeness import completeness_lines, completeness_raw
from survey.errors import Problem, QuestionnaireError, SurveyError
from survey.findings import ERROR, LANGUAGES, WARNING, Finding
from survey.language_files import PROCEEDING, Translation, is_translation_file
from survey.questionnaire import Bundle, check_bundle, completeness, load_bundle, read_bundle
from survey.yaml_source import read_source

WIDTH = 96
"""Characters of a source line that are shown; longer lines are cut around the mistake."""

JSON_KEYS = ("code", "severity", "file", "line", "column", "message")
"""Keys of a problem for other programs, in their order."""

SUFFIXES = (".yaml", ".yml")

_WORDS = {
    "de": {"error": "Fehler", "warning": "Hinweis"},
    "en": {"error": "error", "warning": "note"},
}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Sentences with the source line, or one JSON document for other programs.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="de",
    show_default=True,
    help="Language of the sentences.",
)
@click.option(
    "--languages",
    is_flag=True,
    help="Also say how complete every translation is.",
)
def check(paths: Sequence[Path], style: str, language: str, languages: bool) -> int:
    """Find every mistake in questionnaires.

    PATHS are questionnaire files, or folders in which every *.yaml is taken for one; a
    translation is checked together with the questionnaire that names it. Each mistake comes
    with file, line and column. Exit status 1 if there is an error; notes alone leave it at 0.
    """
    files = tuple(questionnaire_files(paths))
    problems = [problem for file in files for problem in check_file(file, language)]
    if not files:
        empty = Finding("no_questionnaire", values={"name": ", ".join(map(str, paths))})
        problems.append(empty.problem(str(paths[0]), (), language))
    translations = _translations(files) if languages else {}
    if style == "json":
        raw: Any = [as_raw(problem) for problem in problems]
        if languages:
            by_file = {str(file): completeness_raw(of) for file, of in translations.items()}
            raw = {"problems": raw, "languages": by_file}
        click.echo(json.dumps(raw, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(report(problem, language))
        for file, of in translations.items():
            click.echo("\n".join([str(file), *completeness_lines(of, language)]))
        click.echo(summary(len(files), problems, language))
    return int(any(problem.severity == ERROR for problem in problems))


def questionnaire_files(paths: Iterable[Path]) -> list[Path]:
    """The files that the paths stand for, each once, those of a folder in order of names.

    A translation stands for the questionnaires that name it, or for itself if none does.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if _is_meant(p))
        for file in inside if path.is_dir() else [path]:
            found |= dict.fromkeys(_naming(file) or [file])
    return list(found)


def _is_meant(path: Path) -> bool:
    """Whether a file of a folder is meant: what a dossier reads is judged when it is built."""
    named = path.suffix in SUFFIXES and not path.name.endswith(PROCEEDING)
    return named and path.is_file()


def _naming(file: Path) -> list[Path]:
    """The questionnaires beside a translation that name it."""
    if not is_translation_file(file):
        return []
    beside = (p for p in sorted(file.parent.iterdir()) if _is_meant(p))
    return [
        path
        for path in beside
        if not is_translation_file(path) and file.name in file_names(read_source(_text(path)))
    ]


def _translations(files: Iterable[Path]) -> dict[Path, tuple[Translation, ...]]:
    readable = (file for file in files if file.is_file() and not is_translation_file(file))
    return {file: completeness(load_bundle(file)) for file in readable}


def _text(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


def check_file(path: Path, language: str = "de") -> tuple[Problem, ...]:
    """Everything that is wrong or doubtful in one questionnaire and the files it names."""
    if is_translation_file(path):
        orphan = Finding("orphan_translation", 1, 1)
        return (orphan.problem(str(path), tuple(_text(path).splitlines()), language),)
    try:
        bundle = load_bundle(path, language=language)
    except QuestionnaireError as error:
        return error.problems
    problems = check_bundle(bundle, language=language)
    if any(problem.severity == ERROR for problem in problems):
        return problems
    return (*problems, *_ballot_size(bundle, language))


def _ballot_size(bundle: Bundle, language: str) -> tuple[Problem, ...]:
    questionnaire = read_bundle(bundle)
    try:
        padded_size(questionnaire.instrument, questionnaire.study.id)
    except SurveyError:
        longest = json.dumps(questionnaire.instrument.longest_answers, ensure_ascii=False)
        place = read_source(bundle.main).key(("pages",))
        values = {"found": str(-(-len(longest.encode()) // 1024)), "limit": "64"}
        finding = Finding("ballot_too_long", place.line, place.column, values)
        lines = tuple(bundle.main.splitlines())
        return (finding.problem(bundle.name, lines, language),)
    return ()


def as_raw(problem: Problem) -> dict[str, str | int]:
    """A problem for other programs; the keys do not change between versions."""
    return {key: getattr(problem, key) for key in JSON_KEYS}


def report(problem: Problem, language: str) -> str:
    """Place and sentence, below it the source line with a caret under the mistake."""
    place = ":".join([problem.file, *(str(n) for n in (problem.line, problem.column) if n)])
    text = f"{place}: {_WORDS[language][problem.severity]}: {problem.message}"
    if not problem.source.strip():
        return text
    start = max(0, problem.column - 1 - WIDTH // 2) if len(problem.source) > WIDTH else 0
    shown = problem.source[start : start + WIDTH]
    before = shown[: max(problem.column - 1 - start, 0)]
    # A tab in the line must push the caret as far as it pushes the text.
    indent = "".join("\t" if character == "\t" else " " for character in before)
    margin = " " * len(str(problem.line))
    return f"{text}\n  {problem.line} | {shown}\n  {margin} | {indent}^"


def summary(files: int, problems: Sequence[Problem], language: str) -> str:
    """One closing line with the numbers of files, errors and notes."""
    errors = sum(problem.severity == ERROR for problem in problems)
    notes = sum(problem.severity == WARNING for problem in problems)
    if language == "de":
        file_noun = "Datei" if files == 1 else "Dateien"
        note_noun = "Hinweis" if notes == 1 else "Hinweise"
        return f"{files} {file_noun} geprüft: {errors} Fehler, {notes} {note_noun}."
    return f"Files checked: {files}. Errors: {errors}. Notes: {notes}."

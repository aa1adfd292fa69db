"""A foreign file in, a folder with a questionnaire and its report out: all of it or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey.converting import report
from survey.converting.assembling import assemble
from survey.converting.fitting import fitted
from survey.converting.guarding import RefusedError, read_bytes
from survey.converting.limesurvey import read_limesurvey
from survey.converting.plan import Plan
from survey.converting.sentences import sentence
from survey.converting.source_model import Note, SourceForm, note
from survey.converting.unreachable import Checked, reachable
from survey.converting.writing import written
from survey.converting.xlsform import read_xlsform
from survey.errors import ConversionError, Problem
from survey.findings import ERROR
from survey.questionnaire import Bundle, check_bundle

READERS: Mapping[str, Callable[[bytes], SourceForm]] = {
    ".lss": read_limesurvey,
    ".xlsx": read_xlsform,
}
"""Reader by the ending of the file's name."""


LARGEST_FORM = 20_000
"""Questions, answers and rows together; the longest real questionnaires have a few thousand."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion makes: files by name, and the plan that they follow."""

    plan: Plan
    files: Mapping[str, str]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What the author has to mend before the questionnaire can be used."""
        return tuple(problem for problem in self.problems if problem.severity == ERROR)


def convert(path: Path, today: date, language: str = "de") -> Conversion:
    """The converted questionnaire; raises ``ConversionError`` for a file that is not read."""
    try:
        form = read_form(path)
    except RefusedError as error:
        raise ConversionError(sentence(error.reason, language)) from None
    if not form.questions:
        raise ConversionError(sentence(note("no_questions"), language))
    if form.size > LARGEST_FORM:
        raise ConversionError(sentence(note("too_many_questions", limit=LARGEST_FORM), language))
    plan = fitted(assemble(form, today))
    if not plan.items:
        first = next((n for line in plan.lines for n in line.notes), Note("no_questions"))
        reason = {"count": str(len(plan.lines)), "reason": sentence(first, language)}
        raise ConversionError(sentence(Note("nothing_converted", reason), language))

    def check(plan: Plan) -> Checked:
        files = written(plan, report.MARKDOWN)
        (name, main), *others = files.items()
        return files, check_bundle(Bundle(main, dict(others), name), language=language)

    plan, (files, problems) = reachable(plan, check)
    names = [*files, report.MARKDOWN, report.JSON]
    accounts = {
        report.MARKDOWN: report.as_markdown(plan, path.name, names, problems, language),
        report.JSON: report.as_json(plan, path.name, names, problems, language),
    }
    return Conversion(plan, {**files, **accounts}, problems)


def read_form(path: Path) -> SourceForm:
    """The questionnaire in a file as the source says it; raises ``RefusedError``."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise RefusedError(note("wrong_suffix", suffix=path.suffix or path.name))
    return reader(read_bytes(path))


def write_folder(conversion: Conversion, folder: Path, language: str = "de") -> None:
    """Makes a folder with all files, which is there completely or not at all.

    Raises ``ConversionError`` if the folder exists with something in it or cannot be made.
    """
    try:
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise ConversionError(sentence(note("target_exists", name=folder), language))
        folder.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            for name, text in conversion.files.items():
                (aside / name).write_text(text, encoding="utf-8")
            aside.chmod(0o755)
            # A folder replaces an empty one and nothing else.
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        reason = note("target_unwritable", name=folder, reason=error.strerror or error)
        raise ConversionError(sentence(reason, language)) from None

"""From a questionnaire file, and the files that it names, to a study with its instrument."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from survey.checks import check_document, resolved
from survey.document import Document, StudySection, read_document
from survey.errors import Problem, QuestionnaireError
from survey.findings import ERROR, Finding
from survey.headcounts import read_headcounts
from survey.instrument import Instrument, Page, Questionnaire
from survey.items.base import Option
from survey.items.single import Single
from survey.study import Frame, Phase, Study
from survey.yaml_source import Source, read_source


@dataclass(frozen=True)
class Bundle:
    """A questionnaire as text, with the text of every file that it names.

    ``name`` is what messages call the main file; it is not stored with the texts.
    """

    main: str
    files: Mapping[str, str] = field(default_factory=dict)
    name: str = "questionnaire.yaml"

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", MappingProxyType(dict(self.files)))

    def to_json(self) -> str:
        """A stable text of the bundle; :meth:`from_json` reads it back."""
        raw = {"main": self.main, "files": dict(self.files)}
        return json.dumps(raw, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Bundle:
        """The bundle that :meth:`to_json` wrote."""
        raw = json.loads(text)
        return cls(raw["main"], raw["files"])


def load_bundle(path: Path, *, language: str = "de") -> Bundle:
    """The file at ``path`` and the files beside it that it names.

    Raises ``QuestionnaireError`` if the file itself cannot be read; a missing file beside it
    is found by :func:`check_bundle`, at the line that names it.
    """
    main = _read(path, language)
    files = {}
    for name in _file_names(read_source(main)):
        inside = PurePosixPath(name)
        beside = path.parent / name
        if not inside.is_absolute() and ".." not in inside.parts and beside.is_file():
            files[name] = _read(beside, language)
    return Bundle(main, files, str(path))


def _read(path: Path, language: str) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        column = error.start - before.rfind(b"\n")
        finding = Finding("file_encoding", before.count(b"\n") + 1, column)
        raise QuestionnaireError([finding.problem(str(path), (), language)]) from None
    except OSError:
        finding = Finding("file_missing", values={"name": path.name})
        raise QuestionnaireError([finding.problem(str(path), (), language)]) from None


def _file_names(source: Source) -> list[str]:
    study = source.data.get("study") if isinstance(source.data, dict) else None
    headcounts = study.get("headcounts") if isinstance(study, dict) else None
    name = headcounts.get("file") if isinstance(headcounts, dict) else None
    return [name] if isinstance(name, str) else []


@dataclass(frozen=True)
class _Examined:
    document: Document
    frame: Frame | None
    findings: tuple[Finding, ...]
    beside: Mapping[str, tuple[Finding, ...]]


@lru_cache(maxsize=8)
def _examine(main: str, files: tuple[tuple[str, str], ...]) -> _Examined:
    """Everything that can be said about a bundle."""
    document = read_document(read_source(main))
    findings = [*document.findings, *check_document(document)]
    section = document.study.headcounts if document.study else None
    if section is None:
        return _Examined(document, None, tuple(findings), {})
    text = dict(files).get(section.file)
    path = ("study", "headcounts", "file")
    if text is None:
        place = document.source.value(path)
        values = {"name": section.file}
        missing = Finding("file_missing", place.line, place.column, values)
        return _Examined(document, None, (*findings, missing), {})
    questions = _single_choices(document)
    read = read_headcounts(text, questions, date=section.date, source=section.source)
    beside = read.findings
    if document.findings:
        # What could not be read in the questionnaire must not be missed in the headcounts.
        beside = tuple(finding for finding in beside if finding.code not in _NEEDS_QUESTIONS)
    if read.frame and section.total not in (None, read.frame.total):
        first = document.source.value((*path[:-1], "total")).line
        sums = {"found": str(read.frame.total), "limit": str(section.total)}
        beside = (Finding("heads_total", values={**sums, "first": str(first)}),)
    return _Examined(document, read.frame, tuple(findings), {section.file: beside})


_NEEDS_QUESTIONS = ("heads_question", "heads_code", "heads_absent")
"""Findings that are right only if every question could be read."""


def _single_choices(document: Document) -> dict[str, tuple[Option, ...]]:
    items = (resolved(document, placed) for placed in document.items)
    return {item.id: item.options for item in items if isinstance(item, Single)}


def check_bundle(bundle: Bundle, *, language: str = "de") -> tuple[Problem, ...]:
    """Everything that is wrong (``error``) or doubtful (``warning``), in the order of the files."""
    examined = _examine(bundle.main, tuple(sorted(bundle.files.items())))
    problems = _problems(bundle.name, bundle.main, examined.findings, language)
    for name, findings in examined.beside.items():
        beside = str(Path(bundle.name).parent / name)
        problems += _problems(beside, bundle.files.get(name, ""), findings, language)
    return tuple(problems)


def _problems(file: str, text: str, findings: tuple[Finding, ...], language: str) -> list[Problem]:
    lines = tuple(text.splitlines())
    return sorted({finding.problem(file, lines, language) for finding in findings})


def read_bundle(bundle: Bundle, *, study_id: str | None = None) -> Questionnaire:
    """The study and the instrument of a bundle, under another id if one is given.

    Raises ``QuestionnaireError`` with every error that :func:`check_bundle` finds.
    """
    errors = [problem for problem in check_bundle(bundle) if problem.severity == ERROR]
    if errors:
        raise QuestionnaireError(errors)
    examined = _examine(bundle.main, tuple(sorted(bundle.files.items())))
    section = examined.document.study
    assert section is not None
    study = _study(section, examined.frame, study_id or section.id)
    return Questionnaire(study, _instrument(examined.document, section.language))


def read_questionnaire(path: Path) -> Questionnaire:
    """The study and the instrument of the file at ``path``; raises ``QuestionnaireError``."""
    return read_bundle(load_bundle(path))


def _study(section: StudySection, frame: Frame | None, id: str) -> Study:
    values = {name: getattr(section, name) for name in type(section).model_fields}
    del values["headcounts"]
    phases = tuple(Phase(p.title, p.start, p.end, p.state) for p in section.phases)
    return Study(**{**values, "id": id, "phases": phases, "frame": frame})


def _instrument(document: Document, language: str) -> Instrument:
    pages = tuple(
        Page(
            page.section.id,
            page.section.title,
            tuple(resolved(document, placed) for placed in page.items),
            page.section.intro,
        )
        for page in document.pages
    )
    return Instrument(document.version, language, pages)

"""The files beside a questionnaire: headcounts, population numbers and translations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from survey.checks import resolved
from survey.document import Document
from survey.findings import Finding
from survey.headcounts import read_headcounts
from survey.items.base import Option
from survey.items.single import Single
from survey.language_files import NEEDS_ALL, Translation, read_translation, tag_findings
from survey.language_texts import Branch
from survey.study import Frame
from survey.yaml_source import Path, Source

_NEEDS_QUESTIONS = ("heads_question", "heads_code", "heads_absent", *NEEDS_ALL)
"""Findings that are right only if every question could be read."""


def file_names(source: Source) -> list[str]:
    """The names of all files that a questionnaire names, as they are written."""
    study = source.data.get("study") if isinstance(source.data, dict) else None
    if not isinstance(study, dict):
        return []
    tables = [study.get(key) for key in ("headcounts", "composition")]
    names = [table.get("file") for table in tables if isinstance(table, dict)]
    translations = study.get("translations")
    names += translations.values() if isinstance(translations, dict) else []
    return [name for name in names if isinstance(name, str)]


@dataclass
class Beside:
    """Reads the files of one questionnaire and collects what is wrong with them.

    ``findings`` belong to the questionnaire itself, ``by_file`` to the files that it names.
    """

    document: Document
    files: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    by_file: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def headcounts(self, key: str) -> Frame | None:
        """The numbers of the file under ``study: KEY: file``; None if there is none."""
        section = getattr(self.document.study, key, None)
        if section is None:
            return None
        path: Path = ("study", key, "file")
        text = self._text(section.file, path)
        if text is None:
            return None
        questions = _single_choices(self.document)
        read = read_headcounts(text, questions, date=section.date, source=section.source)
        self._add(section.file, read.findings)
        if read.frame and section.total not in (None, read.frame.total):
            first = self.document.source.value((*path[:-1], "total")).line
            sums = {"found": str(read.frame.total), "limit": str(section.total)}
            self._add(section.file, (Finding("heads_total", values={**sums, "first": str(first)}),))
        return read.frame

    def translations(self, expected: Branch) -> tuple[Translation, ...]:
        """All translations that the questionnaire names, in its order."""
        self.findings += tag_findings(self.document)
        study, found = self.document.study, []
        for tag, name in study.translations.items() if study else ():
            path: Path = ("study", "translations", tag)
            text = self._text(name, path)
            if study and text is not None:
                group, line = study.review_group, self.document.line(path)
                read = read_translation(text, tag, expected, review_group=group, line=line)
                self._add(name, read.findings)
                found.append(read)
        return tuple(found)

    def _text(self, name: str, path: Path) -> str | None:
        if name not in self.files:
            self.findings.append(self.document.finding("file_missing", path, name=name))
        return self.files.get(name)

    def _add(self, name: str, findings: tuple[Finding, ...]) -> None:
        if self.document.findings:
            # What could not be read in the questionnaire must not be missed beside it.
            findings = tuple(f for f in findings if f.code not in _NEEDS_QUESTIONS)
        self.by_file[name] = (*self.by_file.get(name, ()), *findings)


def _single_choices(document: Document) -> dict[str, tuple[Option, ...]]:
    items = (resolved(document, placed) for placed in document.items)
    return {item.id: item.options for item in items if isinstance(item, Single)}

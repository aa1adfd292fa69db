"""Translation files: read, compared with the questionnaire, and completeness by language.

A translation file is keyed by the ids and codes of the questionnaire, so that it cannot change
what an answer means. ``sample: true`` marks a draft that may be incomplete.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from survey.document import Document
from survey.findings import WARNING, Finding, named, nearest
from survey.language_texts import Branch, Slot, leaves
from survey.languages import PATTERN, Language, is_language
from survey.piping import piped
from survey.yaml_source import Path, Place, Source, read_source

KEYS = ("language", "sample")
"""What a translation file says about itself."""

NEEDS_ALL = ("no_counterpart", "too_many_entries", "untranslated", "untranslated_part")
"""Findings that are right only if the whole questionnaire could be read."""

PROCEEDING = ".proceeding.yaml"
"""End of the name of a file for the dossier that stands beside a questionnaire."""

LONGEST_PLAIN = 15
"""Words of a sentence above which a plain track is no longer plain."""

_SENTENCE_END = re.compile(r"[.!?:;](?:\s|$)|\n")


@dataclass(frozen=True)
class Translation:
    """One translation file against its questionnaire; ``texts`` by path in the file."""

    language: Language
    texts: Mapping[Path, str]
    missing: tuple[Path, ...]
    total: int
    findings: tuple[Finding, ...]

    @property
    def done(self) -> int:
        """Number of texts of the questionnaire that are translated."""
        return self.total - len(self.missing)


def is_translation(text: str) -> bool:
    """Whether a file is a translation and no questionnaire.

    >>> is_translation("language: en\\nitems: {}"), is_translation("schema: 1\\nstudy: {}")
    (True, False)
    """
    if not re.search(r"(?m)^[\"']?language[\"']?\s*:", text):
        return False
    data = read_source(text).data
    return isinstance(data, dict) and "schema" not in data and "pages" not in _lists(data)


def is_translation_file(path: FilePath) -> bool:
    """Whether there is a translation at ``path``; false for what cannot be read."""
    try:
        return is_translation(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def _lists(data: Mapping[str, object]) -> list[str]:
    return [key for key, value in data.items() if isinstance(value, list)]


def read_translation(
    text: str, tag: str, expected: Branch, *, review_group: str = "", line: str = ""
) -> Translation:
    """The translation into ``tag``, which the questionnaire names in ``line``.

    ``findings`` holds everything that is unknown, missing, empty or listed twice.
    """
    source = read_source(text)
    reader = _Reader(source, plain=Language(tag).plain, findings=list(source.findings))
    required = [path for path, _ in leaves(expected)]
    if not isinstance(source.data, dict):
        if source.data is not None:
            reader.report("expected_entries", source.value(()), name="language")
        language = Language(tag, review_group=review_group)
        return Translation(language, {}, tuple(required), len(required), tuple(reader.findings))
    sample = reader.head(tag, line)
    own = {key: value for key, value in source.data.items() if key not in KEYS}
    reader.branch(expected, own, ())
    missing = tuple(path for path in required if path not in reader.texts)
    findings = reader.findings
    if sample and missing:
        findings = [f for f in findings if f.code not in ("untranslated", "untranslated_part")]
        place = source.key(("sample",))
        values = {"found": str(len(missing)), "limit": str(len(required))}
        findings.append(Finding("sample_incomplete", *_at(place), values, WARNING))
    language = Language(tag, sample, review_group)
    return Translation(language, reader.texts, missing, len(required), tuple(findings))


def tag_findings(document: Document) -> Iterable[Finding]:
    """What is wrong with the list of languages in the questionnaire itself."""
    study = document.study
    for tag in study.translations if study else ():
        place = document.source.key(("study", "translations", tag))
        if not re.match(PATTERN, tag) or not is_language(tag):
            guess = nearest(tag, ("de-leicht", "en", "tr"))
            yield Finding("bad_language", *_at(place), {"found": tag, "guess": guess})
        elif study and tag == study.language:
            yield Finding("source_language", *_at(place), {"found": tag})


def digest(instrument: str, expected: Branch, translations: Iterable[Translation]) -> str:
    """SHA-256 (hex) of an instrument's own hash and every text of every language."""
    own = [["/".join(map(str, path)), text] for path, text in leaves(expected)]
    others = [
        [t.language.tag, sorted(["/".join(map(str, path)), text] for path, text in t.texts.items())]
        for t in translations
    ]
    raw = json.dumps([instrument, own, sorted(others)], ensure_ascii=False)
    return hashlib.sha256(raw.encode()).hexdigest()


@dataclass
class _Reader:
    source: Source
    plain: bool
    findings: list[Finding]
    texts: dict[Path, str] = field(default_factory=dict)

    def report(self, code: str, place: Place, **values: str) -> None:
        """Add a finding at a place."""
        self.findings.append(Finding(code, *_at(place), values))

    def head(self, tag: str, line: str) -> bool:
        """Whether the file is a sample; its language must be the one it is listed under."""
        found, sample = self.source.data.get("language"), self.source.data.get("sample", False)
        if found is None:
            self.report("missing_key", self.source.key(("language",)), name="language")
        elif found != tag:
            place = self.source.value(("language",))
            self.report("other_language", place, found=str(found), name=tag, first=line)
        if not isinstance(sample, bool):
            place = self.source.value(("sample",))
            self.report("expected_yes_no", place, name="sample", found=str(sample)[:60])
        return sample is True

    def part(self, expected: Branch | Slot, given: object, path: Path) -> None:
        """Take in what stands at a path."""
        if isinstance(expected, Branch):
            self.branch(expected, given, path)
        else:
            self.text(expected, given, path)

    def branch(self, expected: Branch, given: object, path: Path) -> None:
        """Take in all parts of a branch; name the unknown and the missing ones."""
        if isinstance(given, str) and expected.short:
            given = {expected.short: given}
        entries = self._entries(expected, given, path)
        if entries is None:
            return
        absent = [step for step in expected.parts if step not in entries]
        for step in entries:
            if step not in expected.parts:
                guess = self._unknown(step, absent, expected, path)
                absent = [other for other in absent if other != guess]
        for step, part in expected.parts.items():
            if step in entries:
                self.part(part, entries[step], (*path, step))
            elif step in absent:
                self._missing(part, (*path, step))
        self._same_labels(expected, path)

    def _entries(
        self, expected: Branch, given: object, path: Path
    ) -> Mapping[str | int, object] | None:
        name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
        if given is None:
            self.report("no_value", self.source.key(path), name=name)
        elif expected.listed and isinstance(given, list):
            return dict(enumerate(given))
        elif not expected.listed and isinstance(given, dict):
            return given
        else:
            code = "expected_list" if expected.listed else "expected_entries"
            code = "expected_text" if expected.short else code
            self.report(code, self.source.value(path), name=name)
        return None

    def _unknown(
        self, step: str | int, absent: list[str | int], expected: Branch, path: Path
    ) -> str:
        place = self.source.key((*path, step))
        if isinstance(step, int):
            self.report("too_many_entries", place, limit=str(len(expected.parts)))
            return ""
        known = [str(other) for other in expected.parts]
        guess = nearest(step, map(str, absent)) or nearest(step, known)
        allowed = named([*known, *KEYS] if not path else known) or "–"
        self.report("no_counterpart", place, found=step, allowed=allowed, guess=guess)
        return guess

    def _missing(self, part: Branch | Slot, path: Path) -> None:
        wanted = list(leaves(part, path))
        place = self.source.key(path[:-1])
        name = ".".join(map(str, wanted[0][0] if len(wanted) == 1 else path)) if wanted else ""
        if len(wanted) == 1:
            self.report("untranslated", place, name=name, text=_excerpt(wanted[0][1]))
        elif wanted:
            self.report("untranslated_part", place, name=name, limit=str(len(wanted)))

    def text(self, expected: Slot, given: object, path: Path) -> None:
        """Take in one text, if it is one and has the holes of its source."""
        place, name = self.source.value(path), str(path[-1])
        if given is None:
            self.report("no_value", self.source.key(path), name=name)
        elif not isinstance(given, str):
            self.report("expected_text", place, name=name)
        elif not given.strip():
            self.report("empty_text", place, name=name)
        else:
            wanted, found = (set(piped(text)) for text in (expected.text, given))
            if wanted != found:
                other = named(f"{{{{{hole}}}}}" for hole in sorted(wanted ^ found))
                self.report("other_holes", place, found=other)
            self._length(given, place)
            self.texts[path] = given

    def _length(self, text: str, place: Place) -> None:
        longest = max((len(s.split()) for s in _SENTENCE_END.split(text)), default=0)
        if self.plain and longest > LONGEST_PLAIN:
            values = {"found": str(longest), "limit": str(LONGEST_PLAIN)}
            self.findings.append(Finding("long_plain_sentence", *_at(place), values, WARNING))

    def _same_labels(self, expected: Branch, path: Path) -> None:
        """Two answers of one list must not look alike."""
        first: dict[str, Path] = {}
        for step, part in expected.parts.items():
            if not isinstance(part, Branch) or part.short != "label":
                continue
            own = (*path, step, part.short)
            label = self.texts.get(own)
            if label is not None and first.setdefault(label.casefold(), own) != own:
                line = str(self.source.value(first[label.casefold()]).line)
                self.report("duplicate_label", self.source.value(own), found=label, first=line)


def _at(place: Place) -> tuple[int, int]:
    return place.line, place.column


def _excerpt(text: str) -> str:
    return text if len(text) <= 60 else text[:60].rpartition(" ")[0] + " …"

"""From a questionnaire file, and the files that it names, to a study with its instrument."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from survey.acknowledgements import settle
from survey.beside import Beside, file_names
from survey.checks import check_document, resolved
from survey.document import Document, read_document
from survey.errors import Problem, QuestionnaireError, SetupError
from survey.evaluation_checks import expected_cells, weight_checks
from survey.findings import ERROR, Finding
from survey.instrument import BaseText, Instrument, Page, Questionnaire, Track
from survey.language_files import Translation, digest
from survey.language_texts import Branch, texts_of, translated
from survey.sections import StudySection, WeightsSection
from survey.shuffles import BlockGroup
from survey.study import Evaluation, Frame, Phase, Study, Weights
from survey.yaml_source import read_source


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
    for name in file_names(read_source(main)):
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


@dataclass(frozen=True)
class _Examined:
    document: Document
    frame: Frame | None
    composition: Frame | None
    expected: Branch
    translations: tuple[Translation, ...]
    findings: tuple[Finding, ...]
    beside: Mapping[str, tuple[Finding, ...]]


@lru_cache(maxsize=8)
def _examine(main: str, files: tuple[tuple[str, str], ...]) -> _Examined:
    """Everything that can be said about a bundle."""
    document = read_document(read_source(main))
    beside = Beside(document, dict(files), [*document.findings, *check_document(document)])
    expected = texts_of(document)
    frame, composition = beside.headcounts("headcounts"), beside.headcounts("composition")
    translations = beside.translations(expected)
    items = {placed.item.id: resolved(document, placed) for placed in document.items}
    beside.findings.extend(expected_cells(document, items, frame))
    beside.findings.extend(weight_checks(document, frame))
    findings, others = settle(document, beside.findings, beside.by_file)
    return _Examined(document, frame, composition, expected, translations, findings, others)


def _examined(bundle: Bundle) -> _Examined:
    return _examine(bundle.main, tuple(sorted(bundle.files.items())))


def check_bundle(bundle: Bundle, *, language: str = "de") -> tuple[Problem, ...]:
    """Everything that is wrong (``error``) or doubtful (``warning``), in the order of the files."""
    examined = _examined(bundle)
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
    examined = _examined(bundle)
    document, section = examined.document, examined.document.study
    assert section is not None
    study = _study(section, study_id or section.id)
    study = replace(study, frame=examined.frame, composition=examined.composition)
    instrument = _instrument(document, section.language)
    whole = digest(instrument.hash, examined.expected, examined.translations)
    tracks = (_track(document, translation, whole) for translation in examined.translations)
    return Questionnaire(study, replace(instrument, digest=whole), tuple(tracks))


def _track(document: Document, translation: Translation, whole: str) -> Track:
    own = translated(document, translation.texts)
    section, instrument = own.study, _instrument(own, translation.language.tag)
    assert section is not None
    texts = {name: getattr(section, name) for name in section.words}
    texts["phases"] = _phases(section)
    return Track(translation.language, texts, replace(instrument, digest=whole))


def completeness(bundle: Bundle) -> tuple[Translation, ...]:
    """Every translation of a bundle, with what is done and what is missing."""
    return _examined(bundle).translations


def read_questionnaire(path: Path) -> Questionnaire:
    """The study and the instrument of the file at ``path``; raises ``QuestionnaireError``."""
    return read_bundle(load_bundle(path))


def _study(section: StudySection, id: str) -> Study:
    names = {field.name for field in fields(Study)} & set(type(section).model_fields)
    values = {name: getattr(section, name) for name in names}
    planned = tuple(Evaluation(e.items, e.role or "", e.by) for e in section.evaluations)
    own = {"id": id, "phases": _phases(section), "evaluations": planned, "composition": None}
    return Study(**{**values, **own, "weights": _weights(section.weights)})


def _weights(section: WeightsSection | None) -> Weights:
    return Weights(section.method, section.margins, section.most) if section else Weights()


def _phases(section: StudySection) -> tuple[Phase, ...]:
    return tuple(Phase(p.title, p.start, p.end, p.state) for p in section.phases)


def _instrument(document: Document, language: str) -> Instrument:
    pages = tuple(
        Page(
            page.section.id,
            page.section.title,
            tuple(resolved(document, placed) for placed in page.items),
            page.section.intro,
            page.section.when,
            page.section.text,
            page.section.shuffle,
            page.section.block,
        )
        for page in document.pages
    )
    blocks = tuple(BlockGroup(name, tuple(names)) for name, names in document.blocks.items())
    texts = tuple(BaseText(t.id, t.title, t.minutes, t.version) for t in document.texts)
    return Instrument(document.version, language, pages, texts=texts, blocks=blocks)


def read_stored(study: Study, bundle: Bundle, instrument_hash: str) -> Questionnaire:
    """A stored questionnaire; raises ``SetupError`` if it no longer has the stored hash."""
    read = read_bundle(bundle, study_id=study.id)
    if read.instrument.hash != instrument_hash:
        raise SetupError(
            f"the questionnaire of {study.id} reads differently from when the study was added: "
            "this version of the program must not use it"
        )
    return replace(read, study=study)

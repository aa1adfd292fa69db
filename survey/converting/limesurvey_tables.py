"""The tables of a LimeSurvey structure file (.lss), texts collected by language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.converting.guarding import RefusedError, read_xml
from survey.converting.source_model import note

Row = Mapping[str, str]

_TEXT_FIELDS = {
    "groups": ("gid", ("group_name", "description")),
    "questions": ("qid", ("question", "help")),
    "subquestions": ("qid", ("question", "help")),
}
_TRANSLATED = {"groups": "group_l10ns", "questions": "question_l10ns"}


@dataclass
class Tables:
    """Events of the file as tables of rows."""

    kind: str = ""
    languages: list[str] = field(default_factory=list)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    fields: dict[str, list[str]] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if not self.path and tag != "document":
            raise RefusedError(note("no_limesurvey"))
        self.path.append(tag)
        self.pieces = []
        if tag == "row" and len(self.path) == 4:
            self.row = {}

    def data(self, text: str) -> None:
        """Characters."""
        self.pieces.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        text = "".join(self.pieces).strip()
        path, self.pieces = tuple(self.path), []
        self.path.pop()
        if path == ("document", "LimeSurveyDocType"):
            self.kind = text
        elif path == ("document", "languages", "language"):
            self.languages.append(text)
        elif len(path) == 4 and path[2:] == ("fields", "fieldname"):
            self.fields.setdefault(path[1], []).append(text)
        elif len(path) == 5 and path[2:4] == ("rows", "row"):
            self.row[tag] = text
        elif len(path) == 4 and path[2:] == ("rows", "row"):
            self.tables.setdefault(path[1], []).append(self.row)


@dataclass(frozen=True)
class Entry:
    """One group, question, subquestion or answer: its fields, and its texts by language."""

    fields: Row
    texts: Mapping[str, Mapping[str, str]]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def text(self, name: str) -> Mapping[str, str]:
        """A text by language, without empty ones."""
        return {tag: texts[name] for tag, texts in self.texts.items() if texts.get(name)}


@dataclass(frozen=True)
class Structure:
    """A whole file; lists are in the order in which respondents see them."""

    languages: tuple[str, ...]
    survey: Row
    settings: Mapping[str, Row]
    groups: tuple[Entry, ...]
    questions: Mapping[str, Sequence[Entry]]
    subquestions: Mapping[str, Sequence[Entry]]
    answers: Mapping[str, Sequence[Entry]]
    attributes: Mapping[str, Mapping[str, Mapping[str, str]]]
    tables: Mapping[str, Sequence[Row]]


def read_structure(content: bytes) -> Structure:
    """The tables of a file; raises ``RefusedError`` if it is no survey structure."""
    read = Tables()
    read_xml(content, read)
    if read.kind != "Survey":
        raise RefusedError(note("no_limesurvey" if not read.kind else "part_of_survey"))
    tables = read.tables
    survey = (tables.get("surveys") or [{}])[0]
    languages = _languages(survey, read.languages)
    questions = _entries(tables, "questions", languages)
    # Up to version 1.9x subquestions stood in the table of the questions.
    below = [*_entries(tables, "subquestions", languages), *questions]
    return Structure(
        languages,
        survey,
        {
            row.get("surveyls_language", ""): row
            for row in tables.get("surveys_languagesettings", ())
        },
        tuple(_sorted(_entries(tables, "groups", languages), "group_order")),
        _by([q for q in questions if not _is_below(q)], "gid", "question_order"),
        _by([q for q in below if _is_below(q)], "parent_qid", "question_order"),
        _by(_answers(tables, languages), "qid", "sortorder"),
        _attributes(tables),
        tables,
    )


def _is_below(entry: Entry) -> bool:
    return entry["parent_qid"] not in ("", "0")


def _languages(survey: Row, listed: Sequence[str]) -> tuple[str, ...]:
    further = survey.get("additional_languages", "").split()
    found = dict.fromkeys(filter(None, (survey.get("language", ""), *listed, *further)))
    return tuple(found) or ("de",)


def _entries(
    tables: Mapping[str, Sequence[Row]], name: str, languages: Sequence[str]
) -> list[Entry]:
    """The entries of a table; older files have one row per language, newer ones a second table."""
    key, fields = _TEXT_FIELDS[name]
    first: dict[str, Row] = {}
    texts: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables.get(name, ()):
        first.setdefault(row.get(key, ""), row)
        _add_texts(texts, row, key, fields, languages)
    for row in tables.get(_TRANSLATED.get(name, "question_l10ns"), ()):
        _add_texts(texts, row, key, fields, languages)
    return [Entry(row, texts.get(id, {})) for id, row in first.items()]


def _add_texts(
    texts: dict[str, dict[str, dict[str, str]]],
    row: Row,
    key: str,
    fields: Sequence[str],
    languages: Sequence[str],
) -> None:
    if any(row.get(name) for name in fields):
        language = row.get("language") or languages[0]
        found = texts.setdefault(row.get(key, ""), {}).setdefault(language, {})
        found.update({name: row[name] for name in fields if row.get(name)})


def _answers(tables: Mapping[str, Sequence[Row]], languages: Sequence[str]) -> list[Entry]:
    translated: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables.get("answer_l10ns", ()):
        _add_texts(translated, row, "aid", ("answer",), languages)
    first: dict[tuple[str, ...], Row] = {}
    texts: dict[tuple[str, ...], dict[str, dict[str, str]]] = {}
    for row in tables.get("answers", ()):
        key = tuple(row.get(name, "") for name in ("qid", "code", "scale_id"))
        first.setdefault(key, row)
        found = texts.setdefault(key, {})
        if row.get("answer"):
            found[row.get("language") or languages[0]] = {"answer": row["answer"]}
        found.update(translated.get(row.get("aid", ""), {}))
    return [Entry(row, texts[key]) for key, row in first.items()]


def _by(entries: Sequence[Entry], key: str, order: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in _sorted(entries, order):
        found.setdefault(entry[key], []).append(entry)
    return found


def _sorted(entries: Sequence[Entry], order: str) -> list[Entry]:
    return sorted(entries, key=lambda entry: number(entry[order]) or 0)


def _attributes(tables: Mapping[str, Sequence[Row]]) -> dict[str, dict[str, dict[str, str]]]:
    """Values by question, attribute and language; an empty language is every language."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in tables.get("question_attributes", ()):
        values = found.setdefault(row.get("qid", ""), {}).setdefault(row.get("attribute", ""), {})
        if row.get("value"):
            values[row.get("language", "")] = row["value"]
    return found


def number(text: str) -> int | None:
    """A whole number as LimeSurvey writes it; None for everything else.

    >>> number("12"), number("-1"), number("{Q1}")
    (12, -1, None)
    """
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return (
        int(sign + digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else None
    )


def rows_of(structure: Structure, *names: str) -> Iterator[Row]:
    """All rows of some tables."""
    for name in names:
        yield from structure.tables.get(name, ())

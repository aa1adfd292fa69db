"""Files of other survey tools, made for the tests: LimeSurvey structures and XLSForms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

Texts = str | Mapping[str, str]


def by_language(texts: Texts, languages: Sequence[str]) -> dict[str, str]:
    return dict.fromkeys(languages[:1], texts) if isinstance(texts, str) else dict(texts)


@dataclass
class LimeSurvey:
    """A structure file under construction; ``old`` writes the layout before version 4."""

    languages: tuple[str, ...] = ("de",)
    title: Texts = "Wie zufrieden sind Sie?"
    old: bool = False
    survey: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    ids: int = 0

    def _id(self) -> str:
        self.ids += 1
        return str(self.ids)

    def add(self, table: str, **row: str) -> None:
        self.tables.setdefault(table, []).append(row)

    def _entry(self, table: str, key: str, row: dict[str, str], texts: Mapping[str, Texts]) -> None:
        by_text = {name: by_language(text, self.languages) for name, text in texts.items() if text}
        if self.old:
            for tag in self.languages:
                own = {name: text[tag] for name, text in by_text.items() if tag in text}
                self.add(table, **row, **own, language=tag)
            return
        self.add(table, **row)
        translated = {"groups": "group_l10ns", "answers": "answer_l10ns"}
        for tag in self.languages:
            own = {name: text[tag] for name, text in by_text.items() if tag in text}
            if own:
                name = translated.get(table, "question_l10ns")
                self.add(name, **{key: row[key]}, **own, language=tag)

    def group(self, name: Texts, *, about: Texts = "", relevance: str = "1") -> str:
        gid = self._id()
        order = str(len(self.tables.get("groups", ())))
        row = {"gid": gid, "group_order": order, "grelevance": relevance}
        self._entry("groups", "gid", row, {"group_name": name, "description": about})
        return gid

    def question(
        self,
        gid: str,
        kind: str,
        code: str,
        text: Texts,
        *,
        parts: Mapping[str, Texts] | None = None,
        answers: Mapping[str, Texts] | None = None,
        second: Mapping[str, Texts] | None = None,
        help: Texts = "",
        relevance: str = "1",
        attributes: Mapping[str, str] | None = None,
        **fields: str,
    ) -> str:
        qid = self._id()
        row = {"qid": qid, "parent_qid": "0", "gid": gid, "type": kind, "title": code}
        row |= {"question_order": qid, "relevance": relevance, "other": "N", "mandatory": "N"}
        self._entry("questions", "qid", row | fields, {"question": text, "help": help})
        for place, (title, label) in enumerate((parts or {}).items()):
            sub = {"qid": self._id(), "parent_qid": qid, "gid": gid, "type": "T", "title": title}
            sub |= {"question_order": str(place), "scale_id": "0", "relevance": "1"}
            self._entry("subquestions", "qid", sub, {"question": label})
        for scale, listed in enumerate((answers or {}, second or {})):
            for place, (code_, label) in enumerate(listed.items()):
                answer = {"aid": self._id(), "qid": qid, "code": code_, "sortorder": str(place)}
                answer["scale_id"] = str(scale)
                self._entry("answers", "aid", answer, {"answer": label})
        for name, value in (attributes or {}).items():
            self.add("question_attributes", qid=qid, attribute=name, value=value, language="")
        return qid

    def xml(self, kind: str = "Survey") -> str:
        first, *others = self.languages
        survey = {"sid": "123456", "language": first, "additional_languages": " ".join(others)}
        titles = by_language(self.title, self.languages)
        tables = dict(self.tables)
        tables["surveys"] = [{**survey, **self.survey}]
        tables["surveys_languagesettings"] = [
            {"surveyls_language": tag, "surveyls_title": titles.get(tag, ""), **self.settings}
            for tag in self.languages
        ]
        listed = "".join(f"<language>{tag}</language>" for tag in self.languages)
        body = "".join(_table(name, rows) for name, rows in tables.items())
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<document>\n'
            f"<LimeSurveyDocType>{kind}</LimeSurveyDocType>\n<DBVersion>500</DBVersion>\n"
            f"<languages>{listed}</languages>\n{body}</document>\n"
        )

    def save(self, path: Path) -> Path:
        path.write_text(self.xml(), encoding="utf-8")
        return path


def _table(name: str, rows: Sequence[Mapping[str, str]]) -> str:
    written = "".join(
        "<row>"
        + "".join(f"<{key}>{escape(value)}</{key}>" for key, value in row.items())
        + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{written}</rows></{name}>\n"


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """A workbook with these sheets; every first row holds the names of the columns."""
    book = Workbook()
    for place, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if place == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = name
        for row in rows:
            sheet.append(list(row))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsform(
    path: Path,
    survey: Sequence[Mapping[str, Any]],
    choices: Sequence[Mapping[str, Any]] = (),
    settings: Mapping[str, Any] | None = None,
) -> Path:
    """An XLSForm whose columns are the keys of the rows."""
    sheets = {"survey": _sheet(survey), "choices": _sheet(choices)}
    if settings:
        sheets["settings"] = _sheet([settings])
    path.write_bytes(workbook({name: rows for name, rows in sheets.items() if rows}))
    return path


def _sheet(rows: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return [columns, *([row.get(key) for key in columns] for row in rows)] if rows else []

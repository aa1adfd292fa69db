"""Rows out of the house: an explicit act with a role and a reason, written down before it.

For the archive or a research data centre, never for a dossier. Free texts and typed answers
about the person are left out; what is left can still point to people, and the report beside
the file says how much.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from reports.anonymity import Anonymity, anonymity
from reports.errors import DisclosureError
from reports.row_formats import FORMATS, RowTable, beside, changes
from reports.rules import thresholds
from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.dataset import DataSet
from survey.files import write_new
from survey.home import Home
from survey.records import write_record
from survey.rows import read_columns

ATTRIBUTES = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)
"""Roles by whose crossing somebody can be recognised in rows."""

SHORTEST_REASON, SHORTEST_ROLE = 10, 3

PURPOSES = ("archive", "research")

RECORD = "row-export"
"""Kind of the record of such an act."""


@dataclass(frozen=True)
class Request:
    """Who asks for rows, in which role, for what and why."""

    form: str
    role: str
    purpose: str
    reason: str
    without: tuple[str, ...] = ()
    shorten: bool = False

    def check(self) -> None:
        """Raise ``DisclosureError`` unless the act is explained."""
        if len(self.reason.split()) < 2 or len(self.reason.strip()) < SHORTEST_REASON:
            raise DisclosureError(
                "rows leave the house only with a written reason, in a sentence that somebody "
                "can judge later: --reason"
            )
        if len(self.role.strip()) < SHORTEST_ROLE:
            raise DisclosureError("rows are handed over by somebody in a named role: --role")
        if self.form not in FORMATS:
            raise DisclosureError(f"unknown format {self.form}; known are {', '.join(FORMATS)}")
        if self.purpose not in PURPOSES:
            raise DisclosureError(f"rows go to one of {', '.join(PURPOSES)}")


@dataclass(frozen=True)
class Handed:
    """What was handed over: the files, what was left out and why, and how anonymous it is."""

    files: tuple[Path, ...]
    left_out: Mapping[str, str]
    report: Anonymity
    notes: tuple[str, ...] = ()


def export_rows(
    home: Home, data_set: DataSet, request: Request, out: Path, now: datetime
) -> Handed:
    """Write rows, codebook, programs and report beside each other, after the act is on record.

    Raises ``DisclosureError`` without role and reason, for fewer rows than any group needs and
    for labels that the format would cut, ``SurveyError`` if one of the files exists.
    """
    request.check()
    table, left_out = exported(data_set, request.without)
    table = replace(table, shorten=request.shorten)
    least = thresholds(data_set.study.rules)["min_base"]
    if table.rows < least:
        raise DisclosureError(f"{table.rows} rows are too few: {least} are needed for anything")
    report, notes = report_on(table), changes(table, request.form)
    content = FORMATS[request.form].write(table)
    files = {
        out: content,
        **{
            out.with_name(out.name + ending): text
            for ending, text in beside(table, request.form, out.name).items()
        },
        out.with_name(f"{out.name}.codebook.json"): table.codebook.to_json().encode(),
        out.with_name(f"{out.name}.k-anonymity.json"): _json(
            {
                "study": data_set.study.id,
                "data_set": data_set.fingerprint,
                "left_out": left_out,
                "changed": notes,
                **asdict(report),
            }
        ),
    }
    if present := [path for path in files if path.exists()]:
        raise DisclosureError(f"{present[0]} exists already; nothing was handed over")
    act = _act(data_set, request, content, report)
    write_record(home, data_set.study.id, RECORD, act, now)
    for path, text in files.items():
        write_new(path, lambda file, text=text: file.write(text))  # type: ignore[misc]
    return Handed(tuple(files), left_out, report, notes)


def exported(data_set: DataSet, without: Collection[str] = ()) -> tuple[RowTable, dict[str, str]]:
    """The rows that may be handed over, and what is left out with its reason.

    Raises ``DisclosureError`` for a question in ``without`` that there is not.
    """
    codebook = data_set.codebook
    known = [question.id for question in codebook]
    if unknown := [id for id in without if id not in known]:
        raise DisclosureError(f"there is no question {unknown[0]}; known are {', '.join(known)}")
    left_out: dict[str, str] = {}
    questions = []
    for question in codebook:
        reason = "on request" if question.id in without else _identifying(question)
        if reason:
            left_out[question.id] = reason
        else:
            kept = tuple(v for v in question.variables if v.scale is not Scale.TEXT)
            questions.append(replace(question, variables=kept))
    restricted = replace(codebook, questions=tuple(questions), tracks=())
    columns = read_columns(data_set)
    kept_columns = {v.name: columns[v.name] for v in restricted.variables}
    return RowTable(restricted, kept_columns, data_set.study, data_set.fingerprint), left_out


def _identifying(question: Question) -> str:
    """Why a question is left out; empty for one that stays."""
    if question.scale is Scale.TEXT:
        return "free text"
    if question.scale is Scale.NUMBER and question.role in ATTRIBUTES:
        return "typed answer about the person"
    return ""


def report_on(table: RowTable) -> Anonymity:
    """How anonymous rows are by the attributes that they hold."""

    def columns(questions: list[Question]) -> dict[str, Any]:
        variables: list[Variable] = [v for question in questions for v in question.variables]
        return {variable.name: table.columns[variable.name] for variable in variables}

    codebook: Codebook = table.codebook
    attributes = [q for q in codebook if q.role in ATTRIBUTES]
    sensitive = [q for q in codebook if q.sensitive and q.role not in ATTRIBUTES]
    return anonymity(columns(attributes), columns(sensitive), table.rows)


def _act(data_set: DataSet, request: Request, content: bytes, report: Anonymity) -> dict[str, Any]:
    """What the record says of the act; the rows themselves are named by their hash alone."""
    return {
        "role": request.role.strip(),
        "purpose": request.purpose,
        "reason": request.reason.strip(),
        "format": request.form,
        "without": list(request.without),
        "data_set": data_set.fingerprint,
        "rows": report.rows,
        "k": report.k,
        "unique": report.unique,
        "file": hashlib.sha256(content).hexdigest(),
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"

"""Responses in a LimeSurvey archive (.lsa), under the names that a CSV export gives them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.converting.guarding import RefusedError, read_xml
from survey.converting.limesurvey_tables import Structure, Tables, read_structure

LARGEST_PART = 2_000_000_000
"""Bytes that a part of an archive may unpack to."""

MOST_ELEMENTS = 100_000_000
"""XML elements of an archive's responses."""


@dataclass(frozen=True)
class Responses:
    """Names of the columns, the cells of every person, and what is to be told."""

    names: Sequence[str]
    rows: Sequence[Mapping[int, str]]
    notes: tuple[str, ...]


class UnreadableError(Exception):
    """An archive that cannot be read, and why."""


def read_archive(path: Path) -> Responses:
    """The responses of an archive; raises ``UnreadableError``.

    A cell that was never filled is missing in its row, as in the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {name.rsplit(".", 1)[-1].lower(): name for name in archive.namelist()}
            responses = next((n for n in archive.namelist() if n.endswith("_responses.lsr")), "")
            if "lss" not in parts or not responses:
                raise UnreadableError("it holds no structure (.lss) or no responses (.lsr)")
            if any(info.file_size > LARGEST_PART for info in archive.infolist()):
                raise UnreadableError("a part of it is too large")
            structure = read_structure(archive.read(parts["lss"]))
            found = Tables()
            read_xml(archive.read(responses), found, allowed=MOST_ELEMENTS)
    except (zipfile.BadZipFile, RefusedError) as error:
        raise UnreadableError(str(error)) from None
    rows = found.tables.get("responses", [])
    if not rows:
        raise UnreadableError("it holds no response")
    listed = [_masked(name) for name in found.fields.get("responses", ())]
    fields = list(dict.fromkeys([*listed, *(name for row in rows for name in row)]))
    codes = {_masked(field): code for field, code in field_codes(structure).items()}
    places = {field: place for place, field in enumerate(fields)}
    return Responses(
        [codes.get(field, field) for field in fields],
        [{places[field]: cell for field, cell in row.items()} for row in rows],
        _encrypted(structure),
    )


def _masked(field: str) -> str:
    """A field as a name that XML allows, the way LimeSurvey makes one.

    >>> _masked("77X1X2SQ1#0"), _masked("Q12_S5#1")
    ('_77X1X2SQ1-0', 'Q12_S5-1')
    """
    return ("_" if field[:1].isdigit() else "") + field.replace("#", "-")


def _encrypted(structure: Structure) -> tuple[str, ...]:
    titles = [q["title"] for listed in structure.questions.values() for q in listed
              if q["encrypted"] == "Y"]  # fmt: skip
    if not titles:
        return ()
    return (f"encrypted in the archive, export them as CSV instead: {', '.join(titles)}",)


def field_codes(structure: Structure) -> dict[str, str]:
    """Names of the columns in a CSV export, such as ``Q1[SQ2]``, by LimeSurvey's own fields.

    Up to version 6 a field is made of survey, group, question and code (``77X1X2SQ1``), later of
    the numbers of question and subquestion (``Q2_S5``).
    """
    found: dict[str, str] = {}
    places: dict[str, str] = {}
    survey = structure.survey.get("sid", "")
    for group, questions in structure.questions.items():
        for question in questions:
            qid, title = question["qid"], question["title"]
            old, new = f"{survey}X{group}X{qid}", f"Q{qid}"
            found |= {old: title, new: title}
            for end in ("other", "comment", "othercomment"):
                found |= {f"{old}{end}": f"{title}[{end}]", f"{new}_C{end}": f"{title}[{end}]"}
            below = structure.subquestions.get(qid, ())
            lists = {scale: [s for s in below if (s["scale_id"] or "0") == scale] for scale in "01"}
            for row in lists["0"]:
                code, inner = row["title"], f"{new}_S{row['qid']}"
                for field in (old + code, inner):
                    found[field] = f"{title}[{code}]"
                    found |= {f"{field}#{n}": f"{title}[{code}][{n + 1}]" for n in (0, 1)}
                found[f"{old}{code}comment"] = found[f"{inner}_Ccomment"] = (
                    f"{title}[{code}comment]"
                )
                for column in lists["1"]:
                    both = f"{code}_{column['title']}"
                    found[old + both] = found[f"{inner}_S{column['qid']}"] = f"{title}[{both}]"
            if question["type"] == "R":
                places |= {f"{old}{place}": f"{title}[{place}]" for place in range(1, 100)}
                answers = enumerate(structure.answers.get(qid, ()), start=1)
                places |= {f"{new}_R{a['aid']}": f"{title}[{n}]" for n, a in answers}
    # A question's own field wins over a place of another that reads the same.
    return {**places, **found}

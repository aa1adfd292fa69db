"""Responses as LimeSurvey writes them: every type of question, heading and cell.

Laid out after LimeSurvey's own writers (release 6 and the later one with short field names);
the survey and its answers are made up here.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from foreign_files import LimeSurvey

ANSWERS = {"A1": "sehr gut", "A2": "mittel", "A3": "schlecht"}
SECOND = {"B1": "oft", "B2": "nie"}
PARTS = {"SQ001": "Essen & Trinken", "SQ002": "Musik", "SQ003": "Räume"}
TEXTS = (
    "",
    "",
    "=1+1",
    'Er sagte: "Ja; gern"',
    "zwei\nZeilen",
    "Bürger*innen 🎉",
    "שלום",
    "N/A",
    "0",
)
KINDS = "L!OMPFABCE1R5NKSTQDYG"
_YES = {"Y": "Ja", "N": "Nein", "U": "Unsicher", "F": "weiblich", "M": "männlich"}


@dataclass(frozen=True)
class Field:
    """A column: LimeSurvey's two names for it, what stands in headings, and its type."""

    kind: str
    title: str
    question: str
    old: str
    new: str
    aid: str = ""
    sub: tuple[str, ...] = ()
    scale: int | None = None

    @property
    def code(self) -> str:
        aid = f"[{self.aid}]" if self.aid else ""
        return self.title + aid + ("" if self.scale is None else f"[{self.scale + 1}]")

    @property
    def second_code(self) -> str:
        aid = f"_{self.aid}" if self.aid else ""
        return self.title + aid + ("" if self.scale is None else f"_{self.scale}")

    @property
    def text(self) -> str:
        parts = [*self.sub, *([] if self.scale is None else [f"Skala {self.scale + 1}"])]
        # A space stands behind the question, whatever follows.
        return f"{self.question} " + "".join(f"[{part}]" for part in parts)


ADDED = (
    ("id", "Antwort ID"), ("submitdate", "Datum Abgeschickt"), ("lastpage", "Letzte Seite"),
    ("startlanguage", "Start-Sprache"), ("seed", "Zufallsstartwert"),
    ("startdate", "Datum gestartet"), ("datestamp", "Datum letzte Aktivität"),
    ("ipaddr", "IP-Adresse"), ("refurl", "Weiterleitungs-URL"),
)  # fmt: skip
TIMES = ("interviewtime", "groupTime9", "Q76Time")


def structure() -> tuple[LimeSurvey, list[Field]]:
    """A survey with a question of every type, and the columns of its responses."""
    form = LimeSurvey(title="Betriebsfest", survey={"sid": "77"}, ids=10)
    gid = form.group("Das Fest")
    fields: list[Field] = []
    for kind in KINDS:
        title, text = f"Q{ord(kind)}", f"Art {kind}: Wie war es?"
        qid = form.question(
            gid, kind, title, text, parts=PARTS, answers=ANSWERS,
            second=SECOND if kind == "1" else None, other="Y" if kind in "L!MP" else "N",
        )  # fmt: skip
        fields += _fields(form, kind, title, text, f"77X{gid}X{qid}", qid)
    return form, fields


def _fields(form: LimeSurvey, kind: str, title: str, text: str, old: str, qid: str) -> list[Field]:
    new = f"Q{qid}"
    subs = [r for r in form.tables["subquestions"] if r["parent_qid"] == qid]
    one = [Field(kind, title, text, old, new)]
    other = Field("other", title, text, f"{old}other", f"{new}_Cother", "other", ("Sonstiges",))
    if kind in "L!":
        return [*one, other]
    if kind == "O":
        said = Field("comment", title, text, f"{old}comment", f"{new}_Ccomment", "comment",
                     ("Kommentar",))  # fmt: skip
        return [*one, said]
    if kind == "R":
        answers = [r for r in form.tables["answers"] if r["qid"] == qid]
        return [
            Field(kind, title, text, f"{old}{n}", f"{new}_R{row['aid']}", str(n), (f"Rang {n}",))
            for n, row in enumerate(answers, start=1)
        ]
    if kind in "5NSTDYG":
        return one
    found = []
    for row in subs:
        code, label = row["title"], PARTS[row["title"]]
        at, now = old + code, f"{new}_S{row['qid']}"
        if kind == "1":
            found += [Field(kind, title, text, f"{at}#{n}", f"{now}#{n}", code, (label,), n)
                      for n in (0, 1)]  # fmt: skip
            continue
        found.append(Field(kind, title, text, at, now, code, (label,)))
        if kind == "P":
            found.append(Field("comment", title, text, f"{at}comment", f"{now}_Ccomment",
                               f"{code}comment", (label, "Kommentar")))  # fmt: skip
    return [*found, *([other] if kind in "MP" else [])]


def people(fields: list[Field], size: int = 40, seed: int = 1) -> list[dict[str, str]]:
    """Cells by old field name as the database holds them."""
    rng = random.Random(seed)
    return [_person(fields, rng) for _ in range(size)]


SIMPLE = {
    "L": ("-oth-", *ANSWERS), "!": (*ANSWERS,), "O": (*ANSWERS,), "F": (*ANSWERS,), "M": ("Y",),
    "P": ("Y",), "A": (*"12345",), "B": ("1", "10"), "C": (*"YUN",), "E": (*"ISD",),
    "5": (*"12345",), "N": ("0.0000000000", "12.5000000000"), "Y": (*"YN",), "G": (*"FM",),
    "K": ("0.0000000000", "7.0000000000"), "D": ("2026-05-01 00:00:00",),
}  # fmt: skip


def _person(fields: list[Field], rng: random.Random) -> dict[str, str]:
    row: dict[str, str] = {}
    placed = ["", *rng.sample(list(ANSWERS), 3)[: rng.randrange(4)], "", "", ""]
    for f in fields:
        if f.kind == "R":
            row[f.old] = placed[int(f.aid)]
        elif f.kind == "1":
            row[f.old] = rng.choice(["", *(SECOND if f.scale else ANSWERS)])
        elif f.kind == "other" and row.get(f.old.removesuffix("other")) not in ("-oth-", None):
            row[f.old] = ""
        else:
            row[f.old] = rng.choice(["", *SIMPLE[f.kind]] if f.kind in SIMPLE else TEXTS)
    return row


def cell(f: Field, value: str, *, long: bool) -> str:
    """A cell as the CSV writer gives it, with codes or with whole answers."""
    if f.kind in "NK" and "." in value:
        return value.rstrip("0").rstrip(".")
    if not long:
        return value
    if f.kind in "MP":
        return "Ja" if value == "Y" else "Nein"
    if f.kind in "CYG":
        return _YES.get(value, "N/A" if f.kind in "YG" else "")
    if f.kind == "E":
        return {"I": "Increase", "S": "Same", "D": "Decrease"}.get(value, "")
    if f.kind == "L" and value == "-oth-":
        return "Sonstiges"
    return {**ANSWERS, **SECOND}.get(value, value) if f.kind in "L!OF1R" else value


HEADS: dict[str, Callable[[Field], str]] = {
    "code": lambda f: f.code,
    "second code": lambda f: f.second_code,
    "text": lambda f: f.text,
    "code and text": lambda f: f"{f.code}. {f.text}",
}


def table(
    fields: list[Field], rows: list[dict[str, str]], head: str, *, long: bool
) -> list[list[str]]:
    """Headings and rows; the last row was never finished."""
    added = [
        {"code": name, "second code": name, "text": text}.get(head, f"{name}. {text}")
        for name, text in ADDED
    ]
    cells = [[*added, *(HEADS[head](f) for f in fields), *TIMES]]
    for n, row in enumerate([*rows, rows[0]], start=1):
        done = "1980-01-01 00:00:00" if n <= len(rows) else ""
        own = [str(n), done, "3", "de", "1823441122", "1980-01-01 00:00:00", "1980-01-01 00:00:00",
               "", ""]  # fmt: skip
        values = (cell(f, row[f.old], long=long) for f in fields)
        cells.append([*own, *values, "61.2", "61.2", "9.7"])
    return cells


def as_csv(cells: list[list[str]], separator: str) -> bytes:
    """A mark at the start, every cell quoted, and an empty line at the end."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(cells)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode() + b"\r\n"


def as_xlsx(cells: list[list[str]]) -> bytes:
    """The same as a spreadsheet whose numbers are numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append([float(c) if c.replace(".", "", 1).isdecimal() else c or None for c in row])
        for place in sheet[sheet.max_row]:
            if place.data_type == "f":
                place.data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def archive(
    path: Path, form: LimeSurvey, fields: list[Field], rows: list[dict[str, str]], *, new: bool
) -> None:
    """An .lsa file: fields are listed, names masked for XML, cells without a value left out."""

    def masked(name: str) -> str:
        return ("_" if name[0].isdigit() else "") + name.replace("#", "-")

    names = {f.old: f.new if new else f.old for f in fields}
    listed = ["id", "submitdate", "lastpage", "startlanguage", "seed", *names.values()]
    head = "".join(f"<fieldname>{escape(name)}</fieldname>" for name in listed)
    body = []
    for n, row in enumerate([*rows, rows[0]], start=1):
        own = {"id": str(n), "lastpage": "3", "startlanguage": "de", "seed": "182"}
        own |= {"submitdate": "1980-01-01 00:00:00"} if n <= len(rows) else {}
        own |= {masked(names[f.old]): row[f.old] for f in fields if row[f.old] or f.kind in "M"}
        body.append("<row>" + "".join(
            f"<{name}><![CDATA[{value}]]></{name}>" if value else f"<{name}/>"
            for name, value in own.items()) + "</row>")  # fmt: skip
    answers = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<document>'
        "<LimeSurveyDocType>Responses</LimeSurveyDocType><DBVersion>623</DBVersion>"
        f"<languages><language>de</language></languages><responses><fields>{head}</fields>"
        f"<rows>{''.join(body)}</rows></responses></document>"
    )
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("survey_77.lss", form.xml())
        made.writestr("survey_77_responses.lsr", answers)
        made.writestr("survey_77_tokens.lst", "<document/>")

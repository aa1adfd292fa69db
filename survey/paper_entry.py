"""Sheets of paper, typed in by two people from the same shuffled stack.

Each types a table of their own. Only when both tables say the same of every sheet are ballots
cast; until then nothing is stored. The mark of a sheet is its place in the stack: it serves to
find a sheet again while the stack is typed in, and ends there.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from survey.desk import Desk, Submission
from survey.errors import DataError, Problem, SurveyError
from survey.instrument import Instrument
from survey.items.base import Answer
from survey.items.written import clean_text
from survey.paper_columns import LANGUAGE, SHEET, TEXT, Column, columns, header, read_item

SEPARATORS = ",;\t"


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """One typed sheet: its mark in the stack, the text of a reading study, its answers.

    ``cells`` are the cells as they were typed, by column.
    """

    mark: str
    text: str
    language: str
    answers: Mapping[str, Answer]
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two people have typed one sheet differently; ``item`` is empty for a whole sheet."""

    sheet: str
    item: str
    column: str
    first: str
    second: str

    def __str__(self) -> str:
        if not self.item:
            return f"Blatt {self.sheet}: {self.first} / {self.second}"
        place = self.item if self.column == self.item else f"{self.item} ({self.column})"
        return f"Blatt {self.sheet}, {place}: „{self.first}“ / „{self.second}“"


def read_sheets(path: Path, instrument: Instrument) -> tuple[TypedSheet, ...]:
    """The sheets in a file; raises ``DataError`` with every mistake that was typed."""
    rows = _table(path, instrument)
    by_item = _by_item(instrument)
    problems: list[Problem] = []
    sheets = []
    for number, row in rows:
        answers: dict[str, Answer] = {}
        for id, own in by_item.items():
            answer, mistakes = read_item(instrument.item(id), own, row)
            place = f"Blatt {row[SHEET]}, {id}"
            problems += [_problem(path, number, f"{place}: {m}") for m in mistakes]
            if answer is not None:
                answers[id] = answer
        problems += [_problem(path, number, m) for m in _about_mistakes(row, answers, instrument)]
        about = row[SHEET], row.get(TEXT, ""), row.get(LANGUAGE, "")
        sheets.append(TypedSheet(*about, answers, row))
    marks = Counter(sheet.mark for sheet in sheets)
    twice = sorted(mark for mark, n in marks.items() if n > 1)
    problems += [_problem(path, 0, f"Blatt {mark} steht mehrmals in der Datei") for mark in twice]
    if problems:
        raise DataError(problems)
    return tuple(sheets)


def compare(
    first: Sequence[TypedSheet], second: Sequence[TypedSheet], instrument: Instrument
) -> tuple[Difference, ...]:
    """Everything in which the two typed stacks differ, in the order of the first one."""
    other = {sheet.mark: sheet for sheet in second}
    found = [
        difference
        for sheet in first
        for difference in (
            _differences(sheet, other[sheet.mark], instrument)
            if sheet.mark in other
            else [Difference(sheet.mark, "", "", "getippt", "fehlt")]
        )
    ]
    known = {sheet.mark for sheet in first}
    missing = (sheet.mark for sheet in second if sheet.mark not in known)
    return (*found, *(Difference(mark, "", "", "fehlt", "getippt") for mark in missing))


def enter(desk: Desk, first: Sequence[TypedSheet], second: Sequence[TypedSheet]) -> int:
    """Number of ballots cast from two stacks that agree; raises ``SurveyError`` if they do not.

    Answers that a sheet gives although its own answers lead past them are left out, as a page
    would not have shown them.
    """
    if compare(first, second, desk.instrument):
        raise SurveyError("the two typed stacks differ: nothing was stored")
    if not first:
        raise SurveyError("there is no sheet in the files")
    default = desk.instrument.language
    return desk.cast_paper(
        Submission(
            desk.instrument.pruned(sheet.answers, text=sheet.text),
            language=sheet.language or default,
            text=sheet.text,
        )
        for sheet in first
    )


def left_out(sheets: Sequence[TypedSheet], instrument: Instrument) -> int:
    """Number of answers that a route leads past, so that they are not entered."""
    return sum(
        len(sheet.answers) - len(instrument.pruned(sheet.answers, text=sheet.text))
        for sheet in sheets
    )


def _differences(first: TypedSheet, second: TypedSheet, instrument: Instrument) -> list[Difference]:
    found = [
        Difference(first.mark, name, name, one, other)
        for name, one, other in (
            (TEXT, first.text, second.text),
            (LANGUAGE, first.language, second.language),
        )
        if one != other
    ]
    for id, own in _by_item(instrument).items():
        if first.answers.get(id) != second.answers.get(id):
            cells = [
                (c.name, first.cells.get(c.name, ""), second.cells.get(c.name, "")) for c in own
            ]
            found += [Difference(first.mark, id, n, a, b) for n, a, b in cells if a != b]
    return found


def _by_item(instrument: Instrument) -> dict[str, tuple[Column, ...]]:
    grouped = groupby(columns(instrument), key=lambda column: column.item.id)
    return {id: tuple(own) for id, own in grouped}


def _about_mistakes(
    row: Mapping[str, str], answers: Mapping[str, Answer], instrument: Instrument
) -> list[str]:
    place, text = f"Blatt {row[SHEET]}", row.get(TEXT, "")
    if not row[SHEET]:
        return [f"Zeile ohne Nummer in der Spalte „{SHEET}“"]
    texts = [known.id for known in instrument.texts]
    if texts and text not in texts:
        return [f"{place}: in der Spalte „{TEXT}“ fehlt der Text ({', '.join(texts)})"]
    if not texts and text:
        return [f"{place}: diese Umfrage hat keine einzelnen Texte"]
    pages = {item.id for page in instrument.of_text(text) for item in page.items}
    foreign = [id for id in answers if id not in pages]
    return [f"{place}: {id} gehört nicht zum Text {text}" for id in foreign]


def _table(path: Path, instrument: Instrument) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file with their numbers, every cell cleaned."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataError([_problem(path, 0, "die Datei ist nicht als UTF-8 gespeichert")]) from None
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    names, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    _check_names(path, [name.strip() for name in names], instrument)
    made = []
    for number, cells in enumerate(rows, start=2):
        if any(cell.strip() for cell in cells):
            if len(cells) != len(names):
                counted = f"Zeile {number} hat {len(cells)} Zellen statt {len(names)}"
                raise DataError([_problem(path, number, counted)])
            named = zip((name.strip() for name in names), map(clean_text, cells), strict=True)
            made.append((number, dict(named)))
    return made


def _check_names(path: Path, names: Sequence[str], instrument: Instrument) -> None:
    wanted = {*header(instrument), LANGUAGE}
    problems = [f"die Spalte „{name}“ gibt es nicht" for name in names if name not in wanted]
    problems += [f"die Spalte „{name}“ fehlt" for name in header(instrument) if name not in names]
    problems += [
        f"die Spalte „{name}“ steht zweimal da" for name, n in Counter(names).items() if n > 1
    ]
    if problems:
        raise DataError([_problem(path, 1, message) for message in problems])


def _problem(path: Path, row: int, message: str) -> Problem:
    return Problem(str(path), row, 0, "paper", message)

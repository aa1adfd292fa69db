"""Answers collected elsewhere: a table of text becomes the columns of a data set.

One row per person, one column per variable, named like the variable; a cell holds the name or
the value of a code, an empty cell is a skipped item. Everything is judged column by column,
so that a large file costs seconds. Every mistake is named with its row and column (rows are
counted as a spreadsheet does: row 1 holds the names), and a file with a mistake gives nothing.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.codebook import Codebook, Missing, Question, Scale, Variable
from survey.dataset import DataSet, store_data_set, write_data_set
from survey.errors import StudyStateError
from survey.foreign_files import read_foreign
from survey.foreign_map import ForeignMap, mapped
from survey.foreign_routes import hide
from survey.foreign_table import ForeignTable, Mistakes, Progress, factorized, no_progress
from survey.home import Home
from survey.instrument import Questionnaire
from survey.items.base import Item
from survey.items.compared import Compared
from survey.items.date import Date
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.points import Points
from survey.items.ranking import Ranking
from survey.items.written import clean_text, text_mistakes
from survey.studies import list_studies

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

_BAD = np.iinfo(np.int64).min
_WHOLE = re.compile(r"(-?\d+)\.0+")
_DECIMALS = re.compile(r"(-?\d+)\.(\d+)")
_COMMA = re.compile(r"(-?\d+),(\d+)")
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: 00:00(?::00)?)?")


@dataclass(frozen=True)
class ForeignAnswers:
    """A checked file: columns by variable name, texts by question id, and what to tell."""

    columns: Mapping[str, Integers]
    texts: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of people."""
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True)
class _Columns:
    """The columns of one question as they stand in the file."""

    question: Question
    variables: tuple[Variable, ...]
    places: tuple[int, ...]
    rows: Integers
    mistakes: Mistakes
    notes: list[str]

    def report(self, wrong: Flags, code: str, message: str) -> None:
        """Note a mistake that concerns all columns of the question together."""
        names = f"columns {self.variables[0].name} to {self.variables[-1].name}"
        place = self.places[0] + 1
        self.mistakes.add_rows(self.rows[wrong], place, code, f"{names}: {message}")


def import_answers(
    home: Home,
    questionnaire: Questionnaire,
    path: Path,
    encoding: str | None = None,
    mapping: ForeignMap | None = None,
    progress: Progress = no_progress,
) -> tuple[DataSet, tuple[str, ...]]:
    """The stored data set of a foreign file, and notes on how it was read.

    Raises ``DataError`` with every mistake; nothing is stored then. The same file gives the
    same data set. ``mapping`` says which column holds what where the names are not ours.
    """
    _require_no_urn(home, questionnaire.study.id)
    answers = read_answers(path, questionnaire, encoding, mapping, progress)
    progress(0.8)
    protocol = {
        "source": "import",
        "file": path.name,
        "ballots": answers.size,
        "notes": list(answers.notes),
    }
    home.ensure()
    with tempfile.TemporaryDirectory(dir=home.path, prefix=".import-") as aside:
        written = write_data_set(
            Path(aside) / "data.zip",
            study=questionnaire.study,
            codebook=questionnaire.codebook,
            columns=answers.columns,  # type: ignore[arg-type]
            texts=answers.texts,
            orders={},
            protocol=protocol,
        )
        progress(1.0)
        return store_data_set(home, written.path), answers.notes


def _require_no_urn(home: Home, study_id: str) -> None:
    if study_id in {row.id for row in list_studies(home)}:
        raise StudyStateError(
            f"study {study_id} has an urn in this home: its data set comes from the opening. "
            "Import other answers under another id, or into another --home"
        )


def read_answers(
    path: Path,
    questionnaire: Questionnaire,
    encoding: str | None = None,
    mapping: ForeignMap | None = None,
    progress: Progress = no_progress,
) -> ForeignAnswers:
    """The answers in a foreign file; raises ``DataError`` with every mistake.

    Without ``encoding`` the file has to be UTF-8, with or without a mark at its start. Rows are
    returned in the order of their values and texts in alphabetical order: neither leads back
    to a row of the file.
    """
    codebook = questionnaire.codebook
    known = {v.name for question in codebook for v in question.variables}
    known |= mapping.names if mapping else set()
    table = read_foreign(path, known, encoding, progress)
    mistakes = Mistakes(path.name)
    if mapping:
        table = mapped(table, mapping, codebook, mistakes)
        mistakes.stop()
    places = _places(table, codebook, mistakes)
    told: list[str] = []
    columns: dict[str, Integers] = {}
    texts: dict[str, Sequence[str]] = {}
    written: dict[str, list[str | None]] = {}
    instrument = questionnaire.instrument
    items = {question.id: item for item in instrument.items for question in item.questions()}
    for question in codebook:
        present = tuple(v for v in question.variables if v.name in places)
        where = tuple(places[v.name] for v in present)
        found = _Columns(question, present, where, table.rows, mistakes, told)
        if not present:
            continue
        if question.scale is Scale.TEXT:
            cleaned = table.cells[where[0]].astype(object).map(clean_text)
            texts[question.id] = _texts(found, cleaned, items[question.id])
            written[question.id] = [text or None for text in cleaned]
        else:
            columns |= _judged(found, table, items[question.id])
    mistakes.stop()
    hide(instrument, columns, written, table.rows, places, mistakes)
    mistakes.stop()
    progress(0.75)
    ignored = [name for i, name in enumerate(table.names) if i not in places.values() and name]
    notes = [f"columns left out: {', '.join(ignored)}"] if ignored else []
    without = [
        q.id for q in codebook if q.scale is Scale.TEXT and q.variables[0].name not in places
    ]
    if without:
        notes.append(f"no column for free texts: {', '.join(without)}")
    return ForeignAnswers(_sorted(columns), texts, (*table.notes, *told, *notes))


def _places(table: ForeignTable, codebook: Codebook, mistakes: Mistakes) -> dict[str, int]:
    """The column of every variable; names that stand twice or not at all are mistakes.

    Only a free text may be missing: row-level exports leave texts out.
    """
    places: dict[str, int] = {}
    for question in codebook:
        for variable in question.variables:
            found = [i for i, name in enumerate(table.names) if name == variable.name]
            if found:
                places[variable.name] = found[0]
            if len(found) > 1:
                numbers = " and ".join(str(i + 1) for i in found)
                message = f"row 1: column {variable.name} stands twice, as columns {numbers}"
                mistakes.add(1, found[1] + 1, "duplicate_column", message)
            if not found and question.scale is not Scale.TEXT:
                message = f"row 1: column {variable.name} ({variable.label}) is missing"
                mistakes.add(1, 0, "missing_column", message)
    return places


def _judged(found: _Columns, table: ForeignTable, item: Item) -> dict[str, Integers]:
    """The values of one question's columns; what is wrong in them is noted."""
    if isinstance(item, Measured):
        return {item.id: _measured(found, table.cells[found.places[0]], item)}
    whole = {str(n): n for n in range(item.sum_to + 1)} if isinstance(item, Points) else {}
    read = [
        _values(found, variable, table.cells[place], place, whole)
        for variable, place in zip(found.variables, found.places, strict=True)
    ]
    if found.question.scale in (Scale.RANK, Scale.CHECK):
        values = np.column_stack(read)
        sound = (values != _BAD).all(axis=1)
        values = _list_values(values)
        sound = _judge_together(found, values, sound)
        if isinstance(item, Ranking):
            _judge_ranking(found, values, sound, item)
        if isinstance(item, Multiple):
            _judge_multiple(found, values, sound, item)
        if isinstance(item, (Multiple, Ranking)):
            values = _without_empty(found, values)
        read = list(values.T)
    columns = {v.name: _packed(c) for v, c in zip(found.variables, read, strict=True)}
    if isinstance(item, Compared) and len(columns) == len(item.columns):
        _judge_compared(found, columns, item)
    return columns


def _judge_compared(found: _Columns, columns: Mapping[str, Integers], item: Compared) -> None:
    """Report rows whose judgements do not go together, such as points with a wrong sum."""
    values = np.column_stack(list(columns.values()))
    rows, numbers = np.unique(values, axis=0, return_inverse=True)
    for number, row in enumerate(rows.tolist()):
        if _BAD in row:
            continue
        stored = dict(zip(columns, row, strict=True))
        answer = item.decode(stored, {})
        wrong = item.mistakes(answer) if answer is not None else ()
        if not wrong and item.encode(answer) != stored:
            wrong = ("a reason stands beside an answer",)
        if wrong:
            found.report(numbers.reshape(-1) == number, "comparison", wrong[0])


def _values(
    found: _Columns,
    variable: Variable,
    cells: pd.Series[str],
    place: int,
    whole: Mapping[str, int],
) -> Integers:
    """The value of every cell: a code's name or value, empty for a skipped item.

    ``whole`` are numbers that the codebook does not list.
    """
    allowed = {**allowed_cells(variable, found.question), **whole}
    numbers, texts = factorized(cells)
    values = np.array([_value(text, allowed) for text in texts], dtype=np.int64)
    for i in np.flatnonzero(values == _BAD):
        message = (
            f"column {variable.name}: “{texts[i]}” is no code; allowed: {_listed(allowed)}, "
            "or an empty cell"
        )
        found.mistakes.add_rows(found.rows[numbers == i], place + 1, "unknown_code", message)
    return values[numbers]


def allowed_cells(variable: Variable, question: Question) -> dict[str, int]:
    """What a cell may hold, with the value that it stands for; names win over numbers."""
    by_number = {str(code.value): code.value for code in variable.codes}
    by_name = {code.name: code.value for code in variable.codes}
    # What was not shown follows from the other answers; the cell itself says nothing.
    numbers = {str(int(r)): int(Missing.SKIPPED) for r in (Missing.SKIPPED, Missing.NOT_SHOWN)}
    if variable.scale is Scale.RANK:
        numbers |= {str(place): place for place in range(question.depth + 1)}
    if variable.scale is Scale.CHECK:
        numbers |= {"0": 0, "1": 1}
    return numbers | by_number | by_name


def _value(cell: str, allowed: Mapping[str, int]) -> int:
    cell = cell.strip()
    if not cell:
        return int(Missing.SKIPPED)
    if cell in allowed:
        return allowed[cell]
    whole = _WHOLE.fullmatch(cell)
    return allowed.get(whole[1], _BAD) if whole else _BAD


def _listed(allowed: Mapping[str, int]) -> str:
    names = [name for name in allowed if name not in ("-1", "-4")]
    return ", ".join([*names[:12], "…"] if len(names) > 12 else names)


def _list_values(values: Integers) -> Integers:
    """Rows of a ranking or multiple choice: a blank beside an answer means not chosen.

    A reason stands for the whole question.
    """
    answered: Flags = np.logical_or.reduce(values >= 0, axis=1)
    filled = np.where(answered[:, None] & (values == Missing.SKIPPED), 0, values)
    reason = values.min(axis=1, where=values != _BAD, initial=int(Missing.SKIPPED))
    whole = ~answered & (reason < Missing.SKIPPED)
    return np.where(whole[:, None], reason[:, None], filled)


def _judge_together(found: _Columns, values: Integers, sound: Flags) -> Flags:
    """The rows in which no reason stands beside an answer."""
    mixed = sound & (values > 0).any(axis=1) & (values < 0).any(axis=1)
    found.report(mixed, "mixed_reason", "a reason stands beside an answer")
    return sound & ~mixed


def _judge_ranking(found: _Columns, values: Integers, sound: Flags, item: Ranking) -> None:
    """Places 1 to m, each once, as in every ranking that a page sends."""
    twice: Flags = np.zeros(len(values), dtype=bool)
    for place in range(1, item.places + 1):
        twice |= np.count_nonzero(values == place, axis=1) > 1
    found.report(sound & twice, "place_twice", "a place is given twice")
    gap = sound & ~twice & (values.max(axis=1, initial=0) != (values > 0).sum(axis=1))
    found.report(gap, "place_left_out", "a place is left out before a later one")


def _judge_multiple(found: _Columns, values: Integers, sound: Flags, item: Multiple) -> None:
    exclusive = {option.code for option in item.choices if option.exclusive}
    alone = np.array([v.element in exclusive for v in found.variables])
    chosen = values > 0
    count = chosen.sum(axis=1)
    both = sound & chosen[:, alone].any(axis=1) & (count > 1)
    found.report(both, "not_alone", "an option that stands alone is chosen with others")
    if item.at_most:
        many = f"more than {item.at_most} options are chosen"
        found.report(sound & (count > item.at_most), "too_many", many)


def _without_empty(found: _Columns, values: Integers) -> Integers:
    """Rows in which nothing was chosen or placed as skipped ones: a page cannot send them."""
    empty = (values == 0).all(axis=1)
    if count := int(empty.sum()):
        found.notes.append(f"{found.question.id}: {count} rows without any choice are skipped ones")
    return np.where(empty[:, None], int(Missing.SKIPPED), values)


def _measured(found: _Columns, cells: pd.Series[str], item: Measured) -> Integers:
    """The value of every cell with a number, a date or a reason; numbers have a decimal point."""
    name = found.variables[0].name
    reasons = allowed_cells(found.variables[0], found.question)
    numbers, texts = factorized(cells)
    values = np.full(len(texts), _BAD, dtype=np.int64)
    for i, cell in enumerate(texts):
        typed = _typed(cell.strip(), item)
        known = reasons.get(typed, int(Missing.SKIPPED) if not typed else None)
        wrong = item.mistakes(typed) if known is None else ()
        if wrong:
            message = f"column {name}: “{cell}”: {wrong[0]}"
            place = found.places[0] + 1
            found.mistakes.add_rows(found.rows[numbers == i], place, "no_value", message)
        else:
            values[i] = item.encode(typed)[item.id] if known is None else known
    return values[numbers]


def _typed(cell: str, item: Measured) -> str:
    """A number or date as an item takes it: no empty decimals, no midnight, a decimal point."""
    if comma := _COMMA.fullmatch(cell):
        cell = f"{comma[1]}.{comma[2]}" if len(comma[2]) <= getattr(item, "decimals", 0) else cell
    cell = cell.removesuffix(" 00:00:00")
    if isinstance(item, Date) and (day := _GERMAN_DAY.fullmatch(cell)):
        return f"{day[3]}-{day[2]:0>2}-{day[1]:0>2}"
    if decimals := _DECIMALS.fullmatch(cell):
        return decimals[1] if not decimals[2].rstrip("0") else cell.rstrip("0")
    return cell


def _packed(values: Integers) -> Integers:
    """The same values in as few bytes as they need."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    if low == _BAD:
        return values
    size = np.promote_types(np.min_scalar_type(low), np.min_scalar_type(-high - 1))
    return values.astype(size)


def _texts(found: _Columns, cleaned: pd.Series[str], item: Item) -> list[str]:
    """The texts that were written, in alphabetical order."""
    length = item.text_lengths[found.question.id]
    for row, text in zip(found.rows[cleaned != ""], cleaned[cleaned != ""], strict=True):
        for mistake in text_mistakes(text, length):
            message = f"row {row}, column {found.variables[0].name}: {mistake}"
            found.mistakes.add(int(row), found.places[0] + 1, "text", message)
    return sorted(cleaned[cleaned != ""])


def _sorted(columns: Mapping[str, Integers]) -> dict[str, Integers]:
    order = np.lexsort(list(columns.values())[::-1]) if columns else np.arange(0)
    return {name: values[order] for name, values in columns.items()}

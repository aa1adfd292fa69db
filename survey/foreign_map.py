"""Which column of a foreign file holds which variable, and which code stands for which of ours.

A map is a YAML file that ``survey import --draft-mapping`` drafts and a person corrects::

    columns:
      "Q1": {variable: department, values: {"A1": "parks", "A2": "library"}}
      "Q3[other]": {variable: ways_other_text, ticks: ways_other}
    rankings:
      topics: {columns: ["Q2[1]", "Q2[2]"], values: {"A1": "service"}}
    texts:
      ways_comment: {columns: ["Q3[SQ1comment]", "Q3[SQ2comment]"]}
    unfinished: submitdate

Words under a column with ``ticks`` choose that option, too. A ranking that was stored place by
place (a column per place, an element's code in it) becomes a column per element, the columns of
a text become one text of several lines. Rows whose cell under ``unfinished`` is empty are left
out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from survey.codebook import Codebook, Scale
from survey.errors import DataError, Problem
from survey.foreign_table import ForeignTable, Mistakes, factorized

SECTIONS = ("columns", "rankings", "texts", "unfinished")
OPEN = "?"
"""What a draft writes where somebody has to decide."""


@dataclass(frozen=True)
class Column:
    """A foreign column: the variable that it holds, and its codes in our words."""

    variable: str
    values: Mapping[str, str]
    ticks: str = ""


@dataclass(frozen=True)
class RankedColumns:
    """The columns of one ranking by place, and the codes of its elements in our words."""

    columns: tuple[str, ...]
    values: Mapping[str, str]


@dataclass(frozen=True)
class ForeignMap:
    """A whole map."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    rankings: Mapping[str, RankedColumns] = field(default_factory=dict)
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unfinished: str = ""

    @property
    def names(self) -> set[str]:
        """All foreign columns that are used."""
        ranked = (name for entry in self.rankings.values() for name in entry.columns)
        joined = (name for names in self.texts.values() for name in names)
        return {*self.columns, *ranked, *joined, self.unfinished} - {""}


def read_map(path: Path, codebook: Codebook) -> ForeignMap:
    """The map in a file; raises ``DataError`` that names every mistake with its line."""
    problems: list[Problem] = []

    def wrong(line: int, code: str, message: str) -> None:
        problems.append(Problem(path.name, line, 0, code, message))

    try:
        raw: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}
    except (YAMLError, UnicodeDecodeError) as error:
        raise DataError([Problem(path.name, 0, 0, "map", f"no readable YAML: {error}")]) from None
    allowed = ", ".join(SECTIONS)
    if not isinstance(raw, dict):
        raise DataError([Problem(path.name, 1, 0, "map", f"expected {allowed}")])
    for key in raw:
        if key not in SECTIONS:
            wrong(_line(raw, key), "map", f"{key}: allowed are {allowed}")
    columns = _columns(raw, codebook, wrong)
    ranked, texts = {}, {}
    for name, line, listed in _lists(raw, "rankings", _ids(codebook, Scale.RANK), wrong):
        values = _values(raw["rankings"][name], str(name), line, wrong)
        ranked[str(name)] = RankedColumns(listed, values)
    for name, _, listed in _lists(raw, "texts", _ids(codebook, Scale.TEXT), wrong):
        texts[str(name)] = listed
    if problems:
        raise DataError(problems)
    return ForeignMap(columns, ranked, texts, str(raw.get("unfinished") or ""))


Wrong = Callable[[int, str, str], None]


def _ids(codebook: Codebook, scale: Scale) -> set[str]:
    return {question.id for question in codebook if question.scale is scale}


def _columns(raw: Mapping[str, Any], codebook: Codebook, wrong: Wrong) -> dict[str, Column]:
    variables = {v.name: v for question in codebook for v in question.variables}
    found = {}
    for name, entry in _entries(raw, "columns", wrong):
        line = _line(raw["columns"], name)
        given = entry if isinstance(entry, dict) else {"variable": entry}
        for key in set(given) - {"variable", "values", "ticks"}:
            wrong(line, "map", f"column {name}: {key}: allowed are variable, values, ticks")
        variable, ticks = given.get("variable"), str(given.get("ticks") or "")
        if variable not in variables:
            message = f"column {name}: {variable} is no variable of the questionnaire"
            wrong(line, "map", message)
        if ticks and (ticks not in variables or variables[ticks].scale is not Scale.CHECK):
            wrong(line, "map", f"column {name}: {ticks} is no option of a multiple choice")
        found[str(name)] = Column(str(variable), _values(given, str(name), line, wrong), ticks)
    return found


def _lists(
    raw: Mapping[str, Any], section: str, known: Collection[str], wrong: Wrong
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Entries of a section with a list of columns each: name, line, columns."""
    kind = {"rankings": "ranking", "texts": "free text"}[section]
    for name, entry in _entries(raw, section, wrong):
        line = _line(raw[section], name)
        listed = entry.get("columns") if isinstance(entry, dict) else None
        if name not in known:
            wrong(line, "map", f"{name} is no {kind} of the questionnaire")
        if isinstance(listed, list) and listed:
            yield name, line, tuple(map(str, listed))
        else:
            wrong(line, "map", f"{name}: columns has to list the foreign columns, one by one")


def _line(raw: Any, key: object) -> int:
    position = getattr(raw, "lc", None)
    return int(position.key(key)[0]) + 1 if position is not None else 0


def _entries(raw: Mapping[str, Any], key: str, wrong: Wrong) -> list[tuple[str, Any]]:
    found = raw.get(key) or {}
    if isinstance(found, dict):
        return list(found.items())
    wrong(_line(raw, key), "map", f"{key} has to list entries")
    return []


def _values(entry: Any, name: str, line: int, wrong: Wrong) -> dict[str, str]:
    raw = entry.get("values") if isinstance(entry, dict) else None
    found = {str(old): str(new) for old, new in (raw or {}).items()}
    for old, new in found.items():
        if new == OPEN:
            wrong(line, "map_open", f"{name}: say what “{old}” stands for, instead of {OPEN}")
    return found


def mapped(
    table: ForeignTable, map: ForeignMap, codebook: Codebook, mistakes: Mistakes
) -> ForeignTable:
    """The table under our names and codes; columns that are missing or not known are mistakes."""
    places = {name: place for place, name in enumerate(table.names)}
    for name in sorted(map.names):
        count = table.names.count(name)
        if count > 1:
            message = f"row 1: column {name} of the map stands {count} times"
            mistakes.add(1, places[name] + 1, "duplicate_column", message)
        if not count:
            mistakes.add(1, 0, "missing_column", f"row 1: column {name} of the map is missing")
    mistakes.stop()
    cells = {place: table.cells[place] for place in range(len(table.names))}
    names = [name if name not in map.names else "" for name in table.names]
    for name, entry in map.columns.items():
        place = places[name]
        names[place] = entry.variable
        cells[place] = _recoded(cells[place], entry.values)
        if entry.ticks:
            cells[len(names)] = _written(cells[place])
            names.append(entry.ticks)
    for id, joined in map.texts.items():
        cells[len(names)] = _joined([table.cells[places[name]] for name in joined])
        names.append(codebook.question(id).variables[0].name)
    for id, ranked in map.rankings.items():
        found = _by_element(table, places, ranked, codebook.question(id).elements, mistakes)
        for element, column in found.items():
            cells[len(names)] = column
            variables = codebook.question(id).variables
            names.append(next(v.name for v in variables if v.element == element))
    # A column of ours that the map does not name would be taken twice.
    taken = {name for entry in map.columns.values() for name in (entry.variable, entry.ticks)}
    taken |= {codebook.question(id).variables[0].name for id in map.texts}
    mapped_places = {places[name] for name in map.columns}
    for place, name in enumerate(table.names):
        if name in taken and place not in mapped_places:
            names[place] = ""
    frame, rows, notes = pd.DataFrame(cells), table.rows, list(table.notes)
    if map.unfinished:
        numbers, texts = factorized(table.cells[places[map.unfinished]])
        done = np.array([bool(text.strip()) for text in texts] or [False])[numbers]
        left = len(rows) - int(done.sum())
        frame, rows = frame.loc[done].reset_index(drop=True), rows[done]
        if left:
            notes.append(f"{left} rows without {map.unfinished} are left out as unfinished")
        if not len(rows):
            mistakes.add(0, 0, "no_rows", f"every row lacks {map.unfinished}: none is finished")
    unused = [n for n in table.names if n and n not in map.names]
    if unused:
        notes.append(f"columns that the map does not use: {', '.join(unused)}")
        names = [n if n not in unused else "" for n in names]
    return ForeignTable(tuple(names), frame, rows, tuple(notes))


def _recoded(cells: pd.Series[str], values: Mapping[str, str]) -> pd.Series[str]:
    numbers, texts = factorized(cells)
    return _column(numbers, [values.get(text.strip(), text) for text in texts])


def _written(cells: pd.Series[str]) -> pd.Series[str]:
    """1 where there are words."""
    numbers, texts = factorized(cells)
    return _column(numbers, ["1" if text.strip() else "" for text in texts])


def _joined(columns: Sequence[pd.Series[str]]) -> pd.Series[str]:
    """The texts of several columns in one, a line each."""
    rows = zip(*(column.astype(str) for column in columns), strict=True)
    texts = ["\n".join(filter(None, (cell.strip() for cell in row))) for row in rows]
    return pd.Series(pd.Categorical(texts))


def _column(numbers: np.ndarray[Any, np.dtype[np.int64]], texts: Sequence[str]) -> pd.Series[str]:
    known: dict[str, int] = {}
    again = np.array([known.setdefault(text, len(known)) for text in texts] or [0], dtype=np.int64)
    codes = again[numbers] if len(texts) else numbers
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(list(known), dtype=object)))


def _by_element(
    table: ForeignTable,
    places: Mapping[str, int],
    ranked: RankedColumns,
    elements: Sequence[str],
    mistakes: Mistakes,
) -> dict[str, pd.Series[str]]:
    """The place of every element, from the element at every place."""
    size = len(table.rows)
    found = np.zeros((len(elements), size), dtype=np.int64)
    at = {element: number for number, element in enumerate(elements)}
    for rank, name in enumerate(ranked.columns, start=1):
        numbers, texts = factorized(table.cells[places[name]])
        for number, text in enumerate(texts):
            code = ranked.values.get(text.strip(), text.strip())
            rows = numbers == number
            if not code:
                continue
            if code not in at:
                allowed = ", ".join(elements)
                message = f"column {name}: “{text}” is no element; allowed: {allowed}"
                place = places[name] + 1
                mistakes.add_rows(table.rows[rows], place, "unknown_code", message)
                continue
            twice = rows & (found[at[code]] > 0)
            message = f"column {name}: {code} has a place already"
            mistakes.add_rows(table.rows[twice], places[name] + 1, "place_twice", message)
            found[at[code]][rows] = rank
    texts = ["", *(str(rank) for rank in range(1, len(ranked.columns) + 1))]
    return {element: _column(found[number], texts) for element, number in at.items()}

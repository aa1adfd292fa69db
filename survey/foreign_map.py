"""Which column of a foreign file holds which variable, and which code stands for which of ours.

A map is a YAML file that ``survey import --draft-mapping`` drafts and a person corrects::

    columns:
      "Q1": {variable: department, values: {"A1": "parks", "A2": "library"}}
    rankings:
      topics: {columns: ["Q2[1]", "Q2[2]"], values: {"A1": "service"}}
    unfinished: submitdate

A ranking that was stored place by place (a column per place, an element's code in it) becomes
a column per element. Rows whose cell under ``unfinished`` is empty are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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

OPEN = "?"
"""What a draft writes where somebody has to decide."""


@dataclass(frozen=True)
class Column:
    """A foreign column: the variable that it holds, and its codes in our words."""

    variable: str
    values: Mapping[str, str]


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
    unfinished: str = ""

    @property
    def names(self) -> set[str]:
        """All foreign columns that are used."""
        ranked = (name for entry in self.rankings.values() for name in entry.columns)
        return {*self.columns, *ranked, self.unfinished} - {""}


def read_map(path: Path, codebook: Codebook) -> ForeignMap:
    """The map in a file; raises ``DataError`` that names every mistake with its line."""
    problems: list[Problem] = []

    def wrong(line: int, code: str, message: str) -> None:
        problems.append(Problem(path.name, line, 0, code, message))

    try:
        raw: Any = YAML(typ="rt").load(path.read_text(encoding="utf-8")) or {}
    except (YAMLError, UnicodeDecodeError) as error:
        raise DataError([Problem(path.name, 0, 0, "map", f"no readable YAML: {error}")]) from None
    if not isinstance(raw, dict):
        raise DataError([Problem(path.name, 1, 0, "map", "expected columns, rankings, unfinished")])
    variables = {v.name for question in codebook for v in question.variables}
    rankings = {q.id for q in codebook if q.scale is Scale.RANK}
    for key in raw:
        if key not in ("columns", "rankings", "unfinished"):
            wrong(_line(raw, key), "map", f"{key}: allowed are columns, rankings, unfinished")
    columns = {}
    for name, entry in _entries(raw, "columns", wrong):
        variable = entry.get("variable") if isinstance(entry, dict) else entry
        if variable not in variables:
            message = f"column {name}: {variable} is no variable of the questionnaire"
            wrong(_line(raw["columns"], name), "map", message)
        values = _values(entry, name, _line(raw["columns"], name), wrong)
        columns[str(name)] = Column(str(variable), values)
    ranked = {}
    for name, entry in _entries(raw, "rankings", wrong):
        line = _line(raw["rankings"], name)
        listed = entry.get("columns") if isinstance(entry, dict) else None
        if name not in rankings:
            wrong(line, "map", f"{name} is no ranking of the questionnaire")
        if not isinstance(listed, list) or not listed:
            wrong(line, "map", f"{name}: columns has to list the foreign columns, place by place")
            continue
        values = _values(entry, name, line, wrong)
        ranked[str(name)] = RankedColumns(tuple(map(str, listed)), values)
    if problems:
        raise DataError(problems)
    return ForeignMap(columns, ranked, str(raw.get("unfinished") or ""))


def _line(raw: Any, key: object) -> int:
    position = getattr(raw, "lc", None)
    return int(position.key(key)[0]) + 1 if position is not None else 0


def _entries(raw: Mapping[str, Any], key: str, wrong: Any) -> list[tuple[str, Any]]:
    found = raw.get(key) or {}
    if isinstance(found, dict):
        return list(found.items())
    wrong(_line(raw, key), "map", f"{key} has to list entries")
    return []


def _values(entry: Any, name: str, line: int, wrong: Any) -> dict[str, str]:
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
    for name in sorted(map.names - set(places)):
        mistakes.add(1, 0, "missing_column", f"row 1: column {name} of the map is missing")
    mistakes.stop()
    cells = {place: table.cells[place] for place in range(len(table.names))}
    names = [name if name not in map.names else "" for name in table.names]
    for name, entry in map.columns.items():
        place = places[name]
        names[place] = entry.variable
        cells[place] = _recoded(cells[place], entry.values)
    for id, ranked in map.rankings.items():
        found = _by_element(table, places, ranked, codebook.question(id).elements, mistakes)
        for element, column in found.items():
            cells[len(names)] = column
            variables = codebook.question(id).variables
            names.append(next(v.name for v in variables if v.element == element))
    # A column of ours that the map does not name would be taken twice.
    taken = {entry.variable for entry in map.columns.values()}
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

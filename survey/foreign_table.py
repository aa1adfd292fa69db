"""A file of separated values as a table of text: encoding, separator, rows of equal length."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DataError, Problem

SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "cp1252")
SHOWN = 50
"""So many mistakes are listed; the rest is counted."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Mistakes:
    """Collects the mistakes of one file; only those that can be shown are kept."""

    file: str
    total: int = 0
    _kept: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: int, code: str, message: str) -> None:
        """Note one mistake; rows and columns count from 1, 0 means the whole file."""
        self.total += 1
        self._kept.append(Problem(self.file, row, column, code, message))

    def add_rows(self, rows: NDArray[np.int64], column: int, code: str, message: str) -> None:
        """Note the same mistake in several rows, given in ascending order."""
        for row in rows[:SHOWN].tolist():
            self.add(row, column, code, f"row {row}, {message}")
        self.total += max(len(rows) - SHOWN, 0)

    def stop(self) -> None:
        """Raise ``DataError`` if there was a mistake."""
        if not self._kept:
            return
        shown = sorted(self._kept)[:SHOWN]
        if self.total > len(shown):
            more = f"{self.total} mistakes, of which the first {len(shown)} follow"
            shown.append(Problem(self.file, 0, 0, "", more))
        raise DataError(shown)


@dataclass(frozen=True)
class ForeignTable:
    """All cells as stripped text; ``rows`` are the rows' numbers in the file, from 2."""

    names: tuple[str, ...]
    cells: pd.DataFrame
    rows: NDArray[np.int64]
    notes: tuple[str, ...]


def read_table(path: Path, known: Collection[str], encoding: str | None = None) -> ForeignTable:
    """The table in a file whose first row holds the names of the columns.

    The separator is the one that finds most of the ``known`` names. Rows without any content
    are left out. Raises ``DataError``.
    """
    mistakes = Mistakes(path.name)
    text = _decoded(path, encoding, mistakes)
    names, separator = _header(text, known)
    if not any(names):
        _lengths(text, separator, mistakes)
        mistakes.stop()
        mistakes.add(1, 0, "no_names", "row 1 has to hold the names of the columns")
        mistakes.stop()
    lengths = _lengths(text, separator, mistakes)
    for row in np.flatnonzero((lengths != len(names)) & (lengths > 0)):
        fields = f"row {row + 1} has {lengths[row]} cells instead of {len(names)}"
        mistakes.add(int(row) + 1, 0, "row_length", fields)
    mistakes.stop()
    cells = _cells(text, separator, len(names))
    filled = np.logical_or.reduce(
        np.asarray(cells.apply(lambda column: column.str.strip()) != ""), axis=1
    )
    if not filled.any():
        mistakes.add(0, 0, "no_rows", "there is no row with answers")
    mistakes.stop()
    notes = []
    if encoding and encoding != "utf-8":
        notes.append(f"read as {encoding}, as asked for")
    empty = len(filled) - int(filled.sum())
    if empty:
        notes.append(f"{empty} empty rows are left out")
    rows = np.flatnonzero(filled) + 2
    return ForeignTable(names, cells.loc[filled].reset_index(drop=True), rows, tuple(notes))


def _decoded(path: Path, encoding: str | None, mistakes: Mistakes) -> str:
    """The file's text; a wrong encoding is named with its place, never guessed away."""
    content = path.read_bytes()
    if content.startswith(_UTF16) or b"\0" in content:
        mistakes.add(0, 0, "encoding", "this is no UTF-8 text; save the table as “CSV UTF-8”")
        mistakes.stop()
    try:
        return content.decode("utf-8-sig" if encoding in (None, "utf-8") else encoding or "")
    except UnicodeDecodeError as error:
        row, column = _place(content, error.start)
        byte = f"byte 0x{content[error.start]:02x}"
        message = f"row {row}, column {column}: {byte} is not {encoding or 'utf-8'}"
        if encoding is None and _is_western(content):
            message += "; if the file is in Windows-1252, repeat with --encoding cp1252"
        mistakes.add(row, column, "encoding", message)
        mistakes.stop()
        raise


def _place(content: bytes, offset: int) -> tuple[int, int]:
    """Row and column of a byte, both from 1; Latin-1 gives every byte a character."""
    before = content[:offset].decode("latin-1")
    separator = max(SEPARATORS, key=content.split(b"\n", 1)[0].decode("latin-1").count)
    try:
        records = list(csv.reader(io.StringIO(before, newline=""), delimiter=separator))
    except csv.Error:
        # An open quotation mark swallows the rows behind it: count the lines instead.
        return before.count("\n") + 1, before.rsplit("\n", 1)[-1].count(separator) + 1
    if not before or before.endswith(("\n", "\r")):
        return len(records) + 1, 1
    return len(records), len(records[-1])


def _is_western(content: bytes) -> bool:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True


def _header(text: str, known: Collection[str]) -> tuple[tuple[str, ...], str]:
    """Names of the columns and the separator."""

    def names(separator: str) -> tuple[str, ...]:
        try:
            first = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        except csv.Error:
            return ()
        return tuple(name.strip() for name in first)

    best = max(SEPARATORS, key=lambda s: (len(set(known) & set(names(s))), len(names(s))))
    return names(best), best


def _lengths(text: str, separator: str, mistakes: Mistakes) -> NDArray[np.int64]:
    """Cells per row, 0 for a blank line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    lengths: list[int] = []
    try:
        lengths.extend(len(row) for row in reader)
    except csv.Error:
        row = len(lengths) + 1
        message = f"row {row}: a quotation mark is not closed or stands inside a cell"
        mistakes.add(row, 0, "quotation", message)
    return np.array(lengths, dtype=np.int64)


def _cells(text: str, separator: str, width: int) -> pd.DataFrame:
    table = pd.read_csv(
        io.StringIO(text, newline=""),
        sep=separator,
        header=None,
        names=range(width),
        dtype="object",
        keep_default_na=False,
        skip_blank_lines=False,
    )
    return table.iloc[1:]

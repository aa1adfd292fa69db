"""A file of separated values as a table of text: encoding, separator, rows of equal length."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DataError, Problem

SEPARATORS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "cp1252")
SHOWN = 50
"""So many mistakes are listed; the rest is counted."""

_BLOCK, _CHUNK = 4_000_000, 50_000
"""Bytes and rows that are looked at together."""

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
    """All cells as text, a categorical column each; ``rows`` are the rows' numbers in the file."""

    names: tuple[str, ...]
    cells: pd.DataFrame
    rows: NDArray[np.int64]
    notes: tuple[str, ...]


Progress = Callable[[float], None]
"""Is told which share of the work is done."""


def no_progress(share: float) -> None:
    """Tell nobody."""


def factorized(cells: pd.Series[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The place of every cell's text among the different texts of its column."""
    codes = cells.cat.codes.to_numpy()
    return codes.astype(np.int64), [str(text) for text in cells.cat.categories]


def read_table(
    path: Path,
    known: Collection[str],
    encoding: str | None = None,
    progress: Progress = no_progress,
) -> ForeignTable:
    """The table in a file whose first row holds the names of the columns.

    The separator is the one that finds most of the ``known`` names. Rows without any content
    are left out. Raises ``DataError``.
    """
    mistakes = Mistakes(path.name)
    content, used = _decoded(path, encoding, mistakes)
    names, separator = _header(content, used, known)
    if not any(names):
        _lengths(content, used, separator, mistakes)
        mistakes.stop()
        mistakes.add(1, 0, "no_names", "row 1 has to hold the names of the columns")
        mistakes.stop()
    lengths = _lengths(content, used, separator, mistakes)
    for row in np.flatnonzero((lengths != len(names)) & (lengths > 0)):
        fields = f"row {row + 1} has {lengths[row]} cells instead of {len(names)}"
        mistakes.add(int(row) + 1, 0, "row_length", fields)
    mistakes.stop()
    progress(0.1)
    columns = _columns(content, used, separator, len(names), len(lengths), progress)
    said = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}[separator]
    return table_of(path, names, columns, (f"read as {used}, separator: {said}",), mistakes)


def table_of(
    path: Path,
    names: Sequence[str],
    columns: Sequence[pd.Categorical],
    notes: Sequence[str],
    mistakes: Mistakes | None = None,
) -> ForeignTable:
    """A table of these columns without its empty rows; raises ``DataError`` if nothing is left."""
    mistakes = mistakes or Mistakes(path.name)
    filled = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    for column in columns:
        written = np.array([bool(str(text).strip()) for text in column.categories], dtype=bool)
        filled |= written[column.codes] if len(written) else False
    if not filled.any():
        mistakes.add(0, 0, "no_rows", "there is no row with answers")
    mistakes.stop()
    empty = len(filled) - int(filled.sum())
    if empty:
        notes = [*notes, f"{empty} empty rows are left out"]
    kept = [column[filled] if empty else column for column in columns]
    cells = pd.DataFrame(dict(enumerate(kept)))
    return ForeignTable(tuple(names), cells, np.flatnonzero(filled) + 2, tuple(notes))


def _decoded(path: Path, encoding: str | None, mistakes: Mistakes) -> tuple[bytes, str]:
    """The file's content and its encoding; a wrong one is named with its place, never guessed."""
    content = path.read_bytes()
    if encoding is None and content.startswith(_UTF16):
        try:
            return content.decode("utf-16").encode(), "utf-8"
        except UnicodeDecodeError:
            pass
    if content.startswith(_UTF16) or b"\0" in content:
        mistakes.add(0, 0, "encoding", "this is no UTF-8 text; save the table as “CSV UTF-8”")
        mistakes.stop()
    used = encoding or "utf-8"
    try:
        content.decode(used)
    except UnicodeDecodeError as error:
        row, column = _place(content, error.start)
        byte = f"byte 0x{content[error.start]:02x}"
        message = f"row {row}, column {column}: {byte} is not {used}"
        if encoding is None and _is_western(content):
            message += "; if the file is in Windows-1252, repeat with --encoding cp1252"
        mistakes.add(row, column, "encoding", message)
        mistakes.stop()
        raise
    return content.removeprefix(codecs.BOM_UTF8), used


def _lines(content: bytes, encoding: str) -> TextIO:
    """The content as text that is read bit by bit."""
    return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")


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


def _header(content: bytes, encoding: str, known: Collection[str]) -> tuple[tuple[str, ...], str]:
    """Names of the columns and the separator."""

    def names(separator: str) -> tuple[str, ...]:
        try:
            first = next(csv.reader(_lines(content, encoding), delimiter=separator), [])
        except csv.Error:
            return ()
        return tuple(name.strip() for name in first)

    best = max(SEPARATORS, key=lambda s: (len(set(known) & set(names(s))), len(names(s))))
    return names(best), best


def _lengths(
    content: bytes, encoding: str, separator: str, mistakes: Mistakes
) -> NDArray[np.int64]:
    """Cells per row, 0 for a blank line."""
    if b'"' not in content and content.count(b"\r") == content.count(b"\r\n"):
        return _plain_lengths(content, separator.encode())
    reader = csv.reader(_lines(content, encoding), delimiter=separator, strict=True)
    lengths: list[int] = []
    try:
        lengths.extend(len(row) for row in reader)
    except csv.Error:
        row = len(lengths) + 1
        message = f"row {row}: a quotation mark is not closed or stands inside a cell"
        mistakes.add(row, 0, "quotation", message)
    return np.array(lengths, dtype=np.int64)


def _plain_lengths(content: bytes, separator: bytes) -> NDArray[np.int64]:
    """Cells per row of a file without quotation marks, counted block by block."""
    found, start = [], 0
    while start < len(content):
        end = content.find(b"\n", start + _BLOCK)
        end = len(content) if end < 0 else end + 1
        block = np.frombuffer(content, dtype=np.uint8, count=end - start, offset=start)
        ends = np.flatnonzero(block == ord(b"\n")) + 1
        starts = np.concatenate([[0], ends])
        starts = starts[starts < len(block)]
        count = np.add.reduceat((block == ord(separator)).astype(np.int64), starts) + 1
        size = np.diff(np.concatenate([starts, [len(block)]]))
        first = block[starts]
        blank = (first == ord(b"\n")) | ((first == ord(b"\r")) & (size <= 2))
        found.append(np.where(blank, 0, count))
        start = end
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _columns(
    content: bytes, encoding: str, separator: str, width: int, rows: int, progress: Progress
) -> list[pd.Categorical]:
    """Every column behind the head; different texts are kept once, however many rows there are."""
    texts: list[dict[str, int]] = [{} for _ in range(width)]
    codes: list[list[NDArray[np.int32]]] = [[] for _ in range(width)]
    reader = pd.read_csv(
        _lines(content, encoding),
        sep=separator,
        header=None,
        names=range(width),
        dtype="category",
        keep_default_na=False,
        skip_blank_lines=False,
        chunksize=_CHUNK,
    )
    done = 0
    with reader:
        for chunk in reader:
            done += len(chunk)
            head = done == len(chunk)
            for place in range(width):
                cells = chunk[place].iloc[1:] if head else chunk[place]
                column = cells.cat.remove_unused_categories().cat if head else cells.cat
                known = texts[place]
                numbers = [known.setdefault(str(t), len(known)) for t in column.categories]
                # A blank line gives a missing value.
                numbers.append(known.setdefault("", len(known)))
                small = np.array(numbers, dtype=np.int32)[column.codes.to_numpy()]
                codes[place].append(small.astype(np.min_scalar_type(-len(known))))
            progress(0.1 + 0.6 * done / max(rows, 1))
    return [
        pd.Categorical.from_codes(np.concatenate(c), categories=pd.Index(list(t), dtype=object))
        for c, t in zip(codes, texts, strict=True)
    ]

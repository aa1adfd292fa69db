"""Foreign answers as a table of text, whatever file they come in; a further kind is a line here.

CSV and its relatives, spreadsheets (.xlsx), SPSS (.sav, .zsav) and LimeSurvey's archives
(.lsa). Cells are texts as a CSV file would hold them: whole numbers without decimals, days as
ISO dates, an empty text for an empty cell.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.errors import DataError, Problem
from survey.foreign_limesurvey import LARGEST_PART, UnreadableError, read_archive
from survey.foreign_table import ForeignTable, Progress, no_progress, read_table, table_of


def read_foreign(
    path: Path,
    known: Collection[str],
    encoding: str | None = None,
    progress: Progress = no_progress,
) -> ForeignTable:
    """The table in a file; ``known`` names help to find the separator of a CSV file.

    Raises ``DataError`` that says what is wrong with the file.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        return read_table(path, known, encoding, progress)
    names, columns, note = reader(path)
    progress(0.7)
    return table_of(path, names, columns, (note,))


Found = tuple[Sequence[str], Sequence[pd.Categorical], str]


def _spreadsheet(path: Path) -> Found:
    """The first sheet of a workbook; a formula counts as what it last showed."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as parts:
            if any(part.file_size > LARGEST_PART for part in parts.infolist()):
                raise _refused(path, "a part of the workbook is too large")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            head, *rows = sheet.iter_rows(values_only=True)
            title = sheet.title
            book.close()
    except (ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise _refused(path, f"this is no spreadsheet that can be read ({error})") from None
    names = [str(_cell(name)).strip() for name in head]
    while names and not names[-1]:
        names.pop()
    cells = zip(*rows, strict=True) if rows else [()] * len(names)
    columns = [_categorical(column) for _, column in zip(names, cells, strict=False)]
    return names, columns, f"read the sheet “{title}”"


def _spss(path: Path) -> Found:
    """All variables with their codes; user-missing values keep their numbers."""
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True)
    except (pyreadstat.ReadstatError, UnicodeDecodeError) as error:
        raise _refused(path, f"this is no SPSS file that can be read ({error})") from None
    columns = [_categorical(frame[name].tolist()) for name in frame]
    return [str(n) for n in frame], columns, f"read as SPSS file, {meta.file_encoding or 'UTF-8'}"


def _limesurvey(path: Path) -> Found:
    """The responses of an archive under the names that a CSV export gives them."""
    try:
        read = read_archive(path)
    except UnreadableError as error:
        raise _refused(path, f"this is no LimeSurvey archive that can be read ({error})") from None
    columns = [_categorical([row.get(n, "") for row in read.rows]) for n in range(len(read.names))]
    return read.names, columns, "; ".join(("read as LimeSurvey archive", *read.notes))


READERS: Mapping[str, Callable[[Path], Found]] = {
    ".xlsx": _spreadsheet,
    ".sav": _spss,
    ".zsav": _spss,
    ".lsa": _limesurvey,
}
"""By the ending of the file's name; everything else is read as separated values."""


def _categorical(values: Sequence[Any]) -> pd.Categorical:
    texts: dict[str, int] = {}
    known: dict[Any, int] = {}
    codes = np.empty(len(values), dtype=np.int32)
    for place, value in enumerate(values):
        number = known.get((type(value), value))
        if number is None:
            number = texts.setdefault(_cell(value), len(texts))
            known[type(value), value] = number
        codes[place] = number
    return pd.Categorical.from_codes(codes, categories=pd.Index(list(texts), dtype=object))


def _cell(value: object) -> str:
    """A cell as a CSV file would hold it.

    >>> [_cell(v) for v in (None, 2.0, 2.5, True, date(2026, 5, 1), float("nan"), " a ")]
    ['', '2', '2.5', '1', '2026-05-01', '', ' a ']
    """
    if value is None or value is pd.NaT:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return "" if np.isnan(value) else str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return re.sub(r" 00:00:00$", "", value.isoformat(sep=" "))
    return value.isoformat() if isinstance(value, date) else str(value)


def _refused(path: Path, message: str) -> DataError:
    return DataError([Problem(path.name, 0, 0, "unreadable", message)])

"""Rows as a spreadsheet: a sheet of codes, and a sheet that says what every code means."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import numpy as np
import xlsxwriter

from reports.errors import DisclosureError
from reports.row_formats.columns import Column
from reports.row_formats.table import RowTable

MOST_ROWS = 1_048_575
"""Rows of a sheet without its head."""
_CREATED = datetime(1980, 1, 1)
_DAYS_TO_1970, _FIRST_OF_MARCH = 25_569, 61
_HEADS = ("column", "label", "question", "measure", "value", "meaning", "missing")


def as_xlsx(table: RowTable) -> bytes:
    """The file; the same rows give the same bytes, and no text is taken for a formula.

    Raises ``DisclosureError`` for more rows than a sheet holds.
    """
    if table.rows > MOST_ROWS:
        raise DisclosureError(f"a sheet holds {MOST_ROWS} rows, these are {table.rows}: use csv")
    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": table.study.title[:255], "created": _CREATED})
        bold = book.add_format({"bold": True})
        _rows(book, table, bold)
        _codes(book.add_worksheet("codes"), table, bold)
    return buffer.getvalue()


def _rows(book: Any, table: RowTable, bold: Any) -> None:
    sheet = book.add_worksheet("rows")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(table.rows, 1), max(len(table.written) - 1, 0))
    whole = book.add_format({"num_format": "0"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    formats = [_format(book, column, day) for column in table.written]
    for place, column in enumerate(table.written):
        sheet.write_string(0, place, column.name, bold)
    values = [_values(column) for column in table.written]
    gone = [column.missing.tolist() if column.kind != "code" else None for column in table.written]
    write = sheet.write_number
    for row, cells in enumerate(zip(*values, strict=True), start=1):
        for place, value in enumerate(cells):
            form, missing = formats[place], gone[place]
            write(row, place, value, whole if missing and missing[row - 1] else form)


def _values(column: Column) -> list[Any]:
    values = column.values
    if column.kind == "day":
        # Excel counts a 29 February 1900 that there was not.
        serial = values + _DAYS_TO_1970
        values = np.where(column.missing, values, serial - (serial < _FIRST_OF_MARCH))
    return values.tolist()  # type: ignore[no-any-return]


def _format(book: Any, column: Column, day: Any) -> Any:
    if column.kind == "day":
        return day
    if column.decimals:
        return book.add_format({"num_format": "0." + "0" * column.decimals})
    return None


def _codes(sheet: Any, table: RowTable, bold: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 2, 50)
    sheet.set_column(5, 5, 40)
    for place, head in enumerate(_HEADS):
        sheet.write_string(0, place, head, bold)
    row = 0
    for column in table.written:
        for value, text in (*column.labels.items(), *column.reasons.items()):
            row += 1
            about = (column.name, column.label, column.question.text, column.measure)
            for place, cell in enumerate(about):
                sheet.write_string(row, place, cell)
            sheet.write_number(row, 4, value)
            sheet.write_string(row, 5, text)
            sheet.write_string(row, 6, "yes" if value in column.reasons else "")
    sheet.autofilter(0, 0, max(row, 1), len(_HEADS) - 1)

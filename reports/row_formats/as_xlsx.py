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
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6E6E6", "bottom": 1}
_WIDTHS = (26, 36, 44, 10, 8, 38, 9)
_TEXT_WIDTHS = (*_WIDTHS[:4], _WIDTHS[5])
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
        bold = book.add_format(_HEAD)
        _rows(book, table, bold)
        _codes(book, table, bold)
    return buffer.getvalue()


def _rows(book: Any, table: RowTable, bold: Any) -> None:
    sheet = book.add_worksheet("rows")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(table.rows, 1), max(len(table.written) - 1, 0))
    whole = book.add_format({"num_format": "0"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    formats = [_format(book, column, day) for column in table.written]
    for place, column in enumerate(table.written):
        sheet.set_column(place, place, min(max(len(column.name) + 4, 8), 26))
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


def _codes(book: Any, table: RowTable, bold: Any) -> None:
    sheet = book.add_worksheet("codes")
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "indent": 1})
    top = book.add_format({"valign": "top"})
    for place, head in enumerate(_HEADS):
        sheet.write_string(0, place, head, bold)
    row = 0
    for column in table.written:
        for value, text in (*column.labels.items(), *column.reasons.items()):
            row += 1
            about = (column.name, column.label, column.question.text, column.measure)
            needed = [
                -(-len(cell) // (width - 2))
                for cell, width in zip((*about, text), _TEXT_WIDTHS, strict=True)
            ]
            sheet.set_row(row, 15 * min(max(1, *needed), 20))
            for place, cell in enumerate(about):
                sheet.write_string(row, place, cell, wrapped)
            sheet.write_number(row, 4, value, top)
            sheet.write_string(row, 5, text, wrapped)
            sheet.write_string(row, 6, "yes" if value in column.reasons else "", wrapped)
    sheet.autofilter(0, 0, max(row, 1), len(_HEADS) - 1)

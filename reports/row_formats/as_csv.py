"""Rows as CSV: a header of variable names, codes as numbers, numbers and days as given.

``csv`` has commas, UTF-8 and decimal points; ``csv-de`` is what a German Excel opens by double
click: semicolons, a byte order mark and decimal commas.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import timedelta

from reports.row_formats.columns import DAY_ZERO, Column
from reports.row_formats.table import RowTable


def as_csv(table: RowTable) -> bytes:
    """The file; the codebook beside it says what the codes and the negative reasons mean."""
    return _written(table, ",", ".").encode()


def as_german_csv(table: RowTable) -> bytes:
    """The same for a German Excel."""
    return _written(table, ";", ",").encode("utf-8-sig")


def _written(table: RowTable, separator: str, point: str) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\n")
    writer.writerow([column.name for column in table.written])
    writer.writerows(zip(*(cells(column, point) for column in table.written), strict=True))
    return buffer.getvalue()


def cells(column: Column, point: str = ".") -> Iterable[object]:
    """The cells of a column: whole numbers, decimals with ``point``, days as ISO dates."""
    if column.kind == "code":
        return column.values.tolist()  # type: ignore[no-any-return]
    missing = column.missing.tolist()
    pairs = zip(column.values.tolist(), missing, strict=True)
    if column.kind == "day":
        return [
            int(value) if gone else (DAY_ZERO + timedelta(days=int(value))).isoformat()
            for value, gone in pairs
        ]
    digits = column.decimals
    return [
        int(value) if gone else f"{value:.{digits}f}".replace(".", point) for value, gone in pairs
    ]

"""Rows as CSV: comma, UTF-8, a header of variable names, the codes as numbers."""

from __future__ import annotations

import csv
import io

from reports.row_formats.table import RowTable


def as_csv(table: RowTable) -> bytes:
    """The file; the codebook beside it says what the codes and the negative reasons mean."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(zip(*(c.tolist() for c in table.columns.values()), strict=True))
    return buffer.getvalue().encode()

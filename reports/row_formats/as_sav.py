"""Rows for SPSS (.sav, compressed .zsav): labels, measures and missing ranges.

Reasons for a missing answer are user-missing values, so that SPSS leaves them out of
statistics and still tells them apart.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import pyreadstat

from reports.row_formats.columns import Column, Values
from reports.row_formats.limits import SPSS, fitted
from reports.row_formats.table import RowTable

SECONDS_TO_1970 = 12_219_379_200
"""From 14 October 1582, where SPSS counts seconds from, to 1970."""
_STAMP_AT, _STAMP = 92, b"01 Jan 8000:00:00"


def as_sav(table: RowTable) -> bytes:
    """The file; raises ``DisclosureError`` for labels that SPSS would cut."""
    return _written(table, compress=False)


def as_zsav(table: RowTable) -> bytes:
    """The compressed file, a tenth of the size; SPSS 21 and later read it."""
    return _written(table, compress=True)


def _written(table: RowTable, *, compress: bool) -> bytes:
    columns = table.written
    fit = fitted(columns, SPSS, shorten=table.shorten)
    named = {fit.names[column.name]: column for column in columns}
    frame = pd.DataFrame({name: _values(column) for name, column in named.items()})
    labels: dict[str, dict[float | int, str]] = {
        name: dict(fit.values[c.name].items()) for name, c in named.items()
    }
    with tempfile.TemporaryDirectory(prefix="meinungsbild-") as folder:
        path = Path(folder) / "rows.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=table.study.id,
            column_labels={name: fit.labels[c.name] for name, c in named.items()},
            compress=compress,
            variable_value_labels=labels,
            missing_ranges={
                name: [{"lo": min(c.reasons), "hi": max(c.reasons)}] for name, c in named.items()
            },
            variable_measure={name: c.measure for name, c in named.items()},
            variable_format={name: _format(c) for name, c in named.items()},
        )
        return _without_time(path.read_bytes())


def _values(column: Column) -> Values:
    if column.kind != "day":
        return column.values
    seconds = column.values.astype("float64") * 86_400 + SECONDS_TO_1970
    seconds[column.missing] = column.values[column.missing]
    return seconds


def _format(column: Column) -> str:
    if column.kind == "day":
        return "EDATE10"
    largest = max(abs(int(v)) for v in (column.values.min(initial=0), column.values.max(initial=0)))
    width = len(str(largest)) + 1 + column.decimals + (1 if column.decimals else 0)
    return f"F{max(width, 2)}.{column.decimals}"


def _without_time(content: bytes) -> bytes:
    """The same rows give the same bytes: the time of writing is taken out of the head."""
    return content[:_STAMP_AT] + _STAMP + content[_STAMP_AT + len(_STAMP) :]

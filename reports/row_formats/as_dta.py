"""Rows for Stata (.dta, format 118): reasons are the extended missing values .a to .d.

So Stata leaves them out of statistics and still tells them apart; R's haven reads them as
tagged missing values.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from reports.row_formats.columns import Column
from reports.row_formats.limits import STATA, Fitted, fitted
from reports.row_formats.table import RowTable

DAYS_TO_1970 = 3653
"""From 1 January 1960, where Stata counts days from, to 1970."""
_STAMP = re.compile(rb"<timestamp>\x11.{17}</timestamp>", re.DOTALL)


def as_dta(table: RowTable) -> bytes:
    """The file; raises ``DisclosureError`` for labels that Stata would cut."""
    columns = table.written
    fit = fitted(columns, STATA, shorten=table.shorten)
    named = {fit.names[column.name]: column for column in columns}
    frame = pd.DataFrame({name: _values(column) for name, column in named.items()})
    with tempfile.TemporaryDirectory(prefix="meinungsbild-") as folder:
        path = Path(folder) / "rows.dta"
        pyreadstat.write_dta(
            frame,
            path,
            file_label=table.study.id,
            column_labels={name: fit.labels[c.name] for name, c in named.items()},
            version=14,
            variable_value_labels={name: _labels(c, fit) for name, c in named.items()},
            missing_user_values={
                name: sorted(letters(c).values()) for name, c in named.items() if c.missing.any()
            },
            variable_format={name: _format(c) for name, c in named.items()},
        )
        head = b"<timestamp>\x1101 Jan 1980 00:00</timestamp>"
        return _STAMP.sub(head, path.read_bytes(), count=1)


def letters(column: Column) -> dict[int, str]:
    """The letter of each reason: a for skipped, b don't know, c refused, d not shown."""
    return dict(zip(sorted(column.reasons, reverse=True), "abcd", strict=True))


def _values(column: Column) -> Any:
    values = column.values + (DAYS_TO_1970 if column.kind == "day" else 0)
    if not column.missing.any():
        return values
    found = values.astype(object)
    for value, letter in letters(column).items():
        found[np.asarray(column.values == value)] = letter
    return found


def _labels(column: Column, fit: Fitted) -> dict[Any, str]:
    of = letters(column) if column.missing.any() else {}
    texts = fit.values[column.name]
    kept = {value: text for value, text in texts.items() if value not in column.reasons}
    return {**kept, **{letter: texts[value] for value, letter in of.items()}}


def _format(column: Column) -> str:
    if column.kind == "day":
        return "%td"
    return f"%10.{column.decimals}f"

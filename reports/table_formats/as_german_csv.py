"""The released table for a German Excel: semicolon, byte order mark, decimal comma, labels.

Labels are texts of an author. One that a spreadsheet would take for a formula gets an
apostrophe before it, which spreadsheets do not show.
"""

from __future__ import annotations

import csv
import io

from reports.estimates import Results
from reports.table_formats.readable import HEADS, readable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
CODES = ("item", "domain_variable", "domain", "statistic", "category", "method", "status")
"""Columns of the long table that stand behind, so that a line can be found again there."""


def as_german_csv(results: Results) -> bytes:
    """The file; values unrounded as in the long table, shares from 0 to 1."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    writer.writerow(("Seite", *HEADS, *CODES))
    for line in readable(results):
        codes = tuple(str(getattr(line.estimate, name)) for name in CODES)
        texts = (line.page, *line.texts)
        writer.writerow(
            (
                *map(harmless, texts),
                *map(_number, line.numbers),
                *map(harmless, line.remarks),
                *map(harmless, codes),
            )
        )
    return buffer.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would compute.

    >>> harmless("=1+1"), harmless("Bürger*innen"), harmless("-5")
    ("'=1+1", 'Bürger*innen', "'-5")
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _number(value: float | int | None) -> str:
    if value is None:
        return ""
    return repr(value).replace(".", ",") if isinstance(value, float) else str(value)

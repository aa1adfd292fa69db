"""Formats of row-level exports; a further one is a module and a line here.

None of these modules can read rows: they write what ``reports.row_export`` hands them, which
does so only in an act that is explained and on record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.row_formats.as_csv import as_csv, as_german_csv
from reports.row_formats.as_data_package import as_data_package
from reports.row_formats.as_dta import as_dta
from reports.row_formats.as_sav import as_sav, as_zsav
from reports.row_formats.as_xlsx import as_xlsx
from reports.row_formats.ddi import as_ddi
from reports.row_formats.limits import SPSS, STATA, Limits, fitted
from reports.row_formats.scripts import scripts
from reports.row_formats.table import RowTable

__all__ = ["FORMATS", "Format", "RowTable", "beside", "changes"]


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are written: the bytes of a file with one row per ballot, and its limits."""

    write: Callable[[RowTable], bytes]
    about: str
    limits: Limits | None = None


FORMATS: Mapping[str, Format] = {
    "csv": Format(as_csv, "comma, UTF-8, decimal point"),
    "csv-de": Format(as_german_csv, "for a German Excel: semicolon, decimal comma"),
    "xlsx": Format(as_xlsx, "spreadsheet with a sheet of codes"),
    "sav": Format(as_sav, "SPSS", SPSS),
    "zsav": Format(as_zsav, "SPSS, compressed", SPSS),
    "dta": Format(as_dta, "Stata 14 and later", STATA),
    "datapackage": Format(as_data_package, "ZIP file after the Data Package standard"),
}
"""By name."""


def changes(table: RowTable, form: str) -> tuple[str, ...]:
    """What a format changes of names and labels; raises ``DisclosureError`` if it may not."""
    limits = FORMATS[form].limits
    return fitted(table.written, limits, shorten=table.shorten).notes if limits else ()


def beside(table: RowTable, form: str, file_name: str) -> dict[str, bytes]:
    """Files beside the rows by the ending of their names: DDI, R script, pandas snippet."""
    if form == "datapackage":
        return {}
    limits = FORMATS[form].limits
    names = {column.name: column.name for column in table.written}
    if limits:
        names = dict(fitted(table.written, limits, shorten=True).names)
    return {".ddi.xml": as_ddi(table, file_name), **scripts(table, form, file_name, names)}

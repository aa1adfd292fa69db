"""Formats of the released table; a further one is a module and a line here.

They take results, which exist only behind the gate: no format can write what was not released.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.estimates import Results
from reports.long_table import as_csv, as_json
from reports.table_formats.as_data_package import as_data_package
from reports.table_formats.as_german_csv import as_german_csv
from reports.table_formats.as_workbook import as_workbook


@dataclass(frozen=True, slots=True)
class TableFormat:
    """How results are written; ``text`` says whether a terminal may show it."""

    write: Callable[[Results], bytes]
    text: bool = True


TABLE_FORMATS: Mapping[str, TableFormat] = {
    "csv": TableFormat(lambda results: as_csv(results).encode()),
    "csv-de": TableFormat(as_german_csv),
    "json": TableFormat(lambda results: as_json(results).encode()),
    "xlsx": TableFormat(as_workbook, text=False),
    "datapackage": TableFormat(as_data_package, text=False),
}
"""By name."""

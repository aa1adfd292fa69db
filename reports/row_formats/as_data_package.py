"""Rows as a Frictionless Data Package: one ZIP file with the table and what explains it.

``datapackage.json`` says of every column what it holds; the answers stand in ``rows.csv``, the
description for archives in ``ddi.xml``, programs that read it all in ``rows.csv.R`` and ``.py``.
"""

from __future__ import annotations

from typing import Any

from reports.data_packages import csv_resource, package, zipped
from reports.row_formats.as_csv import as_csv
from reports.row_formats.columns import Column
from reports.row_formats.ddi import as_ddi
from reports.row_formats.scripts import scripts
from reports.row_formats.table import RowTable

ROWS = "rows.csv"


def as_data_package(table: RowTable) -> bytes:
    """The ZIP file; the same rows give the same bytes."""
    names = {column.name: column.name for column in table.written}
    beside = scripts(table, "csv", ROWS, names)
    parts = {
        ROWS: as_csv(table),
        "codebook.json": table.codebook.to_json().encode(),
        "ddi.xml": as_ddi(table, ROWS),
        **{ROWS + ending: text for ending, text in beside.items()},
    }
    return zipped(descriptor(table), parts, mode=0o600)


def descriptor(table: RowTable) -> dict[str, Any]:
    """The content of ``datapackage.json``."""
    rows = csv_resource("rows", {"fields": [_field(column) for column in table.written]}, path=ROWS)
    return package(table.study, table.codebook.version, table.fingerprint, [rows])


def _field(column: Column) -> dict[str, Any]:
    gone = [{"value": str(value), "label": text} for value, text in column.reasons.items()]
    types = {"code": "integer", "number": "number", "day": "date"}
    field: dict[str, Any] = {
        "name": column.name,
        "title": column.label,
        "description": column.question.text,
        "type": types[column.kind],
        "missingValues": [entry["value"] for entry in gone],
        "reasons": gone,
    }
    if column.variable.unit:
        field["unit"] = column.variable.unit
    if column.labels and column.measure != "scale":
        field["categories"] = [
            {"value": value, "label": text} for value, text in column.labels.items()
        ]
        field["categoriesOrdered"] = column.measure == "ordinal"
    return field

"""Rows as a Frictionless Data Package: one ZIP file with the table and what explains it.

``datapackage.json`` says of every column what it holds; the answers stand in ``rows.csv``, the
description for archives in ``ddi.xml``, programs that read it all in ``rows.csv.R`` and ``.py``.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

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
        "datapackage.json": _json(descriptor(table)),
        ROWS: as_csv(table),
        "codebook.json": table.codebook.to_json().encode(),
        "ddi.xml": as_ddi(table, ROWS),
        **{ROWS + ending: text for ending, text in beside.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def descriptor(table: RowTable) -> dict[str, Any]:
    """The content of ``datapackage.json``, after the Data Package standard in version 2."""
    study = table.study
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.id,
        "title": study.title,
        "description": study.purpose or study.title,
        "version": table.codebook.version,
        "simulated": study.simulation or study.demo,
        "regime": study.regime.value,
        "dataSet": table.fingerprint,
        "resources": [
            {
                "name": "rows",
                "path": ROWS,
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\n"},
                "schema": {
                    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                    "fields": [_field(column) for column in table.written],
                    "missingValues": [""],
                },
            }
        ],
    }


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


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"

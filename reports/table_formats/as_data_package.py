"""The released table as a Frictionless Data Package: one ZIP file for an open-data portal."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from reports.estimates import COLUMNS, Results
from reports.long_table import as_csv
from reports.published import MEANINGS, codebook_csv, published

_TYPES = {
    **dict.fromkeys(("value", "se", "low", "high", "level", "n_eff"), "number"),
    **dict.fromkeys(("base_n", "base_N"), "integer"),
}
_CODEBOOK = {
    "part": "what is explained: column, statistic, status, or a part of the table",
    "of": "the question that a category or group belongs to",
    "name": "the name or code as it stands in the table",
    "label": "a label under which pages and dossiers speak of it",
    "meaning": "what it means, the wording of a question",
}
KEY = ("item", "domain_variable", "domain", "statistic", "category")
"""What makes a row of the long table unique."""


def as_data_package(results: Results) -> bytes:
    """The ZIP file with ``datapackage.json``, the table and its codebook.

    The same results give the same bytes.
    """
    parts = {
        "datapackage.json": json.dumps(descriptor(results), ensure_ascii=False, indent=1) + "\n",
        "estimates.csv": as_csv(results),
        "codebook.csv": codebook_csv(results, published(results)),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return buffer.getvalue()


def descriptor(results: Results) -> dict[str, Any]:
    """The content of ``datapackage.json``, after the Data Package standard in version 2."""
    release = results.release
    study = release.study
    table = {"fields": [_field(name, MEANINGS[name]) for name in COLUMNS], "primaryKey": list(KEY)}
    book = {"fields": [_field(name, meaning) for name, meaning in _CODEBOOK.items()]}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.id,
        "title": study.title,
        "description": study.purpose or study.title,
        "version": release.codebook.version,
        "simulated": study.simulation or study.demo,
        "regime": study.regime.value,
        "dataSet": release.fingerprint,
        "resources": [
            _resource("estimates", "Every released estimate", table),
            _resource("codebook", "What columns, names and codes mean", book),
        ],
    }


def _resource(name: str, title: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "path": f"{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {**schema, "missingValues": [""]},
    }


def _field(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "type": _TYPES.get(name, "string"), "description": meaning}

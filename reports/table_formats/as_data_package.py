"""The released table as a Frictionless Data Package: one ZIP file for an open-data portal."""

from __future__ import annotations

from typing import Any

from reports.data_packages import csv_resource, package, zipped
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
        "estimates.csv": as_csv(results),
        "codebook.csv": codebook_csv(results, published(results)),
    }
    files = {name: text.encode() for name, text in parts.items()}
    return zipped(descriptor(results), files, mode=0o644)


def descriptor(results: Results) -> dict[str, Any]:
    """The content of ``datapackage.json``."""
    release = results.release
    table = {"fields": [_field(name, MEANINGS[name]) for name in COLUMNS], "primaryKey": list(KEY)}
    book = {"fields": [_field(name, meaning) for name, meaning in _CODEBOOK.items()]}
    resources = [
        csv_resource("estimates", table, title="Every released estimate"),
        csv_resource("codebook", book, title="What columns, names and codes mean"),
    ]
    return package(release.study, release.codebook.version, release.fingerprint, resources)


def _field(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "type": _TYPES.get(name, "string"), "description": meaning}

"""What every Frictionless Data Package of ours has in common: head, tables, ZIP file."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from survey.study import Study

TABLE_SCHEMA = "https://datapackage.org/profiles/2.0/tableschema.json"


def package(
    study: Study, version: str, fingerprint: str, resources: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The content of ``datapackage.json``, after the Data Package standard in version 2."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": study.id,
        "title": study.title,
        "description": study.purpose or study.title,
        "version": version,
        "simulated": study.simulation or study.demo,
        "regime": study.regime.value,
        "dataSet": fingerprint,
        "resources": list(resources),
    }


def csv_resource(
    name: str, schema: Mapping[str, Any], *, title: str = "", path: str = ""
) -> dict[str, Any]:
    """The description of a table beside it as CSV: comma, UTF-8, a line feed per row."""
    return {
        "name": name,
        **({"title": title} if title else {}),
        "path": path or f"{name}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n"},
        "schema": {"$schema": TABLE_SCHEMA, **schema, "missingValues": [""]},
    }


def zipped(descriptor: Mapping[str, Any], parts: Mapping[str, bytes], *, mode: int) -> bytes:
    """The ZIP file with ``datapackage.json``; the same parts give the same bytes."""
    head = json.dumps(descriptor, ensure_ascii=False, indent=1).encode() + b"\n"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {"datapackage.json": head, **parts}.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system, entry.external_attr = 3, mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()

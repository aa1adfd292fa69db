"""Formats of row-level exports; a further one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reports.row_formats.as_csv import as_csv
from reports.row_formats.table import RowTable

__all__ = ["FORMATS", "RowTable"]

FORMATS: Mapping[str, Callable[[RowTable], bytes]] = {"csv": as_csv}
"""By name: the bytes of a file with one row per ballot."""

"""The long table as text: written as CSV and JSON, read back from CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reports.errors import DossierError
from reports.estimates import COLUMNS, Estimate
from reports.tables import Status

_FLOATS = ("value", "se", "low", "high", "level", "n_eff")
_WHOLE = ("base_n", "base_N")


def as_csv(rows: Iterable[Estimate]) -> str:
    """The long table as CSV: comma, decimal point, empty cells for what does not exist.

    >>> print(as_csv([Estimate(study="s", item="a", statistic="share", value=0.25)]).split()[1])
    s,a,,,share,,0.25,,,,,,,,,published,,
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, name)) for name in COLUMNS] for row in rows)
    return buffer.getvalue()


def as_json(rows: Iterable[Estimate]) -> str:
    """The long table as a JSON list of objects, null for what does not exist."""
    objects = [{name: as_plain(getattr(row, name)) for name in COLUMNS} for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_csv(path: Path) -> tuple[Estimate, ...]:
    """The rows of a table that :func:`as_csv` wrote; raises ``DossierError`` with the line."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise DossierError(f"{path}: the columns {', '.join(missing)} are missing")
        rows = []
        for record in reader:
            try:
                rows.append(_row(record))
            except (ValueError, TypeError) as error:
                raise DossierError(f"{path}:{reader.line_num}: {error}") from None
    return tuple(rows)


def _row(record: dict[str, str]) -> Estimate:
    known: dict[str, Any] = {name: record[name] for name in COLUMNS}
    for name in _FLOATS:
        known[name] = float(record[name]) if record[name] else None
    for name in _WHOLE:
        known[name] = int(record[name]) if record[name] else None
    known["status"] = Status(record["status"])
    return Estimate(**known)


def as_plain(value: Any) -> Any:
    """A cell as JSON and spreadsheets take it."""
    return str(value) if isinstance(value, str) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)

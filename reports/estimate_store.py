"""Estimates that were computed before: read again while nothing that they follow from has changed.

What is kept is the long table, the same rows that stand beside every dossier: no count that the
gate has not released, nothing of a single ballot. The gate still opens the data set and the ledger
still judges the release each time; only the arithmetic after it is spared. Rows are found by the
fingerprint of the data set, the released texts and the program, and are believed only with the
seal of the installation, so that who can write reports but not secrets cannot plant a number.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter

from reports.estimates import COLUMNS, Estimate
from reports.kept_file import KeptFile
from reports.ledger import TEXTS, Entry
from reports.program import digest, program
from reports.tables import Release, Status
from survey.home import Home

NAME = "estimates"
_STATUSES: dict[object, Status] = {status.value: status for status in Status}
_cells = attrgetter(*COLUMNS)


@dataclass(frozen=True)
class EstimateStore:
    """The estimates of one release, as the ledger's ``entries`` add texts to it."""

    home: Home
    release: Release
    entries: Sequence[Entry]

    def find(self) -> tuple[Estimate, ...] | None:
        """The rows of exactly this release; None if none are kept or they carry no seal of ours."""
        try:
            kept = self._file.find()
            return None if kept is None else _rows(json.loads(kept))
        except (ValueError, TypeError, KeyError):
            return None

    def keep(self, rows: Sequence[Estimate]) -> None:
        """Keep the rows, the only ones of their study; not in a home without secrets."""
        columns = list(zip(*map(_cells, rows), strict=True))
        self._file.keep(json.dumps(columns, ensure_ascii=False).encode())

    @cached_property
    def _file(self) -> KeptFile:
        data = self.release.fingerprint
        texts = [e.hash for e in self.entries if e.kind == TEXTS and e.fingerprint == data]
        key = digest([program(), data.encode(), *(text.encode() for text in texts)])
        return KeptFile(self.home, self.release.study.id, NAME, key)


def _rows(columns: list[list[object]]) -> tuple[Estimate, ...]:
    """The rows of a table that comes column by column.

    Filled a column at a time, because calling 20,000 times for a row takes twice as long.
    """
    named = dict(zip(COLUMNS, columns, strict=True))
    named["status"] = [_STATUSES[value] for value in named["status"]]
    rows = tuple(object.__new__(Estimate) for _ in named["status"])
    if any(len(cells) != len(rows) for cells in columns):
        raise ValueError("columns of different lengths")
    for name, cells in named.items():
        deque(map(getattr(Estimate, name).__set__, rows, cells), maxlen=0)
    return rows

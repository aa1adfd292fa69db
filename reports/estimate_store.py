"""Estimates that were computed before: read again while nothing that they follow from has changed.

What is kept is the long table, the same rows that stand beside every dossier: no count that the
gate has not released, nothing of a single ballot. The gate still opens the data set and the ledger
still judges the release each time; only the arithmetic after it is spared. Rows are found by the
fingerprint of the data set, the released texts and the program, and are believed only with the
seal of the installation, so that who can write reports but not secrets cannot plant a number.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from reports.estimates import COLUMNS, Estimate
from reports.ledger import TEXTS, Entry
from reports.program import digest, program
from reports.tables import Release, Status
from survey.errors import SetupError
from survey.files import write_aside
from survey.home import HOST_KEY, READY, Home

NAME = "estimates"
_PLACE = COLUMNS.index("status")
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
            seal, _, kept = self._path.read_bytes().partition(b"\n")
            if not hmac.compare_digest(seal, self._seal(kept)):
                return None
            return tuple(map(_row, json.loads(kept)))
        except (OSError, SetupError, ValueError, TypeError):
            return None

    def keep(self, rows: Sequence[Estimate]) -> None:
        """Keep the rows, the only ones of their study; not in a home without secrets."""
        kept = json.dumps([_cells(row) for row in rows], ensure_ascii=False).encode()
        try:
            content = self._seal(kept) + b"\n" + kept
        except SetupError:
            return
        for old in self._path.parent.glob(f"{NAME}.*"):
            old.unlink(missing_ok=True)
        write_aside(self._path, content, mode=0o600)

    @property
    def _path(self) -> Path:
        folder = self.home.dossiers / self.release.study.id / READY
        return folder / f"{NAME}.{self._key}.json"

    @cached_property
    def _key(self) -> str:
        data = self.release.fingerprint
        texts = [e.hash for e in self.entries if e.kind == TEXTS and e.fingerprint == data]
        return digest([program(), data.encode(), *(text.encode() for text in texts)])

    def _seal(self, kept: bytes) -> bytes:
        named = digest([NAME.encode(), self._key.encode(), kept])
        return hmac.digest(self.home.secret(HOST_KEY), named.encode(), "sha256").hex().encode()


def _row(cells: list[object]) -> Estimate:
    named = dict(zip(COLUMNS, cells, strict=True))
    named["status"] = Status(str(cells[_PLACE]))
    return Estimate(**named)  # type: ignore[arg-type]

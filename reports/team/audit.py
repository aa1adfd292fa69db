"""The audit log: who of the team did what, and when; appended to only, chained by hashes.

It names people of the team and studies, never an answer, an address or what was typed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any

from reports.moderation.journal import Act, Journal
from reports.team.store import FOLDER
from survey.home import Home

FILE = "audit.jsonl"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log."""

    number: int
    at: str
    by: str
    act: str
    study: str
    outcome: str
    details: Mapping[str, str]


class AuditLog:
    """The log of one home; threads share it."""

    def __init__(self, home: Home) -> None:
        self._journal = Journal(home.path / FOLDER / FILE)
        self._lock = Lock()

    def record(
        self,
        by: str,
        act: str,
        now: datetime,
        *,
        study: str = "",
        outcome: str = "done",
        details: Mapping[str, str] | None = None,
    ) -> None:
        """Append a line; it is on the disk when this returns."""

        def make(_acts: Sequence[Act]) -> Act:
            line: dict[str, Any] = {
                "at": now.isoformat(timespec="seconds"),
                "by": by,
                "act": act,
                "study": study,
                "outcome": outcome,
            }
            return line | ({"details": dict(details)} if details else {})

        with self._lock:
            self._journal.add(make)

    def entries(self) -> tuple[Entry, ...]:
        """All lines, oldest first; raises ``ReportError`` where the chain is broken."""
        with self._lock:
            return tuple(_entries(self._journal.acts()))

    def verify(self) -> str:
        """The hash that stands for the whole log, after every line was read anew."""
        return self._journal.verify()


def _entries(acts: Sequence[Act]) -> Iterator[Entry]:
    for number, act in enumerate(acts, start=1):
        details = act.get("details", {})
        yield Entry(number, act["at"], act["by"], act["act"], act["study"], act["outcome"], details)

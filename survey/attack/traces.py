"""What a thief searches all bytes for: codes, answers, addresses, browsers and times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from survey import codes
from survey.attack.copies import SERVER_FILES, Copier, Rows
from survey.attack.installation import texts_of
from survey.attack.needles import Needles
from survey.attack.visitor import Visitor
from survey.home import CODE_KEY, Home

OPENED = "datasets"
"""The directory of the opened data, whose answers are meant to be read."""
SCALES = (1, 1e3, 1e6, 1e9)
"""Seconds since 1970 are also kept as thousandths, millionths and billionths."""


class Traces:
    """Everything that people leave behind, and how often it was found so far."""

    def __init__(self, home: Home, study_id: str, drawn: Sequence[str]) -> None:
        people = [Visitor(number, 0, study_id) for number in range(len(drawn))]
        plain = [codes.normalise(code) for code in drawn]
        self._needles = Needles(
            {
                "codes": [code.encode() for code in (*drawn, *plain)],
                "answers": [text.encode() for one in people for text in texts_of(one.number)],
                "addresses": [person.address.encode() for person in people],
                "agents": [b"Angriff/", *(f"person/{p.number:05d}".encode() for p in people)],
            }
        )
        key = home.secret(CODE_KEY)
        self._used = Needles({"used": [codes.digest(key, study_id, code) for code in plain]})
        self._answered: list[tuple[float, float]] = []
        self.found: Counter[str] = Counter()
        self.moments = 0

    def answered(self, start: datetime, end: datetime) -> None:
        """Note when somebody answered; the seconds in between are searched for from now on."""
        first, last = int(start.timestamp()), int(end.timestamp())
        self._answered.append((start.timestamp(), end.timestamp()))
        for second in range(first, last + 1):
            self._needles.add("times", str(second).encode())
            for told in (datetime.fromtimestamp(second, UTC), datetime.fromtimestamp(second)):
                self._needles.add("times", f"{told:%H:%M:%S}".encode())

    def search(self, copier: Copier) -> None:
        """Search what has changed since the last time."""
        self.moments += 1
        self._count(copier.fresh(self._needles.longest), self._needles)

    def search_everything(self, copier: Copier) -> None:
        """Search all bytes, after the opening also for the keyed digests of used codes."""
        self.moments += 1
        for place, content in copier.everything():
            if OPENED not in Path(place).parts:
                self._count([(place, content)], self._needles)
            self._count([(place, content)], self._used)

    def _count(self, found: Iterable[tuple[str, bytes]], needles: Needles) -> None:
        for place, content in found:
            hits = needles.hits(content)
            if place == SERVER_FILES:
                # The server's own diary of changes: named in the protocol, not promised.
                hits = Counter({k: n for k, n in hits.items() if k not in ("times", "used")})
            self.found += hits

    def times_in(self, tables: Mapping[str, Rows]) -> list[str]:
        """Columns with a value that is a moment of the run, in any usual form."""
        start = min((first for first, _ in self._answered), default=0.0) - 1
        end = max((last for _, last in self._answered), default=0.0) + 1
        return sorted(
            {
                f"{table}.{column}"
                for table, rows in tables.items()
                for row in rows
                for column, value in row.items()
                if any(start <= moment <= end for moment in moments(value))
            }
        )


def moments(value: object) -> Iterator[float]:
    """Every point in time that a value can stand for, in seconds since 1970.

    >>> list(moments(1_700_000_000_000))[1]
    1700000000.0
    """
    if isinstance(value, datetime):
        yield value.timestamp() if value.tzinfo else value.replace(tzinfo=UTC).timestamp()
    elif isinstance(value, bool | date):
        return
    elif isinstance(value, int | float | Decimal):
        yield from (float(value) / scale for scale in SCALES)
        # Days since 4714 BC, as SQLite counts them.
        yield (float(value) - 2440587.5) * 86400
    elif isinstance(value, str) and len(value) < 40:
        try:
            yield from moments(datetime.fromisoformat(value))
        except ValueError:
            return

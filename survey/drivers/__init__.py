"""The two databases that can hold an urn, as their own drivers know them.

:mod:`survey.links` asks for what is named in :class:`Driver` and knows nothing else of SQLite or
PostgreSQL. Nothing here loads SQLAlchemy: the process that respondents reach does without it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import Any, Protocol

from survey.drivers.postgresql import PostgreSQL
from survey.drivers.sqlite import SQLite
from survey.errors import SetupError
from survey.home import MALFORMED


class Asking(Protocol):
    """A connection that answers questions, as the checks of an urn need it."""

    def all(self, statement: str, values: Mapping[str, Any] = ...) -> list[tuple[Any, ...]]:
        """All rows of a statement."""


class Driver(Protocol):
    """What one kind of database must be able to do."""

    name: str
    """The name that the address begins with."""
    begin: str
    """The statement that begins a transaction that writes."""
    begin_reading: str
    """The statement that begins one that sees one state of the database."""
    one_writer: bool
    """Whether the writers of a process must queue before they come to the database."""
    row_locks: bool
    """Whether rows can be held until a transaction ends."""

    def connect(self, url: str) -> Any:
        """A new connection that begins no transaction of its own accord."""

    def error(self) -> type[Exception]:
        """What the driver raises."""

    def is_lost(self, connection: Any) -> bool:
        """Whether a connection has ended without our doing."""

    def text(self, statement: str) -> str:
        """A statement whose values are named ``:so``, as the driver wants it."""

    def stream(
        self, connection: Any, statement: str, values: Mapping[str, Any]
    ) -> Generator[Any, None, None]:
        """The rows of a statement, a few at a time in memory."""

    def create(self, url: str) -> None:
        """Make what must be there before the first connection."""

    def scrub(self, connection: Any) -> bool:
        """Rewrite all rows without traces; false if another process is in the way."""

    def is_missing(self, url: str) -> bool:
        """Whether there is nothing to connect to yet."""

    def tables(self, link: Asking) -> dict[str, set[str]]:
        """The columns of every table."""

    def faults(self, link: Asking, url: str) -> Iterator[str]:
        """A sentence for each setting, object and permission that breaks the promise."""


DRIVERS: dict[str, Driver] = {driver.name: driver for driver in (SQLite(), PostgreSQL())}
"""By the name that an address begins with."""


def driver_of(url: str) -> Driver:
    """The driver for an address; raises ``SetupError`` if there is none."""
    name = url.partition(":")[0]
    # Which driver PostgreSQL is asked by is told more precisely by itself.
    known = {"sqlite+pysqlite": "sqlite"}.get(name, name)
    if found := DRIVERS.get("postgresql" if name.startswith("postgresql+") else known):
        return found
    raise SetupError(MALFORMED)

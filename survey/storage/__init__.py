"""The two databases that can hold an urn, behind one small interface.

:mod:`survey.database` asks for what is named in :class:`Storage` and knows nothing else of
SQLite or PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sqlalchemy import Engine, Table
from sqlalchemy.engine import URL

from survey.storage.postgresql import PostgreSQL
from survey.storage.sqlite import SQLite


class Storage(Protocol):
    """What one kind of database must be able to do."""

    begin: str
    """The statement that begins a writing transaction; empty for the driver's own."""
    one_writer: bool
    """Whether the writers of a process must queue before they come to the database."""
    reading: Mapping[str, Any]
    """Options of a connection that sees one state of the database."""

    def create(self, url: URL) -> None:
        """Make what must be there before the first connection."""

    def is_missing(self, url: URL) -> bool:
        """Whether there is nothing to connect to yet."""

    def engine(self, url: URL) -> Engine:
        """A new engine; raises ``SetupError`` if there can be none."""

    def insert(self, table: Table) -> Any:
        """An insert statement that knows ``on_conflict_do_nothing``."""

    def scrub(self, source: Engine) -> bool:
        """Rewrite all rows without traces; false if another process is in the way."""

    def faults(self, source: Engine) -> Iterator[str]:
        """Everything that would break the promise: settings, schema, permissions."""


STORAGES: dict[str, Storage] = {"sqlite": SQLite(), "postgresql": PostgreSQL()}
"""By the name of SQLAlchemy's backend."""

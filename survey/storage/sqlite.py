"""SQLite: write-ahead log, every commit synced, deleted cells overwritten, one file.

Transactions begin with ``BEGIN IMMEDIATE`` and there is one writer per process, because
SQLite's busy handler polls instead of queueing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from survey.errors import SetupError
from survey.files import open_to_others
from survey.home import MALFORMED
from survey.schema import metadata

PRAGMAS = {
    "journal_mode": ("wal", "wal"),
    "synchronous": ("full", 2),
    "secure_delete": ("on", 1),
    "foreign_keys": ("on", 1),
    "temp_store": ("memory", 2),
    "busy_timeout": ("10000", 10000),
    "cache_size": ("-256", -256),
}
"""What every connection sets, and what SQLite answers when it has done so.

A connection caches 256 KiB instead of 2 MiB: that holds the inner pages of the tables, which every
question passes. Ballots and codes have random keys, so that a page further out is hardly asked
twice, and every thread of every process has a connection of its own.
"""


_TRUNCATE = "PRAGMA wal_checkpoint(TRUNCATE)"


class SQLite:
    """An urn in one file of the home."""

    begin = "BEGIN IMMEDIATE"
    one_writer = True
    reading: Mapping[str, Any] = MappingProxyType({})

    def create(self, url: URL) -> None:
        """Make the file unless it is there, for its owner alone."""
        path = database_path(url)
        # SQLite would create the file readable for all; its log takes over the mode of the file.
        if path.parent.is_dir():
            path.touch(mode=0o600, exist_ok=True)

    def is_missing(self, url: URL) -> bool:
        """Whether there is no file."""
        return not database_path(url).exists()

    def engine(self, url: URL) -> Engine:
        """A new engine whose connections have the promised settings."""
        path = database_path(url)
        source = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False})
        for needed in (path.parent, path):
            if not needed.exists():
                raise SetupError(f"{needed} does not exist; `survey init` creates it")
        event.listen(source, "connect", _configure)
        event.listen(source, "begin", _begin)
        return source

    def insert(self, table: Table) -> Any:
        """An insert statement in SQLite's dialect."""
        return sqlite.insert(table)

    def scrub(self, source: Engine) -> bool:
        """Truncate the log and rewrite the file in the order of its random keys.

        The rewritten copy passes through a nameless file of the system: in memory it would take
        as much as the urn, which for hundreds of thousands of ballots is more than there is.
        """
        with source.connect() as plain:
            connection = plain.execution_options(begin="")
            try:
                for statement in (_TRUNCATE, "PRAGMA temp_store=file", "VACUUM"):
                    connection.exec_driver_sql(statement)
                left = connection.exec_driver_sql(_TRUNCATE).scalar_one()
            except OperationalError:
                return False
            finally:
                connection.exec_driver_sql(f"PRAGMA temp_store={PRAGMAS['temp_store'][0]}")
        return not left

    def faults(self, source: Engine) -> Iterator[str]:
        """Settings, hidden row numbers, foreign objects, and files that others can read."""
        with source.connect() as connection:
            for name, (value, wanted) in PRAGMAS.items():
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                if found != wanted:
                    yield f"{name} is {found} instead of {value}"
            query = "SELECT type, name, sql FROM sqlite_master"
            rows = connection.exec_driver_sql(query).all()
        for kind, name, sql in rows:
            if kind in ("trigger", "view"):
                yield f"unknown {kind} {name}"
            if kind == "table" and name in metadata.tables and "WITHOUT ROWID" not in sql:
                yield f"table {name} keeps row numbers, which tell the order of the ballots"
        path = database_path(source.url)
        beside = (Path(f"{path}{end}") for end in ("", "-wal", "-shm"))
        yield from open_to_others([file for file in beside if file.exists()])


def database_path(url: URL) -> Path:
    """The file of a SQLite database; raises ``SetupError`` if the address names none."""
    if url.host:
        raise SetupError(MALFORMED)
    if url.database in (None, "", ":memory:"):
        raise SetupError("the urn needs a file, a database in memory would lose every ballot")
    return Path(str(url.database))


def _configure(dbapi: Any, record: object) -> None:
    # The driver must not open transactions of its own accord: _begin does.
    dbapi.isolation_level = None
    for name, (value, _) in PRAGMAS.items():
        dbapi.execute(f"PRAGMA {name}={value}").close()


def _begin(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", "BEGIN")
    if begin:
        connection.exec_driver_sql(begin)

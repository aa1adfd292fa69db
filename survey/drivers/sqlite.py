"""SQLite: write-ahead log, every commit synced, deleted cells overwritten, one file.

Transactions begin with ``BEGIN IMMEDIATE`` and there is one writer per process, because
SQLite's busy handler polls instead of queueing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.errors import SetupError
from survey.files import open_to_others
from survey.home import MALFORMED
from survey.inventory import COLUMNS, VERSION_TABLE

if TYPE_CHECKING:
    from survey.drivers import Asking

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

    name = "sqlite"
    begin = "BEGIN IMMEDIATE"
    begin_reading = "BEGIN"
    one_writer = True
    row_locks = False

    def connect(self, url: str) -> sqlite3.Connection:
        """A connection with the promised settings; raises ``SetupError`` without a file."""
        path = path_of(url)
        require(path)
        made = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            configure(made)
        except BaseException:
            made.close()
            raise
        return made

    def error(self) -> type[Exception]:
        """What the driver raises."""
        return sqlite3.Error

    def is_lost(self, connection: sqlite3.Connection) -> bool:
        """Never: a file does not go away by itself."""
        return False

    def text(self, statement: str) -> str:
        """The statement: SQLite knows values that are named so."""
        return statement

    def stream(
        self, connection: sqlite3.Connection, statement: str, values: Mapping[str, Any]
    ) -> Generator[Any, None, None]:
        """The rows as SQLite finds them."""
        with closing(connection.execute(statement, values)) as cursor:
            yield from cursor

    def is_missing(self, url: str) -> bool:
        """Whether there is no file."""
        return not path_of(url).exists()

    def create(self, url: str) -> None:
        """Make the file unless it is there, for its owner alone."""
        path = path_of(url)
        # SQLite would create the file readable for all; its log takes over the mode of the file.
        if path.parent.is_dir():
            path.touch(mode=0o600, exist_ok=True)

    def scrub(self, connection: sqlite3.Connection) -> bool:
        """Truncate the log and rewrite the file in the order of its random keys.

        The rewritten copy passes through a nameless file of the system: in memory it would take
        as much as the urn, which for hundreds of thousands of ballots is more than there is.
        """
        try:
            for statement in (_TRUNCATE, "PRAGMA temp_store=file", "VACUUM"):
                connection.execute(statement).close()
            left = connection.execute(_TRUNCATE).fetchone()[0]
        except sqlite3.OperationalError:
            return False
        finally:
            connection.execute(f"PRAGMA temp_store={PRAGMAS['temp_store'][0]}").close()
        return not left

    def tables(self, link: Asking) -> dict[str, set[str]]:
        """The columns of every table."""
        query = (
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_xinfo(m.name) c "
            "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite~_%' ESCAPE '~'"
        )
        found: dict[str, set[str]] = {}
        for table, column in link.all(query):
            found.setdefault(table, set()).add(column)
        return found

    def faults(self, link: Asking, url: str) -> Iterator[str]:
        """Settings, hidden row numbers, foreign objects, and files that others can read."""
        for name, (value, wanted) in PRAGMAS.items():
            found = link.all(f"PRAGMA {name}")[0][0]
            if found != wanted:
                yield f"{name} is {found} instead of {value}"
        for kind, name, sql in link.all("SELECT type, name, sql FROM sqlite_master"):
            if kind in ("trigger", "view"):
                yield f"unknown {kind} {name}"
            is_ours = kind == "table" and name in COLUMNS and name != VERSION_TABLE
            if is_ours and "WITHOUT ROWID" not in sql:
                yield f"table {name} keeps row numbers, which tell the order of the ballots"
        path = path_of(url)
        beside = (Path(f"{path}{end}") for end in ("", "-wal", "-shm"))
        yield from open_to_others([file for file in beside if file.exists()])


def path_of(url: str) -> Path:
    """The file of an address; raises ``SetupError`` if it names none."""
    host, _, path = url.partition("://")[2].partition("/")
    path = path.partition("?")[0]
    if host:
        raise SetupError(MALFORMED)
    if path in ("", ":memory:"):
        raise SetupError("the urn needs a file, a database in memory would lose every ballot")
    return Path(path)


def require(path: Path) -> None:
    """Nothing if the file of an urn is there; else ``SetupError``: SQLite would make a new one."""
    for needed in (path.parent, path):
        if not needed.exists():
            raise SetupError(f"{needed} does not exist; `survey init` creates it")


def configure(connection: Any) -> None:
    """Set what every connection must have; the driver opens no transactions of its own accord."""
    connection.isolation_level = None
    for name, (value, _) in PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={value}").close()

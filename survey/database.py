"""Connections to the urn; the only module that knows one database from another.

SQLite: write-ahead log, every commit synced, deleted cells overwritten, ``BEGIN IMMEDIATE``
and one writer per process, because SQLite's busy handler polls instead of queueing.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from survey.errors import SetupError
from survey.home import DATABASE_VARIABLE, Home
from survey.schema import metadata

PRAGMAS = {
    "journal_mode": ("wal", "wal"),
    "synchronous": ("full", 2),
    "secure_delete": ("on", 1),
    "foreign_keys": ("on", 1),
    "temp_store": ("memory", 2),
    "busy_timeout": ("10000", 10000),
}
VERSION_TABLE = "alembic_version"

_engines: dict[str, Engine] = {}
_guard = threading.Lock()
_writers: dict[str, threading.Lock] = {}


def engine(home: Home) -> Engine:
    """The engine of this installation, one per process and database."""
    url = home.database
    with _guard:
        if url not in _engines:
            _engines[url] = _new_engine(home, url)
            _writers.setdefault(url, threading.Lock())
        return _engines[url]


@contextmanager
def reading(home: Home) -> Iterator[Connection]:
    """A connection that sees one state of the database and changes nothing."""
    with engine(home).connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(home: Home) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first statement; all of it or nothing."""
    source = engine(home)
    with _writers[home.database], source.connect() as plain:
        connection = plain.execution_options(begin="BEGIN IMMEDIATE")
        with connection.begin():
            yield connection


def insert_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; true if the row is new."""
    insert: Any = sqlite.insert
    if connection.dialect.name == "postgresql":
        # Loaded where it is used: it would slow every start on SQLite by a tenth.
        from sqlalchemy.dialects.postgresql import insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


def scrub(home: Home) -> None:
    """Leave no trace of deleted rows and of the order of arrival in the files.

    The log is truncated and the database rewritten in the order of its random keys. Raises
    ``SetupError`` if another process reads.
    """
    source = engine(home)
    if source.dialect.name != "sqlite":
        return
    with _writers[home.database], source.connect() as plain:
        connection = plain.execution_options(begin="")
        try:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"):
                connection.exec_driver_sql(statement)
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
        except OperationalError:
            busy = True
    if busy:
        raise SetupError(
            "another process is reading the urn, so that its files could not be rewritten: "
            "stop the server and repeat the command"
        )


def create(home: Home) -> None:
    """Make the SQLite file of a home unless it is there, for its owner alone."""
    path = _file(_url(home.database))
    # SQLite would create the file readable for all; its log takes over the mode of the file.
    if path is not None and path.parent.is_dir():
        path.touch(mode=0o600, exist_ok=True)


def is_empty(home: Home) -> bool:
    """Whether the database has no tables yet."""
    path = _file(_url(home.database))
    if path is not None and not path.exists():
        return True
    return not inspect(engine(home)).get_table_names()


def check(home: Home) -> None:
    """Nothing if schema, settings and file modes keep the promise; else ``SetupError``."""
    source = engine(home)
    faults = [*_schema_faults(source)]
    if source.dialect.name == "sqlite":
        faults += [*_sqlite_faults(source), *_mode_faults(home, source)]
    faults += _open_to_others([home.secrets, *home.secrets.rglob("*")])
    if faults:
        raise SetupError("the urn is not safe to use: " + "; ".join(faults))


def _new_engine(home: Home, url: str) -> Engine:
    place = _url(url)
    path = _file(place)
    if path is None:
        return _made(place)
    source = _made(place, connect_args={"timeout": 10, "check_same_thread": False})
    if not path.parent.is_dir():
        raise SetupError(f"{path.parent} does not exist; `survey init` creates it")
    if not path.exists():
        raise SetupError(f"{path} does not exist; `survey init` creates it")
    event.listen(source, "connect", _configure)
    event.listen(source, "begin", _begin)
    return source


# The value is not repeated: it may hold a password.
_MALFORMED = (
    f"{DATABASE_VARIABLE} names no database that this program can use: it is an address such "
    "as postgresql+psycopg://user@host/name or sqlite:////srv/urn.sqlite"
)


def _url(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise SetupError(_MALFORMED) from None


def _made(url: URL, **settings: Any) -> Engine:
    try:
        return create_engine(url, **settings)
    except (ArgumentError, ImportError, TypeError, ValueError):
        raise SetupError(_MALFORMED) from None


def _file(url: URL) -> Path | None:
    """The file of a SQLite database; None for a database that runs by itself."""
    if url.get_backend_name() != "sqlite":
        return None
    if url.host:
        raise SetupError(_MALFORMED)
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


def _schema_faults(source: Engine) -> Iterator[str]:
    found = inspect(source)
    names = set(found.get_table_names()) - {VERSION_TABLE}
    if missing := set(metadata.tables) - names:
        yield f"tables are missing ({', '.join(sorted(missing))}), run `survey migrate`"
    if extra := names - set(metadata.tables):
        yield f"unknown tables: {', '.join(sorted(extra))}"
    for name in sorted(names & set(metadata.tables)):
        wanted = {column.name for column in metadata.tables[name].columns}
        has = {column["name"] for column in found.get_columns(name)}
        if wanted != has:
            yield f"table {name} has other columns: {', '.join(sorted(wanted ^ has))}"


def _sqlite_faults(source: Engine) -> Iterator[str]:
    with source.connect() as connection:
        for name, (value, wanted) in PRAGMAS.items():
            found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            if found != wanted:
                yield f"{name} is {found} instead of {value}"
        rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
    for kind, name, sql in rows:
        if kind in ("trigger", "view"):
            yield f"unknown {kind} {name}"
        if kind == "table" and name in metadata.tables and "WITHOUT ROWID" not in sql:
            yield f"table {name} keeps row numbers, which tell the order of the ballots"


def _mode_faults(home: Home, source: Engine) -> list[str]:
    path = Path(str(source.url.database))
    beside = (Path(f"{path}{end}") for end in ("", "-wal", "-shm"))
    return _open_to_others([file for file in beside if file.exists()])


def _open_to_others(paths: list[Path]) -> list[str]:
    others = stat.S_IRWXG | stat.S_IRWXO
    return [f"{path} is open to other users" for path in paths if path.stat().st_mode & others]


def _forget_after_fork() -> None:
    # A connection must not be shared between processes.
    for source in _engines.values():
        source.dispose(close=False)
    _engines.clear()
    _writers.clear()


os.register_at_fork(after_in_child=_forget_after_fork)

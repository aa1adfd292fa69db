"""Connections to the urn, whichever database holds it, and the check of every start.

What SQLite and PostgreSQL do differently stands in :mod:`survey.storage`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, Engine, Select, Table, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from survey.errors import SetupError
from survey.files import open_to_others
from survey.home import DATABASE, DATABASE_VARIABLE, MALFORMED, Home
from survey.schema import metadata
from survey.storage import STORAGES, Storage

VERSION_TABLE = "alembic_version"
REPEATABLE = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock."""
REPEATS = 3
Written = TypeVar("Written")

_engines: dict[str, Engine] = {}
_addresses: dict[tuple[str, str, bool, str | None], str] = {}
_guard = threading.Lock()
_kept = threading.local()
"""The connection by which a thread asks a SQLite file single statements, and its pool."""
_inherited: list[object] = []
_writers: dict[str, threading.Lock] = {}


def engine(home: Home) -> Engine:
    """The engine of this installation, one per process and database."""
    return _engine_at(address(home))


def _engine_at(url: str) -> Engine:
    if found := _engines.get(url):
        return found
    with _guard:
        if url not in _engines:
            _writers.setdefault(url, threading.Lock())
            _engines[url] = _new_engine(url)
        return _engines[url]


def address(home: Home) -> str:
    """The address of the urn, read anew only when something has changed that it depends on."""
    secret, is_absolute = _places(home)
    place = "" if is_absolute else str(Path.cwd())
    asked = secret, place, os.path.exists(secret), os.environ.get(DATABASE_VARIABLE)  # noqa: PTH110
    if asked not in _addresses:
        _addresses[asked] = home.database
    return _addresses[asked]


@cache
def _places(home: Home) -> tuple[str, bool]:
    """The file that may name the urn, and whether it is the same one in every directory."""
    return str(home.secrets / DATABASE), home.path.is_absolute()


def kind(home: Home) -> str:
    """The name of the database that holds the urn: ``sqlite`` or ``postgresql``."""
    return _url(home.database).get_backend_name()


@contextmanager
def reading(home: Home) -> Iterator[Connection]:
    """A connection that sees one state of the database and changes nothing."""
    source = engine(home)
    with source.connect() as plain:
        connection = plain.execution_options(**_storage(source.url).reading)
        with connection.begin():
            yield connection


def first_row(url: str, statement: Select[Any], values: Mapping[str, Any]) -> Any:
    """The first row of one statement that reads, or None; ``url`` is the :func:`address`.

    A single statement needs no transaction around it, so it goes to the driver: every request
    asks once, and an eighth of the cost of :func:`reading` is left.
    """
    source = _engine_at(url)
    text, order = _compiled(statement, source.dialect)
    parameters = [values[name] for name in order] if order else dict(values)
    if source.dialect.name == "sqlite":
        return _row_of_file(source, text, parameters)
    driver_error = source.dialect.loaded_dbapi.Error
    try:
        raw = source.raw_connection()
    except driver_error as error:
        raise _told(error) from error
    try:
        cursor = raw.cursor()
        cursor.execute(text, parameters)
        row = cursor.fetchone()
        cursor.close()
    except driver_error as error:
        raw.invalidate(error)  # the next request gets a fresh connection
        raise _told(error) from error
    finally:
        raw.close()
    return row


def _row_of_file(source: Engine, text: str, parameters: Any) -> Any:
    """The same on a connection that the thread keeps: a file counts none, and the pool costs more.

    It is kept for as long as the pool that has made it.
    """
    try:
        if getattr(_kept, "pool", None) is not source.pool:
            raw = source.raw_connection()
            _kept.connection, _kept.pool = raw.driver_connection, source.pool
            raw.detach()
        cursor = _kept.connection.execute(text, parameters)
        row = cursor.fetchone()
        cursor.close()
    except source.dialect.loaded_dbapi.Error as error:
        _kept.__dict__.clear()  # the next request gets a fresh connection
        raise _told(error) from error
    return row


def _told(error: Exception) -> DBAPIError:
    """An error of the driver as everybody expects it, without what was asked."""
    return DBAPIError(None, None, error)


@cache
def _compiled(statement: Select[Any], dialect: Dialect) -> tuple[str, tuple[str, ...]]:
    """The text of a statement for a driver, and the order of its values if they have no names."""
    made = statement.compile(dialect=dialect)
    return str(made), tuple(getattr(made, "positiontup", None) or ())


@contextmanager
def writing(home: Home) -> Iterator[Connection]:
    """A transaction that writes all of it or nothing.

    On SQLite it holds the write lock from its first statement.
    """
    source = engine(home)
    storage = _storage(source.url)
    with _turn(home, storage), source.connect() as plain:
        connection = plain.execution_options(begin=storage.begin)
        with connection.begin():
            yield connection


def written(home: Home, act: Callable[[Connection], Written]) -> Written:
    """What an act returns in a transaction that writes; done again if the database asks for it.

    A server that lets transactions run side by side may undo one for another's sake, completely,
    and ask to repeat it (SQLSTATE 40001 and 40P01).
    """
    for _ in range(REPEATS):
        try:
            with writing(home) as connection:
                return act(connection)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in REPEATABLE:
                raise
    with writing(home) as connection:
        return act(connection)


def insert_once(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless its key is taken; true if the row is new."""
    insert = STORAGES[connection.dialect.name].insert(table).values(values)
    statement = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return connection.execute(statement).rowcount == 1


def scrub(home: Home) -> None:
    """Leave no trace of deleted rows and of the order of arrival in the database's files.

    Raises ``SetupError`` if another process reads.
    """
    source = engine(home)
    storage = _storage(source.url)
    with _turn(home, storage):
        done = storage.scrub(source)
    if not done:
        raise SetupError(
            "another process is reading the urn, so that its files could not be rewritten: "
            "stop the server and repeat the command"
        )


def create(home: Home) -> None:
    """Make what the database of a home needs before the first connection."""
    url = _url(home.database)
    _storage(url).create(url)


def is_empty(home: Home) -> bool:
    """Whether the database has no tables yet."""
    url = _url(home.database)
    return _storage(url).is_missing(url) or not inspect(engine(home)).get_table_names()


def check(home: Home) -> None:
    """Nothing if schema, settings and permissions keep the promise; else ``SetupError``."""
    if found := faults(home):
        raise SetupError("the urn is not safe to use: " + "; ".join(found))


def faults(home: Home) -> list[str]:
    """A sentence for everything about schema, settings and permissions that breaks the promise."""
    source = engine(home)
    found = [*_schema_faults(source), *_storage(source.url).faults(source)]
    return found + open_to_others([home.secrets, *home.secrets.rglob("*")])


def _turn(home: Home, storage: Storage) -> Any:
    return _writers[home.database] if storage.one_writer else nullcontext()


def _url(text: str) -> URL:
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise SetupError(MALFORMED) from None


def _storage(url: URL) -> Storage:
    try:
        return STORAGES[url.get_backend_name()]
    except (ArgumentError, KeyError):
        raise SetupError(MALFORMED) from None


def _new_engine(address: str) -> Engine:
    url = _url(address)
    try:
        return _storage(url).engine(url)
    except (ArgumentError, ImportError, TypeError, ValueError):
        raise SetupError(MALFORMED) from None


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


def disconnect() -> None:
    """End all connections of this process; the next question opens new ones."""
    _kept.__dict__.clear()
    with _guard:
        for source in _engines.values():
            source.dispose()


def _forget_after_fork() -> None:
    # A connection must not be shared between processes, nor closed by the one that has not made it.
    _inherited.append(dict(_kept.__dict__))
    _kept.__dict__.clear()
    # What an engine has learned and compiled is no connection: every process would do it again.
    for url, source in _engines.items():
        source.dispose(close=False)
        _writers[url] = threading.Lock()


os.register_at_fork(after_in_child=_forget_after_fork)

"""Connections to the urn by its driver alone: what the process that respondents reach asks with.

What SQLite and PostgreSQL do differently stands in :mod:`survey.drivers`. A process keeps as many
connections as have been in use at the same moment, which are its threads at most.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from survey.drivers import Driver, driver_of
from survey.errors import DatabaseError, SetupError
from survey.files import open_to_others
from survey.home import DATABASE, DATABASE_VARIABLE, Home
from survey.inventory import COLUMNS, VERSION_TABLE

REPEATABLE = frozenset({"40001", "40P01"})
"""SQLSTATE of a serialization failure and of a deadlock."""
REPEATS = 3
NOTHING: Mapping[str, Any] = {}
Written = TypeVar("Written")

_sources: dict[str, Source] = {}
_addresses: dict[tuple[str, str, bool, str | None], str] = {}
_guard = threading.Lock()
_inherited: list[object] = []


class Link:
    """A connection in a transaction; values are named ``:so`` in a statement."""

    def __init__(self, connection: Any, driver: Driver) -> None:
        """The transaction has begun."""
        self._connection = connection
        self.driver = driver
        self._streams: list[Generator[Any, None, None]] = []

    def first(self, statement: str, values: Mapping[str, Any] = NOTHING) -> Any:
        """The first row of a statement, or None."""
        return self._asked(statement, values).fetchone()

    def all(self, statement: str, values: Mapping[str, Any] = NOTHING) -> list[tuple[Any, ...]]:
        """All rows of a statement."""
        rows: list[tuple[Any, ...]] = self._asked(statement, values).fetchall()
        return rows

    def named(self, statement: str) -> list[dict[str, Any]]:
        """All rows of a statement, each by the names of its columns."""
        cursor = self._asked(statement, NOTHING)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def number(self, statement: str, values: Mapping[str, Any] = NOTHING) -> int:
        """The one number of a statement that counts."""
        return int(self.first(statement, values)[0])

    def stream(self, statement: str, values: Mapping[str, Any] = NOTHING) -> Iterator[Any]:
        """The rows of a statement, a few at a time in memory, within the transaction."""
        rows = self.driver.stream(self._connection, statement, values)
        self._streams.append(rows)
        return rows

    def change(self, statement: str, values: Mapping[str, Any] = NOTHING) -> int:
        """How many rows a statement has changed."""
        return int(self._asked(statement, values).rowcount)

    def change_many(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do a statement once per row of values."""
        cursor = self._connection.cursor()
        cursor.executemany(self.driver.text(statement), rows)
        cursor.close()

    def commit(self) -> None:
        """Make what was done last; the transaction has ended.

        PostgreSQL answers a COMMIT after a statement that has failed with ROLLBACK, as if all
        were well: that is an error here.
        """
        cursor = self._connection.execute("COMMIT")
        if getattr(cursor, "statusmessage", None) == "ROLLBACK":
            raise self.driver.error()("a statement of the transaction had failed before")

    def end_streams(self) -> None:
        """Let go of rows that nobody has read: they would hold the transaction open."""
        for rows in self._streams:
            with suppress(self.driver.error()):
                rows.close()

    def holding(self, how: str) -> str:
        """The end of a SELECT that holds its rows until the transaction ends, such as ``UPDATE``.

        It is empty for a database that has one writer at a time.
        """
        return f" FOR {how}" if self.driver.row_locks else ""

    def _asked(self, statement: str, values: Mapping[str, Any]) -> Any:
        return self._connection.execute(self.driver.text(statement), values)


class Source:
    """Where the connections to one address come from and wait between two uses."""

    def __init__(self, url: str) -> None:
        """Nothing is connected yet."""
        self.url = url
        self.driver = driver_of(url)
        self.turn = threading.Lock()
        """Held by whoever writes, where the database has one writer."""
        self._idle: deque[Any] = deque()

    def asked(self, text: str, values: Mapping[str, Any] = NOTHING) -> tuple[Any, Any]:
        """A connection and the cursor of a first statement on it.

        A connection that the server has ended while it was idle is replaced. Raises
        ``DatabaseError``.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._first(self.connected(), text, values)
        try:
            return self._first(connection, text, values)
        except DatabaseError as error:
            if not error.is_lost:
                raise
        # Whatever else is idle was lost with it.
        self.disconnect()
        return self._first(self.connected(), text, values)

    def _first(self, connection: Any, text: str, values: Mapping[str, Any]) -> tuple[Any, Any]:
        with told(self.driver, connection):
            return connection, connection.execute(text, values)

    def give_back(self, connection: Any) -> None:
        """Keep a connection that is in no transaction for the next one who asks."""
        self._idle.append(connection)

    def disconnect(self) -> None:
        """End all connections that are idle."""
        while self._idle:
            with suppress(IndexError):
                _close(self._idle.pop())

    def leave(self) -> None:
        """Forget what belongs to the process that this one has parted from."""
        # A connection must not be closed by a process that has not made it.
        _inherited.append(self._idle)
        self._idle = deque()
        self.turn = threading.Lock()

    def connected(self) -> Any:
        """A new connection; raises ``DatabaseError``."""
        try:
            return self.driver.connect(self.url)
        except self.driver.error() as error:
            raise DatabaseError(error) from None


@contextmanager
def told(driver: Driver, connection: Any) -> Iterator[None]:
    """End a connection on which anything goes wrong, whatever state it is in.

    What the driver says is raised as ``DatabaseError``: its own words may quote values.
    """
    try:
        yield
    except BaseException as error:
        is_lost = driver.is_lost(connection)
        _close(connection)
        if isinstance(error, driver.error()):
            raise DatabaseError(error, is_lost=is_lost) from None
        raise


def _close(connection: Any) -> None:
    with suppress(Exception):
        connection.close()


def source(url: str) -> Source:
    """Where connections to an address come from, one per process and address."""
    if found := _sources.get(url):
        return found
    with _guard:
        if url not in _sources:
            # A process serves one urn; where tests and commands see several, one is in use.
            for other in _sources.values():
                other.disconnect()
            _sources[url] = Source(url)
        return _sources[url]


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
    return driver_of(home.database).name


def first_row(url: str, statement: str, values: Mapping[str, Any]) -> Any:
    """The first row of one statement that reads, or None; ``url`` is the :func:`address`.

    A single statement needs no transaction around it. Raises ``DatabaseError``.
    """
    place = source(url)
    connection, cursor = place.asked(place.driver.text(statement), values)
    with told(place.driver, connection):
        row = cursor.fetchone()
        cursor.close()
    place.give_back(connection)
    return row


@contextmanager
def reading(home: Home) -> Iterator[Link]:
    """A connection that sees one state of the database and changes nothing."""
    place = source(address(home))
    with _transaction(place, place.driver.begin_reading) as link:
        yield link


@contextmanager
def writing(home: Home) -> Iterator[Link]:
    """A transaction that writes all of it or nothing.

    On SQLite it holds the write lock from its first statement.
    """
    place = source(address(home))
    with turn(place), _transaction(place, place.driver.begin) as link:
        yield link


@contextmanager
def turn(place: Source) -> Iterator[None]:
    """The turn of one writer of this process, where the database has one at a time."""
    if not place.driver.one_writer:
        yield
        return
    with place.turn:
        yield


@contextmanager
def _transaction(place: Source, begin: str) -> Iterator[Link]:
    connection, _ = place.asked(begin)
    with told(place.driver, connection):
        link = Link(connection, place.driver)
        try:
            yield link
        finally:
            link.end_streams()
        link.commit()
    place.give_back(connection)


def written(home: Home, act: Callable[[Link], Written]) -> Written:
    """What an act returns in a transaction that writes; done again if the database asks for it.

    A server that lets transactions run side by side may undo one for another's sake, completely,
    and ask to repeat it (SQLSTATE 40001 and 40P01).
    """
    for _ in range(REPEATS):
        try:
            with writing(home) as link:
                return act(link)
        except DatabaseError as error:
            if error.sqlstate not in REPEATABLE:
                raise
    with writing(home) as link:
        return act(link)


def is_empty(home: Home) -> bool:
    """Whether the database has no tables yet."""
    url = home.database
    if driver_of(url).is_missing(url):
        return True
    with reading(home) as link:
        return not link.driver.tables(link)


def check(home: Home) -> None:
    """Nothing if schema, settings and permissions keep the promise; else ``SetupError``."""
    if found := faults(home):
        raise SetupError("the urn is not safe to use: " + "; ".join(found))


def faults(home: Home) -> list[str]:
    """A sentence for everything about schema, settings and permissions that breaks the promise."""
    with reading(home) as link:
        found = [*_schema_faults(link.driver.tables(link))]
        found += link.driver.faults(link, home.database)
    return found + open_to_others([home.secrets, *home.secrets.rglob("*")])


def _schema_faults(tables: Mapping[str, set[str]]) -> Iterator[str]:
    wanted, names = set(COLUMNS) - {VERSION_TABLE}, set(tables) - {VERSION_TABLE}
    if missing := wanted - names:
        yield f"tables are missing ({', '.join(sorted(missing))}), run `survey migrate`"
    if extra := names - wanted:
        yield f"unknown tables: {', '.join(sorted(extra))}"
    for name in sorted(names & wanted):
        if other := set(COLUMNS[name]) ^ tables[name]:
            yield f"table {name} has other columns: {', '.join(sorted(other))}"


def scrub(home: Home) -> None:
    """Leave no trace of deleted rows and of the order of arrival in the database's files.

    Raises ``SetupError`` if another process reads.
    """
    place = source(address(home))
    # Whoever of this process is idle would stand in the way of rewriting.
    place.disconnect()
    with turn(place):
        connection = place.connected()
        with told(place.driver, connection):
            done = place.driver.scrub(connection)
        _close(connection)
    if not done:
        raise SetupError(
            "another process is reading the urn, so that its files could not be rewritten: "
            "stop the server and repeat the command"
        )


def create(home: Home) -> None:
    """Make what the database of a home needs before the first connection."""
    url = home.database
    driver_of(url).create(url)


def disconnect() -> None:
    """End all idle connections of this process; the next question opens new ones."""
    for place in list(_sources.values()):
        place.disconnect()


def _forget_after_fork() -> None:
    for place in _sources.values():
        place.leave()


os.register_at_fork(after_in_child=_forget_after_fork)

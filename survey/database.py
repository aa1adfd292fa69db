"""The tables of the urn as SQLAlchemy sees them: for migrations, and for who looks from outside.

Whatever the program itself asks goes through :mod:`survey.links`, whose connections these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from survey import links
from survey.errors import DatabaseError
from survey.home import Home

_DIALECTS = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}


def engine(home: Home) -> Engine:
    """The engine of this installation; it keeps no connection that nobody uses."""
    return _engine_at(links.address(home))


@cache
def _engine_at(url: str) -> Engine:
    place = links.source(url)

    def connected() -> Any:
        connection = place.driver.connect(url)
        if not place.driver.one_writer:
            connection.autocommit = False
        return connection

    made = create_engine(_DIALECTS[place.driver.name], creator=connected, poolclass=NullPool)
    if place.driver.one_writer:
        event.listen(made, "begin", _begin)
    return made


@contextmanager
def reading(home: Home) -> Iterator[Connection]:
    """A connection that sees one state of the database and changes nothing."""
    source = engine(home)
    with source.connect() as plain:
        is_file = source.dialect.name == "sqlite"
        how = {} if is_file else {"isolation_level": "REPEATABLE READ"}
        connection = plain.execution_options(**how)
        with connection.begin():
            yield connection


@contextmanager
def writing(home: Home) -> Iterator[Connection]:
    """A transaction that writes all of it or nothing.

    On SQLite it holds the write lock from its first statement. Raises ``DatabaseError``.
    """
    place = links.source(links.address(home))
    try:
        with links.turn(place), engine(home).connect() as plain:
            connection = plain.execution_options(begin=place.driver.begin)
            with connection.begin():
                yield connection
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, Exception) else error
        raise DatabaseError(cause) from error


def _begin(connection: Connection) -> None:
    # The driver opens no transactions of its own accord.
    if begin := connection.get_execution_options().get("begin", "BEGIN"):
        connection.exec_driver_sql(begin)

"""T4: the storage as an outsider finds it, judged without the program's own check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from survey import database
from survey.attack.copies import Rows
from survey.database import VERSION_TABLE
from survey.home import Home
from survey.inventory import COLUMNS

WANTED = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
SILENT = {
    "track_commit_timestamp": "off",
    "log_statement": "none",
    "log_duration": "off",
    "log_min_duration_statement": "-1",
}
_TIMES = ("date", "time", "interval")


def faults(home: Home, tables: Mapping[str, Rows]) -> Iterator[str]:
    """Everything about tables and settings that could tell when or in which order."""
    with database.reading(home) as connection:
        if connection.dialect.name == "sqlite":
            yield from _of_file(connection)
        else:
            yield from _of_server(connection)
    for table, rows in tables.items():
        for column in rows[0] if rows else ():
            if table != VERSION_TABLE and column not in COLUMNS.get(table, {}):
                yield f"{table}.{column} has no purpose"


def _of_file(connection: Connection) -> Iterator[str]:
    for name, wanted in WANTED.items():
        found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
        if found != wanted:
            yield f"{name} is {found}"
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    for name, sql in connection.exec_driver_sql(query):
        if name != VERSION_TABLE and "WITHOUT ROWID" not in sql.upper():
            yield f"{name} has hidden row numbers"
        yield from (f"{name} has a column of type {kind}" for kind in _TIMES if kind in _types(sql))


def _types(sql: str) -> set[str]:
    return {word.strip("(),").lower() for word in sql.split()} - {"datetime"}


def _of_server(connection: Connection) -> Iterator[str]:
    for name, wanted in SILENT.items():
        found = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
        if found != wanted:
            yield f"{name} is {found}"
    query = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    for table, column, kind in connection.exec_driver_sql(query):
        if any(kind.startswith(word) for word in _TIMES):
            yield f"{table}.{column} is a {kind}"

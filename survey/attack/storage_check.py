"""T4: the storage as an outsider finds it, judged without the program's own check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey import links
from survey.attack.copies import Rows
from survey.home import Home
from survey.inventory import COLUMNS, VERSION_TABLE
from survey.links import Link

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
    with links.reading(home) as link:
        yield from (_of_file if link.driver.name == "sqlite" else _of_server)(link)
    for table, rows in tables.items():
        for column in rows[0] if rows else ():
            if table != VERSION_TABLE and column not in COLUMNS.get(table, {}):
                yield f"{table}.{column} has no purpose"


def _of_file(link: Link) -> Iterator[str]:
    for name, wanted in WANTED.items():
        found = link.all(f"PRAGMA {name}")[0][0]
        if found != wanted:
            yield f"{name} is {found}"
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
    for name, sql in link.all(query):
        if name != VERSION_TABLE and "WITHOUT ROWID" not in sql.upper():
            yield f"{name} has hidden row numbers"
        yield from (f"{name} has a column of type {kind}" for kind in _TIMES if kind in _types(sql))


def _types(sql: str) -> set[str]:
    return {word.strip("(),").lower() for word in sql.split()} - {"datetime"}


def _of_server(link: Link) -> Iterator[str]:
    for name, wanted in SILENT.items():
        found = link.all(f"SHOW {name}")[0][0]
        if found != wanted:
            yield f"{name} is {found}"
    query = (
        "SELECT table_name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    for table, column, kind in link.all(query):
        if any(kind.startswith(word) for word in _TIMES):
            yield f"{table}.{column} is a {kind}"

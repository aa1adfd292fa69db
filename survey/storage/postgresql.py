"""PostgreSQL: row locks instead of one writer, and a server that could write a diary.

The server must not log statements, keep commit times or stream its log to replicas: each
would tell when which code was used. While a study is open, the order of its rows can be read
from their place and their transaction, but only of codes and *sealed* ballots; at closing and
opening both tables are rewritten in the order of their random keys by one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from survey import schema
from survey.errors import SetupError

OLDEST = 130000
SETTINGS: dict[str, tuple[str, ...]] = {
    # A diary of transactions, statements or their parameters.
    "track_commit_timestamp": ("off",),
    "log_statement": ("none",),
    "log_duration": ("off",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "log_parser_stats": ("off",),
    "log_planner_stats": ("off",),
    "log_executor_stats": ("off",),
    "log_statement_stats": ("off",),
    "log_lock_waits": ("off",),
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
    "log_min_messages": ("info", "notice", "warning", "error", "log", "fatal", "panic"),
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none",),
    # What a stored ballot needs to be still there after a power cut.
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "local", "remote_write", "remote_apply"),
    "server_encoding": ("UTF8",),
}
"""Settings of the server and the values with which the promise holds; unknown ones are fine."""

_OPTIONS = "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000"


class PostgreSQL:
    """An urn in a database of its own on a PostgreSQL server."""

    begin = ""
    one_writer = False
    reading: Mapping[str, Any] = MappingProxyType({"isolation_level": "REPEATABLE READ"})

    def create(self, url: URL) -> None:
        """Nothing: whoever runs the server makes the database."""

    def is_missing(self, url: URL) -> bool:
        """Never: a server that is away is an error, not an empty urn."""
        return False

    def engine(self, url: URL) -> Engine:
        """A new engine that finds out by itself when the server was started anew."""
        settings = {"connect_timeout": 10, "application_name": "meinungsbild", "options": _OPTIONS}
        try:
            return create_engine(url, pool_pre_ping=True, connect_args=settings)
        except ModuleNotFoundError:
            raise SetupError(
                "the driver for PostgreSQL is missing: install meinungsbild[postgres] and write "
                "the address as postgresql+psycopg://…"
            ) from None

    def insert(self, table: Table) -> Any:
        """An insert statement in PostgreSQL's dialect."""
        # Loaded where it is used: it would slow every start on SQLite by a tenth.
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)

    def scrub(self, source: Engine) -> bool:
        """Rewrite both tables of the urn in the order of their keys, all rows by one transaction.

        Afterwards neither the place of a row nor its transaction tells when it came; the old
        files are gone from the data directory, not from archived logs.
        """
        try:
            with source.begin() as connection:
                for table in (schema.ballots, schema.codes):
                    _rewrite(connection, table)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") in ("55P03", "40P01"):
                return False
            raise
        _checkpoint(source)
        return True

    def faults(self, source: Engine) -> Iterator[str]:
        """Settings, replication, foreign objects, grants and an open line to the server."""
        with source.connect() as connection:
            yield from setting_faults(connection)
            yield from _replication_faults(connection)
            yield from _object_faults(connection)
            yield from _line_faults(connection)


def setting_faults(connection: Connection) -> Iterator[str]:
    """One sentence per setting of the server that would break the promise."""
    query = "SELECT current_setting(:name, true)"
    version = int(connection.execute(text(query), {"name": "server_version_num"}).scalar_one())
    if version < OLDEST:
        yield f"the server is PostgreSQL {version // 10000}, at least {OLDEST // 10000} is needed"
    for name, allowed in SETTINGS.items():
        found = connection.execute(text(query), {"name": name}).scalar()
        if found not in (None, "", *allowed):
            yield f"the server's setting {name} is {found} instead of {allowed[0]}"


def _replication_faults(connection: Connection) -> Iterator[str]:
    slots = connection.exec_driver_sql("SELECT slot_name FROM pg_replication_slots").scalars()
    for name in slots:
        yield f"the replication slot {name} keeps the order of changes: drop it"
    for name in connection.exec_driver_sql("SELECT pubname FROM pg_publication").scalars():
        yield f"the publication {name} hands on every change: drop it"


_FOREIGN = {
    "unknown trigger {1} on {0}": "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c "
    "ON c.oid = t.tgrelid WHERE NOT t.tgisinternal",
    "unknown rule {1} on {0}": "SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c "
    "ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'",
    "table {0} is not logged and would be empty after a power cut": "SELECT relname, "
    "relpersistence FROM pg_class WHERE relpersistence <> 'p'",
    "{1} may read or change table {0}: REVOKE it": "SELECT c.relname, "
    "CASE a.grantee WHEN 0 THEN 'everybody' ELSE a.grantee::regrole::text END "
    "FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee <> c.relowner AND a.grantee <> "
    "(SELECT oid FROM pg_roles WHERE rolname = current_user)",
}
"""What may not be about our tables, with the query that finds it: a table and a name."""


def _object_faults(connection: Connection) -> Iterator[str]:
    for sentence, query in _FOREIGN.items():
        found = {(table, name) for table, name in connection.exec_driver_sql(query)}
        for table, name in sorted(found):
            if table in schema.metadata.tables:
                yield sentence.format(table, name)
    views = (
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') "
        "AND relnamespace = current_schema()::regnamespace"
    )
    for name in connection.exec_driver_sql(views).scalars():
        yield f"unknown view {name}"


def _line_faults(connection: Connection) -> Iterator[str]:
    query = (
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND inet_server_addr() "
        "IS NOT NULL AND inet_server_addr() <> inet_client_addr()"
    )
    if connection.exec_driver_sql(query).scalar() is False:
        yield "the line to the server is not encrypted: add ?sslmode=require to the address"


def _rewrite(connection: Connection, table: Table) -> None:
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.exec_driver_sql(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
    columns = [Column(column.name, column.type) for column in table.columns]
    kept = Table(f"kept_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    kept.create(connection)
    connection.execute(kept.insert().from_select(kept.columns.keys(), select(table)))
    # Unlike DELETE it gives the table, its index and its long values new files.
    connection.exec_driver_sql(f"TRUNCATE {name}")
    in_order = select(kept).order_by(*(kept.c[column.name] for column in table.primary_key))
    connection.execute(table.insert().from_select(kept.columns.keys(), in_order))
    kept.drop(connection)


def _checkpoint(source: Engine) -> None:
    # Drops the old files now instead of at the next checkpoint; needs a right that is not vital.
    with source.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql("CHECKPOINT")
        except DBAPIError:
            return

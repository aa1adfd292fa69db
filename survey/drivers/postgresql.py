"""PostgreSQL: row locks instead of one writer, and a server that could write a diary.

The server must not log statements, keep commit times or stream its log to replicas: each
would tell when which code was used. While a study is open, the order of its rows can be read
from their place and their transaction, but only of codes and *sealed* ballots; at closing and
opening both tables are rewritten in the order of their random keys by one transaction
(:meth:`PostgreSQL.scrub`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from survey.errors import SetupError
from survey.home import MALFORMED
from survey.inventory import COLUMNS

if TYPE_CHECKING:
    from survey.drivers import Asking

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

CONNECTION = {
    "connect_timeout": 10,
    "application_name": "meinungsbild",
    "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
}
"""What every connection is made with."""
NO_DRIVER = (
    "the driver for PostgreSQL is missing: install meinungsbild[postgres] and write "
    "the address as postgresql+psycopg://…"
)
_NAMED = re.compile(r"(?<!:):([a-z_][a-z_0-9]*)")
_STREAMED = 200
_REWRITTEN = {"ballots": "study_id, key_digest", "codes": "study_id, digest"}
"""The tables that tell an order while they are filled, with their keys."""


class PostgreSQL:
    """An urn in a database of its own on a PostgreSQL server."""

    name = "postgresql"
    begin = "BEGIN"
    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    one_writer = False
    row_locks = True

    def connect(self, url: str) -> Any:
        """A connection; raises ``SetupError`` if the driver is missing or is another one."""
        return _driver().connect(autocommit=True, **parameters(url))

    def error(self) -> type[Exception]:
        """What the driver raises."""
        found: type[Exception] = _driver().Error
        return found

    def is_lost(self, connection: Any) -> bool:
        """Whether the server has ended it, for instance because it was started anew."""
        return bool(connection.closed)

    def text(self, statement: str) -> str:
        """The statement with values named as the driver wants it.

        >>> PostgreSQL().text("SELECT xmin::text FROM codes WHERE digest = :code")
        'SELECT xmin::text FROM codes WHERE digest = %(code)s'
        """
        return _text(statement)

    def stream(self, connection: Any, statement: str, values: Mapping[str, Any]) -> Iterator[Any]:
        """The rows, held by the server and fetched a few at a time."""
        with connection.cursor(name="streamed") as cursor:
            cursor.itersize = _STREAMED
            cursor.execute(_text(statement), values)
            yield from cursor

    def is_missing(self, url: str) -> bool:
        """Never: a server that is away is an error, not an empty urn."""
        return False

    def create(self, url: str) -> None:
        """Nothing: whoever runs the server makes the database."""

    def scrub(self, connection: Any) -> bool:
        """Rewrite both tables of the urn in the order of their keys, all rows by one transaction.

        Afterwards neither the place of a row nor its transaction tells when it came; the old
        files are gone from the data directory, not from archived logs.
        """
        try:
            with connection.transaction():
                for table, key in _REWRITTEN.items():
                    _rewrite(connection, table, key)
        except _driver().Error as error:
            if error.sqlstate in ("55P03", "40P01"):
                return False
            raise
        # Drops the old files now instead of at the next checkpoint; needs a right that is not
        # vital.
        with suppress(_driver().Error):
            connection.execute("CHECKPOINT")
        return True

    def tables(self, link: Asking) -> dict[str, set[str]]:
        """The columns of every table."""
        query = (
            "SELECT c.relname, a.attname FROM pg_class c LEFT JOIN pg_attribute a "
            "ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
            "WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace"
        )
        found: dict[str, set[str]] = {}
        for table, column in link.all(query):
            found.setdefault(table, set()).add(column)
        return found

    def faults(self, link: Asking, url: str) -> Iterator[str]:
        """Settings, replication, foreign objects, grants and an open line to the server."""
        yield from setting_faults(link)
        yield from _replication_faults(link)
        yield from _object_faults(link)
        yield from _line_faults(link)


def parameters(url: str) -> dict[str, Any]:
    """What the driver is to connect to, and how; raises ``SetupError`` if an address is malformed.

    >>> found = parameters("postgresql+psycopg://eva:a%40b@db:5433/urn?sslmode=require")
    >>> [found[name] for name in ("host", "port", "user", "password", "dbname", "sslmode")]
    ['db', '5433', 'eva', 'a@b', 'urn', 'require']
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        query = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise SetupError(MALFORMED) from None
    if parts.scheme != "postgresql+psycopg":
        raise SetupError(NO_DRIVER)
    if not url.startswith("postgresql+psycopg://") or not parts.path.strip("/"):
        raise SetupError(MALFORMED)
    named = {
        "host": unquote(parts.hostname or ""),
        "port": "" if port is None else str(port),
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "dbname": unquote(parts.path.removeprefix("/")),
    }
    given = {name: ",".join(values) for name, values in query.items()}
    return {**CONNECTION, **{name: value for name, value in named.items() if value}, **given}


def _rewrite(connection: Any, table: str, key: str) -> None:
    for statement in (
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TEMPORARY TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table}",  # noqa: S608
        # Unlike DELETE it gives the table, its index and its long values new files.
        f"TRUNCATE {table}",
        f"INSERT INTO {table} SELECT * FROM kept_{table} ORDER BY {key}",  # noqa: S608
    ):
        connection.execute(statement)


def without_password(url: str) -> tuple[str, str]:
    """An address for PostgreSQL's own programs, and the password that was in it.

    >>> without_password("postgresql+psycopg://eva:a%40b@db/urn")
    ('postgresql://eva@db/urn', 'a@b')
    """
    parts = urlsplit(url)
    user, _, place = parts.netloc.rpartition("@")
    name = f"{user.partition(':')[0]}@" if user else ""
    address = parts._replace(scheme="postgresql", netloc=name + place).geturl()
    if not parts.netloc:
        address = address.replace("postgresql:/", "postgresql:///", 1)
    return address, unquote(parts.password or "")


@lru_cache(maxsize=256)
def _text(statement: str) -> str:
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%"))


def _driver() -> Any:
    # Loaded where it is used: an urn in a file needs none of it.
    try:
        import psycopg
    except ImportError:
        raise SetupError(NO_DRIVER) from None
    return psycopg


def setting_faults(link: Asking) -> Iterator[str]:
    """One sentence per setting of the server that would break the promise."""
    query = "SELECT current_setting(:name, true)"
    version = int(link.all(query, {"name": "server_version_num"})[0][0])
    if version < OLDEST:
        yield f"the server is PostgreSQL {version // 10000}, at least {OLDEST // 10000} is needed"
    for name, allowed in SETTINGS.items():
        found = link.all(query, {"name": name})[0][0]
        if found not in (None, "", *allowed):
            yield f"the server's setting {name} is {found} instead of {allowed[0]}"


def _replication_faults(link: Asking) -> Iterator[str]:
    for (name,) in link.all("SELECT slot_name FROM pg_replication_slots"):
        yield f"the replication slot {name} keeps the order of changes: drop it"
    for (name,) in link.all("SELECT pubname FROM pg_publication"):
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


def _object_faults(link: Asking) -> Iterator[str]:
    for sentence, query in _FOREIGN.items():
        for table, name in sorted(set(link.all(query))):
            if table in COLUMNS:
                yield sentence.format(table, name)
    views = (
        "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') "
        "AND relnamespace = current_schema()::regnamespace"
    )
    for (name,) in link.all(views):
        yield f"unknown view {name}"


def _line_faults(link: Asking) -> Iterator[str]:
    query = (
        "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND inet_server_addr() "
        "IS NOT NULL AND inet_server_addr() <> inet_client_addr()"
    )
    if link.all(query) == [(False,)]:
        yield "the line to the server is not encrypted: add ?sslmode=require to the address"

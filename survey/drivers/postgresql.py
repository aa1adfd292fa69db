"""PostgreSQL: row locks instead of one writer, and a server that could write a diary.

The server must not log statements, keep commit times or stream its log to replicas: each
would tell when which code was used. While a study is open, the order of its rows can be read
from their place and their transaction, but only of codes and *sealed* ballots; at closing and
opening both tables are rewritten in the order of their random keys by one transaction
(:meth:`PostgreSQL.scrub`).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

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
    "connect_timeout": "10",
    "application_name": "meinungsbild",
    "options": "-c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
}
"""What every connection is made with."""
NO_DRIVER = (
    "the driver for PostgreSQL is missing: install meinungsbild[postgres] and write "
    "the address as postgresql+psycopg://…"
)
_ADDRESS = re.compile(
    r"postgresql(?P<driver>\+\w+)?://(?:(?P<user>[^:/@]*)(?::(?P<password>[^@]*))?@)?"
    r"(?:\[(?P<six>[^]/?]+)\]|(?P<host>[^]/:?@]*))(?::(?P<port>\d+))?"
    r"(?:/(?P<dbname>[^?]*))?(?:\?(?P<query>.*))?"
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
        driver = _driver()
        given = parameters(url)
        options = " ".join(filter(None, (given.get("options"), CONNECTION["options"])))
        try:
            address = driver.conninfo.make_conninfo(**{**given, **CONNECTION, "options": options})
        except driver.Error:
            raise SetupError(MALFORMED) from None
        return driver.connect(address, autocommit=True)

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

    def stream(
        self, connection: Any, statement: str, values: Mapping[str, Any]
    ) -> Generator[Any, None, None]:
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


def parameters(url: str) -> dict[str, str]:
    """What an address says; raises ``SetupError`` if it is malformed or for another driver.

    >>> sorted(parameters("postgresql+psycopg://eva:a%40b@db:5433/urn").items())
    [('dbname', 'urn'), ('host', 'db'), ('password', 'a@b'), ('port', '5433'), ('user', 'eva')]
    >>> parameters("postgresql+psycopg:///urn?host=one:5432&host=two:5433")
    {'dbname': 'urn', 'host': 'one,two', 'port': '5432,5433'}
    """
    found = _ADDRESS.fullmatch(url)
    if found is None:
        raise SetupError(MALFORMED)
    parts = found.groupdict()
    if parts.pop("driver") != "+psycopg":
        raise SetupError(NO_DRIVER)
    query = parse_qs(parts.pop("query") or "")
    parts["host"] = parts.pop("six") or parts["host"]
    named = {name: unquote(value) for name, value in parts.items() if value}
    if len(hosts := query.get("host", [])) > 1:
        pairs = [host.partition(":") for host in hosts]
        query["host"] = [",".join(host for host, _, _ in pairs)]
        query["port"] = [",".join(port for _, _, port in pairs)]
    return {**named, **{name: values[-1] for name, values in query.items()}}


def without_password(url: str) -> tuple[str, str]:
    """An address for PostgreSQL's own programs, and the password that was in it.

    >>> without_password("postgresql+psycopg://eva:a%40b@db/urn")
    ('user=eva host=db dbname=urn', 'a@b')
    """
    given = parameters(url)
    password = given.pop("password", "")
    return _driver().conninfo.make_conninfo(**given), password


def _rewrite(connection: Any, table: str, key: str) -> None:
    for statement in (
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"CREATE TEMPORARY TABLE kept_{table} ON COMMIT DROP AS SELECT * FROM {table}",  # noqa: S608
        # Unlike DELETE it gives the table, its index and its long values new files.
        f"TRUNCATE {table}",
        f"INSERT INTO {table} SELECT * FROM kept_{table} ORDER BY {key}",  # noqa: S608
    ):
        connection.execute(statement)


@lru_cache(maxsize=256)
def _text(statement: str) -> str:
    return _NAMED.sub(r"%(\1)s", statement.replace("%", "%%"))


def _driver() -> Any:
    # Loaded where it is used: an urn in a file needs none of it.
    try:
        import psycopg.conninfo
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

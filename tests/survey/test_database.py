from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from survey import database, schema
from survey.errors import SetupError
from survey.home import Home
from survey.migrations import upgrade

TIME_WORDS = ("time", "date", "created", "updated", "at", "ip", "address", "agent", "seq", "order")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    upgrade(made)
    return made


def test_the_migrated_schema_is_the_metadata(home: Home) -> None:
    with database.reading(home) as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, schema.metadata) == []


def test_upgrading_twice_changes_nothing(home: Home) -> None:
    before = _dump(home)
    upgrade(home)
    assert _dump(home) == before


def test_every_table_is_without_rowid_and_has_no_column_for_time_or_order(home: Home) -> None:
    tables = {sql for sql in _dump(home) if sql and "alembic_version" not in sql}
    assert len(tables) == 5
    assert all("WITHOUT ROWID" in sql for sql in tables)
    columns = [column.name for table in schema.metadata.tables.values() for column in table.columns]
    assert not [name for name in columns if set(name.split("_")) & set(TIME_WORDS)]


def test_an_installation_as_made_passes_its_check(home: Home) -> None:
    database.check(home)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE ballots ADD COLUMN cast_at TEXT", "ballots has other columns: cast_at"),
        ("CREATE TABLE visits (address TEXT)", "unknown tables: visits"),
        ("CREATE VIEW seen AS SELECT * FROM codes", "unknown view seen"),
        (
            "CREATE TRIGGER log AFTER DELETE ON codes BEGIN DELETE FROM ballots; END",
            "unknown trigger log",
        ),
        ("DROP TABLE ballots", "tables are missing"),
        (
            "DROP TABLE ballots; CREATE TABLE ballots (study_id VARCHAR(64) NOT NULL, "
            "key_digest BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (study_id, key_digest))",
            "ballots keeps row numbers",
        ),
    ],
)
def test_a_changed_schema_is_refused(home: Home, change: str, told: str) -> None:
    connection = sqlite3.connect(home.database_file)
    connection.executescript(change)
    connection.close()
    with pytest.raises(SetupError, match=told):
        database.check(home)


@pytest.mark.parametrize("name", ["urn.sqlite", "secrets", "secrets/code-key"])
def test_files_that_others_can_read_are_refused(home: Home, name: str) -> None:
    (home.path / name).chmod(0o755)
    with pytest.raises(SetupError, match="open to other users"):
        database.check(home)


def test_the_settings_are_those_that_are_promised(home: Home) -> None:
    with database.reading(home) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_connection_caches_little_because_every_thread_of_a_server_has_its_own(
    home: Home,
) -> None:
    with database.reading(home) as connection:
        kibibytes = -connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    assert 0 < kibibytes <= 256


def test_a_writer_holds_the_lock_from_its_first_moment(home: Home) -> None:
    entered, seen = threading.Event(), []

    def second() -> None:
        entered.set()
        with database.writing(home) as connection:
            seen.append(connection.exec_driver_sql("SELECT count(*) FROM studies").scalar_one())

    other = threading.Thread(target=second)
    with database.writing(home) as connection:
        other.start()
        entered.wait()
        connection.execute(schema.studies.insert().values(_study_row()))
        assert seen == []
    other.join()
    assert seen == [1]


def test_a_failed_transaction_leaves_nothing(home: Home) -> None:
    with pytest.raises(IntegrityError), database.writing(home) as connection:
        connection.execute(schema.studies.insert(), [_study_row(), _study_row()])
    with database.reading(home) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM studies").scalar_one() == 0


def test_a_thread_asks_on_a_connection_that_ends_with_the_pool(home: Home) -> None:
    url, asked = database.address(home), select(schema.studies.c.id)
    assert database.first_row(url, asked, {}) is None
    kept = database._kept.connection
    database.first_row(url, asked, {})
    assert database._kept.connection is kept
    database.engine(home).dispose()
    database.first_row(url, asked, {})
    assert database._kept.connection is not kept
    database.disconnect()
    assert not hasattr(database._kept, "connection")


def test_a_broken_connection_is_not_kept(home: Home) -> None:
    url, asked = database.address(home), select(schema.studies.c.id)
    database.first_row(url, asked, {})
    database._kept.connection.close()
    with pytest.raises(DBAPIError):
        database.first_row(url, asked, {})
    assert database.first_row(url, asked, {}) is None


def test_a_database_in_memory_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEINUNGSBILD_DATABASE", "sqlite://")
    with pytest.raises(SetupError, match="in memory"):
        database.check(home)


def test_without_a_home_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="survey init"), database.reading(Home(tmp_path / "none")):
        pass


def _dump(home: Home) -> list[str]:
    with database.reading(home) as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table'")
        return [row.sql for row in rows]


def _study_row() -> dict[str, object]:
    row: dict[str, object] = {column.name: "" for column in schema.studies.columns}
    numbers = {"padded_size": 1024, "shown_count": 0, "shown_day": 0}
    return row | numbers | {"id": "staff", "demo": False}

from __future__ import annotations

import gc
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import make_url

from survey import database, links, schema
from survey.drivers.postgresql import parameters, without_password
from survey.errors import DatabaseError, SetupError
from survey.home import DATABASE_VARIABLE, Home
from survey.migrations import upgrade

ASKED = "SELECT id FROM studies"
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
    links.check(home)


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
        links.check(home)


@pytest.mark.parametrize("name", ["urn.sqlite", "secrets", "secrets/code-key"])
def test_files_that_others_can_read_are_refused(home: Home, name: str) -> None:
    (home.path / name).chmod(0o755)
    with pytest.raises(SetupError, match="open to other users"):
        links.check(home)


def test_the_settings_are_those_that_are_promised(home: Home) -> None:
    with links.reading(home) as link:
        found = {
            name: link.all(f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_a_connection_caches_little_because_every_thread_of_a_server_has_its_own(
    home: Home,
) -> None:
    with links.reading(home) as link:
        kibibytes = -link.number("PRAGMA cache_size")
    assert 0 < kibibytes <= 256


def test_a_writer_holds_the_lock_from_its_first_moment(home: Home) -> None:
    entered, seen = threading.Event(), []

    def second() -> None:
        entered.set()
        with links.writing(home) as link:
            seen.append(link.number("SELECT count(*) FROM studies"))

    other = threading.Thread(target=second)
    with links.writing(home) as link:
        other.start()
        entered.wait()
        _add_study(link)
        assert seen == []
    other.join()
    assert seen == [1]


def test_a_failed_transaction_leaves_nothing(home: Home) -> None:
    with pytest.raises(DatabaseError), links.writing(home) as link:
        _add_study(link, times=2)
    with links.reading(home) as link:
        assert link.number("SELECT count(*) FROM studies") == 0


def test_a_connection_is_used_again_until_it_is_ended(home: Home) -> None:
    url = links.address(home)
    place = links.source(url)
    assert links.first_row(url, ASKED, {}) is None
    [kept] = place._idle
    links.first_row(url, ASKED, {})
    assert list(place._idle) == [kept]
    links.disconnect()
    assert not place._idle
    links.first_row(url, ASKED, {})
    assert list(place._idle) != [kept]


def test_a_process_keeps_no_more_connections_than_were_in_use_at_once(home: Home) -> None:
    place = links.source(links.address(home))
    with links.reading(home), links.reading(home):
        assert not place._idle
    for _ in range(5):
        with links.reading(home):
            pass
    assert len(place._idle) == 2


def test_a_broken_connection_is_not_kept(home: Home) -> None:
    url = links.address(home)
    links.first_row(url, ASKED, {})
    links.source(url)._idle[0].close()
    with pytest.raises(DatabaseError):
        links.first_row(url, ASKED, {})
    assert links.first_row(url, ASKED, {}) is None


def test_what_the_driver_says_of_values_is_no_part_of_the_error(home: Home) -> None:
    with pytest.raises(DatabaseError) as caught:
        links.first_row(links.address(home), "SELECT 'Brunnen' FROM nowhere_Brunnen", {})
    assert "Brunnen" not in str(caught.value)
    assert "Brunnen" in str(caught.value.orig)


def test_a_connection_that_cannot_be_set_up_is_closed(home: Home) -> None:
    links.disconnect()
    home.database_file.write_bytes(b"no database" * 1000)
    gc.disable()
    try:
        before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(20):
            with pytest.raises(DatabaseError):
                links.first_row(links.address(home), ASKED, {})
        assert len(list(Path("/proc/self/fd").iterdir())) <= before
    finally:
        gc.enable()


def test_what_cannot_be_read_from_a_row_is_an_error_of_the_database_and_ends_the_connection(
    home: Home,
) -> None:
    url = links.address(home)
    with pytest.raises(DatabaseError):
        links.first_row(url, "SELECT CAST(x'ff' AS TEXT)", {})
    assert not links.source(url)._idle


def test_rows_that_nobody_has_read_do_not_hold_a_transaction(home: Home) -> None:
    with links.writing(home) as link:
        _add_study(link)
    with links.reading(home) as link:
        assert next(link.stream("SELECT state FROM studies, sqlite_master")) == ("",)
    with links.writing(home) as link:
        link.change("UPDATE studies SET state = 'open'")
    with links.reading(home) as link:
        assert link.first("SELECT state FROM studies") == ("open",)


def test_a_failure_amid_rows_frees_the_urn_for_others(home: Home) -> None:
    with links.writing(home) as link:
        _add_study(link)
    with pytest.raises(KeyError) as kept:
        _fail_amid_rows(home)
    other = sqlite3.connect(home.database_file, timeout=0, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert other.execute("SELECT state FROM studies").fetchall() == [("",)]
    other.close()
    assert kept.value


def _fail_amid_rows(home: Home) -> None:
    with links.writing(home) as link:
        link.change("UPDATE studies SET state = 'open'")
        for _ in link.stream("SELECT state FROM studies, sqlite_master"):
            raise KeyError("amid")


def test_an_urn_that_was_moved_away_is_not_replaced_by_an_empty_one(home: Home) -> None:
    home.database_file.rename(home.path / "away")
    links.disconnect()
    with pytest.raises(SetupError, match="does not exist"), links.reading(home):
        pass
    assert not home.database_file.exists()


def test_a_database_in_memory_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEINUNGSBILD_DATABASE", "sqlite://")
    with pytest.raises(SetupError, match="in memory"):
        links.check(home)


def test_without_a_home_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="survey init"), links.reading(Home(tmp_path / "none")):
        pass


def _dump(home: Home) -> list[str]:
    with database.reading(home) as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE type = 'table'")
        return [row.sql for row in rows]


def _add_study(link: links.Link, times: int = 1) -> None:
    row: dict[str, object] = {column.name: "" for column in schema.studies.columns}
    numbers = {"padded_size": 1024, "shown_count": 0, "shown_day": 0}
    values = row | numbers | {"id": "staff", "demo": False}
    names, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    for _ in range(times):
        link.change(f"INSERT INTO studies ({names}) VALUES ({marks})", values)


ADDRESSES = (
    "postgresql+psycopg:///urn?host=/var/run/postgresql",
    "postgresql+psycopg://eva@db.example.org/urn?sslmode=require",
    "postgresql+psycopg://eva:a%40b%2Fc%3A@[2001:db8::1]:5433/urn",
    "postgresql+psycopg://eva:1/b#c?d[e@db/urn",
    "postgresql+psycopg://eva@db?service=urn",
    "postgresql+psycopg://eva:secret@10.0.0.2:5432/city%20urn?sslmode=verify-full&sslrootcert=/a",
)


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_means_what_it_means_to_sqlalchemy(text: str) -> None:
    url = make_url(text)
    wanted = {
        "host": url.host,
        "port": None if url.port is None else str(url.port),
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **url.query,
    }
    assert parameters(text) == {key: value for key, value in wanted.items() if value is not None}


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_for_other_programs_has_no_password(text: str) -> None:
    shown, password = without_password(text)
    url = make_url(text)
    assert password == (url.password or "")
    left = {key: value for key, value in parameters(text).items() if key != "password"}
    assert conninfo_to_dict(shown) == left


@pytest.mark.parametrize(
    "text",
    [
        "geheim.db",
        "mysql://city/urn",
        "postgresql+psycopg://city:many/urn",
        "postgresql+psycopg:urn",
        "sqlite://city/urn.sqlite",
    ],
)
def test_an_address_that_names_no_database_is_told_without_being_repeated(
    home: Home, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, text)
    with pytest.raises(SetupError, match="names no database") as caught, links.reading(home):
        pass
    assert text not in str(caught.value)


def test_another_driver_than_ours_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql+psycopg2://city/urn")
    with pytest.raises(SetupError, match=r"write the address as postgresql\+psycopg"):
        links.check(home)

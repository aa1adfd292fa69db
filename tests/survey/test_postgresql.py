"""What PostgreSQL must and must not be told to do, on a real server."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import postgres
import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from click.testing import CliRunner
from urn_example import NOW, environment, fill, opened_desk

from survey import database, links, migrations, opening, schema, studies, urn
from survey.cli import survey
from survey.desk import Desk
from survey.drivers.postgresql import SETTINGS
from survey.errors import DatabaseError, SetupError
from survey.home import DATABASE_VARIABLE, Home
from survey.links import Link
from survey.states import State


@pytest.fixture
def home(postgresql_home: Home) -> Home:
    migrations.upgrade(postgresql_home)
    return postgresql_home


def test_the_migrated_schema_is_the_metadata(home: Home) -> None:
    with database.reading(home) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, schema.metadata) == []


def test_a_home_keeps_the_database_it_has(home: Home) -> None:
    home.set_database(home.database)
    with pytest.raises(SetupError, match="another database already"):
        home.set_database("postgresql+psycopg:///elsewhere")


def test_init_keeps_the_address_under_secrets_for_its_owner_alone(
    postgresql: postgres.Server, tmp_path: Path
) -> None:
    address, place = postgresql.create(), tmp_path / "home"
    made = CliRunner().invoke(survey, ["--home", str(place), "init", "--database", address])
    assert made.exit_code == 0, made.output
    assert address not in made.output
    assert Home(place).database == address
    assert (place / "secrets" / "database").stat().st_mode & 0o777 == 0o600
    assert not (place / "urn.sqlite").exists()
    links.check(Home(place))
    links.disconnect()
    postgresql.drop(address)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("log_statement", "all"),
        ("log_statement", "mod"),
        ("log_duration", "on"),
        ("log_min_duration_statement", "0"),
        ("log_min_duration_sample", "10"),
        ("log_transaction_sample_rate", "0.5"),
        ("log_parameter_max_length_on_error", "-1"),
        ("log_executor_stats", "on"),
        ("log_lock_waits", "on"),
        ("debug_print_plan", "on"),
        ("log_min_messages", "debug1"),
        ("auto_explain.log_min_duration", "0"),
        ("pgaudit.log", "write"),
        ("synchronous_commit", "off"),
    ],
)
def test_a_server_that_keeps_a_diary_or_may_forget_is_refused_by_the_settings_name(
    home: Home, postgresql: postgres.Server, setting: str, value: str
) -> None:
    links.check(home)
    name = postgres.name_of(home.database)
    postgresql.run(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    links.disconnect()
    with pytest.raises(SetupError, match=f"setting {setting} is "):
        links.check(home)


@pytest.mark.parametrize(
    "setting", ["track_commit_timestamp=on", "log_statement=all", "log_min_duration_statement=250"]
)
def test_the_start_is_refused_with_the_name_of_the_setting(
    home: Home, postgresql: postgres.Server, setting: str
) -> None:
    opened_desk(home, "staff")
    with _started_with(postgresql, setting):
        links.disconnect()
        for start in (
            [sys.executable, "-m", "survey.cli", "--home", str(home.path), "serve", "--port", "1"],
            [sys.executable, "-c", "import wsgi"],
        ):
            done = subprocess.run(
                start,
                env=environment() | {"MEINUNGSBILD_HOME": str(home.path)},
                cwd=Path(__file__).parent.parent.parent,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == 1
            assert setting.split("=")[0] in done.stderr
        with pytest.raises(SetupError, match=setting.split("=")[0]):
            Desk.open(home, "staff")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE ballots ADD COLUMN cast_at timestamptz", "ballots has other columns"),
        ("CREATE TABLE visits (address text)", "unknown tables: visits"),
        ("CREATE VIEW seen AS SELECT * FROM codes", "unknown view seen"),
        ("CREATE RULE seen AS ON DELETE TO codes DO ALSO NOTHING", "unknown rule seen on codes"),
        ("ALTER TABLE versions SET UNLOGGED", "table versions is not logged"),
        ("GRANT SELECT ON ballots TO PUBLIC", "everybody may read or change table ballots"),
        ("GRANT SELECT ON codes TO pg_monitor", "pg_monitor may read or change table codes"),
        ("CREATE PUBLICATION abroad FOR ALL TABLES", "publication abroad"),
        (
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
            "CREATE TRIGGER diary AFTER INSERT ON ballots EXECUTE FUNCTION note()",
            "unknown trigger diary on ballots",
        ),
    ],
)
def test_a_changed_schema_is_refused(home: Home, change: str, told: str) -> None:
    with links.writing(home) as link:
        link.change(change)
    with pytest.raises(SetupError, match=told):
        links.check(home)


def test_a_replication_slot_is_refused(home: Home, postgresql: postgres.Server) -> None:
    postgresql.run("SELECT pg_create_physical_replication_slot('copy')")
    try:
        with pytest.raises(SetupError, match="replication slot copy"):
            links.check(home)
    finally:
        postgresql.run("SELECT pg_drop_replication_slot('copy')")


def test_every_setting_that_is_judged_exists_or_belongs_to_an_extension(home: Home) -> None:
    with links.reading(home) as link:
        known = {name for (name,) in link.all("SELECT name FROM pg_settings")}
    assert {name for name in SETTINGS if "." not in name} <= known


def test_after_closing_rows_lie_in_the_order_of_random_keys_and_share_one_transaction(
    home: Home,
) -> None:
    door = opened_desk(home, "staff")
    fill(door, 30)
    before = _places(home, "key_digest", "ballots")
    assert before != sorted(before)
    studies.close_study(home, "staff", NOW)
    lying = _places(home, "key_digest", "ballots")
    assert lying == sorted(before)
    for table in ("ballots", "codes"):
        assert len(set(_places(home, "xmin::text", table))) <= 1
    links.check(home)


def test_after_the_opening_the_tables_files_are_empty(home: Home) -> None:
    fill(opened_desk(home, "staff"), 30)
    studies.close_study(home, "staff", NOW)
    opening.open_on_server(home, "staff")
    query = "SELECT pg_table_size(:table)"
    with links.reading(home) as link:
        for table in ("ballots", "codes"):
            # One page at most for the free-space map: no row, no dead row.
            assert link.number(query, {"table": table}) <= 8192


def test_migrations_run_forward_on_a_filled_database(home: Home) -> None:
    used = fill(opened_desk(home, "staff"), 12)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing(home) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    with pytest.raises(SetupError, match="survey migrate"):
        links.check(home)
    migrations.upgrade(home)
    with links.reading(home) as link:
        assert urn.exact_count(link, "staff") == len(used) == 12
        assert link.all("SELECT * FROM codes") == []
    studies.close_study(home, "staff", NOW)
    assert opening.open_on_server(home, "staff").protocol["accepted"] == 12


def test_closing_waits_for_a_ballot_that_is_on_its_way(home: Home) -> None:
    opened_desk(home, "staff")
    closing = threading.Thread(target=studies.close_study, args=(home, "staff", NOW))
    with links.writing(home) as link:
        assert studies.held_state(link, "staff") is State.OPEN
        closing.start()
        closing.join(0.3)
        assert closing.is_alive()
        assert studies.current_state(link, "staff") is State.OPEN
    closing.join()
    assert studies.load_study(home, "staff").state is State.CLOSED


def _places(home: Home, column: str, table: str) -> list[Any]:
    """A column in the order in which the rows lie in the table's file."""
    query = f"SELECT {column} FROM {table} ORDER BY ctid"
    with links.reading(home) as link:
        return [value for (value,) in link.all(query)]


@contextmanager
def _started_with(server: postgres.Server, setting: str) -> Iterator[None]:
    if not isinstance(server, postgres.Cluster):
        pytest.skip("the server is not ours to restart")
    with server.started_with(setting):
        yield


def test_options_of_an_address_do_not_switch_off_ours(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        DATABASE_VARIABLE,
        f"{home.database}&options=-csearch_path%3Dpublic%20-clock_timeout%3D0&connect_timeout=99",
    )
    asked = ("search_path", "lock_timeout", "idle_in_transaction_session_timeout")
    with links.reading(home) as link:
        found = [link.all("SELECT current_setting(:name)", {"name": name})[0][0] for name in asked]
    assert found == ["public", "10s", "1min"]


def test_an_address_cannot_set_what_is_the_drivers(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, f"{home.database}&autocommit=false")
    with pytest.raises(SetupError, match="names no database"), links.reading(home):
        pass


def test_an_error_of_a_statement_is_no_lost_server(home: Home) -> None:
    url = links.address(home)
    place = links.source(url)
    with links.reading(home), links.reading(home):
        pass
    pids = {connection.info.backend_pid for connection in place._idle}
    with pytest.raises(DatabaseError) as caught:
        links.first_row(url, "SELECT 1 / 0", {})
    assert not caught.value.is_lost
    assert {connection.info.backend_pid for connection in place._idle} < pids


def test_a_connection_that_the_server_has_ended_is_replaced(
    home: Home, postgresql: postgres.Server
) -> None:
    url = links.address(home)
    with links.reading(home) as link:
        ended = link.number("SELECT pg_backend_pid()")
    postgresql.run(f"SELECT pg_terminate_backend({ended})")
    assert links.first_row(url, "SELECT pg_backend_pid()", {})[0] != ended


def test_a_transaction_in_which_a_statement_has_failed_is_not_said_to_be_done(home: Home) -> None:
    with pytest.raises(DatabaseError, match="Error"):
        _swallow_a_failure(home)


def _swallow_a_failure(home: Home) -> None:
    with links.writing(home) as link, suppress(psycopg.Error):
        link.change("SELECT 1 / 0")


def test_rows_that_nobody_has_read_do_not_hold_a_transaction(home: Home) -> None:
    with links.reading(home) as link:
        assert next(link.stream("SELECT generate_series(1, 1000)")) == (1,)
    with links.reading(home) as link:
        assert link.number("SELECT count(*) FROM pg_cursors") == 0


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_transaction_that_the_server_undoes_for_anothers_sake_is_done_again(
    home: Home, state: str
) -> None:
    tries: list[int] = []

    def put(link: Link) -> int:
        tries.append(len(tries))
        urn.put(link, "staff", bytes([len(tries)]) * 32, b"sealed")
        if len(tries) < 3:
            raised = f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$"
            link.change(raised)
        return len(tries)

    opened_desk(home, "staff")
    assert links.written(home, put) == 3
    with links.reading(home) as link:
        kept = link.all("SELECT key_digest FROM ballots")
    assert kept == [(b"\3" * 32,)]


def test_a_transaction_is_not_repeated_for_ever_or_for_any_other_reason(home: Home) -> None:
    tries: list[str] = []

    def fail(state: str, link: Link) -> None:
        tries.append(state)
        link.change(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}'; END $$")

    for state in ("40001", "23505"):
        with pytest.raises(DatabaseError):
            links.written(home, partial(fail, state))
    assert tries == ["40001"] * (links.REPEATS + 1) + ["23505"]

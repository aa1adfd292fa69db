"""``survey doctor`` finds what is wrong with an installation on both databases, and what to do."""

from __future__ import annotations

import json
import os
import re
import tempfile
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import fontpkg_source_sans_3
import pytest
from urn_example import NOW, add, open_signed, opened_desk

from survey import health, health_sentences, health_urn, links, migrations, studies
from survey.cli import run, survey
from survey.health import Result, Verdict, file_system
from survey.home import Home
from survey.records import write_record


def about(home: Home, check: health.Check) -> list[Result]:
    return list(check(home))


def faults(home: Home, check: health.Check) -> list[Result]:
    return [result for result in check(home) if result.verdict is not Verdict.FINE]


def test_a_sound_installation_has_nothing_to_mend(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    opened_desk(home, "staff")
    words = ["--home", str(home.path), "doctor", "--lang", "en"]
    assert run(survey, words, "survey") == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert "WRONG" not in told
    for part in ("Python 3.", "printing works", "GiB free", "the clock says", "staff: open"):
        assert part in told
    assert links.kind(home) in told
    assert run(survey, [*words, "--format", "json"], "survey") == 0
    raw: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert {entry["about"] for entry in raw} == {name for name, _ in health_urn.CHECKS}
    # Whatever is not in order says what to do.
    assert all(entry["advice"] for entry in raw if entry["verdict"] != "ok")
    assert not [path for path in home.path.iterdir() if path.name.startswith(".doctor-")]


def test_a_home_that_is_not_there_is_named_with_the_command_that_makes_it(tmp_path: Path) -> None:
    [result] = faults(Home(tmp_path / "nowhere"), health.place)
    assert "survey init" in result.advice()
    assert not (tmp_path / "nowhere").exists()


def test_rights_a_full_disk_and_a_remote_disk_are_found(
    sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sqlite_home, "staff")
    assert faults(sqlite_home, health.place) == []
    sqlite_home.secrets.chmod(0o750)
    [result] = faults(sqlite_home, health.place)
    assert result.advice() == f"chmod 700 {sqlite_home.secrets}"
    sqlite_home.secrets.chmod(0o700)
    monkeypatch.setattr(health, "LEAST_FREE", 1 << 60)
    [result] = faults(sqlite_home, health.place)
    assert "make room" in result.advice()
    monkeypatch.undo()
    mounts = tmp_path / "mounts"
    place = sqlite_home.path.resolve().parent
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {place} nfs4 rw 0 0\n")
    assert file_system(sqlite_home.path, mounts) == "nfs4"
    assert file_system(Path("/"), mounts) == "ext4"
    monkeypatch.setattr(health, "file_system", lambda path: "nfs4")
    [result] = faults(sqlite_home, health.place)
    assert "local disk" in result.advice()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_owner_is_found(sqlite_home: Home) -> None:
    add(sqlite_home, "staff")
    os.chown(sqlite_home.path, 12345, -1)
    [result] = faults(sqlite_home, health.place)
    assert "as the user of the service" in result.advice()


def test_missing_and_old_libraries_are_named(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ["flask>=99", "no-such-library>1", 'other; sys_platform == "none"', "click"]
    monkeypatch.setattr(metadata, "requires", lambda _: wanted)
    found = [result.found() for result in faults(sqlite_home, health.python)]
    assert len(found) == 2
    assert found[0].startswith("the library flask is 3.")
    assert found[1] == "the library no-such-library is missing"


def test_a_missing_system_library_ends_with_status_3_and_names_the_list_of_packages(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from survey import print_pdf

    def fails(*_: object) -> bytes:
        raise OSError("cannot load library 'libpango-1.0-0'")

    add(sqlite_home, "staff")
    monkeypatch.setattr(print_pdf, "print_pdf", fails)
    assert run(survey, ["--home", str(sqlite_home.path), "doctor"], "survey") == 3
    told = capsys.readouterr().out
    assert "libpango" in told
    assert "apt.txt" in told


def test_a_clock_behind_the_records_is_found(sqlite_home: Home) -> None:
    add(sqlite_home, "staff")
    assert not [r for r in about(sqlite_home, health.clock) if r.verdict is Verdict.WRONG]
    write_record(sqlite_home, "staff", "test", {}, NOW + timedelta(days=40_000))
    [result] = [r for r in about(sqlite_home, health.clock) if r.verdict is Verdict.WRONG]
    assert "2135-" in result.found()


def test_an_empty_and_an_old_database_are_told_apart(home: Home) -> None:
    home.ensure()
    [result] = faults(home, health_urn.urn)
    assert "survey init" in result.advice()
    migrations.upgrade(home)
    assert faults(home, health_urn.urn) == []
    with links.writing(home) as link:
        link.change("UPDATE alembic_version SET version_num = '0001'")
    [result] = faults(home, health_urn.urn)
    assert "`survey migrate`" in result.advice()


def test_a_weak_schema_is_found(home: Home) -> None:
    add(home, "staff")
    with links.writing(home) as link:
        link.change("CREATE TABLE diary (moment text)")
    [result] = faults(home, health_urn.urn)
    assert "diary" in result.found()


def test_a_damaged_file_is_found(sqlite_home: Home) -> None:
    add(sqlite_home, "staff")
    links.disconnect()
    with sqlite_home.database_file.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)
    assert faults(sqlite_home, health_urn.urn)


def test_a_server_that_is_away_and_a_missing_pg_dump_are_found(
    postgresql_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(postgresql_home, "staff")
    monkeypatch.setattr(health_urn, "which", lambda _: None)
    [result] = faults(postgresql_home, health_urn.urn)
    assert "postgresql-client" in result.advice()
    monkeypatch.undo()
    away = "postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=2"
    monkeypatch.setenv("MEINUNGSBILD_DATABASE", away)
    [result] = faults(postgresql_home, health_urn.urn)
    assert "does not answer" in result.found()
    assert about(postgresql_home, health_urn.kept) == []


def test_an_open_study_without_its_secrets_and_an_overdue_one_are_found(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sqlite_home, "public", access="open", opening="any")
    open_signed(sqlite_home, "public")
    assert faults(sqlite_home, health_urn.kept) == []
    with monkeypatch.context() as later:
        later.setattr(health_urn, "datetime", _at(datetime(2100, 1, 1, tzinfo=UTC)))
        [result] = faults(sqlite_home, health_urn.kept)
        assert "survey study close public" in result.advice()
    sqlite_home.destroy_secret(studies.state_secret("public"))
    [result] = faults(sqlite_home, health_urn.kept)
    assert result.verdict is Verdict.WRONG
    assert "secrets/" in result.advice()


def test_a_database_of_a_newer_program_is_left_alone_and_named(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    add(home, "staff")
    with links.writing(home) as link:
        link.change("UPDATE alembic_version SET version_num = '9999'")
    [result] = faults(home, health_urn.urn)
    assert "newer program" in result.advice()
    assert "survey migrate" not in result.advice()
    assert run(survey, ["--home", str(home.path), "migrate"], "survey") == 1
    assert "9999" in capsys.readouterr().err


def test_a_key_that_others_can_read_is_named_with_the_command_that_closes_it(home: Home) -> None:
    add(home, "staff")
    key = home.secrets / "host-signing-key"
    key.chmod(0o644)
    [result] = faults(home, health_urn.urn)
    assert result.found("de") == f"{key} steht anderen Konten offen"
    assert result.advice("de") == f"chmod go= {key}"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_that_root_left_behind_is_named(sqlite_home: Home) -> None:
    add(sqlite_home, "staff")
    os.chown(sqlite_home.database_file, 12345, -1)
    [result] = faults(sqlite_home, health.place)
    assert str(sqlite_home.database_file) in result.found()
    assert result.advice() == (
        f"give them back, as root: chown -R {os.geteuid()} {sqlite_home.path}"
    )


def test_a_clock_from_before_the_program_is_found(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sqlite_home, "staff")
    monkeypatch.setattr(health, "datetime", _at(datetime(2001, 1, 1, tzinfo=UTC)))
    wrong = [r for r in about(sqlite_home, health.clock) if r.verdict is Verdict.WRONG]
    assert "2001-01-01" in wrong[0].found("de")
    assert "die Uhr stellen" in wrong[0].advice("de")


def test_no_place_for_temporary_files_is_no_missing_library(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)
    [result] = faults(sqlite_home, health.printing)
    assert result.verdict is Verdict.WRONG
    assert "--tmpfs /tmp" in result.advice()


def test_a_font_that_is_not_there_is_told_from_a_missing_library(
    sqlite_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fontpkg_source_sans_3, "__file__", str(tmp_path / "__init__.py"))
    [result] = faults(sqlite_home, health.printing)
    assert (result.verdict, result.code) == (Verdict.WRONG, "font_missing")
    assert result.advice("de").startswith("die Bibliotheken neu einrichten")


def test_every_sentence_has_the_same_holes_in_both_languages_and_fills_them() -> None:
    for code, (german, english) in health_sentences.SENTENCES.items():
        holes = [set(re.findall(r"\{(\w+)\}", " ".join(pair))) for pair in (german, english)]
        assert holes[0] == holes[1], code
        assert bool(german[1]) == bool(english[1]), code
        assert german != english or code in ("python", "database", "study")
    used = {
        found
        for name in ("health", "health_urn")
        for found in re.findall(
            r'"(\w+)"', (Path(health.__file__).parent / f"{name}.py").read_text("utf-8")
        )
    }
    assert set(health_sentences.SENTENCES) <= used


def test_every_sentence_of_the_start_up_check_is_known_in_german() -> None:
    said = [
        "/srv/x is open to other users",
        "the server's setting log_statement is all instead of none",
        "the server is PostgreSQL 12, at least 13 is needed",
        "the replication slot one keeps the order of changes: drop it",
        "the publication one hands on every change: drop it",
        "everybody may read or change table codes: REVOKE it",
        "the line to the server is not encrypted: add ?sslmode=require to the address",
        "unknown trigger spy on codes",
        "unknown view spy",
        "unknown tables: diary",
        "table codes keeps row numbers, which tell the order of the ballots",
        "table codes is not logged and would be empty after a power cut",
        "tables are missing (codes), run `survey migrate`",
        "table codes has other columns: moment",
        "synchronous is 1 instead of 2",
    ]
    sources = [Path(links.__file__), *(Path(links.__file__).parent / "drivers").glob("*.py")]
    sources += [Path(health.__file__).parent / "files.py"]
    whole = " ".join(path.read_text("utf-8") for path in sources)
    for sentence in said:
        german, advice = health_sentences.say("fault", {"said": sentence}, "de")
        assert german != sentence
        assert advice
        assert health_sentences.say("fault", {"said": sentence}, "en")[0] == sentence
    # A new kind of fault is a new line above.
    assert len(re.findall(r'yield f?"|f"\{path\} is open|^    "[a-z{].*": "SELECT',
                          whole, re.MULTILINE)) == 17  # fmt: skip


def _at(moment: datetime) -> type:
    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return moment

    return Then

"""Backups of a running urn on both databases, and what a restored one is allowed."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date
from urn_example import NOW, add, desk_with_holders, files_of, fill, open_signed, opened_desk

from survey import codes, links, retention, studies, urn
from survey.backup import Decision, back_up, read_backup, restore
from survey.cli import run, survey
from survey.dataset import current_data_set, stored_data_sets
from survey.desk import Desk, Submission
from survey.errors import SetupError, StudyStateError, SurveyError
from survey.files import make_private_directory, write_aside
from survey.home import READY, Home
from survey.opening import open_on_server
from survey.population import draw_population
from survey.promise import promise_sheet
from survey.questionnaire import Bundle, load_bundle
from survey.records import read_records
from survey.simulate import draw_sample, simulate
from survey.states import State
from survey.study import Access


def ballots(home: Home, study_id: str = "staff") -> int:
    with links.reading(home) as link:
        return urn.exact_count(link, study_id)


def submission(code: str) -> Submission:
    return Submission({"mood": "good"}, code=code)


def test_a_backup_is_taken_while_ballots_come_in_and_restores_exactly(
    home: Home, tmp_path: Path
) -> None:
    desk = desk_with_holders(home, tmp_path / "holders", "staff")
    fill(desk, 12)
    out = tmp_path / "backup.zip"
    back_up(home, out, NOW)
    fill(desk, 5)
    assert ballots(home) == 17
    decision = {"staff": Decision(True, "disk broke; nobody has answered since")}
    restore(home, out, NOW, decision, replace=True)
    assert ballots(home) == 12
    assert studies.load_study(home, "staff").state is State.OPEN
    fill(Desk.open(home, "staff"), 1)
    assert ballots(home) == 13
    links.check(home)


def test_no_secret_and_no_key_is_in_a_backup(home: Home, tmp_path: Path) -> None:
    fill(opened_desk(home, "try"), 3)
    out = tmp_path / "backup.zip"
    back_up(home, out, NOW)
    with zipfile.ZipFile(out) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
        assert not [name for name in archive.namelist() if "secrets" in name]
    hidden = [value.strip() for value in files_of(home.secrets).values()]
    assert len(hidden) >= 5
    for value in hidden:
        assert value not in content
        if len(value) == 64:
            assert bytes.fromhex(value.decode()) not in content
    assert b"AGE-SECRET-KEY-" not in content


def test_a_secret_that_strayed_into_the_home_stops_the_backup(
    sqlite_home: Home, tmp_path: Path
) -> None:
    add(sqlite_home, "staff")
    (sqlite_home.path / "notes.txt").write_text("AGE-SECRET-KEY-1ABC")
    with pytest.raises(SurveyError, match=r"notes.txt holds a secret"):
        back_up(sqlite_home, tmp_path / "backup.zip", NOW)
    assert not (tmp_path / "backup.zip").exists()


def test_used_codes_revive_only_by_a_recorded_decision(home: Home, tmp_path: Path) -> None:
    desk = desk_with_holders(home, tmp_path / "holders", "staff")
    [code] = codes.issue(home, "staff", 1)
    out = tmp_path / "backup.zip"
    back_up(home, out, NOW)
    desk.cast(submission(code), NOW)
    for decisions in ({}, {"staff": Decision(True, " ")}):
        with pytest.raises(StudyStateError, match="codes used since the backup revive in staff"):
            restore(home, out, NOW, decisions, replace=True)
    assert ballots(home) == 1
    assert not desk.code_is_live(code)
    restore(
        home, out, NOW, {"staff": Decision(False, "nobody knows who has answered")}, replace=True
    )
    assert studies.load_study(home, "staff").state is State.CLOSED
    [record] = read_records(home, "staff", "restored")
    assert record.content["decision"] == "close"
    assert record.content["reason"] == "nobody knows who has answered"


def test_a_study_that_was_closed_since_the_backup_is_not_taken_up_again(
    home: Home, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 3)
    out = tmp_path / "backup.zip"
    back_up(home, out, NOW)
    studies.close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="closed since the backup, which is final"):
        restore(home, out, NOW, {"staff": Decision(True, "again")}, replace=True)
    restore(home, out, NOW, {}, replace=True)
    assert studies.load_study(home, "staff").state is State.CLOSED
    studies.check_installation(home)
    [record] = read_records(home, "staff", "restored")
    assert record.content["decision"] == "close"


def test_a_database_that_is_there_is_not_replaced_by_accident(home: Home, tmp_path: Path) -> None:
    fill(opened_desk(home, "try"), 2)
    out = tmp_path / "backup.zip"
    back_up(home, out, NOW)
    with pytest.raises(SetupError, match="has a database already"):
        restore(home, out, NOW, {"try": Decision(True, "test")})
    assert ballots(home, "try") == 2


def test_a_lost_home_comes_back_with_data_sets_and_records(
    sqlite_home: Home, tmp_path: Path
) -> None:
    fill(opened_desk(sqlite_home, "try"), 3)
    studies.close_study(sqlite_home, "try", NOW)
    made = open_on_server(sqlite_home, "try")
    out = tmp_path / "backup.zip"
    back_up(sqlite_home, out, NOW)
    secrets = files_of(sqlite_home.secrets)
    other = Home(tmp_path / "other").ensure()
    for path, content in secrets.items():
        target = other.secrets / path.relative_to(sqlite_home.secrets)
        make_private_directory(target.parent)
        target.write_bytes(content)
        target.chmod(0o600)
    restore(other, out, NOW, {})
    assert current_data_set(other, "try").fingerprint == made.fingerprint
    assert studies.load_study(other, "try").state is State.OPENED


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_damaged_backup_changes_nothing(sqlite_home: Home, tmp_path: Path, place: float) -> None:
    fill(opened_desk(sqlite_home, "try"), 2)
    out = tmp_path / "backup.zip"
    back_up(sqlite_home, out, NOW)
    content = bytearray(out.read_bytes())
    content[int(len(content) * place)] ^= 1
    out.write_bytes(content)
    with pytest.raises(SurveyError, match="no backup, or is damaged"):
        read_backup(out)
    with pytest.raises(SurveyError):
        restore(sqlite_home, out, NOW, {"try": Decision(True, "test")}, replace=True)
    assert ballots(sqlite_home, "try") == 2


def dated(home: Home, study_id: str, day: str) -> None:
    from urn_example import bundle

    text = bundle("open", "any").main.replace("  opens:", f"  delete_on: {day!r}\n  opens:")
    text = text.replace("closes: 2099-05-29", "closes: 2026-05-08")
    studies.add_study(home, Bundle(text), study_id=study_id, demo=True)
    open_signed(home, study_id)


def test_data_are_deleted_on_the_named_day_and_not_before(home: Home) -> None:
    dated(home, "public", "2026-05-10")
    Desk.open(home, "public").cast(submission(""), NOW)
    studies.close_study(home, "public", NOW)
    made = open_on_server(home, "public")
    assert retention.due(home, NOW.date()) == ()
    with pytest.raises(StudyStateError, match="names 2026-05-10"):
        retention.purge(home, "public", NOW)
    later = NOW + timedelta(days=6)
    journal = home.path / "moderation" / "public.jsonl"
    journal.parent.mkdir()
    journal.write_text("{}\n")
    ready = home.dossiers / "public" / READY / "estimates.1.json"
    write_aside(ready, b"[]")
    assert retention.due(home, later.date()) == ("public",)
    record = retention.purge(home, "public", later)
    files = record.content["files"]
    assert made.fingerprint in files.values()
    assert len(files) == 3
    assert stored_data_sets(home, "public") == ()
    assert not journal.exists()
    assert not ready.exists()
    assert retention.due(home, later.date()) == ()


@pytest.mark.parametrize("name", ["staff", "reading", "public"])
def test_the_answers_of_a_shipped_study_are_deleted_on_the_day_that_all_its_texts_name(
    root: Path, sqlite_home: Home, name: str
) -> None:
    place = root / "questionnaires" / "vision"
    study = studies.add_study(sqlite_home, load_bundle(place / f"{name}.yaml"), demo=True)
    day = date.fromisoformat(study.delete_on)
    stored = studies.load_study(sqlite_home, study.id)
    assert format_date(day, "d. MMMM y", locale="de") in study.retention
    assert format_date(day, "d. MMMM y", locale="de") in repr(promise_sheet(stored, "sqlite", ()))
    for tag in set(stored.questionnaire.languages) - {"de", "tr"}:
        told, pattern = stored.questionnaire.in_language(tag)[0].retention, "d MMMM y"
        locale, pattern = ("en", pattern) if tag == "en" else ("de", "d. MMMM y")
        assert format_date(day, pattern, locale=locale) in told
    assert study.opens is not None
    open_signed(sqlite_home, study.id, study.opens)
    desk = Desk.open(sqlite_home, study.id)
    population = draw_population(desk.questionnaire, 1)
    drawn = codes.issue(sqlite_home, study.id, 12) if study.access is Access.CODES else []
    simulate(desk, draw_sample(population, 12, 1), drawn, study.opens)
    studies.close_study(sqlite_home, study.id, study.opens)
    made = open_on_server(sqlite_home, study.id)
    before = datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=1)
    assert retention.due(sqlite_home, before.date()) == ()
    with pytest.raises(StudyStateError, match=study.delete_on):
        retention.purge(sqlite_home, study.id, before)
    record = retention.purge(sqlite_home, study.id, before + timedelta(days=1))
    assert made.fingerprint in record.content["files"].values()
    assert not made.path.exists()
    assert stored_data_sets(sqlite_home, study.id) == ()


def test_an_urn_that_was_never_opened_is_destroyed_on_the_day(home: Home) -> None:
    dated(home, "public", "2026-05-10")
    Desk.open(home, "public").cast(submission(""), NOW)
    record = retention.purge(home, "public", NOW + timedelta(days=6))
    assert record.content["unopened_urn"] is True
    assert ballots(home, "public") == 0
    assert studies.load_study(home, "public").state is State.OPENED


def test_a_missing_program_of_postgresql_is_named_with_its_package(
    postgresql_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    add(postgresql_home, "staff")
    home, out = ["--home", str(postgresql_home.path)], tmp_path / "b.zip"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(survey, [*home, "backup", "--out", str(out)], "survey") == 3
    told = capsys.readouterr().err
    assert "pg_dump is missing" in told
    assert "apt install postgresql-client" in told
    assert not out.exists()


def test_the_commands_say_what_they_did(
    sqlite_home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(opened_desk(sqlite_home, "try"), 2)
    out = str(tmp_path / "b.zip")
    home = ["--home", str(sqlite_home.path)]
    assert run(survey, [*home, "backup", "--out", out], "survey") == 0
    assert "not in it" in capsys.readouterr().out
    assert run(survey, [*home, "restore", out], "survey") == 1
    assert run(survey, [*home, "restore", out, "--replace"], "survey") == 0
    assert run(survey, [*home, "purge"], "survey") == 0
    assert "nothing is due" in capsys.readouterr().out

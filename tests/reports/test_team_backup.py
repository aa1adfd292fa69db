"""Accounts and audit log of the team in backups, and what of them must not come back."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import urn_example
from room import Room, make_room

from reports.team.accounts import users
from reports.team.roles import Role
from survey.backup import back_up, restore
from survey.home import Home

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = make_room(tmp_path / "home", everybody=False)
    urn_example.add(made.home, "staff")
    made.add("anna", Role.REPORTER)
    return made


def restored(room: Room, backup: Path, *, secrets: bool = True) -> Room:
    """A room in a new home with what a backup holds."""
    home = Home(backup.with_name("other"))
    home.ensure()
    if secrets:
        shutil.copytree(room.home.secrets, home.secrets, dirs_exist_ok=True)
    restore(home, backup, NOW, {})
    other = make_room(home.path, everybody=False)
    other.clock.time, other.secrets = room.clock.time, room.secrets
    return other


def test_accounts_and_audit_log_come_back_and_sessions_do_not(room: Room, tmp_path: Path) -> None:
    browser = room.browser()
    assert browser.sign_in("anna").status_code == 303
    word = browser.cookie()
    head = room.app.extensions["audit"].verify()
    back_up(room.home, tmp_path / "backup.zip", NOW)
    other = restored(room, tmp_path / "backup.zip")
    assert other.app.extensions["audit"].verify() == head
    assert [user.name for user in users(other.store)] == ["anna"]
    old = other.browser()
    old.client.set_cookie("__Secure-room", word, secure=True)
    assert old.get("/studies").status_code == 303
    assert other.browser().sign_in("anna").headers["Location"] == "/studies"


def test_accounts_without_the_secrets_of_the_home_let_nobody_in(room: Room, tmp_path: Path) -> None:
    back_up(room.home, tmp_path / "backup.zip", NOW)
    other = restored(room, tmp_path / "backup.zip", secrets=False)
    assert other.browser().sign_in("anna").headers.get("Location") != "/studies"


def test_a_newer_account_is_not_replaced_by_a_restore(room: Room, tmp_path: Path) -> None:
    back_up(room.home, tmp_path / "backup.zip", NOW)
    room.add("bert", Role.AUDITOR)
    restore(room.home, tmp_path / "backup.zip", NOW, {}, replace=True)
    assert [user.name for user in users(room.store)] == ["anna", "bert"]


def test_neither_printed_codes_nor_files_on_their_way_are_in_a_backup(
    room: Room, tmp_path: Path
) -> None:
    for place in ("prints", "team/scratch", "jobs"):
        (room.home.path / place).mkdir(parents=True, exist_ok=True)
        (room.home.path / place / "x.zip").write_bytes(b"2345 6789")
    back_up(room.home, tmp_path / "backup.zip", NOW)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        names = archive.namelist()
        assert b"2345 6789" not in b"".join(archive.read(name) for name in names)
    assert "home/team/accounts.sqlite" in names
    assert "home/team/audit.jsonl" in names or not (room.home.path / "team/audit.jsonl").exists()


def test_a_line_of_the_log_that_is_half_written_waits_for_the_next_backup(
    room: Room, tmp_path: Path
) -> None:
    room.browser().sign_in("anna")
    head = room.app.extensions["audit"].verify()
    with (room.home.path / "team" / "audit.jsonl").open("ab") as log:
        log.write(b'{"at": "2026')
    back_up(room.home, tmp_path / "backup.zip", NOW)
    assert restored(room, tmp_path / "backup.zip").app.extensions["audit"].verify() == head

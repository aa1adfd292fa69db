from __future__ import annotations

import stat
from pathlib import Path

import pytest

from survey.errors import SetupError, SurveyError
from survey.files import write_new
from survey.home import CODE_KEY, HOST_KEY, Home


def test_secrets_are_readable_for_their_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "a" / "home").ensure()
    home.make_secret("state/staff")
    for path in [home.path, home.secrets, *home.secrets.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_secrets_that_are_there_stay(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    before = home.secret(HOST_KEY), home.secret(CODE_KEY)
    assert before[0] != before[1]
    home.ensure()
    assert (home.secret(HOST_KEY), home.secret(CODE_KEY)) == before


def test_missing_and_damaged_secrets_are_told_by_their_path(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    with pytest.raises(SetupError, match="nothing is missing"):
        home.secret("nothing")
    (home.secrets / CODE_KEY).write_text("abc")
    with pytest.raises(SetupError, match="damaged"):
        home.secret(CODE_KEY)


def test_a_destroyed_secret_is_gone_and_may_be_destroyed_again(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    home.make_secret("state/staff")
    home.destroy_secret("state/staff")
    home.destroy_secret("state/staff")
    assert not list(home.secrets.glob("state/*"))


def test_the_database_can_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEINUNGSBILD_DATABASE", raising=False)
    assert Home(tmp_path).database == f"sqlite:///{tmp_path}/urn.sqlite"
    monkeypatch.setenv("MEINUNGSBILD_DATABASE", "postgresql+psycopg:///urn")
    assert Home(tmp_path).database == "postgresql+psycopg:///urn"


def test_a_new_file_is_complete_or_not_there_and_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(KeyboardInterrupt):
        write_new(path, _interrupted)
    assert list(tmp_path.iterdir()) == []
    write_new(path, lambda file: file.write(b"first"))
    with pytest.raises(SurveyError, match="exists already"):
        write_new(path, lambda file: file.write(b"second"))
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


def _interrupted(file: object) -> None:
    raise KeyboardInterrupt

"""What users can mend ends as a sentence and status 1, whatever the files hold."""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from urn_example import NOW, bundle, desk_with_holders, fill

from survey import keys, opening, studies, urn
from survey.cli import run, survey
from survey.drivers.sqlite import PRAGMAS
from survey.home import DATABASE_VARIABLE, Home
from survey.migrations import upgrade

PROGRESS = re.compile(r": \d+ % \(\d+ of \d+\)$")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The one sentence that a command line ends with; its status has to be 1."""

    def end(*arguments: str | Path) -> str:
        capsys.readouterr()
        assert run(survey, [str(argument) for argument in arguments], "survey") == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        lines = [line for line in printed.err.splitlines() if not PROGRESS.search(line)]
        assert len(lines) == 1, printed.err
        return lines[0] + "\n"

    return end


def test_an_empty_directory_has_no_urn_and_gets_none(home: Home, said: Callable[..., str]) -> None:
    home.path.mkdir()
    assert "urn.sqlite does not exist; `survey init`" in said(
        "--home", home.path, "urn", "count", "x"
    )
    assert list(home.path.iterdir()) == []


def test_an_urn_without_tables_names_the_command_that_makes_them(
    home: Home, said: Callable[..., str]
) -> None:
    home.path.mkdir()
    home.database_file.touch()
    assert "survey migrate" in said("--home", home.path, "urn", "count", "x")


def test_a_locked_urn_is_told(
    home: Home, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PRAGMAS, "busy_timeout", ("0", 0))
    upgrade(home)
    holder = sqlite3.connect(home.database_file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert "database is locked" in said("--home", home.path, "migrate")
    finally:
        holder.close()


@pytest.mark.parametrize("command", [("urn", "count", "x"), ("init",), ("study", "list")])
def test_an_urn_that_is_no_database_is_told(
    home: Home, said: Callable[..., str], command: tuple[str, ...]
) -> None:
    home.path.mkdir()
    home.database_file.write_bytes(b"no database " * 100)
    assert "file is not a database" in said("--home", home.path, *command)


@pytest.mark.parametrize(
    "address",
    [
        "garbage",
        "sqlite://host/x",
        "sqlite+none:////tmp/x",
        "mysql://a:geheim@b/c",
        "none+none://geheim",
        "postgresql://u:geheim@host:port/x",
    ],
)
def test_a_malformed_address_of_the_database_is_told_without_its_password(
    home: Home, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, address)
    sentence = said("--home", home.path, "urn", "count", "x")
    assert DATABASE_VARIABLE in sentence
    assert "geheim" not in sentence


def test_a_database_in_memory_is_refused_by_its_long_name_too(
    home: Home, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(DATABASE_VARIABLE, "sqlite:///:memory:")
    assert "in memory" in said("--home", home.path, "urn", "count", "x")
    assert not (tmp_path / ":memory:").exists()


def test_a_database_that_is_away_is_told_without_the_query(
    home: Home, said: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, "postgresql+psycopg://u:geheim@127.0.0.1:9/x")
    sentence = said("--home", home.path, "urn", "count", "x")
    assert "the database cannot be used" in sentence
    assert "geheim" not in sentence
    assert "SELECT" not in sentence


@pytest.mark.parametrize("command", ["init", "migrate"])
def test_a_home_below_a_file_or_where_none_can_be_is_told(
    tmp_path: Path, said: Callable[..., str], command: str
) -> None:
    (tmp_path / "file").touch()
    assert "file" in said("--home", tmp_path / "file" / "sub", command)
    assert "/proc/xx: No such file" in said("--home", "/proc/xx", command)


@pytest.mark.parametrize(
    "content", ["{", "[]", "null", '{"a": 1}', '{"responses": "x"}', "[" * 100_000]
)
def test_damaged_settings_of_a_demo_are_told(
    home: Home, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    home.path.mkdir()
    (home.path / "demo.json").write_text(content)
    assert run(survey, ["--home", str(home.path), "demo"], "survey") == 1
    assert "demo.json is damaged" in capsys.readouterr().err


def test_a_truth_that_cannot_be_written_is_told_before_a_ballot_is_cast(
    home: Home, said: Callable[..., str]
) -> None:
    studies.add_study(home, bundle("open"), study_id="try", demo=True)
    studies.open_study(home, "try", NOW)
    line = "simulate", "try", "-n", "3", "--seed", "1", "--truth", "/proc/x/t"
    assert "/proc/x" in said("--home", home.path, *line)
    assert urn.count(home, "try", NOW) == 0


@pytest.fixture
def exported(home: Home, tmp_path: Path) -> Path:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 3)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn.zip")
    return tmp_path / "urn.zip"


def _open(exported: Path) -> tuple[str | Path, ...]:
    key = exported.parent / "holders" / "council.key"
    return "urn", "open", exported, "--key", key, "--out", exported.parent / "out"


def test_a_ballot_with_a_changed_byte_in_the_file_is_told(
    exported: Path, said: Callable[..., str]
) -> None:
    content = bytearray(exported.read_bytes())
    content[content.index(b"age-encryption") + 300] ^= 1
    exported.write_bytes(content)
    assert "damaged file" in said(*_open(exported))
    assert not (exported.parent / "out").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"layers": []},
        {"layers": [[]]},
        {"layers": [[7]]},
        {"study": "{}"},
        {"study": "[]"},
        {"study": None},
        {"bundle": "[]"},
        {"bundle": '{"main": 3, "files": {}}'},
        {"host_key": 7},
        {"rejected": []},
        {"ballots": "3"},
        {"holders": [{"holder": 1, "key": 2}]},
        {"earlier": [["a"]]},
    ],
    ids=str,
)
def test_a_header_of_an_exported_urn_that_no_export_writes_is_told(
    exported: Path, said: Callable[..., str], change: dict[str, Any]
) -> None:
    _rewrite(exported, "urn.json", lambda raw: {**raw, **change})
    assert "damaged file" in said(*_open(exported))


@pytest.mark.parametrize(
    "protocol", [[], None, {"rejected": []}, {"accepted": "x"}, {"rejected": {"format": None}}]
)
def test_a_data_set_with_a_protocol_that_no_opening_writes_is_told(
    exported: Path, home: Home, said: Callable[..., str], protocol: object
) -> None:
    folder, name = exported.parent, exported
    for holder in ("council", "project"):
        identities = keys.read_identities(folder / "holders" / f"{holder}.key")
        opening.open_layer(name, identities, folder / f"{holder}.zip")
        name = folder / f"{holder}.zip"
    _rewrite(name, "opening.json", lambda _: protocol)
    assert "is not a data set" in said("--home", home.path, "urn", "import", "staff", name)
    assert urn.count(home, "staff", NOW) == 3


def test_a_study_of_texts_alone_gets_no_data_set(
    tmp_path: Path, home: Home, said: Callable[..., str]
) -> None:
    start, end = "      - {id: topics", "      - {id: wish"
    main = re.sub(
        rf"{re.escape(start)}.*?(?={re.escape(end)})", "", bundle("open").main, flags=re.S
    )
    (tmp_path / "texts.yaml").write_text(main, "utf-8")
    (tmp_path / "a.csv").write_text("wish,worry\nmehr,viel\n")
    line = "import", tmp_path / "texts.yaml", tmp_path / "a.csv"
    assert "free texts only" in said("--home", home.path, *line)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b'"wish,worry\n' + b"x" * 140_000 + b"\n", "a.csv:1: row 1: a quotation mark"),
        (b'wish,mood\n"' + b"x\n" * 70_000 + b"a,\xff\n", "a.csv:70002:2: row 70002, column 2"),
    ],
)
def test_a_quotation_mark_that_swallows_a_table_is_told(
    tmp_path: Path, home: Home, said: Callable[..., str], content: bytes, part: str
) -> None:
    (tmp_path / "s.yaml").write_text(bundle("open").main, "utf-8")
    (tmp_path / "a.csv").write_bytes(content)
    sentence = said("--home", home.path, "import", tmp_path / "s.yaml", tmp_path / "a.csv")
    assert part in sentence


def test_a_header_of_more_than_the_longest_cell_is_read_with_its_separator(
    tmp_path: Path, home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "s.yaml").write_text(bundle("open").main, "utf-8")
    names = [f"column_{number}" for number in range(20_000)]
    (tmp_path / "a.csv").write_text(";".join(names) + "\n")
    assert run(survey, ["--home", str(home.path), "import", *_files(tmp_path)], "survey") == 1
    assert "no row with answers" in capsys.readouterr().err


def _files(folder: Path) -> list[str]:
    return [str(folder / "s.yaml"), str(folder / "a.csv")]


def _rewrite(path: Path, name: str, change: Callable[[Any], object]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    parts[name] = json.dumps(change(json.loads(parts[name]))).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)

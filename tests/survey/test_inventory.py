from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from click.testing import CliRunner
from urn_example import NOW, desk_with_holders, fill, opened_desk

from survey import opening, studies
from survey.app import create_app
from survey.cli import survey
from survey.home import Home
from survey.inventory import COLUMNS, FILES, LOGS, VERSION_TABLE
from survey.schema import metadata
from survey.settings import Settings


def test_every_column_of_every_table_has_a_purpose() -> None:
    wanted = {
        name: {column.name for column in table.columns} for name, table in metadata.tables.items()
    }
    found = {table: set(columns) for table, columns in COLUMNS.items() if table != VERSION_TABLE}
    assert found == wanted
    assert all(all(purpose) for columns in COLUMNS.values() for purpose in columns.values())


def test_every_file_of_a_home_has_a_purpose(sqlite_home: Home, tmp_path: Path) -> None:
    home = sqlite_home
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 3)
    for study_id in ("demo", "done"):
        fill(opened_desk(home, study_id), 3)
    studies.close_study(home, "done", NOW)
    opening.open_on_server(home, "done")
    create_app(Settings(home.path))
    patterns = [part.strip() for kept in FILES for part in kept.name.split(",")]
    names = [str(path.relative_to(home.path)) for path in home.path.rglob("*") if path.is_file()]
    assert [name for name in names if not any(fnmatch(name, p) for p in patterns)] == []


def test_every_folder_that_the_program_names_in_a_home_has_a_purpose(root: Path) -> None:
    sources = [path.read_text("utf-8") for path in root.glob("survey/**/*.py")]
    sources += [path.read_text("utf-8") for path in root.glob("reports/**/*.py")]
    named = re.compile(r'\b(?:home|self)\.path / f?"([^"]+)"')
    found = {name for text in sources for name in named.findall(text)}
    # The same by the name of a constant, in modules that keep something of their own.
    constant = re.compile(r'^FOLDER = "([^"]+)"', re.MULTILINE)
    found |= {
        name for text in sources if "path / FOLDER" in text for name in constant.findall(text)
    }
    known = {part.strip().split("/")[0] for kept in FILES for part in kept.name.split(",")}
    assert len(found) > 8
    assert found <= known


def test_every_line_that_the_program_logs_has_a_purpose(root: Path) -> None:
    calls = re.compile(r'\blog\.(?:debug|info|warning|error|exception)\(\s*"([^"%\\\\]*)')
    logged = {
        text.strip()
        for path in (root / "survey").rglob("*.py")
        for text in calls.findall(path.read_text("utf-8"))
    }
    known = [kept.name.removeprefix("survey: ") for kept in LOGS]
    assert logged
    assert [text for text in logged if not any(name.startswith(text) for name in known)] == []


@pytest.mark.parametrize(("language", "word"), [("de", "Tabellen"), ("en", "Tables")])
def test_inspect_prints_all_of_it_and_no_secret_count(home: Home, language: str, word: str) -> None:
    fill(opened_desk(home, "staff"), 3)
    arguments = ["--home", str(home.path), "inspect", "--lang", language]
    plain = CliRunner().invoke(survey, arguments)
    assert plain.exit_code == 0, plain.output
    assert plain.output.startswith(word)
    for table, columns in COLUMNS.items():
        assert table in plain.output
        assert all(column in plain.output for column in columns)
    running = CliRunner().invoke(survey, [*arguments, "staff"]).output
    assert not re.search(r"ballots +\(\d", running)
    studies.close_study(home, "staff", NOW)
    assert re.search(r"ballots +\(3 ", CliRunner().invoke(survey, [*arguments, "staff"]).output)

"""What all tests share: a skipped test is loud, and an error in strict runs."""

from __future__ import annotations

import csv
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import postgres
import pytest
from hypothesis import settings

from survey import links
from survey.home import Home

ROOT = Path(__file__).parent.parent
# A busy machine must not turn a slow example into a failure.
settings.register_profile("calm", deadline=None)
settings.load_profile("calm")
STRICT = bool(os.environ.get("MEINUNGSBILD_STRICT"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder that holds the shipped questionnaires and the two packages."""
    return ROOT


@pytest.fixture(autouse=True)
def _longest_cell() -> None:
    """Let no library that a test uses decide for the next one how long a cell of CSV may be."""
    csv.field_size_limit(131_072)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[postgres.Server]:
    """A PostgreSQL server, one for the whole run."""
    try:
        with postgres.server() as server:
            yield server
    except postgres.MissingError as error:
        pytest.skip(str(error))


@pytest.fixture
def postgresql_home(postgresql: postgres.Server, tmp_path: Path) -> Iterator[Home]:
    """A home whose urn lies in a new database of the server."""
    home = Home(tmp_path / "home")
    address = postgresql.create()
    home.set_database(address)
    yield home
    links.disconnect()
    postgresql.drop(address)


@pytest.fixture
def sqlite_home(tmp_path: Path) -> Home:
    """A home whose urn lies in a file."""
    return Home(tmp_path / "home")


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest) -> Home:
    """A home on either database."""
    made: Home = request.getfixturevalue(f"{request.param}_home")
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where nothing may be missing."""
    report = yield
    if report.skipped and STRICT and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which is an error in a strict run: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last and plainly what was not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        terminalreporter.section(f"{len(skipped)} TESTS WERE NOT RUN", sep="!")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[-1]}")

"""What ``survey doctor`` looks at in the installation itself: the database and the studies."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from shutil import which

from survey import links, retention, studies
from survey.errors import DatabaseError, SurveyError
from survey.health import CHECKS as MACHINE
from survey.health import Check, Result, fine, note, wrong
from survey.home import Home
from survey.inventory import VERSION_TABLE
from survey.migrations import is_known, newest
from survey.states import State

MOST_APART = 5.0
"""Seconds that the clocks of this machine and of the database's server may be apart."""


def urn(home: Home) -> Iterator[Result]:
    """The database: there, sound, of this version, and with all settings that the promise needs."""
    try:
        if links.is_empty(home):
            yield note("no_tables", path=home.path)
            return
        kind = links.kind(home)
        yield from _version(home, kind)
        for fault in links.faults(home):
            yield wrong("fault", said=fault)
        yield from (_of_file if kind == "sqlite" else _of_server)(home)
    except DatabaseError as error:
        said = next(iter(str(error.orig).splitlines()), "")
        away = "file_unread" if links.kind(home) == "sqlite" else "server_away"
        yield wrong(away, said=said)
    except SurveyError as error:
        yield wrong("refused", said=error)


def _version(home: Home, kind: str) -> Iterator[Result]:
    with links.reading(home) as link:
        is_noted = VERSION_TABLE in link.driver.tables(link)
        noted = link.first(f"SELECT version_num FROM {VERSION_TABLE}") if is_noted else None  # noqa: S608
        ask = "SELECT sqlite_version()" if kind == "sqlite" else "SHOW server_version"
        version = link.all(ask)[0][0]
    found = noted[0] if noted else None
    yield fine("database", kind=kind, version=version)
    if found == newest():
        yield fine("schema", found=found)
    else:
        age = "schema_old" if is_known(found) else "schema_new"
        yield wrong(age, found=found, wanted=newest())


def _of_file(home: Home) -> Iterator[Result]:
    with links.reading(home) as link:
        said = link.all("PRAGMA quick_check(1)")[0][0]
        size = home.database_file.stat().st_size
    if said == "ok":
        yield fine("whole", size=f"{size / 1024**2:.0f}")
    else:
        yield wrong("damaged", said=said)


def _of_server(home: Home) -> Iterator[Result]:
    with links.reading(home) as link:
        there = link.all("SELECT extract(epoch FROM clock_timestamp())")[0][0]
        apart = abs(float(there) - datetime.now(UTC).timestamp())
        server = link.number("SELECT current_setting('server_version_num')::int / 10000")
    if apart > MOST_APART:
        yield wrong("clocks_apart", seconds=f"{apart:.0f}")
    program = which("pg_dump")
    if program is None:
        yield wrong("no_pg_dump")
        return
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+", said.stdout)
    if found and int(found[0]) < server:
        yield wrong("pg_dump_old", found=found[0], server=server)
    else:
        yield fine("pg_dump", found=found[0] if found else "")


def kept(home: Home) -> Iterator[Result]:
    """Every study: secrets in place, nothing overdue."""
    try:
        if links.is_empty(home):
            return
        rows = studies.list_studies(home)
        due = retention.due(home, datetime.now(UTC).date())
    except (SurveyError, DatabaseError):
        # The check of the database has said why.
        return
    for row in rows:
        yield from _study(home, row.id, row.state, row.closes)
    for study_id in due:
        yield note("due", study=study_id)


def _study(home: Home, study_id: str, state: str, closes: datetime | None) -> Iterator[Result]:
    if state == State.OPEN:
        try:
            studies.check_host_key(home, studies.load_study(home, study_id))
            home.secret(studies.state_secret(study_id))
        except SurveyError as error:
            yield wrong("secrets_wrong", study=study_id, said=error)
            return
        demo = studies.load_study(home, study_id).study.demo
        if closes and closes <= datetime.now(UTC) and not demo:
            yield note("ended", study=study_id)
            return
    yield fine("study", study=study_id, state=state)


CHECKS: tuple[tuple[str, Check], ...] = (*MACHINE, ("urn", urn), ("studies", kept))
"""Every check with the name of what it looks at, in the order in which they are printed."""

"""Backups: everything of a home except what must never lie beside the urn.

A backup is one ZIP file: a consistent copy of the database, the data sets, records and
dossiers, accounts and audit log of the project team, and a list of their SHA-256. Sessions and
invitations stay behind, so that none revives; so do printed codes that wait to be fetched, and
jobs under way. The secrets (keys of codes, pages and web host, keys of
demos) are left out; they are kept apart, so that a stolen backup can neither test a code nor
sign a ballot. A restored database knows codes that have been used since: a study with codes is
taken up again only by a decision, which is recorded.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path, PurePosixPath
from shutil import which
from tempfile import TemporaryDirectory
from typing import IO

from survey import links, urn
from survey.drivers.postgresql import without_password
from survey.errors import MissingProgramError, SetupError, StudyStateError, SurveyError
from survey.files import make_private_directory, write_new
from survey.home import Home
from survey.records import write_record
from survey.states import State
from survey.studies import close_study, list_studies, load_study, state_secret
from survey.study import Access

MANIFEST = "backup.json"
KIND = "restored"
_LEFT_OUT = frozenset({"secrets", "locks", "static", "rehearsals", "prints", "jobs"})
_TEAM, _ACCOUNTS = "team", "accounts.sqlite"
_PASSING = ("sessions", "invitations", "devices", "wrong_codes")
"""Tables of the accounts that are good for a while only: a restore must not bring them back."""
_SQLITE, _POSTGRESQL = "database.sqlite", "database.pgdump"
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup file says about itself; ``parts`` are SHA-256 (hex) by name."""

    day: str
    kind: str
    parts: Mapping[str, str]
    studies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a study with codes that was open when the backup was made.

    ``resume`` goes on with it, although codes used since the backup can be used again;
    otherwise it is closed.
    """

    resume: bool
    reason: str


_ENDED = Decision(resume=False, reason="it was closed since the backup, which is final")


def back_up(home: Home, out: Path, now: datetime) -> Backup:
    """A backup of a running installation, written to a new file.

    Raises ``SurveyError`` if a secret or a private key would come into it.
    """
    if links.is_empty(home):
        raise SetupError(f"{home.path} has no database to back up")
    with TemporaryDirectory(dir=home.path, prefix=".backup-") as folder:
        kind = links.kind(home)
        name = _SQLITE if kind == "sqlite" else _POSTGRESQL
        copy = Path(folder) / name
        (_copy_sqlite if kind == "sqlite" else _dump)(home, copy)
        files = {name: copy, **_files(home), **_team_files(home, Path(folder))}
        _require_no_secret(home, files)
        made = Backup(
            now.date().isoformat(),
            kind,
            {part: _digest(path) for part, path in files.items()},
            {row.id: row.state for row in list_studies(home)},
        )
        write_new(out, lambda file: _zip(file, made, files))
    return made


def read_backup(path: Path) -> Backup:
    """What a backup holds, every part compared with its SHA-256; raises ``SurveyError``."""
    try:
        with zipfile.ZipFile(path) as archive:
            raw = json.loads(archive.read(MANIFEST))
            found = Backup(raw["day"], raw["kind"], dict(raw["parts"]), dict(raw["studies"]))
            if set(archive.namelist()) != {MANIFEST, *found.parts}:
                raise ValueError("parts are missing")
            for name, digest in found.parts.items():
                pure = PurePosixPath(name)
                if pure.is_absolute() or ".." in pure.parts:
                    raise ValueError("a part leads out of the backup")
                with archive.open(name) as part:
                    if _digest_of(part) != digest:
                        raise ValueError("a part was changed")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except _DAMAGE:
        raise SurveyError(f"{path} is no backup, or is damaged: nothing was restored") from None
    return found


def restore(
    home: Home,
    path: Path,
    now: datetime,
    decisions: Mapping[str, Decision],
    *,
    replace: bool = False,
) -> Backup:
    """The backup, whose database and files are in the home again.

    The secrets must lie in the home already. Files that are there stay; a database that is
    there is replaced only if ``replace`` says so. Raises ``StudyStateError`` if a study with
    codes was open and there is no decision about it: then nothing is changed.
    """
    found = read_backup(path)
    home.ensure()
    if links.kind(home) != found.kind:
        raise SetupError(
            f"the backup holds a database of {found.kind}, this home uses {links.kind(home)}"
        )
    if not links.is_empty(home) and not replace:
        raise SetupError(
            f"{home.path} has a database already: restoring would lose what came in since "
            f"{found.day}; --replace does it nevertheless"
        )
    with zipfile.ZipFile(path) as archive, TemporaryDirectory(dir=home.path) as folder:
        aside = Path(folder)
        archive.extractall(aside)
        open_with_codes = _open_with_codes(aside, found)
        ended = [id for id, state in found.studies.items() if _has_ended(home, id, state)]
        _require_decisions([id for id in open_with_codes if id not in ended], decisions)
        _require_still_open(ended, decisions)
        lost = _ballots(home) if not links.is_empty(home) else {}
        (_put_sqlite if found.kind == "sqlite" else _load)(home, aside)
        links.check(home)
        _put_files(home, aside, found)
    closed = dict.fromkeys(ended, _ENDED)
    taken_up = {id: decisions[id] for id in open_with_codes if id not in ended}
    for study_id, decision in {**taken_up, **closed}.items():
        _decide(home, study_id, decision, found, lost.get(study_id), now)
    return found


# -- what goes in -----------------------------------------------------------------------------


def _files(home: Home) -> dict[str, Path]:
    """Every file of a home that belongs into a backup, by its name in it."""
    found = {}
    for folder, names, files in os.walk(home.path):
        here = Path(folder)
        if here == home.path:
            names[:] = [name for name in names if name not in _LEFT_OUT]
            files = [name for name in files if not name.startswith(home.database_file.name)]
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                found[str((here / name).relative_to(home.path))] = here / name
    passing = (f"{_TEAM}/scratch/", f"{_TEAM}/{_ACCOUNTS}")
    return {f"home/{n}": path for n, path in found.items() if not n.startswith(passing)}


def _team_files(home: Home, aside: Path) -> dict[str, Path]:
    """Copies of what the team's room may be writing at this moment, by their name in a backup."""
    found, place = {}, home.path / _TEAM
    if (accounts := place / _ACCOUNTS).exists():
        _copy_accounts(accounts, aside / _ACCOUNTS)
        found[f"home/{_TEAM}/{_ACCOUNTS}"] = aside / _ACCOUNTS
    for log in sorted(place.glob("*.jsonl")) if place.is_dir() else ():
        # Lines are only ever appended; one that is being written comes with the next backup.
        whole = log.read_bytes().rpartition(b"\n")
        write_new(aside / log.name, lambda file, whole=whole: file.write(whole[0] + whole[1]))  # type: ignore[misc]
        found[f"home/{_TEAM}/{log.name}"] = aside / log.name
    return found


def _copy_accounts(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(copy)) as target:
        live.backup(target)
        target.execute("PRAGMA secure_delete = ON")
        known = {row[0] for row in target.execute("SELECT name FROM sqlite_master")}
        for table in known.intersection(_PASSING):
            target.execute(f"DELETE FROM {table}")  # noqa: S608 - a name from the list above
        target.commit()
        target.execute("VACUUM")
    copy.chmod(0o600)


def _require_no_secret(home: Home, files: Mapping[str, Path]) -> None:
    hidden = [path.read_bytes().strip() for path in home.secrets.rglob("*") if path.is_file()]
    needles = [b"AGE-SECRET-KEY-1", *(value for value in hidden if len(value) >= 32)]
    for name, path in files.items():
        if _holds_one(path, needles):
            raise SurveyError(f"{name} holds a secret: it does not belong into a backup")


def _holds_one(path: Path, needles: Sequence[bytes]) -> bool:
    if not path.stat().st_size:
        return False
    # A large urn need not fit into memory.
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        return any(content.find(needle) >= 0 for needle in needles)


def _copy_sqlite(home: Home, copy: Path) -> None:
    # One consistent state, in the order of the random keys and without what was deleted.
    links.first_row(links.address(home), "VACUUM INTO :copy", {"copy": str(copy)})
    copy.chmod(0o600)


def _dump(home: Home, copy: Path) -> None:
    # Only our own tables, in a format that pg_restore puts back in one transaction.
    _run(home, "pg_dump", ["--format=custom", "--no-owner", "--no-acl", f"--file={copy}"])
    copy.chmod(0o600)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return _digest_of(file)


def _digest_of(file: IO[bytes]) -> str:
    found = hashlib.sha256()
    while chunk := file.read(1 << 20):
        found.update(chunk)
    return found.hexdigest()


def _zip(file: IO[bytes], made: Backup, files: Mapping[str, Path]) -> None:
    raw = {name: getattr(made, name) for name in made.__slots__}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, path in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr, entry.file_size = 0o600 << 16, path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
        archive.writestr(zipfile.ZipInfo(MANIFEST), json.dumps(raw, indent=1))


# -- what comes back --------------------------------------------------------------------------


def _open_with_codes(aside: Path, found: Backup) -> list[str]:
    """The studies that were open and have codes; those of demos need no decision."""
    still = [study for study, state in found.studies.items() if state == State.OPEN]
    if not still or found.kind != "sqlite":
        # Without its server a dump cannot be asked: every open study needs a decision.
        return sorted(still)
    with closing(sqlite3.connect(aside / _SQLITE)) as connection:
        rows = connection.execute("SELECT id, study, demo FROM studies").fetchall()
    return sorted(
        id
        for id, raw, demo in rows
        if id in still and not demo and json.loads(raw)["access"] == Access.CODES
    )


def _require_decisions(needed: Sequence[str], decisions: Mapping[str, Decision]) -> None:
    missing = [id for id in needed if id not in decisions or not decisions[id].reason.strip()]
    if missing:
        raise StudyStateError(
            f"codes used since the backup revive in {', '.join(missing)}, so that a person could "
            "answer twice: decide with --resume STUDY or --close STUDY, and give a --reason. "
            "Nothing was restored"
        )


def _has_ended(home: Home, study_id: str, state: str) -> bool:
    # The key of the pages is destroyed at closing and comes back with no backup.
    return state == State.OPEN and not (home.secrets / state_secret(study_id)).exists()


def _require_still_open(ended: Sequence[str], decisions: Mapping[str, Decision]) -> None:
    if refused := [id for id in ended if id in decisions and decisions[id].resume]:
        raise StudyStateError(
            f"{', '.join(refused)} cannot be taken up: the key of its pages is not in secrets/, "
            "because it was closed since the backup, which is final, or because secrets/ was not "
            "put back. Nothing was restored"
        )


def _ballots(home: Home) -> dict[str, int]:
    with links.reading(home) as link:
        return {row.id: urn.exact_count(link, row.id) for row in list_studies(home)}


def _put_sqlite(home: Home, aside: Path) -> None:
    with closing(sqlite3.connect(aside / _SQLITE)) as connection:
        # A file that takes part in no journal can be renamed into its place.
        connection.execute("PRAGMA journal_mode=WAL")
    if home.database_file.exists():
        links.disconnect()
    (aside / _SQLITE).chmod(0o600)
    for ending in ("-wal", "-shm"):
        (aside / f"{_SQLITE}{ending}").unlink(missing_ok=True)
        Path(f"{home.database_file}{ending}").unlink(missing_ok=True)
    (aside / _SQLITE).replace(home.database_file)


def _load(home: Home, aside: Path) -> None:
    options = ["--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction"]
    _run(home, "pg_restore", [*options, str(aside / _POSTGRESQL)], named="--dbname")
    links.disconnect()


def _put_files(home: Home, aside: Path, found: Backup) -> None:
    for name in found.parts:
        if not name.startswith("home/"):
            continue
        target = home.path / name.removeprefix("home/")
        if not target.exists():
            make_private_directory(target.parent)
            (aside / name).chmod(0o600)
            (aside / name).replace(target)


def _decide(
    home: Home, study_id: str, decision: Decision, found: Backup, lost: int | None, now: datetime
) -> None:
    with links.reading(home) as link:
        ballots = urn.exact_count(link, study_id)
    stored = load_study(home, study_id)
    content = {
        "backup": found.day,
        "decision": "resume" if decision.resume else "close",
        "reason": decision.reason.strip(),
        "access": stored.study.access.value,
        "ballots_restored": ballots // 10 * 10,
        "ballots_replaced": None if lost is None else lost // 10 * 10,
    }
    write_record(home, study_id, KIND, content, now)
    if not decision.resume:
        close_study(home, study_id, now)


# -- PostgreSQL's own programs ----------------------------------------------------------------


def _run(home: Home, program: str, options: Sequence[str], named: str = "--dbname") -> None:
    found = which(program)
    if found is None:
        raise MissingProgramError(
            f"{program} is missing: `apt install postgresql-client` brings it, in the version of "
            "the server or a later one"
        )
    with _password(home) as (address, environment):
        command = [found, *options, f"{named}={address}"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), "")
        raise SetupError(f"{program} could not do its work: {said}")


@contextmanager
def _password(home: Home) -> Iterator[tuple[str, dict[str, str]]]:
    """The database's address without its password, which no list of processes must show."""
    address, password = without_password(home.database)
    yield address, {**os.environ, **({"PGPASSWORD": password} if password else {})}

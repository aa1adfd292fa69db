"""Copies of an urn as a thief takes them: with the program away, and every byte readable."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from survey import ballot, links
from survey.attack.installation import Installation
from survey.attack.needles import Watch
from survey.errors import DatabaseError
from survey.home import DATABASE_FILE, Home

SERVER_FILES = "files of the database server"
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Copy:
    """What one copy shows: ballots by the digest of their age file, in the order they lie."""

    keys: Mapping[str, bytes]
    """The key of each ballot's row."""
    places: Mapping[str, Sequence[str]]
    """Ballots in the orders in which a thief can read them, by the name of the order."""
    codes: frozenset[bytes]


class Copier(Protocol):
    """Takes copies of one kind of database."""

    def take(self, *, deep: bool = False) -> Copy:
        """A copy at this moment; ``deep`` looks at raw pages and logs as well."""

    def fresh(self, longest: int) -> Iterator[tuple[str, bytes]]:
        """Where something has changed since the last time, and the changed bytes."""

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All bytes that are searched at the end."""

    def tables(self) -> dict[str, Rows]:
        """Every row of every table."""


def copier(installation: Installation, study_id: str) -> Copier:
    """The copier for the database of an installation."""
    if links.kind(installation.home) == "sqlite":
        return FileCopier(installation, study_id)
    return ServerCopier(installation, study_id)


class FileCopier:
    """Copies the files of a home, the database's log included.

    A program of its own copies the database: a process that opens and closes the file of a
    SQLite database which it uses itself loses its locks on it.
    """

    def __init__(self, installation: Installation, study_id: str) -> None:
        self._study_id, self._home = study_id, installation.home
        self._place, self._work = installation.place / "copy", installation.place / "work"
        places = [installation.home.path, installation.logs]
        self._watches = [Watch(places, without=DATABASE_FILE), Watch([self._place])]

    def take(self, *, deep: bool = False) -> Copy:
        """A copy of all files, the database opened elsewhere."""
        self._copy()
        with closing(self._opened()) as copy:
            found = copy.execute(
                "SELECT key_digest, sealed FROM ballots WHERE study_id = ?", (self._study_id,)
            ).fetchall()
            left = copy.execute("SELECT digest FROM codes WHERE study_id = ?", (self._study_id,))
            codes = frozenset(bytes(row[0]) for row in left)
        keys = {mark(sealed): bytes(key) for key, sealed in found}
        places: dict[str, Sequence[str]] = {"scan": list(keys)}
        if deep:
            pieces = {mark(sealed): piece(sealed) for _, sealed in found}
            raw = {path.name: path.read_bytes() for path in self._place.iterdir()}
            places |= {name: _by_place(content, pieces) for name, content in raw.items()}
        return Copy(keys, places, codes)

    def fresh(self, longest: int) -> Iterator[tuple[str, bytes]]:
        """Changed stretches of all files of the home and of the server's output."""
        found = (entry for watch in self._watches for entry in watch.fresh(longest))
        return ((str(path), content) for path, content in found)

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """All files of the home and the server's output, whole."""
        self._copy()
        found = (entry for watch in self._watches for entry in watch.everything())
        return ((str(path), content) for path, content in found)

    def tables(self) -> dict[str, Rows]:
        """Every row of every table."""
        with closing(self._opened()) as copy:
            copy.row_factory = sqlite3.Row
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = [row[0] for row in copy.execute(query)]
            return {name: [dict(row) for row in copy.execute(_all(name))] for name in names}

    def _opened(self) -> sqlite3.Connection:
        # SQLite works on a copy of the copy: opening it brings the log into the file.
        shutil.rmtree(self._work, ignore_errors=True)
        shutil.copytree(self._place, self._work)
        (self._work / f"{DATABASE_FILE}-shm").unlink(missing_ok=True)
        return sqlite3.connect(self._work / DATABASE_FILE)

    def _copy(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir()
        files = sorted(self._home.path.glob(f"{DATABASE_FILE}*"))
        subprocess.run(["cp", *map(str, files), str(self._place)], check=True)


class ServerCopier:
    """Reads the tables of a PostgreSQL server with place and transaction of every row.

    The server's own files are searched too where this user may read them. They are a diary of
    changes with times: what is looked for there is named :data:`SERVER_FILES`.
    """

    def __init__(self, installation: Installation, study_id: str) -> None:
        self._study_id, self._home = study_id, installation.home
        self._directory = data_directory(self._home)
        places = [installation.home.path, installation.logs, self._directory]
        self._watch = Watch([place for place in places if place])
        self._known: set[str] = set()

    def take(self, *, deep: bool = False) -> Copy:
        """The rows as they lie, with what the server knows about each."""
        query = (
            "SELECT key_digest, sealed, xmin::text::bigint "
            "FROM ballots WHERE study_id = :id ORDER BY ctid"
        )
        own = {"id": self._study_id}
        with links.reading(self._home) as link:
            found = link.all(query, own)
            left = link.all("SELECT digest FROM codes WHERE study_id = :id", own)
        codes = frozenset(bytes(digest) for (digest,) in left)
        keys = {mark(sealed): bytes(key) for key, sealed, _ in found}
        by_birth = sorted(found, key=lambda row: int(row[2]))
        places = {"scan": list(keys), "xmin": [mark(sealed) for _, sealed, _ in by_birth]}
        return Copy(keys, places, codes)

    def fresh(self, longest: int) -> Iterator[tuple[str, bytes]]:
        """Rows of all tables, ballots only once, and changed stretches of files."""
        tables = self.tables()
        new = [row for row in tables["ballots"] if mark(row["sealed"]) not in self._known]
        self._known |= {mark(row["sealed"]) for row in new}
        yield from _dumped({**tables, "ballots": new})
        yield from self._labelled(self._watch.fresh(longest))

    def everything(self) -> Iterator[tuple[str, bytes]]:
        """A dump of all tables, and all files."""
        yield from _dumped(self.tables())
        yield from self._labelled(self._watch.everything())

    def _labelled(self, found: Iterable[tuple[Path, bytes]]) -> Iterator[tuple[str, bytes]]:
        for path, content in found:
            of_server = self._directory is not None and path.is_relative_to(self._directory)
            yield SERVER_FILES if of_server else str(path), content

    def tables(self) -> dict[str, Rows]:
        """Every row of every table."""
        with links.reading(self._home) as link:
            names = link.driver.tables(link)
            return {name: link.named(_all(name)) for name in names}


def mark(stored: bytes) -> str:
    """What a thief recognises a sealed ballot by, in the urn and in the exported file."""
    return hashlib.sha256(ballot.unframe(bytes(stored))).hexdigest()


def piece(stored: bytes) -> bytes:
    """Bytes from the middle of a sealed ballot that occur nowhere else."""
    middle = len(stored) // 3
    return bytes(stored[middle : middle + 32])


def data_directory(home: Home) -> Path | None:
    """The data directory of a server on this machine, if it can be read."""
    try:
        found = Path(links.first_row(links.address(home), "SHOW data_directory", {})[0])
        next(found.iterdir())
    except (DatabaseError, OSError, StopIteration):  # the server's refusal or the system's
        return None
    return found


def _by_place(content: bytes, pieces: Mapping[str, bytes]) -> list[str]:
    found = {name: content.find(part) for name, part in pieces.items()}
    return sorted((name for name, place in found.items() if place >= 0), key=found.__getitem__)


def _dumped(tables: Mapping[str, Rows]) -> Iterator[tuple[str, bytes]]:
    for name, rows in tables.items():
        yield f"table {name}", b"\n".join(_flat(value) for row in rows for value in row.values())


def _flat(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _all(name: str) -> str:
    return f'SELECT * FROM "{name}"'  # noqa: S608 - a name out of the catalogue

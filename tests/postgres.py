"""A PostgreSQL server for tests: an own cluster, run by an unprivileged user.

``MEINUNGSBILD_TEST_POSTGRES`` may name another server by an address whose user may create
databases. The data lies in memory where the system allows it, so that syncing costs nothing.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

VARIABLE = "MEINUNGSBILD_TEST_POSTGRES"
_UNPRIVILEGED = ("postgres", "nobody")
_numbers = count(1)


class MissingError(Exception):
    """There is no PostgreSQL on this machine."""


class Server:
    """A server on which databases can be made and dropped."""

    def __init__(self, url: URL) -> None:
        self.url = url

    def create(self, template: str = "") -> str:
        """The address of a new database, empty or a copy of another."""
        name = f"urn_{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
        return self.address(name)

    def drop(self, address: str) -> None:
        """Remove a database, whoever is connected."""
        self.run(f"DROP DATABASE IF EXISTS {name_of(address)} WITH (FORCE)")

    def address(self, name: str) -> str:
        """The address of a database."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        """One statement outside a transaction."""
        # The maintenance database: one that is copied must have nobody in it.
        url = self.url.set(drivername="postgresql", database="postgres")
        plain = url.render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(statement)


class Cluster(Server):
    """A server of our own, whose settings a test may change."""

    def __init__(self, directory: Path) -> None:
        self._bin, self._user, self.directory = _binaries(), _user(), directory
        if self._user:
            shutil.chown(directory, self._user.pw_name)
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "urn", "-E", "UTF8", "-N")
        super().__init__(
            URL.create(
                "postgresql+psycopg", "urn", database="postgres", query={"host": str(directory)}
            )
        )
        self.start()

    @property
    def _data(self) -> str:
        return str(self.directory / "data")

    def start(self, *settings: str) -> None:
        """Start the server with settings such as ``track_commit_timestamp=on``."""
        options = ["listen_addresses=", f"unix_socket_directories={self.directory}", *settings]
        words = " ".join(f"-c {setting}" for setting in options)
        log = str(self.directory / "log")
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", words, "-w", "start")

    def stop(self) -> None:
        """Stop the server at once."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def kill(self) -> None:
        """Kill the server and every process of it, as a power cut would."""
        server = int((self.directory / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        for pid in (server, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in (server, *map(int, children)):
            while Path(f"/proc/{pid}").exists() and not _is_dead(pid):
                time.sleep(0.01)
        # Where nobody takes note of dead processes, a new server would take the old one for alive.
        for left in (self.directory / "data" / "postmaster.pid", *self.directory.glob(".s.*.lock")):
            left.unlink()

    @contextmanager
    def started_with(self, *settings: str) -> Iterator[None]:
        """The server started anew with settings, and as before afterwards."""
        self.stop()
        self.start(*settings)
        try:
            yield
        finally:
            self.stop()
            self.start()

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._bin / program), *arguments],
            user=self._user.pw_uid if self._user else None,
            group=self._user.pw_gid if self._user else None,
            extra_groups=[] if self._user else None,
            cwd=self.directory,
            # A pipe would stay open as long as the server runs.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            check=False,
        )
        if done.returncode:
            log = self.directory / "log"
            told = log.read_text() if log.exists() else ""
            raise RuntimeError(f"{program} ended with {done.returncode}: {told[-2000:]}")


@contextmanager
def server() -> Iterator[Server]:
    """The server that the environment names, or a cluster that lives as long as the context."""
    if address := os.environ.get(VARIABLE):
        yield Server(make_url(address))
        return
    with own_cluster() as cluster:
        yield cluster


@contextmanager
def own_cluster(place: Path | None = None) -> Iterator[Cluster]:
    """A cluster below ``place``, else in memory, that may be killed; it ends with the context."""
    memory = Path("/dev/shm")
    place = place or (memory if os.access(memory, os.W_OK) else None)
    with tempfile.TemporaryDirectory(prefix="urn-", dir=place, ignore_cleanup_errors=True) as path:
        Path(path).chmod(0o755)
        cluster = Cluster(Path(path))
        try:
            yield cluster
        finally:
            cluster.stop()


def name_of(address: str) -> str:
    """The name of the database in an address."""
    return str(make_url(address).database)


def _is_dead(pid: int) -> bool:
    """Whether a process has ended and only waits to be taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _binaries() -> Path:
    """The directory of the newest server programs."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if places:
        return places[-1]
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise MissingError("PostgreSQL is not installed (apt-test.txt)")


def _user() -> pwd.struct_passwd | None:
    """Whom the server runs as if we are root: PostgreSQL refuses root."""
    if os.geteuid():
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in _UNPRIVILEGED if name in known)

"""The services of the shipped units really start, answer and end, as a user without rights.

systemd itself is not needed: what it would do is done from the lines of the unit. Where this
process may (root with namespaces), the lines run exactly as written: the program is laid at
``/opt/meinungsbild`` and the home at ``/srv/meinungsbild`` for that process alone, which has a
network of its own and no rights. Elsewhere the paths are those of this checkout, as whoever runs
the tests.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urn_example

from reports import jobs, worker
from survey.home import Home
from survey.studies import open_study

ROOT = Path(__file__).parent.parent
OPT, SRV = Path("/opt/meinungsbild"), Path("/srv/meinungsbild")
NOBODY = pwd.getpwnam("nobody")
PATIENCE = 120.0


def unit(name: str) -> dict[str, list[str]]:
    """The lines of a unit by their key."""
    text = (ROOT / "deploy" / "systemd" / f"{name}.service").read_text("utf-8")
    found: dict[str, list[str]] = {}
    for key, sign, value in (line.partition("=") for line in text.splitlines()):
        if sign and not key.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def may_part() -> bool:
    """Whether this process may give another one places and a network of its own."""
    tools = all(shutil.which(tool) for tool in ("unshare", "nsenter", "setpriv", "ip"))
    if os.geteuid() or not tools:
        return False
    return subprocess.run(["unshare", "-mn", "true"], capture_output=True).returncode == 0


def closed_above(path: Path) -> Path | None:
    """The first folder on the way to a path that other users may not pass."""
    above = reversed([path, *path.parents])
    return next((folder for folder in above if not folder.stat().st_mode & 0o001), None)


def laid(source: Path, target: Path) -> str:
    return f"mkdir -p {target} && mount --bind {source} {target}"


def namespace(line: str, home: Path, place: str, umask: str) -> str:
    """A script that lays program and home where the unit has them, and gives up all rights."""
    steps = ["set -e", "umask 022", "ip link set lo up"]
    hidden = {p: closed_above(p) for p in (ROOT, Path(sys.base_prefix)) if closed_above(p)}
    for number, path in enumerate(hidden):
        steps += [laid(path, Path(f"{place}/{number}"))]
    steps += [f"mount -t tmpfs -o mode=755 tmpfs {folder}" for folder in set(hidden.values())]
    for number, path in enumerate(hidden):
        steps += [laid(Path(f"{place}/{number}"), path)]
    for source, target in ((ROOT, OPT), (home, SRV)):
        steps += [f"mount -t tmpfs -o mode=755 tmpfs {target.parent}", laid(source, target)]
    drop = "--clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
    user = f"--reuid={NOBODY.pw_uid} --regid={NOBODY.pw_gid}"
    return "\n".join([*steps, f"cd {OPT}", f"umask {umask}", f"exec setpriv {user} {drop} {line}"])


@dataclass
class Service:
    """A service that runs."""

    process: subprocess.Popen[bytes]
    inside: bool

    def get(self, address: str) -> bytes:
        """What it answers at an address; empty while it does not."""
        script = f"import urllib.request as u; print(u.urlopen({address!r}).read().decode())"
        enter = ["nsenter", "-t", str(self.process.pid), "-n"] if self.inside else []
        command = [*enter, sys.executable, "-c", script]
        return subprocess.run(command, capture_output=True).stdout

    def owner(self) -> int:
        """The user as whom it runs."""
        return Path(f"/proc/{self.process.pid}").stat().st_uid

    def until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert self.process.poll() is None, "the service has ended by itself"
            assert time.monotonic() < end
            time.sleep(0.3)


@contextmanager
def service(name: str, home: Path, tmp_path: Path) -> Iterator[Service]:
    """A service as its unit starts it; it has to end in time, by itself, when it is told to."""
    lines, inside = unit(name), may_part()
    (line,), (folder,) = lines["ExecStart"], lines["WorkingDirectory"]
    assert folder == str(OPT)
    environment = dict(text.split("=", 1) for text in lines["Environment"])
    assert environment["MEINUNGSBILD_HOME"] == str(SRV)
    if inside:
        for path in (home, *home.rglob("*")):
            os.chown(path, NOBODY.pw_uid, NOBODY.pw_gid)
        script = namespace(line, home, str(tmp_path / "held"), lines["UMask"][0])
        command = ["unshare", "-mn", "sh", "-c", script]
    else:
        environment = {key: text.replace(str(SRV), str(home)) for key, text in environment.items()}
        command = shlex.split(line.replace(str(OPT), str(ROOT)))
    # systemd sets the home of the user, which deploy/README.md makes that of the installation.
    environment |= {"PATH": os.environ["PATH"], "HOME": environment["MEINUNGSBILD_HOME"]}
    umask = -1 if inside else int(lines["UMask"][0], 8)
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, umask=umask, stdout=log, stderr=log
        )
        try:
            yield Service(process, inside)
            process.send_signal(signal.SIGTERM)
            ended = process.wait(int(lines["TimeoutStopSec"][0]))
            assert ended in (0, -signal.SIGTERM), (tmp_path / "log").read_text("utf-8")
        finally:
            process.kill()
            process.wait(10)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with a draft and an open study, in a folder of its own."""
    made = Home(tmp_path / "srv")
    urn_example.add(made, "draft")
    urn_example.add(made, "city", access="open", demo=True)
    open_study(made, "city", urn_example.NOW)
    return made


def as_nobody(running: Service) -> bool:
    return running.owner() == (NOBODY.pw_uid if running.inside else os.geteuid())


def test_the_rooms_service_starts_answers_at_its_port_and_ends_when_told(
    home: Home, tmp_path: Path
) -> None:
    with service("meinungsbild-team", home.path, tmp_path) as running:
        running.until(lambda: b"Projektraum" in running.get("http://127.0.0.1:8001/team/sign-in"))
        assert as_nobody(running)
    assert (tmp_path / "log").read_text("utf-8") == "http://127.0.0.1:8001/team/\n"


def test_the_service_of_the_pages_starts_answers_and_ends_when_told(
    home: Home, tmp_path: Path
) -> None:
    with service("meinungsbild", home.path, tmp_path) as running:
        running.until(lambda: b"Was zuerst?" in running.get("http://127.0.0.1:8000/s/city/"))
        assert as_nobody(running)
    assert (tmp_path / "log").read_text("utf-8") == ""


def test_the_workers_service_starts_does_a_job_and_ends_when_told(
    home: Home, tmp_path: Path
) -> None:
    wanted = {"counts": {"": 50}, "form": "cards", "address": "https://umfrage.example"}
    job = worker.enqueue(home, "draft", (), task=jobs.CODES, by="fieldwork", wanted=wanted)

    def done() -> bool:
        found = jobs.find(home, job.id)
        return found is not None and found.ended

    with service("meinungsbild-worker", home.path, tmp_path) as running:
        running.until(lambda: worker.at_work(home))
        assert as_nobody(running)
        running.until(done)
        found = jobs.find(home, job.id)
        assert found is not None
        assert (found.state, found.error) == (jobs.DONE, "")
        printed = jobs.printed_codes(home, job)
        assert printed.stat().st_mode & 0o077 == 0
        assert printed.stat().st_uid == running.owner()
    assert not worker.at_work(home)

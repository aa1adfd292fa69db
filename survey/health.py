"""What ``survey doctor`` looks at: the machine, the home, the database, the studies.

A check is a function that takes a home and yields results; :data:`CHECKS` lists them all. It
changes nothing, except for a file that it writes into the home and removes again.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from survey.home import Home

OLDEST_PYTHON = (3, 11)
LEAST_FREE = 2 * 1024**3
"""Bytes that a home needs free: an export, an opened layer and a backup of a large urn."""
LEAST_FILES = 1024
_REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "glusterfs"})
"""File systems on which the log of a SQLite database is not safe."""


class Verdict(StrEnum):
    """What a check came to; a missing library is told from other mistakes by its exit status."""

    FINE = "ok"
    NOTE = "note"
    WRONG = "WRONG"
    MISSING = "MISSING"


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, and what to do about it unless all is well."""

    verdict: Verdict
    found: str
    advice: str = ""


Check = Callable[[Home], Iterator[Result]]


def fine(found: str) -> Result:
    """A result that needs no advice."""
    return Result(Verdict.FINE, found)


def note(found: str, advice: str) -> Result:
    """Something to look at, with which the program works."""
    return Result(Verdict.NOTE, found, advice)


def wrong(found: str, advice: str) -> Result:
    """Something that has to be mended."""
    return Result(Verdict.WRONG, found, advice)


def python(home: Home) -> Iterator[Result]:
    """The version of Python and of every library that the program asks for."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        yield wrong(f"Python {version}", f"install Python {wanted} or later")
    else:
        yield fine(f"Python {version}")
    bad = [sentence for text in _required() if (sentence := _unfit(Requirement(text)))]
    for sentence in bad:
        yield wrong(sentence, "install the libraries from requirements.lock again")
    if not bad:
        yield fine(f"{len(_required())} libraries as required")


def _required() -> list[str]:
    found = metadata.requires("meinungsbild") or []
    return [text for text in found if "extra ==" not in text]


def _unfit(wanted: Requirement) -> str:
    if wanted.marker and not wanted.marker.evaluate():
        return ""
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"the library {wanted.name} is missing"
    if wanted.specifier.contains(version, prereleases=True):
        return ""
    return f"the library {wanted.name} is {version}, wanted is {wanted.specifier}"


def printing(home: Home) -> Iterator[Result]:
    """Whether a tagged PDF with the packaged font comes out."""
    advice = "install the packages of apt.txt; without them nothing can be printed"
    try:
        from survey.print_pdf import print_pdf

        page = '<!doctype html><html lang="de"><title>Probe</title><p>Ärger über „ß“</p></html>'
        made = print_pdf(page, 'html { font-family: "Paper Sans" }')
    except (OSError, ImportError) as error:
        said = str(error).splitlines()[0]
        yield Result(Verdict.MISSING, f"a system library is missing: {said}", advice)
        return
    except Exception as error:  # whatever a broken library raises
        yield wrong(f"nothing can be printed: {type(error).__name__}: {error}", advice)
        return
    from io import BytesIO

    from pypdf import PdfReader

    fonts = PdfReader(BytesIO(made)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = sorted(str(font.get_object()["/BaseFont"]) for font in fonts)
    if all("Paper-Sans" in name for name in names):
        yield fine("printing works, with the packaged font")
    else:
        yield wrong(f"printing takes other fonts ({', '.join(names)})", advice)


def place(home: Home) -> Iterator[Result]:
    """Whether the home is this user's own, writable, local and roomy."""
    if not home.path.is_dir():
        yield wrong(f"there is no home at {home.path}", "run `survey init`")
        return
    yield from _rights(home)
    try:
        with tempfile.NamedTemporaryFile(dir=home.path, prefix=".doctor-") as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        yield fine(f"{home.path} can be written")
    except OSError as error:
        yield wrong(f"{home.path} cannot be written: {error.strerror}", "mend rights or disk")
    free = shutil.disk_usage(home.path).free
    needed = max(LEAST_FREE, 4 * _size(home.database_file))
    room = f"{free / 1024**3:.1f} GiB free on the disk of {home.path}"
    if free < needed:
        yield wrong(room, f"make room: opening and backup need {needed / 1024**3:.1f} GiB")
    else:
        yield fine(room)
    kind = file_system(home.path)
    if kind in _REMOTE and home.database_file.exists():
        yield wrong(
            f"{home.path} lies on {kind}", "move it to a local disk, or the urn to PostgreSQL"
        )


def _rights(home: Home) -> Iterator[Result]:
    status = home.path.stat()
    if status.st_uid != os.geteuid():
        yield wrong(
            f"{home.path} belongs to user {status.st_uid}, this is user {os.geteuid()}",
            "run the command as the user of the service",
        )
    open_to = [path for path in (home.path, home.secrets) if path.is_dir() and _is_open(path)]
    for path in open_to:
        yield wrong(f"{path} is open to other users", f"chmod 700 {path}")
    if not open_to:
        yield fine("home and secrets are readable for their owner alone")


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o077)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system that a path lies on; empty where it cannot be told."""
    try:
        lines = [line.split() for line in mounts.read_text("utf-8").splitlines()]
    except OSError:
        return ""
    whole = path.resolve()
    above = [(at, kind) for _, at, kind, *_ in lines if whole.is_relative_to(at)]
    return max(above, key=lambda found: len(found[0]), default=("", ""))[1]


def clock(home: Home) -> Iterator[Result]:
    """Whether the clock can be trusted: studies open and close by it."""
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        yield wrong("the time zone Europe/Berlin is not known", "install the package tzdata")
    now = datetime.now(UTC)
    newest = max((_day(path) for path in home.path.glob("records/*/*.json")), default="")
    if newest > now.date().isoformat():
        yield wrong(
            f"the clock says {now:%Y-%m-%d}, but a record was written on {newest}",
            "set the clock before a study opens or closes by it",
        )
    synchronised = _synchronised()
    if synchronised == "no":
        yield note(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC and is not kept by a time server",
            "timedatectl set-ntp true",
        )
    else:
        kept = ", kept by a time server" if synchronised == "yes" else ""
        yield fine(f"the clock says {now:%Y-%m-%d %H:%M} UTC{kept}")


def _day(path: Path) -> str:
    found = re.search(r'"day": "(\d{4}-\d\d-\d\d)"', path.read_text("utf-8", "replace"))
    return found[1] if found else ""


def _synchronised() -> str:
    program = shutil.which("timedatectl")
    if program is None:
        return ""
    command = [program, "show", "--property=NTPSynchronized", "--value"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    return done.stdout.strip()


def limits(home: Home) -> Iterator[Result]:
    """What the system allows a process of this user."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= files < LEAST_FILES:
        yield note(
            f"a process may open {files} files", f"LimitNOFILE={LEAST_FILES} for the service"
        )
    if resource.getrlimit(resource.RLIMIT_CORE)[0]:
        yield note(
            "a crash may write the memory of a process to the disk",
            "LimitCORE=0 for the service, as deploy/ has it",
        )
    else:
        yield fine("no memory of a crashed process is written to the disk")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", python),
    ("printing", printing),
    ("home", place),
    ("clock", clock),
    ("limits", limits),
)
"""The checks of the machine, each with the name of what it looks at."""

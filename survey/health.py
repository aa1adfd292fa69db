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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from survey.health_sentences import say
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
    """What was found, as the code of a sentence with values, and how bad it is."""

    verdict: Verdict
    code: str
    values: Mapping[str, object]

    def found(self, language: str = "en") -> str:
        """What was found, in a language."""
        return self._said(language)[0]

    def advice(self, language: str = "en") -> str:
        """What to do about it; empty where all is well."""
        return self._said(language)[1]

    def _said(self, language: str) -> tuple[str, str]:
        values = {name: str(value) for name, value in self.values.items()}
        return say(self.code, values, language)


Check = Callable[[Home], Iterator[Result]]


def fine(code: str, **values: object) -> Result:
    """A result that needs no advice."""
    return Result(Verdict.FINE, code, values)


def note(code: str, **values: object) -> Result:
    """Something to look at, with which the program works."""
    return Result(Verdict.NOTE, code, values)


def wrong(code: str, **values: object) -> Result:
    """Something that has to be mended."""
    return Result(Verdict.WRONG, code, values)


def python(home: Home) -> Iterator[Result]:
    """The version of Python and of every library that the program asks for."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield wrong("python_old", version=version, wanted=".".join(map(str, OLDEST_PYTHON)))
    else:
        yield fine("python", version=version)
    bad = [found for text in _required() if (found := _unfit(Requirement(text)))]
    yield from bad
    if not bad:
        yield fine("libraries", count=len(_required()))


def _required() -> list[str]:
    found = metadata.requires("meinungsbild") or []
    return [text for text in found if "extra ==" not in text]


def _unfit(wanted: Requirement) -> Result | None:
    if wanted.marker and not wanted.marker.evaluate():
        return None
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return wrong("library_missing", name=wanted.name)
    if wanted.specifier.contains(version, prereleases=True):
        return None
    return wrong("library_other", name=wanted.name, version=version, wanted=wanted.specifier)


def printing(home: Home) -> Iterator[Result]:
    """Whether a tagged PDF with the packaged font comes out."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        yield wrong("no_scratch")
        return
    try:
        from survey.print_pdf import print_pdf

        page = '<!doctype html><html lang="de"><title>Probe</title><p>Ärger über „ß“</p></html>'
        made = print_pdf(page, 'html { font-family: "Paper Sans" }')
    except (OSError, ImportError) as error:
        yield Result(Verdict.MISSING, "system_library", {"said": str(error).splitlines()[0]})
        return
    except Exception as error:  # whatever a broken library raises
        code = "font_missing" if "Font-face" in str(error) else "printing_fails"
        yield wrong(code, said=f"{type(error).__name__}: {error}")
        return
    from io import BytesIO

    from pypdf import PdfReader

    fonts = PdfReader(BytesIO(made)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    names = sorted(str(font.get_object()["/BaseFont"]) for font in fonts)
    if all("Paper-Sans" in name for name in names):
        yield fine("printing")
    else:
        yield wrong("other_fonts", fonts=", ".join(names))


def place(home: Home) -> Iterator[Result]:
    """Whether the home is this user's own, writable, local and roomy."""
    if not home.path.is_dir():
        yield wrong("no_home", path=home.path)
        return
    yield from _rights(home)
    try:
        with tempfile.NamedTemporaryFile(dir=home.path, prefix=".doctor-") as probe:
            probe.write(b"x" * 4096)
            probe.flush()
            os.fsync(probe.fileno())
        yield fine("writable", path=home.path)
    except OSError as error:
        yield wrong("unwritable", path=home.path, said=error.strerror)
    free = shutil.disk_usage(home.path).free
    needed = max(LEAST_FREE, 4 * _size(home.database_file))
    room = {"free": f"{free / 1024**3:.1f}", "path": home.path}
    if free < needed:
        yield wrong("no_room", **room, needed=f"{needed / 1024**3:.1f}")
    else:
        yield fine("room", **room)
    kind = file_system(home.path)
    if kind in _REMOTE and home.database_file.exists():
        yield wrong("remote", path=home.path, kind=kind)


def _rights(home: Home) -> Iterator[Result]:
    status, user = home.path.stat(), os.geteuid()
    if status.st_uid != user:
        yield wrong("owner", path=home.path, owner=status.st_uid, user=user)
        return
    foreign = [path for path in _files(home.path) if path.lstat().st_uid != user]
    if foreign:
        some = min(foreign)
        yield wrong("foreign", count=len(foreign), path=some, user=user, home=home.path)
    open_to = [path for path in (home.path, home.secrets) if path.is_dir() and _is_open(path)]
    for path in open_to:
        yield wrong("open", path=path)
    if not open_to:
        yield fine("private")


def _files(folder: Path) -> Iterator[Path]:
    """Everything below a folder that this user may look into."""
    for above, folders, files in os.walk(folder):
        yield from (Path(above, name) for name in (*folders, *files))


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
        yield wrong("no_zone")
    now = datetime.now(UTC)
    made = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    newest = max((_day(path) for path in home.path.glob("records/*/*.json")), default="")
    if newest > now.date().isoformat():
        yield wrong("clock_behind", now=f"{now:%Y-%m-%d}", newest=newest)
    elif made > now + timedelta(days=1):
        yield wrong("clock_old", now=f"{now:%Y-%m-%d}", newest=f"{made:%Y-%m-%d}")
    says = f"{now:%Y-%m-%d %H:%M}"
    synchronised = _synchronised()
    if synchronised == "no":
        yield note("clock_alone", now=says)
    else:
        yield fine("clock_kept" if synchronised == "yes" else "clock", now=says)


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
        yield note("few_files", files=files, least=LEAST_FILES)
    if resource.getrlimit(resource.RLIMIT_CORE)[0]:
        yield note("core")
    else:
        yield fine("no_core")


CHECKS: tuple[tuple[str, Check], ...] = (
    ("program", python),
    ("printing", printing),
    ("home", place),
    ("clock", clock),
    ("limits", limits),
)
"""The checks of the machine, each with the name of what it looks at."""

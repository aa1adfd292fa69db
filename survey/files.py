"""Files that are complete or not there at all, and readable for their owner alone."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from survey.errors import SurveyError

SHIPPED = Path(__file__).parent.parent / "questionnaires" / "vision"
"""Folder of the shipped questionnaires."""


def make_private_directory(path: Path) -> None:
    """Create a directory, and every missing one above it, for its owner alone."""
    if not path.is_dir():
        make_private_directory(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)


def open_to_others(paths: Iterable[Path]) -> list[str]:
    """A sentence for each path that somebody beside its owner may read or change."""
    others = stat.S_IRWXG | stat.S_IRWXO
    return [f"{path} is open to other users" for path in paths if path.stat().st_mode & others]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process or thread holds the lock that the file at ``path`` stands for."""
    make_private_directory(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # The system takes the lock away when the process ends, however it ends.
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def copy_file(source: Path, target: Path) -> None:
    """A new file with the content of another; raises ``SurveyError`` as :func:`write_new` does."""
    try:
        with source.open("rb") as original:
            write_new(target, lambda file: shutil.copyfileobj(original, file))
    except OSError as error:
        raise SurveyError(f"{source} cannot be copied: {error.strerror}") from None


def write_new(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Create a file with what ``write`` puts into it: complete or not at all, never replaced.

    Raises ``SurveyError`` if the file exists or cannot be made.
    """
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise SurveyError(f"{path} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(handle, "w+b") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        # Unlike a rename, a link refuses to replace what somebody else wrote meanwhile.
        os.link(aside, path)
    except FileExistsError:
        raise SurveyError(f"{path} exists already and is not replaced") from None
    finally:
        aside.unlink(missing_ok=True)


def write_aside(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Put ``content`` at ``path`` whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(mode)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)

"""A digest of the program: whatever is kept of results is good for the program that made it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from reports.installed import installed_version

_ROOT = Path(__file__).parent.parent
_SOURCES = ("reports/**/*", "survey/*.py", "survey/items/*.py", "questionnaires/**/*.yaml")
_MADE_WITH = ("matplotlib", "numpy", "scipy", "jinja2", "fontpkg-source-sans-3")


@cache
def program() -> bytes:
    """A digest of everything that results and previews are made with."""
    files = [path for pattern in _SOURCES for path in sorted(_ROOT.glob(pattern))]
    versions = (installed_version(name).encode() for name in _MADE_WITH)
    shown = (path for path in files if path.suffix in (".py", ".css", ".html", ".yaml"))
    return digest([sys.version.encode(), *versions, *contents(shown)]).encode()


def contents(paths: Iterable[Path]) -> Iterator[bytes]:
    """Names and contents of those paths that are files."""
    for path in paths:
        if path.is_file():
            yield str(path).encode()
            yield path.read_bytes()


def digest(parts: Iterable[bytes]) -> str:
    """One SHA-256 of some parts, each told from the next."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()

"""Previews that are ready: shown again at once while nothing that they rest on has changed.

A preview rests on the data sets and proceedings of its home, on all that the ledger holds, and
on the program. It is found by a digest of all of them, so it shows what the gate has released
and nothing else; whatever changes, the next preview goes through the gate again. A ledger that
was tampered with is noticed before anything is shown.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from reports.ledger import Ledger
from survey.files import write_aside
from survey.home import Home

FOLDER = ".ready"
"""Folder beside the dossiers of a study that holds them."""

_ROOT = Path(__file__).parent.parent
_SOURCES = ("reports/**/*", "survey/*.py", "survey/items/*.py", "questionnaires/**/*.yaml")
_DRAWN_WITH = ("matplotlib", "numpy", "scipy", "statsmodels", "jinja2")


@dataclass(frozen=True, slots=True)
class Ready:
    """A preview, and what the administration still owes."""

    html: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewStore:
    """The previews of one dossier: ``what`` names kind, unit, partner and language."""

    home: Home
    study: str
    what: tuple[str, ...]
    proceeding: Path | None = None

    def find(self) -> Ready | None:
        """The preview of exactly what is there now, None if there is none."""
        try:
            found = json.loads(self._path().read_text(encoding="utf-8"))
            return Ready(found["html"], tuple(found["warnings"]))
        except (OSError, ValueError, KeyError):
            return None

    def keep(self, ready: Ready) -> None:
        """Keep a preview, the only one of its dossier."""
        path = self._path()
        for old in path.parent.glob(f"{path.stem.partition('.')[0]}.*"):
            old.unlink(missing_ok=True)
        content = {"html": ready.html, "warnings": ready.warnings}
        write_aside(path, json.dumps(content, ensure_ascii=False).encode())

    def _path(self) -> Path:
        which = _digest(text.encode() for text in self.what)[:16]
        return self.home.dossiers / self.study / FOLDER / f"{which}.{self._key()}.json"

    def _key(self) -> str:
        entries = (entry.hash.encode() for entry in Ledger(self.home).entries())
        own = (self.proceeding,) if self.proceeding is not None else ()
        folders = (self.home.datasets, self.home.path / "proceedings")
        files = [path for folder in folders for path in sorted(folder.rglob("*"))]
        return _digest([_program(), *entries, *_contents([*own, *files])])


@cache
def _program() -> bytes:
    """A digest of everything that a preview is made with."""
    files = [path for pattern in _SOURCES for path in sorted(_ROOT.glob(pattern))]
    versions = (version(name).encode() for name in _DRAWN_WITH)
    shown = (path for path in files if path.suffix in (".py", ".css", ".html", ".yaml"))
    return _digest([sys.version.encode(), *versions, *_contents(shown)]).encode()


def _contents(paths: Sequence[Path] | Iterator[Path]) -> Iterator[bytes]:
    for path in paths:
        if path.is_file():
            yield str(path).encode()
            yield path.read_bytes()


def _digest(parts: Sequence[bytes] | Iterator[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()

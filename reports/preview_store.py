"""Previews that are ready: shown again at once while nothing that they rest on has changed.

A preview rests on the data sets and proceedings of its home, on all that the ledger holds, and
on the program. It is found by a digest of all of them, so it shows what the gate has released
and nothing else; whatever changes, the next preview goes through the gate again. A ledger that
was tampered with is noticed before anything is shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from reports.ledger import Ledger
from reports.program import contents, digest, program
from survey.files import write_aside
from survey.home import READY, Home


@dataclass(frozen=True, slots=True)
class Ready:
    """A preview, and what the administration still owes."""

    html: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewStore:
    """The previews of one dossier: ``what`` names kind, unit, partner and language.

    ``state`` is what they rest on (:func:`state_of`), where that was taken down before.
    """

    home: Home
    study: str
    what: tuple[str, ...]
    proceeding: Path | None = None
    state: str = ""

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
        which = digest(text.encode() for text in self.what)[:16]
        return self.home.dossiers / self.study / READY / f"{which}.{self._key()}.json"

    def _key(self) -> str:
        return self.state or state_of(self.home, self.proceeding)


def state_of(home: Home, proceeding: Path | None = None) -> str:
    """A digest of everything that previews rest on, as it is now.

    Data sets are read anew: their names hold a fingerprint too, but a name says nothing of what
    became of the file.
    """
    entries = (entry.hash.encode() for entry in Ledger(home).entries())
    own = (proceeding,) if proceeding is not None else ()
    folders = (home.datasets, home.path / "proceedings")
    files = [path for folder in folders for path in sorted(folder.rglob("*"))]
    return digest([program(), *entries, *contents([*own, *files])])


def keeper(
    home: Home, study: str, partner: str | None, warnings: Sequence[str], proceeding: Path | None
) -> Callable[[str, str, str], None]:
    """Keeps the previews of documents that are built: kind, track and HTML of each.

    What they rest on is taken down now, before they are composed.
    """
    state = state_of(home, proceeding)

    def keep(kind: str, track: str, html: str) -> None:
        what = (kind, "", partner or "", track or "de")
        PreviewStore(home, study, what, proceeding, state).keep(Ready(html, tuple(warnings)))

    return keep

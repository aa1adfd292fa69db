"""Charts that were drawn before: shown again while exactly the same is to be drawn.

A chart is found by all values that it shows (:mod:`reports.drawn_once`), so a number, a label or
a note that changes is drawn anew; text, table and chart still come from one object. What is kept
belongs to one data set and one program, and is believed only with the seal of the installation,
so that who can write reports but not secrets cannot plant a picture.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reports.drawn_once import shelf
from reports.program import digest, program
from survey.errors import SetupError
from survey.files import write_aside
from survey.home import HOST_KEY, READY, Home

NAME = "charts"
MOST = 16 * 1024 * 1024
"""Bytes of charts that are kept for a study; beyond them only those of the last dossiers."""


@dataclass(frozen=True)
class ChartStore:
    """The charts of one data set of a study."""

    home: Home
    study: str
    fingerprint: str

    def find(self) -> dict[str, bytes]:
        """The charts by their keys; none where nothing is kept or it carries no seal of ours."""
        try:
            seal, _, kept = self._path.read_bytes().partition(b"\n")
            if not hmac.compare_digest(seal, self._seal(kept)):
                return {}
            return {key: svg.encode() for key, svg in json.loads(kept).items()}
        except (OSError, SetupError, ValueError):
            return {}

    def keep(self, charts: dict[str, bytes]) -> None:
        """Keep charts, the only ones of their study; not in a home without secrets."""
        found = {key: svg.decode() for key, svg in charts.items()}
        kept = json.dumps(found, ensure_ascii=False).encode()
        try:
            content = self._seal(kept) + b"\n" + kept
        except SetupError:
            return
        for old in self._path.parent.glob(f"{NAME}.*"):
            if old != self._path:
                old.unlink(missing_ok=True)
        write_aside(self._path, content, mode=0o600)

    @property
    def _path(self) -> Path:
        return self.home.dossiers / self.study / READY / f"{NAME}.{self._key}.json"

    @cached_property
    def _key(self) -> str:
        return digest([program(), self.study.encode(), self.fingerprint.encode()])

    def _seal(self, kept: bytes) -> bytes:
        named = digest([NAME.encode(), self._key.encode(), kept])
        return hmac.digest(self.home.secret(HOST_KEY), named.encode(), "sha256").hex().encode()


@contextmanager
def charts_kept(home: Home, study: str, fingerprint: str) -> Iterator[None]:
    """Take the charts of a data set from what is kept, and keep those that had to be drawn."""
    store = ChartStore(home, study, fingerprint)
    earlier = store.find()
    known = _Used(earlier)
    with shelf(known):
        yield
    if known.keys() - earlier.keys():
        size = sum(map(len, known.values()))
        store.keep(known if size <= MOST else {key: known[key] for key in list(known.used)})


class _Used(dict[str, bytes]):
    """Charts by key, with the keys that were asked for."""

    def __init__(self, known: dict[str, bytes]) -> None:
        super().__init__(known)
        self.used: dict[str, None] = {}

    def __getitem__(self, key: str) -> bytes:
        self.used[key] = None
        return super().__getitem__(key)

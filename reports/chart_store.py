"""Charts that were drawn before: shown again while exactly the same is to be drawn.

A chart is found by all values that it shows (:mod:`reports.drawn_once`), so a number, a label or
a note that changes is drawn anew; text, table and chart still come from one object. What is kept
belongs to one data set and one program, and is believed only with the seal of the installation,
so that who can write reports but not secrets cannot plant a picture.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from reports.drawn_once import shelf
from reports.kept_file import KeptFile
from reports.program import digest, program
from survey.home import Home

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
        kept = self._file.find()
        try:
            return {key: svg.encode() for key, svg in json.loads(kept or b"{}").items()}
        except ValueError:
            return {}

    def keep(self, charts: dict[str, bytes]) -> None:
        """Keep charts, the only ones of their study; not in a home without secrets."""
        found = {key: svg.decode() for key, svg in charts.items()}
        self._file.keep(json.dumps(found, ensure_ascii=False).encode())

    @cached_property
    def _file(self) -> KeptFile:
        key = digest([program(), self.study.encode(), self.fingerprint.encode()])
        return KeptFile(self.home, self.study, NAME, key)


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

"""The release ledger: what has left the house, append-only and chained by hashes.

One file per home, a JSON object per line. Each entry holds what was published (groups and
their counts, nothing else), the hash of the entry before and its own. A changed, removed or
reordered line breaks the chain, and then nothing is released until somebody has looked.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from reports.errors import DisclosureError
from reports.tables import Counts, Domain, Joint, Release
from survey.files import locked, make_private_directory
from survey.home import Home

START = "0" * 64
"""What the first entry names as its predecessor."""

RELEASE, ERRATUM, TEXTS = "release", "erratum", "texts"


@dataclass(frozen=True, slots=True)
class Group:
    """A published group: its attribute ("a*b" for two) and the codes that it consists of."""

    variable: str
    codes: tuple[str, ...]
    label: str

    @classmethod
    def of(cls, domain: Domain) -> Group:
        """The group that a released domain stands for."""
        return cls(domain.variable, domain.members or (domain.code,), domain.label)


@dataclass(frozen=True, slots=True)
class Published:
    """One published table: groups and their exact counts by value, unit: ballots.

    ``item`` is a variable name, or "" for the ballots themselves, which have one value, 0. Joint
    counts have "kind:name" and the ballots with an answer to all items: value 0, and apart from
    them, value 1, those that a result "without" leaves out.
    """

    item: str
    by: str
    groups: tuple[Group, ...]
    values: tuple[int, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; an erratum has no tables, but names the release that it mends.

    ``texts`` holds what has been released of free texts, by question.
    """

    number: int
    kind: str
    time: str
    study: str
    fingerprint: str
    simulation: bool
    tables: tuple[Published, ...]
    reason: str
    content: str
    hash: str
    texts: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """How the release is named to a reader."""
        return f"Nr. {self.number} vom {self.time[:10]} ({self.study})"


class Ledger:
    """The ledger of one home."""

    def __init__(self, home: Home) -> None:
        self._directory = home.path / "ledger"
        self.path = self._directory / "releases.jsonl"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps other processes from releasing meanwhile."""
        with locked(self._directory / "lock"):
            yield

    def text(self) -> str:
        """The whole file; empty if nothing has been released."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    def entries(self) -> tuple[Entry, ...]:
        """All entries, oldest first; raises ``DisclosureError`` where the chain is broken."""
        return _entries(self.text())

    def append(self, content: Mapping[str, Any], *, time: str) -> Entry:
        """A new entry at the end, on disk before this returns."""
        known = self.entries()
        previous = known[-1].hash if known else START
        raw = {"number": len(known) + 1, "time": time, "previous": previous, **content}
        line = json.dumps(raw | {"hash": _digest(raw)}, ensure_ascii=False) + "\n"
        make_private_directory(self._directory)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        return self.entries()[-1]


@lru_cache(maxsize=1)
def _entries(text: str) -> tuple[Entry, ...]:
    """Read once, because a command asks several times; a text that differs is another one."""
    return tuple(chain(text))


def chain(text: str) -> Iterator[Entry]:
    """The entries of an exported ledger; raises ``DisclosureError`` where it was changed."""
    previous = START
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            raw = json.loads(line)
            own = raw.pop("hash")
            whole = raw["previous"] == previous and raw["number"] == number
            entry = _entry(raw, own)
        except (ValueError, KeyError, TypeError):
            raise _broken(number) from None
        if not whole or own != _digest(raw):
            raise _broken(number)
        previous = own
        yield entry


def release_content(released: Release) -> dict[str, Any]:
    """What a release puts into the ledger: every published table, and a digest of them."""
    tables = [_table_json(table) for table in published(released)]
    study = released.study
    content = {
        "kind": RELEASE,
        "study": study.id,
        "fingerprint": released.fingerprint,
        "simulation": study.simulation,
        "rules": dict(released.rules),
        "tables": tables,
        "reason": "",
    }
    return content | {"content": _digest(content)}


def erratum_content(study: str, fingerprint: str, reason: str) -> dict[str, Any]:
    """What an erratum puts into the ledger: the corrected data set and why; no tables."""
    content = {
        "kind": ERRATUM,
        "study": study,
        "fingerprint": fingerprint,
        "simulation": False,
        "tables": [],
        "reason": reason,
    }
    return content | {"content": _digest(content)}


def texts_content(
    study: str, fingerprint: str, texts: Sequence[Mapping[str, Any]], *, simulation: bool
) -> dict[str, Any]:
    """What released free texts put into the ledger: themes, paraphrases, quotes and counts."""
    content = {
        "kind": TEXTS,
        "study": study,
        "fingerprint": fingerprint,
        "simulation": simulation,
        "tables": [],
        "reason": "",
        "texts": list(texts),
    }
    return content | {"content": _digest(content)}


def published(released: Release) -> tuple[Published, ...]:
    """All published tables of a release, ballots first."""
    found = [
        Published(
            "", by, tuple(Group.of(domain) for domain, _ in rows), (0,),
            np.array([[n] for _, n in rows], dtype=np.int64).reshape(len(rows), 1),
        )
        for by, rows in released.ballots.items()
    ]  # fmt: skip
    found += [
        Published(name, by, tuple(Group.of(d) for d in table.domains), table.values, table.counts)
        for (name, by), table in released.tables.items()
    ]
    found += [
        Published(
            joint.key, joint.by, tuple(Group.of(domain) for domain in joint.domains),
            (0, 1) if joint.left_out.any() else (0,), _together(joint),
        )
        for joint in released.joint.values()
    ]  # fmt: skip
    return tuple(table for table in found if table.groups)


def _together(joint: Joint) -> Counts:
    if not joint.left_out.any():
        return joint.base[:, None]
    return np.stack([joint.base - joint.left_out, joint.left_out], axis=1)


def _digest(raw: Mapping[str, Any]) -> str:
    text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _table_json(table: Published) -> dict[str, Any]:
    groups = [
        {"variable": g.variable, "codes": list(g.codes), "label": g.label, "counts": row.tolist()}
        for g, row in zip(table.groups, table.counts, strict=True)
    ]
    return {"item": table.item, "by": table.by, "values": list(table.values), "groups": groups}


def _entry(raw: Mapping[str, Any], own: str) -> Entry:
    return Entry(
        raw["number"], raw["kind"], raw["time"], raw["study"], raw["fingerprint"],
        raw["simulation"], tuple(_table(t) for t in raw["tables"]), raw["reason"],
        raw["content"], own, tuple(raw.get("texts", ())),
    )  # fmt: skip


def _table(raw: Mapping[str, Any]) -> Published:
    groups: Sequence[Mapping[str, Any]] = raw["groups"]
    counts = np.array([group["counts"] for group in groups], dtype=np.int64)
    return Published(
        raw["item"], raw["by"],
        tuple(Group(g["variable"], tuple(g["codes"]), g["label"]) for g in groups),
        tuple(raw["values"]), counts.reshape(len(groups), len(raw["values"])),
    )  # fmt: skip


def _broken(number: int) -> DisclosureError:
    return DisclosureError(
        f"Das Verzeichnis der Veröffentlichungen ist ab Zeile {number} verändert oder "
        "unvollständig. Bis das geklärt ist, wird nichts veröffentlicht; eine ausgeführte Kopie "
        "(reports ledger) zeigt den letzten unversehrten Stand."
    )

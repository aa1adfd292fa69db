"""Finding many byte strings at once in what has changed in many files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

SHORTEST = 8
PAGE = 4096


class Needles:
    """Byte strings of several kinds, each at least eight bytes long.

    >>> needles = Needles({"code": [b"ABCDEFGHJKLM"]})
    >>> dict(needles.hits(b"...ABCDEFGHJKLM..."))
    {'code': 1}
    """

    def __init__(self, kinds: Mapping[str, Iterable[bytes]]) -> None:
        self._known: dict[bytes, list[tuple[str, bytes]]] = {}
        self._pairs = np.zeros((2, 1 << 16), dtype=bool)
        self.longest = SHORTEST
        for kind, needles in kinds.items():
            for needle in needles:
                self.add(kind, needle)

    def add(self, kind: str, needle: bytes) -> None:
        """One more byte string; raises ``ValueError`` if it is too short."""
        if len(needle) < SHORTEST:
            raise ValueError("a needle this short is found by chance")
        self._known.setdefault(needle[:SHORTEST], []).append((kind, needle))
        for place in (0, 1):
            self._pairs[place, int.from_bytes(needle[2 * place : 2 * place + 2], "big")] = True
        self.longest = max(self.longest, len(needle))

    def hits(self, content: bytes) -> Counter[str]:
        """How often something of each kind stands in ``content``."""
        found: Counter[str] = Counter()
        for place in self._candidates(content):
            for kind, needle in self._known.get(content[place : place + SHORTEST], ()):
                found[kind] += content.startswith(needle, place)
        return +found

    def _candidates(self, content: bytes) -> Iterator[int]:
        """Places whose first four bytes begin some needle."""
        if len(content) < SHORTEST:
            return
        raw = np.frombuffer(content, dtype=np.uint8).astype(np.uint16)
        pairs = (raw[:-1] << 8) | raw[1:]
        mask = self._pairs[0][pairs[:-2]] & self._pairs[1][pairs[2:]]
        yield from np.flatnonzero(mask).tolist()


class Watch:
    """Directories that are searched again and again; only what has changed is read anew."""

    def __init__(self, places: Iterable[Path], without: str = "\0") -> None:
        self._places, self._without = list(places), without
        self._seen: dict[Path, tuple[tuple[int, int], bytes]] = {}

    def changed(self) -> Iterator[tuple[Path, bytes]]:
        """Every file with a change since the last time, whole."""
        files = (f for place in self._places for f in place.rglob("*") if f.is_file())
        for path in sorted(file for file in files if self._without not in file.name):
            try:
                status = path.stat()
                mark = (status.st_size, status.st_mtime_ns)
                known = self._seen.get(path)
                # What is mapped into memory changes without a new time.
                if known and known[0] == mark and not path.name.endswith("-shm"):
                    continue
                content = path.read_bytes()
            except (FileNotFoundError, PermissionError):
                continue
            self._seen[path] = (mark, content)
            yield path, content

    def fresh(self, longest: int) -> Iterator[tuple[Path, bytes]]:
        """The changed parts of every file, wide enough that no needle falls between two."""
        before = {path: content for path, (_, content) in self._seen.items()}
        for path, content in self.changed():
            for start, end in changed_runs(before.get(path, b""), content, longest):
                yield path, content[start:end]

    def everything(self) -> Iterator[tuple[Path, bytes]]:
        """All files as they are now, whole."""
        self._seen.clear()
        return self.changed()


def changed_runs(before: bytes, after: bytes, margin: int) -> Iterator[tuple[int, int]]:
    """Stretches of ``after`` that differ from ``before``, by pages, each with a margin.

    >>> list(changed_runs(bytes(9000), bytes(9000) + b"new", 10))
    [(8182, 9003)]
    """
    whole = min(len(before), len(after)) // PAGE
    old = np.frombuffer(before, dtype=np.uint8, count=whole * PAGE).reshape(whole, PAGE)
    new = np.frombuffer(after, dtype=np.uint8, count=whole * PAGE).reshape(whole, PAGE)
    differ = [*np.flatnonzero((old != new).any(axis=1)).tolist()]
    differ += range(whole, -(-len(after) // PAGE))
    start = None
    for place, page in enumerate(differ):
        start = page if start is None else start
        if place + 1 == len(differ) or differ[place + 1] != page + 1:
            yield max(0, start * PAGE - margin), min(len(after), (page + 1) * PAGE + margin)
            start = None

"""An append-only journal: one line of JSON per act, each with the hash of the line before.

Whoever changes or removes a line in the middle breaks the chain; the last hash, which a
release prints, also gives away lines that are cut off at the end.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from reports.errors import ReportError
from survey.files import locked, make_private_directory

START = "0" * 64
"""What the first line names as the hash of the line before."""

Act = Mapping[str, Any]


class Journal:
    """The journal of one study; the file appears with the first act.

    Lines that were read and found to fit are not read again, so that thousands of acts stay
    cheap; :meth:`verify` reads everything anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._acts: list[Act] = []
        self._offset, self._head = 0, START

    def acts(self) -> Sequence[Act]:
        """All acts, oldest first; raises ``ReportError`` at a line that does not fit."""
        for line in self._new_lines():
            self._acts.append(self._read(line))
            self._offset += len(line)
            self._head = hashlib.sha256(line).hexdigest()
        return self._acts

    @property
    def head(self) -> str:
        """The hash of the last line, which stands for the whole journal."""
        self.acts()
        return self._head

    def verify(self) -> str:
        """The head after every line was read anew; raises ``ReportError`` as :meth:`acts`."""
        return Journal(self.path).head

    def add(self, make: Callable[[Sequence[Act]], Act]) -> Act:
        """Append the act that ``make`` gives for all acts so far, and return it.

        Nobody else can append between reading and writing; if ``make`` raises, nothing is.
        """
        make_private_directory(self.path.parent)
        with locked(self.path.with_name(f".{self.path.name}.lock")):
            act = {**make(self.acts()), "previous": self.head}
            line = json.dumps(act, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                # What an interrupted act has left behind was never acknowledged to anybody.
                os.ftruncate(handle, self._offset)
                if os.write(handle, line) != len(line):
                    os.ftruncate(handle, self._offset)
                    raise ReportError(f"{self.path}: no room on the disk; nothing was written")
                os.fsync(handle)
            finally:
                os.close(handle)
        return act

    def _read(self, line: bytes) -> Act:
        try:
            act = json.loads(line)
        except ValueError:
            act = None
        if not isinstance(act, dict) or act.get("previous") != self._head:
            raise ReportError(
                f"{self.path}:{len(self._acts) + 1}: this line does not follow from the one "
                "before; the journal was changed by hand. Bring it back from a backup"
            )
        return act

    def _new_lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        with self.path.open("rb") as file:
            file.seek(self._offset)
            return [line for line in file.read().splitlines(keepends=True) if line[-1:] == b"\n"]

"""Something that was made before and is kept for the next time, with the seal of the installation.

What is kept is found by a digest of everything that it was made of and is believed only with the
seal, so that who can write reports but not secrets cannot plant anything. Of each thing a study
keeps one file, which goes with its dossiers.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path

from reports.program import digest
from survey.errors import SetupError
from survey.files import write_aside
from survey.home import HOST_KEY, READY, Home


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What a study keeps under a ``name``, of whatever has the digest ``key``."""

    home: Home
    study: str
    name: str
    key: str

    def find(self) -> bytes | None:
        """What was kept of exactly this; None if nothing was or it carries no seal of ours."""
        try:
            seal, _, content = self._path.read_bytes().partition(b"\n")
            return content if hmac.compare_digest(seal, self._seal(content)) else None
        except (OSError, SetupError):
            return None

    def keep(self, content: bytes) -> None:
        """Keep it, the only one of its name; not in a home without secrets."""
        try:
            sealed = self._seal(content) + b"\n" + content
        except SetupError:
            return
        for old in self._path.parent.glob(f"{self.name}.*"):
            if old != self._path:
                old.unlink(missing_ok=True)
        write_aside(self._path, sealed, mode=0o600)

    @property
    def _path(self) -> Path:
        return self.home.dossiers / self.study / READY / f"{self.name}.{self.key}.json"

    def _seal(self, content: bytes) -> bytes:
        named = digest([self.name.encode(), self.key.encode(), content])
        return hmac.digest(self.home.secret(HOST_KEY), named.encode(), "sha256").hex().encode()

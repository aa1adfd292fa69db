"""A dossier that a test looks at: its model and its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reports.dossier import Dossier


@dataclass(frozen=True)
class Built:
    """A dossier and its PDF; table, codebook and constants stand beside it."""

    dossier: Dossier
    path: Path


class Builder(Protocol):
    """Builds a kind of dossier, of one unit if ``part`` names it."""

    def __call__(self, kind: str, part: str = "") -> Built: ...

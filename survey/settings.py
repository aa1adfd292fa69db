"""Settings of the web process: one frozen value, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BODY_LIMIT = 256 * 1024
"""Largest accepted request body in bytes; a page with its sealed state stays well below."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the installation keeps its state, and how much a request may send."""

    home: Path
    body_limit: int = BODY_LIMIT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that ``MEINUNGSBILD_HOME`` names.

        >>> Settings.from_environment({"MEINUNGSBILD_HOME": "/srv/stadt"}).home.name
        'stadt'
        """
        return cls(Path(environment.get("MEINUNGSBILD_HOME", "instance")))

"""Settings of the web process: one frozen value, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from survey.errors import SetupError
from survey.pace import BEGIN, BUDGETS, Budget
from survey.web_font import FONTS, SYSTEM_FONT

PROXIES = frozenset({"127.0.0.1", "::1", ""})
"""From where a header with the sender's address is believed: this machine."""
BEGINS_PER_MINUTE = 60
"""Ballots of open studies that one network may begin in a minute without waiting."""
BODY_LIMIT = 256 * 1024
"""Largest accepted request body in bytes; a page with its sealed state stays well below."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the installation keeps its state, and how much a request may send."""

    home: Path
    body_limit: int = BODY_LIMIT
    proxies: frozenset[str] = PROXIES
    begins_per_minute: int = BEGINS_PER_MINUTE
    font: str = SYSTEM_FONT

    @property
    def budgets(self) -> dict[str, Budget]:
        """How fast one network may go; a burst is what four minutes admit."""
        begin = Budget(4 * self.begins_per_minute, 60 / self.begins_per_minute)
        return {**BUDGETS, BEGIN: begin}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings that the environment names: home, proxies, pace of open studies, font.

        Raises ``SetupError`` for a pace that is no number and for a font that there is not.

        >>> Settings.from_environment({"MEINUNGSBILD_HOME": "/srv/stadt"}).home.name
        'stadt'
        """
        proxies = environment.get("MEINUNGSBILD_PROXIES", "").split()
        begins = environment.get("MEINUNGSBILD_BEGINS_PER_MINUTE", str(BEGINS_PER_MINUTE))
        if not begins.isdecimal() or not int(begins):
            raise SetupError(
                f"MEINUNGSBILD_BEGINS_PER_MINUTE is {begins!r}: a whole number above 0 is needed"
            )
        font = environment.get("MEINUNGSBILD_FONT", SYSTEM_FONT)
        if font not in FONTS:
            raise SetupError(f"MEINUNGSBILD_FONT is {font!r}: possible are {' and '.join(FONTS)}")
        return cls(
            Path(environment.get("MEINUNGSBILD_HOME", "instance")),
            proxies=PROXIES | set(proxies),
            begins_per_minute=int(begins),
            font=font,
        )

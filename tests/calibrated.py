"""How many draws a calibration test takes, and the figures that it found."""

from __future__ import annotations

import os

FULL = os.environ.get("MEINUNGSBILD_COVERAGE") == "full"
"""Whether the long version runs (./check --coverage); the short one is part of every check."""

FOUND: list[tuple[str, str]] = []
"""What was measured: a name and its figures, printed after the tests."""


def draws(short: int, full: int) -> int:
    """The number of replicates, settings or points of this run."""
    return full if FULL else short


def found(name: str, **figures: float) -> None:
    """Keep measured figures for the summary."""
    FOUND.append((name, ", ".join(f"{key} {value:.4f}" for key, value in figures.items())))

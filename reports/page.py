"""What is set: a whole HTML text with its style sheet and pictures.

Apart from :mod:`reports.pdf`, so that a preview loads nothing that sets pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

ASSET = "chart:"
"""Scheme of the addresses under which charts are found; nothing else is ever opened."""


@dataclass(frozen=True, slots=True)
class Page:
    """A complete HTML text, its style sheet, and the pictures it names as ``chart:NAME``."""

    html: str
    style: str
    pictures: Mapping[str, bytes]

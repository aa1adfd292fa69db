"""The states of a study."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a study stands; it only moves forward."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"

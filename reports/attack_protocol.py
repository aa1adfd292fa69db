"""What a self-attack tried and found, as it is printed and exported."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that can be worked out and must not: what, where, between which values."""

    what: str
    item: str
    by: str
    group: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Attack:
    """What was tried and what was found; ``least_span`` is the narrowest hidden count."""

    tables: int
    groups: int
    differences: int
    hidden: int
    least_span: int | None
    compared: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The protocol as plain values."""
        return asdict(self)

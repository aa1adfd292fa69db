"""The thresholds of the gate: defaults that a study may raise, never lower."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reports.errors import DisclosureError
from reports.protection import MINIMUM

DEFAULT_RULES = MappingProxyType({"min_base": MINIMUM, "min_chapter": 20, "min_texts": 30})
"""Thresholds: any group, a mean with interval or a chapter, open texts by group."""


def thresholds(rules: Mapping[str, int]) -> dict[str, int]:
    """The defaults raised by a study's rules.

    Raises ``DisclosureError`` for a rule that is unknown or below its default.

    >>> thresholds({"min_base": 15})
    {'min_base': 15, 'min_chapter': 20, 'min_texts': 30}
    """
    for name, value in rules.items():
        if name not in DEFAULT_RULES:
            raise DisclosureError(f"unknown rule {name}; known are {', '.join(DEFAULT_RULES)}")
        if value < DEFAULT_RULES[name]:
            raise DisclosureError(
                f"{name} is {value}, but may only be raised above {DEFAULT_RULES[name]}"
            )
    raised = {**DEFAULT_RULES, **rules}
    floor = raised["min_base"]
    return {name: max(value, floor) for name, value in raised.items()}

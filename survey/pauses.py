"""Pages that ask for a little patience and carry everything that was sent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum

from flask import Response

from survey.rendering import Filling
from survey.screens import Screens

TRAP = "homepage"
"""The name of the field that only programs fill in."""


SHORTEST = 2
"""Seconds that a page asks for at least."""


class Pause(Enum):
    """Why somebody is asked to press the button once more."""

    CROWD = "crowd"
    CODES = "codes"
    QUICK = "quick"
    TRAP = "trap"

    @property
    def status(self) -> int:
        """The HTTP status: too many requests, or an entry that has to be looked at."""
        return 422 if self is Pause.TRAP else 429


LEFT_OUT = ("ticket", TRAP)


def pause(
    screens: Screens,
    why: Pause,
    posted: Iterable[tuple[str, str]],
    language: str,
    *,
    seconds: float = 0.0,
    ticket: str = "",
) -> Response:
    """The page that keeps all posted fields and sends them again at a press of its button."""
    kept = [{"name": name, "value": value} for name, value in posted if name not in LEFT_OUT]
    if ticket:
        kept.append({"name": "ticket", "value": ticket})
    shown = str(max(math.ceil(seconds), SHORTEST))
    filling = Filling(
        texts={"seconds": shown if seconds else ""},
        lists={"kept": kept},
        flags=frozenset({why.value}),
    )
    response = Response(screens.draw("pause", filling, language), why.status)
    if seconds:
        response.headers["Retry-After"] = shown
    return response

"""Pages that ask for a little patience and carry everything that was sent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import Enum

from survey.kept import kept_fields
from survey.rendering import Filling
from survey.replies import Reply
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
    BUSY = "busy"

    @property
    def status(self) -> int:
        """The HTTP status: too many requests, an entry to be looked at, or no room just now."""
        return {Pause.TRAP: 422, Pause.BUSY: 503}.get(self, 429)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The sent fields that are not sent again; who finds no room is judged when there is."""
        return ("screen",) if self is Pause.BUSY else ("ticket", "screen", TRAP)


_PREFIX = "pause:"


def paused(screen: str) -> tuple[Pause, float] | None:
    """What a form names as the page that it stands on, with its seconds; None for other pages.

    >>> paused("pause:quick:6"), paused("pause:quick:"), paused("pause:x:6"), paused("thanks")
    ((<Pause.QUICK: 'quick'>, 6.0), (<Pause.QUICK: 'quick'>, 0.0), None, None)
    """
    if not screen.startswith(_PREFIX):
        return None
    why, _, seconds = screen.removeprefix(_PREFIX).partition(":")
    known = {kind.value: kind for kind in Pause}
    if why not in known:
        return None
    return known[why], float(int(seconds[:3])) if seconds.isascii() and seconds.isdecimal() else 0.0


def pause(
    screens: Screens,
    why: Pause,
    posted: Iterable[tuple[str, str]],
    language: str,
    *,
    seconds: float = 0.0,
    ticket: str = "",
) -> Reply:
    """The page that keeps all posted fields and sends them again at a press of its button."""
    kept = kept_fields(posted, why.left_out)
    if ticket:
        kept.append({"name": "ticket", "value": ticket})
    shown = str(max(math.ceil(seconds), SHORTEST))
    filling = Filling(
        texts={
            "seconds": shown if seconds else "",
            "screen": f"{_PREFIX}{why.value}:{shown if seconds else ''}",
        },
        lists={"kept": kept},
        flags=frozenset({why.value}),
    )
    page = screens.draw("pause", filling, language)
    return Reply(page, why.status, shown if seconds else "")

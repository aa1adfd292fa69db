"""When there are more requests than the host can answer: who is asked early to come again.

nginx says when it handed a request over. One that has stood in the queue for too long is not
worked on any more: its answer is a small page that holds everything that was sent and sends it
again. So the queue stays short, and whoever gets through is answered quickly. Who has not begun
yet gives way first, who sends a finished ballot last.
"""

from __future__ import annotations

import secrets

HEADER = "X-Request-Start"
HEADER_KEY = "HTTP_X_REQUEST_START"
"""The name of the header in a WSGI environment."""
LIMITS = {"begin": 2.0, "submit": 20.0}
"""Seconds in the queue after which a press of a button comes back; nginx gives up after 30."""
LIMIT = 5.0
"""The same for everything else that is sent."""
STRANGE = 60.0
"""No queue is so long: whoever says so has another clock."""
SOONEST, LATEST = 5, 15
"""Seconds after which one is asked to come again, drawn so that not all come at once."""


def waited(said: str, now: float) -> float:
    """Seconds between the start that a header names and now; 0 if it names none or clocks differ.

    >>> [waited(said, 107.5) for said in ("t=100.25", "t=200", "t=1", "100.25", "t=nan", "")]
    [7.25, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    start = said.removeprefix("t=")
    if start == said or not start.isascii() or not start.replace(".", "", 1).isdecimal():
        return 0.0
    seconds = now - float(start)
    return seconds if 0 <= seconds < STRANGE else 0.0


def is_late(said: str, now: float, action: str) -> bool:
    """Whether a pressed button has stood in the queue for too long to be worked on.

    >>> [is_late("t=100", 105.0, action) for action in ("begin", "next", "submit")]
    [True, False, False]
    """
    return waited(said, now) > LIMITS.get(action, LIMIT)


def come_again() -> float:
    """Seconds after which somebody is asked to come again."""
    return float(SOONEST + secrets.randbelow(LATEST - SOONEST + 1))

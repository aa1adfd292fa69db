"""Who is served first when not everybody can be: who is on the way, before who has yet to begin.

Answers on their way to the urn are worth more than a beginning that can be made a minute later,
and whoever finishes makes room. So a request is served in the order of the moment at which it
should be at the latest: forms of people on the way at once, others after a grace that passes,
so that nobody stands behind all others for ever. What a request is can be seen from its head,
which is looked at and not kept.
"""

from __future__ import annotations

import re
import threading
from heapq import heappop, heappush
from itertools import count
from typing import Generic, TypeVar

from survey.patience import WAITED

AHEAD = 2048
"""Bytes at the beginning of a request that are looked at; nginx's head has a few hundred."""
SMALL = 600
"""Bytes that no form on the way has: the shortest page state is longer."""
GRACE = 0.5
"""Seconds that who wants to begin stands behind all who are on the way."""
LOOKS = 0.2
"""The same for somebody who only looks, at a start page for instance."""
CROWD = 8
"""Waiting requests from which on a page that depends on nobody is shown as it was just now."""
FULL = 270
"""Waiting requests for each process of a host, of two at least, from which on nobody new begins:
less than a second of work, and 500 people who come at once are fewer."""
FULL_FOR_ALL = 300
"""The same for who has been asked to come again: they fill what becomes free, before others do."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_AGAIN = b"screen=pause%3Abusy"

Waiting = TypeVar("Waiting")


def grace(beginning: bytes) -> float:
    """Seconds that a request may stand behind those of people on the way, by its first bytes.

    >>> head = "POST /s/x/ HTTP/1.1\\r\\nContent-Length: {}\\r\\n\\r\\n{}"
    >>> forms = ((9000, "go=next"), (40, "go=begin"), (60, "screen=pause%3Abusy%3A9&go=begin"))
    >>> [grace(head.format(*form).encode()) for form in forms], grace(b"GET / HTTP/1.1")
    ([0.0, 0.5, 0.25], 0.2)
    """
    if not beginning.startswith(b"POST"):
        return LOOKS
    length = _LENGTH.search(beginning)
    if length is None or int(length[1]) >= SMALL:
        return 0.0
    return GRACE - (WAITED if _AGAIN in beginning else 0.0)


def is_full(waiting: int, processes: int, beginning: bytes) -> bool:
    """Whether so many wait that a request is not to join them; it must be one with a grace.

    ``waiting`` counts those of all processes of the host.

    >>> again, new = b"POST ... screen=pause%3Abusy%3A9&go=begin", b"POST ... go=begin"
    >>> [(is_full(waiting, 2, again), is_full(waiting, 2, new)) for waiting in (530, 550, 610)]
    [(False, False), (False, True), (True, True)]
    """
    each = FULL_FOR_ALL if _AGAIN in beginning else FULL
    return waiting >= each * max(processes, 2)


class Line(Generic[Waiting]):
    """Those who wait, the most urgent first; threads may join and take at the same time."""

    def __init__(self) -> None:
        """Nobody waits."""
        self._heap: list[tuple[float, int, Waiting]] = []
        self._number = count()
        self._guard = threading.Lock()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._heap)

    def join(self, one: Waiting, due: float) -> None:
        """Wait until all who are due earlier are gone."""
        with self._guard:
            heappush(self._heap, (due, next(self._number), one))

    def take(self) -> Waiting:
        """Who is due earliest; raises ``IndexError`` if nobody waits."""
        with self._guard:
            return heappop(self._heap)[2]

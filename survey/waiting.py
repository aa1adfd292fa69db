"""How many requests wait on this host: every process says it to the others, and nothing else.

Requests find their way to processes unevenly, so how long one's own queue is says little about
whether the host is full. Each process writes the number of those who wait in it into memory that
all share; what one has not written for a moment does not count, so the dead are soon forgotten.
"""

from __future__ import annotations

import mmap
import struct
import time

SLOTS = 64
"""Processes that are told apart; beyond that some overwrite each other's number."""
FORGOTTEN = 2.0
"""Seconds after which a number does not count any more."""
_SLOT = struct.Struct("=dd")


class Waiting:
    """The numbers of all processes that share it; it must be made before they part.

    >>> both = Waiting()
    >>> both.say(0, 3, at=100.0), both.say(65, 4, at=101.5)
    (None, None)
    >>> [both.total(at=at) for at in (101.6, 102.5, 104.0)]
    [7, 4, 0]
    """

    def __init__(self) -> None:
        """Nobody waits."""
        self._memory = mmap.mmap(-1, SLOTS * _SLOT.size)

    def say(self, process: int, number: int, at: float | None = None) -> None:
        """Write how many wait in a process; processes are numbered in any way."""
        now = time.monotonic() if at is None else at
        _SLOT.pack_into(self._memory, process % SLOTS * _SLOT.size, now, number)

    def total(self, at: float | None = None) -> int:
        """How many wait in all processes."""
        now = time.monotonic() if at is None else at
        numbers = _SLOT.iter_unpack(self._memory[:])
        return int(sum(number for said, number in numbers if 0 <= now - said < FORGOTTEN))

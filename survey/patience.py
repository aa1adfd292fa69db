"""When there are more requests than the host can answer: who is asked early to come again.

nginx says when it handed a request over. One that has stood in the queue for too long is not
worked on any more: its answer is a small page that holds everything that was sent and sends it
again. So the queue stays short, and whoever gets through is answered quickly. Who has not begun
yet gives way first, who has waited already a little later, who sends a finished ballot last.
Where the queue of a process is long already, nobody new joins it, whatever the clock says.

Who wants to begin and is asked again waits about twice as long each time, so that thousands who
wait do not take from the others what turning them away costs. How often that was stands nowhere:
the page says for how many seconds it has asked, and sends that along.
"""

from __future__ import annotations

import secrets

HEADER = "X-Request-Start"
HEADER_KEY = "HTTP_X_REQUEST_START"
"""The name of the header in a WSGI environment."""
LIMITS = {"begin": 7.0, "submit": 20.0}
"""Seconds in the queue after which a press of a button comes back; nginx gives up after 30."""
LIMIT = 10.0
"""The same for everything else that is sent."""
WAITED = 0.25
"""Seconds that who has been asked to come again is ahead of who wants to begin and was not."""
STRANGE = 60.0
"""No queue is so long: whoever says so has another clock."""
SOONEST, LATEST = 5, 15
"""Seconds after which one is asked to come again, drawn so that not all come at once."""
LONGEST = 90
"""Seconds after which one who has waited before is asked to come again at most."""


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


def is_late(said: str, now: float, action: str, *, again: bool = False) -> bool:
    """Whether a pressed button has stood in the queue for too long to be worked on.

    ``again`` says that it was pressed on the page that had asked for patience.

    >>> [is_late("t=100", 107.1, action) for action in ("begin", "next", "submit")]
    [True, False, False]
    >>> is_late("t=100", 107.1, "begin", again=True)
    False
    """
    grace = WAITED if again and action == "begin" else 0.0
    return waited(said, now) > LIMITS.get(action, LIMIT) + grace


def come_again(action: str = "", before: float = 0.0) -> float:
    """Seconds after which somebody is asked to come again, who was asked for so many before.

    >>> 12 <= come_again("begin", before=12) <= 24, 5 <= come_again("next", before=12) <= 15
    (True, True)
    """
    least, most = SOONEST, LATEST
    if action == "begin" and before >= SOONEST:
        most = min(2 * int(before), LONGEST)
        least = min(int(before), most // 2)
    return float(least + secrets.randbelow(most - least + 1))

"""How far a job is, as a stream of events; the pages say the same without one.

A stream holds a thread of the server as long as it lasts. So a process has few of them at once;
whoever comes when they are taken is told the state once and asks again a little later, which is
all that a browser notices.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from threading import Lock

from flask import Blueprint, Response, abort, current_app

from reports.jobs import Job, find
from reports.team.guard import home
from reports.team.pages.study import stored
from reports.team.progress_words import ProgressWords, progress_words
from reports.team.roles import Role, for_roles
from reports.worker import wake
from survey.home import Home

blueprint = Blueprint("jobs", __name__, url_prefix="/studies/<study_id>/jobs/<job>")
LONGEST = 50.0
"""Seconds after which a stream ends; the browser asks anew."""
PAUSE, BEAT = 0.5, 5.0
"""Seconds between two looks at a job, and between two signs of life to a browser."""
MOST = 2
"""Streams at once in one process, of the four threads that it is given."""
LATER = 5000
"""Milliseconds until a browser that got no stream asks again."""


class Streams:
    """How many streams a process holds open; never more than ``MOST``."""

    def __init__(self) -> None:
        self._lock, self._open = Lock(), 0

    def take(self) -> bool:
        """Whether there is a place, which is taken then."""
        with self._lock:
            if self._open >= MOST:
                return False
            self._open += 1
            return True

    def give_back(self) -> None:
        """Let the place of a stream that has ended go to another."""
        with self._lock:
            self._open -= 1


@blueprint.get("/events")
@for_roles(Role.FIELDWORK, Role.REPORTER)
def events(study_id: str, job: str) -> Response:
    """One event whenever the job has moved, until it ends."""
    stored(study_id)
    found = find(home(), job)
    if found is None or found.study != study_id:
        abort(404)
    streams: Streams = current_app.extensions["streams"]
    told = _bounded(streams, home(), job, progress_words(found.task))
    response = Response(told, mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _bounded(streams: Streams, home: Home, id: str, words: ProgressWords) -> Iterator[str]:
    # The place is taken here, not in the view: what is never read must not keep one.
    if not streams.take():
        found = find(home, id)
        yield f"retry: {LATER}\n" + (f"data: {_told(found, words)}\n\n" if found else "\n")
        return
    try:
        yield from _moves(home, id, words)
    finally:
        streams.give_back()


def _moves(home: Home, id: str, words: ProgressWords) -> Iterator[str]:
    until, last, beat = time.monotonic() + LONGEST, "", time.monotonic()
    while time.monotonic() < until:
        found = find(home, id)
        if found is None:
            return
        if (text := _told(found, words)) != last:
            last, beat = text, time.monotonic()
            yield f"data: {text}\n\n"
        if found.ended:
            return
        if time.monotonic() - beat > BEAT:  # a browser that has gone is noticed by it
            beat = time.monotonic()
            yield ": \n\n"
        wake(home)
        time.sleep(PAUSE)


def _told(found: Job, words: ProgressWords) -> str:
    return json.dumps(
        {
            "done": found.at,
            "total": found.total,
            "ended": found.ended,
            "words": words.said(found),
        }
    )

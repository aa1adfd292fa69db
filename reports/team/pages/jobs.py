"""How far a job is, as a stream of events; the pages say the same without one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from flask import Blueprint, Response, abort

from reports.jobs import Job, find
from reports.team.guard import home
from reports.team.pages.study import stored
from reports.team.roles import Role, for_roles
from reports.team.words import _
from reports.worker import wake
from survey.home import Home

blueprint = Blueprint("jobs", __name__, url_prefix="/studies/<study_id>/jobs/<job>")
LONGEST = 50.0
"""Seconds after which a stream ends; the browser asks anew."""
PAUSE = 0.5


@blueprint.get("/events")
@for_roles(Role.FIELDWORK, Role.REPORTER)
def events(study_id: str, job: str) -> Response:
    """One event whenever the job has moved, until it ends."""
    stored(study_id)
    found = find(home(), job)
    if found is None or found.study != study_id:
        abort(404)
    at, words = home(), _("Schritt %(done)s von %(total)s")
    response = Response(_moves(at, job, words), mimetype="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _moves(home: Home, id: str, words: str) -> Iterator[str]:
    until, last = time.monotonic() + LONGEST, ""
    while time.monotonic() < until:
        found: Job | None = find(home, id)
        if found is None:
            return
        told = {
            "done": found.at,
            "total": found.total,
            "ended": found.ended,
            "words": words % {"done": found.at, "total": found.total},
        }
        if (text := json.dumps(told)) != last:
            last = text
            yield f"data: {text}\n\n"
        if found.ended:
            return
        wake(home)
        time.sleep(PAUSE)

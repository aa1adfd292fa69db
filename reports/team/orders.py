"""What the room asks the worker for: one job of a kind at a time, and somebody who does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.errors import ReportError
from reports.jobs import EVERY, RESULTS, Job, of_study
from reports.team.words import _
from reports.worker import enqueue, wake
from survey.home import Home


def order(home: Home, study: str, task: str, by: str, wanted: Mapping[str, Any]) -> Job:
    """A job for the worker; raises ``ReportError`` if one like it is under way."""
    if any(not other.ended for other in of_study(home, study, task)):
        raise ReportError(_("Das läuft gerade schon. Bitte warten Sie, bis es fertig ist."))
    kinds = (EVERY,) if task == RESULTS else ()
    job = enqueue(home, study, kinds, task=task, by=by, wanted=dict(wanted))
    wake(home)
    return job


def newest(home: Home, study: str, task: str) -> Job | None:
    """The last job of a study with a task; if it waits for a worker, one is woken."""
    found = next(iter(of_study(home, study, task)), None)
    if found is not None and not found.ended:
        wake(home)
    return found

"""Work that takes longer than a page may: started here, done by a process of its own.

A job is one JSON file in the home that its process rewrites as it goes on, so that any web
process can say how far it is.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

from reports.errors import ReportError
from reports.team.store import FOLDER
from reports.team.words import _
from survey.files import make_private_directory
from survey.home import Home

CODES, DOSSIERS = "codes", "dossiers"
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work: how far it is, and what has become of it."""

    id: str
    kind: str
    study: str
    by: str
    begun: str
    wanted: Mapping[str, Any] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    ended: bool = False
    refused: str = ""

    def to_json(self) -> str:
        """The job as its file holds it."""
        return json.dumps(asdict(self), ensure_ascii=False)


def start(home: Home, job: Job) -> None:
    """Hand a job to a process of its own; raises ``ReportError`` if one like it is under way."""
    for other in of_study(home, job.study, job.kind):
        if not other.ended:
            raise ReportError(_("Das läuft gerade schon. Bitte warten Sie, bis es fertig ist."))
    save(home, job)
    command = [sys.executable, "-m", "reports.team.work", str(home.path), job.id]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    # Somebody has to take note of its end, or it would stay in the list of processes.
    Thread(target=process.wait, daemon=True).start()


def new_id() -> str:
    """A random name for a job."""
    return secrets.token_hex(8)


def save(home: Home, job: Job) -> None:
    """Put a job into its file, whole."""
    path = _path(home, job.id)
    make_private_directory(path.parent)
    aside = path.with_name(f".{job.id}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(job.to_json())
    aside.replace(path)


def load(home: Home, id: str) -> Job | None:
    """The job of an id; None if there is none."""
    if not _ID.fullmatch(id) or not _path(home, id).exists():
        return None
    return Job(**json.loads(_path(home, id).read_text("utf-8")))


def of_study(home: Home, study_id: str, kind: str) -> tuple[Job, ...]:
    """The jobs of a study of one kind, newest first."""
    folder = home.path / FOLDER / "jobs"
    found = [load(home, path.stem) for path in folder.glob("[0-9a-f]*.json")]
    own = [job for job in found if job and (job.study, job.kind) == (study_id, kind)]
    return tuple(sorted(own, key=lambda job: job.begun, reverse=True))


def forget(home: Home, job: Job) -> None:
    """Remove the file of a job that has ended."""
    _path(home, job.id).unlink(missing_ok=True)


def step(home: Home, job: Job, done: int, total: int) -> Job:
    """The job with how far it is, saved."""
    moved = replace(job, done=done, total=total)
    save(home, moved)
    return moved


def folder_of(home: Home, job: Job) -> Path:
    """Where a job puts what only the team may fetch."""
    return home.path / FOLDER / job.kind / job.id


def _path(home: Home, id: str) -> Path:
    return home.path / FOLDER / "jobs" / f"{id}.json"

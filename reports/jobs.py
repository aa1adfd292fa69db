"""Work that takes longer than a page may: a record for each job, whole after any interruption.

A job is a small JSON file in ``HOME/jobs`` that is written aside and renamed. It names what is
done, so that a job taken up again does only the rest. Nothing heavy is loaded here: pages and
commands say what is to be done, ``reports.tasks`` does it, in the worker alone.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from reports.errors import DossierError
from survey.files import write_aside
from survey.home import Home

EVERY = "all"
"""Stands for every kind that fits a study."""

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"

DOSSIERS, RESULTS, CODES = "dossiers", "results", "codes"
"""What a job is about: some dossiers, everything about a study's results, codes to be printed."""

SUMS, REPORT = "SHA256SUMS.txt", "pruefbericht.txt"
"""Files beside the dossiers of a study: checksums, and what was checked before an upload."""
PREVIEWS = "preview"
"""Folder beside the dossiers of a study with the same documents as pages for the screen."""

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done, and how far it is.

    ``done`` maps the name of each written document to its path; ``at`` counts steps of
    ``total``, which is 0 until it is known. ``data`` is the fingerprint that the written ones
    belong to, ``by`` who has asked for it, ``tries`` how often a worker has begun with it.
    """

    id: str
    study: str
    kinds: tuple[str, ...]
    unit: str = ""
    state: str = QUEUED
    total: int = 0
    done: dict[str, str] = field(default_factory=dict)
    data: str = ""
    error: str = ""
    task: str = DOSSIERS
    by: str = ""
    begun: str = ""
    wanted: Mapping[str, Any] = field(default_factory=dict)
    at: int = 0
    tries: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will be done."""
        return self.state in (DONE, FAILED)

    @property
    def line(self) -> str:
        """The job in one line."""
        of = f" of {self.total}" if self.total else ""
        error = f": {self.error}" if self.error else ""
        what = ", ".join(self.kinds) + (f" {self.unit}" if self.unit else "")
        return f"{self.id} {self.study} {what or self.task}: {self.state}, {self.at}{of}{error}"


def folder(home: Home) -> Path:
    """Where jobs lie."""
    return home.path / "jobs"


def new_job(home: Home, study: str, kinds: tuple[str, ...], unit: str = "", **more: Any) -> Job:
    """A job that waits for the worker; ``more`` are further fields of it."""
    begun = datetime.now(UTC)
    id = f"{begun:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    when = begun.isoformat(timespec="seconds")
    return keep(home, Job(id, study, kinds, unit, **{"begun": when, **more}))


def keep(home: Home, job: Job) -> Job:
    """Write the record of a job, whole or not at all."""
    text = json.dumps(asdict(job), ensure_ascii=False, indent=1)
    write_aside(folder(home) / f"{job.id}.json", text.encode())
    return job


def jobs(home: Home) -> tuple[Job, ...]:
    """All jobs, the oldest first."""
    return tuple(read(path) for path in sorted(folder(home).glob("[!.]*.json")))


def of_study(home: Home, study: str, task: str) -> tuple[Job, ...]:
    """The jobs of a study with a task, the newest first."""
    found = (job for job in jobs(home) if (job.study, job.task) == (study, task))
    return tuple(sorted(found, key=lambda job: job.id, reverse=True))


def find(home: Home, id: str) -> Job | None:
    """The job of an id; None if there is none."""
    path = folder(home) / f"{id}.json"
    return read(path) if _ID.fullmatch(id) and path.exists() else None


def forget(home: Home, job: Job) -> None:
    """Remove the record of a job that has ended."""
    (folder(home) / f"{job.id}.json").unlink(missing_ok=True)


def read(path: Path) -> Job:
    """A job from its record; raises ``DossierError`` for a file that is none."""
    try:
        record = json.loads(path.read_text("utf-8"))
        return Job(**{**record, "kinds": tuple(record["kinds"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DossierError(f"{path}: no record of a job ({error})") from None


def unfinished(home: Home) -> tuple[Job, ...]:
    """The jobs that wait or were interrupted."""
    return tuple(job for job in jobs(home) if not job.ended)


def printed_codes(home: Home, job: Job) -> Path:
    """The file with the codes that a job has printed, until it was fetched."""
    return home.path / "prints" / f"{job.id}.zip"


def overview(home: Home, study: str) -> Path:
    """The record of what was checked of the newest results, and how many cells have what status."""
    return home.dossiers / study / PREVIEWS / "overview.json"

"""Dossiers to be built in the background: a record for each job, whole after any interruption.

A job is a small JSON file in ``HOME/jobs`` that is written aside and renamed. It names the
documents that are done, so that a job taken up again writes only the others.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from reports.building import build, documents, fitting_kinds
from reports.dossiers import DOSSIERS
from reports.errors import DossierError
from reports.pdf import write_aside
from reports.releasing import released_results
from reports.surroundings import beside_of
from survey.dataset import current_data_set
from survey.errors import SurveyError
from survey.home import Home

EVERY = "all"
"""Stands for every kind that fits a study."""

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be built, and how far it is.

    ``done`` maps the name of each written document to its path; ``total`` is 0 until the
    documents are known. ``data`` is the fingerprint that the written ones belong to.
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

    @property
    def line(self) -> str:
        """The job in one line."""
        of = f" of {self.total}" if self.total else ""
        error = f": {self.error}" if self.error else ""
        kinds = ", ".join(self.kinds) + (f" {self.unit}" if self.unit else "")
        return f"{self.id} {self.study} {kinds}: {self.state}, {len(self.done)}{of}{error}"


def folder(home: Home) -> Path:
    """Where jobs lie."""
    return home.path / "jobs"


def new_job(home: Home, study: str, kinds: tuple[str, ...], unit: str = "") -> Job:
    """A job that waits for the worker."""
    return keep(home, Job(f"{_now()}-{secrets.token_hex(3)}", study, kinds, unit))


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S")


def keep(home: Home, job: Job) -> Job:
    """Write the record of a job, whole or not at all."""
    text = json.dumps(asdict(job), ensure_ascii=False, indent=1)
    write_aside(folder(home) / f"{job.id}.json", text.encode())
    return job


def jobs(home: Home) -> tuple[Job, ...]:
    """All jobs, the oldest first."""
    return tuple(read(path) for path in sorted(folder(home).glob("[!.]*.json")))


def read(path: Path) -> Job:
    """A job from its record; raises ``DossierError`` for a file that is none."""
    try:
        record = json.loads(path.read_text("utf-8"))
        return Job(**{**record, "kinds": tuple(record["kinds"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DossierError(f"{path}: no record of a job ({error})") from None


def unfinished(home: Home) -> tuple[Job, ...]:
    """The jobs that wait or were interrupted."""
    return tuple(job for job in jobs(home) if job.state in (QUEUED, RUNNING))


def run(
    home: Home, id: str, *, told: Callable[[Job], None] = lambda _: None, processes: int = 0
) -> Job:
    """Build what a job still lacks and record each document as soon as it is written.

    A job that is done is left as it is. What the user can mend is recorded as its error.
    """
    job = read(folder(home) / f"{id}.json")
    if job.state not in (QUEUED, RUNNING):
        return job
    job = keep(home, replace(job, state=RUNNING, error=""))
    told(job)
    try:
        return _built(home, job, told, processes)
    except SurveyError as error:
        job = keep(home, replace(read(folder(home) / f"{id}.json"), state=FAILED, error=str(error)))
        told(job)
        return job


def _built(home: Home, job: Job, told: Callable[[Job], None], processes: int) -> Job:
    data_set, now = current_data_set(home, job.study), datetime.now(UTC)
    results = released_results(home, job.study, now=now)
    beside = beside_of(home, data_set, now)
    kinds = fitting_kinds(results, beside) if job.kinds == (EVERY,) else _kinds(job)
    wanted = documents(results, beside, kinds, job.unit)
    data, target = results.release.fingerprint, home.dossiers / job.study
    _clear(target)
    done = job.done if job.data == data else {}
    done = {name: path for name, path in done.items() if Path(path).is_file()}
    job = keep(home, replace(job, total=len(wanted), done=done, data=data))
    left = [document for document in wanted if document.name not in done]

    def note(_done: int, _total: int, last: str, path: Path) -> None:
        nonlocal job
        job = keep(home, replace(job, done={**job.done, last: str(path)}))
        told(job)

    if left:
        build(results, beside, left, target, progress=note, processes=processes or None)
    job = keep(home, replace(job, state=DONE, total=len(job.done)))
    told(job)
    return job


def _kinds(job: Job) -> list[str]:
    if unknown := [kind for kind in job.kinds if kind not in DOSSIERS]:
        raise DossierError(f"unknown kinds of dossier: {', '.join(unknown)}")
    return list(job.kinds)


def _clear(target: Path) -> None:
    """Remove what a killed process has left half written; its name begins with a dot."""
    for path in target.glob(".*.pdf-*"):
        with suppress(FileNotFoundError):
            path.unlink()

"""Results: build the dossiers, fetch files, read the ledger. Nothing of it before the opening."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.ledger import Ledger
from reports.team import jobs, lifecycle
from reports.team.guard import home, noted, noted_read, now, person
from reports.team.jobs import Job
from reports.team.lifecycle import AFTER_OPENING, Step
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles

blueprint = Blueprint("results", __name__, url_prefix="/studies/<study_id>/results")


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be fetched."""

    name: str
    kilobytes: int
    digest: str


@blueprint.get("")
@for_roles(Role.REPORTER, Role.AUDITOR)
def show(study_id: str) -> str:
    """The state of the latest build, the files and the ledger."""
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING, Step.PURGED)
    builds = jobs.of_study(home(), study_id, jobs.DOSSIERS)
    own = [entry for entry in Ledger(home()).entries() if entry.study == study_id]
    return render_template(
        "team/results.html",
        **frame(study_id),
        build=builds[0] if builds else None,
        files=[_described(path) for path in _files(study_id)],
        entries=own,
    )


@blueprint.post("/build")
@for_roles(Role.REPORTER)
def build(study_id: str) -> BaseResponse:
    """Let all dossiers of the study be built by a process of its own."""
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING)
    begun = now().isoformat(timespec="seconds")
    job = Job(jobs.new_id(), jobs.DOSSIERS, study_id, person(), begun)
    jobs.start(home(), job)
    noted(job=job.id)
    return redirect(url_for("results.show", study_id=study_id), 303)


@blueprint.get("/files/<name>")
@for_roles(Role.REPORTER, Role.AUDITOR)
def download(study_id: str, name: str) -> Response:
    """One of the listed files; every fetching is logged."""
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING, Step.PURGED)
    path = next((path for path in _files(study_id) if path.name == name), None)
    if path is None:
        abort(404)
    noted_read("results.download", file=name)
    return send_file(path.resolve(), as_attachment=True, download_name=name, etag=False)


def _files(study_id: str) -> list[Path]:
    folder = home().dossiers / study_id
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in found if p.is_file() and not p.name.startswith("."))


def _described(path: Path) -> File:
    content = path.read_bytes()
    return File(path.name, max(1, len(content) // 1024), hashlib.sha256(content).hexdigest())

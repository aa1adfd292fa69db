"""Results: build the dossiers, look at them, fetch files, read the ledger; only after opening."""

from __future__ import annotations

import re

from flask import (
    Blueprint,
    Response,
    abort,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from reports.jobs import RESULTS
from reports.ledger import Ledger
from reports.team import lifecycle, result_files
from reports.team.guard import home, noted, noted_read, person
from reports.team.lifecycle import AFTER_OPENING, Step, StepError
from reports.team.orders import newest, order
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles
from reports.team.words import _

blueprint = Blueprint("results", __name__, url_prefix="/studies/<study_id>/results")
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A preview carries its look, type and pictures inside it; nothing runs and nothing is fetched."""
_MAIN = re.compile(r"<body([^>]*)>")


@blueprint.get("")
@for_roles(Role.REPORTER, Role.AUDITOR)
def show(study_id: str) -> str:
    """The state of the latest build, the files with what was checked, and the ledger."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING, Step.PURGED)
    own = [entry for entry in Ledger(home()).entries() if entry.study == study_id]
    return render_template(
        "team/results.html",
        **frame(study_id),
        build=newest(home(), study_id, RESULTS),
        groups=result_files.grouped(home(), study_id),
        statuses=result_files.status_rows(home(), study_id),
        refusals=result_files.refusals(home(), study_id),
        partners=result_files.partners(home(), found.study),
        entries=own,
    )


@blueprint.post("/build")
@for_roles(Role.REPORTER)
def build(study_id: str) -> BaseResponse:
    """Let the worker build everything about the results of the study."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING)
    partner = request.form.get("partner", "")
    if partner and partner not in dict(result_files.partners(home(), found.study)):
        raise StepError(_("Mit dieser Umfrage lässt sich nicht vergleichen."))
    job = order(home(), study_id, RESULTS, person(), {"partner": partner})
    noted(job=job.id, **({"partner": partner} if partner else {}))
    return redirect(url_for("results.show", study_id=study_id), 303)


@blueprint.get("/preview/<name>")
@for_roles(Role.REPORTER, Role.AUDITOR)
def preview(study_id: str, name: str) -> Response:
    """A dossier as a page for the screen; every look at it is logged."""
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING, Step.PURGED)
    path = result_files.preview_file(home(), study_id, name)
    if path is None:
        abort(404)
    noted_read("results.preview", file=path.name)
    g.policy = PREVIEW_POLICY
    back = render_template(
        "team/dossier_banner.html", back=url_for("results.show", study_id=study_id)
    )
    page = _MAIN.sub(lambda m: f"{m[0]}\n{back}", path.read_text("utf-8"), count=1)
    return Response(page, mimetype="text/html")


@blueprint.get("/files/<name>")
@for_roles(Role.REPORTER, Role.AUDITOR)
def download(study_id: str, name: str) -> Response:
    """One of the listed files; every fetching is logged."""
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING, Step.PURGED)
    path = next((p for p in result_files.files(home(), study_id) if p.name == name), None)
    if path is None:
        abort(404)
    noted_read("results.download", file=name)
    return send_file(path.resolve(), as_attachment=True, download_name=name, etag=False)

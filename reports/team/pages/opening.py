"""The opening: the urn goes out to the key holders, the data set comes back.

No private key is ever asked for here. Only studies without codes and demos may be opened by the
server itself.
"""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, Response, redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.team import lifecycle
from reports.team.guard import home, noted, now
from reports.team.lifecycle import AFTER_OPENING, Step, StepError
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles
from reports.team.uploads import scratch, uploaded
from reports.team.words import _
from survey import opening, opening_record
from survey.records import read_records
from survey.studies import StoredStudy
from survey.study import Access

blueprint = Blueprint("opening", __name__, url_prefix="/studies/<study_id>/opening")


@blueprint.get("")
@for_roles(Role.FIELDWORK, Role.AUDITOR)
def show(study_id: str) -> str:
    """What is next, and afterwards the protocol."""
    found = stored(study_id)
    records = read_records(home(), study_id, opening_record.KIND)
    return render_template(
        "team/opening.html",
        **frame(study_id),
        here_allowed=_opens_here(found),
        records=records,
        genuine=[opening_record.is_genuine(r.content, found.host_key) for r in records],
    )


@blueprint.post("/export")
@for_roles(Role.FIELDWORK)
def export(study_id: str) -> Response:
    """The closed urn as a file for the first key holder."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.CLOSED)
    with scratch() as folder:
        out = folder / "urn"
        head = opening.export_urn(home(), study_id, out)
        content = io.BytesIO(out.read_bytes())
    noted(ballots=str(head.ballots), urn=head.digest)
    return send_file(content, as_attachment=True, download_name=f"{study_id}.urne", etag=False)


@blueprint.post("/import")
@for_roles(Role.FIELDWORK)
def take_in(study_id: str) -> BaseResponse:
    """The data set that the last key holder sends back; then ballots and codes are destroyed."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.CLOSED, *AFTER_OPENING)
    with uploaded("data_set") as path:
        _refuse_keys(path.read_bytes()[:4096])
        if not zipfile.is_zipfile(path):
            raise StepError(
                _("Das ist kein Datensatz. Gebraucht wird die Datei, die auf .zip endet.")
            )
        data_set = opening.import_data_set(home(), study_id, path)
    record = opening_record.record_opening(home(), data_set, now())
    noted(data_set=data_set.fingerprint, record=record.path.name)
    return redirect(url_for("opening.show", study_id=study_id), 303)


@blueprint.post("/here")
@for_roles(Role.FIELDWORK)
def open_here(study_id: str) -> BaseResponse:
    """Open a demo or a study without codes with the keys on this server."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, Step.CLOSED)
    if not _opens_here(found):
        raise StepError(
            _("Diese Umfrage öffnen nur die Schlüsselpersonen: Der Server hat keinen Schlüssel.")
        )
    data_set = opening.open_on_server(home(), study_id)
    record = opening_record.record_opening(home(), data_set, now())
    noted(data_set=data_set.fingerprint, record=record.path.name)
    return redirect(url_for("opening.show", study_id=study_id), 303)


def _opens_here(found: StoredStudy) -> bool:
    return found.study.server_keys and (found.study.access is Access.OPEN or found.study.demo)


def _refuse_keys(beginning: bytes) -> None:
    if b"AGE-SECRET-KEY-" in beginning:
        raise StepError(
            _(
                "Das ist ein privater Schlüssel. Er wurde nicht gespeichert, gehört aber nie auf "
                "diesen Server: Machen Sie neue Schlüssel, wenn er seinen Rechner verlassen hat."
            )
        )

"""Fieldwork: participation, reminders, key holders and rehearsal, codes, paper."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.jobs import CODES, Job, find, forget, of_study, printed_codes
from reports.team import lifecycle, participation
from reports.team.guard import home, noted, now, person
from reports.team.lifecycle import Step, StepError
from reports.team.orders import newest, order
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles
from reports.team.uploads import scratch, uploaded
from reports.team.words import _
from survey import codes, holder_files, rehearsal, urn
from survey.desk import Desk
from survey.errors import DataError
from survey.home import Home
from survey.paper_columns import header
from survey.paper_entry import compare, enter, left_out, read_sheets
from survey.studies import register_recipient, remove_recipient
from survey.study import Access

blueprint = Blueprint("fieldwork", __name__, url_prefix="/studies/<study_id>/fieldwork")


@blueprint.get("")
@for_roles(Role.FIELDWORK, Role.AUDITOR)
def show(study_id: str) -> str:
    """Everything about fieldwork on one page."""
    return _page(study_id)


def _page(study_id: str, **more: object) -> str:
    found = stored(study_id)
    ballots = urn.count(home(), study_id, now())
    groups = participation.by_group(home(), found, now())
    frame_size = found.study.frame.total if found.study.frame else 0
    newest(home(), study_id, CODES)
    return render_template(
        "team/fieldwork.html",
        **frame(study_id),
        ballots=ballots,
        people=frame_size,
        groups=groups,
        projections=participation.projections(found, ballots, groups),
        more=participation.MORE,
        numbers={r.holder: holder_files.check_number(study_id, r) for r in found.recipients},
        rehearsed=lifecycle.rehearsed(home(), found),
        needs_rehearsal=lifecycle.needs_rehearsal(found),
        code_jobs=of_study(home(), study_id, CODES),
        issued=codes.counts(home(), study_id),
        paper_left=codes.paper_left(home(), study_id),
        with_codes=found.study.access is Access.CODES,
        **({"differences": (), "problems": (), "entered": None} | more),
    )


# -- key holders ------------------------------------------------------------------------------


@blueprint.post("/holders")
@for_roles(Role.FIELDWORK)
def register(study_id: str) -> BaseResponse:
    """Register the public file of a key holder; a private key is refused and never kept."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED)
    with uploaded("public") as path:
        recipient = holder_files.read_public(path, study_id)
    register_recipient(home(), study_id, recipient)
    noted(holder=recipient.holder, check=holder_files.check_number(study_id, recipient))
    return _back(study_id)


@blueprint.post("/holders/remove")
@for_roles(Role.FIELDWORK)
def unregister(study_id: str) -> BaseResponse:
    """Take a key holder from a draft."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED)
    holder = request.form.get("holder", "")
    remove_recipient(home(), study_id, holder)
    noted(holder=holder)
    return _back(study_id)


@blueprint.post("/rehearsal")
@for_roles(Role.FIELDWORK)
def begin_rehearsal(study_id: str) -> Response:
    """Test ballots for the first key holder, as a download."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED)
    with scratch() as folder:
        out = folder / "rehearsal.urne"
        rehearsal.begin(home(), study_id, out)
        content = io.BytesIO(out.read_bytes())
    return send_file(
        content, as_attachment=True, download_name=f"{study_id}-probe.urne", etag=False
    )


@blueprint.post("/rehearsal/result")
@for_roles(Role.FIELDWORK)
def finish_rehearsal(study_id: str) -> BaseResponse:
    """What the last key holder sent back ends the rehearsal."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED)
    with uploaded("result") as path:
        record = rehearsal.finish(home(), study_id, path, now())
    noted(record=record.path.name)
    return _back(study_id)


# -- codes ------------------------------------------------------------------------------------


@blueprint.post("/codes")
@for_roles(Role.FIELDWORK)
def print_codes(study_id: str) -> BaseResponse:
    """Let codes be printed by a process of its own."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED, Step.OPEN)
    if found.study.access is not Access.CODES:
        raise StepError(_("Diese Umfrage hat keine Codes."))
    address = request.form.get("address", "").strip()
    if not address.startswith(("https://", "http://")):
        raise StepError(
            _("Die Adresse beginnt mit https://, zum Beispiel https://umfrage.example.")
        )
    counts = _counts(request.form.get("counts", ""))
    codes.check_groups(home(), study_id, counts)
    wanted = {"counts": counts, "form": _form(), "address": address}
    order(home(), study_id, CODES, person(), wanted)
    noted(codes=str(sum(counts.values())), form=str(wanted["form"]))
    return _back(study_id)


def _form() -> str:
    return "letters" if request.form.get("form") == "letters" else "cards"


def _counts(text: str) -> dict[str, int]:
    """Codes by reporting group: a number alone, or lines of the form ``group;number``."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and lines[0].isdecimal() and int(lines[0]) > 0:
        return {"": int(lines[0])}
    found: dict[str, int] = {}
    for line in lines:
        group, _sep, number = (part.strip() for part in line.rpartition(";"))
        if not group or not number.isdecimal() or group in found:
            raise StepError(
                _("„%(line)s“ ist keine Gruppe mit Anzahl. Schreiben Sie: Amt;120", line=line)
            )
        found[group] = int(number)
    if not found:
        raise StepError(_("Nennen Sie, wie viele Codes gedruckt werden sollen."))
    return found


@blueprint.post("/codes/<job>/download")
@for_roles(Role.FIELDWORK)
def fetch_codes(study_id: str, job: str) -> Response:
    """The printed codes, once: when the last byte is on its way, the file is gone."""
    found = _job(study_id, job)
    path = printed_codes(home(), found)
    if not path.is_file():
        abort(404)
    noted(job=job)
    response = Response(_handed_over(home(), found, path), mimetype="application/zip")
    response.content_length = path.stat().st_size
    name = f"{study_id}-codes.zip"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _handed_over(at: Home, job: Job, path: Path) -> Iterator[bytes]:
    """The file piece by piece; a download that breaks off leaves it for another try."""
    with path.open("rb") as file:
        while chunk := file.read(1 << 16):
            yield chunk
    path.unlink(missing_ok=True)
    forget(at, job)


@blueprint.post("/codes/<job>/delete")
@for_roles(Role.FIELDWORK)
def delete_codes(study_id: str, job: str) -> BaseResponse:
    """Delete files that nobody fetched; their codes stay valid, but nobody knows them."""
    found = _job(study_id, job)
    printed_codes(home(), found).unlink(missing_ok=True)
    forget(home(), found)
    return _back(study_id)


def _job(study_id: str, id: str) -> Job:
    found = find(home(), id)
    if found is None or (found.study, found.task, found.ended) != (study_id, CODES, True):
        abort(404)
    return found


# -- paper ------------------------------------------------------------------------------------


@blueprint.post("/paper/codes")
@for_roles(Role.FIELDWORK)
def paper_codes(study_id: str) -> BaseResponse:
    """Count sheets of paper that may be entered after closing."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED, Step.OPEN)
    number = request.form.get("number", "")
    if not number.isdecimal() or not 0 < int(number) <= 100_000:
        raise StepError(_("Nennen Sie eine ganze Zahl von Papierbogen."))
    codes.issue_paper(home(), study_id, int(number))
    noted(sheets=number)
    return _back(study_id)


@blueprint.get("/paper/columns")
@for_roles(Role.FIELDWORK)
def columns(study_id: str) -> Response:
    """The empty table that both people type into."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(
        header(stored(study_id).questionnaire.instrument)
    )
    content = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    name = f"{study_id}-papier.csv"
    return send_file(content, "text/csv", as_attachment=True, download_name=name, etag=False)


@blueprint.post("/paper")
@for_roles(Role.FIELDWORK)
def paper(study_id: str) -> str | tuple[str, int]:
    """Compare what two people have typed; without a difference the ballots are cast."""
    stored(study_id)
    lifecycle.require(home(), study_id, Step.CLOSED)
    if len({request.form.get(name, "").strip().casefold() for name in ("one", "two")}) < 2:
        raise StepError(_("Nennen Sie zwei verschiedene Personen, die getippt haben."))
    desk = Desk.open(home(), study_id)
    try:
        with uploaded("first") as path:
            first = read_sheets(path, desk.instrument)
        with uploaded("second") as path:
            second = read_sheets(path, desk.instrument)
    except DataError as error:
        return _page(study_id, problems=error.problems), 422
    differences = compare(first, second, desk.instrument)
    if differences:
        noted(differences=str(len(differences)))
        return _page(study_id, differences=differences), 422
    entered = enter(desk, first, second)
    noted(sheets=str(entered), left_out=str(left_out(first, desk.instrument)))
    return _page(study_id, entered=entered)


def _back(study_id: str) -> BaseResponse:
    return redirect(url_for("fieldwork.show", study_id=study_id), 303)

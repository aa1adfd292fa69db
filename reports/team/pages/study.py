"""One study: where it stands, its questionnaire, its signatures, opening and closing."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.team import lifecycle
from reports.team.guard import home, noted, now
from reports.team.lifecycle import LABELS, OFFICES, ORDER, Step, StepError
from reports.team.pages.studies import refused
from reports.team.roles import Role, Stage, for_roles, for_stage
from reports.team.uploads import read_bundle_upload
from reports.team.words import _, language
from survey import sign_off, studies
from survey.findings import ERROR
from survey.questionnaire import check_bundle
from survey.sign_off_record import Office, bundle_hash, signatures
from survey.states import State
from survey.studies import StoredStudy, list_studies, load_study

blueprint = Blueprint("study", __name__, url_prefix="/studies/<study_id>")


def stored(study_id: str) -> StoredStudy:
    """The study of an address, or a page that says that there is none."""
    if study_id not in {row.id for row in list_studies(home())}:
        abort(404)
    return load_study(home(), study_id)


def frame(study_id: str) -> dict[str, object]:
    """What every page of a study shows: title, steps, areas."""
    found = stored(study_id)
    return {
        "study": found.study,
        "stored": found,
        "step": lifecycle.stage_of(home(), study_id),
        "steps": [(step, LABELS[step]) for step in ORDER],
    }


@blueprint.get("")
@for_stage(Stage.FULL)
def show(study_id: str) -> str:
    """Where the study stands and what is next."""
    found = stored(study_id)
    draft = found.state is State.DRAFT
    hindrances = list(lifecycle.hindrances(home(), found, now())) if draft else []
    return render_template(
        "team/study.html",
        **frame(study_id),
        hindrances=hindrances,
        signatures=signatures(home(), study_id, found.bundle),
        offices=OFFICES,
        hash=bundle_hash(found.bundle),
        needs_rehearsal=lifecycle.needs_rehearsal(found),
        rehearsed=lifecycle.rehearsed(home(), found),
        deletion_due=lifecycle.is_due(found, now().date()),
    )


@blueprint.get("/questionnaire")
@for_stage(Stage.FULL)
def questionnaire(study_id: str) -> str:
    """The file with what the check says about it, line by line, and the languages."""
    found = stored(study_id)
    return render_template(
        "team/questionnaire.html",
        **frame(study_id),
        problems=check_bundle(found.bundle, language=language()),
        files=[(found.bundle.name, found.bundle.main), *sorted(found.bundle.files.items())],
        hash=bundle_hash(found.bundle),
        versions=found.earlier,
    )


@blueprint.post("/questionnaire")
@for_roles(Role.AUTHOR)
def update(study_id: str) -> Response | tuple[str, int]:
    """Replace the questionnaire; an open study takes compatible changes with a reason only."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED, Step.OPEN)
    bundle, problems = read_bundle_upload(language())
    if bundle is not None:
        problems = list(check_bundle(bundle, language=language()))
    if bundle is None or any(p.severity == ERROR for p in problems):
        return refused(problems, found.study)
    reason = request.form.get("reason", "")[:500]
    studies.update_study(home(), study_id, bundle, reason=reason, language=language())
    noted(file=bundle_hash(bundle), reason=reason)
    return redirect(url_for("study.questionnaire", study_id=study_id), 303)


@blueprint.post("/sign-off")
@for_roles(Role.AUDITOR)
def sign(study_id: str) -> Response:
    """Record that somebody of an office has signed exactly this file."""
    found = stored(study_id)
    lifecycle.require(home(), study_id, Step.DRAFT, Step.SIGNED)
    if request.form.get("hash") != bundle_hash(found.bundle):
        raise StepError(_("Der Fragebogen hat sich gerade geändert. Bitte prüfen Sie ihn neu."))
    try:
        office = Office(request.form.get("office", ""))
        day = date.fromisoformat(request.form.get("signed_on", ""))
    except ValueError:
        raise StepError(_("Nennen Sie die Stelle und den Tag der Unterschrift.")) from None
    _check_signer(found, office, request.form.get("person", ""), day)
    record = sign_off.sign(home(), study_id, office, request.form.get("person", ""), day, now())
    noted(office=office.value, file=bundle_hash(found.bundle), record=record.path.name)
    return redirect(url_for("study.show", study_id=study_id), 303)


def _check_signer(found: StoredStudy, office: Office, person: str, day: date) -> None:
    standing = signatures(home(), found.study.id, found.bundle)
    if len(person.split()) < 1 or len(person.strip()) < 2:
        raise StepError(_("Nennen Sie den Namen der Person, die unterschrieben hat."))
    if day > now().date():
        raise StepError(_("Der Tag der Unterschrift liegt in der Zukunft."))
    if office in standing:
        raise StepError(_("Diese Stelle hat den Fragebogen in dieser Fassung schon freigegeben."))
    if any(s.person.casefold() == " ".join(person.split()).casefold() for s in standing.values()):
        raise StepError(_("Diese Person hat schon für die andere Stelle unterschrieben."))


@blueprint.post("/open")
@for_roles(Role.FIELDWORK)
def open_(study_id: str) -> Response:
    """Open for answers; questionnaire, keys and rules are fixed from then on."""
    stored(study_id)
    lifecycle.open_for_answers(home(), study_id, now())
    return redirect(url_for("study.show", study_id=study_id), 303)


@blueprint.post("/close")
@for_roles(Role.FIELDWORK)
def close(study_id: str) -> Response:
    """Close for good, with a word that was typed by hand."""
    stored(study_id)
    if request.form.get("confirm", "").strip() != study_id:
        raise StepError(_("Zur Sicherheit: Tippen Sie den Kurznamen %(name)s ein.", name=study_id))
    lifecycle.close_for_good(home(), study_id, now())
    return redirect(url_for("study.show", study_id=study_id), 303)


@blueprint.post("/purge")
@for_roles(Role.FIELDWORK)
def purge(study_id: str) -> Response:
    """Delete the answers on the day that the study names."""
    stored(study_id)
    if request.form.get("confirm", "").strip() != study_id:
        raise StepError(_("Zur Sicherheit: Tippen Sie den Kurznamen %(name)s ein.", name=study_id))
    lifecycle.purge(home(), study_id, now())
    return redirect(url_for("study.show", study_id=study_id), 303)

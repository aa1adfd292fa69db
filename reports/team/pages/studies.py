"""The list of studies, and taking in a new questionnaire."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from reports.team.guard import home, noted
from reports.team.lifecycle import LABELS, stage_of
from reports.team.roles import Role, Stage, for_roles, for_stage
from reports.team.uploads import read_bundle_upload
from reports.team.words import language
from survey.errors import Problem
from survey.findings import ERROR
from survey.questionnaire import check_bundle, read_bundle
from survey.sign_off_record import bundle_hash
from survey.studies import add_study, list_studies

blueprint = Blueprint("studies", __name__)


@blueprint.get("/studies")
@for_stage(Stage.FULL)
def index() -> str:
    """All studies with the stage that each has reached."""
    rows = [(row, LABELS[stage_of(home(), row.id)]) for row in list_studies(home())]
    return render_template("team/studies.html", rows=rows)


@blueprint.get("/studies/new")
@for_roles(Role.AUTHOR)
def new() -> str:
    """The form for a new questionnaire."""
    return render_template("team/upload.html", problems=(), study=None)


@blueprint.post("/studies/new")
@for_roles(Role.AUTHOR)
def add() -> Response | tuple[str, int]:
    """Check a questionnaire; without mistakes it becomes a draft, otherwise nothing is kept."""
    bundle, problems = read_bundle_upload(language())
    if bundle is not None:
        problems = list(check_bundle(bundle, language=language()))
    if bundle is None or any(p.severity == ERROR for p in problems):
        return refused(problems)
    questionnaire = read_bundle(bundle)
    study = add_study(home(), bundle)
    noted(study=study.id, file=bundle_hash(bundle), title=questionnaire.study.title)
    return redirect(url_for("study.show", study_id=study.id), 303)


def refused(problems: list[Problem], study: object = None) -> tuple[str, int]:
    """The page with every mistake, by file and line."""
    return render_template("team/upload.html", problems=problems, study=study), 422

"""The list of studies."""

from __future__ import annotations

from flask import Blueprint, render_template

from reports.team.guard import home
from reports.team.lifecycle import stage_of
from reports.team.roles import Stage, for_stage
from survey.studies import list_studies

blueprint = Blueprint("studies", __name__)


@blueprint.get("/studies")
@for_stage(Stage.FULL)
def index() -> str:
    """All studies with the stage that each has reached."""
    rows = [(row, stage_of(home(), row.id)) for row in list_studies(home())]
    return render_template("team/studies.html", rows=rows)

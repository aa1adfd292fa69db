"""What an auditor sees: promises, records, ledger, exports, the audit log; never an answer."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from reports.ledger import Ledger
from reports.team import guard
from reports.team.guard import home
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles
from reports.team.store import FOLDER
from reports.team.words import language
from survey import links
from survey.inventory import COLUMNS, FILES, LOGS
from survey.promise import promise_sheet
from survey.records import read_records
from survey.sign_off_record import bundle_hash

blueprint = Blueprint("oversight", __name__)
PAGE = 100
EXPORT = "row-export"


@blueprint.get("/studies/<study_id>/oversight")
@for_roles(Role.AUDITOR)
def show(study_id: str) -> str:
    """Everything about one study."""
    found = stored(study_id)
    records = read_records(home(), study_id)
    own = [entry for entry in Ledger(home()).entries() if entry.study == study_id]
    return render_template(
        "team/oversight.html",
        **frame(study_id),
        sheet=promise_sheet(found, links.kind(home()), records),
        hash=bundle_hash(found.bundle),
        records=records,
        entries=own,
        exports=[record for record in records if record.kind == EXPORT],
    )


@blueprint.get("/kept")
@for_roles(Role.AUDITOR)
def kept() -> str:
    """Every table, column, file and log line with its purpose; protocols of attacks."""
    place = 1 if language() == "en" else 0
    folder = home().path / FOLDER / "attacks"
    attacks = sorted(folder.glob("*.json")) if folder.is_dir() else []
    return render_template(
        "team/kept.html",
        tables=[(t, [(c, p[place]) for c, p in columns.items()]) for t, columns in COLUMNS.items()],
        files=[(one.name, one.purpose[place]) for one in FILES],
        logs=[(one.name, one.purpose[place]) for one in LOGS],
        attacks=[(path.name, path.read_text("utf-8")) for path in attacks],
    )


@blueprint.get("/log")
@for_roles(Role.AUDITOR)
def log() -> str:
    """The audit log, newest first."""
    asked = request.args.get("page", "1")
    entries = list(reversed(guard.log().entries()))
    page = max(1, int(asked) if asked.isdecimal() and len(asked) < 6 else 1)
    shown = entries[(page - 1) * PAGE :][:PAGE]
    rows = [
        (
            e.number,
            e.at.replace("T", " ")[:19],
            e.by,
            e.act,
            e.study or "–",
            e.outcome,
            ", ".join(f"{name}: {value}" for name, value in e.details.items()) or "–",
        )
        for e in shown
    ]
    return render_template(
        "team/log.html",
        rows=rows,
        head=guard.log().verify(),
        first=(page - 1) * PAGE + 1 if shown else 0,
        last=(page - 1) * PAGE + len(shown),
        total=len(entries),
        page=page,
    )

"""Every screen of a questionnaire in every language and state, as respondents see it.

Nothing is stored and nothing is sent: the buttons of a shown page only turn pages.
"""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from reports.team.guard import home
from reports.team.pages.study import frame, stored
from reports.team.roles import Stage, for_stage
from survey.preview import STATES, Preview
from survey.screens import STATIC
from survey.studies import load_study

blueprint = Blueprint("preview", __name__, url_prefix="/studies/<study_id>/preview")
_FORM = re.compile(r'<form method="post"')
_TURNS = {"next": 1, "begin": 1, "submit": 1, "back": -1}


@lru_cache(maxsize=4)
def _preview(path: str, study_id: str, version: str) -> Preview:
    return Preview(load_study(home(), study_id).questionnaire)


def _of(study_id: str) -> Preview:
    found = stored(study_id)
    key = f"{found.instrument_hash} {hash(found.bundle.to_json())}"
    return _preview(str(home().path), study_id, key)


@blueprint.get("")
@for_stage(Stage.FULL)
def index(study_id: str) -> str:
    """All screens, languages and states."""
    shown = _of(study_id)
    languages = [shown.questionnaire.language(tag) for tag in shown.languages]
    return render_template(
        "team/preview.html",
        **frame(study_id),
        screens=shown.all_screens,
        tags=languages,
        states=STATES,
    )


@blueprint.get("/<tag>/<name>/<state>")
@for_stage(Stage.FULL)
def screen(study_id: str, tag: str, name: str, state: str) -> BaseResponse:
    """One screen; a pressed button leads to the one beside it."""
    shown = _of(study_id)
    if asked := request.args.get("lang"):
        return redirect(url_for(".screen", study_id=study_id, tag=asked, name=name, state=state))
    try:
        if go := request.args.get("go"):
            return redirect(_turned(shown, study_id, (tag, name, state), go), 303)
        page = shown.draw(tag, name, state)
    except (KeyError, ValueError, IndexError):
        abort(404)
    return Response(_adapted(page, study_id))


def _turned(shown: Preview, study_id: str, at: tuple[str, str, str], go: str) -> str:
    tag, name, state = at
    action, _colon, detail = go.partition(":")
    if action == "lang":
        return url_for(".screen", study_id=study_id, tag=detail, name=name, state=state)
    if action not in (*_TURNS, "read", "edit"):
        return url_for(".screen", study_id=study_id, tag=tag, name=name, state=state)
    target = shown.beside(name, _TURNS.get(action, 1))
    states = next(s.states for s in shown.all_screens if s.name == target)
    kept = state if state in states else states[0]
    return url_for(".screen", study_id=study_id, tag=tag, name=target, state=kept)


def _adapted(page: str, study_id: str) -> str:
    """The respondent's page with addresses of the room, forms that only turn pages, a banner."""
    static = f"{request.script_root}/static/"
    page = page.replace(f'"{STATIC}', f'"{static}')
    page = _FORM.sub('<form method="get"', page)
    page = page.replace(f'"/s/{study_id}/', f'"{url_for(".index", study_id=study_id)}?')
    banner = render_template("team/preview_banner.html", back=url_for(".index", study_id=study_id))
    return page.replace("</header>", f"{banner}</header>", 1)

"""The application of the team's room, mounted under ``/team/`` or served on its own.

Nothing that draws or prints is loaded here: what takes long is done by another process.
"""

from __future__ import annotations

import hashlib
import logging
from importlib import resources

from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from werkzeug.exceptions import Forbidden, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from reports.team import guard, refusals
from reports.team.audit import AuditLog
from reports.team.pages import (
    account,
    fieldwork,
    jobs,
    opening,
    oversight,
    preview,
    results,
    sign_in,
    studies,
    study,
    texts,
)
from reports.team.role_words import role_name
from reports.team.roles import Role, Stage, for_stage
from reports.team.showing import helpers
from reports.team.store import Store
from reports.team.throttle import new_pace
from reports.team.words import LANGUAGES, _, language
from survey.errors import DatabaseError, SurveyError
from survey.home import Home
from survey.settings import Settings
from survey.theme import load_theme, minified
from survey.traces import outline
from survey.translation import day, moment, number

log = logging.getLogger("team")
UPLOAD_LIMIT = 512 * 1024 * 1024
"""Largest accepted request in bytes: an opened data set of a large city comes back this way."""
FIELD_LIMIT = 1024 * 1024
PAGES = (
    sign_in, account, studies, study, preview, fieldwork, jobs, opening, results, texts, oversight,
)  # fmt: skip
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def create_team_app(settings: Settings, *, alone: bool = False) -> Flask:
    """The room of one home; ``alone`` if no respondents' pages are served on its host.

    Its cookies are bound to the host then. Beside respondents' pages they are bound to the room's
    path instead, so that no browser sends them with an answer.
    """
    app = Flask(
        "reports.team",
        static_folder=None,
        template_folder="templates",
        instance_path=str(settings.home.resolve()),
    )
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = UPLOAD_LIMIT
    app.config["MAX_FORM_MEMORY_SIZE"] = FIELD_LIMIT
    app.extensions["alone"] = alone
    home = Home(settings.home)
    app.extensions["home"] = home.ensure()
    app.extensions["store"] = Store(home)
    app.extensions["audit"] = AuditLog(home)
    app.extensions["pace"] = new_pace()
    app.extensions["streams"] = jobs.Streams()
    app.extensions["proxies"] = settings.proxies
    app.extensions["files"] = _files()
    app.add_url_rule("/static/<name>", "static_file", _static)
    app.add_url_rule("/", "start", _start)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    guard.install(app)
    app.context_processor(_shared)
    app.jinja_env.filters["role_name"] = role_name
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_error_handler(HTTPException, _notice)
    app.register_error_handler(SurveyError, _refused)
    for unavailable in (DatabaseError, OSError):
        app.register_error_handler(unavailable, _unavailable)
    app.register_error_handler(Exception, _defect)
    return app


def _files() -> dict[str, bytes]:
    """Stylesheets, scripts and signs by names that carry their hash."""
    theme, own = load_theme(), resources.files("reports.team") / "static"
    style = minified((own / "team.css").read_text("utf-8")).encode()
    script = (own / "team.js").read_bytes()
    return {**theme.files, _hashed("team.css", style): style, _hashed("team.js", script): script}


def _hashed(name: str, content: bytes) -> str:
    stem, _dot, suffix = name.partition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"


def _named(stem: str, suffix: str) -> str:
    files: dict[str, bytes] = current_app.extensions["files"]
    return next(n for n in files if n.startswith(f"{stem}-") and n.endswith(suffix))


@for_stage(Stage.NONE)
def _static(name: str) -> Response:
    content = current_app.extensions["files"].get(name)
    if content is None:
        raise NotFound
    kind = next((kind for end, kind in _TYPES.items() if name.endswith(end)), "font/woff2")
    response = Response(content, mimetype=kind)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@for_stage(Stage.NONE)
def _start() -> BaseResponse:
    return redirect(url_for("studies.index"), 303)


def _shared() -> dict[str, object]:
    found = g.get("session")
    full = found is not None and found.stage is Stage.FULL
    return {
        "_": _,
        "language": language(),
        "languages": LANGUAGES,
        "csrf_token": guard.csrf_token,
        "user": found.user if full else None,
        "has_role": lambda *names: guard.has_role(*(Role(name) for name in names)),
        "stylesheet": url_for("static_file", name=load_theme().stylesheet),
        "team_stylesheet": url_for("static_file", name=_named("team", ".css")),
        "script": url_for("static_file", name=_named("team", ".js")),
        "icon": url_for("static_file", name=load_theme().icon),
        "day": lambda text: day(text, language()),
        "moment": lambda time: moment(time, language()),
        "number": lambda value: number(value, language()),
        "idle_minutes": guard.IDLE_MINUTES,
        "here": request.path,
        "here_full": request.script_root + request.path,
        **helpers(),
    }


# -- what goes wrong --------------------------------------------------------------------------


def _page(status: int, title: str, *texts: str) -> Response:
    text = render_template("team/notice.html", title=title, texts=texts)
    return Response(text, status)


def _notice(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or (error.code or 500) < 400:
        return error
    if isinstance(error, Forbidden) and g.get("stale"):
        return _page(
            403,
            _("Diese Seite war zu lange offen"),
            _("Zu Ihrem Schutz wurde nichts getan. Gehen Sie zurück und laden Sie die Seite neu."),
        )
    if isinstance(error, Forbidden):
        return _page(
            403,
            _("Das gehört nicht zu Ihren Aufgaben"),
            _("Ihr Konto hat dafür keine Rolle. Der Versuch steht im Protokoll."),
        )
    if isinstance(error, NotFound):
        return _page(404, _("Diese Seite gibt es nicht"), _("Bitte prüfen Sie die Adresse."))
    if isinstance(error, RequestEntityTooLarge):
        return _page(413, _("Das ist zu viel auf einmal"), _("Die Datei ist zu groß."))
    return _page(error.code or 500, _("Das hat nicht geklappt"), _("Bitte versuchen Sie es neu."))


def _refused(error: SurveyError) -> Response:
    """What the program refuses, with its reason; nothing was changed."""
    text = render_template("team/refused.html", lines=refusals.lines(str(error)))
    return Response(text, 409)


def _unavailable(error: Exception) -> Response:
    cause = error.orig if isinstance(error, DatabaseError) else error
    log.error("the room cannot work: %s", type(cause).__name__)
    return _page(
        503,
        _("Das geht gerade nicht"),
        _("Der Speicher antwortet nicht. Bitte versuchen Sie es in einer Minute noch einmal."),
    )


def _defect(error: Exception) -> Response:
    log.error("a defect in %s\n%s", request.endpoint, outline(error))
    return _page(
        500,
        _("Das Programm hat einen Fehler"),
        _("Er ist vermerkt, ohne Ihre Eingaben. Bitte sagen Sie dem Betrieb Bescheid."),
    )

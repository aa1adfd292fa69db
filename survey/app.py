"""The web process that respondents reach: no cookies, no sessions, no addresses in a log."""

from __future__ import annotations

import logging
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType

from flask import Flask, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import Forbidden, HTTPException
from whitenoise import WhiteNoise

from survey import pages
from survey.brief_answers import BriefAnswers
from survey.doors import Doors
from survey.errors import DatabaseError, SetupError, SurveyError
from survey.guard import is_from_here, protected
from survey.home import Home
from survey.kept import kept_fields
from survey.notices import notice
from survey.pace import Pace
from survey.rendering import Entry, Filling
from survey.screens import STATIC, draw_general
from survey.settings import Settings
from survey.shortcut import WENT_WRONG, shortened
from survey.theme import load_theme
from survey.traces import outline

ExceptionInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)

log = logging.getLogger("survey")

RETRY_SECONDS = "60"


def create_app(settings: Settings) -> Flask:
    """The application for one home; the theme is cut and written when it is made."""
    app = Flask(__name__, static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_limit
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_limit
    home = Home(settings.home)
    theme = load_theme(settings.font)
    folder = home.ensure().path / "static"
    theme.write(folder)
    app.extensions["theme"] = theme
    app.extensions["doors"] = doors = Doors(home, theme)
    app.extensions["brief"] = BriefAnswers(doors)
    app.extensions["pace"] = Pace(settings.budgets)
    app.extensions["proxies"] = settings.proxies
    app.register_blueprint(pages.blueprint)
    app.before_request(_refuse_foreign_forms)
    app.before_request(_raise_what_went_wrong)
    app.register_error_handler(HTTPException, _notice)
    for unavailable in (DatabaseError, SetupError, OSError):
        app.register_error_handler(unavailable, _unavailable)
    app.register_error_handler(Exception, _defect)
    # What goes wrong outside a view, such as in the page about a defect.
    app.log_exception = _log_without_words  # type: ignore[method-assign]
    served = WhiteNoise(
        protected(app.wsgi_app),
        root=folder,
        prefix=STATIC,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
        add_headers_function=_protect_static,
    )
    app.wsgi_app = shortened(served, app)  # type: ignore[assignment, method-assign]
    return app


def prepare(application: object) -> None:
    """Make everything that pages of open studies need before somebody asks for them.

    What cannot be made now, for instance because the database is away, is made when it is asked.
    """
    if isinstance(application, Flask) and "doors" in application.extensions:
        with suppress(DatabaseError, SurveyError, OSError):
            application.extensions["doors"].prepare()


def _protect_static(headers: dict[str, str], _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _refuse_foreign_forms() -> None:
    sent = request_ctx.request
    if sent.method not in ("GET", "HEAD") and not is_from_here(sent.environ):
        raise Forbidden


def _raise_what_went_wrong() -> None:
    if error := request_ctx.request.environ.pop(WENT_WRONG, None):
        raise error


def _notice(error: HTTPException) -> Response | HTTPException:
    if error.response is not None or (error.code or 500) < 400:
        return error
    status = error.code or 500
    sent = request.method not in ("GET", "HEAD")
    return Response(
        notice(pages.theme(), str(status), pages.interface_language(), sent=sent), status
    )


def _unavailable(error: Exception) -> Response:
    # The message of a database error may quote values, so only its kind is logged.
    cause = error.orig if isinstance(error, DatabaseError) else None
    # What is wrong with the installation is our own sentence and names no respondent.
    told = str(error) if isinstance(error, SetupError) else type(cause or error).__name__
    log.error("the urn does not answer: %s %s", type(error).__name__, told)
    return _kept(HTTPStatus.SERVICE_UNAVAILABLE)


def _defect(error: Exception) -> Response:
    log.error("a defect in %s\n%s", request.endpoint, outline(error))
    return _kept(HTTPStatus.INTERNAL_SERVER_ERROR)


def _log_without_words(exc_info: ExceptionInfo) -> None:
    log.error("a defect outside the pages\n%s", outline(exc_info[1]) if exc_info[1] else "")


def _kept(status: HTTPStatus) -> Response:
    """The page that carries everything that was sent, with a button to send it again."""
    kept: list[Entry] = []
    with suppress(HTTPException):  # such as a body beyond the limit
        kept += kept_fields(request.form.items(multi=True))
    flags = frozenset() if kept else frozenset({"nothing"})
    filling = Filling(lists={"kept": kept}, flags=flags)
    text = draw_general("unavailable", pages.theme(), filling, pages.interface_language())
    response = Response(text, status)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response

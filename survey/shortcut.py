"""The shorter way of a respondent's form: past the web framework, to the same answer.

A step through the pages needs nothing of Flask but what it is told about the request: whether it
comes from our page, to which study, and what was sent. To have it make a request, a context and a
response of that costs more than to read, judge, seal and draw the page. So what every page of ours
sends is answered here; whatever else comes, and whatever goes wrong, is left to the application,
with the body to be read once more.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import HTTP_STATUS_CODES

from survey import pages
from survey.form_body import FORM, body_within, fields_in
from survey.guard import EVERY_PAGE, is_from_here
from survey.replies import Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

WENT_WRONG = "meinungsbild.went_wrong"
"""The key in a WSGI environment of the error that the application has to answer."""
_BEFORE, _BEHIND = "/s/", "/"
_HEADERS = [("Content-Type", "text/html; charset=utf-8"), *EVERY_PAGE.items()]


def shortened(application: WSGIApplication, app: Flask) -> WSGIApplication:
    """The application of ``app``, the steps of respondents through known studies answered first."""

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            reply = _reply(app, environ)
        except Exception as error:
            environ[WENT_WRONG] = error
            reply = None
        if reply is None:
            return application(environ, start_response)
        start_response(status_line(reply.status), headers_of(reply))
        return (reply.page,)

    return call


def headers_of(reply: Reply) -> list[tuple[str, str]]:
    """The headers of an answer."""
    headers = [*_HEADERS, ("Content-Length", str(len(reply.page)))]
    if reply.retry_after:
        headers.append(("Retry-After", reply.retry_after))
    return headers


def _reply(app: Flask, environ: WSGIEnvironment) -> Reply | None:
    """The answer to one step; None for whatever is none or may be none."""
    if environ["REQUEST_METHOD"] != "POST" or environ.get("CONTENT_TYPE") != FORM:
        return None
    path: str = environ["PATH_INFO"]
    study_id = path[len(_BEFORE) : -len(_BEHIND)]
    if path != _BEFORE + study_id + _BEHIND or not app.extensions["doors"].known(study_id):
        return None
    if not is_from_here(environ):
        return None
    body = body_within(environ, app.config["MAX_CONTENT_LENGTH"])
    return None if body is None else pages.replied(app, environ, study_id, fields_in(body))


@cache
def status_line(code: int) -> str:
    """A status as WSGI says it."""
    return f"{code} {HTTP_STATUS_CODES[code].upper()}"

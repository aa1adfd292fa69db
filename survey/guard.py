"""What every response carries and what every request must show: headers, origin, size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Response
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "font-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
EVERY_PAGE = HEADERS | {"Cache-Control": "no-store"}
"""The headers of every page; nothing with answers may be cached."""
_PAIRS = [(pair[0].lower(), pair) for pair in EVERY_PAGE.items()]


def protect(response: Response) -> Response:
    """The response with the headers of every page; nothing with answers may be cached."""
    response.headers.extend(_missing(response.headers))
    return response


def protected(application: WSGIApplication) -> WSGIApplication:
    """The application, every response of which has these headers, whatever has made it.

    What Flask adds to a response it checks and copies twice; here it is one list.
    """

    def call(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, *_missing(headers)], *error)

        return application(environ, start)

    return call


def _missing(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    # To ask a header list for one name is to walk through it: every response does so once.
    own = {name.lower() for name, _ in headers}
    return [pair for name, pair in _PAIRS if name not in own]


def is_from_here(environ: WSGIEnvironment) -> bool:
    """Whether a form was sent from our own page, by the request's WSGI environment.

    There is no cookie that a foreign page could borrow; this keeps other sites from making
    their visitors stuff an open study. ``Sec-Fetch-Site`` decides where a browser sends it
    ("none" is a person's own reload). Old browsers send an origin at most, and because of our
    referrer policy that origin is "null": without any sign to the contrary they are let in.
    """
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in ("same-origin", "none")
    origin = environ.get("HTTP_ORIGIN", "null")
    return origin == "null" or urlsplit(origin).netloc == get_host(environ)

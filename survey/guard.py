"""What every response carries and what every request must show: headers, origin, size."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Request, Response

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
_PAIRS = [(pair[0].lower(), pair) for pair in (HEADERS | {"Cache-Control": "no-store"}).items()]


def protect(response: Response) -> Response:
    """The response with the headers of every page; nothing with answers may be cached."""
    # To ask a header list for one name is to walk through it: every response does so once.
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend([pair for name, pair in _PAIRS if name not in own])
    return response


def is_from_here(request: Request) -> bool:
    """Whether a form was sent from our own page.

    There is no cookie that a foreign page could borrow; this keeps other sites from making
    their visitors stuff an open study. ``Sec-Fetch-Site`` decides where a browser sends it
    ("none" is a person's own reload). Old browsers send an origin at most, and because of our
    referrer policy that origin is "null": without any sign to the contrary they are let in.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host

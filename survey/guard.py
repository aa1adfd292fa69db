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


def protect(response: Response) -> Response:
    """The response with the headers of every page; nothing with answers may be cached."""
    response.headers.extend(
        {name: value for name, value in HEADERS.items() if name not in response.headers}
    )
    response.headers.setdefault("Cache-Control", "no-store")
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

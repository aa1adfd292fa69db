"""The fields of a sent form, read as Werkzeug reads them and for a third of the price."""

from __future__ import annotations

from urllib.parse import unquote_plus

from flask import Request
from werkzeug.datastructures import MultiDict

FORM = "application/x-www-form-urlencoded"
"""How every form of ours is sent."""


def form_fields(request: Request) -> MultiDict[str, str]:
    """The fields of a form; raises ``RequestEntityTooLarge`` for one beyond the limit."""
    if request.environ.get("CONTENT_TYPE") != FORM:
        return request.form
    return fields_in(request.get_data())


def fields_in(body: bytes) -> MultiDict[str, str]:
    """The fields in an URL-encoded body; none if it is no UTF-8.

    Codes and page states need no escaping, so most fields are taken as they were sent.

    >>> fields_in(b"a=1&b=gr%C3%BCn+und+blau&c").to_dict()
    {'a': '1', 'b': 'grün und blau', 'c': ''}
    """
    try:
        parts = body.decode().split("&")
    except UnicodeDecodeError:
        return MultiDict()
    pairs = (part.partition("=") for part in parts if part)
    return MultiDict([(_unescaped(name), _unescaped(value)) for name, _, value in pairs])


def _unescaped(text: str) -> str:
    if "%" in text or "+" in text:
        return unquote_plus(text, errors="werkzeug.url_quote")
    return text

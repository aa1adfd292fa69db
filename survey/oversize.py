"""What can be saved of a form that is larger than a request may be."""

from __future__ import annotations

from typing import IO
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import MultiDict

KEPT_OF_CUT = 6_000
"""Bytes that are kept of the field in which the form was cut; longer texts are refused anyway."""


def first_part(body: IO[bytes], limit: int) -> tuple[MultiDict[str, str], str]:
    """The fields in the first ``limit`` bytes of an URL-encoded form, and the name of the cut one.

    Every page sends its hidden state first, so that it is among them. Of the cut field the
    beginning is kept.

    >>> import io
    >>> fields, cut = first_part(io.BytesIO(b"state=s&words=vi+el&dept=x"), 18)
    >>> dict(fields), cut
    ({'state': 's', 'words': 'vi e'}, 'words')
    """
    whole, _, rest = body.read(limit).rpartition(b"&")
    fields = MultiDict([_pair(part) for part in whole.split(b"&") if part])
    name, value = _pair(rest)
    if len(rest) < limit:
        fields.add(name, value.encode()[:KEPT_OF_CUT].decode("utf-8", "ignore"))
    return fields, name


def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name).decode("utf-8", "ignore"), _whole(value)


def _whole(value: bytes) -> str:
    # An escape that was cut in its middle is left out.
    for length in (1, 2):
        if value[-length : len(value) - length + 1] == b"%":
            value = value[:-length]
    return unquote_to_bytes(value).decode("utf-8", "ignore")

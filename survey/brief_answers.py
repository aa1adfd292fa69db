"""What a crowded process says at once, without a thread, Flask or the database.

To turn somebody away must cost little, or those who are turned away take from those who answer
what would have let them begin. So two things are said as soon as a request is seen: "please wait",
with everything that was sent, to who wants to begin; and a start page as it was shown less than a
second ago to who looks, for it depends on nobody. Everything else goes the usual way, and
whatever is unusual about a request does so too. Nothing of a request is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Protocol

from survey.doors import Doors
from survey.form_body import FORM, fields_in
from survey.guard import is_from_here
from survey.pages import busy
from survey.replies import Reply
from survey.shortcut import headers_of, status_line
from survey.urgency import CROWD, is_full

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FRESH = 1.0
"""Seconds for which a start page is shown as it was."""
MOST = 32
"""Start pages that are kept: of each study in each language, compressed and not."""
_PATH = re.compile(r"/s/([a-z0-9-]+)/(?:\?lang=([A-Za-z-]{1,35}))?")

Look = tuple[str, str]
"""The address of a start page and what its browser can unpack."""
Headers = Mapping[str, str]


class Asked(Protocol):
    """A request as gunicorn has read it."""

    method: str
    uri: str
    headers: list[tuple[str, str]]


class BriefAnswers:
    """The brief answers of one process; threads may use them at the same time."""

    def __init__(self, doors: Doors) -> None:
        """Nothing was shown yet."""
        self._doors = doors
        self.processes = 1
        self._shown: dict[Look, tuple[float, bytes]] = {}

    def remember(self, request: Asked, answer: bytes, now: float) -> None:
        """Keep what a request was answered, if that is a start page."""
        look = _look(request.method, request.uri, {k.lower(): v for k, v in request.headers})
        if look and answer.startswith(b"HTTP/1.1 200 "):
            if len(self._shown) >= MOST:
                self._shown.clear()
            self._shown[look] = now, answer

    def answer(self, sent: bytes, waiting: int, now: float) -> bytes | None:
        """What a request is answered at once while so many wait; None if it is to join them."""
        head, _, body = sent.partition(b"\r\n\r\n")
        first, _, rest = head.partition(b"\r\n")
        method, _, path = first.decode("latin-1").removesuffix(" HTTP/1.1").partition(" ")
        if waiting < CROWD or not first.endswith(b" HTTP/1.1"):
            return None
        headers = _headers(rest)
        if headers is None or not _is_usual(headers, len(body)):
            return None
        if look := _look(method, path, headers):
            at, answer = self._shown.get(look, (-FRESH, b""))
            return answer if 0 <= now - at < FRESH else None
        if method == "POST" and is_full(waiting, self.processes, sent):
            return self._please_wait(path, headers, body)
        return None

    def _please_wait(self, path: str, headers: Headers, body: bytes) -> bytes | None:
        found, posted = _PATH.fullmatch(path), fields_in(body)
        if not found or headers.get("content-type") != FORM or posted.get("go") != "begin":
            return None
        door = self._doors.known(found[1])
        if door is None or not is_from_here(_environ(headers)):
            return None
        return _as_sent(busy(door, posted, posted.get("lang") or found[2] or ""))


def _look(method: str, path: str, headers: Headers) -> Look | None:
    if method != "GET" or not _PATH.fullmatch(path):
        return None
    return path, headers.get("accept-encoding", "")


def _headers(lines: bytes) -> Headers | None:
    """The headers of a request by their small names; None if one is said twice or is not ASCII."""
    if not lines.isascii():
        return None
    pairs = [line.partition(":")[::2] for line in lines.decode("ascii").split("\r\n")]
    headers = {name.lower(): value.strip() for name, value in pairs}
    return headers if len(headers) == len(pairs) else None


def _is_usual(headers: Headers, size: int) -> bool:
    """Whether a request is whole, wants its connection kept and asks for nothing special."""
    return (
        headers.get("content-length", "0") == str(size)
        and headers.get("connection", "").lower() in ("", "keep-alive")
        and not headers.keys() & {"transfer-encoding", "expect", "upgrade", "range"}
    )


def _environ(headers: Headers) -> WSGIEnvironment:
    """The headers as WSGI names them."""
    named = {f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in headers}
    return {"wsgi.url_scheme": "http", **named}


def _as_sent(reply: Reply) -> bytes:
    """An answer as it goes over the line; the connection is kept."""
    lines = [f"HTTP/1.1 {status_line(reply.status)}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in headers_of(reply)]
    return "\r\n".join([*lines, "Connection: keep-alive", "", ""]).encode() + reply.page

"""gunicorn's threaded worker, but one that hands over each answer in one piece, or not at all.

gunicorn writes the head of an answer and then its body. A process that ends in between has sent
half an answer, which nginx cannot ask another process for any more. Here both leave together, into
room of the system that holds a page, so that whatever happens to the process, the person gets the
whole page: from it, or from the one that nginx asks next. It also wakes nginx once, not twice.
An answer whose head says no length has no end yet: each part of it leaves when it is there.
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any

from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

ROOM = 512 * 1024
"""Bytes that the system keeps of what is sent and not yet taken; a page has at most 100 KB."""


class OnePiece:
    """A connection that gathers an answer of known length until it is asked to send."""

    def __init__(self, connection: socket.socket) -> None:
        """Nothing is written yet."""
        self._connection = connection
        self._parts: list[bytes] = []
        self._size = 0
        self._whole: bool | None = None

    def sendall(self, data: bytes) -> None:
        """Gather bytes, as much as there is room for; the first ones are the head."""
        if self._whole is None:
            self._whole = b"\ncontent-length:" in data.lower()
        self._parts.append(data)
        self._size += len(data)
        if not self._whole or self._size > ROOM // 2:
            self.send_all_gathered()

    def send_all_gathered(self) -> None:
        """Send what was gathered; raises ``OSError`` if nobody takes it."""
        if self._parts:
            data, self._parts, self._size = b"".join(self._parts), [], 0
            self._connection.sendall(data)

    def __getattr__(self, name: str) -> Any:
        # Whatever else is done to a connection comes after what was written to it.
        self.send_all_gathered()
        return getattr(self._connection, name)


class WholeAnswers(ThreadWorker):  # type: ignore[misc]
    """The worker."""

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer a request; whether the connection may be kept."""
        own, conn.sock = conn.sock, OnePiece(conn.sock)
        try:
            keep = bool(super().handle_request(req, conn))
            conn.sock.send_all_gathered()
            return keep
        finally:
            conn.sock = own


def make_room(listeners: Iterable[Any]) -> None:
    """Give every connection of these listening sockets room for a whole page."""
    for listener in listeners:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)

"""gunicorn's threaded worker, but one that hands over each answer in one piece, or not at all.

gunicorn writes the head of an answer and then its body. A process that ends in between has sent
half an answer, which nginx cannot ask another process for any more. Here both leave together, into
room of the system that holds a page, so that whatever happens to the process, the person gets the
whole page: from it, or from the one that nginx asks next. It also wakes nginx once, not twice.
An answer whose head says no length has no end yet: each part of it leaves when it is there.

Where many wait, some are answered as soon as they are seen, before they join
(:mod:`survey.brief_answers`); the application says what, if it has such answers.
"""

from __future__ import annotations

import select
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn.workers.gthread import (  # type: ignore[import-untyped]
    DEFAULT_WORKER_DATA_TIMEOUT,
    TConn,
    ThreadWorker,
)

from survey.urgency import AHEAD, Line, grace
from survey.waiting import Waiting

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

    def send_all_gathered(self) -> bytes:
        """Send what was gathered and return it; raises ``OSError`` if nobody takes it."""
        if not self._parts:
            return b""
        data, self._parts, self._size = b"".join(self._parts), [], 0
        self._connection.sendall(data)
        return data

    def __getattr__(self, name: str) -> Any:
        # Whatever else is done to a connection comes after what was written to it.
        self.send_all_gathered()
        return getattr(self._connection, name)


BURST, CROWD = 16, 1024
"""Connections that are taken in at once: while pages are made, and while none is begun, which is a
quarter of a second at most.

Beside threads that make pages a process takes in a few hundred a second; beyond what is possible
thousands then stand before the door unseen, nobody asks them to come again, and the system turns
them away.
"""


SWITCH = 0.0005
"""Seconds after which a thread that makes a page lets another one go on, if one wants to. To take
a request in asks the system for something half a dozen times, and each time its turn is over: at
the usual 5 ms a process could take in a few dozen requests a second while it has pages to make."""


class WholeAnswers(ThreadWorker):  # type: ignore[misc]
    """The worker."""

    waiting = Waiting()
    """Made with the class, in the process from which the workers part."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Nobody waits."""
        super().__init__(*arguments, **named)
        self._line: Line[tuple[Any, Future[Any], bool]] = Line()
        self.all_seen = threading.Event()
        """Whether a page may be begun: not while a crowd is taken in."""
        self.all_seen.set()
        self.brief: Any = None

    def init_process(self) -> None:
        """Begin to work; whoever takes requests in waits for no thread that makes a page."""
        sys.setswitchinterval(SWITCH)
        super().init_process()

    def load_wsgi(self) -> None:
        """Take over the application and its brief answers, if it has any."""
        super().load_wsgi()
        self.brief = getattr(self.wsgi, "extensions", {}).get("brief")
        if self.brief:
            self.brief.processes = self.cfg.workers

    def accept(self, listener: Any) -> None:
        """Take in who knocks, so that the urgent are known; who sends nothing yet is waited for.

        Where many knock, no page is begun before they are seen.
        """
        try:
            for number in range(min(CROWD, self.worker_connections - self.nr_conns)):
                if number == BURST:
                    self.all_seen.clear()
                taken, client = listener.accept()
                self.nr_conns += 1
                self.enqueue_req(TConn(self.cfg, taken, client, listener.getsockname()))
        except (BlockingIOError, ConnectionAbortedError):
            return
        finally:
            self.all_seen.set()

    def enqueue_req(self, conn: Any) -> None:
        """Let a request wait for its turn; it is looked at and left where it is."""
        # What was read ahead with the request before makes no socket readable.
        ahead = conn.parser.unreader.buf.getvalue() if conn.initialized else b""
        try:
            beginning = ahead or conn.sock.recv(AHEAD, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._expect(conn)
            return
        except OSError:
            beginning = b""
        conn.data_ready = True
        done: Future[Any] = Future()
        done.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))
        if not beginning:
            # nginx hangs up on connections that it has no use for; nobody waits on them.
            done.set_result(False)
            return
        patient = grace(beginning)
        if patient and not ahead and (answer := self._brief_answer(beginning)):
            try:
                done.set_result(_send_at_once(conn, len(beginning), answer))
            except OSError as error:
                done.set_exception(error)
            return
        self._line.join((conn, done, patient > 0), time.monotonic() + patient)
        self.waiting.say(self.age, len(self._line))
        self.tpool.submit(self._serve_next)

    def _brief_answer(self, beginning: bytes) -> bytes | None:
        if self.brief is None:
            return None
        try:
            waiting = self.waiting.total()
            answer: bytes | None = self.brief.answer(beginning, waiting, time.monotonic())
        except Exception:
            # Whatever is wrong is said where it is said of every request.
            return None
        return answer

    def _expect(self, conn: Any) -> None:
        conn.timeout = time.monotonic() + DEFAULT_WORKER_DATA_TIMEOUT
        self.pending_conns.append(conn)
        ready = partial(self.on_pending_socket_readable, conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, ready)

    def _serve_next(self) -> None:
        self.all_seen.wait()
        conn, done, may_leave = self._line.take()
        self.waiting.say(self.age, len(self._line))
        try:
            # An answer that was on its way to the urn is taken even if nobody waits for the thanks.
            done.set_result(not (may_leave and is_gone(conn.sock)) and self.handle(conn))
        except BaseException as error:
            done.set_exception(error)
            raise

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer a request; whether the connection may be kept."""
        own, conn.sock = conn.sock, OnePiece(conn.sock)
        try:
            keep = bool(super().handle_request(req, conn))
            answer = conn.sock.send_all_gathered()
            if keep and self.brief:
                self.brief.remember(req, answer, time.monotonic())
            return keep
        finally:
            conn.sock = own


def _send_at_once(conn: Any, asked: int, answer: bytes) -> bool:
    """Answer a request of so many bytes; raises ``OSError`` if not all of it is taken at once."""
    conn.init()
    conn.sock.setblocking(False)
    if not conn.sock.recv(asked) or conn.sock.send(answer) < len(answer):
        raise BrokenPipeError
    return True


def is_gone(connection: socket.socket) -> bool:
    """Whether the other end waits for no answer any more; nginx hangs up when a browser does."""
    asked = select.poll()
    asked.register(connection, select.POLLRDHUP)
    return bool(asked.poll(0))


def make_room(listeners: Iterable[Any]) -> None:
    """Give every connection of these listening sockets room for a whole page."""
    for listener in listeners:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)

"""Answers leave a process in one piece, so that one that is killed has sent all or nothing."""

from __future__ import annotations

import socket
from pathlib import Path

from crowd import STUDY
from servers import gunicorn

from survey.attack.installation import Installation
from survey.whole_answers import ROOM, OnePiece, make_room

ASKED = f"GET /s/{STUDY}/ HTTP/1.1\r\nHost: umfrage.example.org\r\n\r\n".encode()

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"


def test_what_is_written_leaves_together_and_before_anything_else_is_done() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setblocking(False)
        piece = OnePiece(ours)
        piece.sendall(HEAD)
        piece.sendall(b"body")
        assert _taken(theirs) == b""
        piece.send_all_gathered()
        assert _taken(theirs) == HEAD + b"body"
        piece.sendall(b"rest")
        piece.shutdown(socket.SHUT_WR)
        assert theirs.recv(9) == b"rest"
        assert theirs.recv(9) == b""


def test_more_than_there_is_room_for_leaves_on_the_way() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * ROOM)
        piece = OnePiece(ours)
        piece.sendall(HEAD)
        for _ in range(5):
            piece.sendall(bytes(ROOM // 8))
        assert theirs.recv(1)


def test_what_has_no_end_yet_leaves_part_by_part() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        piece = OnePiece(ours)
        for part in (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"):
            piece.sendall(part)
            assert theirs.recv(1000) == part


def test_a_page_comes_with_its_head_from_a_connection_that_holds_all_of_it(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "scratch")
    installation.make()
    installation.open(STUDY, 1)
    with gunicorn(installation.home.path) as server:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as browser:
                browser.sendall(ASKED)
                head, _, body = browser.recv(1 << 20).partition(b"\r\n\r\n")
                assert f"Content-Length: {len(body)}\r\n".encode() in head
                assert b"</html>" in body


def test_every_accepted_connection_holds_a_page() -> None:
    class Listener:
        sock = socket.create_server(("127.0.0.1", 0))

    with Listener.sock as listening:
        make_room([Listener])
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            # Where the system grants less it is still several times a page.
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) >= 200_000


def _taken(connection: socket.socket) -> bytes:
    try:
        return connection.recv(1 << 20)
    except BlockingIOError:
        return b""

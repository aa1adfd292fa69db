"""The team's room in a process of its own, and a browser that asks it."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Response
from room import Room

from reports.team.guard import SESSION, cookie_name

ALONE = cookie_name(SESSION, alone=True)
"""The name under which a process that serves nothing else keeps its session."""


@dataclass
class Served:
    """A browser at a process of its own, in the place of one without a network."""

    port: int
    word: str

    def get(self, path: str) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/team{path}", headers={"Cookie": f"{ALONE}={self.word}"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        kind = answer.headers.get("Content-Type", "")
        # Links of this process begin with the place where the room is mounted.
        found = body.replace(b'href="/team/', b'href="/') if "html" in kind else body
        return Response(found, answer.status, mimetype=kind.partition(";")[0])


@contextmanager
def process(room: Room, log: Path) -> Iterator[int]:
    """The port of ``reports serve``, everything it writes caught in a file."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "reports.cli", "--home", str(room.home.path), "serve"]
    with log.open("wb") as out:
        run = subprocess.Popen([*command, "--port", str(port)], stdout=out, stderr=out)
        try:
            for _ in range(600):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                time.sleep(0.1)
            yield port
        finally:
            run.terminate()
            run.wait(30)

"""The real server in a process of its own, to be posted to and to be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import survey
from survey.attack.installation import Installation
from survey.errors import SetupError

HOST = "127.0.0.1"
PATIENCE = 60.0
_SOURCE = Path(survey.__file__).parent.parent


class Server:
    """``survey serve`` on the loopback interface, with its output in a file."""

    def __init__(self, installation: Installation, name: str) -> None:
        self._installation = installation
        self._log = installation.logs / f"{name}.log"
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers; raises ``SetupError`` with what it said instead."""
        command = [sys.executable, "-m", "survey.cli", "--home", str(self._installation.home.path)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "serve", "--host", HOST, "--port", str(self.port)],
                # The same program as this one, wherever it lies.
                cwd=_SOURCE,
                env={**os.environ, "PYTHONPATH": str(_SOURCE)},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        """Wait until a worker accepts connections."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                raise SetupError(f"the server did not start: {self.output()[-500:]}")
            try:
                with socket.create_connection((HOST, self.port), timeout=5):
                    return
            except OSError:
                time.sleep(0.05)
        raise SetupError("the server does not answer")

    def output(self) -> str:
        """Everything that the server has written."""
        return self._log.read_text("utf-8", errors="replace")

    def kill_workers(self) -> int:
        """Kill every worker in the middle of what it does; the number of killed ones."""
        killed = 0
        for pid in self._workers():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed += 1
        return killed

    def stop(self) -> None:
        """End the server and all its workers."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = None

    def _workers(self) -> list[int]:
        if self._process is None:
            return []
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextmanager
def serving(installation: Installation, name: str) -> Iterator[Server]:
    """A running server that is stopped at the end."""
    server = Server(installation, name)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

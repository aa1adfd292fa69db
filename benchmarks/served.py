"""What benchmarks of served pages share: a gunicorn of our settings, a browser, CPU and memory."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "systemd" / "meinungsbild.service"
HELLO = "hello:app"
"""The smallest Flask application, to be served by the same server."""
_HELLO = """\
from flask import Flask
app = Flask("hello", static_folder=None)
app.add_url_rule("/", view_func=lambda: "hello")
"""


@dataclass(frozen=True)
class Served:
    """A running gunicorn with its children."""

    pid: int
    port: int
    start_seconds: float = 0.0
    """From its first instruction until it takes connections."""

    @property
    def family(self) -> list[int]:
        """The process and its workers."""
        workers = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [self.pid, *map(int, workers)]

    @property
    def cpu(self) -> float:
        """CPU seconds of all its processes so far, to the nanosecond where the system counts so."""
        tasks = (task for pid in self.family for task in Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    @property
    def megabytes(self) -> float:
        """Memory of all its processes (PSS: shared pages are counted once)."""
        kilobytes = 0
        for pid in self.family:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024

    @property
    def files(self) -> int:
        """Open file handles of all its processes."""
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in self.family)


def shipped_environment() -> dict[str, str]:
    """What the unit of the respondents' pages sets for the process, the home left out."""
    lines = UNIT.read_text("utf-8").splitlines()
    given = (line.removeprefix("Environment=") for line in lines if line.startswith("Environment="))
    return {
        name: value
        for name, _, value in (text.partition("=") for text in given)
        if name != "MEINUNGSBILD_HOME"
    }


@contextmanager
def serving(application: str, folder: Path, home: Path | None = None) -> Iterator[Served]:
    """An application under gunicorn with the shipped settings; ``folder`` is for its files."""
    (folder / "hello.py").write_text(_HELLO)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    # An installed program has its bytecode; its start is not the time to compile it.
    subprocess.run([sys.executable, "-m", "compileall", "-q", ROOT / "survey"], check=True)
    environment = {
        **os.environ,
        **shipped_environment(),
        "MEINUNGSBILD_BIND": f"127.0.0.1:{port}",
        "PYTHONPATH": f"{ROOT}:{folder}",
        **({"MEINUNGSBILD_HOME": str(home)} if home else {}),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy/gunicorn.conf.py")]
    began = time.perf_counter()
    process = subprocess.Popen(
        [*command, application], cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        _wait_for(port, process)
        yield Served(process.pid, port, time.perf_counter() - began)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the server does not listen")


class Browser:
    """One connection that is kept alive, as nginx keeps its connections to the program."""

    def __init__(self, port: int) -> None:
        """Nothing is sent yet."""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {
            "Origin": f"http://127.0.0.1:{port}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Mapping[str, str]) -> tuple[int, str]:
        """Status and text of what follows a form."""
        return self._ask("POST", path, urlencode(fields), self._headers)

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, str]:
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # Closed while nothing was asked; no page minds being sent twice.
            self._connection.close()
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
        return answer.status, answer.read().decode()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

"""The shipped gunicorn and nginx, really started, for tests of what they keep and say."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import IO
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""Seconds that a server may take to start on a busy machine."""
NAME = "umfrage.example.org"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Gunicorn:
    """gunicorn with the shipped configuration; it may be killed and started again."""

    home: Path
    port: int = field(default_factory=free_port)
    said: bytes = b""
    workers: int = 1
    root: Path = ROOT
    """Where the program lies; another version of it may lie elsewhere."""
    _running: subprocess.Popen[bytes] | None = None
    _listener: Thread | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy/gunicorn.conf.py")]
        environment = os.environ | {
            "MEINUNGSBILD_HOME": str(self.home),
            "MEINUNGSBILD_BIND": f"127.0.0.1:{self.port}",
            "WEB_CONCURRENCY": str(self.workers),
            "PYTHONPATH": str(self.root),
        }
        self._running = subprocess.Popen(
            [*command, "wsgi:survey_app"],
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        wait_for(self.port, self._running)
        # It listens before it has workers, and brings them up one after the other.
        end = time.monotonic() + PATIENCE
        while len(self.processes) < self.workers and time.monotonic() < end:
            time.sleep(0.01)
        # What nobody reads fills the pipe, and then every thread that has something to say waits.
        self._listener = Thread(target=self._listen, args=(self._running.stdout,), daemon=True)
        self._listener.start()

    def _listen(self, pipe: IO[bytes]) -> None:
        with pipe:
            while said := os.read(pipe.fileno(), 1 << 16):
                self.said += said

    @property
    def processes(self) -> list[int]:
        """The ids of its workers."""
        assert self._running is not None
        pid = self._running.pid
        return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def kill_workers(self) -> int:
        """Kill every worker, whatever it is doing; the number of killed ones."""
        killed = 0
        for child in self.processes:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                continue
            killed += 1
        return killed

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End all its processes; what they have said is in ``said``."""
        if self._running is None:
            return
        os.killpg(self._running.pid, how)
        if self._listener is None:
            self.said += self._running.communicate(timeout=PATIENCE)[0]
        else:
            # It hears the end of the last process that could still speak.
            self._listener.join(PATIENCE)
            assert not self._listener.is_alive(), "a process has outlived its server"
            self._running.wait(PATIENCE)
        self._running = self._listener = None


@contextmanager
def gunicorn(home: Path) -> Iterator[Gunicorn]:
    """A running gunicorn, ended with everything that it has started."""
    server = Gunicorn(home)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when something listens; raise with what the process said if it ends instead."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {process.communicate()[0]!r}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError("the server does not listen")


@dataclass
class Nginx:
    """nginx with the shipped site, its paths and ports moved into a folder of the test."""

    folder: Path
    plain: int
    secure: int


def site(backend: int, folder: Path, plain: int, secure: int) -> str:
    """The shipped site with other places; each must occur in it."""
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    moved = {
        "    server 127.0.0.1:8000 ": f"    server 127.0.0.1:{backend} ",
        "    listen 80;\n    listen [::]:80;\n": f"    listen 127.0.0.1:{plain};\n",
        "    listen 443 ssl http2 backlog=4096;\n    listen [::]:443 ssl http2 backlog=4096;\n": (
            f"    listen 127.0.0.1:{secure} ssl http2 backlog=4096;\n"
        ),
        f"/etc/ssl/certs/{NAME}.pem": str(folder / "certificate.pem"),
        f"/etc/ssl/private/{NAME}.key": str(folder / "key.pem"),
        "/var/log/nginx/meinungsbild.log": str(folder / "log" / "meinungsbild.log"),
        "/usr/share/meinungsbild": str(ROOT / "deploy"),
    }
    for old, new in moved.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def nginx_program() -> str | None:
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def write_nginx(folder: Path, backend: int) -> Nginx:
    """The folder of an nginx with the shipped site and everything else at its defaults."""
    server = Nginx(folder, free_port(), free_port())
    (folder / "log").mkdir(parents=True)
    write_certificate(folder)
    (folder / "site.conf").write_text(site(backend, folder, server.plain, server.secure))
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off;\nworker_processes 1;\npid {folder / 'pid'};\n"
        f"error_log {folder / 'log' / 'error.log'};\n"
        "events { worker_connections 16384; }\nhttp {\n"
        f"default_type text/html;\naccess_log {folder / 'log' / 'access.log'};\n"
        f"{temporary}include {folder / 'site.conf'};\n}}\n"
    )
    return server


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    """nginx as a folder says, which listens at a port."""
    program = nginx_program()
    assert program
    command = [program, "-p", str(folder), "-c", "nginx.conf", "-e", str(folder / "log/error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    started = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(port, started)
        yield
    finally:
        started.send_signal(signal.SIGQUIT)
        started.communicate(timeout=PATIENCE)


@contextmanager
def several(folder: Path, backends: Sequence[int], left_out: int = 2) -> Iterator[int]:
    """The port of an nginx in front of several hosts, without encryption.

    A host that has failed is left out for so many seconds.
    """
    server = write_nginx(folder, backends[0])
    text = (folder / "site.conf").read_text()
    listening = f"listen 127.0.0.1:{server.secure} ssl http2 "
    assert listening in text
    text = text.replace(listening, f"listen 127.0.0.1:{server.secure} ")
    for how in ("fail_timeout=2s", "max_fails=0 backup"):
        first = f"    server 127.0.0.1:{backends[0]} {how};\n"
        assert first in text
        lines = [first.replace(f":{backends[0]} ", f":{port} ") for port in backends]
        text = text.replace(first, "".join(lines))
    text = text.replace("fail_timeout=2s", f"fail_timeout={left_out}s")
    (folder / "site.conf").write_text(text)
    with running(folder, server.secure):
        yield server.secure


@contextmanager
def nginx(folder: Path, backend: int) -> Iterator[Nginx]:
    """A running nginx."""
    server = write_nginx(folder, backend)
    with running(folder, server.secure):
        yield server


@dataclass(frozen=True)
class Answer:
    """One answer of a server; shaped like a test client's, as far as tests look at it."""

    status_code: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")


def ask(
    port: int,
    path: str,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] = {},
    *,
    secure: bool = False,
) -> Answer:
    """One request: a POST if fields are given, otherwise a GET."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)
        if secure
        else http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    )
    sent = dict(headers)
    body = None
    if fields is not None:
        body = urlencode(fields)
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        data = answer.read()
        found = {name.title(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, data)
    finally:
        connection.close()

"""Runs the shell examples of one page, line by line and in order, as a reader would.

What stands on the page is run. A ``Page`` says what a test has to add: where it begins, what
other people do meanwhile, what is typed at a question, and what a reader puts in the place of an
example, such as an address or a day. Lines that cannot run in a test stand in ``NOT_RUN``.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from documentation import blocks
from servers import ROOT, free_port, wait_for

Found = TypeVar("Found")
SHELL = ("sh", "console")
PATIENCE = 600
"""Seconds that a command may take on a busy machine."""
NOT_RUN = {
    "git clone ": "the address of the repository is for the reader to fill in",
    "./start": "sets up this environment and asks package indexes; ./check begins with it",
    "./check": "this test is one of its steps",
    ". .venv/bin/activate": "the tests run inside of an environment",
    "apt-get ": "installs packages, as root",
    "useradd ": "makes an account, as root",
    "install -d -m 700 -o ": "gives a folder to another account, as root",
    "systemctl ": "needs systemd",
    "nginx -t && systemctl ": "needs systemd; test_deploy.py runs nginx with the same file",
    "survey attack": "takes minutes; test_attack.py plays every adversary",
    "MEINUNGSBILD_SOAK_SECONDS": "takes an hour; test_soak.py runs some seconds of it",
    "python benchmarks/": "measures for minutes and judges nothing",
    "uv pip compile ": "asks a package index",
    "rm build.in": "belongs to the line before",
    "echo 'setuptools >=77' > build.in": "belongs to the line that follows",
    "options='--quiet": "belongs to the line that follows",
    "survey inspect STUDY": "the study is for the reader to fill in; the page on privacy runs it",
}
"""How lines begin that no test runs, and why. They are parsed, and what they name has to exist."""

STAYS = ("survey preview ", "gunicorn ", ".venv/bin/gunicorn ")
"""Commands that serve until somebody ends them."""


class ExampleError(AssertionError):
    """A line of a page does not work as printed."""


@dataclass(frozen=True)
class Page:
    """A page with shell examples, and what its reader brings along."""

    path: str
    prepare: Callable[[Path], None] = lambda folder: None
    meanwhile: Mapping[str, Callable[[Path], None]] = field(default_factory=dict)
    """What others do before the line that begins so."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What is typed at the questions of a line that begins so."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """Patterns on the page, and what this reader writes there; ``{folder}`` is where he works."""

    def lines(self) -> list[str]:
        """The lines of all shell blocks, in order, without comments."""
        text = (ROOT / self.path).read_text("utf-8")
        found = [line for block in blocks(text, *SHELL) for line in block.splitlines()]
        return [line for line in found if shlex.split(line, comments=True)]

    def follow(self, folder: Path) -> dict[str, str]:
        """Follow the page in a folder; what each line said. Raises at the first that fails."""
        self.prepare(folder)
        environment, said = _environment(folder), {}
        for line in self.lines():
            if not_run(line):
                continue
            for do in _beginning(line, self.meanwhile):
                do(folder)
            written = self._written(line, folder)
            if exported := re.fullmatch(r"export (\w+)=(\S+)", written):
                environment[exported[1]] = exported[2]
                continue
            typed = "".join(_beginning(line, self.typed))
            said[line] = _run(written, folder, environment, typed)
        return said

    def _written(self, line: str, folder: Path) -> str:
        for pattern, text in self.filled.items():
            line = re.sub(pattern, text.replace("{folder}", str(folder)), line)
        return line


def not_run(line: str) -> str:
    """Why a line is not run, or nothing."""
    return next((why for start, why in NOT_RUN.items() if line.startswith(start)), "")


def _beginning(line: str, known: Mapping[str, Found]) -> Iterator[Found]:
    return (found for start, found in known.items() if line.startswith(start))


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if "MEINUNGSBILD" not in name}
    bin_folder = str(Path(sys.executable).parent)
    return kept | {
        "PATH": f"{bin_folder}{os.pathsep}{kept['PATH']}",
        "HOME": str(folder),
        "MEINUNGSBILD_CACHE": os.environ.get("MEINUNGSBILD_CACHE", str(_fonts())),
        "PYTHONWARNINGS": "ignore",
    }


def _fonts() -> Path:
    """Where fonts were cut already: cutting them anew would cost each page seconds."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "meinungsbild"


def _run(line: str, folder: Path, environment: Mapping[str, str], typed: str) -> str:
    if line.startswith(STAYS) or " gunicorn " in line:
        return _serve(line, folder, environment)
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        # Without a terminal a passphrase is read from the standard input.
        start_new_session=True,
    )
    if done.returncode:
        raise ExampleError(f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def _serve(line: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Start what serves, wait until it answers, end it as Ctrl-C does."""
    port = free_port()
    environment = {**environment, "MEINUNGSBILD_BIND": f"127.0.0.1:{port}"}
    if "preview" in line:
        line += f" --port {port}"
    running = subprocess.Popen(
        # Who works in the background hands on that Ctrl-C is ignored; at a terminal it is not.
        [
            "env",
            "--default-signal=INT",
            "sh",
            "-c",
            line if "=" in line.split()[0] else f"exec {line}",
        ],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(port, running)
    except RuntimeError as error:
        raise ExampleError(f"{line}\n{error}") from error
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGINT)
        said = running.communicate(timeout=PATIENCE)[0]
    return said.decode()

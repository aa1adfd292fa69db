"""The background worker: takes jobs from a queue in SQLite and does them, one after the other.

The queue (huey) only says that there is work; what is to be done and how far it is stands in the
records of ``reports.jobs``. So a worker that was killed takes its job up again when it starts.
Where no worker runs as a service, :func:`wake` starts one that ends with the queue.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread
from typing import IO, Any

from huey import SqliteHuey

from reports.errors import DossierError
from reports.jobs import Job, folder, new_job, unfinished
from survey.home import Home

Told = Callable[[Job], None]
PATIENCE = 15.0
"""Seconds that a woken worker is given to begin before another is started."""
_woken: dict[Path, float] = {}
_waking = Lock()


def queue(home: Home) -> SqliteHuey:
    """The queue of a home."""
    folder(home).mkdir(parents=True, exist_ok=True)
    return SqliteHuey("dossiers", filename=str(folder(home) / "queue.sqlite"), results=False)


def enqueue(home: Home, study: str, kinds: tuple[str, ...], unit: str = "", **more: Any) -> Job:
    """Record a job and tell the worker of it; ``more`` are further fields of the job."""
    job = new_job(home, study, kinds, unit, **more)
    waiting = queue(home)
    _task(waiting, home, _silent)(job.id)
    waiting.storage.close()
    return job


def wake(home: Home) -> bool:
    """Whether a worker had to be started: there is work, and no worker is at it.

    What is started is the same worker with the same lock as ``reports worker``, which ends when
    the queue is empty.
    """
    with _waking:
        lately = time.monotonic() - _woken.get(home.path, -PATIENCE) < PATIENCE
        if lately or not unfinished(home) or at_work(home):
            return False
        _woken[home.path] = time.monotonic()
    command = [sys.executable, "-m", "reports.cli", "--home", str(home.path), "worker", "--once"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )

    def await_end() -> None:
        # Somebody has to take note of its end, or it would stay in the list of processes.
        process.wait()
        _woken.pop(home.path, None)

    Thread(target=await_end, daemon=True).start()
    return True


def at_work(home: Home) -> bool:
    """Whether a worker of this home is running."""
    path = _lock_file(home)
    if not path.exists():
        return False
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def work(home: Home, told: Told, *, once: bool = False) -> None:
    """Work off the queue, with ``once`` until it is empty, else until a signal comes.

    Jobs that an earlier worker did not finish come first. Raises ``DossierError`` if another
    worker is at work for this home.
    """
    with _alone(home):
        waiting = queue(home)
        waiting.flush()
        task = _task(waiting, home, told)
        for job in unfinished(home):
            task(job.id)
        if not once:
            waiting.create_consumer(workers=1, worker_type="thread", periodic=False).run()
            return
        while (next_one := waiting.dequeue()) is not None:
            waiting.execute(next_one)
        waiting.storage.close()


def _task(waiting: SqliteHuey, home: Home, told: Told) -> Callable[[str], object]:
    def do_job(id: str) -> None:
        # Loaded here, because a web process only tells of work.
        from reports.tasks import run

        run(home, id, told=told)

    made: Callable[[str], object] = waiting.task(name="do_job")(do_job)
    return made


def _silent(_: Job) -> None:
    return None


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    path = _lock_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        if not _locked(lock):
            raise DossierError(f"another worker is at work for {home.path}")
        # The system takes the lock away when the process ends, however it ends.
        yield


def _locked(lock: IO[str]) -> bool:
    """Whether the lock is ours; whoever only looks at it holds it for a moment."""
    for _ in range(10):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.02)
        else:
            return True
    return False


def _lock_file(home: Home) -> Path:
    return folder(home) / "worker.lock"

"""The background worker: takes jobs from a queue in SQLite and builds their dossiers.

The queue (huey) only says that there is work; what is to be done and how far it is stands in the
records of ``reports.jobs``. So a worker that was killed takes its job up again when it starts.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from huey import SqliteHuey

from reports.errors import DossierError
from reports.jobs import Job, folder, new_job, run, unfinished
from survey.home import Home

Told = Callable[[Job], None]


def queue(home: Home) -> SqliteHuey:
    """The queue of a home."""
    folder(home).mkdir(parents=True, exist_ok=True)
    return SqliteHuey("dossiers", filename=str(folder(home) / "queue.sqlite"), results=False)


def enqueue(home: Home, study: str, kinds: tuple[str, ...], unit: str = "") -> Job:
    """Record a job and tell the worker of it."""
    job = new_job(home, study, kinds, unit)
    waiting = queue(home)
    _task(waiting, home, _silent)(job.id)
    waiting.storage.close()
    return job


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
    def build_dossiers(id: str) -> None:
        run(home, id, told=told)

    made: Callable[[str], object] = waiting.task(name="build_dossiers")(build_dossiers)
    return made


def _silent(_: Job) -> None:
    return None


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    path = folder(home) / "worker.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DossierError(f"another worker is at work for {home.path}") from None
        release = partial(fcntl.flock, lock, fcntl.LOCK_UN)
        try:
            yield
        finally:
            release()

"""A process that has the opening of an urn killed at every step and finishes it afterwards.

``python -m killed_opening HOME COPIES [DATA_SET]``: for n = 1, 2, 3 … a copy of the home is
opened, or the holders' data set imported, in a child that is killed at its n-th step; a step is
a statement to the database or a touch of a file in the home. It prints the state after the kill
and the rows of the finished data set.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import postgres
from sqlalchemy.engine import make_url
from urn_example import NOW

from survey import links, studies, urn
from survey.dataset import DataSet, row_count, stored_data_sets
from survey.home import DATABASE, Home
from survey.opening import import_data_set, open_on_server

_EVENTS = ("open", "os.link", "os.remove", "os.rename", "os.mkdir")


def main() -> None:
    """Kill at every step until the opening ends before its turn."""
    home, copies = Home(Path(sys.argv[1])), Path(sys.argv[2])
    for step in count(1):
        copy = _copied(home, copies / str(step))
        killed = _open_and_kill(copy, step)
        state = studies.load_study(copy, "staff").state
        _check(copy, state)
        print(state.value, row_count(_finish(copy)), flush=True)
        if len(stored_data_sets(copy, "staff")) != 1:
            sys.exit(f"step {step}: more than one data set")
        if list(copy.datasets.rglob(".*")):
            sys.exit(f"step {step}: something was left behind")
        links.disconnect()
        if links.kind(copy) == "postgresql":
            postgres.Server(make_url(home.database)).drop(copy.database)
        if not killed:
            return


def _finish(home: Home) -> DataSet:
    """The data set of an urn that is opened here, or of holders who have opened it elsewhere."""
    if len(sys.argv) > 3:
        return import_data_set(home, "staff", Path(sys.argv[3]))
    return open_on_server(home, "staff")


def _copied(home: Home, path: Path) -> Home:
    """A home with the same content, its database included."""
    shutil.copytree(home.path, path)
    copy = Home(path)
    if links.kind(home) == "postgresql":
        server = postgres.Server(make_url(home.database))
        (copy.secrets / DATABASE).write_text(server.create(postgres.name_of(home.database)))
    return copy


def _check(home: Home, state: studies.State) -> None:
    with links.reading(home) as link:
        ballots = urn.exact_count(link, "staff")
    complete = [row_count(data_set) for data_set in stored_data_sets(home, "staff")]
    if state is studies.State.CLOSED and ballots != urn.count(home, "staff", NOW):
        sys.exit(f"the urn is not intact: {ballots}")
    if state is studies.State.OPENED and complete != [12]:
        sys.exit(f"the data set is not complete: {complete}")


def _open_and_kill(home: Home, step: int) -> bool:
    child = os.fork()
    if not child:
        _die_at(home, step)
        _finish(home)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _die_at(home: Home, step: int) -> None:
    steps = count(1)

    def tick(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def touched(name: str, arguments: tuple[object, ...]) -> None:
        if name in _EVENTS and str(home.path) in str(arguments[0]):
            tick()

    sys.addaudithook(touched)

    def slow(act: Callable[..., Any]) -> Callable[..., Any]:
        def after_tick(*words: object) -> Any:
            tick()
            return act(*words)

        return after_tick

    for name in ("_asked", "commit"):
        setattr(links.Link, name, slow(getattr(links.Link, name)))


if __name__ == "__main__":
    main()

"""Progress on stderr: a bar with counts on a terminal, a line per ten per cent elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

import click

Progress = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
"""Makes, of what is done and how many there are, something that is told how many are done."""

One = TypeVar("One")


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A function that is told how many of ``total`` are done; calling it often costs little."""
    if sys.stderr.isatty():
        with click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True) as bar:

            def draw(done: int) -> None:
                if done - bar.pos >= total // 200 or done == total:
                    bar.update(done - bar.pos)

            yield draw
        return
    said = -1

    def say(done: int) -> None:
        nonlocal said
        tenth = 10 * done // max(total, 1)
        if tenth > said:
            said = tenth
            click.echo(f"{label}: {10 * tenth} % ({done} of {total})", err=True)

    yield say


@contextmanager
def silent(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Progress that nobody sees."""
    yield lambda done: None


def counted(values: Iterable[One], step: Callable[[int], None]) -> Iterator[One]:
    """The values; ``step`` is told after each how many there were."""
    for done, value in enumerate(values, start=1):
        yield value
        step(done)

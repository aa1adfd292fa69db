"""From released results to files: composed, every number checked, rendered, written aside.

Composing is quick and happens here, one document after the other; setting pages is slow and
happens in helper processes, one per processor, that know nothing but pages.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reports.beside import Beside
from reports.dossier import Dossier
from reports.dossiers import DOSSIERS
from reports.errors import DossierError
from reports.estimates import Results
from reports.page import Page
from reports.preview import preview
from reports.published import write_beside
from reports.rendering import as_page
from reports.surroundings import published_with, tracer_of
from reports.tracing import Tracer, check_numbers
from survey.files import write_aside

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

PR_SET_PDEATHSIG = 1

AHEAD = 2
"""Pages per helper that wait to be set: enough to keep it busy, few enough to stay small."""

Progress = Callable[[int, int, str, Path], object]
"""Is told how many documents are done, of how many, which was the last, and where it is."""

Shown = Callable[[str, str, str], object]
"""Is given kind, track and preview of a document."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is built together: a kind, its part of the study, and what composes it."""

    kind: str
    part: str
    compose: Callable[[], tuple[Dossier, ...]]

    @property
    def name(self) -> str:
        """How progress names it."""
        return f"{self.kind} {self.part}".strip()


def documents(
    results: Results, beside: Beside, kinds: Sequence[str], part: str = "", language: str = ""
) -> tuple[Document, ...]:
    """The documents of some kinds, one unit's only if ``part`` names it.

    With a ``language`` a letter comes in that language alone. Raises ``DossierError`` for a unit
    that is not there.
    """
    found = []
    for kind in kinds:
        entry = DOSSIERS[kind]
        if entry.compose is not None:
            compose = partial(_in_language, entry.compose, results, beside, language)
            found.append(Document(kind, "", compose))
        if entry.parts is None:
            continue
        parts = entry.parts(results)
        if part and part not in parts:
            known = ", ".join(parts) or "none"
            raise DossierError(f"no unit {part} in {results.release.study.id}; known are {known}")
        wanted = [part] if part else list(parts)
        found += [Document(kind, name, partial(_alone, parts[name])) for name in wanted]
    return tuple(found)


def _in_language(
    compose: Callable[[Results, Beside], tuple[Dossier, ...]],
    results: Results,
    beside: Beside,
    language: str,
) -> tuple[Dossier, ...]:
    made = compose(results, beside)
    return tuple(d for d in made if not language or d.track in ("", language))


def _alone(compose: Callable[[], Dossier]) -> tuple[Dossier, ...]:
    return (compose(),)


def fitting_kinds(results: Results, beside: Beside) -> list[str]:
    """The kinds of dossiers that the regime of a study carries."""
    regime = results.release.study.regime
    return [
        name
        for name, entry in DOSSIERS.items()
        if regime in entry.regimes and (beside.partner is not None or not entry.needs_partner)
    ]


def composed(document: Document, tracer: Tracer) -> tuple[Dossier, ...]:
    """The models of a document in which every number has an address."""
    dossiers = document.compose()
    for dossier in dossiers:
        check_numbers(dossier, tracer)
    return dossiers


def build(
    results: Results,
    beside: Beside,
    wanted: Sequence[Document],
    folder: Path,
    *,
    progress: Progress | None = None,
    processes: int | None = None,
    name: str = "",
    previews: Path | None = None,
    shown: Shown | None = None,
) -> list[Path]:
    """Write documents and, beside them, table, codebook and constants; their paths in order.

    ``name`` is the file name of a single document instead of its own; ``previews`` a folder that
    gets each document as one HTML file too, before its PDF; ``shown`` is given the same HTML of
    those that are about the whole study. With more than one document pages
    are set by ``processes`` helpers (default: one per processor). Each file appears whole or not
    at all; the same results give the same bytes.
    """
    paths, total = list[Path](), len(wanted)
    with _setting(min(processes or helpers(), len(wanted))) as set_pages:
        files = published_with(results, beside)
        write_beside(folder, results, files)
        if beside.partner is not None and any(DOSSIERS[d.kind].needs_partner for d in wanted):
            write_beside(folder, beside.partner, second=True)
        pages = _pages(wanted, tracer_of(files, beside), folder, name, previews, shown)
        for path, title in set_pages(pages):
            paths.append(path)
            total = max(total, len(paths))
            if progress is not None:
                progress(len(paths), total, title, path)
    return paths


def helpers() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pages(
    wanted: Sequence[Document],
    tracer: Tracer,
    folder: Path,
    name: str,
    previews: Path | None,
    shown: Shown | None,
) -> Iterator[tuple[Path, Page, str]]:
    for document in wanted:
        for dossier in composed(document, tracer):
            title, page = f"{document.name} {dossier.track}".strip(), as_page(dossier)
            path = folder / (name or dossier.file_name)
            html = preview(dossier, page) if previews is not None or shown is not None else ""
            if previews is not None:
                write_aside(previews / f"{path.stem}.html", html.encode())
            if shown is not None and not document.part:
                shown(document.kind, dossier.track, html)
            yield path, page, title


_Pages = Iterator[tuple[Path, Page, str]]
_Set = Callable[[_Pages], Iterator[tuple[Path, str]]]


@contextmanager
def _setting(count: int) -> Generator[_Set]:
    """What sets pages: ``count`` helpers, who load while the first page is composed, or nobody."""
    if count < 2:
        yield _set_here
        return
    # Loaded here, because a preview and a single document start no helpers.
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(
            count, mp_context=context, initializer=_end_with_parent, initargs=(os.getpid(),)
        ) as pool:
            # A pool starts a process only for work that nobody waits for.
            for _ in range(count):
                pool.submit(_load)
            yield partial(_set_by, pool, AHEAD * count)
    except BrokenProcessPool:
        raise DossierError(
            "a helper process has ended, perhaps for want of memory; files written so far are "
            "whole: repeat the command"
        ) from None


def _set_here(pages: _Pages) -> Iterator[tuple[Path, str]]:
    for path, page, title in pages:
        yield _write(path, page), title


def _set_by(pool: ProcessPoolExecutor, most: int, pages: _Pages) -> Iterator[tuple[Path, str]]:
    waiting: deque[tuple[Future[Path], str]] = deque()
    for path, page, title in pages:
        waiting.append((pool.submit(_write, path, page), title))
        while waiting and (len(waiting) >= most or waiting[0][0].done()):
            first, done = waiting.popleft()
            yield first.result(), done
    for last, done in waiting:
        yield last.result(), done


def _load() -> None:
    import reports.pdf  # noqa: F401


def _end_with_parent(parent: int) -> None:
    """Let a helper end when the process that started it is killed; only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _write(path: Path, page: Page) -> Path:
    # Loaded here, because a preview sets no pages.
    from reports.pdf import pdf_bytes

    write_aside(path, pdf_bytes(page))
    return path

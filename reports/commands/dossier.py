"""``reports dossier``: dossiers of a study as PDF, or as a preview in HTML."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.home import Home

if TYPE_CHECKING:
    from reports.beside import Beside
    from reports.building import Document
    from reports.estimates import Results
    from reports.preview_store import PreviewStore, Ready

_Asked = tuple[str, str, str, "str | None", "Path | None", str]
"""Kind, study, unit, partner, proceeding and language."""

EVERY = "all"


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("study")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write, for several files a directory (default: HOME/dossiers/STUDY).",
)
@click.option("--unit", default="", help="With KIND “department”: the code of one department.")
@click.option("--with", "partner", metavar="OTHER", help="Study to compare with (comparison).")
@click.option(
    "--proceeding",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with decisions and answers (default: HOME/proceedings/STUDY.proceeding.yaml).",
)
@click.option("--language", default="de", help="Language of a letter that goes to one file.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False),
    help="Write a preview of the same dossier as one HTML file instead, in a moment.",
)  # fmt: skip
@click.option("--later", is_flag=True, help="Leave it to “reports worker”; see “reports jobs”.")
@click.pass_obj
def dossier(
    home: Home,
    kind: str,
    study: str,
    out: Path | None,
    unit: str,
    partner: str | None,
    proceeding: Path | None,
    language: str,
    html: Path | None,
    later: bool,
) -> None:
    """Write dossiers of STUDY as PDF, accessible (PDF/UA-1) and for the archive (PDF/A-2a).

    KIND is “council”, “team”, “department” (a file for each), “intensive”, “comparison”, “public”,
    “method” or “all”. Each file appears whole or not at all, together with the table that its
    numbers stand in; the last lines name the files. The same data give the same bytes. What still
    needs an answer of the administration is named on standard error.
    """
    asked = (kind, study, unit, partner, proceeding, language)
    if html is not None and not later and _shown_again(home, html, asked):
        return
    from reports.dossiers import DOSSIERS

    if kind not in (*DOSSIERS, EVERY):
        known = ", ".join((*DOSSIERS, EVERY))
        raise click.BadParameter(f"“{kind}” is not one of {known}.", param_hint="KIND")
    if unit and (kind == EVERY or DOSSIERS[kind].parts is None):
        raise click.BadParameter("only dossiers of units take one.", param_hint="--unit")
    if later:
        _later(home, kind, study, unit)
        return
    if html is not None:
        _preview(home, html, asked)
        return
    for path in written(
        home, kind, study, out, unit=unit, partner=partner, proceeding=proceeding,
        language=language,
    ):  # fmt: skip
        click.echo(f"dossier: {path}")


def written(
    home: Home,
    kind: str,
    study: str,
    out: Path | None,
    told: Callable[[int, int], object] | None = None,
    *,
    unit: str = "",
    partner: str | None = None,
    proceeding: Path | None = None,
    language: str = "de",
) -> list[Path]:
    """The files of the dossiers of one kind or all, written; ``told`` hears of each."""
    from reports.building import build
    from reports.chart_store import charts_kept
    from reports.preview_store import keeper
    from survey.progress import progress

    several = kind == EVERY or out is None or out.is_dir()
    tongue = "" if several else language
    found = _found(home, kind, study, unit, partner, proceeding, tongue)
    if found is None:
        return []
    folder = out or home.dossiers / study
    one = not several and len(found.documents) == 1
    target, name = (folder.parent, folder.name) if one else (folder, "")
    what = (found.results, found.beside, found.documents, target)
    shown = keeper(home, study, partner, found.warnings, proceeding)
    with charts_kept(home, study, found.results.release.fingerprint):
        if told is not None:
            tell = told
            paths = build(*what, name=name, shown=shown, progress=lambda n, of, *_: tell(n, of))
        elif len(found.documents) < 2:
            paths = build(*what, name=name, shown=shown)
        else:
            with progress("dossiers", len(found.documents)) as bar:
                paths = build(
                    *what, shown=shown, progress=lambda n, *_: bar(min(n, len(found.documents)))
                )
    if not paths:
        missing = f"{study} has no {kind} in “{language}”."
        raise click.BadParameter(missing, param_hint="--language")
    return paths


@dataclass(frozen=True, slots=True)
class _Found:
    results: Results
    beside: Beside
    documents: tuple[Document, ...]
    warnings: tuple[str, ...]


def _found(
    home: Home,
    kind: str,
    study: str,
    unit: str,
    partner: str | None,
    proceeding: Path | None,
    language: str,
    *,
    told: bool = True,
) -> _Found | None:
    """The results of a study and the documents of a kind; None where its regime has none.

    Unless ``told`` is false, what still needs an answer is named on standard error.
    """
    from reports.building import documents, fitting_kinds
    from reports.releasing import released_results
    from reports.surroundings import beside_of, warnings_of
    from survey.dataset import current_data_set

    data_set, now = current_data_set(home, study), datetime.now(UTC)
    results = released_results(home, study, now=now)
    beside = beside_of(home, data_set, now, partner, proceeding)
    wanted = fitting_kinds(results, beside) if kind == EVERY else [kind]
    if not wanted:
        regime = data_set.study.regime
        click.echo(
            f"{study}: no dossier for {regime} yet; see “reports estimates {study}”", err=True
        )
        return None
    owed = tuple(warnings_of(results, beside))
    for warning in owed if told else ():
        click.echo(f"{study}: {warning}", err=True)
    return _Found(results, beside, documents(results, beside, wanted, unit, language), owed)


def _later(home: Home, kind: str, study: str, unit: str) -> None:
    from reports.worker import enqueue
    from survey.dataset import current_data_set

    current_data_set(home, study)
    click.echo(f"job: {enqueue(home, study, (kind,), unit).id}")


def _shown_again(home: Home, html: Path, asked: _Asked) -> bool:
    """Whether a preview is ready, and then written; loads neither statistics nor charts."""
    ready = _store(home, asked).find()
    if ready is not None:
        _write(html, asked[1], ready)
    return ready is not None


def _preview(home: Home, html: Path, asked: _Asked) -> None:
    with _nothing_cleared():
        ready = _composed(home, asked)
    _store(home, asked).keep(ready)
    _write(html, asked[1], ready)


@contextmanager
def _nothing_cleared() -> Iterator[None]:
    """Spares looking for garbage, also when the process ends: a preview needs what it loads."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if before:
            gc.enable()


def _store(home: Home, asked: _Asked) -> PreviewStore:
    from reports.preview_store import PreviewStore

    kind, study, unit, partner, proceeding, language = asked
    return PreviewStore(home, study, (kind, unit, partner or "", language), proceeding)


def _write(html: Path, study: str, ready: Ready) -> None:
    from survey.files import write_aside

    for warning in ready.warnings:
        click.echo(f"{study}: {warning}", err=True)
    write_aside(html, ready.html.encode())
    click.echo(f"preview: {html}")


def _composed(home: Home, asked: _Asked) -> Ready:
    from reports.building import composed
    from reports.chart_store import charts_kept
    from reports.number_store import NumberStore
    from reports.preview import preview
    from reports.preview_store import Ready
    from reports.surroundings import published_with, tracer_of

    found = _found(home, *asked, told=False)
    if found is None or len(found.documents) != 1:
        raise click.UsageError("a preview shows one dossier: name its KIND, and --unit for one")
    files = published_with(found.results, found.beside)
    with charts_kept(home, asked[1], found.results.release.fingerprint):
        tracer = tracer_of(files, found.beside, NumberStore(home, asked[1]))
        models = composed(found.documents[0], tracer)
    if not models:
        raise click.UsageError("there is no letter in that language")
    return Ready(preview(models[0]), found.warnings)

"""``reports dossier``: dossiers of a study as PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from survey.home import Home

EVERY = "all"


@click.command()
@click.argument("kind", metavar="KIND")
@click.argument("study")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write, with KIND “all” a directory (default: HOME/dossiers/STUDY).",
)
@click.option("--with", "partner", metavar="OTHER", help="Study to compare with (comparison).")
@click.option(
    "--proceeding",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File with decisions and answers (default: HOME/proceedings/STUDY.proceeding.yaml).",
)
@click.option("--language", default="de", help="Language of a letter that goes to one file.")
@click.pass_obj
def dossier(
    home: Home,
    kind: str,
    study: str,
    out: Path | None,
    partner: str | None,
    proceeding: Path | None,
    language: str,
) -> None:
    """Write dossiers of STUDY as PDF, accessible (PDF/UA-1) and for the archive (PDF/A-2a).

    KIND is “council”, “intensive”, “comparison”, “public” or “all”. Each file appears whole or not
    at all; the last lines name the files. The same data give the same bytes. What still needs an
    answer of the administration is named on standard error.
    """
    from reports.dossiers import DOSSIERS

    if kind not in (*DOSSIERS, EVERY):
        known = ", ".join((*DOSSIERS, EVERY))
        raise click.BadParameter(f"“{kind}” is not one of {known}.", param_hint="KIND")
    for path in written(
        home, kind, study, out, partner=partner, proceeding=proceeding, language=language
    ):
        click.echo(f"dossier: {path}")


def written(
    home: Home,
    kind: str,
    study: str,
    out: Path | None,
    told: Callable[[int, int], object] = lambda done, total: None,
    *,
    partner: str | None = None,
    proceeding: Path | None = None,
    language: str = "de",
) -> list[Path]:
    """The files of the dossiers of one kind or all, written; ``told`` hears of each."""
    from reports.dossiers import DOSSIERS
    from reports.pdf import pdf_bytes, write_aside
    from reports.published import write_beside
    from reports.releasing import released_results
    from reports.rendering import as_page
    from reports.surroundings import beside_of, published_with, tracer_of, warnings_of
    from reports.tracing import check_numbers
    from survey.dataset import current_data_set

    data_set = current_data_set(home, study)
    regime = data_set.study.regime
    now = datetime.now(UTC)
    results = released_results(home, study, now=now)
    beside = beside_of(home, data_set, now, partner, proceeding)
    fitting = [
        name
        for name, entry in DOSSIERS.items()
        if regime in entry.regimes and (beside.partner is not None or not entry.needs_partner)
    ]
    wanted = fitting if kind == EVERY else [kind]
    if not wanted:
        click.echo(
            f"{study}: no dossier for {regime} yet; see “reports estimates {study}”", err=True
        )
        return []
    for warning in warnings_of(results, beside):
        click.echo(f"{study}: {warning}", err=True)
    folder = out or home.dossiers / study
    whole = kind == EVERY or out is None or out.is_dir()
    paths, files = list[Path](), published_with(results, beside)
    for name in wanted:
        documents = DOSSIERS[name].compose(results, beside)
        if not whole:
            documents = tuple(d for d in documents if d.track in ("", language))[:1]
        for document in documents:
            check_numbers(document, tracer_of(files, beside))
            path = folder / document.file_name if whole else folder
            write_aside(path, pdf_bytes(as_page(document)))
            write_beside(path.parent, results, files)
            paths.append(path)
        told(wanted.index(name) + 1, len(wanted))
        if not documents:
            missing = f"{study} has no {name} in “{language}”."
            raise click.BadParameter(missing, param_hint="--language")
    return paths

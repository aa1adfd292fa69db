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
@click.pass_obj
def dossier(home: Home, kind: str, study: str, out: Path | None) -> None:
    """Write dossiers of STUDY as PDF, accessible (PDF/UA-1) and for the archive (PDF/A-2a).

    KIND is “council” or “all”. Each file appears whole or not at all; the last lines name
    the files. The same data give the same bytes.
    """
    from reports.dossiers import DOSSIERS

    if kind not in (*DOSSIERS, EVERY):
        known = ", ".join((*DOSSIERS, EVERY))
        raise click.BadParameter(f"“{kind}” is not one of {known}.", param_hint="KIND")
    for path in written(home, kind, study, out):
        click.echo(f"dossier: {path}")


def written(
    home: Home,
    kind: str,
    study: str,
    out: Path | None,
    told: Callable[[int, int], object] = lambda done, total: None,
) -> list[Path]:
    """The files of the dossiers of one kind or all, written; ``told`` hears of each."""
    from reports.dossiers import DOSSIERS
    from reports.pdf import pdf_bytes, write_aside
    from reports.published import published, write_beside
    from reports.releasing import released_results
    from reports.rendering import as_page
    from reports.tracing import check_numbers
    from survey.dataset import current_data_set

    data_set = current_data_set(home, study)
    regime = data_set.study.regime
    fitting = [name for name, entry in DOSSIERS.items() if regime in entry.regimes]
    wanted = fitting if kind == EVERY else [kind]
    if not wanted:
        click.echo(
            f"{study}: no dossier for {regime} yet; see “reports estimates {study}”", err=True
        )
        return []
    results = released_results(home, study, now=datetime.now(UTC))
    paths, beside = [], published(results)
    for name in wanted:
        composed = DOSSIERS[name].compose(results)
        check_numbers(composed, beside.tracer())
        whole = kind == EVERY or out is None or out.is_dir()
        folder = out or home.dossiers / study
        path = folder / composed.file_name if whole else folder
        write_aside(path, pdf_bytes(as_page(composed)))
        write_beside(path.parent, results, beside)
        paths.append(path)
        told(len(paths), len(wanted))
    return paths

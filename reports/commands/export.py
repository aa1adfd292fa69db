"""``survey export``: rows out of the house, with a role and a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from survey.home import Home


@click.command("export")
@click.argument("study")
@click.option(
    "--format",
    "form",
    default="csv",
    show_default=True,
    help="csv, csv-de (German Excel), xlsx, sav or zsav (SPSS), dta (Stata), datapackage (ZIP).",
)
@click.option("--reason", default="", help="Why; written down for good.")
@click.option("--role", default="", help="In which role you do this, e.g. “Projektleitung”.")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["archive", "research"]),
    default="archive",
    show_default=True,
    help="The archive or a research data centre.",
)
@click.option("--without", multiple=True, metavar="QUESTION", help="Leave out a question.")
@click.option(
    "--shorten-labels",
    "shorten",
    is_flag=True,
    help="Shorten labels that the format cannot hold, instead of refusing; each is named.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@click.pass_obj
def export_command(
    home: Home,
    study: str,
    form: str,
    reason: str,
    role: str,
    purpose: str,
    without: tuple[str, ...],
    shorten: bool,
    out: Path,
) -> None:
    """Hand over the rows of an opened STUDY; results for readers come from “reports”.

    Free texts and typed answers about the person are left out. Beside the file stand its
    codebook (also as DDI-Codebook 2.5), an R script and a pandas snippet that read it, and a
    report on how many rows share their attributes. The act goes on record (HOME/records)
    first; without a role and a written reason it is refused.
    """
    from reports.row_export import Request, export_rows
    from survey.dataset import current_data_set

    request = Request(form, role, purpose, reason, without, shorten)
    request.check()
    now = datetime.now(UTC)
    handed = export_rows(home, current_data_set(home, study), request, out, now)
    for name, why in handed.left_out.items():
        click.echo(f"left out: {name} ({why})")
    for note in handed.notes:
        click.echo(note)
    report = handed.report
    click.echo(
        f"{report.rows} rows, {report.classes} combinations of {', '.join(report.attributes)}; "
        f"k = {report.k}, {report.unique} rows are the only one of their kind"
    )
    for path in handed.files:
        click.echo(f"file: {path}")

"""``reports estimates``: the released aggregates of a study as a table."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from survey.home import Home

FORMATS = ("csv", "csv-de", "json", "xlsx", "datapackage")


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help="csv: comma, UTF-8, decimal point; csv-de: for a German Excel, with labels; json: a list "
    "of objects; xlsx: a sheet per page; datapackage: a ZIP file with codebook.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write instead of the standard output.",
)
@click.option(
    "--limits",
    type=click.Choice(["agresti_coull", "clopper_pearson"]),
    help="Other limits for unweighted shares than those of the dossiers.",
)
@click.pass_obj
def estimates(home: Home, study: str, form: str, out: Path | None, limits: str | None) -> None:
    """Print every released estimate of STUDY as a long table.

    One row per item, group, statistic and category, in the order of the questionnaire. Shares
    run from 0 to 1; empty cells mean that there is no such number, the columns status and note
    say why; printed is the string that a dossier prints. docs/METHODS.md explains each
    statistic.
    """
    from reports.releasing import released_results
    from reports.table_formats import TABLE_FORMATS

    wanted = TABLE_FORMATS[form]
    if not wanted.text and out is None:
        ending = {"xlsx": "xlsx", "datapackage": "zip"}[form]
        raise click.UsageError(f"{form} needs a file: add --out FILE.{ending}")
    content = wanted.write(released_results(home, study, now=datetime.now(UTC)))
    if out is None:
        click.echo(content, nl=False)
    else:
        _write(out, content)


def _write(out: Path, content: bytes) -> None:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        aside.write_bytes(content)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)

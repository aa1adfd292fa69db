"""``reports trace``: the address of every number of a PDF."""

from __future__ import annotations

from pathlib import Path

import click

SHOWN = 40


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--table", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of table, codebook and constants (default: the folder of FILE).",
)  # fmt: skip
@click.option("--quiet", is_flag=True, help="Print only numbers without an address, and the sum.")
def trace(file: Path, table: Path | None, quiet: bool) -> None:
    """Find every number of the dossier FILE in the published table beside it.

    A line per number: page, number, address of its row (item/statistic/category@group) and what
    it is of the row, or the class of a constant with its reason. Numbers in words are not looked
    for. Needs the PDF and the three CSV files beside it, no installation. Exit status 1 if a
    number has no address.
    """
    from reports.errors import DossierError
    from reports.pdf_tracing import trace_pdf

    found = list(trace_pdf(file, table))
    for traced in found:
        if traced.earned and not quiet:
            more = f" (+{traced.others} more)" if traced.others else ""
            click.echo(f"{traced.where}\t{traced.number}\t{traced.address}{more}")
    lost = [traced for traced in found if not traced.earned]
    click.echo(f"{file.name}: {len(found)} numbers, {len(lost)} without an address")
    if lost:
        listed = "\n".join(f"  {t.where}: {t.number} in “…{t.near}…”" for t in lost[:SHOWN])
        raise DossierError(f"numbers without an address:\n{listed}")

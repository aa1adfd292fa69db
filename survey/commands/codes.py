"""``survey codes``: access codes."""

from __future__ import annotations

from pathlib import Path

import click

from survey import codes as code_store
from survey.files import write_new
from survey.home import Home


@click.group()
def codes() -> None:
    """Make access codes for printing."""


@codes.command()
@click.argument("study_id", metavar="STUDY")
@click.option("-n", "--number", required=True, type=click.IntRange(min=1), help="How many.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="New text file."
)
@click.option("--group", default="", help="Reporting group (at least 50 codes).")
@click.pass_obj
def create(home: Home, study_id: str, number: int, out: Path, group: str) -> None:
    """Make new codes of STUDY and write them to a file, one per line.

    This is the only time that they are shown: the database keeps keyed digests. Delete the
    file once the codes are printed.
    """
    code_store.issue(home, study_id, number, group, show=lambda drawn: _write(out, drawn))
    click.echo(f"{number} codes of {study_id} are in {out}")


def _write(out: Path, drawn: list[str]) -> None:
    lines = "".join(f"{code}\n" for code in drawn)
    write_new(out, lambda file: file.write(lines.encode()))

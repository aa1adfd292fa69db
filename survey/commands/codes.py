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
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="New text file.")
@click.option("--group", default="", help="Reporting group (at least 50 codes).")
@click.option("--paper", is_flag=True, help="Count sheets of paper that may be entered.")
@click.pass_obj
def create(
    home: Home, study_id: str, number: int, out: Path | None, group: str, paper: bool
) -> None:
    """Make new codes of STUDY and write them to a file, one per line.

    This is the only time that they are shown: the database keeps keyed digests. Delete the
    file once the codes are printed. With --paper nothing is written: sheets carry no code,
    and no more of them can be entered after closing than were counted here.
    """
    if paper:
        if out or group:
            raise click.UsageError("--paper goes with neither --out nor --group")
        total = code_store.issue_paper(home, study_id, number)
        click.echo(f"{total} sheets of paper of {study_id} may be entered after closing")
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.")
    written: list[Path] = []

    def show(drawn: list[str]) -> None:
        _write(out, drawn)
        written.append(out)

    try:
        code_store.issue(home, study_id, number, group, show=show)
    except BaseException:
        # Codes that were not stored open no door: nobody must print them.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    click.echo(f"{number} codes of {study_id} are in {out}")


def _write(out: Path, drawn: list[str]) -> None:
    lines = "".join(f"{code}\n" for code in drawn)
    write_new(out, lambda file: file.write(lines.encode()))

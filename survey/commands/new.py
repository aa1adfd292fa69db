"""``survey new``: a questionnaire of one's own to start from."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from survey.new_study import write_new_study


@click.command("new")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def new(directory: Path) -> None:
    """Write a commented example questionnaire with headcounts into DIR, to be changed.

    The name of DIR becomes the id of the study. What is written passes “survey check” and
    leads to a dossier; nothing that exists is replaced.
    """
    today = datetime.now(ZoneInfo("Europe/Berlin")).date()
    for path in write_new_study(directory, today):
        click.echo(f"file: {path}")
    click.echo(f"next: survey check {directory}")

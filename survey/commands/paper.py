"""``survey paper``: the questionnaire as a PDF to print."""

from __future__ import annotations

from pathlib import Path

import click

from survey.commands.diff import named_questionnaire
from survey.home import Home
from survey.paper import write_paper


@click.command()
@click.argument("study", metavar="STUDY_OR_FILE")
@click.option(
    "-o",
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="PDF file; an earlier one is replaced.",
)
@click.option("--language", default="", help="Language tag; the first language without one.")
@click.pass_obj
def paper(home: Home, study: str, out: Path, language: str) -> None:
    """Print the questionnaire of a study or of a file as an A4 PDF."""
    write_paper(named_questionnaire(home, study), out, language)
    click.echo(f"paper: {out}")

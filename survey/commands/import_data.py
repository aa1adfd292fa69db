"""``survey import``: answers that were collected elsewhere become a data set."""

from __future__ import annotations

from pathlib import Path

import click

from survey.foreign_table import ENCODINGS
from survey.home import Home
from survey.importing import import_answers
from survey.questionnaire import read_questionnaire

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("questionnaire", metavar="STUDY.yaml", type=FILE)
@click.argument("data", metavar="DATA.csv", type=FILE)
@click.option(
    "--encoding",
    type=click.Choice(ENCODINGS),
    help="Encoding of DATA.csv. Without it only UTF-8 is accepted.",
)
@click.pass_obj
def import_data(home: Home, questionnaire: Path, data: Path, encoding: str | None) -> None:
    """Make a data set of STUDY.yaml from the answers in DATA.csv.

    DATA.csv has one row per person and one column per variable, under the names that the
    codebook gives them (a single choice has its question's id, a row of a grid or an element
    of a ranking the id and its own name). A cell holds the name or the number of a code;
    rankings hold places, multiple choices 1 or 0. An empty cell is a skipped question.

    The separator (comma, semicolon, tab or bar) is found out. Every mistake is listed with its
    row and column; with a mistake nothing is imported.
    """
    data_set, notes = import_answers(home, read_questionnaire(questionnaire), data, encoding)
    for note in notes:
        click.echo(f"{data.name}: {note}", err=True)
    click.echo(f"dataset: {data_set.path}")

"""``survey import``: answers that were collected elsewhere become a data set."""

from __future__ import annotations

from pathlib import Path

import click

from survey.files import write_new
from survey.foreign_draft import draft_map
from survey.foreign_files import read_foreign
from survey.foreign_map import read_map
from survey.foreign_table import ENCODINGS
from survey.home import Home
from survey.importing import import_answers
from survey.instrument import Questionnaire
from survey.progress import progress
from survey.questionnaire import read_questionnaire

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("questionnaire", metavar="STUDY.yaml", type=FILE)
@click.argument("data", metavar="DATA", type=FILE)
@click.option(
    "--encoding",
    type=click.Choice(ENCODINGS),
    help="Encoding of a CSV file. Without it only UTF-8 (and marked UTF-16) is accepted.",
)
@click.option(
    "--mapping", "map_file", type=FILE, help="YAML file that says which column holds what."
)
@click.option(
    "--draft-mapping",
    "draft",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="MAP.yaml",
    help="Write a first map to a new file, import nothing.",
)
@click.pass_obj
def import_data(
    home: Home,
    questionnaire: Path,
    data: Path,
    encoding: str | None,
    map_file: Path | None,
    draft: Path | None,
) -> None:
    """Make a data set of STUDY.yaml from the answers in DATA.

    DATA is a CSV file (comma, semicolon, tab or bar), a spreadsheet (.xlsx, first sheet), an
    SPSS file (.sav, .zsav), or LimeSurvey's responses: a CSV export with codes, or an archive
    (.lsa). It has one row per person and one column per variable, under the names that the
    codebook gives them (a single choice has its question's id, a row of a grid or an element
    of a ranking the id and its own name). A cell holds the name or the number of a code;
    rankings hold places, multiple choices 1 or 0. An empty cell is a skipped question.

    Where names or codes differ, --draft-mapping writes a map that you correct and give back
    with --mapping. How the file was read is said; every mistake is listed with its row and column,
    and with a mistake nothing is imported.
    """
    read = read_questionnaire(questionnaire)
    if draft is not None:
        _draft(read, data, encoding, draft)
        return
    chosen = read_map(map_file, read.codebook) if map_file else None
    with progress("import", 100) as say:
        made, notes = import_answers(
            home, read, data, encoding, chosen, lambda share: say(round(100 * share))
        )
    for note in notes:
        click.echo(f"{data.name}: {note}", err=True)
    click.echo(f"dataset: {made.path}")


def _draft(questionnaire: Questionnaire, data: Path, encoding: str | None, out: Path) -> None:
    codebook = questionnaire.codebook
    known = {v.name for question in codebook for v in question.variables}
    table = read_foreign(data, known, encoding)
    text = draft_map(table, questionnaire, data.name)
    write_new(out, lambda file: file.write(text.encode()))
    for note in table.notes:
        click.echo(f"{data.name}: {note}", err=True)
    click.echo(f"map: {out}")

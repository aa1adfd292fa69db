"""``survey paper-entry``: sheets that two people have typed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from survey.codes import paper_left
from survey.desk import Desk
from survey.files import write_new
from survey.home import Home
from survey.paper_columns import header
from survey.paper_entry import compare, enter, left_out, read_sheets
from survey.studies import load_study

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("paper-entry")
@click.argument("study_id", metavar="STUDY")
@click.argument("files", nargs=-1, type=_FILE, metavar="[FIRST.csv SECOND.csv]")
@click.option("--columns", type=_FILE, help="Write an empty table to type in, and nothing else.")
@click.pass_obj
def paper_entry(home: Home, study_id: str, files: tuple[Path, ...], columns: Path | None) -> int:
    """Cast the sheets of STUDY that two people have typed into FIRST and SECOND.

    Shuffle the stack, number the sheets lightly, and let each person type all of them, one row
    per sheet. Differences are shown by sheet and question, and nothing is stored until there
    are none. STUDY has to be closed and not yet opened.
    """
    if columns:
        _write_header(home, study_id, columns)
        return 0
    if len(files) != 2:
        raise click.UsageError("name two files, each typed by another person")
    if files[0].resolve() == files[1].resolve():
        raise click.UsageError("both names stand for the same file")
    desk = Desk.open(home, study_id)
    first, second = (read_sheets(path, desk.instrument) for path in files)
    differences = compare(first, second, desk.instrument)
    if differences:
        for difference in differences:
            click.echo(str(difference))
        click.echo(f"{len(differences)} Unterschiede: nichts wurde gespeichert.")
        return 1
    entered = enter(desk, first, second)
    click.echo(f"{entered} sheets are in the urn, {paper_left(home, study_id)} paper codes left")
    if passed := left_out(first, desk.instrument):
        click.echo(f"{passed} answers were left out: the sheet's own answers lead past them")
    click.echo("destroy both files and the stack once the urn has been opened")
    return 0


def _write_header(home: Home, study_id: str, out: Path) -> None:
    text = io.StringIO()
    instrument = load_study(home, study_id).questionnaire.instrument
    csv.writer(text, lineterminator="\n").writerow(header(instrument))
    write_new(out, lambda file: file.write(text.getvalue().encode()))
    click.echo(f"columns: {out}")

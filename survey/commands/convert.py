"""``survey convert``: questionnaires of LimeSurvey and XLSForm in our language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from survey.converting.conversion import convert as converted
from survey.converting.conversion import write_folder
from survey.converting.report import summary
from survey.converting.sentences import LANGUAGES
from survey.converting.studying import ZONE


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path),
    help="New folder for the questionnaire, its translations and the report.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="de",
    show_default=True,
    help="Language of the report.",
)
def convert(file: Path, folder: Path, language: str) -> None:
    """Convert a questionnaire of another tool.

    FILE is a LimeSurvey structure (.lss) or an XLSForm (.xlsx). The folder gets the
    questionnaire, one file per further language, and a report (report.md, report.json) that
    says of every question whether it was converted, what was lost, or why it could not be.
    """
    conversion = converted(file, datetime.now(ZONE).date(), language)
    write_folder(conversion, folder, language)
    click.echo(summary(conversion.plan.lines, language))
    for problem in conversion.errors:
        click.echo(str(problem), err=True)
    for name in conversion.files:
        click.echo(folder / name)

"""``survey convert``: questionnaires of LimeSurvey and XLSForm in our language, and back."""

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
    "out",
    required=True,
    type=click.Path(path_type=Path),
    help="New folder for the questionnaire, its translations and the report; with --to a new file.",
)
@click.option(
    "--to",
    "target",
    type=click.Choice(["xlsform"]),
    help="Turn a questionnaire of ours (FILE.yaml) into an XLSForm.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="de",
    show_default=True,
    help="Language of the report.",
)
def convert(file: Path, out: Path, target: str | None, language: str) -> None:
    """Convert a questionnaire of another tool, or one of ours for another tool.

    FILE is a LimeSurvey structure (.lss) or an XLSForm (.xlsx). The folder gets the
    questionnaire, one file per further language, and a report (report.md, report.json) that
    says of every question whether it was converted, what was lost, or why it could not be.

    With --to xlsform FILE is a questionnaire of ours, and OUT the XLSForm (.xlsx) to be made;
    everything that an XLSForm cannot say is named.
    """
    if target == "xlsform":
        _to_xlsform(file, out, language)
        return
    conversion = converted(file, datetime.now(ZONE).date(), language)
    write_folder(conversion, out, language)
    click.echo(summary(conversion.plan.lines, language))
    for problem in conversion.errors:
        click.echo(str(problem), err=True)
    for name in conversion.files:
        click.echo(out / name)


def _to_xlsform(file: Path, out: Path, language: str) -> None:
    from survey.converting.xlsform_writing import as_form, as_workbook
    from survey.files import write_new
    from survey.questionnaire import read_questionnaire

    form = as_form(read_questionnaire(file))
    content = as_workbook(form)
    write_new(out, lambda target: target.write(content))
    for loss in form.losses:
        click.echo(loss.sentence(language))
    click.echo(out)

"""``survey promise``: what a study promises, for staff council and data protection officer."""

from __future__ import annotations

from pathlib import Path

import click

from survey import links
from survey.errors import SurveyError
from survey.home import Home
from survey.processing_record import record_of_processing
from survey.promise import promise_sheet
from survey.records import read_records
from survey.studies import load_study
from survey.translation import spoken

_PDF = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("study_id", metavar="STUDY")
@click.option("-o", "--out", required=True, type=_PDF, help="PDF file; an earlier is replaced.")
@click.option("--record", type=_PDF, help="PDF file with a draft record of processing.")
@click.option("--lang", default="", help="Language of both; without it the study's first.")
@click.pass_obj
def promise(home: Home, study_id: str, out: Path, record: Path | None, lang: str) -> None:
    """Print the two-page promise sheet of STUDY, drawn up from study and installation."""
    # Loaded only here: printing needs system libraries that the other commands do not.
    from survey.print_pdf import write_replacing
    from survey.promise_pdf import record_pdf, write_promise

    stored, kind = load_study(home, study_id), links.kind(home)
    languages = stored.questionnaire.languages
    if lang and lang not in languages:
        raise SurveyError(f"{study_id} has no language {lang!r}, only {', '.join(languages)}")
    sheet = promise_sheet(stored, kind, read_records(home, study_id), lang)
    write_promise(sheet, out)
    click.echo(f"promise: {out}")
    if record is not None:
        words = spoken(lang or stored.study.language)
        drafted = record_of_processing(stored, kind, words)
        write_replacing(record, record_pdf(sheet, drafted, words))
        click.echo(f"record of processing: {record}")

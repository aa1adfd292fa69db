"""``survey diff``: what changed between two versions of a questionnaire."""

from __future__ import annotations

import json
from pathlib import Path

import click

from survey.findings import LANGUAGES
from survey.home import Home
from survey.instrument import Questionnaire
from survey.questionnaire import load_bundle, read_bundle
from survey.studies import load_study
from survey.versions import Kind, compare


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="de",
    show_default=True,
    help="Language of the sentences.",
)
@click.pass_obj
def diff(home: Home, old: str, new: str, style: str, language: str) -> int:
    """Say what changed from OLD to NEW: wording, an addition, or a break.

    OLD and NEW are questionnaire files or ids of studies in this home. Exit status 1 if answers
    to OLD and NEW cannot be put together.
    """
    before = named_questionnaire(home, old)
    is_stored = not Path(old).exists()
    after = named_questionnaire(home, new, study_id=before.study.id if is_stored else None)
    difference = compare(before, after)
    if style == "json":
        click.echo(json.dumps(difference.to_raw(language), ensure_ascii=False))
    else:
        for change in difference.changes:
            click.echo(change.line(language))
        click.echo(difference.verdict(language))
    return int(difference.kind is Kind.BREAKING)


def named_questionnaire(home: Home, name: str, *, study_id: str | None = None) -> Questionnaire:
    """The questionnaire of a file, read under an id if one is given, or of a stored study."""
    path = Path(name)
    if path.is_file():
        return read_bundle(load_bundle(path), study_id=study_id)
    return load_study(home, name).questionnaire

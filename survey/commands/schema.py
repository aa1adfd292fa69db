"""``survey schema``: what editors and people need to know about the questionnaire language."""

from __future__ import annotations

import click

from survey.editor_schema import schema_text
from survey.reference import reference


@click.command()
@click.option("--markdown", is_flag=True, help="The reference for people instead.")
def schema(markdown: bool) -> None:
    """Print the JSON Schema of questionnaires, with which editors complete keys.

    It is the file docs/questionnaire.schema.json; with --markdown, docs/QUESTIONNAIRES.md.
    """
    click.echo(reference() if markdown else schema_text(), nl=False)

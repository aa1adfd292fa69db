"""``survey preview``: a questionnaire file as its respondents will see it."""

from __future__ import annotations

from pathlib import Path

import click
from werkzeug.serving import make_server

from survey.preview import create_preview
from survey.questionnaire import read_questionnaire


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--port", default=8010, show_default=True, type=click.IntRange(1, 65535))
def preview(path: Path, port: int) -> None:
    """Show every page of the questionnaire at PATH, in every language and state.

    On this machine only, until interrupted. Nothing is stored; start it anew after a change.
    """
    app = create_preview(read_questionnaire(path))
    click.echo(f"http://127.0.0.1:{port}/")
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()

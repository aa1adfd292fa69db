"""``reports charts``: the charts of a study for slides, as SVG and PNG."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from survey.home import Home


@click.command("charts")
@click.argument("study")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the pictures; it is made if it is missing.",
)
@click.pass_obj
def charts_command(home: Home, study: str, folder: Path) -> None:
    """Draw the released results of STUDY, a chart per question, for slides.

    Each chart is written as SVG (letters as outlines) and as PNG, with its title, the question,
    who is counted and its source inside the picture. A picture of the same name is replaced.
    """
    from reports.releasing import released_results
    from reports.slides import drawn, slides
    from survey.files import write_aside

    results = released_results(home, study, now=datetime.now(UTC))
    none = True
    for slide in slides(results):
        none = False
        made = drawn(slide)
        for ending, content in (("svg", made.svg), ("png", made.png)):
            path = folder / f"{study}-{made.name}.{ending}"
            write_aside(path, content)
            click.echo(f"chart: {path}")
    if none:
        click.echo(f"{study}: nothing that is drawn was released; see “reports estimates {study}”")

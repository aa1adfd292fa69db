"""``survey demo``: a home full of simulated studies, to look at and to try."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from survey.demo import RESPONSES, SEED, TRY_OUT, Settings, run_demo
from survey.home import Home
from survey.progress import progress


@click.command()
@click.option(
    "--responses",
    type=click.IntRange(min=1),
    default=RESPONSES,
    show_default=True,
    help="Simulated ballots per study.",
)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.pass_obj
def demo(home: Home, responses: int, seed: int) -> None:
    """Simulate every shipped study, seal and open its ballots, and leave one study to try.

    A second run in the same home finishes an interrupted demo or reuses a finished one. The
    last lines name the data sets.
    """
    made = run_demo(
        home,
        Settings(responses, seed),
        datetime.now(UTC),
        lambda line: click.echo(line, err=True),
        progress,
    )
    if made.codes:
        click.echo(f"\n“{TRY_OUT}” is open. To answer it, run `survey --home {home.path} serve`,")
        click.echo("open the address that it prints and type one of these codes:\n")
        for code in made.codes:
            click.echo(f"    {code}")
        click.echo("")
    else:
        click.echo(f"“{TRY_OUT}” is closed; another --home gives a new one to try.")
    for path in made.truths:
        click.echo(f"truth: {path}")
    for data_set in made.data_sets:
        click.echo(f"dataset: {data_set.path}")

"""``survey simulate``: invented answers with a known truth, cast like a browser's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from survey import codes
from survey.desk import Desk
from survey.errors import SurveyError
from survey.home import Home
from survey.population import draw_population
from survey.progress import progress
from survey.simulate import draw_sample, require_demo, require_writable, write_truth
from survey.simulate import simulate as cast
from survey.study import Access
from survey.truth import truth


@click.command()
@click.argument("study")
@click.option("-n", "--responses", type=click.IntRange(min=1), required=True, help="Ballots.")
@click.option("--seed", type=click.IntRange(min=0), required=True, help="Decides everything.")
@click.option(
    "--truth",
    "truth_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the true values of the population there, as JSON.",
)
@click.pass_obj
def simulate(home: Home, study: str, responses: int, seed: int, truth_file: Path | None) -> None:
    """Cast simulated ballots in an open demo study.

    The population has one person per headcount of the study; who takes part differs by
    department and workplace. Ballots pass the same checks and the same sealing as those of a
    browser; in a study with codes each one uses up a code that is made for it.

    The same seed draws the same people: their true values are what `--truth` writes.
    """
    if truth_file and truth_file.exists():
        raise SurveyError(f"{truth_file} exists already and is not replaced")
    desk = Desk.open(home, study)
    require_demo(desk.study)
    population = draw_population(desk.questionnaire, seed)
    sample = draw_sample(population, responses, seed)
    if truth_file:
        require_writable(truth_file)
    made = codes.issue(home, study, responses) if desk.study.access is Access.CODES else []
    with progress(f"Casting {responses} ballots", responses) as step:
        stored = cast(desk, sample, made, datetime.now(UTC), step)
    if truth_file:
        write_truth(truth_file, truth(population))
    click.echo(f"{stored} ballots of {population.size} simulated people are in the urn of {study}")

"""``reports worker`` and ``reports jobs``: dossiers built in the background."""

from __future__ import annotations

import click

from survey.home import Home


@click.command()
@click.option("--once", is_flag=True, help="End when the queue is empty.")
@click.pass_obj
def worker(home: Home, once: bool) -> None:
    """Build the dossiers that wait in the queue, never in a process that serves respondents.

    One worker per home; it may be killed at any time: files appear whole or not at all, and
    what was begun is taken up again at the next start. A line for each document that is done.
    """
    from reports.worker import work

    work(home, lambda job: click.echo(job.line), once=once)


@click.command()
@click.pass_obj
def jobs(home: Home) -> None:
    """List all jobs with their progress, the oldest first."""
    from reports.jobs import jobs as all_jobs

    for job in all_jobs(home):
        click.echo(job.line)
        for path in job.done.values():
            click.echo(f"  dossier: {path}")

"""``survey backup``, ``survey restore`` and ``survey purge``: care for an installation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from survey import backup as backups
from survey import retention
from survey.home import Home

_NEW = click.Path(path_type=Path, dir_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--out", required=True, type=_NEW, help="New file for the backup.")
@click.pass_obj
def backup(home: Home, out: Path) -> None:
    """Write a consistent backup of a home, also while it serves.

    The directory secrets/ is left out: keep a copy of it apart. Backups made before the opening
    hold sealed ballots; they stay unreadable once the key holders have destroyed their keys.
    """
    made = backups.back_up(home, out, datetime.now(UTC))
    click.echo(f"backup: {out} ({len(made.parts)} parts, {len(made.studies)} studies)")
    click.echo(f"not in it: {home.secrets}")


@click.command()
@click.argument("file", type=_FILE)
@click.option("--resume", multiple=True, metavar="STUDY", help="Go on with an open study.")
@click.option("--close", multiple=True, metavar="STUDY", help="Close an open study.")
@click.option("--reason", default="", help="Why it was decided so; kept and printed.")
@click.option("--replace", is_flag=True, help="Replace a database that is there.")
@click.pass_obj
def restore(
    home: Home,
    file: Path,
    resume: tuple[str, ...],
    close: tuple[str, ...],
    reason: str,
    replace: bool,
) -> None:
    """Put the backup FILE back into a home whose secrets/ is in place. Stop the server first.

    Codes that were used since the backup revive. A study with codes that was open is therefore
    taken up or closed only by a decision with a reason, which is recorded.
    """
    if both := set(resume) & set(close):
        raise click.UsageError(f"{', '.join(sorted(both))}: either --resume or --close")
    decisions = {study: backups.Decision(study in resume, reason) for study in (*resume, *close)}
    found = backups.restore(home, file, datetime.now(UTC), decisions, replace=replace)
    click.echo(f"restored: the state of {found.day}")
    for study, decision in decisions.items():
        click.echo(f"{study}: {'goes on' if decision.resume else 'is closed'}, recorded")


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what is due, delete nothing.")
@click.pass_obj
def purge(home: Home, dry_run: bool) -> None:
    """Delete the data of every study whose day for it (`delete_on`) has come, with a record."""
    today = datetime.now(UTC)
    due = retention.due(home, today.date())
    for study_id in due:
        if dry_run:
            click.echo(f"{study_id}: due")
            continue
        record = retention.purge(home, study_id, today)
        click.echo(f"{study_id}: {len(record.content['files'])} files deleted, {record.path}")
    if not due:
        click.echo("nothing is due")

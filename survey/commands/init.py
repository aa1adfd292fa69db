"""``survey init`` and ``survey migrate``."""

from __future__ import annotations

import click

from survey.home import Home
from survey.migrations import upgrade


@click.command()
@click.option("--database", "url", help="Address of an empty PostgreSQL database for the urn.")
@click.pass_obj
def init(home: Home, url: str | None) -> None:
    """Make the secrets and the database of a home.

    What is there already stays. Keep the directory secrets/ out of the database's backups. An
    address such as postgresql+psycopg://user@host/name is kept under secrets/, because it may
    hold a password; without one the urn is a file of the home.
    """
    if url:
        home.set_database(url)
    upgrade(home)
    click.echo(f"{home.path} is ready; the secrets lie in {home.secrets}")


@click.command()
@click.pass_obj
def migrate(home: Home) -> None:
    """Bring the database to this version's schema."""
    upgrade(home)
    click.echo("the database has the newest schema")

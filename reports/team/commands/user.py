"""``survey user``: accounts of the project team."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from reports.team.roles import Role
from survey.home import Home

COMMAND_LINE = "command line"
_roles = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="What the person does; may be given several times. An auditor does nothing else.",
)


@click.group()
def user() -> None:
    """Accounts of the project team: invite, reset, remove, list."""


@user.command()
@click.argument("name")
@_roles
@click.pass_obj
def add(home: Home, name: str, roles: tuple[str, ...]) -> None:
    """Invite NAME. The word that is printed is good once and for three days.

    Hand it over in person or by telephone. With it the person chooses a password on the page
    /team/invitation and sets up an authenticator; nobody else ever knows either.
    """
    from reports.team import accounts
    from reports.team.store import Store

    word = accounts.invite(Store(home), name, roles, time.time())
    _done(home, "user.add", name, " ".join(sorted(roles)))
    _tell(name, word)


@user.command()
@click.argument("name")
@click.pass_obj
def reset(home: Home, name: str) -> None:
    """Invite NAME again: password, second factor and sessions end at once."""
    from reports.team import accounts
    from reports.team.store import Store

    word = accounts.reset(Store(home), name, time.time())
    _done(home, "user.reset", name)
    _tell(name, word)


@user.command()
@click.argument("name")
@_roles
@click.pass_obj
def roles(home: Home, name: str, roles: tuple[str, ...]) -> None:
    """Give NAME these roles instead of the present ones."""
    from reports.team import accounts
    from reports.team.store import Store

    accounts.set_roles(Store(home), name, roles)
    _done(home, "user.roles", name, " ".join(sorted(roles)))
    click.echo(f"{name}: {', '.join(sorted(roles))}")


@user.command()
@click.argument("name")
@click.pass_obj
def remove(home: Home, name: str) -> None:
    """Remove the account NAME; what the person did stays in the audit log."""
    from reports.team import accounts
    from reports.team.store import Store

    accounts.remove(Store(home), name)
    _done(home, "user.remove", name)
    click.echo(f"{name} is removed")


@user.command("list")
@click.pass_obj
def list_command(home: Home) -> None:
    """List all accounts."""
    from reports.team import accounts
    from reports.team.store import Store

    for found in accounts.users(Store(home)):
        state = "ready" if found.ready else "invited"
        click.echo(f"{found.name}  {state}  {', '.join(sorted(found.roles))}")


def _done(home: Home, act: str, name: str, roles: str = "") -> None:
    from reports.team.audit import AuditLog

    details = {"account": name} | ({"roles": roles} if roles else {})
    AuditLog(home).record(COMMAND_LINE, act, datetime.now(UTC), details=details)


def _tell(name: str, word: str) -> None:
    click.echo(f"{name} is invited")
    click.echo(f"invitation: {word}")
    click.echo("page: /team/invitation (good once, for three days)")

"""``survey keys``: key holders."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from survey import keys as key_files
from survey import studies
from survey.home import Home


@click.group()
def keys() -> None:
    """Key holders: create keys on their own machines, register the public halves here."""


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--holder", required=True, help="Name or office of the key holder.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="New key file."
)
def create(study_id: str, holder: str, out: Path) -> None:
    """Make the key of one holder of STUDY, on the holder's own machine.

    The file never leaves that machine; without it the ballots cannot be read by anybody.
    Only the line that is printed goes to whoever runs the server.
    """
    recipient = key_files.create_holder_key(out, holder)
    click.echo(f"the private key lies in {out}: keep a copy of it in a safe place")
    words = ["survey", "keys", "register", study_id, "--holder", holder, recipient.key]
    click.echo(shlex.join(words))


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.argument("public_key")
@click.option("--holder", required=True, help="Name or office of the key holder.")
@click.pass_obj
def register(home: Home, study_id: str, public_key: str, holder: str) -> None:
    """Register the PUBLIC_KEY of a holder with STUDY while it is a draft.

    Holders open the urn in the order in which they were registered.
    """
    studies.register_recipient(home, study_id, key_files.Recipient(holder, public_key))
    click.echo(f"{holder} is a key holder of {study_id}")

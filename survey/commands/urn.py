"""``survey urn``: count, export and open the sealed ballots."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from survey import opening, rehearsal
from survey import urn as ballots
from survey.dataset import DataSet
from survey.home import Home
from survey.keys import read_identities
from survey.progress import progress

_NEW_FILE = click.Path(path_type=Path, dir_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def urn() -> None:
    """Count, export and open the sealed ballots."""


@urn.command()
@click.argument("study_id", metavar="STUDY")
@click.pass_obj
def count(home: Home, study_id: str) -> None:
    """Print the number of ballots of STUDY.

    Exact for demos and after closing; else rounded down to tens and renewed once a day.
    """
    click.echo(ballots.count(home, study_id, datetime.now(UTC)))


@urn.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--out", required=True, type=_NEW_FILE, help="New file for the key holders.")
@click.pass_obj
def export(home: Home, study_id: str, out: Path) -> None:
    """Write the closed urn of STUDY to one file for its key holders."""
    header = opening.export_urn(home, study_id, out)
    click.echo(f"{header.ballots} sealed ballots are in {out}")
    for place, holder in enumerate(header.holders, start=1):
        click.echo(f"key holder {place}: {holder.holder}")


@urn.command("open")
@click.argument("file", type=_FILE)
@click.option(
    "--key",
    "keys",
    required=True,
    multiple=True,
    type=_FILE,
    help="The holder's key file; in a rehearsal also the rehearsal key.",
)
@click.option("--out", required=True, type=_NEW_FILE, help="New file.")
def open_command(file: Path, keys: tuple[Path, ...], out: Path) -> None:
    """Take one holder's layer off an exported urn FILE, on the holder's own machine.

    The last holder gets the data set, which goes back to the server. The test ballots of a
    rehearsal are opened in the same way, with both keys of the holder.
    """
    identities = [identity for key in keys for identity in read_identities(key, _passphrase)]
    if rehearsal.is_rehearsal(file):
        last = rehearsal.take_part(file, identities, out)
        whom = "back to the server" if last else "to the next key holder"
        click.echo(f"the test ballots could be opened; {out} goes {whom}")
        return
    data_set = opening.open_layer(file, identities, out)
    if data_set is None:
        click.echo(f"one layer is off; {out} goes to the next key holder")
    else:
        _report(data_set)


@urn.command("import")
@click.argument("study_id", metavar="STUDY")
@click.argument("file", type=_FILE)
@click.pass_obj
def import_command(home: Home, study_id: str, file: Path) -> None:
    """Take the holders' data set of STUDY in, then destroy its ballots and codes."""
    _report(opening.import_data_set(home, study_id, file))
    click.echo("ballots and codes are destroyed")


@urn.command("open-here")
@click.argument("study_id", metavar="STUDY")
@click.pass_obj
def open_here(home: Home, study_id: str) -> None:
    """Open the urn of STUDY on this server: demos and studies without codes only."""
    total = ballots.count(home, study_id, datetime.now(UTC))
    with progress(f"{study_id}: opening {total} ballots", total) as step:
        data_set = opening.open_on_server(home, study_id, lambda done, _: step(done))
    _report(data_set)


def _passphrase(name: str) -> str:
    words: str = click.prompt(f"passphrase of {name}", hide_input=True, err=True)
    return words


def _report(data_set: DataSet) -> None:
    protocol = data_set.protocol
    click.echo(f"dataset: {data_set.path}")
    click.echo(f"fingerprint: {data_set.fingerprint}")
    click.echo(f"ballots: {protocol['ballots']}, accepted: {protocol['accepted']}")
    for reason, number in protocol["rejected"].items():
        click.echo(f"rejected ({reason}): {number}")

"""``survey urn``: count, export and open the sealed ballots.

A key holder's machine opens a layer without a database: what needs one is loaded where it is used.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
import pyrage

from survey.dataset import DataSet
from survey.files import write_new
from survey.holder_turn import Outcome, take_turn
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
    from survey.urn import count as count_ballots

    click.echo(count_ballots(home, study_id, datetime.now(UTC)))


@urn.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--out", required=True, type=_NEW_FILE, help="New file for the key holders.")
@click.pass_obj
def export(home: Home, study_id: str, out: Path) -> None:
    """Write the closed urn of STUDY to one file for its key holders."""
    from survey.opening import export_urn

    header = export_urn(home, study_id, out, progress)
    click.echo(f"{header.ballots} sealed ballots are in {out}")
    for place, holder in enumerate(header.holders, start=1):
        click.echo(f"key holder {place}: {holder.holder}")


@urn.command("open")
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--key",
    "keys",
    multiple=True,
    type=_FILE,
    help="The holder's key file; in a rehearsal also the rehearsal key.",
)
@click.option("--out", type=_NEW_FILE, help="New file.")
@click.option("--page", is_flag=True, help="Choose the files on a page in the browser instead.")
@click.option("--no-browser", is_flag=True, help="Print the address of the page only.")
def open_command(
    file: Path | None, keys: tuple[Path, ...], out: Path | None, page: bool, no_browser: bool
) -> None:
    """Take one holder's layer off an exported urn FILE, on the holder's own machine.

    The last holder gets the data set, which goes back to the server. The test ballots of a
    rehearsal are opened in the same way, with both keys of the holder.
    """
    if page:
        from survey.commands.holder_page import serve_holder_page

        serve_holder_page(browser=not no_browser)
        return
    if file is None or not keys or out is None:
        raise click.UsageError("name FILE, --key and --out, or --page for a page in the browser")
    turn = take_turn(file, _identities(keys), out, progress)
    if turn.data_set is not None:
        _report(turn.data_set)
        return
    done = "one layer is off"
    if turn.outcome in (Outcome.REHEARSAL_NEXT, Outcome.REHEARSAL_DONE):
        done = "the test ballots could be opened"
    whom = f"to the next key holder: {turn.next_holder}" if turn.next_holder else "to the server"
    click.echo(f"{done}; {out} goes {whom}")


@urn.command()
@click.argument("file", type=_FILE)
@click.argument("data_set", type=_FILE)
@click.option("--key", "keys", required=True, multiple=True, type=_FILE, help="Every key file.")
def verify(file: Path, data_set: Path, keys: tuple[Path, ...]) -> None:
    """Open an exported urn FILE once more and hold the DATA_SET against it.

    The last key holder makes the data set alone. This needs the keys of all holders together,
    on one machine, before they are destroyed.
    """
    from survey.verification import verify as verify_data_set

    found = verify_data_set(file, _identities(keys), data_set, progress)
    click.echo(f"the data set is what the urn holds: {found.fingerprint}")


@urn.command()
@click.argument("study_id", metavar="STUDY")
@click.option("-o", "--out", required=True, type=_NEW_FILE, help="PDF; an earlier is replaced.")
@click.option("--json", "as_json", type=_NEW_FILE, help="The same as JSON, in a new file.")
@click.pass_obj
def protocol(home: Home, study_id: str, out: Path, as_json: Path | None) -> None:
    """Print what was done with STUDY: rehearsal, opening, end of the keys."""
    # Loaded only here: printing needs system libraries that the other commands do not.
    from survey.print_pdf import write_replacing
    from survey.protocol_pdf import protocol_pdf
    from survey.records import read_records
    from survey.studies import load_study

    stored, records = load_study(home, study_id), read_records(home, study_id)
    write_replacing(out, protocol_pdf(stored, records))
    click.echo(f"protocol: {out}")
    if as_json is not None:
        raw = [{"kind": r.kind, "day": r.day, "content": dict(r.content)} for r in records]
        text = json.dumps(raw, ensure_ascii=False, indent=1)
        write_new(as_json, lambda new: new.write(text.encode()))
        click.echo(f"protocol: {as_json}")


@urn.command("import")
@click.argument("study_id", metavar="STUDY")
@click.argument("file", type=_FILE)
@click.pass_obj
def import_command(home: Home, study_id: str, file: Path) -> None:
    """Take the holders' data set of STUDY in, then destroy its ballots and codes."""
    from survey.opening import import_data_set
    from survey.opening_record import record_opening

    data_set = import_data_set(home, study_id, file, progress)
    _report(data_set)
    record = record_opening(home, data_set, datetime.now(UTC))
    click.echo("ballots and codes are destroyed")
    click.echo(f"record: {record.path}")


@urn.command("open-here")
@click.argument("study_id", metavar="STUDY")
@click.pass_obj
def open_here(home: Home, study_id: str) -> None:
    """Open the urn of STUDY on this server: demos and studies without codes only."""
    from survey.opening import open_on_server
    from survey.opening_record import record_opening

    data_set = open_on_server(home, study_id, progress)
    _report(data_set)
    record_opening(home, data_set, datetime.now(UTC))


def _identities(keys: tuple[Path, ...]) -> list[pyrage.x25519.Identity]:
    return [identity for key in keys for identity in read_identities(key, _passphrase)]


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

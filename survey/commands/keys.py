"""``survey keys``: key holders, their keys, the rehearsal and the end of the keys."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click

from survey import holder_files, key_destruction, rehearsal, studies
from survey import keys as key_files
from survey.holder_words import LANGUAGES
from survey.home import Home
from survey.records import write_record

_NEW = click.Path(path_type=Path, dir_okay=False)
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_SHEET_LINES = 3


@click.group()
def keys() -> None:
    """Key holders: create keys on their own machines, rehearse, destroy them at the end."""


@keys.command()
@click.argument("study_id", metavar="STUDY", required=False)
@click.option("--holder", help="Name or office of the key holder.")
@click.option("--out", type=_NEW, help="New key file, for example council.key.")
@click.option("--passphrase", is_flag=True, help="Lock the key file with a passphrase.")
@click.option("--no-sheet", is_flag=True, help="Print no key sheet: a lost file is lost for good.")
@click.option("--lang", type=click.Choice(LANGUAGES), default="de", help="Language of the sheet.")
@click.option("--page", is_flag=True, help="Make the keys on a page in the browser instead.")
@click.option("--no-browser", is_flag=True, help="Print the address of the page only.")
def create(
    study_id: str | None,
    holder: str | None,
    out: Path | None,
    passphrase: bool,
    no_sheet: bool,
    lang: str,
    page: bool,
    no_browser: bool,
) -> None:
    """Make the keys of one holder of STUDY, on the holder's own machine.

    The key file never leaves that machine; without it and its sheet the ballots cannot be read
    by anybody. Only the file that ends with .public.txt goes to whoever runs the server.
    """
    if page:
        from survey.commands.holder_page import serve_holder_page

        serve_holder_page(browser=not no_browser, task="schluessel")
        return
    if not study_id or not holder or out is None:
        raise click.UsageError("name STUDY, --holder and --out, or --page for a page")
    words = _new_passphrase() if passphrase else ""
    made = holder_files.create_holder_files(out, study_id, holder, words)
    click.echo(f"key: {made.key} (for the opening; keep a copy of it in a safe place)")
    click.echo(f"rehearsal key: {made.rehearsal} (for the rehearsal only)")
    if not no_sheet:
        click.echo(
            f"key sheet: {_write_sheet(made, study_id, words, lang)} (print, then delete it)"
        )
    click.echo(f"to send: {made.public}")
    click.echo(f"check number: {holder_files.check_number(study_id, made.recipient)}")
    command = ["survey", "keys", "register", study_id, str(made.public)]
    click.echo("on the server:")
    click.echo(shlex.join(command))


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--holder", required=True, help="Name or office of the key holder.")
@click.option("--out", required=True, type=_NEW, help="New key file.")
@click.option("--passphrase", is_flag=True, help="Lock the key file with a passphrase.")
def retype(study_id: str, holder: str, out: Path, passphrase: bool) -> None:
    """Make the key file of STUDY anew from a printed key sheet, line by line."""
    lines = [click.prompt(f"line {number}") for number in range(1, _SHEET_LINES + 1)]
    identity = holder_files.identity_from_lines(lines)
    words = _new_passphrase() if passphrase else ""
    recipient = key_files.write_holder_key(out, holder, identity, words)
    click.echo(f"key of {study_id}: {out}")
    click.echo(f"public key: {recipient.key}")


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.argument("public", metavar="FILE")
@click.option("--holder", default="", help="Whose public key this is, if FILE is a key itself.")
@click.pass_obj
def register(home: Home, study_id: str, public: str, holder: str) -> None:
    """Register the public FILE of a holder with STUDY while it is a draft.

    Holders open the urn in the order in which they were registered. Compare the check number
    with the holder by telephone. A study without codes also takes a public key of the age
    program instead of a file; it has no rehearsal.
    """
    if holder:
        recipient = key_files.Recipient(holder, key_files.check_recipient(public))
    else:
        recipient = holder_files.read_public(Path(public), study_id)
    studies.register_recipient(home, study_id, recipient)
    click.echo(f"{recipient.holder} is a key holder of {study_id}")
    click.echo(f"check number: {holder_files.check_number(study_id, recipient)}")


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--holder", required=True, help="Name or office as it was registered.")
@click.pass_obj
def unregister(home: Home, study_id: str, holder: str) -> None:
    """Take a key holder from STUDY while it is a draft; it has to be rehearsed again."""
    studies.remove_recipient(home, study_id, holder)
    click.echo(f"{holder} is no key holder of {study_id} any more")


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--out", type=_NEW, help="New file with sealed test ballots: begins a rehearsal.")
@click.option("--result", type=_FILE, help="What the last holder sent back: ends it.")
@click.pass_obj
def rehearse(home: Home, study_id: str, out: Path | None, result: Path | None) -> None:
    """Rehearse the opening of STUDY with test ballots, before it opens for answers.

    With --out, test ballots are sealed for the holders, who open them one after the other with
    `survey urn open` on their own machines. With --result, what the last one sends back is
    compared with what was sealed, and the rehearsal is recorded.
    """
    if (out is None) == (result is None):
        raise click.UsageError("name either --out, to begin, or --result, to end")
    if out is not None:
        header = rehearsal.begin(home, study_id, out)
        click.echo(f"{header.ballots} test ballots are in {out}")
        for place, holder in enumerate(header.holders, start=1):
            click.echo(f"key holder {place}: {holder.holder}")
    if result is not None:
        record = rehearsal.finish(home, study_id, result, datetime.now(UTC))
        click.echo(f"the rehearsal of {study_id} has passed")
        click.echo(f"record: {record.path}")
        click.echo(
            "delete the test ballots everywhere; `survey keys destroy --rehearsal` ends keys"
        )


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--holder", required=True, help="Name or office of the key holder.")
@click.option("--key", "files", required=True, multiple=True, type=_FILE, help="Key file.")
@click.option("--data-set", type=_FILE, help="The verified data set of the opening.")
@click.option("--rehearsal", "rehearsed", is_flag=True, help="These are rehearsal keys.")
@click.option("--out", required=True, type=_NEW, help="New protocol, to be sent to the server.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def destroy(
    study_id: str,
    holder: str,
    files: tuple[Path, ...],
    data_set: Path | None,
    rehearsed: bool,
    out: Path,
    yes: bool,
) -> None:
    """Destroy key files of STUDY on the holder's own machine and write the protocol of it.

    Keys of the urn are destroyed only against the data set that they have opened.
    """
    if (data_set is None) != rehearsed:
        raise click.UsageError("name the --data-set, or say that these are --rehearsal keys")
    if not yes:
        named = ", ".join(map(str, files))
        click.confirm(f"{named}: nothing can be opened with them again. Destroy?", abort=True)
    protocol = key_destruction.destroy(
        study_id, holder, files, data_set, out, datetime.now(UTC), _ask
    )
    click.echo(f"destroyed: {len(files)}, protocol: {out}")
    click.echo(protocol["reminder"])


@keys.command()
@click.argument("study_id", metavar="STUDY")
@click.argument("file", type=_FILE)
@click.pass_obj
def destroyed(home: Home, study_id: str, file: Path) -> None:
    """Record the protocol FILE of a holder's destroyed keys with STUDY."""
    protocol = key_destruction.read_protocol(file, study_id)
    kept = {name: value for name, value in protocol.items() if name != "reminder"}
    record = write_record(home, study_id, key_destruction.KIND, kept, datetime.now(UTC))
    click.echo(f"record: {record.path}")


@keys.command()
@click.argument("file", type=_FILE)
def show(file: Path) -> None:
    """Print the public keys of a key FILE, to compare them with what is registered."""
    for identity in key_files.read_identities(file, _ask):
        click.echo(json.dumps({"public key": str(identity.to_public())}))


def _ask(name: str) -> str:
    words: str = click.prompt(f"passphrase of {name}", hide_input=True, err=True)
    return words


def _new_passphrase() -> str:
    words: str = click.prompt(
        "passphrase", hide_input=True, confirmation_prompt="passphrase again", err=True
    )
    if len(words) < key_files.SHORTEST_PASSPHRASE:
        raise click.UsageError(
            f"a passphrase has at least {key_files.SHORTEST_PASSPHRASE} characters: "
            "four or five words are easy to keep"
        )
    return words


def _write_sheet(made: holder_files.HolderFiles, study_id: str, words: str, language: str) -> Path:
    # Loaded only here: printing needs system libraries that a key does not.
    from survey.key_sheet import write_key_sheet

    out = made.key.with_name(made.key.name.removesuffix(".key") + ".sheet.pdf")
    [identity] = key_files.read_identities(made.key, lambda _: words)
    locked = bool(words)
    write_key_sheet(out, study_id, made.recipient, identity, locked=locked, language=language)
    return out

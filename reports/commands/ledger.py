"""``reports ledger``: what has been released of a study, and errata."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey.home import Home

if TYPE_CHECKING:
    from reports.ledger import Entry


@click.command()
@click.argument("study")
@click.option(
    "--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True,
    help="text: a line per release of STUDY; jsonl: the whole chained ledger, to be kept apart.",
)  # fmt: skip
@click.option("--attack", is_flag=True, help="Print the protocol of the self-attack as JSON.")
@click.option(
    "--erratum", metavar="REASON",
    help="Record that the newest data set corrects too few ballots for new tables, and why.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False),
    help="New file to write instead of the standard output.",
)  # fmt: skip
@click.pass_obj
def ledger(
    home: Home, study: str, form: str, attack: bool, erratum: str | None, out: Path | None
) -> None:
    """Show what has been released of STUDY.

    Every release is recorded before a file is written. A later release that together with an
    earlier one would single out one to nine people is refused. The chain of hashes is checked
    each time; whoever keeps the last hash can prove later that nothing was changed.
    """
    from reports.ledger import Ledger
    from reports.releasing import record_erratum, released_results
    from survey.dataset import current_data_set
    from survey.files import write_new

    now = datetime.now(UTC)
    if erratum is not None:
        entry = record_erratum(home, study, erratum, now=now)
        click.echo(f"erratum: {entry.number}")
        return
    current_data_set(home, study)
    book = Ledger(home)
    entries = book.entries()
    if attack:
        protocol = released_results(home, study, now=now).release.attack
        text = json.dumps(protocol.to_json() if protocol else {}, indent=1) + "\n"
    elif form == "jsonl":
        text = book.text()
    else:
        text = "".join(_line(entry) for entry in entries if entry.study == study)
    if out is None:
        click.echo(text.encode(), nl=False)
    else:
        write_new(out, lambda file: file.write(text.encode()))


def _line(entry: Entry) -> str:
    """One release by tabs: number, time, kind, data set, what it holds, hash, reason."""
    parts = [str(entry.number), entry.time, entry.kind, entry.fingerprint[:12]]
    parts += [_held(entry), entry.hash[:12], *([entry.reason] if entry.reason else [])]
    return "\t".join(parts) + "\n"


def _held(entry: Entry) -> str:
    """What an entry holds, in the words of its kind.

    >>> from dataclasses import replace
    >>> from reports.ledger import Entry
    >>> empty = Entry(1, "texts", "", "s", "", False, (), "", "", "")
    >>> _held(replace(empty, texts=({"texts": 20, "withheld": 2, "quotes": ["x"]},)))
    '1 question: 20 texts, 2 withheld, 1 quoted'
    >>> _held(replace(empty, kind="erratum")), _held(replace(empty, kind="release"))
    ('no new tables', '0 tables')
    """
    if entry.kind == "texts":
        written, withheld = (sum(q[name] for q in entry.texts) for name in ("texts", "withheld"))
        quoted, questions = sum(len(q["quotes"]) for q in entry.texts), len(entry.texts)
        return (
            f"{questions} question{'s' if questions != 1 else ''}: {written} texts, "
            f"{withheld} withheld, {quoted} quoted"
        )
    return "no new tables" if entry.kind == "erratum" else f"{len(entry.tables)} tables"

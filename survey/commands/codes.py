"""``survey codes``: access codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey import codes as code_store
from survey.files import write_new
from survey.home import Home
from survey.progress import progress
from survey.studies import load_study
from survey.translation import moment
from survey.welcome import voluntary

if TYPE_CHECKING:
    from survey.code_cards import Imprint

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def codes() -> None:
    """Make access codes for printing."""


@codes.command()
@click.argument("study_id", metavar="STUDY")
@click.option("-n", "--number", type=click.IntRange(min=1), help="How many.")
@click.option("--cards", type=_FOLDER, help="New folder for cards to cut, ten on a page.")
@click.option("--letters", type=_FOLDER, help="New folder for letters, one on a page.")
@click.option("--address", default="", help="Where the pages are, as https://survey.example.org.")
@click.option("--out", type=_FILE, help="New text file, one code per line.")
@click.option("--group", default="", help="Reporting group (at least 50 codes).")
@click.option("--groups", type=_FILE, help="CSV file with the columns group,codes.")
@click.option("--paper", is_flag=True, help="Count sheets of paper that may be entered.")
@click.pass_obj
def create(
    home: Home,
    study_id: str,
    number: int | None,
    cards: Path | None,
    letters: Path | None,
    address: str,
    out: Path | None,
    group: str,
    groups: Path | None,
    paper: bool,
) -> None:
    """Make new codes of STUDY, as cards or letters (PDF) or as a text file.

    This is the only time that they are shown: the database keeps keyed digests. Delete the
    files once they are printed. Let people draw their card from a box: then no list of person
    and code ever exists. With --paper nothing is written: sheets carry no code, and no more of
    them can be entered after closing than were counted here.
    """
    if groups and (group or number):
        raise click.UsageError("--groups goes with neither --group nor --number")
    if not groups and number is None:
        raise click.UsageError("Missing option '-n' / '--number'.")
    if paper:
        if out or group or groups or cards or letters:
            raise click.UsageError("--paper goes with nothing but --number")
        total = code_store.issue_paper(home, study_id, number or 0)
        click.echo(f"{total} sheets of paper of {study_id} may be entered after closing")
        return
    if sum(place is not None for place in (out, cards, letters)) != 1:
        raise click.UsageError("name one of --cards, --letters and --out")
    if out is not None:
        if groups:
            raise click.UsageError("--groups needs --cards or --letters")
        _write_text(home, study_id, number or 0, group, out)
        return
    _print(home, study_id, {group: number or 0}, groups, cards, letters, address)


def _print(
    home: Home,
    study_id: str,
    counts: Mapping[str, int],
    groups: Path | None,
    cards: Path | None,
    letters: Path | None,
    address: str,
) -> None:
    # Loaded only here: printing needs system libraries that the other commands do not.
    from survey.code_batches import print_codes, read_groups
    from survey.code_cards import Form

    if not address.startswith(("https://", "http://")):
        raise click.UsageError("--address has to be an address such as https://survey.example.org")
    counts = read_groups(groups) if groups else counts
    folder, form = (cards, Form.CARDS) if cards else (letters, Form.LETTERS)
    assert folder is not None
    imprint = _imprint(home, study_id, address)
    total = sum(counts.values())
    with progress(f"{study_id}: printing {total} codes", total) as step:
        batches = print_codes(home, study_id, counts, imprint, form, folder, step)
    for name in counts:
        own = [batch for batch in batches if batch.group == name]
        number = sum(len(batch.codes) for batch in own)
        click.echo(f"{name or study_id}: {number} codes in {len(own)} files")
    click.echo(f"{total} codes of {study_id} are in {folder}")


def _imprint(home: Home, study_id: str, address: str) -> Imprint:
    from survey.code_cards import Imprint

    study = load_study(home, study_id).study
    return Imprint(
        title=study.title,
        address=f"{address.rstrip('/')}/s/{study_id}/",
        sender=study.commissioner,
        contact=study.contact,
        closes=moment(study.closes, "de"),
        voluntary=voluntary(study),
        demo=study.demo,
    )


def _write_text(home: Home, study_id: str, number: int, group: str, out: Path) -> None:
    written: list[Path] = []

    def show(drawn: list[str]) -> None:
        lines = "".join(f"{code}\n" for code in drawn)
        write_new(out, lambda file: file.write(lines.encode()))
        written.append(out)

    try:
        code_store.issue(home, study_id, number, group, show=show)
    except BaseException:
        # Codes that were not stored open no door: nobody must print them.
        for path in written:
            path.unlink(missing_ok=True)
        raise
    click.echo(f"{number} codes of {study_id} are in {out}")

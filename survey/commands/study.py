"""``survey study``: the life of a study."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import click

from survey import codes, sign_off, studies, urn
from survey.findings import LANGUAGES
from survey.home import Home
from survey.questionnaire import load_bundle
from survey.rehearsal_record import rehearsed_on, terms
from survey.sign_off_record import NAMES, Office, bundle_hash, missing, signatures
from survey.studies import StudyRow
from survey.study import Access

_COLUMNS = ("id", "title", "state", "regime", "opens", "closes")


@click.group()
def study() -> None:
    """Add, open, close and list studies."""


@study.command("list")
@click.option("--format", "kind", type=click.Choice(["text", "csv"]), default="text")
@click.pass_obj
def list_command(home: Home, kind: str) -> None:
    """List all studies; as CSV the first column is the id."""
    rows = studies.list_studies(home)
    if kind == "csv":
        click.echo(_as_csv(rows), nl=False)
    for row in rows if kind == "text" else ():
        click.echo(f"{row.id}  {row.state}  {row.regime}  {row.title}")


@study.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--id", "study_id", help="Id of the study instead of the file's.")
@click.option("--demo", is_flag=True, help="Mark as a demo: keys may lie on the server.")
@click.pass_obj
def add(home: Home, file: Path, study_id: str | None, demo: bool) -> None:
    """Add the study of a questionnaire FILE as a draft."""
    added = studies.add_study(home, load_bundle(file), study_id=study_id, demo=demo)
    click.echo(f"{added.id} is a draft: {added.title}")


@study.command()
@click.argument("study_id", metavar="STUDY")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--reason", default="", help="Why an open study is changed; kept and printed.")
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.pass_obj
def update(home: Home, study_id: str, file: Path, reason: str, language: str) -> None:
    """Replace the questionnaire of STUDY by FILE.

    A draft takes every change. An open study takes wording and additions as a new version, with
    a reason; a change that keeps earlier answers apart from later ones is refused.
    """
    bundle = load_bundle(file)
    changed = studies.update_study(home, study_id, bundle, reason=reason, language=language)
    for change in changed.changes:
        click.echo(change.line(language))
    click.echo(changed.verdict(language))


@study.command()
@click.argument("study_id", metavar="STUDY")
@click.option(
    "--office", type=click.Choice([o.value for o in Office]), required=True, help="Who has agreed."
)
@click.option("--person", required=True, help="Name of the person who signed for the office.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Day of the signature."
)
@click.pass_obj
def sign(home: Home, study_id: str, office: str, person: str, day: datetime) -> None:
    """Record that an office has signed the questionnaire of STUDY exactly as it is now.

    A study that is no demo opens only when data protection officer and staff council have both
    signed, each by another person. Any change of the questionnaire takes the signatures away.
    """
    sign_off.sign(home, study_id, Office(office), person, day.date(), datetime.now(UTC))
    stored = studies.load_study(home, study_id)
    click.echo(f"{study_id} is signed by the {NAMES[Office(office)]}")
    click.echo(f"file: {bundle_hash(stored.bundle)}")
    for left in missing(home, stored.study, stored.bundle):
        click.echo(f"still to sign: {NAMES[left]}")


@study.command("open")
@click.argument("study_id", metavar="STUDY")
@click.pass_obj
def open_command(home: Home, study_id: str) -> None:
    """Open STUDY for answers; its questionnaire, keys and rules are fixed from then on."""
    studies.open_study(home, study_id, datetime.now(UTC))
    click.echo(f"{study_id} is open")
    if studies.load_study(home, study_id).study.demo:
        click.echo("this is a demo: its keys lie on this server, and no rehearsal was asked for")


@study.command()
@click.argument("study_id", metavar="STUDY")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def close(home: Home, study_id: str, yes: bool) -> None:
    """Close STUDY for good; pages that are still open can no longer be sent."""
    if not yes:
        click.confirm(f"{study_id} cannot be opened for answers again. Close it?", abort=True)
    studies.close_study(home, study_id, datetime.now(UTC))
    click.echo(f"{study_id} is closed")


@study.command()
@click.argument("study_id", metavar="STUDY")
@click.pass_obj
def status(home: Home, study_id: str) -> None:
    """Say where STUDY stands."""
    stored = studies.load_study(home, study_id)
    now = datetime.now(UTC)
    facts = [
        ("study", study_id),
        ("title", stored.study.title),
        ("state", stored.state.value),
        ("regime", stored.study.regime.value),
        ("access", stored.study.access.value),
        ("opens", _day(stored.study.opens)),
        ("closes", _day(stored.study.closes)),
        ("demo", "yes" if stored.study.demo else "no"),
        ("opening", stored.study.opening.value),
        ("key holders", ", ".join(holder.holder for holder in stored.recipients) or "none"),
        ("rehearsal", _rehearsal(home, stored)),
        ("file", bundle_hash(stored.bundle)),
        *((f"signed by the {NAMES[o]}", _signed(home, stored, o)) for o in Office),
        ("ballots", str(urn.count(home, study_id, now))),
    ]
    facts += [(f"version {v.number} replaced", v.reason) for v in stored.earlier]
    facts += [(f"codes {name}".strip(), str(n)) for name, n in codes.counts(home, study_id)]
    for name, value in facts:
        click.echo(f"{name}: {value}")


def _rehearsal(home: Home, stored: studies.StoredStudy) -> str:
    study = stored.study
    if study.demo or study.access is not Access.CODES:
        return "not needed"
    rule = terms(stored.recipients, study.opening.value, stored.host_key)
    return rehearsed_on(home, study.id, rule) or "not passed yet"


def _signed(home: Home, stored: studies.StoredStudy, office: Office) -> str:
    if stored.study.demo:
        return "not needed"
    found = signatures(home, stored.study.id, stored.bundle).get(office)
    return f"{found.person}, {found.signed_on}" if found else "not yet"


def _as_csv(rows: tuple[StudyRow, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        times = _day(row.opens), _day(row.closes)
        writer.writerow([row.id, row.title, row.state, row.regime, *times])
    return text.getvalue()


def _day(time: datetime | None) -> str:
    return time.isoformat() if time else ""

"""T12: somebody who weakens an open study: its mode, its rules, its tables, its key holders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyrage

from survey import codes, keys, links, studies
from survey.attack.findings import Finding, exactly
from survey.attack.installation import Installation
from survey.attack.sizes import Sizes
from survey.desk import Desk
from survey.errors import SurveyError
from survey.questionnaire import Bundle

STUDY = "changes"
Act = Callable[[], object]


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether every attempt is refused."""
    installation.open(STUDY, 1)
    attempts = list(_attempts(installation))
    accepted = [name for name, act in attempts if not _refused(act)]
    tell()
    figure = f"{len(attempts) - len(accepted)} / {len(attempts)}"
    figure += f" ({', '.join(accepted)})" if accepted else ""
    return [exactly("T12", "changes", figure, f"{len(attempts)} / {len(attempts)}")]


def _attempts(installation: Installation) -> Iterator[tuple[str, Act]]:
    """Name and act of every attempt; the last ones close the study."""
    home, bundle = installation.home, installation.bundle(STUDY)

    def updated(old: str, new: str) -> Act:
        changed = Bundle(bundle.main.replace(old, new), bundle.files)
        return lambda: studies.update_study(home, STUDY, changed, reason="attack")

    yield "access", updated("access: codes", "access: open")
    yield "opening", updated("opening: all", "opening: any")
    yield "regime", updated("regime: open_participation", "regime: self_selected_reading")
    yield "padding", updated("max_length: 1000", "max_length: 1500")
    yield "column", lambda: _with_column(installation)
    stranger = keys.Recipient("stranger", str(pyrage.x25519.Identity.generate().to_public()))
    yield "holder", lambda: studies.register_recipient(home, STUDY, stranger)
    yield "again", lambda: studies.open_study(home, STUDY, datetime.now(UTC))
    yield (
        "host key",
        lambda: studies.check_host_key(
            home, replace(studies.load_study(home, STUDY), host_key="0" * 64)
        ),
    )
    yield "exchanged holders", lambda: _exchanged(installation, stranger)
    yield "late codes", lambda: _after_closing(installation)


def _with_column(installation: Installation) -> None:
    """A column for times, added past the program; taken away again."""
    with links.writing(installation.home) as link:
        link.change("ALTER TABLE ballots ADD COLUMN cast_at INTEGER")
    try:
        studies.check_installation(installation.home)
    finally:
        with links.writing(installation.home) as link:
            link.change("ALTER TABLE ballots DROP COLUMN cast_at")


def _exchanged(installation: Installation, stranger: keys.Recipient) -> None:
    """Key holders exchanged in the database; put back again."""
    before = studies.load_study(installation.home, STUDY).recipients
    _write_recipients(installation, [stranger, before[1]])
    try:
        Desk.open(installation.home, STUDY)
    finally:
        _write_recipients(installation, before)


def _write_recipients(installation: Installation, holders: Sequence[keys.Recipient]) -> None:
    statement = "UPDATE studies SET recipients = :holders WHERE id = :id"
    values = {"holders": keys.recipients_to_json(holders), "id": STUDY}
    with links.writing(installation.home) as link:
        link.change(statement, values)


def _after_closing(installation: Installation) -> None:
    installation.close(STUDY)
    codes.issue(installation.home, STUDY, 1)


def _refused(act: Act) -> bool:
    try:
        act()
    except SurveyError:
        return True
    return False

"""Studies in the database, and their life: draft, open, closed, opened.

The questionnaire, the public keys, the size of ballots and the instrument's hash are stored
with the study, so that every web host serves the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from survey import ballot, keys, links, lockdown, urn
from survey.errors import SetupError, StudyStateError, SurveyError
from survey.holders import check_holders
from survey.home import Home
from survey.instrument import Questionnaire
from survey.links import Link
from survey.questionnaire import Bundle, read_bundle
from survey.questionnaire import read_stored as read_stored
from survey.sign_off_record import require_signatures
from survey.states import State as State
from survey.study import Access, OpeningRule, Study
from survey.study import is_within_dates as is_within_dates
from survey.versions import Difference, compare, size_changes


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One line of the list of studies."""

    id: str
    title: str
    state: str
    regime: str
    opens: datetime | None
    closes: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """A questionnaire that was replaced while its study was open; ``reason`` says why."""

    number: int
    instrument_hash: str
    bundle: Bundle
    reason: str


@dataclass(frozen=True)
class StoredStudy:
    """A study as the database holds it, with the earlier versions of its questionnaire."""

    study: Study
    state: State
    bundle: Bundle
    instrument_hash: str
    padded_size: int
    recipients: tuple[keys.Recipient, ...]
    host_key: str
    earlier: tuple[Version, ...] = ()

    @property
    def version(self) -> int:
        """Number of the version that is asked now, from 1 on."""
        return len(self.earlier) + 1

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire read from the stored text, marked as a demo if the study is one."""
        return read_stored(self.study, self.bundle, self.instrument_hash)

    @cached_property
    def earlier_questionnaires(self) -> tuple[Questionnaire, ...]:
        """The earlier versions whose pages and ballots are still about, newest first.

        They share the dates and promises of the study as it is now.
        """
        hashes = {self.instrument_hash}
        found = []
        for version in reversed(self.earlier):
            if version.instrument_hash not in hashes:
                hashes.add(version.instrument_hash)
                found.append(read_stored(self.study, version.bundle, version.instrument_hash))
        return tuple(found)

    @property
    def seal(self) -> ballot.Seal:
        """How ballots of this study are sealed."""
        public = tuple(recipient.key for recipient in self.recipients)
        return ballot.Seal(public, self.study.opening, self.padded_size)


def state_secret(study_id: str) -> str:
    """Name of the secret that protects the page state of a study."""
    return f"state/{study_id}"


def add_study(
    home: Home, bundle: Bundle, *, study_id: str | None = None, demo: bool = False
) -> Study:
    """The study of a questionnaire, stored as a draft; an empty database gets its tables."""
    questionnaire = read_bundle(bundle, study_id=study_id)
    study = replace(questionnaire.study, demo=demo or questionnaire.study.demo)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", study.id):
        raise SurveyError(f"{study.id!r} is no id of a study: small letters, digits and hyphens")
    content = _content(replace(questionnaire, study=study), bundle)
    home.ensure()
    if links.is_empty(home):
        from survey.migrations import upgrade

        upgrade(home)
    row = {
        "id": study.id,
        "state": State.DRAFT.value,
        **content,
        "recipients": "[]",
        "host_key": keys.host_key(home),
        "shown_count": 0,
        "shown_day": 0,
    }
    with links.writing(home) as link:
        if link.number("SELECT count(*) FROM studies WHERE id = :id", {"id": study.id}):
            raise StudyStateError(f"there is a study {study.id} already")
        _insert(link, "studies", row)
    return study


def update_study(
    home: Home, study_id: str, bundle: Bundle, *, reason: str = "", language: str = "de"
) -> Difference:
    """What changed; a draft takes every change, an open study none that is breaking.

    An open study keeps the replaced version: pages that are still open go on in it and its
    ballots are accepted at the opening. Raises ``StudyStateError`` with every breaking change,
    in ``language``, or if an open study is changed without a reason.
    """
    stored = load_study(home, study_id)
    read = read_bundle(bundle, study_id=study_id)
    kept = {name: getattr(stored.study, name) for name in ("demo", "server_keys")}
    study = replace(read.study, **kept)
    after = replace(read, study=study)
    difference = compare(stored.questionnaire, after)
    content = _content(after, bundle)
    if stored.state is State.OPEN:
        size = size_changes(stored.padded_size, content["padded_size"])
        difference = Difference((*difference.changes, *size))
        content["padded_size"] = stored.padded_size
        _check_update(study_id, difference, reason, language)
    with links.writing(home) as link:
        state = held_state(link, study_id, alone=True)
        if state not in (State.DRAFT, State.OPEN):
            raise StudyStateError(f"study {study_id} is {state.value}: it cannot be changed")
        if state is not stored.state or current_version(link, study_id) != stored.version:
            raise StudyStateError(f"study {study_id} has just been changed by somebody else")
        if state is State.OPEN and difference.changes:
            _keep_version(link, stored, reason)
        _set(link, study_id, **content)
    return difference


def _check_update(study_id: str, difference: Difference, reason: str, language: str) -> None:
    if difference.breaking:
        lines = "\n".join(change.line(language) for change in difference.breaking)
        raise StudyStateError(f"study {study_id} is open and stays as it is:\n{lines}")
    if difference.changes and not reason.strip():
        raise StudyStateError(
            f"study {study_id} is open: a change needs a reason, which is kept and printed"
        )


def _keep_version(link: Link, stored: StoredStudy, reason: str) -> None:
    row = {
        "study_id": stored.study.id,
        "number": stored.version,
        "instrument_hash": stored.instrument_hash,
        "bundle": stored.bundle.to_json(),
        "reason": reason.strip(),
    }
    _insert(link, "versions", row)


def _content(questionnaire: Questionnaire, bundle: Bundle) -> dict[str, Any]:
    """What the database holds of a questionnaire; raises ``SurveyError`` if it cannot serve."""
    study = questionnaire.study
    if not questionnaire.codebook.variables:
        raise SurveyError(f"study {study.id} asks for free texts only: one question needs codes")
    return {
        "demo": study.demo,
        "bundle": bundle.to_json(),
        "study": study.to_json(),
        "instrument_hash": questionnaire.instrument.hash,
        "padded_size": ballot.padded_size(questionnaire.instrument, study.id),
    }


def list_studies(home: Home) -> tuple[StudyRow, ...]:
    """All studies, by id; none for an installation without a database."""
    if links.is_empty(home):
        return ()
    with links.reading(home) as link:
        rows = link.all("SELECT state, study FROM studies ORDER BY id")
    read = [(state, Study.from_json(text)) for state, text in rows]
    return tuple(
        StudyRow(s.id, s.title, state, s.regime.value, s.opens, s.closes) for state, s in read
    )


def load_study(home: Home, study_id: str) -> StoredStudy:
    """A stored study; raises ``SurveyError`` if there is none with this id."""
    with links.reading(home) as link:
        row = _row(link, study_id)
        earlier = _earlier(link, study_id)
    return StoredStudy(
        Study.from_json(row["study"]),
        State(row["state"]),
        Bundle.from_json(row["bundle"]),
        row["instrument_hash"],
        row["padded_size"],
        keys.recipients_from_json(row["recipients"]),
        row["host_key"],
        earlier,
    )


def current_version(link: Link, study_id: str) -> int:
    """Number of the version that is asked now, from 1 on."""
    query = "SELECT count(*) FROM versions WHERE study_id = :id"
    return link.number(query, {"id": study_id}) + 1


def _earlier(link: Link, study_id: str) -> tuple[Version, ...]:
    query = (
        "SELECT number, instrument_hash, bundle, reason FROM versions WHERE study_id = :id "
        "ORDER BY number"
    )
    rows = link.all(query, {"id": study_id})
    return tuple(Version(n, hash, Bundle.from_json(text), why) for n, hash, text, why in rows)


_STATE = "SELECT state FROM studies WHERE id = :id"


def current_state(link: Link, study_id: str) -> State:
    """The state of a study at this moment; raises ``SurveyError`` if there is none."""
    row = link.first(_STATE, {"id": study_id})
    if row is None:
        raise SurveyError(f"there is no study {study_id}")
    return State(row[0])


def held_state(link: Link, study_id: str, *, alone: bool = False) -> State:
    """The state of a study, which cannot change before this transaction ends.

    ``alone`` waits for every other transaction that holds it: for whoever is about to change it.
    """
    held = link.holding("UPDATE" if alone else "SHARE")
    if held and link.first(_STATE + held, {"id": study_id}) is None:
        raise SurveyError(f"there is no study {study_id}")
    return current_state(link, study_id)


def register_recipient(home: Home, study_id: str, recipient: keys.Recipient) -> None:
    """Add a key holder to a draft; holders open in the order in which they were added."""
    half = keys.check_recipient(recipient.rehearsal) if recipient.rehearsal else ""
    checked = keys.Recipient(recipient.holder, keys.check_recipient(recipient.key), half)
    if half == checked.key:
        raise SurveyError("the rehearsal key must be another one than the key of the urn")
    with links.writing(home) as link:
        held_state(link, study_id, alone=True)
        row = _row(link, study_id)
        _require(State(row["state"]), State.DRAFT, study_id, "takes no more key holders")
        known = keys.recipients_from_json(row["recipients"])
        if checked.key in {other.key for other in known}:
            raise SurveyError(f"this key is registered already for study {study_id}")
        _set(link, study_id, recipients=keys.recipients_to_json([*known, checked]))


def remove_recipient(home: Home, study_id: str, holder: str) -> None:
    """Take a key holder from a draft; a rehearsal with the earlier holders no longer counts."""
    with links.writing(home) as link:
        row = _row(link, study_id)
        _require(State(row["state"]), State.DRAFT, study_id, "keeps its key holders")
        known = keys.recipients_from_json(row["recipients"])
        rest = [other for other in known if other.holder != holder]
        if len(rest) == len(known):
            raise SurveyError(f"{holder} is no key holder of {study_id}")
        _set(link, study_id, recipients=keys.recipients_to_json(rest))


def open_study(home: Home, study_id: str, now: datetime) -> None:
    """Open a draft for answers; from here on questionnaire, keys and rules are fixed.

    Raises ``SetupError`` if the installation does not keep the promise, ``StudyStateError`` if
    key holders are missing, a study with codes has not been rehearsed with them, or data
    protection officer and staff council have not signed the questionnaire.
    """
    links.check(home)
    stored = load_study(home, study_id)
    check_host_key(home, stored)
    _require(stored.state, State.DRAFT, study_id, "cannot be opened for answers")
    study = stored.study
    if study.closes and study.closes <= now and not study.demo:
        raise StudyStateError(f"study {study_id} should have closed already: change its dates")
    recipients = list(stored.recipients)
    here = not recipients and (study.demo or study.access is Access.OPEN)
    if not here:
        check_holders(home, study, recipients)
    require_signatures(home, study, stored.bundle)
    if here:
        holders = 2 if study.opening is OpeningRule.ALL else 1
        recipients = keys.create_server_keys(home, study_id, demo=study.demo, count=holders)
        check_holders(home, study, recipients)
    study = replace(study, server_keys=bool(keys.private_keys_under(home.path, recipients)))
    home.make_secret(state_secret(study_id))
    with links.writing(home) as link:
        state = held_state(link, study_id, alone=True)
        _require(state, State.DRAFT, study_id, "is open already")
        lockdown.fix(home, study, recipients, stored.padded_size, stored.host_key)
        _set(
            link,
            study_id,
            state=State.OPEN.value,
            study=study.to_json(),
            recipients=keys.recipients_to_json(recipients),
        )


def close_study(home: Home, study_id: str, now: datetime) -> None:
    """End a study for good: no answer is taken any more and open pages become unreadable.

    Repeated, it finishes what an interruption has left: the key of the pages goes, and the
    pages of the database no longer lie in the order in which ballots arrived.
    """
    with links.writing(home) as link:
        state = held_state(link, study_id, alone=True)
        if state is State.DRAFT:
            raise StudyStateError(f"study {study_id} is draft: it cannot be closed")
        if state is State.OPEN:
            total = urn.exact_count(link, study_id)
            _set(link, study_id, state=State.CLOSED.value, shown_count=total)
    home.destroy_secret(state_secret(study_id))
    links.scrub(home)


def check_installation(home: Home) -> None:
    """Nothing if database and secrets fit all studies that take answers; else ``SetupError``."""
    if links.is_empty(home):
        return
    links.check(home)
    for row in list_studies(home):
        if row.state == State.OPEN:
            check_host_key(home, load_study(home, row.id))
            home.secret(state_secret(row.id))


def check_host_key(home: Home, stored: StoredStudy) -> None:
    """Nothing if this server signs with the study's key and the study is as it was opened."""
    if keys.host_key(home) != stored.host_key:
        raise SetupError(
            f"the signing key of this server is not the one that study {stored.study.id} was "
            "added with: restore the directory secrets/"
        )
    if stored.state is not State.DRAFT:
        fixed = stored.study, stored.recipients, stored.padded_size, stored.host_key
        lockdown.check(home, *fixed)


_COLUMNS = (
    "state", "demo", "bundle", "study", "instrument_hash", "padded_size", "recipients", "host_key",
)  # fmt: skip
_ROW = f"SELECT {', '.join(_COLUMNS)} FROM studies WHERE id = :id"  # noqa: S608 - our own names


def _row(link: Link, study_id: str) -> Mapping[str, Any]:
    row = link.first(_ROW, {"id": study_id})
    if row is None:
        raise SurveyError(f"there is no study {study_id}")
    return dict(zip(_COLUMNS, row, strict=True))


def _insert(link: Link, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    link.change(f"INSERT INTO {table} ({names}) VALUES ({values})", row)  # noqa: S608 - our names


def _set(link: Link, study_id: str, **values: object) -> None:
    changes = ", ".join(f"{name} = :{name}" for name in values)
    statement = f"UPDATE studies SET {changes} WHERE id = :id"  # noqa: S608 - our own names
    link.change(statement, {**values, "id": study_id})


def _require(state: State, wanted: State, study_id: str, act: str) -> None:
    if state is not wanted:
        raise StudyStateError(f"study {study_id} is {state.value}: it {act}")

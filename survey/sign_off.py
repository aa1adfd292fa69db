"""Who has agreed to a questionnaire: data protection officer and staff council, by its hash.

A signature belongs to the exact text of the questionnaire and of the files beside it; any change
takes it away. It is kept as a record, with the day and the person who signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from survey.errors import StudyStateError
from survey.home import Home
from survey.questionnaire import Bundle
from survey.records import Record, read_records, write_record
from survey.schema import State
from survey.studies import StoredStudy, load_study

KIND = "sign-off"


class Office(StrEnum):
    """Who has to agree before a study opens."""

    DATA_PROTECTION = "data_protection"
    STAFF_COUNCIL = "staff_council"


@dataclass(frozen=True, slots=True)
class Signature:
    """That a person of an office agreed on a day (ISO 8601) to the file with this hash."""

    office: Office
    person: str
    signed_on: str
    recorded_on: str
    hash: str


def bundle_hash(bundle: Bundle) -> str:
    """SHA-256 (hex) of a questionnaire with all files beside it; what is signed."""
    return hashlib.sha256(bundle.to_json().encode()).hexdigest()


def sign(
    home: Home, study_id: str, office: Office, person: str, signed_on: date, now: datetime
) -> Record:
    """The record of a signature; raises ``StudyStateError`` if it cannot be given now."""
    stored, name = load_study(home, study_id), " ".join(person.split())
    if stored.state is not State.DRAFT:
        raise StudyStateError(f"study {study_id} is {stored.state.value}: it is signed as a draft")
    if len(name) < 2:
        raise StudyStateError("a signature needs the name of the person who signed")
    if signed_on > now.date():
        raise StudyStateError("the day of a signature lies in the future")
    standing = signatures(home, stored)
    if office in standing:
        raise StudyStateError(f"{standing[office].person} has signed this file already")
    if any(s.person.casefold() == name.casefold() for s in standing.values()):
        raise StudyStateError(f"{name} has signed for another office: two people are needed")
    content = {
        "office": office.value,
        "person": name,
        "signed_on": signed_on.isoformat(),
        "file": bundle_hash(stored.bundle),
        "instrument": stored.instrument_hash,
    }
    return write_record(home, study_id, KIND, content, now)


def signatures(home: Home, stored: StoredStudy) -> Mapping[Office, Signature]:
    """The signatures that hold for the file as it is now, by office."""
    wanted, found = bundle_hash(stored.bundle), {}
    for record in read_records(home, stored.study.id, KIND):
        content = record.content
        if content["file"] == wanted:
            office = Office(content["office"])
            found[office] = Signature(
                office, content["person"], content["signed_on"], record.day, wanted
            )
    return found


def missing(home: Home, stored: StoredStudy) -> tuple[Office, ...]:
    """The offices that have not signed the file as it is now."""
    standing = signatures(home, stored)
    return tuple(office for office in Office if office not in standing)


def require(home: Home, study_id: str) -> None:
    """Nothing if all offices have signed; else ``StudyStateError`` naming those who have not."""
    lacking = missing(home, load_study(home, study_id))
    if lacking:
        named = ", ".join(office.value for office in lacking)
        raise StudyStateError(f"study {study_id} is not signed off by: {named}")

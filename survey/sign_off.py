"""Signing a questionnaire: kept as a record, with the day and the person who signed."""

from __future__ import annotations

from datetime import date, datetime

from survey.errors import StudyStateError
from survey.home import Home
from survey.records import Record, write_record
from survey.sign_off_record import KIND, Office, bundle_hash, signatures
from survey.states import State
from survey.studies import load_study


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
    standing = signatures(home, study_id, stored.bundle)
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

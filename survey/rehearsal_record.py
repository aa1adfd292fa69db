"""Whether the rehearsal of a study has passed for the key holders that it has now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from survey.errors import StudyStateError
from survey.home import Home
from survey.keys import Recipient, recipients_to_json
from survey.records import read_records

KIND = "rehearsal"


def terms(recipients: Sequence[Recipient], rule: str, host_key: str) -> str:
    """SHA-256 (hex) of what a rehearsal is about: who holds keys, by which rule, which host.

    A changed question needs no new rehearsal, a changed or added key holder does.
    """
    text = "\n".join([recipients_to_json(recipients), rule, host_key])
    return hashlib.sha256(text.encode()).hexdigest()


def require_rehearsal(
    home: Home, study_id: str, recipients: Sequence[Recipient], rule: str, host_key: str
) -> None:
    """Nothing if the rehearsal has passed; else ``StudyStateError`` that says what to do."""
    if rehearsed_on(home, study_id, terms(recipients, rule, host_key)):
        return
    changed = "since the key holders changed" if read_records(home, study_id, KIND) else "yet"
    raise StudyStateError(
        f"study {study_id} has codes and no rehearsal has passed {changed}: "
        f"`survey keys rehearse {study_id} --out FILE` begins it"
    )


def rehearsed_on(home: Home, study_id: str, wanted: str) -> str:
    """Day (ISO 8601) of the newest rehearsal under these :func:`terms`, empty if none passed."""
    days = [r.day for r in read_records(home, study_id, KIND) if r.content.get("terms") == wanted]
    return days[-1] if days else ""

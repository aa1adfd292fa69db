"""Whether data protection officer and staff council have agreed to a questionnaire, by its hash.

A signature belongs to the exact text of the questionnaire and of the files beside it; any change
takes it away. A study that is no demo opens only with all of them, whoever opens it and how.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from survey.errors import StudyStateError
from survey.home import Home
from survey.questionnaire import Bundle
from survey.records import read_records
from survey.study import Study

KIND = "sign-off"


class Office(StrEnum):
    """Who has to agree before a study opens."""

    DATA_PROTECTION = "data_protection"
    STAFF_COUNCIL = "staff_council"


NAMES = {
    Office.DATA_PROTECTION: "data protection officer",
    Office.STAFF_COUNCIL: "staff council",
}


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


def signatures(home: Home, study_id: str, bundle: Bundle) -> Mapping[Office, Signature]:
    """The signatures of a study that hold for a questionnaire as it is, by office."""
    wanted, found = bundle_hash(bundle), {}
    for record in read_records(home, study_id, KIND):
        content = record.content
        if content["file"] == wanted:
            office = Office(content["office"])
            found[office] = Signature(
                office, content["person"], content["signed_on"], record.day, wanted
            )
    return found


def missing(home: Home, study: Study, bundle: Bundle) -> tuple[Office, ...]:
    """The offices without which a study may not open; a demo, which says so everywhere, has none.

    This is the one place where the rule stands: commands and pages ask here.
    """
    if study.demo:
        return ()
    standing = signatures(home, study.id, bundle)
    return tuple(office for office in Office if office not in standing)


def require_signatures(home: Home, study: Study, bundle: Bundle) -> None:
    """Nothing if nobody's agreement is missing; else ``StudyStateError`` with why and how."""
    lacking = missing(home, study, bundle)
    if not lacking:
        return
    named = " and ".join(NAMES[office] for office in lacking)
    earlier = read_records(home, study.id, KIND)
    why = " in its present version" if earlier else ""
    raise StudyStateError(
        f"study {study.id} has not been signed by {named}{why}: nothing is asked of people before "
        f"both have agreed to exactly this file (SHA-256 {bundle_hash(bundle)}). An auditor "
        "records it on the study's page in the team's room, or here: `survey study sign "
        f"{study.id} --office {lacking[0].value} --person NAME --date DAY`"
    )

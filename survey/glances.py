"""What a request must know of a study, asked in one query."""

from __future__ import annotations

from dataclasses import dataclass

from survey import links
from survey.errors import SurveyError
from survey.states import State

_GLANCE = (
    "SELECT (SELECT count(*) FROM versions v WHERE v.study_id = s.id), s.state, "
    "(SELECT count(*) FROM ballots b WHERE b.study_id = s.id AND b.key_digest = :key), "
    "(SELECT count(*) FROM codes c WHERE c.study_id = s.id AND c.digest = :code) "
    "FROM studies s WHERE s.id = :study_id"
)


@dataclass(frozen=True, slots=True)
class Glance:
    """What a request must know of a study, seen at one moment.

    ``is_cast`` is whether a ballot with the asked key is in the urn, ``is_live`` whether the
    asked code can be used.
    """

    version: int
    state: State
    is_cast: bool = False
    is_live: bool = False


def glance(url: str, study_id: str, key: bytes = b"", code: bytes = b"") -> Glance:
    """All of it in one query to the database at ``url``.

    Raises ``SurveyError`` if there is no such study.
    """
    asked = {"study_id": study_id, "key": key, "code": code}
    found = links.first_row(url, _GLANCE, asked)
    if found is None:
        raise SurveyError(f"there is no study {study_id}")
    versions, state, cast, live = found
    return Glance(versions + 1, State(state), cast > 0, live == 1)

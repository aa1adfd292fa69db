"""What a request must know of a study, asked in one query."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from survey import database, schema
from survey.errors import SurveyError
from survey.schema import State

_GLANCE = select(
    select(func.count()).where(schema.versions.c.study_id == schema.studies.c.id).scalar_subquery(),
    schema.studies.c.state,
    select(func.count())
    .where(
        schema.ballots.c.study_id == schema.studies.c.id,
        schema.ballots.c.key_digest == bindparam("key"),
    )
    .scalar_subquery(),
    select(func.count())
    .where(
        schema.codes.c.study_id == schema.studies.c.id, schema.codes.c.digest == bindparam("code")
    )
    .scalar_subquery(),
).where(schema.studies.c.id == bindparam("study_id"))
"""Made once, because every request asks it."""


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
    found = database.first_row(url, _GLANCE, asked)
    if found is None:
        raise SurveyError(f"there is no study {study_id}")
    versions, state, cast, live = found
    return Glance(versions + 1, State(state), cast > 0, live == 1)

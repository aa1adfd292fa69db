"""The urn: sealed ballots under random keys, and how many there are."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select, update

from survey import database, schema
from survey.errors import SurveyError
from survey.home import Home
from survey.schema import State

_BALLOTS = schema.ballots
_CHUNK = 200
STEPS = 17
"""Steps of :func:`destroy`: the ballots in sixteen parts, then the files."""
_RANGE = 256 // (STEPS - 1)


def put(connection: Connection, study_id: str, key_digest: bytes, sealed: bytes) -> bool:
    """Store a ballot unless its key is in the urn; true if it is new."""
    row = {"study_id": study_id, "key_digest": key_digest, "sealed": sealed}
    return database.insert_once(connection, _BALLOTS, row)


_HELD = (
    select(func.count())
    .select_from(_BALLOTS)
    .where(_BALLOTS.c.study_id == bindparam("study"), _BALLOTS.c.key_digest == bindparam("key"))
)
"""Made once, because every request asks it."""


def holds(connection: Connection, study_id: str, key_digest: bytes) -> bool:
    """Whether a ballot with this key is in the urn."""
    return connection.execute(_HELD, {"study": study_id, "key": key_digest}).scalar_one() > 0


def count(home: Home, study_id: str, now: datetime) -> int:
    """Number of ballots: exact for demos and after closing, else tens, refreshed once a day."""
    table, today = schema.studies.c, now.date().toordinal()
    columns = select(table.state, table.demo, table.shown_count, table.shown_day)
    with database.reading(home) as connection:
        row = connection.execute(columns.where(table.id == study_id)).first()
        if row is None:
            raise SurveyError(f"there is no study {study_id}")
        state, demo, shown, day = row
        if state in (State.CLOSED, State.OPENED) or (not demo and day == today):
            return int(shown)
        total = exact_count(connection, study_id)
    return total if demo else _remember(home, study_id, total // 10 * 10, today)


def exact_count(connection: Connection, study_id: str) -> int:
    """Number of ballots; while a study is open this is nobody's business but the program's."""
    query = select(func.count()).select_from(_BALLOTS).where(_BALLOTS.c.study_id == study_id)
    return connection.execute(query).scalar_one()


def count_closed(connection: Connection, study_id: str) -> None:
    """Count the ballots of a closed study anew, after paper ones have been added."""
    table = schema.studies
    total = exact_count(connection, study_id)
    connection.execute(update(table).where(table.c.id == study_id).values(shown_count=total))


def _remember(home: Home, study_id: str, shown: int, day: int) -> int:
    table = schema.studies
    still = table.c.id == study_id, table.c.state.in_([State.DRAFT, State.OPEN])
    with database.writing(home) as connection:
        change = update(table).where(*still).values(shown_count=shown, shown_day=day)
        connection.execute(change)
    return shown


def shuffled(connection: Connection, study_id: str) -> Iterator[bytes]:
    """All stored ballots of a study in a random order, a few at a time in memory."""
    wanted = _BALLOTS.c.study_id == study_id
    found = list(connection.execute(select(_BALLOTS.c.key_digest).where(wanted)).scalars())
    secrets.SystemRandom().shuffle(found)
    for start in range(0, len(found), _CHUNK):
        chunk = found[start : start + _CHUNK]
        query = select(_BALLOTS.c.key_digest, _BALLOTS.c.sealed)
        query = query.where(wanted, _BALLOTS.c.key_digest.in_(chunk))
        sealed = {bytes(key): bytes(value) for key, value in connection.execute(query)}
        yield from (sealed[bytes(key)] for key in chunk)


class ContentDigest:
    """SHA-256 of an urn's content, whatever its order, from ballots that pass by."""

    def __init__(self) -> None:
        """The digest of nothing yet."""
        self._ballots: list[bytes] = []

    def over(self, ballots: Iterable[bytes]) -> Iterator[bytes]:
        """The stored ballots unchanged; each is taken in."""
        for sealed in ballots:
            self._ballots.append(hashlib.sha256(sealed).digest())
            yield sealed

    def hex(self) -> str:
        """SHA-256 over the sorted digests of the ballots that have passed."""
        return hashlib.sha256(b"".join(sorted(self._ballots))).hexdigest()


def digest(
    connection: Connection, study_id: str, step: Callable[[int], None] = lambda done: None
) -> str:
    """SHA-256 (hex) of the urn's content, whatever its order; ``step`` is told the ballots done."""
    query = select(_BALLOTS.c.sealed).where(_BALLOTS.c.study_id == study_id)
    rows = connection.execute(query.execution_options(yield_per=_CHUNK)).scalars()
    found = ContentDigest()
    for done, _ in enumerate(found.over(map(bytes, rows)), start=1):
        step(done)
    return found.hex()


def destroy(home: Home, study_id: str, step: Callable[[int], None] = lambda done: None) -> None:
    """Delete ballots and codes of an opened study for good; the study becomes ``opened``.

    ``step`` is told how many of :data:`STEPS` are done.
    """
    own, key = _BALLOTS.c.study_id == study_id, _BALLOTS.c.key_digest
    with database.writing(home) as connection:
        for number in range(STEPS - 1):
            # One transaction in pieces of the keys' range: all of it is deleted, or nothing.
            below = [key < bytes([(number + 1) * _RANGE])] if number < STEPS - 2 else []
            connection.execute(delete(_BALLOTS).where(own, *below))
            step(number + 1)
        connection.execute(delete(schema.codes).where(schema.codes.c.study_id == study_id))
        table = schema.studies
        done = update(table).where(table.c.id == study_id).values(state=State.OPENED.value)
        connection.execute(done)
    database.scrub(home)
    step(STEPS)

"""The urn: sealed ballots under random keys, and how many there are."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from survey import links
from survey.errors import SurveyError
from survey.home import Home
from survey.links import Link
from survey.states import State

_CHUNK = 200
STEPS = 17
"""Steps of :func:`destroy`: the ballots in sixteen parts, then the files."""
_RANGE = 256 // (STEPS - 1)


def put(link: Link, study_id: str, key_digest: bytes, sealed: bytes) -> bool:
    """Store a ballot unless its key is in the urn; true if it is new."""
    row = {"study_id": study_id, "key_digest": key_digest, "sealed": sealed}
    return link.change(_PUT, row) == 1


_PUT = (
    "INSERT INTO ballots (study_id, key_digest, sealed) VALUES (:study_id, :key_digest, :sealed) "
    "ON CONFLICT DO NOTHING"
)
_HELD = "SELECT count(*) FROM ballots WHERE study_id = :study AND key_digest = :key"


def holds(link: Link, study_id: str, key_digest: bytes) -> bool:
    """Whether a ballot with this key is in the urn."""
    return link.number(_HELD, {"study": study_id, "key": key_digest}) > 0


def count(home: Home, study_id: str, now: datetime) -> int:
    """Number of ballots: exact for demos and after closing, else tens, refreshed once a day."""
    today = now.date().toordinal()
    query = "SELECT state, demo, shown_count, shown_day FROM studies WHERE id = :id"
    with links.reading(home) as link:
        row = link.first(query, {"id": study_id})
        if row is None:
            raise SurveyError(f"there is no study {study_id}")
        state, demo, shown, day = row
        if state in (State.CLOSED, State.OPENED) or (not demo and day == today):
            return int(shown)
        total = exact_count(link, study_id)
    return total if demo else _remember(home, study_id, total // 10 * 10, today)


def exact_count(link: Link, study_id: str) -> int:
    """Number of ballots; while a study is open this is nobody's business but the program's."""
    return link.number("SELECT count(*) FROM ballots WHERE study_id = :id", {"id": study_id})


def count_closed(link: Link, study_id: str) -> None:
    """Count the ballots of a closed study anew, after paper ones have been added."""
    values = {"total": exact_count(link, study_id), "id": study_id}
    link.change("UPDATE studies SET shown_count = :total WHERE id = :id", values)


def _remember(home: Home, study_id: str, shown: int, day: int) -> int:
    statement = (
        "UPDATE studies SET shown_count = :shown, shown_day = :day WHERE id = :id "
        "AND state IN (:draft, :open)"
    )
    still = {"draft": State.DRAFT.value, "open": State.OPEN.value}
    with links.writing(home) as link:
        link.change(statement, {"shown": shown, "day": day, "id": study_id, **still})
    return shown


def shuffled(link: Link, study_id: str) -> Iterator[bytes]:
    """All stored ballots of a study in a random order, a few at a time in memory."""
    query = "SELECT key_digest FROM ballots WHERE study_id = :id"
    found = [bytes(key) for (key,) in link.all(query, {"id": study_id})]
    secrets.SystemRandom().shuffle(found)
    for start in range(0, len(found), _CHUNK):
        chunk = found[start : start + _CHUNK]
        names = {f"key_{place}": key for place, key in enumerate(chunk)}
        wanted = ", ".join(f":{name}" for name in names)
        query = (
            "SELECT key_digest, sealed FROM ballots "  # noqa: S608 - names of values
            f"WHERE study_id = :id AND key_digest IN ({wanted})"
        )
        rows = link.all(query, {**names, "id": study_id})
        sealed = {bytes(key): bytes(value) for key, value in rows}
        yield from (sealed[key] for key in chunk)


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


def digest(link: Link, study_id: str, step: Callable[[int], None] = lambda done: None) -> str:
    """SHA-256 (hex) of the urn's content, whatever its order; ``step`` is told the ballots done."""
    rows = link.stream("SELECT sealed FROM ballots WHERE study_id = :id", {"id": study_id})
    found = ContentDigest()
    for done, _ in enumerate(found.over(bytes(sealed) for (sealed,) in rows), start=1):
        step(done)
    return found.hex()


def destroy(home: Home, study_id: str, step: Callable[[int], None] = lambda done: None) -> None:
    """Delete ballots and codes of an opened study for good; the study becomes ``opened``.

    ``step`` is told how many of :data:`STEPS` are done.
    """
    own = {"id": study_id}
    with links.writing(home) as link:
        for number in range(STEPS - 1):
            # One transaction in pieces of the keys' range: all of it is deleted, or nothing.
            statement, values = "DELETE FROM ballots WHERE study_id = :id", dict[str, object](own)
            if number < STEPS - 2:
                statement += " AND key_digest < :below"
                values["below"] = bytes([(number + 1) * _RANGE])
            link.change(statement, values)
            step(number + 1)
        link.change("DELETE FROM codes WHERE study_id = :id", own)
        done = "UPDATE studies SET state = :state WHERE id = :id"
        link.change(done, {**own, "state": State.OPENED.value})
    links.scrub(home)
    step(STEPS)

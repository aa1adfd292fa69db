"""Sessions: a random word in a cookie, its digest and stage in the store.

Every step of signing in gets a new word, so that a word that somebody else has planted is never
lifted. A session ends after 15 minutes without a request and after a working day at the latest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from reports.team.accounts import User, find
from reports.team.roles import Stage
from reports.team.store import Store, new_token

IDLE = 15 * 60.0
LONGEST = 10 * 3600.0
SIGNING_IN = 5 * 60.0
"""Seconds for the way from the password to the second factor."""
ENROLLING = 15 * 60.0
TRIES = 5
"""Codes that may be tried before the password is asked for again."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is alive: whose, and how far the person has come."""

    user: User
    stage: Stage
    digest: bytes
    token: str
    pending: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """Another session of the same person: when it began, and when it was last used."""

    begun: datetime
    seen: datetime


def begin(store: Store, user: User, stage: Stage, now: float, pending: str = "") -> str:
    """The word of a new session."""
    token = new_token()
    sealed = store.seal(user.name, pending) if pending else None
    with store.writing() as connection:
        connection.execute("DELETE FROM sessions WHERE seen < ?", (now - LONGEST,))
        connection.execute(
            "INSERT INTO sessions (digest, user, stage, generation, begun, seen, pending) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (_digest(store, token), user.name, stage.value, user.generation, now, now, sealed),
        )
    return token


def find_session(store: Store, token: str, now: float) -> Session | None:
    """The living session of a word, kept alive by this; None if there is none."""
    if not token or not store.path.exists():
        return None
    digest = _digest(store, token)
    with store.reading() as connection:
        row = connection.execute("SELECT * FROM sessions WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        return None
    user, stage = find(store, row["user"]), Stage(row["stage"])
    if user is None or row["generation"] != user.generation or not _lives(row, stage, now):
        end(store, digest)
        return None
    if stage is Stage.FULL and now > row["seen"]:
        with store.writing() as connection:
            update = "UPDATE sessions SET seen = ? WHERE digest = ?"
            connection.execute(update, (now, digest))
    pending = store.unseal(user.name, row["pending"]) if row["pending"] else ""
    return Session(user, stage, digest, token, pending)


def count_try(store: Store, digest: bytes) -> bool:
    """Whether one more code may be tried in this session; the session ends if not."""
    with store.writing() as connection:
        change = "UPDATE sessions SET tries = tries + 1 WHERE digest = ? AND tries < ?"
        if connection.execute(change, (digest, TRIES)).rowcount:
            return True
        connection.execute("DELETE FROM sessions WHERE digest = ?", (digest,))
    return False


def end(store: Store, digest: bytes) -> None:
    """End one session."""
    with store.writing() as connection:
        connection.execute("DELETE FROM sessions WHERE digest = ?", (digest,))


def end_others(store: Store, session: Session) -> int:
    """End all other sessions of the same person; how many there were."""
    with store.writing() as connection:
        gone = connection.execute(
            "DELETE FROM sessions WHERE user = ? AND digest <> ?",
            (session.user.name, session.digest),
        )
        return gone.rowcount


def others(store: Store, session: Session, now: float) -> tuple[Other, ...]:
    """The other sessions of the same person that are alive, the last used first."""
    with store.reading() as connection:
        query = (
            "SELECT begun, seen FROM sessions WHERE user = ? AND digest <> ? AND stage = ? "
            "AND seen > ? AND begun > ? ORDER BY seen DESC"
        )
        values = (session.user.name, session.digest, "full", now - IDLE, now - LONGEST)
        rows = connection.execute(query, values).fetchall()
    return tuple(Other(_time(row["begun"]), _time(row["seen"])) for row in rows)


def forget_tries(store: Store, digest: bytes) -> None:
    """Count anew, once both factors were right."""
    with store.writing() as connection:
        connection.execute("UPDATE sessions SET tries = 0 WHERE digest = ?", (digest,))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _lives(row: object, stage: Stage, now: float) -> bool:
    begun, seen = row["begun"], row["seen"]  # type: ignore[index]
    if stage is Stage.FULL:
        return bool(now - seen <= IDLE and now - begun <= LONGEST)
    return bool(now - begun <= (ENROLLING if stage is Stage.ENROL else SIGNING_IN))


def _digest(store: Store, token: str) -> bytes:
    return store.digest("session", token)

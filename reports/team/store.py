"""Where accounts and sessions of the team live: one SQLite file of its own in the home.

It is apart from the urn on purpose, also where the urn lies in PostgreSQL: the urn's tables
promise to hold no time and no person, and are compared with that promise at every start;
accounts need both. A process that serves respondents has no reason to read it. A backup of the
home holds a copy of it without sessions, invitations and known browsers. A handful of people sign
in, at one host.

Second-factor secrets lie in it encrypted under a secret of the home, all tokens as digests.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey.errors import SetupError
from survey.files import make_private_directory
from survey.home import Home

FOLDER, FILE, KEY = "team", "accounts.sqlite", "team-key"

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE users (
        name TEXT PRIMARY KEY, roles TEXT NOT NULL, password TEXT NOT NULL DEFAULT '',
        totp BLOB, totp_step INTEGER NOT NULL DEFAULT 0, generation INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE recovery (
        user TEXT NOT NULL REFERENCES users ON DELETE CASCADE, digest BLOB NOT NULL,
        PRIMARY KEY (user, digest)
    ) WITHOUT ROWID;
    CREATE TABLE invitations (
        digest BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        expires REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE sessions (
        digest BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        stage TEXT NOT NULL, generation INTEGER NOT NULL, begun REAL NOT NULL, seen REAL NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0, pending BLOB
    ) WITHOUT ROWID;
    CREATE TABLE devices (
        digest BLOB PRIMARY KEY, user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
        failed INTEGER NOT NULL DEFAULT 0, until REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE wrong_codes (
        user TEXT NOT NULL REFERENCES users ON DELETE CASCADE, at REAL NOT NULL
    );
    """,
)
"""Scripts that bring the file from one version to the next; never changed, only added to."""


class Store:
    """The file of one home; every use opens it anew, so that processes and threads share it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.path = home.path / FOLDER / FILE
        self._key = b""

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction that nobody else can write into."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with."""
        with closing(self._connect()) as connection:
            yield connection

    def _connect(self) -> sqlite3.Connection:
        make_private_directory(self.path.parent)
        if not self.path.exists():
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            _migrate(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    # -- what is kept as a digest or sealed ------------------------------------------------------

    def key(self, purpose: str) -> bytes:
        """A key of the home for one purpose."""
        if not self._key:
            self.home.make_secret(KEY)
            self._key = self.home.secret(KEY)
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def digest(self, purpose: str, token: str) -> bytes:
        """What stands in the file for a token."""
        return hmac.digest(self.key(purpose), token.encode(), "sha256")

    def seal(self, user: str, secret: str) -> bytes:
        """A second-factor secret as the file holds it."""
        nonce = secrets.token_bytes(12)
        return nonce + AESGCM(self.key("totp")).encrypt(nonce, secret.encode(), user.encode())

    def unseal(self, user: str, sealed: bytes) -> str:
        """The secret of a user; raises ``SetupError`` if it was sealed for another or elsewhere."""
        try:
            plain = AESGCM(self.key("totp")).decrypt(sealed[:12], sealed[12:], user.encode())
        except (InvalidTag, ValueError):
            raise SetupError(
                f"the second factor of {user} cannot be read: it belongs to another home; "
                f"`survey user reset {user}` invites again"
            ) from None
        return plain.decode()


def new_token() -> str:
    """256 random bits as a word for cookies and addresses."""
    return secrets.token_urlsafe(32)


def plain_digest(text: str) -> str:
    """SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        if version > len(MIGRATIONS):
            raise SetupError(f"{path} was written by a newer version of this program")
        for number in range(version, len(MIGRATIONS)):
            for statement in MIGRATIONS[number].split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])

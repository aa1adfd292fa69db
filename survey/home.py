"""The home of an installation: one directory with the database, secrets and results.

Secrets live under ``secrets/``, outside the database, so that a copy of the database alone
holds no key of any kind.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from survey.errors import SetupError
from survey.files import make_private_directory, write_new

HOST_KEY = "host-signing-key"
CODE_KEY = "code-key"
DATABASE_FILE = "urn.sqlite"
READY = ".ready"
"""Folder beside the dossiers of a study with what can be shown again without computing."""
DATABASE = "database"
"""Name of the secret that holds the address of a database outside the home."""
DATABASE_VARIABLE = "MEINUNGSBILD_DATABASE"
_LONGEST_SECRET = 256
# The value is not repeated: it may hold a password.
MALFORMED = (
    f"{DATABASE_VARIABLE} (or the file secrets/{DATABASE}) names no database that this program "
    "can use: it is an address such as postgresql+psycopg://user@host/name or "
    "sqlite:////srv/urn.sqlite"
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything of one installation lies; two values with the same path are equal."""

    path: Path

    @property
    def database(self) -> str:
        """Address of the urn: the environment's, else the home's own, else a SQLite file."""
        return os.environ.get(DATABASE_VARIABLE) or self._own_database()

    def _own_database(self) -> str:
        try:
            return (self.secrets / DATABASE).read_text("utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return f"sqlite:///{self.database_file.resolve()}"

    def set_database(self, url: str) -> None:
        """Let the urn of this home lie in another database; a home keeps the one it has.

        Raises ``SetupError`` if the home has its urn elsewhere already.
        """
        path = self.secrets / DATABASE
        if path.exists() and self._own_database() == url:
            return
        if path.exists() or self.database_file.exists():
            raise SetupError(f"{self.path} has its urn in another database already")
        make_private_directory(self.secrets)
        write_new(path, lambda file: file.write(f"{url}\n".encode()))

    @property
    def database_file(self) -> Path:
        """The SQLite file of the urn."""
        return self.path / DATABASE_FILE

    @property
    def secrets(self) -> Path:
        """Keys that must never lie in the database or in its backups."""
        return self.path / "secrets"

    @property
    def datasets(self) -> Path:
        """Opened data sets, a directory per study."""
        return self.path / "datasets"

    @property
    def dossiers(self) -> Path:
        """Dossiers that were written."""
        return self.path / "dossiers"

    def ensure(self) -> Home:
        """This home with its directories and installation secrets in place."""
        for directory in (self.path, self.secrets, self.datasets, self.dossiers):
            make_private_directory(directory)
        for name in (HOST_KEY, CODE_KEY):
            self.make_secret(name)
        return self

    def secret(self, name: str) -> bytes:
        """The 32 bytes of a secret; raises ``SetupError`` if there is none."""
        path = f"{self.path}/secrets/{name}"
        try:
            value = bytes.fromhex(_beginning(path).decode("ascii"))
        except FileNotFoundError:
            raise SetupError(f"the secret {path} is missing") from None
        except ValueError:
            value = b""
        if len(value) != 32:
            raise SetupError(f"the secret {path} is damaged: 64 hexadecimal digits belong there")
        return value

    def make_secret(self, name: str) -> None:
        """Draw a secret of 32 bytes; one that is there stays."""
        path = self.secrets / name
        make_private_directory(path.parent)
        if not path.exists():
            write_new(path, lambda file: file.write(secrets.token_hex(32).encode() + b"\n"))

    def destroy_secret(self, name: str) -> None:
        """Overwrite and remove a secret; nothing happens if it is gone already."""
        path = self.secrets / name
        if path.exists():
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink()


def _beginning(path: str) -> bytes:
    # Every request reads a secret: without a file object it costs half.
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, _LONGEST_SECRET)
    finally:
        os.close(file)

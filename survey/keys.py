"""Keys of an installation and of the people who hold the keys of an urn.

A holder's private key is made on the holder's own machine and never reaches the server; a
study knows only the public half, the recipient. Demos and studies without codes may keep
theirs on the server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from survey.errors import SetupError, SurveyError
from survey.files import make_private_directory, write_new
from survey.home import DATABASE_FILE, HOST_KEY, Home

_MARK = "AGE-SECRET-KEY-"
_LOCKED = b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----"
SHORTEST_PASSPHRASE = 12
_PRIVATE = re.compile(rb"AGE-SECRET-KEY-1[0-9A-Z]+")


@dataclass(frozen=True, slots=True)
class Recipient:
    """The public half of a holder's key with the holder's name or office.

    ``rehearsal`` is the public half of a second key, which is used up by the rehearsal: test
    ballots are sealed to it, so that whoever learns it can open no real ballot.
    """

    holder: str
    key: str
    rehearsal: str = ""


def recipients_to_json(recipients: Sequence[Recipient]) -> str:
    """A stable text of recipients; :func:`recipients_from_json` reads it back."""
    return json.dumps([asdict(recipient) for recipient in recipients], ensure_ascii=False)


def recipients_from_json(text: str) -> tuple[Recipient, ...]:
    """The recipients that :func:`recipients_to_json` wrote."""
    return tuple(Recipient(**raw) for raw in json.loads(text))


def create_holder_key(path: Path, holder: str, passphrase: str = "") -> Recipient:
    """A new age identity, written for its owner alone; only the returned half is registered."""
    return write_holder_key(path, holder, pyrage.x25519.Identity.generate(), passphrase)


def write_holder_key(
    path: Path, holder: str, identity: pyrage.x25519.Identity, passphrase: str = ""
) -> Recipient:
    """Write an identity to a new key file, with a passphrase as age's own (scrypt) file."""
    public = str(identity.to_public())
    make_private_directory(path.parent)
    content = f"# holder: {holder}\n# public key: {public}\n{identity}\n".encode()
    if passphrase:
        content = pyrage.passphrase.encrypt(content, passphrase, armored=True)
    write_new(path, lambda file: file.write(content))
    return Recipient(holder, public)


def needs_passphrase(content: bytes) -> bool:
    """Whether the bytes of a key file are locked with a passphrase."""
    return content.startswith(_LOCKED)


def identities_in(content: bytes, name: str, passphrase: str = "") -> list[pyrage.x25519.Identity]:
    """The age identities in the bytes of a key file called ``name``.

    Raises ``SurveyError`` if there is none or if the passphrase is missing or wrong.
    """
    if needs_passphrase(content):
        if not passphrase:
            raise SurveyError(f"{name} is locked with a passphrase")
        try:
            content = bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError:
            raise SurveyError(f"the passphrase does not open {name}") from None
    return _identities(content, name)


def read_identities(
    path: Path, ask: Callable[[str], str] | None = None
) -> list[pyrage.x25519.Identity]:
    """The age identities in a key file; ``ask`` is asked for a passphrase if one is needed.

    Raises ``SurveyError`` if there is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise SurveyError(f"{path} cannot be read as a key file: {error.strerror}") from None
    passphrase = ask(str(path)) if ask and needs_passphrase(content) else ""
    return identities_in(content, str(path), passphrase)


def _identities(content: bytes, path: str) -> list[pyrage.x25519.Identity]:
    try:
        lines = content.decode().split()
        found = [pyrage.x25519.Identity.from_str(word) for word in lines if word.startswith(_MARK)]
    except (UnicodeDecodeError, pyrage.IdentityError) as error:
        raise SurveyError(f"{path} cannot be read as a key file: {error}") from None
    if not found:
        raise SurveyError(f"{path} holds no private key (a line that starts with {_MARK})")
    return found


def check_recipient(text: str) -> str:
    """A public key unchanged if it is one; raises ``SurveyError``."""
    try:
        return str(pyrage.x25519.Recipient.from_str(text.strip()))
    except pyrage.RecipientError:
        raise SurveyError("this is not a public key: they start with age1") from None


def signing_key(home: Home) -> Ed25519PrivateKey:
    """The web host's key that signs ballots."""
    return Ed25519PrivateKey.from_private_bytes(home.secret(HOST_KEY))


def host_key(home: Home) -> str:
    """The public half of the web host's key, 64 hexadecimal digits."""
    return signing_key(home).public_key().public_bytes_raw().hex()


def read_host_key(text: str) -> Ed25519PublicKey:
    """The key that :func:`host_key` printed; raises ``SurveyError``."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError:
        raise SurveyError("the public key of the web host is damaged") from None


def server_keys(home: Home, study_id: str, *, demo: bool) -> Path:
    """Directory for the private keys of a study that may keep them on the server."""
    return home.secrets / ("demo" if demo else "open") / study_id


def create_server_keys(home: Home, study_id: str, *, demo: bool, count: int) -> list[Recipient]:
    """Recipients of new keys that stay on the server."""
    directory = server_keys(home, study_id, demo=demo)
    paths = [directory / f"holder-{number}.key" for number in range(1, count + 1)]
    return [
        Recipient(path.stem, str(read_identities(path)[0].to_public()))
        if path.exists()
        else create_holder_key(path, path.stem)
        for path in paths
    ]


def read_server_identities(
    home: Home, study_id: str, *, demo: bool
) -> list[pyrage.x25519.Identity]:
    """The private keys of a study that lie on the server; raises ``SetupError`` if none do."""
    paths = sorted(server_keys(home, study_id, demo=demo).glob("*.key"))
    if not paths:
        raise SetupError(f"the private keys of study {study_id} do not lie on this server")
    return [identity for path in paths for identity in read_identities(path)]


def destroy_server_keys(home: Home, study_id: str) -> None:
    """Overwrite and remove the private keys of a study that lie on the server, if any do."""
    for demo in (True, False):
        directory = server_keys(home, study_id, demo=demo)
        for path in sorted(directory.glob("*.key")):
            home.destroy_secret(str(path.relative_to(home.secrets)))
        if directory.is_dir() and not any(directory.iterdir()):
            directory.rmdir()


def private_keys_under(directory: Path, recipients: Sequence[Recipient]) -> list[Path]:
    """Files below a directory that hold the private half of one of the recipients."""
    public = {key for known in recipients for key in (known.key, known.rehearsal) if key}
    # Key files and notes are small; data sets and the urn hold no text of this kind. Beside that,
    # a process that opens and closes the file of its SQLite database loses its locks on it.
    files = (p for p in directory.rglob("*") if p.is_file() and DATABASE_FILE not in p.name)
    small = (p for p in files if p.stat().st_size < 1 << 20)
    return sorted(path for path in small if public & set(_public_halves(path.read_bytes())))


def _public_halves(content: bytes) -> Iterator[str]:
    for found in _PRIVATE.findall(content):
        with suppress(pyrage.IdentityError):
            yield str(pyrage.x25519.Identity.from_str(found.decode()).to_public())

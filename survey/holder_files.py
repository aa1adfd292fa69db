"""What a key holder has on an own machine: two key files, and one file that may be sent.

Nothing here needs a home or a server. The real key opens the urn; the rehearsal key is used up
by the rehearsal. The public file carries both public halves and a check number that the holder
and the person at the server compare by telephone.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage

from survey import keys
from survey.codes import ALPHABET, check_character
from survey.errors import SurveyError
from survey.files import write_new
from survey.keys import Recipient

_TITLE = "# Meinungsbild: public keys of a key holder. Nothing in this file is secret."
_LINE = re.compile(r"^(study|holder|key|rehearsal|check): (.*)$")
_PREFIX = "AGE-SECRET-KEY-1"
_PER_LINE, _GROUP, _BODY = 20, 4, 58


@dataclass(frozen=True, slots=True)
class HolderFiles:
    """The files of one holder and the public halves of the two keys."""

    recipient: Recipient
    key: Path
    rehearsal: Path
    public: Path


def create_holder_files(
    path: Path, study_id: str, holder: str, passphrase: str = ""
) -> HolderFiles:
    """Two new keys and the public file beside ``path``; nothing that exists is replaced.

    Raises ``SurveyError``.
    """
    _check_words(study_id, holder)
    files = [path, _beside(path, ".rehearsal.key"), _beside(path, ".public.txt")]
    if there := [file for file in files if file.exists()]:
        raise SurveyError(f"{there[0]} exists already and is not replaced")
    real = keys.create_holder_key(path, holder, passphrase)
    rehearsal = keys.create_holder_key(files[1], f"{holder} (rehearsal)")
    recipient = Recipient(holder, real.key, rehearsal.key)
    text = public_text(study_id, recipient)
    write_new(files[2], lambda file: file.write(text.encode()))
    return HolderFiles(recipient, *files)


def public_text(study_id: str, recipient: Recipient) -> str:
    """What may be sent to the server; :func:`read_public` reads it back."""
    lines = [
        _TITLE,
        f"study: {study_id}",
        f"holder: {recipient.holder}",
        f"key: {recipient.key}",
        f"rehearsal: {recipient.rehearsal}",
        f"check: {check_number(study_id, recipient)}",
    ]
    return "\n".join(lines) + "\n"


def read_public(path: Path, study_id: str) -> Recipient:
    """The holder and keys in a public file; raises ``SurveyError`` if it is not for this study."""
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        text = ""
    if "AGE-SECRET-KEY-" in text or keys.needs_passphrase(content):
        raise SurveyError(
            f"{path} is a private key: it must not be on this machine. Send the file that ends "
            "with .public.txt, and make new keys if this one has left its holder's machine"
        )
    matches = filter(None, map(_LINE.match, text.splitlines()))
    found = {match[1]: match[2] for match in matches}
    if set(found) != {"study", "holder", "key", "rehearsal", "check"}:
        raise SurveyError(f"{path} is no file with public keys of a key holder")
    if found["study"] != study_id:
        raise SurveyError(f"{path} was made for study {found['study']}, not for {study_id}")
    halves = keys.check_recipient(found["key"]), keys.check_recipient(found["rehearsal"])
    recipient = Recipient(found["holder"], *halves)
    if found["check"] != check_number(study_id, recipient):
        raise SurveyError(f"{path} was changed on the way: its check number does not fit")
    return recipient


def check_number(study_id: str, recipient: Recipient) -> str:
    """Twelve characters over study, holder and both keys, to be compared by telephone.

    >>> check_number("staff", Recipient("Personalrat", "age1a", "age1b"))
    'L4XE-SM23-K9GQ'
    """
    words = study_id, recipient.holder, recipient.key, recipient.rehearsal
    number = int.from_bytes(hashlib.sha256("\n".join(words).encode()).digest(), "big")
    drawn = [ALPHABET[number >> 5 * place & 31] for place in range(12)]
    return "-".join("".join(drawn[start : start + 4]) for start in range(0, 12, 4))


def secret_lines(identity: pyrage.x25519.Identity) -> list[str]:
    """A private key as lines to be read and typed: groups of four and a check character each.

    The prefix that all private keys share is left out.
    """
    body = str(identity).removeprefix(_PREFIX)
    pieces = [body[start : start + _PER_LINE] for start in range(0, len(body), _PER_LINE)]
    return [
        " ".join(piece[start : start + _GROUP] for start in range(0, len(piece), _GROUP))
        + f" / {_line_check(piece)}"
        for piece in pieces
    ]


def identity_from_lines(lines: Sequence[str]) -> pyrage.x25519.Identity:
    """The private key whose lines were typed from a key sheet.

    Raises ``SurveyError`` with the number of every line that has a mistake.
    """
    bodies, wrong = [], []
    for number, line in enumerate(lines, start=1):
        letters = re.sub(r"[^0-9A-Z]", "", line.upper())
        body, check = letters[:-1], letters[-1:]
        bodies.append(body)
        if not body or _line_check(body) != check:
            wrong.append(str(number))
    if wrong:
        raise SurveyError(f"there is a typing mistake in line {', '.join(wrong)}")
    try:
        return pyrage.x25519.Identity.from_str(_PREFIX + "".join(bodies))
    except pyrage.IdentityError:
        raise SurveyError(
            f"the lines are no private key: {_BODY} characters in {-(-_BODY // _PER_LINE)} lines "
            "belong together, in the order of the sheet"
        ) from None


def destroy_file(path: Path) -> None:
    """Overwrite and remove a file; a copy or a key sheet elsewhere stays."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def _line_check(body: str) -> str:
    # age's alphabet has a 0 where that of the codes has a B; the others are the same.
    body = body.replace("0", "B")
    return check_character(body) if set(body) <= set(ALPHABET) else ""


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name.removesuffix(".key") + ending)


def _check_words(*words: str) -> None:
    if not all(word.strip() and word.isprintable() for word in words):
        raise SurveyError("study and holder are one line of text each")

"""What is fixed when a study opens, noted where whoever runs the database cannot change it.

The note lies under ``secrets/`` beside the keys of the web host. Without it, somebody who writes
to the database could have the ballots of an open study sealed to a key of their own, or turn a
study with codes into one without.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from survey.errors import SetupError
from survey.files import make_private_directory, write_new
from survey.home import Home
from survey.keys import Recipient
from survey.study import Study


def fix(
    home: Home, study: Study, recipients: Sequence[Recipient], padded_size: int, host_key: str
) -> None:
    """Note what a study that is about to open promises; an earlier attempt is forgotten."""
    path = home.secrets / _name(study)
    path.unlink(missing_ok=True)
    make_private_directory(path.parent)
    content = _digest(study, recipients, padded_size, host_key).encode() + b"\n"
    write_new(path, lambda file: file.write(content))


def check(
    home: Home, study: Study, recipients: Sequence[Recipient], padded_size: int, host_key: str
) -> None:
    """Nothing if a study still is what it was when it opened; else ``SetupError``.

    A study that was opened before such notes were kept has none.
    """
    try:
        noted = (home.secrets / _name(study)).read_text("ascii").strip()
    except FileNotFoundError:
        return
    if noted != _digest(study, recipients, padded_size, host_key):
        raise SetupError(
            f"study {study.id} was changed in the database after it had opened: its key holders, "
            "access, opening rule or size of ballots are not those that were promised. Compare "
            "with the promise sheet and restore the database"
        )


def _name(study: Study) -> str:
    return f"fixed/{study.id}"


def _digest(study: Study, recipients: Sequence[Recipient], padded_size: int, host_key: str) -> str:
    fixed = {
        "id": study.id,
        "regime": study.regime.value,
        "access": study.access.value,
        "opening": study.opening.value,
        "demo": study.demo,
        "server_keys": study.server_keys,
        "recipients": [asdict(recipient) for recipient in recipients],
        "padded_size": padded_size,
        "host_key": host_key,
    }
    text = json.dumps(fixed, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

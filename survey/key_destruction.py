"""The end of a holder's keys, after the data set has been verified, with a protocol.

From then on nobody can read a ballot in an old copy of the urn, whoever has that copy.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.dataset import read_data_set
from survey.errors import SurveyError
from survey.files import write_new
from survey.holder_files import destroy_file
from survey.keys import read_identities

KIND = "keys-destroyed"

REMINDER = "shred the printed key sheet too, and delete every copy of the key file"


def destroy(
    study_id: str,
    holder: str,
    files: Sequence[Path],
    data_set: Path | None,
    out: Path,
    now: datetime,
    ask: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """The protocol, written to a new file before the key files are overwritten and removed.

    Raises ``SurveyError`` if a file is no key file, or if the data set was not opened with its
    key: then nothing is destroyed.
    """
    public = [str(key.to_public()) for file in files for key in read_identities(file, ask)]
    fingerprint = _fingerprint(data_set, study_id, public) if data_set else ""
    protocol = {
        "study": study_id,
        "holder": holder,
        "keys": public,
        "data_set": fingerprint,
        "files": len(files),
        "day": now.date().isoformat(),
        "reminder": REMINDER,
    }
    write_new(out, lambda file: file.write(json.dumps(protocol, indent=1).encode()))
    for file in files:
        destroy_file(file)
    return protocol


def read_protocol(path: Path, study_id: str) -> dict[str, Any]:
    """A protocol of destroyed keys; raises ``SurveyError`` if it is none of this study."""
    try:
        protocol = json.loads(path.read_text("utf-8"))
        named = protocol["study"], protocol["holder"], *protocol["keys"], protocol["data_set"]
        if not all(isinstance(word, str) for word in named):
            raise TypeError("a part is of another kind")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise SurveyError(f"{path} is no protocol of destroyed keys") from None
    if protocol["study"] != study_id:
        raise SurveyError(f"{path} belongs to study {protocol['study']}, not to {study_id}")
    return dict(protocol)


def _fingerprint(path: Path, study_id: str, public: Sequence[str]) -> str:
    data_set = read_data_set(path)
    known = {holder["key"] for holder in data_set.protocol.get("holders", [])}
    if data_set.study.id != study_id or not set(public) <= known:
        raise SurveyError(
            f"{path} was not opened with these keys of study {study_id}: nothing was destroyed"
        )
    return data_set.fingerprint

"""Records: what was done with a study, by whom it can be checked, on which day.

One small JSON file each, numbered, never replaced. Each names the SHA-256 of the one before it,
so that a record that was changed or taken out is noticed. Records hold acts of the project
team and of the key holders, never of respondents, and no private key.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from survey.errors import SetupError
from survey.files import locked, make_private_directory, write_new
from survey.home import Home

_NAME = re.compile(r"^(\d{4})-([a-z-]+)\.json$")


@dataclass(frozen=True, slots=True)
class Record:
    """One act; ``content`` depends on its ``kind``, ``day`` is written as in ISO 8601."""

    kind: str
    day: str
    content: Mapping[str, Any]
    path: Path


def write_record(
    home: Home, study_id: str, kind: str, content: Mapping[str, Any], now: datetime
) -> Record:
    """The record of an act, written to a new file behind the earlier ones."""
    folder = _folder(home, study_id)
    make_private_directory(folder)
    with locked(home.path / "locks" / f"{study_id}.records"):
        earlier = _numbered(folder)
        number = max(earlier, default=0) + 1
        before = _digest(earlier[number - 1]) if earlier else ""
        raw: dict[str, Any] = {
            "study": study_id,
            "kind": kind,
            "day": now.date().isoformat(),
            "before": before,
            "content": dict(content),
        }
        path = folder / f"{number:04d}-{kind}.json"
        text = json.dumps(raw, ensure_ascii=False, indent=1) + "\n"
        write_new(path, lambda file: file.write(text.encode()))
    return Record(kind, raw["day"], raw["content"], path)


def read_records(home: Home, study_id: str, kind: str = "") -> tuple[Record, ...]:
    """The records of a study, oldest first, all or those of one kind.

    Raises ``SetupError`` if one was changed, damaged or taken out.
    """
    before, found = "", []
    numbered = _numbered(_folder(home, study_id))
    for place, number in enumerate(sorted(numbered), start=1):
        path = numbered[number]
        try:
            raw = json.loads(path.read_text("utf-8"))
            intact = raw["before"] == before and raw["study"] == study_id and number == place
            found.append(Record(raw["kind"], raw["day"], raw["content"], path))
        except (OSError, ValueError, KeyError, TypeError):
            intact = False
        if not intact:
            raise SetupError(
                f"the records of study {study_id} are not complete or were changed: {path} "
                "does not follow the one before it"
            )
        before = _digest(path)
    return tuple(record for record in found if kind in ("", record.kind))


def _folder(home: Home, study_id: str) -> Path:
    return home.path / "records" / study_id


def _numbered(folder: Path) -> dict[int, Path]:
    if not folder.is_dir():
        return {}
    found = ((_NAME.match(path.name), path) for path in folder.iterdir())
    return {int(match[1]): path for match, path in found if match}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

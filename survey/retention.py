"""The end of a study's data on the day that the study has promised, with a record of it.

Data sets go, and with them every row and every text, and the journal of those who moderated the
texts (its paraphrases come from them). What was released (dossiers, aggregated
tables, the ledger) stays: it is published. Records stay: they name what is gone.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from pathlib import Path

from survey import urn
from survey.errors import StudyStateError
from survey.holder_files import destroy_file
from survey.home import READY, Home
from survey.keys import destroy_server_keys
from survey.records import Record, write_record
from survey.states import State
from survey.studies import close_study, list_studies, load_study, state_secret

KIND = "purged"


def due(home: Home, today: date) -> tuple[str, ...]:
    """The studies whose day has come and of which something is left."""
    return tuple(
        row.id
        for row in list_studies(home)
        if _is_due(home, row.id, today) and (row.state != State.OPENED or _files(home, row.id))
    )


def purge(home: Home, study_id: str, now: datetime) -> Record:
    """The record of deleted data; raises ``StudyStateError`` before the study's day.

    An urn that was never opened is closed and destroyed as well.
    """
    stored = load_study(home, study_id)
    if not _is_due(home, study_id, now.date()):
        day = stored.study.delete_on or "no day"
        raise StudyStateError(f"study {study_id} names {day} for deleting its data")
    unopened = stored.state is not State.OPENED
    if stored.state is State.OPEN:
        close_study(home, study_id, now)
    if unopened:
        urn.destroy(home, study_id)
    destroy_server_keys(home, study_id)
    home.destroy_secret(state_secret(study_id))
    files = {
        str(path.relative_to(home.path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in _files(home, study_id)
    }
    content = {
        "delete_on": stored.study.delete_on,
        "files": files,
        "unopened_urn": unopened,
        "stays": "records, released tables, dossiers",
    }
    # The record first: an interruption must not leave a deletion that nobody knows of.
    record = write_record(home, study_id, KIND, content, now)
    for path in _files(home, study_id):
        destroy_file(path)
    return record


def _is_due(home: Home, study_id: str, today: date) -> bool:
    day = load_study(home, study_id).study.delete_on
    return bool(day) and date.fromisoformat(day) <= today


def _files(home: Home, study_id: str) -> list[Path]:
    folders = (
        home.datasets / study_id,
        home.path / "truth" / f"{study_id}.json",
        home.path / "moderation" / f"{study_id}.jsonl",
        home.dossiers / study_id / READY,
    )
    return sorted(
        path
        for folder in folders
        for path in ([folder] if folder.is_file() else folder.rglob("*"))
        if path.is_file()
    )

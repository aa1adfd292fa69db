"""The only way out of the house: release by the ledger, attack, record, then hand on.

Commands and pages call this and nothing below it, so that no number leaves that is not in the
ledger. The same data with the same tables is the same release; it is not recorded twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from reports import disclosure as gate
from reports.errors import DisclosureError
from reports.estimate_store import EstimateStore
from reports.estimates import Results
from reports.ledger import (
    ERRATUM,
    RELEASE,
    TEXTS,
    Entry,
    Ledger,
    erratum_content,
    release_content,
    texts_content,
)
from reports.moderation.release import TextRelease, as_raw, release, texts_of
from reports.moderation.room import Room
from reports.tables import Release
from survey.dataset import DataSet, current_data_set, read_data_set, stored_data_sets
from survey.home import Home


def released_results(home: Home, study: str, *, now: datetime) -> Results:
    """All estimates of the newest data set of a study that may be published, recorded before.

    A correction that was recorded as an erratum brings no new tables: the data set released
    before it stays, and the release names the reason. Raises ``DisclosureError`` if the ledger
    was tampered with or the release is refused.
    """
    ledger = Ledger(home)
    with ledger.held():
        entries = ledger.entries()
        data_set, reasons = _standing(home, study, entries)
        results = _recorded(ledger, data_set, entries, now, home)
    if not reasons:
        return results
    return replace(results, release=gate.with_errata(results.release, reasons))


def file_results(path: Path, *, now: datetime) -> Results:
    """All estimates of one data set file, by the ledger of its home or the one beside it.

    A file in a home goes by the home's ledger. For a file elsewhere the ledger lies in the folder
    ``ledger`` beside it, so that whatever is released of the files of one folder is compared.
    Raises ``DisclosureError`` where nothing can be recorded: nothing leaves then.
    """
    data_set, above = read_data_set(path), path.resolve().parents
    inside = len(above) > 2 and above[1].name == "datasets"
    home = Home(above[2] if inside else above[0])
    ledger = Ledger(home)
    try:
        with ledger.held():
            return _recorded(ledger, data_set, ledger.entries(), now)
    except OSError as error:
        raise DisclosureError(
            f"{path}: Neben dieser Datei lässt sich nicht festhalten, was veröffentlicht wird "
            f"({error.strerror}: {error.filename}). Ohne Verzeichnis der Veröffentlichungen geht "
            "nichts hinaus; die Datei in einen beschreibbaren Ordner legen."
        ) from None


def _recorded(
    ledger: Ledger,
    data_set: DataSet,
    entries: Sequence[Entry],
    now: datetime,
    home: Home | None = None,
) -> Results:
    """The estimates of a release that may leave, once it stands in the ledger.

    With a ``home`` those that were computed there before are read instead.
    """
    released = gate.release(data_set, earlier=entries)
    results = _estimated(home, gate.with_texts(released, entries), entries)
    content = release_content(released)
    if content["content"] not in {entry.content for entry in entries}:
        ledger.append(content, time=now.isoformat(timespec="seconds"))
    return results


def _estimated(home: Home | None, released: Release, entries: Sequence[Entry]) -> Results:
    store = None if home is None else EstimateStore(home, released, entries)
    if store is not None and (rows := store.find()) is not None:
        return Results(released, rows)
    # Loaded here, because a release whose estimates are kept computes none.
    from reports.results import results_of

    results = results_of(released)
    if store is not None:
        store.keep(results.rows)
    return results


def release_texts(
    home: Home, room: Room, by: str, questions: Iterable[str] = (), *, now: datetime
) -> tuple[TextRelease, ...]:
    """Release the free texts of a study: into the journal of the room and into the ledger.

    Raises ``DisclosureError`` as ``reports.moderation.release.release`` does, and for a number
    that differs by a few from what the ledger holds of the same study.
    """
    ledger, data_set = Ledger(home), room.data_set
    with ledger.held():
        entries = ledger.entries()
        earlier = [
            (entry.time[:10], texts_of(raw))
            for entry in entries
            if entry.kind == TEXTS and entry.study == data_set.study.id
            for raw in entry.texts
        ]
        found = release(room, by, questions, earlier)
        content = texts_content(
            data_set.study.id, data_set.fingerprint, as_raw(found),
            simulation=data_set.study.simulation,
        )  # fmt: skip
        if content["content"] not in {entry.content for entry in entries}:
            ledger.append(content, time=now.isoformat(timespec="seconds"))
    return found


def record_erratum(home: Home, study: str, reason: str, *, now: datetime) -> Entry:
    """The entry that says why the newest data set brings no new tables.

    Raises ``DisclosureError`` without a reason, or where nothing has been released that an
    erratum could belong to.
    """
    ledger = Ledger(home)
    with ledger.held():
        entries = ledger.entries()
        newest = current_data_set(home, study)
        released = {e.fingerprint for e in entries if e.kind == RELEASE and e.study == study}
        if not reason.strip():
            raise DisclosureError("Ein Erratum braucht eine Begründung.")
        if not released or newest.fingerprint in released:
            raise DisclosureError(
                f"{study}: Es gibt keine Korrektur, die noch nicht veröffentlicht ist."
            )
        content = erratum_content(study, newest.fingerprint, reason.strip())
        return ledger.append(content, time=now.isoformat(timespec="seconds"))


def _standing(home: Home, study: str, entries: Sequence[Entry]) -> tuple[DataSet, tuple[str, ...]]:
    """The data set whose tables stand, and the reasons of later errata."""
    errata = {e.fingerprint: e for e in entries if e.kind == ERRATUM and e.study == study}
    reasons: list[str] = []
    for data_set in reversed(stored_data_sets(home, study)):
        entry = errata.get(data_set.fingerprint)
        if entry is None:
            return data_set, tuple(reversed(reasons))
        reasons.append(f"{entry.time[:10]}: {entry.reason}")
    return current_data_set(home, study), ()

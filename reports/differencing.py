"""Whether a release may stand beside every earlier one: subtraction across time.

Earlier tables of the same ballots are compared with the new rows group by group: where between
one and nine people entered, left or changed, the pair of releases would single them out. And
earlier groups that are cut differently are laid over the new ones: what one leaves of the other
must be nobody or enough. Two studies speak of the same ballots if they are one study, or if
what they have in common differs by fewer people than a group needs, or only ever grew (or only
ever shrank); simulated data sets are drawn anew, so for them only the numbers decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reports.errors import DisclosureError
from reports.joint import crossed
from reports.ledger import RELEASE, Entry, Group, Published
from reports.residues import residue
from reports.tables import EVERYBODY, TOGETHER
from survey.study import Study

Ints = NDArray[np.int64]


class Rows(Protocol):
    """What the gate lends for the comparison: its own rows, seen through earlier groups."""

    def places(self, groups: Sequence[Group]) -> Ints | None:
        """The group of each ballot, -1 for none; None if a code is not known here."""

    def counts(self, item: str, values: Sequence[int], place: Ints, groups: int) -> Ints | None:
        """Counts by group and value, any other value last; None if it is not asked here."""

    def answered(self, item: str) -> NDArray[np.bool_]:
        """Which ballots have a valid answer."""


def compare(
    study: Study,
    fingerprint: str,
    new: Sequence[Published],
    rows: Rows,
    earlier: Iterable[Entry],
    threshold: int,
) -> tuple[int, ...]:
    """Numbers of the earlier releases that speak of the same ballots, all found harmless.

    Raises ``DisclosureError`` in German that names the first pair of tables whose difference
    would single out fewer people than the threshold, and what can be done.
    """
    compared = []
    for entry in earlier:
        if entry.kind != RELEASE or not _related(study, fingerprint, entry, rows, threshold):
            continue
        compared.append(entry.number)
        for old in entry.tables:
            _grown(entry, _of_all(old), rows, threshold)
        _recut(entry, new, rows, threshold)
    return tuple(compared)


def still_told(
    study: Study, keys: Iterable[str], rows: Rows, earlier: Iterable[Entry], threshold: int
) -> frozenset[str]:
    """The results "with and without" whose group left out is the same as before, or quite another.

    What would differ from an earlier release by a few is kept back; nothing else has to wait.
    """
    kept = set(keys)
    for entry in earlier:
        for old in entry.tables if entry.kind == RELEASE and entry.study == study.id else ():
            if old.item in kept and len(old.values) > 1:
                change = _change(old, rows)
                few = None if change is None else np.abs(change)
                if few is None or ((few > 0) & (few < threshold)).any():
                    kept.discard(old.item)
    return frozenset(kept)


def touched(change: Ints) -> Ints:
    """How many people at least entered, left or changed their answer, per group.

    >>> touched(np.array([[1, -1], [0, 3]])).tolist()
    [1, 3]
    """
    gained, lost = np.maximum(change, 0).sum(axis=1), np.maximum(-change, 0).sum(axis=1)
    most: Ints = np.maximum(gained, lost)
    return most


def _related(study: Study, fingerprint: str, entry: Entry, rows: Rows, threshold: int) -> bool:
    if entry.fingerprint == fingerprint:
        return True
    if entry.study == study.id and not (entry.simulation and study.simulation):
        return True
    pairs = [(old, _change(old, rows)) for old in entry.tables if old.item]
    both = [(old, change) for old, change in pairs if change is not None]
    whole = [touched(change).max() for old, change in both if old.by == EVERYBODY]
    if whole and max(whole) < threshold:
        return True
    every = np.concatenate([change.ravel() for _, change in both]) if both else np.zeros(0)
    return every.size > 0 and bool((every >= 0).all() or (every <= 0).all())


def _change(old: Published, rows: Rows) -> Ints | None:
    """The new counts of an earlier table minus its own; None where there are no such groups."""
    place = rows.places(old.groups)
    found = None if place is None else rows.counts(old.item, old.values, place, len(old.groups))
    return None if found is None else found - np.pad(old.counts, ((0, 0), (0, 1)))


def _of_all(old: Published) -> Published:
    """Joint counts without regard to whom a result "without" leaves out: see ``still_told``."""
    if TOGETHER not in old.item:
        return old
    return replace(old, values=(0,), counts=old.counts.sum(axis=1, keepdims=True))


def _grown(entry: Entry, old: Published, rows: Rows, threshold: int) -> None:
    change = _change(old, rows)
    if change is None:
        return
    people = touched(change)
    few = (people > 0) & (people < threshold)
    if few.any():
        group = old.groups[int(np.argmax(few))]
        raise DisclosureError(
            f"Diese Veröffentlichung ist abgelehnt: {_named(old, group)} aus der Veröffentlichung "
            f"{entry.name} und dieselbe Gruppe in den neuen Daten unterscheiden sich um weniger "
            f"als {threshold} Personen; wer beide Zahlen nebeneinander legt, erkennt sie. "
            f"Vorschlag: warten, bis sich mindestens {threshold} Bögen geändert haben, oder die "
            "Änderung als Erratum ohne neue Tabellen vermerken (reports ledger "
            f"{entry.study} --erratum BEGRÜNDUNG)."
        )


def _recut(entry: Entry, new: Sequence[Published], rows: Rows, threshold: int) -> None:
    """Refuses an earlier partition that cuts through the new groups and leaves a few."""
    now: dict[str, list[Published]] = {}
    for table in new:
        now.setdefault(table.item, []).append(table)
    for old in entry.tables:
        beside = now.get(old.item, [])
        if not beside or old.by == EVERYBODY or any(_same(old, table) for table in beside):
            continue
        place = rows.places(old.groups)
        if place is None:
            continue
        kept = rows.answered(old.item)
        for table in beside:
            own = rows.places(table.groups)
            if table.by == EVERYBODY or own is None:
                continue
            both = kept & (place >= 0) & (own >= 0)
            lines = crossed(place[both], len(old.groups), own[both], len(table.groups))
            lines = lines if lines.shape[1] <= lines.shape[0] else lines.T
            if residue(lines, threshold) is not None:
                raise _cut(entry, old, table)


def _same(old: Published, table: Published) -> bool:
    def keys(t: Published) -> set[tuple[str, frozenset[str]]]:
        return {(group.variable, frozenset(group.codes)) for group in t.groups}

    return keys(old) == keys(table)


def _cut(entry: Entry, old: Published, table: Published) -> DisclosureError:
    return DisclosureError(
        f"Diese Veröffentlichung ist abgelehnt: Die Gruppen nach „{table.by}“ "
        f"({_item(table)}) und die Gruppen nach „{old.by}“ aus der Veröffentlichung {entry.name} "
        "schneiden sich so, dass die Differenz einzelne Personen erkennbar macht. Vorschlag: die "
        f"Gruppen so zusammenfassen, wie sie nach „{old.by}“ schon veröffentlicht sind, oder auf "
        f"die Auswertung nach „{table.by}“ verzichten."
    )


def _named(table: Published, group: Group) -> str:
    where = f"die Gruppe „{group.label}“" if group.variable else "die Gesamtzahl"
    return f"{where} ({_item(table)})"


def _item(table: Published) -> str:
    if TOGETHER in table.item:
        return f"gemeinsame Antworten {table.item.partition(TOGETHER)[2] or 'aller Fragen'}"
    return f"Frage {table.item}" if table.item else "abgegebene Bögen"

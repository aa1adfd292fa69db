"""T1 to T4 and T14: somebody who copies everything, once or after every single response.

The thief knows who used which code, and in which order. What is judged is whether a code can
be tied to a row or a text of the opened data set, better than by guessing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from survey import opening, studies
from survey.attack import orders, storage_check
from survey.attack.copies import Copier, Copy, copier, mark
from survey.attack.findings import Finding, at_most, exactly, figure
from survey.attack.installation import HOLDERS, Installation
from survey.attack.opened import (
    age_files,
    framed,
    hidden_length,
    opened_alone,
    people_of_rows,
    people_of_texts,
    person_in,
)
from survey.attack.server import serving
from survey.attack.sizes import Sizes
from survey.attack.traces import Traces
from survey.attack.visitor import Visitor
from survey.codes import digest, normalise
from survey.dataset import DataSet
from survey.home import CODE_KEY

STUDY = "thief"
OPENINGS = 3
Tell = Callable[[], None]
Orders = Mapping[str, Sequence[int]]


def play(installation: Installation, sizes: Sizes, tell: Tell) -> Iterator[Finding]:
    """Findings on links, traces, storage and free texts."""
    drawn = installation.open(STUDY, sizes.codes)
    traces = Traces(installation.home, STUDY, drawn)
    thief = _Thief(installation, copier(installation, STUDY), traces)
    with serving(installation, STUDY) as server:
        for number, code in enumerate(drawn):
            thief.watch(Visitor(number, server.port, STUDY), code)
            tell()
    # The closing is an act of the administration: it must not fall into a response's second.
    time.sleep(1)
    yield from thief.open_copies(len(drawn))
    try:
        yield from thief.closed_and_opened()
    finally:
        # Also when the opening fails: what was found before was found.
        yield from thief.found()


class _Thief:
    """Keeps whatever can be learned on the way."""

    def __init__(self, installation: Installation, copies: Copier, traces: Traces) -> None:
        self._installation, self._copies, self._traces = installation, copies, traces
        self._key = installation.home.secret(CODE_KEY)
        self._people: dict[str, int] = {}
        self._refused = self._kept = 0
        self._tied = 0

    def watch(self, visitor: Visitor, code: str) -> None:
        """Let somebody answer, take a copy, compare it with the last one and search it."""
        start = datetime.now(UTC)
        self._refused += visitor.answer(code).status != 200
        self._traces.answered(start, datetime.now(UTC))
        copy = self._copies.take()
        new = [ballot for ballot in copy.keys if ballot not in self._people]
        self._people |= dict.fromkeys(new, visitor.number)
        self._tied += len(new) == 1
        self._kept += digest(self._key, STUDY, normalise(code)) in copy.codes
        self._traces.search(self._copies)

    def open_copies(self, answered: int) -> list[Finding]:
        """What is known while the study is open, and whether the storage is as promised."""
        self._open = self._copies.take(deep=True)
        count, tables = len(self._people), self._copies.tables()
        faults = [
            *storage_check.faults(self._installation.home, tables),
            *(f"{column} holds a time" for column in self._traces.times_in(tables)),
        ]
        return [
            # Without ballots nothing could be tied to anybody: that would show nothing.
            exactly("T1", "accepted", count - self._refused, answered),
            figure("T2", "tied_sealed", f"{self._tied} / {count}"),
            exactly("T4", "storage", "; ".join(faults) or "0", "0"),
            at_most("T3", "used_rows", self._kept, 0),
        ]

    def closed_and_opened(self) -> list[Finding]:
        """Close, export, open and judge; then search everything for the last time."""
        installation = self._installation
        installation.close(STUDY)
        closed = self._copies.take(deep=True)
        exported = installation.exported(STUDY)
        openings = [installation.opened(STUDY, exported, str(n)) for n in range(OPENINGS)]
        findings = [*self._links(closed, exported, openings), *self._holder(exported, openings)]
        opening.import_data_set(installation.home, STUDY, openings[0][1].path)
        self._traces.search_everything(self._copies)
        left = installation.balance(STUDY)
        state = studies.load_study(installation.home, STUDY).state.value
        return [
            *findings,
            exactly("T3", "destroyed", f"{left} ({state})", "0 (opened)"),
        ]

    def _links(
        self, closed: Copy, exported: Path, openings: Sequence[tuple[Path, DataSet]]
    ) -> list[Finding]:
        count = len(self._people)
        arrival: Orders = {"arrival": range(count)}
        single: Orders = {**self._guesses(closed), **arrival}
        every: Orders = {
            **single,
            **{f"open {name}": order for name, order in self._guesses(self._open).items()},
            "export": self._exported(exported),
        }
        rows = [people_of_rows(data_set) for _, data_set in openings]
        texts = [people_of_texts(data_set) for _, data_set in openings]
        found: list[Finding] = []
        for check, code, guesses in (("T1", "single", single), ("T2", "every", every)):
            for kind, target in targets(rows, texts):
                pairs, rank = orders.worst(guesses, target)
                limit = orders.correlation_bound(count)
                found.append(at_most(check, f"{code}_pairs", pairs, orders.PAIRS, target=kind))
                found.append(at_most(check, f"{code}_rank", rank, limit, target=kind))
        lying = orders.worst(self._guesses(closed), [range(count)])
        # One order that cannot be drawn again: the bound is wider, so that chance stays rare.
        found.append(at_most("T1", "lying_pairs", lying[0], orders.PAIRS))
        found.append(at_most("T1", "lying_rank", lying[1], orders.correlation_bound(count, 4.5)))
        return found + self._same_person(rows, texts)

    def _same_person(
        self, rows: Sequence[Sequence[int]], texts: Sequence[Mapping[str, Sequence[int]]]
    ) -> list[Finding]:
        """T14: two texts of one person, by their places in one and the same opening."""
        sides = targets(rows, texts)
        pairs, rank = 0, 0.0
        for place, (_, one) in enumerate(sides):
            for _, other in sides[place + 1 :]:
                both = [orders.worst({"": a}, [b]) for a, b in zip(one, other, strict=True)]
                pairs = max(pairs, sorted(found for found, _ in both)[OPENINGS // 2])
                rank = max(rank, sorted(found for _, found in both)[OPENINGS // 2])
        limit = orders.correlation_bound(len(rows[0]))
        return [
            at_most("T14", "texts_pairs", pairs, orders.PAIRS),
            at_most("T14", "texts_rank", rank, limit),
        ]

    def _holder(self, exported: Path, openings: Sequence[tuple[Path, DataSet]]) -> list[Finding]:
        """The last holder reads every ballot; can the thief's copies tell whose it is?"""
        identities = self._installation.identities(STUDY, HOLDERS[1])
        outer = age_files(exported)
        known = [
            (hidden_length(content), place, self._people[mark(framed(content))])
            for place, content in enumerate(outer)
        ]
        pairs = []
        for between, _ in openings:
            read = [
                (len(content), place, person_in(content, identities))
                for place, content in enumerate(age_files(between))
            ]
            matched = zip(sorted(known), sorted(read), strict=True)
            pairs.append(sum(a[2] == b[2] for a, b in matched))
        return [
            at_most("T13", "holder_pairs", sorted(pairs)[OPENINGS // 2], orders.PAIRS),
            exactly("T13", "one_key", opened_alone(outer, identities), 0),
        ]

    def found(self) -> list[Finding]:
        """What the searches of all moments have brought to light."""
        traces = self._traces
        return [
            figure("T3", "moments", traces.moments),
            *(
                at_most("T3", f"found_{kind}", traces.found[kind], 0)
                for kind in ("codes", "answers", "addresses", "agents", "times", "used")
            ),
        ]

    def _guesses(self, copy: Copy) -> dict[str, Sequence[int]]:
        """The people of all complete orders that a copy shows."""
        known = {name: [self._people[b] for b in order] for name, order in copy.places.items()}
        by_key = sorted(copy.keys, key=copy.keys.__getitem__)
        known["key"] = [self._people[ballot] for ballot in by_key]
        return {name: order for name, order in known.items() if len(order) == len(self._people)}

    def _exported(self, path: Path) -> list[int]:
        return [self._people[mark(framed(content))] for content in age_files(path)]


def targets(
    rows: Sequence[Sequence[int]], texts: Sequence[Mapping[str, Sequence[int]]]
) -> list[tuple[str, Sequence[Sequence[int]]]]:
    """What a code could be tied to: the rows, and the texts of each question, by opening."""
    return [("rows", rows), *((name, [one[name] for one in texts]) for name in sorted(texts[0]))]

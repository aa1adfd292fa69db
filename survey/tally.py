"""Judges unsealed ballots and parts what must not stay together.

What comes out holds no order of arrival: rows are shuffled, every free-text question has an
order of its own, and the shown orders leave the rows as counts.
"""

from __future__ import annotations

import secrets
from array import array
from collections import Counter
from collections.abc import Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from survey import ballot
from survey.ballot import Ballot
from survey.codebook import Missing, Scale
from survey.errors import AnswerError, BallotError
from survey.instrument import Questionnaire


@dataclass(frozen=True, slots=True)
class Parted:
    """Accepted ballots without their order: shuffled rows, shuffled texts, counted orders."""

    ballots: int
    columns: Mapping[str, Sequence[int]]
    texts: Mapping[str, Sequence[str]]
    orders: Mapping[str, Any]
    modes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """A ballot that may be counted: its values in the order of the variables, and its texts."""

    key: str
    mode: str
    row: tuple[int, ...]
    texts: tuple[tuple[str, str], ...]
    orders: Mapping[str, int]


class Judge:
    """Says of each unsealed ballot of one study whether it may be counted."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        host_key: Ed25519PublicKey,
        earlier: Sequence[Questionnaire] = (),
    ) -> None:
        """Ballots may also belong to an ``earlier`` version of the study.

        What an earlier version did not ask was not shown to those who answered it.
        """
        self._study, self._host_key = questionnaire.study.id, host_key
        versions = (questionnaire, *earlier)
        self._instruments = {known.instrument.hash: known.instrument for known in versions}
        self._names = [variable.name for variable in questionnaire.codebook.variables]
        free = [q.id for q in questionnaire.codebook if q.scale is Scale.TEXT]
        self._free = frozenset(free)

    def judge(self, payload: bytes) -> Judged:
        """The ballot of an unsealed payload; raises ``BallotError`` with the reason otherwise.

        A ballot that nothing foresaw has the reason ``unexpected``: one ballot must never keep
        the others from being opened.
        """
        try:
            return self._encoded(self._checked(ballot.decode(payload, self._host_key)))
        except BallotError:
            raise
        except Exception as error:
            raise BallotError("unexpected", f"{type(error).__name__}") from error

    def _encoded(self, found: Ballot) -> Judged:
        instrument = self._instruments[found.instrument]
        asked = instrument.encode(found.answers, text=found.text)
        row = tuple(asked.get(name, int(Missing.NOT_SHOWN)) for name in self._names)
        written = instrument.free_texts(found.answers)
        if unknown := written.keys() - self._free:
            raise BallotError("unexpected", f"a text without a question: {sorted(unknown)}")
        return Judged(found.key, found.mode, row, tuple(written.items()), dict(found.orders))

    def _checked(self, found: Ballot) -> Ballot:
        if found.study != self._study:
            raise BallotError("study")
        if found.mode not in ballot.MODES or not isinstance(found.key, str):
            raise BallotError("format")
        if found.mode == "rehearsal":
            raise BallotError("rehearsal")
        instrument = self._instruments.get(found.instrument)
        if instrument is None:
            raise BallotError("instrument")
        try:
            if not isinstance(found.text, str):
                raise BallotError("answers")
            instrument.check_answers(found.answers, text=found.text)
            ballot.check_orders(instrument, found.orders)
        except AnswerError:
            raise BallotError("answers") from None
        return found


class Tally:
    """Collects the accepted ballots of one study."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        host_key: Ed25519PublicKey,
        earlier: Sequence[Questionnaire] = (),
    ) -> None:
        """An empty tally; ballots may also belong to an ``earlier`` version of the study."""
        self._judge = Judge(questionnaire, host_key, earlier)
        codebook = questionnaire.codebook
        self._seen: set[str] = set()
        self._names = [variable.name for variable in codebook.variables]
        # Numbers and dates need 32 bits. One row after the other: a column each costs its append.
        self._rows = array("i")
        free = [question.id for question in codebook if question.scale is Scale.TEXT]
        self._texts: dict[str, list[str]] = {id: [] for id in free}
        self._modes: Counter[str] = Counter()
        self._orders = OrderCounts(questionnaire)

    def add(self, payload: bytes) -> None:
        """Judge one ballot and take it in; raises ``BallotError`` if it is not accepted."""
        self.take_in(self._judge.judge(payload))

    def take_in(self, judged: Judged) -> None:
        """Take in a judged ballot as a whole or not at all.

        Raises ``BallotError`` with the reason ``duplicate`` if its key was taken in before.
        """
        if judged.key in self._seen:
            raise BallotError("duplicate")
        known = len(self._rows)
        try:
            self._rows.extend(judged.row)
            self._orders.add(judged.orders, dict(zip(self._names, judged.row, strict=True)))
        except Exception as error:
            del self._rows[known:]
            raise BallotError("unexpected", f"{type(error).__name__}") from error
        # Nothing below can fail.
        for id, text in judged.texts:
            self._texts[id].append(text)
        self._seen.add(judged.key)
        self._modes[judged.mode] += 1

    def parted(self) -> Parted:
        """What was accepted, in an order drawn now."""
        ballots = self._modes.total()
        places = list(range(ballots))
        _shuffle(places)
        width, rows = len(self._names), array("i")
        for place in places:
            rows += self._rows[place * width : (place + 1) * width]
        columns = {name: rows[column::width] for column, name in enumerate(self._names)}
        texts = {id: list(found) for id, found in self._texts.items()}
        for found in texts.values():
            _shuffle(found)
        return Parted(ballots, columns, texts, self._orders.to_raw(), self._modes)


class OrderCounts:
    """Counts of values by shown order and variable, for shuffled lists, pages and blocks."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        """Counts of nothing yet."""
        self._variables: dict[str, list[str]] = {}
        self._shown: dict[str, list[int]] = {}
        self._moving: dict[str, list[str]] = {}
        self._counts: dict[str, dict[str, list[Counter[int]]]] = {}
        for shuffle in questionnaire.instrument.shuffles:
            if shuffle.length > 1:
                orders = range(len(shuffle.orders))
                self._shown[shuffle.name] = [0 for _ in orders]
                self._moving[shuffle.name] = list(shuffle.moving)
                self._counts[shuffle.name] = {
                    name: [Counter() for _ in orders] for name in shuffle.variables
                }

    def add(self, orders: Mapping[str, int], row: Mapping[str, int]) -> None:
        """Count one ballot, in all places or in none."""
        known = [(id, drawn) for id, drawn in orders.items() if id in self._shown]
        places = [
            (counts[drawn], row[name])
            for id, drawn in known
            for name, counts in self._counts[id].items()
        ]
        for id, drawn in known:
            self._shown[id][drawn] += 1
        for counter, value in places:
            counter[value] += 1

    def to_raw(self) -> dict[str, Any]:
        """By name: ``shown`` (ballots per order), ``moving`` (codes of the entries that change
        places), ``values`` (variable, order, value, count)."""
        return {
            id: {
                "shown": shown,
                "moving": self._moving[id],
                "values": {
                    name: [{str(value): n for value, n in sorted(c.items())} for c in counts]
                    for name, counts in self._counts[id].items()
                },
            }
            for id, shown in self._shown.items()
        }


def _shuffle(values: MutableSequence[Any]) -> None:
    secrets.SystemRandom().shuffle(values)

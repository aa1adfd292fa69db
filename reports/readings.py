"""What pages of a reading study need: passages with stances, in the order of the texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reports.estimates import Estimate, Results
from reports.summaries import Distribution, distributions
from survey.codebook import Question, Scale

PERCENT_NEEDS = 30
"""Replies below which a passage has no shares: a per cent would feign precision."""


COUNTED = (
    "Gezählt werden Rückmeldungen je Text, nicht Menschen: Jeder Text wird für sich gelesen und "
    "für sich abgesendet."
)
"""What n means; on the first page and under every table."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage under review: its words and what was replied.

    ``replies`` are the ballots of its text that showed it, ``distribution`` is None where the
    gate keeps the stances back. ``place`` is that of the disagreement as counted, most disputed
    first; it says nothing about other readers.
    """

    question: Question
    replies: int
    distribution: Distribution | None
    disagreement: Estimate | None
    place: Estimate | None

    @property
    def title(self) -> str:
        """The heading of the passage."""
        return self.question.title or self.question.id

    @property
    def has_shares(self) -> bool:
        """Whether there are enough stances for shares."""
        return self.distribution is not None and self.valid >= PERCENT_NEEDS

    @property
    def is_rejected(self) -> bool:
        """Whether more than half of the stances want the passage otherwise.

        A scale runs from low to high: its steps below the middle object. Of stances without order
        the first one leaves the passage as it is, and each further one asks for something.
        """
        if self.distribution is None or not self.has_shares:
            return False
        shares = [share.value or 0.0 for _, share in self.distribution.steps]
        if self.question.scale is Scale.ORDINAL:
            return sum(shares[: len(shares) // 2]) > 0.5
        return sum(shares[1:]) > 0.5

    @property
    def valid(self) -> int:
        """Number of stances."""
        return (self.distribution.base.base_n or 0) if self.distribution is not None else 0


@dataclass(frozen=True, slots=True)
class Text:
    """One base text with its passages; ``replies`` counts ballots about this text."""

    title: str
    passages: tuple[Passage, ...]

    @property
    def replies(self) -> int:
        """Ballots about this text; 0 where none may be shown."""
        return max((passage.replies for passage in self.passages), default=0)


def texts(results: Results) -> tuple[Text, ...]:
    """All texts in the order of the questionnaire."""
    found = [_passage(results, question) for question in results.release.codebook if _is(question)]
    parts = groupby(found, key=lambda passage: passage.question.part)
    return tuple(Text(title, tuple(passages)) for title, passages in parts)


def _is(question: Question) -> bool:
    return question.task == "passage" and question.scale is not Scale.TEXT


def _passage(results: Results, question: Question) -> Passage:
    name = question.variables[0].name
    missing = [row.base_n or 0 for row in results.select(name, "missing", "")]
    shown = distributions(results, question)
    distribution = shown[0] if shown else None
    valid = (distribution.base.base_n or 0) if distribution else 0
    return Passage(
        question=question,
        replies=max((*missing, valid)),
        distribution=distribution,
        disagreement=_known(results.find(name, "disagreement")),
        place=_known(results.find(name, "disputed_place")),
    )


def _known(row: Estimate | None) -> Estimate | None:
    return row if row is not None and row.value is not None else None


def disputed(found: Sequence[Text], most: int = 10) -> tuple[Passage, ...]:
    """The passages with the highest places; all that share the last place, or none of them."""
    passages = [passage for text in found for passage in text.passages]
    placed = [(p.place.value or 0.0, p) for p in passages if p.place is not None and p.has_shares]
    placed.sort(key=lambda entry: entry[0])
    if len(placed) > most:
        last = placed[most][0]
        placed = [entry for entry in placed[:most] if entry[0] < last or entry[0] == placed[0][0]]
    return tuple(passage for _, passage in placed)

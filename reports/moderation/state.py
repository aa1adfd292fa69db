"""Where the moderation of a data set stands, folded from the acts of its journal.

Texts are named by question and number (from 1, in the random order of the data set); no act
holds the words that were taken out of a text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from reports.moderation.flags import Flag, Kind
from reports.moderation.journal import Act

NO_THEME = "none"
"""What a coder says of a text that fits no theme."""

PEOPLE = 2
"""How many different people must agree."""


class Decision(StrEnum):
    """What one person says about one text."""

    CLEAN = "clean"
    REDACT = "redact"
    WITHHOLD = "withhold"


class Status(StrEnum):
    """Where a text stands: two different people have to say the same."""

    OPEN = "open"
    ONE = "one"
    DISPUTED = "disputed"
    CLEAN = "clean"
    REDACTED = "redacted"
    WITHHELD = "withheld"


SETTLED = (Status.CLEAN, Status.REDACTED, Status.WITHHELD)
_STATUS = {
    Decision.CLEAN: Status.CLEAN,
    Decision.REDACT: Status.REDACTED,
    Decision.WITHHOLD: Status.WITHHELD,
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A decision with the places that are to be taken out."""

    decision: Decision
    spans: tuple[Flag, ...] = ()


@dataclass
class TextState:
    """What is known about one text; every mapping is by person, the latest counts."""

    judgements: dict[str, Judgement] = field(default_factory=dict)
    codings: dict[str, frozenset[str]] = field(default_factory=dict)
    agreed: frozenset[str] | None = None
    quotes: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Settled as soon as at least two people agree and nobody says otherwise."""
        said = set(self.judgements.values())
        if len(self.judgements) < PEOPLE:
            return Status.ONE if said else Status.OPEN
        return _STATUS[next(iter(said)).decision] if len(said) == 1 else Status.DISPUTED

    @property
    def spans(self) -> tuple[Flag, ...]:
        """What both have taken out; only for a settled text."""
        return next(iter(self.judgements.values())).spans if self.judgements else ()

    @property
    def themes(self) -> frozenset[str] | None:
        """The themes that count: agreed upon, or given by everybody who coded; else None."""
        if self.agreed is not None:
            return self.agreed
        given = set(self.codings.values())
        return next(iter(given)) if len(given) == 1 else None


@dataclass(frozen=True, slots=True)
class Theme:
    """One entry of a code frame."""

    code: str
    label: str
    definition: str = ""


@dataclass
class Paraphrase:
    """A sentence of the moderators that says what texts under a theme say."""

    text: str
    by: str
    approved: set[str] = field(default_factory=set)

    @property
    def is_released(self) -> bool:
        """Whether a second person has approved it."""
        return bool(self.approved - {self.by})


@dataclass
class QuestionState:
    """The code frame, the texts by number and the paraphrases by theme of one question."""

    themes: dict[str, Theme] = field(default_factory=dict)
    texts: dict[int, TextState] = field(default_factory=dict)
    paraphrases: dict[str, list[Paraphrase]] = field(default_factory=dict)

    def text(self, number: int) -> TextState:
        """The state of a text; an empty one if nobody has touched it."""
        return self.texts.get(number) or TextState()


State = dict[str, QuestionState]


def fold(state: State, acts: Iterable[Act], fingerprint: str) -> State:
    """The state by question after further acts about one data set; ``state`` is changed."""
    for act in acts:
        if act["data_set"] == fingerprint and act["act"] in _FOLDS:
            _FOLDS[act["act"]](state.setdefault(act["question"], QuestionState()), act)
    return state


def _text(question: QuestionState, act: Act) -> TextState:
    return question.texts.setdefault(act["text"], TextState())


def _judge(question: QuestionState, act: Act) -> None:
    spans = tuple(Flag(start, end, Kind(kind)) for start, end, kind in act["spans"])
    text = _text(question, act)
    text.judgements[act["by"]] = Judgement(Decision(act["decision"]), spans)


def _code(question: QuestionState, act: Act) -> None:
    text = _text(question, act)
    text.codings[act["by"]] = frozenset(act["themes"])
    # A new opinion reopens what had been agreed.
    text.agreed = None


def _agree(question: QuestionState, act: Act) -> None:
    _text(question, act).agreed = frozenset(act["themes"])


def _theme(question: QuestionState, act: Act) -> None:
    question.themes[act["code"]] = Theme(act["code"], act["label"], act["definition"])


def _paraphrase(question: QuestionState, act: Act) -> None:
    found = question.paraphrases.setdefault(act["theme"], [])
    found.append(Paraphrase(act["sentence"], act["by"]))


def _approve(question: QuestionState, act: Act) -> None:
    question.paraphrases[act["theme"]][act["place"] - 1].approved.add(act["by"])


def _quote(question: QuestionState, act: Act) -> None:
    _text(question, act).quotes[act["by"]] = act["shown"]


_FOLDS: Mapping[str, Any] = {
    "judge": _judge,
    "code": _code,
    "agree": _agree,
    "theme": _theme,
    "paraphrase": _paraphrase,
    "approve": _approve,
    "quote": _quote,
}
"""What every act does; acts that are not named here (a release) change no text."""

"""The room in which two people moderate the free texts of a data set.

Every act goes through here, from the command line and from a page alike: it is checked against
what has been done so far and appended to the journal. Nothing here shows a text to anybody but
the moderators; :mod:`reports.moderation.release` says what leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from reports.errors import ReportError
from reports.moderation.flags import ALWAYS, Flag, Lists, flags, read_lists, redacted
from reports.moderation.journal import Act, Journal
from reports.moderation.state import (
    NO_THEME,
    SETTLED,
    Decision,
    QuestionState,
    State,
    Status,
    TextState,
    fold,
)
from survey.codebook import Role
from survey.dataset import DataSet
from survey.home import Home
from survey.texts import read_texts

REASONS = ("name", "contact", "recognisable", "insult", "off_topic", "unreadable", "checked")
"""Why a text is redacted or withheld, or why flags were left; never the words themselves."""

FOLDER = "moderation"


@dataclass
class Room:
    """The moderation of one data set: its texts, the journal, and the lists to look for."""

    data_set: DataSet
    journal: Journal
    lists: Lists
    today: date
    _state: State = field(default_factory=dict, init=False, repr=False)
    _folded: int = field(default=0, init=False, repr=False)

    @classmethod
    def of(cls, home: Home, data_set: DataSet, today: date) -> Room:
        """The room of a data set; journal and lists lie in ``moderation/`` of the home."""
        units = [
            code.label
            for question in data_set.codebook
            if question.role in (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT)
            for code in question.variables[0].answers
        ]
        folder = home.path / FOLDER
        journal = Journal(folder / f"{data_set.study.id}.jsonl")
        return cls(data_set, journal, read_lists(folder, units), today)

    @cached_property
    def texts(self) -> Mapping[str, tuple[str, ...]]:
        """The texts as they were written, by question; for moderators only."""
        return read_texts(self.data_set)

    def state(self) -> State:
        """Where everything stands now; to be read only."""
        return self._after(self.journal.acts())

    def _after(self, acts: Sequence[Act]) -> State:
        fold(self._state, acts[self._folded :], self.data_set.fingerprint)
        self._folded = len(acts)
        return self._state

    def written(self, question: str, number: int) -> str:
        """A text as it was written; raises ``ReportError`` if there is none."""
        found = self.texts.get(question)
        if found is None:
            known = ", ".join(self.texts) or "none"
            raise ReportError(f"there is no question {question} with free texts; known: {known}")
        if not 0 < number <= len(found):
            raise ReportError(f"{question} has {len(found)} texts; there is no number {number}")
        return found[number - 1]

    def flags(self, question: str, number: int) -> tuple[Flag, ...]:
        """What in a text may point to a person."""
        return flags(self.written(question, number), self.lists)

    def shown(self, question: str, number: int, text: TextState) -> str:
        """A text as it may be shown to whoever codes: without what was taken out."""
        return redacted(self.written(question, number), text.spans)

    # -- what people do -----------------------------------------------------------------------

    def judge(
        self,
        question: str,
        number: int,
        by: str,
        decision: Decision,
        reasons: Sequence[str] = (),
        spans: Iterable[Flag] = (),
    ) -> Act:
        """One person's decision about one text; a later one of the same person replaces it."""
        written, places = self.written(question, number), tuple(sorted(spans))
        for span in places:
            if not 0 <= span.start < span.end <= len(written):
                raise ReportError(f"the text has {len(written)} characters: {span} is not in it")
        if (decision is Decision.REDACT) != bool(places):
            raise ReportError("to redact means to name places; nothing else names any")
        if unknown := sorted(set(reasons) - set(REASONS)):
            raise ReportError(f"unknown reason {unknown[0]}; known are {', '.join(REASONS)}")
        if not reasons and decision is not Decision.CLEAN:
            raise ReportError(f"a reason is missing; known are {', '.join(REASONS)}")
        left = flags(redacted(written, places), self.lists)
        if left and decision is not Decision.WITHHOLD and "checked" not in reasons:
            kinds = ", ".join(dict.fromkeys(flag.kind.value for flag in left))
            raise ReportError(
                f"{question} {number} still holds what may point to a person ({kinds}): redact "
                "it, or give the reason “checked” if it points to nobody"
            )
        return self._add(
            by,
            "judge",
            question,
            text=number,
            decision=decision.value,
            reasons=sorted(reasons),
            spans=[[span.start, span.end, span.kind.value] for span in places],
        )

    def theme(self, question: str, by: str, code: str, label: str, definition: str = "") -> Act:
        """A theme of the code frame, new or with other words."""
        self.written(question, 1)
        if not code.isidentifier() or code == NO_THEME:
            raise ReportError(f"“{code}” is no short name for a theme: letters, digits, _")
        return self._add(by, "theme", question, code=code, label=label, definition=definition)

    def code(self, question: str, number: int, by: str, themes: Iterable[str]) -> Act:
        """One person's themes of one text; ``none`` for a text that fits no theme."""
        return self._coded("code", question, number, by, themes)

    def agree(self, question: str, number: int, by: str, themes: Iterable[str]) -> Act:
        """The themes that coders who differed have agreed upon."""

        def differ(state: QuestionState) -> None:
            if len(set(state.text(number).codings.values())) < 2:
                raise ReportError(f"{question} {number}: nobody differs about this text")

        return self._coded("agree", question, number, by, themes, differ)

    def paraphrase(self, question: str, theme: str, by: str, sentence: str) -> Act:
        """A sentence that says what texts under a theme say; it needs a second person."""
        found = flags(sentence, self.lists)
        if any(flag.kind in ALWAYS for flag in found):
            raise ReportError("the paraphrase names a person or a contact")

        def known(state: QuestionState) -> None:
            if theme not in state.themes:
                raise ReportError(f"{question} has no theme {theme}")

        return self._add(by, "paraphrase", question, known, theme=theme, sentence=sentence)

    def approve(self, question: str, theme: str, place: int, by: str) -> Act:
        """A second person's consent to a paraphrase, counted from 1 within its theme."""

        def second(state: QuestionState) -> None:
            found = state.paraphrases.get(theme, [])
            if not 0 < place <= len(found):
                raise ReportError(f"{question}: {theme} has {len(found)} paraphrases")
            if found[place - 1].by == _person(by):
                raise ReportError("a paraphrase is approved by somebody who has not written it")

        return self._add(by, "approve", question, second, theme=theme, place=place)

    def quote(self, question: str, number: int, by: str) -> Act:
        """One person's consent that a text is quoted as it is shown now; two have to give it."""
        written, shown = self.written(question, number), ""

        def settled(state: QuestionState) -> None:
            text = state.text(number)
            if text.status not in (Status.CLEAN, Status.REDACTED):
                raise ReportError(f"{question} {number} is {text.status.value}: no quote")
            nonlocal shown
            shown = redacted(written, text.spans)
            if any(flag.kind in ALWAYS for flag in flags(shown, self.lists)):
                raise ReportError(f"{question} {number} may name a person or a contact: no quote")

        return self._add(by, "quote", question, settled, text=number, shown=lambda: digest(shown))

    def _coded(
        self,
        act: str,
        question: str,
        number: int,
        by: str,
        themes: Iterable[str],
        check: Callable[[QuestionState], None] = lambda _state: None,
    ) -> Act:
        self.written(question, number)
        wanted = sorted(set(themes))

        def known(state: QuestionState) -> None:
            text = state.text(number)
            # Whoever has read it as a moderator may code it; all others see what is settled.
            if text.status not in SETTLED and _person(by) not in text.judgements:
                raise ReportError(
                    f"{question} {number}: judge it first, or wait until two people have"
                )
            unknown = [code for code in wanted if code not in (*state.themes, NO_THEME)]
            if unknown or not wanted or (NO_THEME in wanted and len(wanted) > 1):
                frame = ", ".join((*state.themes, NO_THEME))
                raise ReportError(
                    f"{question} has these themes: {frame}; “{NO_THEME}” stands alone"
                )
            check(state)

        return self._add(by, act, question, known, text=number, themes=wanted)

    def _add(
        self,
        by: str,
        act: str,
        question: str,
        check: Callable[[QuestionState], None] = lambda _state: None,
        **values: Any,
    ) -> Act:
        person = _person(by)

        def make(acts: Sequence[Act]) -> Act:
            check(self._after(acts).get(question) or QuestionState())
            rest = {name: value() if callable(value) else value for name, value in values.items()}
            return {
                "act": act,
                "at": self.today.isoformat(),
                "by": person,
                "data_set": self.data_set.fingerprint,
                "question": question,
                **rest,
            }

        return self.journal.add(make)


def digest(text: str) -> str:
    """What an act says about a text that it consents to: other words need a new consent.

    Only texts that may be quoted are named so.
    """
    return hashlib.sha256(text.encode()).hexdigest()


def _person(by: str) -> str:
    person = " ".join(by.split()).casefold()
    if len(person) < 2:
        raise ReportError("every act needs the name of the person who does it")
    return person

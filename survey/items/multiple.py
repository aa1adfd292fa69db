"""Any number of answers out of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import SelectMultipleField

from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.items.base import Answer
from survey.items.listed import known, labels, longest_code
from survey.items.mistake import Mistake
from survey.items.open_choice import OpenChoice
from survey.items.single import UNKNOWN

CHECKED = (Code(1, "yes", "genannt"), Code(0, "no", "nicht genannt"))
"""What a variable of a multiple choice can say, besides the reasons that were offered."""


class Multiple(OpenChoice):
    """A choice of several options; exclusive options and reasons go with no other."""

    template: ClassVar[str] = "multiple.html"
    type: Literal["multiple"]
    example: ClassVar[str] = """\
- id: ways
  type: multiple
  text: Wie erreichen Sie uns?
  at_most: 2
  options:
    - {code: counter, label: am Schalter}
    - {code: phone, label: am Telefon}
    - {code: online, label: im Netz}
    - {code: never, label: gar nicht, exclusive: true}
"""
    at_most: int | None = Field(
        default=None, ge=1, description="How many options may be chosen.", examples=[3]
    )

    def fields(self) -> Mapping[str, FormField]:
        """One field that takes several values, and one for words of one's own."""
        several = SelectMultipleField(self.text, choices=labels(self.options))
        return {self.id: several, **self._other_fields()}

    @cached_property
    def clearable(self) -> frozenset[str]:
        """Nothing: a tick is taken away as it was made."""
        return frozenset()

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The chosen codes in the author's order; words alone choose their option."""
        sent, words = data.get(self.id) or (), self._words(data)
        codes = [o.code for o in self.options if o.code in sent or (words and o.other)]
        if words:
            return self._with_words(codes, words)
        return codes or None

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """Combinations that exclude each other, too many choices, and words too long."""
        if found := self._long_words(data):
            return found
        answer = self.read(data)
        sentences = () if answer is None else self.mistakes(answer)
        return {self.id: sentences[0]} if sentences else {}

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The chosen codes under the item's name, and the words of one's own."""
        return {self.id: list(answer), **self._written(answer)}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Sentences about unknown codes, repetitions, exclusive options and too many choices."""
        if isinstance(answer, dict):
            return self._mistakes(list(answer)) if self._are_words(answer) else (UNKNOWN,)
        return self._mistakes(answer) if isinstance(answer, list) and answer else (UNKNOWN,)

    def _mistakes(self, codes: Sequence[object]) -> tuple[str, ...]:
        chosen = [known(self.by_code, code) for code in codes]
        found = tuple(option for option in chosen if option)
        if len(found) < len(codes):
            return (UNKNOWN,)
        if len({option.code for option in found}) < len(found):
            return (Mistake("Eine Antwort ist doppelt angegeben."),)
        alone = [option for option in found if option.exclusive or option.missing]
        if alone and len(found) > 1:
            return (
                Mistake(
                    "„%(name)s“ lässt sich nicht mit anderen Antworten verbinden.",
                    name=alone[0].label,
                ),
            )
        if self.at_most and len(found) > self.at_most:
            return (
                Mistake("Bitte wählen Sie höchstens %(most)s Antworten aus.", most=self.at_most),
            )
        return ()

    def questions(self) -> tuple[Question, ...]:
        """One question with a variable per option that is an answer."""
        codes = (*CHECKED, *(code for code in self.codes if code.missing))
        variables = tuple(
            Variable(self.names[option.code], option.label, Scale.CHECK, codes, option.code)
            for option in self.choices
        )
        return (
            Question(
                self.id,
                self.text,
                Scale.CHECK,
                self.role,
                variables,
                title=self.title,
                sensitive=self.sensitive,
            ),
            *self._other_questions(),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """1 for a chosen option, 0 for one that was not; a reason stands in every variable."""
        names = self.names
        if answer is None:
            return dict.fromkeys(names.values(), int(Missing.SKIPPED))
        reason = next((self.values[o.code] for o in self.reasons if o.code in answer), None)
        if reason is not None:
            return dict.fromkeys(names.values(), reason)
        return {name: int(code in answer) for code, name in names.items()}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The chosen codes, with the words of one's own."""
        ticks = {code: row[name] for code, name in self.names.items()}
        reason = min(ticks.values(), default=0)
        if reason < 0:
            return [o.code for o in self.reasons if self.values[o.code] == reason] or None
        codes = [code for code, tick in ticks.items() if tick == 1]
        words = texts.get(self.other_question, "")
        if words and self.other and self.other.code in codes:
            return self._with_words(codes, words)
        return codes or None

    def longest(self) -> Answer:
        """All options that go together, or the longest of those that stand alone."""
        free = sorted(
            (o for o in self.choices if not o.exclusive),
            key=lambda option: (option.other, len(option.code)),
            reverse=True,
        )[: self.at_most]
        together = [option.code for option in self.options if option in free]
        # The shortest limit for words is longer than any code that has to stay behind for them.
        if self.other in free:
            return self._with_words(together, self._longest_words)
        alone = longest_code([o for o in self.options if o.exclusive or o.missing])
        return max([alone], together, key=lambda codes: len(str(codes)))

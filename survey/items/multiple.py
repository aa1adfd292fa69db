"""Any number of answers out of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import SelectMultipleField

from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.items.base import Answer
from survey.items.listed import Listed, known, labels, longest_code
from survey.items.single import UNKNOWN

CHECKED = (Code(1, "yes", "genannt"), Code(0, "no", "nicht genannt"))
"""What a variable of a multiple choice can say, besides the reasons that were offered."""


class Multiple(Listed):
    """A choice of several options; exclusive options and reasons go with no other."""

    template: ClassVar[str] = "multiple.html"
    type: Literal["multiple"]
    at_most: int | None = Field(default=None, ge=1)

    def fields(self) -> Mapping[str, FormField]:
        """One field that takes several values."""
        return {self.id: SelectMultipleField(self.text, choices=labels(self.options))}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The chosen codes in the author's order."""
        sent = data.get(self.id) or ()
        known = [option.code for option in self.options if option.code in sent]
        return known or None

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """Combinations that exclude each other, and too many choices."""
        answer = self.read(data)
        found = () if answer is None else self.mistakes(answer)
        return {self.id: " ".join(found)} if found else {}

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The chosen codes under the item's name."""
        return {self.id: list(answer)}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Sentences about unknown codes, repetitions, exclusive options and too many choices."""
        if not isinstance(answer, list) or not answer:
            return (UNKNOWN,)
        chosen = [known(self.by_code, code) for code in answer]
        found = tuple(option for option in chosen if option)
        if len(found) < len(answer):
            return (UNKNOWN,)
        if len({option.code for option in found}) < len(found):
            return ("Eine Antwort ist doppelt angegeben.",)
        alone = [option for option in found if option.exclusive or option.missing]
        if alone and len(found) > 1:
            return (f"„{alone[0].label}“ lässt sich nicht mit anderen Antworten verbinden.",)
        if self.at_most and len(found) > self.at_most:
            return (f"Bitte wählen Sie höchstens {self.at_most} Antworten aus.",)
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

    def longest(self) -> Answer:
        """All options that go together, or the longest of those that stand alone."""
        free = sorted((o.code for o in self.choices if not o.exclusive), key=len, reverse=True)[
            : self.at_most
        ]
        alone = longest_code([o for o in self.options if o.exclusive or o.missing])
        together = [option.code for option in self.options if option.code in free]
        return max([alone], together, key=lambda codes: len(str(codes)))

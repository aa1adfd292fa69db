"""One answer out of a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from wtforms import Field as FormField
from wtforms import RadioField
from wtforms.validators import Optional

from survey.codebook import Missing, Question, Scale, Variable
from survey.items.base import Answer
from survey.items.listed import Listed, known, labels, longest_code, text_in

UNKNOWN = "Diese Antwort gehört nicht zu den angebotenen."
"""Said about anything that no form of ours can send."""


class Single(Listed):
    """A choice of exactly one option."""

    template: ClassVar[str] = "single.html"
    type: Literal["single"]

    def fields(self) -> Mapping[str, FormField]:
        """One radio field."""
        return {self.id: RadioField(self.text, [Optional()], choices=labels(self.options))}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The chosen code."""
        return text_in(data, self.id) or None

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The chosen code under the item's name."""
        return {self.id: [str(answer)]}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """One sentence if the answer is no code of the list."""
        return () if known(self.by_code, answer) else (UNKNOWN,)

    def questions(self) -> tuple[Question, ...]:
        """One question with one variable."""
        scale = self._scale()
        variable = Variable(self.id, self.text, scale, self.codes)
        return (
            Question(
                self.id,
                self.text,
                scale,
                self.role,
                (variable,),
                title=self.title,
                sensitive=self.sensitive,
            ),
        )

    def _scale(self) -> Scale:
        return Scale.NOMINAL

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The value of the chosen code."""
        return {self.id: int(Missing.SKIPPED) if answer is None else self.values[str(answer)]}

    def longest(self) -> Answer:
        """The longest code."""
        return longest_code(self.options)

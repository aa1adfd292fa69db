"""One answer out of a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Missing, Question, Scale, Variable
from survey.items.base import Answer
from survey.items.chosen import Chosen
from survey.items.listed import known, labels, longest_code, text_in
from survey.items.mistake import Mistake
from survey.items.open_choice import OpenChoice

UNKNOWN = Mistake("Diese Antwort gehört nicht zu den angebotenen.")
"""Said about anything that no form of ours can send."""


class Single(OpenChoice):
    """A choice of exactly one option."""

    template: ClassVar[str] = "single.html"
    type: Literal["single"]
    example: ClassVar[str] = """\
- id: bicycle
  type: single
  text: Sind Sie heute mit dem Fahrrad gekommen?
  options:
    - {code: yes, label: ja}
    - {code: no, label: nein}
"""

    def fields(self) -> Mapping[str, FormField]:
        """One radio field, and a text field beside the option with words of one's own."""
        radio = Chosen(self.text, [Optional()], choices=labels(self.options))
        return {self.id: radio, **self._other_fields()}

    @cached_property
    def is_one_code(self) -> bool:
        """Unless an option asks for words of one's own."""
        return self.other is None

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The chosen code; words alone choose their option."""
        code, words = text_in(data, self.id), self._words(data)
        if words and self.other and code in ("", self.other.code):
            return {self.other.code: words}
        return code or None

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """Words beside another option, and words that are too long."""
        chosen = known(self.by_code, text_in(data, self.id))
        if chosen and self.other and chosen != self.other and self._words(data):
            sentence = Mistake(
                "Sie haben „%(chosen)s“ ausgewählt und zugleich bei „%(other)s“ etwas "
                "geschrieben. Bitte entscheiden Sie sich für eines von beiden.",
                chosen=chosen.label,
                other=self.other.label,
            )
            return {self.other_field: sentence}
        return self._long_words(data)

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The chosen code under the item's name, and the words of one's own."""
        return {self.id: list(self.picked(answer)), **self._written(answer)}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """One sentence if the answer is no code of the list, or its words are not allowed."""
        if isinstance(answer, dict):
            return () if len(answer) == 1 and self._are_words(answer) else (UNKNOWN,)
        return () if known(self.by_code, answer) else (UNKNOWN,)

    def questions(self) -> tuple[Question, ...]:
        """One question with one variable, and one for words of one's own."""
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
            *self._other_questions(),
        )

    def _scale(self) -> Scale:
        return Scale.NOMINAL

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The value of the chosen code."""
        if answer is None:
            return {self.id: int(Missing.SKIPPED)}
        return {self.id: self.values[self.picked(answer)[0]]}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The chosen code, with the words of one's own."""
        code = self._codes_by_value.get(row[self.id])
        words = texts.get(self.other_question, "")
        if code and words and self.other and code == self.other.code:
            return {code: words}
        return code

    @cached_property
    def _codes_by_value(self) -> Mapping[int, str]:
        return {value: code for code, value in self.values.items()}

    def longest(self) -> Answer:
        """The longest words of one's own, or the longest code."""
        if self.other:
            return {self.other.code: self._longest_words}
        return longest_code(self.options)

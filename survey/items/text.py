"""An answer in the respondent's own words, with a fixed maximum length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import TextAreaField

from survey.codebook import Question, Scale, Variable
from survey.items.base import Answer, Item
from survey.items.listed import text_in
from survey.items.single import UNKNOWN
from survey.items.written import WIDEST, clean_text, text_mistakes

__all__ = ["Text", "clean_text"]


class Text(Item):
    """A free text of at most ``max_length`` characters after cleaning."""

    template: ClassVar[str] = "text.html"
    type: Literal["text"]
    example: ClassVar[str] = """\
- id: words
  type: text
  role: open_text
  text: Was sollte sich zuerst ändern?
  max_length: 500
"""
    max_length: int = Field(
        default=1000, ge=1, le=10_000, description="Most characters of an answer.", examples=[500]
    )
    rows: int = Field(default=6, ge=1, le=40, description="Height of the field.", examples=[4])

    def fields(self) -> Mapping[str, FormField]:
        """One text area."""
        return {self.id: TextAreaField(self.text)}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The cleaned text."""
        return clean_text(text_in(data, self.id)) or None

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """The one thing that can be wrong: too long."""
        answer = self.read(data)
        found = () if answer is None else self.mistakes(answer)
        return {self.id: found[0]} if found else {}

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The text under the item's name."""
        return {self.id: [str(answer)]}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """One sentence if the text is too long or was not cleaned."""
        if not isinstance(answer, str) or not answer:
            return (UNKNOWN,)
        return text_mistakes(answer, self.max_length)

    def questions(self) -> tuple[Question, ...]:
        """One question; its variable is stored apart from the rows."""
        variable = Variable(self.id, self.text, Scale.TEXT)
        return (
            Question(
                self.id,
                self.text,
                Scale.TEXT,
                self.role,
                (variable,),
                title=self.title,
                sensitive=self.sensitive,
            ),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """Nothing: free text is stored apart."""
        return {}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The text that was stored apart."""
        return texts.get(self.id)

    def texts(self, answer: Answer) -> Mapping[str, str]:
        """The text itself."""
        return {self.id: str(answer)}

    @property
    def text_lengths(self) -> Mapping[str, int]:
        """The text's maximum."""
        return {self.id: self.max_length}

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The text itself."""
        return str(answer)

    def longest(self) -> Answer:
        """The maximum number of the widest characters."""
        return WIDEST * self.max_length

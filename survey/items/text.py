"""An answer in the respondent's own words, with a fixed maximum length."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import TextAreaField

from survey.codebook import Question, Scale, Variable
from survey.items.base import Answer, Item
from survey.items.listed import text_in
from survey.items.single import UNKNOWN

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1, except tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of a whole line around
    "\ud800-\udfff\ufffe\uffff]"  # cannot be stored as UTF-8 or printed
)
_WIDEST = "\U0001f600"
"""Four bytes in UTF-8, twelve escaped: no character of a cleaned text takes more in JSON."""


class Text(Item):
    """A free text of at most ``max_length`` characters after cleaning."""

    template: ClassVar[str] = "text.html"
    type: Literal["text"]
    max_length: int = Field(default=1000, ge=1, le=10_000)
    rows: int = Field(default=6, ge=1, le=40)

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
        if len(answer) > self.max_length:
            over = len(answer) - self.max_length
            return (
                f"Ihr Text hat {_count(len(answer))} Zeichen, möglich sind "
                f"{_count(self.max_length)}. Bitte kürzen Sie ihn um {_count(over)} Zeichen.",
            )
        if clean_text(answer) != answer:
            return ("Ihr Text enthält Zeichen, die sich nicht speichern lassen.",)
        return ()

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

    def longest(self) -> Answer:
        """The maximum number of the widest characters."""
        return _WIDEST * self.max_length


def clean_text(text: str) -> str:
    r"""The text with plain line feeds, without control characters and outer blanks.

    >>> clean_text("  Erste Zeile\r\nzweite\x00 Zeile \n")
    'Erste Zeile\nzweite Zeile'
    """
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text)).replace("\t", " ").strip()


def _count(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")

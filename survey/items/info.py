"""A text to read; nothing is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from wtforms import Field as FormField

from survey.codebook import Question
from survey.items.base import Answer, Item
from survey.items.single import UNKNOWN


class Info(Item):
    """Information on a page, headed by ``title``; it has no answer and no variable."""

    template: ClassVar[str] = "info.html"
    type: Literal["info"]
    example: ClassVar[str] = """\
- id: next
  type: info
  title: Wie es weitergeht
  text: Im Herbst berät der Rat über das Ergebnis.
"""

    @property
    def asks(self) -> bool:
        """Never."""
        return False

    def fields(self) -> Mapping[str, FormField]:
        """None."""
        return {}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """Nothing."""
        return None

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """Nothing."""
        return {}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """One sentence about whatever is sent."""
        return (UNKNOWN,)

    def questions(self) -> tuple[Question, ...]:
        """None."""
        return ()

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """Nothing."""
        return {}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """Nothing."""
        return None

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """Nothing."""
        return ""

    def longest(self) -> Answer:
        """Nothing; the item never has an answer."""
        return ""

"""Choices with an option that asks for words of one's own ("other, please say")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import Field
from wtforms import Field as FormField
from wtforms import StringField

from survey.codebook import Question, Role, Scale, Variable
from survey.items.base import Answer, Option
from survey.items.listed import Listed, text_in
from survey.items.written import WIDEST, clean_text, text_mistakes


class OpenChoice(Listed):
    """A choice that may have one option with words of one's own.

    Without such words an answer is what it would be anyway. With them it is a mapping of every
    chosen code to its words, which are empty except for that one option.
    """

    other_length: int = Field(
        default=200,
        ge=20,
        le=2000,
        description="Most characters of the words beside an option with `other`.",
        examples=[100],
    )

    @cached_property
    def other(self) -> Option | None:
        """The option that asks for words."""
        return next((option for option in self.options if option.other), None)

    @property
    def other_field(self) -> str:
        """HTML name of the field for the words."""
        return f"{self.id}.other"

    @property
    def other_question(self) -> str:
        """Id of the question under which the words are stored apart."""
        return f"{self.id}_other_text"

    @cached_property
    def clearable(self) -> frozenset[str]:
        """Everything: words beside an option go with it, because words alone choose that option."""
        return frozenset(self.form_fields)

    def picked(self, answer: Answer, row: str = "") -> tuple[str, ...]:
        """The chosen codes."""
        return (answer,) if isinstance(answer, str) else tuple(answer)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The labels of what was chosen, and the words of one's own."""
        words = answer if isinstance(answer, dict) else {}
        labels = (words.get(code) or self.by_code[code].label for code in self.picked(answer))
        return ", ".join(labels)

    def texts(self, answer: Answer) -> Mapping[str, str]:
        """The words of one's own."""
        words = "".join(answer.values()) if isinstance(answer, dict) else ""
        return {self.other_question: words} if words else {}

    @property
    def text_lengths(self) -> Mapping[str, int]:
        """The greatest length of the words."""
        return {self.other_question: self.other_length} if self.other else {}

    def _other_fields(self) -> Mapping[str, FormField]:
        return {self.other_field: StringField(self.other.label)} if self.other else {}

    def _words(self, data: Mapping[str, Any]) -> str:
        return clean_text(text_in(data, self.other_field)) if self.other else ""

    def _with_words(self, codes: Sequence[str], words: str) -> dict[str, str]:
        other = self.other.code if self.other else ""
        return {code: words if code == other else "" for code in codes}

    def _written(self, answer: Answer) -> Mapping[str, list[str]]:
        texts = self.texts(answer)
        return {self.other_field: list(texts.values())} if texts else {}

    def _long_words(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        if self.other is None:
            return {}
        found = text_mistakes(self._words(data), self.other_length)
        return {self.other_field: found[0]} if found else {}

    def _are_words(self, answer: Mapping[object, object]) -> bool:
        """Whether only the one option has words, and they can be stored."""
        if self.other is None or not answer.get(self.other.code):
            return False
        words = answer[self.other.code]
        rest = [value for code, value in answer.items() if code != self.other.code]
        if not isinstance(words, str) or any(value != "" for value in rest):
            return False
        return not text_mistakes(words, self.other_length)

    def _other_questions(self) -> tuple[Question, ...]:
        if self.other is None:
            return ()
        label = f"{self.text} – {self.other.label}"
        variable = Variable(self.other_question, label, Scale.TEXT)
        title = f"{self.title or self.text} – {self.other.label}"
        return (
            Question(
                self.other_question,
                label,
                Scale.TEXT,
                Role.OPEN_TEXT,
                (variable,),
                title=title,
                sensitive=self.sensitive,
            ),
        )

    @property
    def _longest_words(self) -> str:
        return WIDEST * self.other_length

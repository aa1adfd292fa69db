"""What numbers and dates share: a typed answer, or a reason for having none."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field
from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.items.base import Answer, Option
from survey.items.chosen import Chosen
from survey.items.coded import Coded
from survey.items.listed import known, labels, text_in
from survey.items.mistake import Mistake


class Measured(Coded):
    """An answer that is typed and counted; ``options`` offers reasons such as "don't know"."""

    options: tuple[Option, ...] = Field(
        default=(),
        description="Reasons for no answer, each with `missing`.",
        examples=[[{"code": "dk", "label": "weiß nicht", "missing": "dont_know"}]],
    )

    @property
    def reason_field(self) -> str:
        """HTML name of the radio buttons for the reasons."""
        return f"{self.id}.reason"

    @property
    @abstractmethod
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest value that the data set can hold for this item."""

    @abstractmethod
    def value(self, typed: str) -> int:
        """What the data set stores for a typed answer."""

    @abstractmethod
    def typed(self, value: int) -> str:
        """The typed answer that a value of the data set stands for."""

    @abstractmethod
    def _read_typed(self, data: Mapping[str, Any]) -> str:
        """What was typed, normalised if that is possible; empty if nothing was."""

    @abstractmethod
    def _typed_mistakes(self, typed: str) -> tuple[str, ...]:
        """Why a typed answer is not allowed."""

    @abstractmethod
    def _variable(self, codes: Sequence[Code]) -> Variable:
        """The one variable."""

    def _reason_fields(self) -> Mapping[str, FormField]:
        if not self.options:
            return {}
        return {self.reason_field: Chosen(self.text, [Optional()], choices=labels(self.options))}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The normalised answer, or the code of a reason."""
        return self._read_typed(data) or text_in(data, self.reason_field) or None

    def _reason_beside(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """The mistake of a reason that was ticked although something was typed."""
        reason = known(self.by_code, text_in(data, self.reason_field))
        if reason is None or not self._read_typed(data):
            return {}
        return {
            self.reason_field: Mistake(
                "Sie haben „%(reason)s“ angekreuzt und zugleich etwas eingetragen. "
                "Bitte entscheiden Sie sich für eines von beiden.",
                reason=reason.label,
            )
        }

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Sentences about what was typed; none for a reason that was offered."""
        if known(self.by_code, answer):
            return ()
        return self._typed_mistakes(answer if isinstance(answer, str) else "")

    def questions(self) -> tuple[Question, ...]:
        """One question with one variable that counts."""
        return (
            Question(
                self.id,
                self.text,
                Scale.NUMBER,
                self.role,
                (self._variable(self.codes),),
                title=self.title,
                sensitive=self.sensitive,
            ),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The counted value, or the reason."""
        if answer is None:
            return {self.id: int(Missing.SKIPPED)}
        text = str(answer)
        return {self.id: self.values[text] if text in self.values else self.value(text)}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The typed answer, or the reason."""
        value = row[self.id]
        if value >= 0:
            return self.typed(value)
        return next((code for code, stored in self.values.items() if stored == value), None)

    def _longest_of(self, *typed: str) -> str:
        return max([*typed, *self.by_code], key=len)

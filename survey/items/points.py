"""A fixed number of points, shared out among the entries of a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import StringField

from survey.codebook import Scale, Variable
from survey.items.base import Answer
from survey.items.compared import Compared
from survey.items.mistake import Mistake
from survey.items.number import read_number
from survey.items.single import UNKNOWN

MOST = 10_000
"""Points that can be shared out."""


class Points(Compared):
    """Whole numbers that add up to ``sum_to``; zero is an answer, an untouched list is none.

    A field left empty beside others counts 0, because then all points are given away.
    """

    template: ClassVar[str] = "points.html"
    type: Literal["points"]
    example: ClassVar[str] = """\
- id: budget
  type: points
  text: Wie würden Sie 100 Punkte auf diese Aufgaben verteilen?
  list: fields
"""
    sum_to: int = Field(
        default=100, ge=1, le=MOST, description="Points to share out.", examples=[100]
    )

    @cached_property
    def judgements(self) -> tuple[str, ...]:
        """The codes of the entries."""
        return tuple(option.code for option in self.choices)

    def fields(self) -> Mapping[str, FormField]:
        """One text field per entry, and a radio field under the item's name for a reason."""
        fields: dict[str, FormField] = {
            f"{self.id}.{option.code}": StringField(option.label) for option in self.choices
        }
        return {**fields, **self._reason_fields()}

    def _sent(self, data: Mapping[str, Any]) -> dict[str, str]:
        return {key: read_number(text, 0) for key, text in super()._sent(data).items()}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The points of every entry, or the code of a reason."""
        sent = self._sent(data)
        if not sent:
            return super().read(data)
        return {code: sent.get(code, "0") for code in self.judgements}

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """What is no whole number at its field; a wrong sum or a reason beside at the item."""
        sent = self._sent(data)
        found: dict[str, str] = {
            f"{self.id}.{code}": self._not_whole(code)
            for code, text in sent.items()
            if not self._is_whole(text)
        }
        if found or not sent:
            return found
        beside = self._reason_beside(data)
        wrong = self._wrong_sum(sent)
        return beside or ({f"{self.id}.{next(iter(sent))}": wrong} if wrong else {})

    def _is_whole(self, text: object) -> bool:
        digits = isinstance(text, str) and text.isascii() and text.isdecimal() and len(text) < 7
        return digits and str(int(str(text))) == text

    def _not_whole(self, code: str) -> Mistake:
        return Mistake(
            "Bitte geben Sie bei „%(name)s“ eine ganze Zahl ab 0 in Ziffern ein.",
            name=self.by_code[code].label,
        )

    def _wrong_sum(self, given: Mapping[str, object]) -> Mistake | None:
        found = sum(int(str(text)) for text in given.values())
        if found < self.sum_to:
            return Mistake(
                "Zu verteilen sind %(total)s Punkte, vergeben sind %(found)s. "
                "Es fehlen %(difference)s.",
                total=self.sum_to,
                found=found,
                difference=self.sum_to - found,
            )
        if found > self.sum_to:
            return Mistake(
                "Zu verteilen sind %(total)s Punkte, vergeben sind %(found)s. "
                "Das sind %(difference)s zu viel.",
                total=self.sum_to,
                found=found,
                difference=found - self.sum_to,
            )
        return None

    def _judged(self, given: Mapping[str, object]) -> tuple[str, ...]:
        if set(given) != set(self.judgements):
            return (UNKNOWN,)
        broken = [code for code, text in given.items() if not self._is_whole(text)]
        if broken:
            return (self._not_whole(broken[0]),)
        wrong = self._wrong_sum(given)
        return (wrong,) if wrong else ()

    def _variables(self) -> tuple[Variable, ...]:
        return tuple(
            Variable(
                self.columns[option.code],
                option.label,
                Scale.NUMBER,
                self.reason_codes,
                option.code,
                origin="0",
            )
            for option in self.choices
        )

    def _value(self, said: str) -> int:
        return int(said)

    def _said(self, value: int) -> str:
        return str(value)

    def size(self, picked: str) -> float | None:
        """The points."""
        return float(picked) if self._is_whole(picked) else None

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The points of every entry, or the label of a reason."""
        if not isinstance(answer, dict):
            return super().spoken(answer, language)
        return ", ".join(f"{self.by_code[code].label}: {said}" for code, said in answer.items())

    def longest(self) -> Answer:
        """Points with as many digits as the sum allows."""
        points, left = dict.fromkeys(self.judgements, 0), self.sum_to
        more = 10
        while left:
            for code, given in points.items():
                step = more - given
                if left >= step and given < more:
                    points[code], left = more, left - step
            if any(given < more for given in points.values()):
                break
            more *= 10
        last = max(points, key=lambda code: points[code])
        points[last] += left
        return {code: str(given) for code, given in points.items()}

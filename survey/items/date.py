"""A date, typed as day, month and year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal

from babel import Locale
from babel.dates import format_date
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from wtforms import Field as FormField
from wtforms import StringField

from survey.codebook import Code, Scale, Variable
from survey.items.base import Answer
from survey.items.listed import text_in
from survey.items.measured import Measured
from survey.items.mistake import Mistake
from survey.routing import FIRST_DAY, day_number

LAST_DAY = date(2199, 12, 31)

_LIMITS = ((1, 31), (1, 12), (1000, 9999))
_MISSING = (
    Mistake("Bitte geben Sie auch den Tag an."),
    Mistake("Bitte geben Sie auch den Monat an."),
    Mistake("Bitte geben Sie auch das Jahr an."),
)
_WRONG = (
    Mistake("Bitte geben Sie den Tag als Zahl von 1 bis 31 an."),
    Mistake("Bitte geben Sie den Monat als Zahl von 1 bis 12 an."),
    Mistake("Bitte geben Sie das Jahr mit vier Ziffern an."),
)


def _day(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if not isinstance(value, str):
        return value
    if (day_number(value) if value >= "1900" else None) is None:
        raise PydanticCustomError("no_date", "no date from 1900 on")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day)]


class Date(Measured):
    """A date from ``min`` to ``max``; the data set counts days from 1 January 1900."""

    template: ClassVar[str] = "date.html"
    type: Literal["date"]
    example: ClassVar[str] = """\
- id: visit
  type: date
  text: Wann waren Sie zuletzt bei uns?
  min: 2020-01-01
  max: 2027-12-31
"""
    min: Day = Field(default=FIRST_DAY, description="First day.", examples=["2020-01-01"])
    max: Day = Field(default=LAST_DAY, description="Last day.", examples=["2027-12-31"])

    @property
    def part_fields(self) -> tuple[str, str, str]:
        """HTML names of the fields for day, month and year."""
        return f"{self.id}.day", f"{self.id}.month", f"{self.id}.year"

    @property
    def bounds(self) -> tuple[int, int]:
        """Day numbers of the first and the last day."""
        return (self.min - FIRST_DAY).days, (self.max - FIRST_DAY).days

    def value(self, typed: str) -> int:
        """The day number."""
        return (date.fromisoformat(typed) - FIRST_DAY).days

    def typed(self, value: int) -> str:
        """The date as YYYY-MM-DD."""
        return (FIRST_DAY + timedelta(value)).isoformat()

    def fields(self) -> Mapping[str, FormField]:
        """Three text fields, and radio buttons for the reasons."""
        titles = zip(self.part_fields, ("Tag", "Monat", "Jahr"), strict=True)
        return {name: StringField(title) for name, title in titles} | dict(self._reason_fields())

    def _parts(self, data: Mapping[str, Any]) -> list[str]:
        return [text_in(data, name).strip().rstrip(".")[:10] for name in self.part_fields]

    def _read_typed(self, data: Mapping[str, Any]) -> str:
        day, month, year = parts = self._parts(data)
        if not any(parts):
            return ""
        return f"{year}-{month:>02}-{day:>02}"

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """What is missing or impossible, at the field that has to be changed."""
        parts = self._parts(data)
        if not any(parts):
            return {}
        for name, part, (low, high), missing, wrong in zip(
            self.part_fields, parts, _LIMITS, _MISSING, _WRONG, strict=True
        ):
            if not part:
                return {name: missing}
            if not (part.isascii() and part.isdecimal() and low <= int(part) <= high):
                return {name: wrong}
        found = self._typed_mistakes(self._read_typed(data))
        return {self.part_fields[0]: found[0]} if found else self._reason_beside(data)

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """Day, month and year, or the reason."""
        text = str(answer)
        if text in self.by_code:
            return {self.reason_field: [text]}
        year, month, day = text.split("-")
        parts = (str(int(day)), str(int(month)), year)
        return {name: [part] for name, part in zip(self.part_fields, parts, strict=True)}

    def _typed_mistakes(self, typed: str) -> tuple[str, ...]:
        number, (low, high) = day_number(typed), self.bounds
        if number is None:
            return (Mistake("Diesen Tag gibt es nicht."),)
        if not low <= number <= high:
            return (
                Mistake(
                    "Möglich sind Tage vom %(first)s bis zum %(last)s.",
                    first=self.min,
                    last=self.max,
                ),
            )
        return ()

    def _variable(self, codes: Sequence[Code]) -> Variable:
        origin = FIRST_DAY.isoformat()
        return Variable(self.id, self.text, Scale.NUMBER, tuple(codes), origin=origin)

    def size(self, picked: str) -> float | None:
        """The day number."""
        return day_number(picked)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The date in words of the language, or the label of a reason."""
        text = str(answer)
        if text in self.by_code:
            return self.by_code[text].label
        tag = language.split("-")[0]
        locale = Locale.parse("en_GB" if tag == "en" else tag)
        return format_date(date.fromisoformat(text), "long", locale=locale)

    def longest(self) -> Answer:
        """Any date, or the longest reason."""
        return self._longest_of(self.min.isoformat())

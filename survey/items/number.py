"""A number that is typed: with limits, decimals and a unit; zero is an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, Literal

from babel import Locale
from babel.numbers import format_decimal
from pydantic import Field
from wtforms import Field as FormField
from wtforms import StringField

from survey.codebook import Code, Scale, Variable
from survey.items.base import Answer
from survey.items.listed import text_in
from survey.items.measured import Measured
from survey.items.mistake import Mistake

LARGEST = 1_000_000_000
"""Steps that a number may span; the data set holds them in 32 bits."""

_NORMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
_BLANKS = re.compile("[\\s\u00a0\u2009\u202f'’]")
_GROUPED = re.compile(r"[0-9]{1,3}([.,])[0-9]{3}(\1[0-9]{3})*")
_TYPED = re.compile(r"[0-9]*([.,][0-9]+)?")
_UNCLEAR = "?"


class Number(Measured):
    """A number from ``min`` to ``max`` in steps of ``10 ** -decimals``."""

    template: ClassVar[str] = "number.html"
    type: Literal["number"]
    words: ClassVar[tuple[str, ...]] = (*Measured.words, "unit")
    example: ClassVar[str] = """\
- id: years
  type: number
  text: Seit wie vielen Jahren arbeiten Sie hier?
  max: 60
  unit: Jahre
"""
    min: Decimal = Field(default=Decimal(0), description="Smallest number.", examples=[0])
    max: Decimal | None = Field(default=None, description="Largest number.", examples=[60])
    decimals: int = Field(default=0, ge=0, le=6, description="Digits after the comma.")
    unit: str = Field(default="", description="What is counted.", examples=["Jahre"])

    @cached_property
    def origin(self) -> Decimal:
        """What the value 0 of the data set stands for."""
        return min(self.min, Decimal(0))

    @cached_property
    def limits(self) -> tuple[Decimal, Decimal]:
        """Smallest and largest number; without ``max`` the largest that can be stored."""
        largest = self.origin + Decimal(LARGEST).scaleb(-self.decimals)
        return self.min, largest if self.max is None else self.max

    @property
    def bounds(self) -> tuple[int, int]:
        """Smallest and largest value of the data set; the whole steps between the limits."""
        low, high = ((limit - self.origin).scaleb(self.decimals) for limit in self.limits)
        return -int(-low // 1), int(high // 1)

    def value(self, typed: str) -> int:
        """Steps from the origin."""
        return int((Decimal(typed) - self.origin).scaleb(self.decimals))

    def typed(self, value: int) -> str:
        """The number as a plain answer holds it."""
        return _plain(Decimal(value).scaleb(-self.decimals) + self.origin)

    def fields(self) -> Mapping[str, FormField]:
        """One text field, and radio buttons for the reasons."""
        return {self.id: StringField(self.text), **self._reason_fields()}

    def _read_typed(self, data: Mapping[str, Any]) -> str:
        return read_number(text_in(data, self.id), self.decimals)

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """What is no number, lies outside the limits, or stands beside a reason."""
        typed = self._read_typed(data)
        found = self._typed_mistakes(typed) if typed else ()
        return {self.id: found[0]} if found else self._reason_beside(data)

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The number with a decimal comma, or the reason."""
        text = str(answer)
        if text in self.by_code:
            return {self.reason_field: [text]}
        return {self.id: [text.replace(".", ",")]}

    def _typed_mistakes(self, typed: str) -> tuple[str, ...]:
        if typed == _UNCLEAR:
            return (
                Mistake("Bitte schreiben Sie die Zahl ohne Trennzeichen zwischen den Tausendern."),
            )
        if len(typed) > 40 or not _NORMAL.fullmatch(typed) or typed == "-0":
            return (Mistake("Bitte geben Sie eine Zahl in Ziffern ein."),)
        number, (low, high) = Decimal(typed), self.limits
        if not low <= number <= high:
            return (
                Mistake(
                    "Möglich sind Zahlen von %(low)s bis %(high)s, angegeben ist %(found)s.",
                    low=low,
                    high=high,
                    found=number,
                ),
            )
        if number != round(number, self.decimals):
            if self.decimals == 0:
                return (Mistake("Bitte geben Sie eine ganze Zahl ein."),)
            if self.decimals == 1:
                return (Mistake("Möglich ist höchstens eine Stelle nach dem Komma."),)
            return (
                Mistake(
                    "Möglich sind höchstens %(places)s Stellen nach dem Komma.",
                    places=self.decimals,
                ),
            )
        return ()

    def _variable(self, codes: Sequence[Code]) -> Variable:
        return Variable(
            self.id,
            self.text,
            Scale.NUMBER,
            tuple(codes),
            unit=self.unit,
            decimals=self.decimals,
            origin=_plain(self.origin),
        )

    def size(self, picked: str) -> float | None:
        """The number itself."""
        return None if picked in self.by_code else float(picked)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The number as the language writes it, with its unit; or the label of a reason."""
        text = str(answer)
        if text in self.by_code:
            return self.by_code[text].label
        locale = Locale.parse(language.split("-")[0])
        number = format_decimal(Decimal(text), locale=locale, decimal_quantization=False)
        return f"{number} {self.unit}".strip()

    def longest(self) -> Answer:
        """A number near a limit with all its decimals, or the longest reason."""
        low, high = self.bounds
        # One step beside a limit, no digit after the comma is lost.
        near = {low, min(low + 1, high), max(high - 1, low), high}
        if low < self.value("0") <= high:
            near |= {max(self.value("0") - 1, low)}
        return self._longest_of(*(self.typed(value) for value in near))


def read_number(text: str, decimals: int) -> str:
    """A typed number as a plain answer holds it; unreadable text comes back shortened.

    Comma and point are read as in German, unless a point can only part decimals.

    >>> [read_number(text, 2) for text in ("0", " 1.234,50", "12.5", ",5", "-0", "ab")]
    ['0', '1234.5', '12.5', '0.5', '0', 'ab']
    >>> read_number("1.234", 0), read_number("1.234", 2), read_number("1,234", 0)
    ('1234', '?', '?')
    """
    bare = _BLANKS.sub("", text)
    sign = "-" if bare[:1] in ("-", "−", "–") else ""
    digits = bare[1:] if sign or bare[:1] == "+" else bare
    if "," in digits and "." in digits:
        mark = "," if digits.rindex(",") > digits.rindex(".") else "."
        whole, _, rest = digits.rpartition(mark)
        if not _GROUPED.fullmatch(whole) or mark in whole:
            return text.strip()[:40]
        digits = re.sub("[.,]", "", whole) + "." + rest
    elif grouped := _GROUPED.fullmatch(digits):
        several = digits.count(grouped[1]) > 1
        if several or (grouped[1] == "." and decimals == 0):
            digits = re.sub("[.,]", "", digits)
        elif not digits.startswith("0") and (grouped[1] == "." or decimals == 0):
            return _UNCLEAR
    digits = digits.replace(",", ".")
    if not digits or not _TYPED.fullmatch(digits) or len(digits) > 40:
        return text.strip()[:40]
    return _plain(Decimal(sign + digits))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text

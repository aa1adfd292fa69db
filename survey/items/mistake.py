"""What is wrong with an answer, as a sentence that can be said in every language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Self

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

Value = str | int | Decimal | date | tuple[str, ...]
"""What fills a hole: written as the language writes it; several phrases with "and"."""

SOURCE = "de"


class Mistake(str):
    """A sentence in German that keeps its message and what fills the holes.

    >>> mistake = Mistake("Möglich sind %(limit)s Zeichen.", limit=1000)
    >>> str(mistake), mistake.translated("en", lambda message: "Up to %(limit)s characters.")
    ('Möglich sind 1\u202f000 Zeichen.', 'Up to 1,000 characters.')
    """

    message: str
    values: dict[str, Value]

    def __new__(cls, message: str, **values: Value) -> Self:
        """The sentence in German."""
        made = super().__new__(cls, _said(message, values, SOURCE, str))
        made.message, made.values = message, values
        return made

    def translated(self, language: str, gettext: Callable[[str], str]) -> str:
        """The sentence as a catalogue says it, with numbers and dates of the language."""
        return _said(self.message, self.values, language, gettext)


def _said(
    message: str, values: dict[str, Value], language: str, gettext: Callable[[str], str]
) -> str:
    words = {name: _worded(value, language, gettext) for name, value in values.items()}
    return gettext(message) % words


def _worded(value: Value, language: str, gettext: Callable[[str], str]) -> str:
    if isinstance(value, Mistake):
        return value.translated(language, gettext)
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        *others, last = (_worded(part, language, gettext) for part in value)
        return f" {gettext(AND.message)} ".join(filter(None, (", ".join(others), last)))
    if isinstance(value, date):
        pattern = "dd.MM.y" if language == SOURCE else "d MMMM y"
        return format_date(value, pattern, locale=Locale.parse(language))
    return german(Decimal(value)) if language == SOURCE else _number(value, language)


def _number(value: Decimal | int, language: str) -> str:
    number = format_decimal(value, locale=Locale.parse(language), decimal_quantization=False)
    return str(number)


def german(number: Decimal) -> str:
    """A number as German sentences write it.

    >>> german(Decimal("-1234.50"))
    '−1\u202f234,5'
    """
    whole, _, rest = f"{abs(number):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", "\u202f") if len(whole) > 3 else whole
    rest = rest.rstrip("0")
    return ("−" if number < 0 else "") + grouped + ("," + rest if rest else "")


AND = Mistake("und")

"""Numbers as they stand in print: found in running text, brought to one form.

A number is digits with grouped thousands and decimal comma, with its sign and its unit where
it has them. Numbers in words are not looked for; digits inside a word belong to the word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_SPACES = re.compile("[\u00a0\u2009]")
_NUMBER = re.compile(
    r"(?<![\w.,\u202f])(?:[+\u2212] ?)?(?:\d{1,3}(?:\u202f\d{3})+|\d+)(?:,\d+)?"
    r"(?![\w\u202f]|[,.]\d)"
    r"(?:[ ]?(?:%|Punkte?\b|points?\b)|(?= bis [+\u2212]?[\d,]+ (?P<unit>%|Punkt)))?"
)
_NO_LETTERS = re.compile(r"[\W_]+")
_HYPHENATED = re.compile(r"(?<=\w)[-\u2010\u00ad]\n(?=[a-zäöüß])")


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A number of a text in one form, and where it begins."""

    text: str
    start: int


def plain(text: str) -> str:
    r"""A text as a PDF may give it back: one kind of space and hyphen, no break inside a word.

    >>> plain('53,0\xa0% der Zusam-\nmensetzung')
    '53,0 % der Zusammensetzung'
    """
    text = _HYPHENATED.sub("", _SPACES.sub(" ", text).replace("\u00ad", ""))
    return text.replace("\u2011", "-").replace("\u2010", "-")


def numbers(text: str) -> Iterator[PrintedNumber]:
    r"""Every number of a plain text.

    >>> [n.text for n in numbers("5\u202f430 antworten, 24,7 %; a1, 1a2b; +3,2 Punkte, 3-mal")]
    ['5\u202f430', '24,7 %', '+3,2 Punkte', '3']
    >>> [n.text for n in numbers("(63,1 bis 66,1 %), Platz 2 bis 3")]
    ['63,1 %', '66,1 %', '2', '3']
    """
    for found in _NUMBER.finditer(text):
        yield PrintedNumber(one_form(found.group() + (found["unit"] or "")), found.start())


def one_form(number: str) -> str:
    """A number with one space before its unit, which stands in the plural.

    >>> one_form('+1 Punkt'), one_form('+ 3')
    ('+1 Punkte', '+3')
    """
    digits = re.sub(r"\s*(%|Punkte?|points?)$", "", number).replace(" ", "")
    unit = re.search(r"(%|Punkt|point)", number)
    names = {"%": " %", "Punkt": " Punkte", "point": " Punkte"}
    return digits + names.get(unit.group() if unit else "", "")


def from_english(text: str) -> str:
    """A text of the same length in which English decimals have a comma.

    >>> [number.text for number in numbers(from_english("24.7% and +3.2 points"))]
    ['24,7 %', '+3,2 Punkte']
    """
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text)


WORD = r"\w+"
SHORT = 6
"""A label with fewer letters counts only as a word of its own: “ja” is not in “Jahr”."""


@lru_cache(maxsize=64)
def context(text: str) -> str:
    """What a text is about, in a form in which :func:`label` finds labels.

    >>> label("ja") in context("vor Jahren"), label("ja") in context("ja: 3")
    (False, True)
    >>> label("Erreichbarkeit") in context("Erreich- barkeit")
    True
    """
    shown = plain(text)
    words = re.findall(WORD, shown.casefold())
    return f"{letters(shown)}|{'|'.join(words)}|"


@lru_cache(maxsize=1 << 15)
def label(text: str) -> str:
    """A label as it is looked for in a context; empty where it has no letters.

    >>> label("5 bis 9") in context("5 bis 9: 15,9 %"), label("5 bis 9") in context("15 bis 9")
    (True, False)
    """
    found = letters(plain(text))
    if 0 < len(found) < SHORT:
        return f"|{'|'.join(re.findall(WORD, plain(text).casefold()))}|"
    return found


def letters(text: str) -> str:
    """A text without what type-setting changes: letters and digits only, in lower case.

    >>> letters('Service und Er\\u00adreich-\\nbarkeit')
    'serviceunderreichbarkeit'
    """
    return _NO_LETTERS.sub("", text.casefold())

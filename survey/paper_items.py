"""How every item looks on paper: boxes to tick, places to number, lines to write on.

An item type that has no form of its own here is drawn from its form fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from wtforms import TextAreaField
from wtforms.fields.choices import SelectFieldBase

from survey.items.base import Item, Option
from survey.items.date import Date
from survey.items.grid import Facet, Grid
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.number import Number
from survey.items.open_choice import OpenChoice
from survey.items.passage import Passage
from survey.items.ranking import Ranking
from survey.items.single import Single
from survey.items.text import Text
from survey.paper_words import Words

PER_LINE = 70
"""Characters that a hand writes on a line of an A4 page."""


@dataclass(frozen=True, slots=True)
class Box:
    """Something to tick or to number, with the short name that is typed in."""

    code: str
    label: str
    help: str = ""
    words: bool = False


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes to tick, one below the other."""

    boxes: tuple[Box, ...]
    caption: str = ""
    kind: str = "boxes"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a box under every step."""

    caption: str
    steps: tuple[Box, ...]
    rows: tuple[Box, ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Places:
    """Entries with a box for the number of their place."""

    rows: tuple[Box, ...]
    heading: str
    kind: str = "places"


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to write on."""

    lines: int
    caption: str = ""
    note: str = ""
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Blanks:
    """Short blanks in one line, each with its caption behind or below it."""

    captions: tuple[str, ...]
    kind: str = "blanks"


@dataclass(frozen=True, slots=True)
class Quote:
    """A text that is asked about."""

    text: str
    kind: str = "quote"


Part = Boxes | Table | Places | Lines | Blanks | Quote


def how_to(item: Item, words: Words) -> str:
    """How a question is answered, in one sentence; empty where it is plain."""
    if isinstance(item, Multiple):
        return words.at_most.format(number=item.at_most) if item.at_most else words.several
    if isinstance(item, Ranking):
        full = item.places == len(item.choices)
        return words.all_places if full else words.places.format(number=item.places)
    if isinstance(item, Single):
        return words.one
    return words.most.format(number=item.max_length) if isinstance(item, Text) else ""


def parts(item: Item, words: Words) -> tuple[Part, ...]:
    """What is printed below a question."""
    return tuple(_parts(item, words))


def _parts(item: Item, words: Words) -> Iterator[Part]:
    if isinstance(item, Passage):
        yield Quote(item.passage)
        yield Boxes(_boxes(item.options))
        yield _lines(item.max_length, words, item.comment)
    elif isinstance(item, OpenChoice):
        yield Boxes(_boxes(item.options))
    elif isinstance(item, Grid):
        yield from (_table(item, part) for part in item.parts)
    elif isinstance(item, Ranking):
        yield Places(_boxes(item.choices), words.place)
        if item.reasons:
            yield Boxes(_boxes(item.reasons), words.reason)
    elif isinstance(item, Measured):
        yield from _measured(item, words)
    elif isinstance(item, Text):
        yield _lines(item.max_length, words, rows=item.rows)
    else:
        yield from _from_fields(item, words)


def _measured(item: Measured, words: Words) -> Iterator[Part]:
    if isinstance(item, Date):
        yield Blanks(words.date)
    else:
        yield Blanks((item.unit if isinstance(item, Number) else "",))
    if item.options:
        yield Boxes(_boxes(item.options), words.reason)


def _boxes(options: Sequence[Option]) -> tuple[Box, ...]:
    return tuple(Box(o.code, o.label, o.help, o.other) for o in options)


def _table(item: Grid, part: Facet) -> Table:
    return Table(part.text if part.id else "", _boxes(part.options), _boxes(item.rows))


def _lines(most: int, words: Words, caption: str = "", rows: int = 40) -> Lines:
    note = words.most.format(number=most) if caption else ""
    return Lines(min(max(ceil(most / PER_LINE), 1), rows, 14), caption, note)


def _from_fields(item: Item, words: Words) -> Iterator[Part]:
    """The form of an item type that this module does not know."""
    for name, unbound in item.fields().items():
        # WTForms hands out fields unbound: their class with what it will be called with.
        field: Any = unbound
        kind, choices = field.field_class, dict(field.kwargs.get("choices") or {})
        boxes = tuple(Box(str(code), str(label)) for code, label in choices.items())
        caption = str(field.args[0]) if field.args else name
        if issubclass(kind, SelectFieldBase):
            yield Boxes(tuple(box for box in boxes if box.code), caption)
        elif issubclass(kind, TextAreaField):
            yield _lines(max(item.text_lengths.values(), default=1000), words, caption)
        else:
            yield Blanks((caption,))

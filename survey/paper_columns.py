"""The columns in which a sheet of paper is typed, and the answers in them.

A column stands for a form field, so that a typed sheet is judged by the rules of the page it
was printed from. It is named like the variable: ``a1_service`` for the place of an element,
``a2_today_swift`` for a row of a grid, ``a7_phone`` for a box among several, the item's id for
everything with one field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import SelectMultipleField
from wtforms.form import BaseForm

from survey.instrument import Instrument
from survey.items.base import Answer, Item
from survey.items.passage import Passage

SHEET, TEXT, LANGUAGE = "_sheet", "_text", "_language"
"""Columns about the sheet itself; no item's id begins with an underscore."""

TICKS = {"x": True, "X": True, "1": True, "": False, "0": False}
"""What may be typed for a box among several."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the item and the form field that it fills.

    ``tick`` is the code of a box that stands among several in one field; ``allowed`` holds the
    codes that may be typed, nothing if words or numbers are.
    """

    name: str
    item: Item
    field: str
    tick: str = ""
    allowed: tuple[str, ...] = ()


def columns(instrument: Instrument) -> tuple[Column, ...]:
    """All columns of an instrument in the order of the pages."""
    return tuple(column for item in instrument.items for column in _of_item(item))


def header(instrument: Instrument) -> tuple[str, ...]:
    """The names of the columns of a file to type in."""
    about = (SHEET, TEXT) if instrument.texts else (SHEET,)
    return (*about, *(column.name for column in columns(instrument)))


def _of_item(item: Item) -> Iterator[Column]:
    form = BaseForm(item.fields())  # type: ignore[arg-type]
    for name in item.fields():
        field: Any = form[name]
        choices = tuple(str(code) for code in dict(getattr(field, "choices", None) or {}))
        column = name.replace(".", "_")
        if isinstance(field, SelectMultipleField):
            for code in choices:
                yield Column(f"{column}_{code}", item, name, tick=code)
        elif isinstance(item, Passage) and name == item.stance_field:
            yield Column(item.id, item, name, allowed=choices)
        else:
            yield Column(column, item, name, allowed=tuple(filter(None, choices)))


def read_item(
    item: Item, own: tuple[Column, ...], typed: Mapping[str, str]
) -> tuple[Answer | None, tuple[str, ...]]:
    """The answer that was typed for an item, or None, and what is wrong with it."""
    mistakes = [mistake for column in own for mistake in _column_mistakes(column, typed)]
    if mistakes:
        return None, tuple(mistakes)
    data: dict[str, Any] = {}
    for column in own:
        value = typed.get(column.name, "")
        if column.tick:
            data.setdefault(column.field, [])
            if TICKS[value]:
                data[column.field].append(column.tick)
        else:
            data[column.field] = value
    wrong = tuple(item.form_mistakes(data).values())
    if wrong:
        return None, wrong
    answer = item.read(data)
    return answer, () if answer is None else item.mistakes(answer)


def _column_mistakes(column: Column, typed: Mapping[str, str]) -> Iterator[str]:
    value = typed.get(column.name, "")
    if column.tick and value not in TICKS:
        yield f"„{value}“: in „{column.name}“ steht x für ein Kreuz, sonst nichts"
    if value and column.allowed and value not in column.allowed:
        known = ", ".join(column.allowed)
        yield f"„{value}“ gibt es bei „{column.name}“ nicht; möglich sind {known}"

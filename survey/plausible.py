"""Made-up fillings of a form: answers that fit, and entries that a page has to complain about.

They follow from the questionnaire alone, so that a preview looks the same every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from survey.items.base import Answer, Item, Option
from survey.items.compared import Compared
from survey.items.grid import Grid
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.open_choice import OpenChoice
from survey.items.passage import COMMENT, STANCE, Passage
from survey.items.ranking import Ranking
from survey.items.text import Text

WORDS = {
    "de": "Zum Beispiel ein Satz, wie ihn jemand schreiben könnte.",
    "en": "For example a sentence that somebody might write.",
}


def plausible_answers(items: Iterable[Item], language: str) -> dict[str, Answer]:
    """An allowed answer to every item that asks."""
    words = WORDS["en" if language.startswith("en") else "de"]
    return {item.id: _answer(item, words) for item in items if item.asks}


def _answer(item: Item, words: str) -> Answer:
    if isinstance(item, Passage):
        return {STANCE: _second(item.options), COMMENT: words[: item.max_length]}
    if isinstance(item, Multiple):
        free = [option.code for option in item.choices if not option.exclusive]
        return free[: min(2, item.at_most or 2)] or [item.options[0].code]
    if isinstance(item, Ranking):
        return [option.code for option in reversed(item.choices)][: item.places]
    if isinstance(item, Compared):
        return item.longest()
    if isinstance(item, Grid):
        cells = enumerate(item.cells.items())
        return {key: _second(part.options, place) for place, (key, (part, _)) in cells}
    if isinstance(item, OpenChoice):
        return _second(item.options)
    if isinstance(item, Measured):
        low, high = item.bounds
        return item.typed(min(low + 12, (low + high) // 2))
    if isinstance(item, Text):
        return words[: item.max_length]
    return item.longest()


def _second(options: Sequence[Option], turn: int = 1) -> str:
    answers = [option.code for option in options if not option.missing] or [options[0].code]
    return answers[turn % len(answers)]


def faulty_form(items: Iterable[Item]) -> MultiDict[str, str]:
    """A filled form in which every item has a mistake that a person could make.

    Items that nobody can fill in wrongly, such as radio buttons, stay empty.
    """
    form: MultiDict[str, str] = MultiDict()
    for item in items:
        form.update(_faulty(item))
    return form


def _faulty(item: Item) -> dict[str, list[str]]:
    if isinstance(item, Ranking):
        return {f"{item.id}.{option.code}": ["1"] for option in item.choices[:2]}
    if isinstance(item, Multiple):
        return {item.id: [option.code for option in item.options]}
    if isinstance(item, OpenChoice):
        return {item.other_field: ["x" * (item.other_length + 1)]} if item.other else {}
    values = {}
    for name, unbound in item.fields().items():
        # WTForms hands out fields unbound: their class with what it will be called with.
        field: Any = unbound
        if issubclass(field.field_class, TextAreaField):
            longest = max(item.text_lengths.values(), default=1000)
            values[name] = [("Das ist zu lang. " * (longest // 17 + 2)).strip()]
        elif issubclass(field.field_class, StringField):
            values[name] = ["viele"]
    return values

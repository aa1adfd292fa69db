"""How long a questionnaire takes: an estimate from its words and its choices.

The rule of thumb: 200 words a minute, 4 seconds per choice, 20 seconds for three places of a
ranking, a minute per open text (a quarter of it for a comment that few people write), and 1.4
times as long on a phone. The median of a pretest replaces it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from survey.codebook import Question, Scale
from survey.items.base import Item
from survey.model import Model

WORDS_PER_SECOND = 200 / 60
CHOICE = 4.0
"""Seconds to choose one of several options, or to tick a list."""
THREE_PLACES = 20.0
OPEN_TEXT = 60.0
COMMENT = 15.0
"""Seconds for a comment beside a choice: a minute for one person in four."""
PHONE = 1.4
"""How much longer answers take on a phone."""

_HEADINGS = ("title", "purpose")
"""Texts that are glanced at."""


def minutes(items: Iterable[Item], intros: Iterable[str] = ()) -> int:
    """Estimated minutes on a phone, rounded up; every item counts, also behind a condition.

    ``items`` are resolved (see :meth:`Item.resolved`), ``intros`` the texts of the pages.
    """
    seconds = sum(map(reading, intros)) + sum(map(item_seconds, items))
    return math.ceil(seconds * PHONE / 60)


def item_seconds(item: Item) -> float:
    """Estimated seconds at a computer for reading and answering one resolved item."""
    texts = " ".join(_texts(item))
    questions = item.questions()
    words = OPEN_TEXT if all(map(_is_open, questions)) else COMMENT
    return reading(texts) + sum(words if _is_open(q) else _answering(q) for q in questions)


def reading(text: str) -> float:
    """Seconds to read a text.

    >>> reading("Wie gut gelingt uns das heute, gemessen am Anspruch?")
    2.7
    """
    return round(len(text.split()) / WORDS_PER_SECOND, 2)


def _is_open(question: Question) -> bool:
    return question.scale is Scale.TEXT


def _answering(question: Question) -> float:
    if question.scale is Scale.RANK:
        return THREE_PLACES * question.depth / 3
    return CHOICE if question.scale is Scale.CHECK else CHOICE * len(question.variables)


def _texts(part: object) -> Iterator[str]:
    """What the respondent reads in a part of a questionnaire."""
    if isinstance(part, tuple):
        for below in part:
            yield from _texts(below)
    elif isinstance(part, Model):
        for name in type(part).model_fields:
            value = getattr(part, name)
            if isinstance(value, str) and name in part.words and name not in _HEADINGS:
                yield value
            elif not isinstance(value, str):
                yield from _texts(value)

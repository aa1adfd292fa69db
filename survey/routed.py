"""Who of many people sees which item: routing for whole columns at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey.instrument import Instrument
from survey.items.base import Answer, Item
from survey.routing import Rule, holds

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Texts = Mapping[str, Sequence[str | None]]


def hidden_items(
    instrument: Instrument,
    columns: Mapping[str, Integers],
    texts: Texts,
    size: int,
    read: Sequence[str] = (),
) -> dict[str, Flags]:
    """By item id, who does not see it; items that everybody sees are left out.

    ``read`` is the text that each person of a reading study has read; without it everybody
    reads all texts.
    """
    rules = [rule for page in instrument.pages for rule in _rules_of(page.when, page.items)]
    asked = {id for rule in rules for id in rule.asked}
    items = {item.id: item for item in instrument.items}
    answers: dict[str, list[Answer | None]] = {}
    hidden: dict[str, Flags] = {}
    chosen = np.array(read, dtype=object)
    for page in instrument.pages:
        sees: Flags = np.ones(size, dtype=bool)
        if page.text and len(read):
            sees &= chosen == page.text
        if page.when:
            sees &= _holds(page.when, answers, items, size)
        for item in page.items:
            shown = sees & _holds(item.when, answers, items, size) if item.when else sees
            if not shown.all():
                hidden[item.id] = ~shown
        for item in page.items:
            if item.id in asked:
                given = item_answers(item, columns, texts, size)
                out = hidden.get(item.id, np.zeros(size, dtype=bool))
                answers[item.id] = [None if o else a for a, o in zip(given, out, strict=True)]
    return hidden


def item_answers(
    item: Item, columns: Mapping[str, Integers], texts: Texts, size: int
) -> list[Answer | None]:
    """The plain answer of every person to one item."""
    names = list(item.encode(None))
    rows = zip(*(columns[name].tolist() for name in names), strict=True) if names else [()] * size
    own = {id: texts[id] for id in item.text_lengths if id in texts}
    return [
        item.decode(
            dict(zip(names, row, strict=True)),
            {id: text for id, found in own.items() if (text := found[person])},
        )
        for person, row in enumerate(rows)
    ]


def _rules_of(when: Rule | None, items: Sequence[Item]) -> list[Rule]:
    return [rule for rule in (when, *(item.when for item in items)) if rule]


def _holds(
    rule: Rule, answers: Mapping[str, list[Answer | None]], items: Mapping[str, Item], size: int
) -> Flags:
    own = {id: answers[id] for id in rule.asked if id in answers}
    found = np.zeros(size, dtype=bool)
    for person in range(size):
        given = {id: a for id, all_ in own.items() if (a := all_[person]) is not None}
        found[person] = holds(rule, given, items)
    return found

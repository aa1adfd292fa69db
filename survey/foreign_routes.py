"""Routing for answers collected elsewhere: what was not shown is marked, or found to be wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Missing
from survey.foreign_table import Mistakes
from survey.instrument import Instrument
from survey.items.base import Item
from survey.routed import hidden_items

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def hide(
    instrument: Instrument,
    columns: dict[str, Integers],
    texts: Mapping[str, Sequence[str | None]],
    rows: Integers,
    places: Mapping[str, int],
    mistakes: Mistakes,
) -> None:
    """Mark what was not shown in ``columns``; an answer to it is a mistake.

    In a reading study the answers say which text a person has read; a row with answers to
    several texts is a mistake.
    """
    size = len(rows)
    read = _read(instrument, columns, texts, rows, mistakes)
    for id, hidden in hidden_items(instrument, columns, texts, size, read).items():
        item = instrument.item(id)
        for name in item.encode(None):
            _report(name, hidden & (columns[name] != Missing.SKIPPED), rows, places, mistakes)
            columns[name] = np.where(hidden, int(Missing.NOT_SHOWN), columns[name])
        for name in item.text_lengths:
            written = np.array([bool(text) for text in texts.get(name, [None] * size)])
            _report(name, hidden & written, rows, places, mistakes)


def _report(
    name: str, wrong: Flags, rows: Integers, places: Mapping[str, int], mistakes: Mistakes
) -> None:
    message = f"column {name}: an answer to a question that is not shown after the other answers"
    mistakes.add_rows(rows[wrong], places.get(name, -1) + 1, "not_shown", message)


def _read(
    instrument: Instrument,
    columns: Mapping[str, Integers],
    texts: Mapping[str, Sequence[str | None]],
    rows: Integers,
    mistakes: Mistakes,
) -> list[str]:
    if not instrument.texts:
        return []
    ids = [text.id for text in instrument.texts]
    found = np.column_stack([_answered(instrument, id, columns, texts, len(rows)) for id in ids])
    message = "answers to several texts; every text is a row of its own"
    mistakes.add_rows(rows[found.sum(axis=1) > 1], 0, "several_texts", message)
    return [ids[place] for place in found.argmax(axis=1)]


def _answered(
    instrument: Instrument,
    text: str,
    columns: Mapping[str, Integers],
    texts: Mapping[str, Sequence[str | None]],
    size: int,
) -> Flags:
    """Who has answered anything on the pages of a text."""
    answered: Flags = np.zeros(size, dtype=bool)
    items: list[Item] = [i for page in instrument.pages if page.text == text for i in page.items]
    for item in items:
        for name in item.encode(None):
            answered |= columns[name] != Missing.SKIPPED
        for name in item.text_lengths:
            answered |= np.array([bool(found) for found in texts.get(name, [None] * size)])
    return answered

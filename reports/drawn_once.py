"""Figures that were drawn before, found by everything that they are drawn of.

A figure is asked for with the values that it shows. Within :func:`shelf` the picture of the same
values is taken instead of being drawn again; any other value, a label as much as a number, makes
another key. Values of a type that cannot be written down whole are drawn each time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum

Shelf = MutableMapping[str, bytes]

_SHELF: ContextVar[Shelf | None] = ContextVar("shelf", default=None)


@contextmanager
def shelf(known: Shelf) -> Iterator[None]:
    """Take figures from ``known`` while this lasts, and put there what had to be drawn."""
    before = _SHELF.set(known)
    try:
        yield
    finally:
        _SHELF.reset(before)


def drawn_once(name: str, of: Sequence[object], draw: Callable[[], bytes]) -> bytes:
    """What ``draw`` gives, or gave before of the same values."""
    known = _SHELF.get()
    if known is None:
        return draw()
    try:
        key = key_of(name, of)
    except TypeError:
        return draw()
    if key not in known:
        known[key] = draw()
    return known[key]


def key_of(name: str, of: Sequence[object]) -> str:
    """A digest of a name and of values with all that they hold.

    Raises ``TypeError`` for a value that is more than its parts.

    >>> key_of("bars", [1]) == key_of("bars", [1]), key_of("bars", [1]) == key_of("bars", ["1"])
    (True, False)
    """
    return _digest([name, *(_written(value, {}) for value in of)])


def _written(value: object, known: dict[int, str]) -> str:
    """A value as text; ``known`` holds that of objects that were met before."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or type(value) in (bool, int, float, str):
        return f"{type(value).__name__} {value!r}"
    if id(value) not in known:
        known[id(value)] = _digest([type(value).__qualname__, *_parts(value, known)])
    return known[id(value)]


def _parts(value: object, known: dict[int, str]) -> Iterator[str]:
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield _written(getattr(value, field.name), known)
    elif isinstance(value, tuple | list):
        yield from (_written(part, known) for part in value)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield _written(name, known)
            yield _written(part, known)
    elif isinstance(value, set | frozenset):
        yield from sorted(_written(part, known) for part in value)
    elif isinstance(value, date):
        yield value.isoformat()
    else:
        raise TypeError(f"no figure is found by a {type(value).__qualname__}")


def _digest(parts: Sequence[str]) -> str:
    found = hashlib.sha256()
    for part in parts:
        text = part.encode()
        found.update(len(text).to_bytes(8, "big"))
        found.update(text)
    return found.hexdigest()

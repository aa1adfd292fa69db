"""Earlier answers in later texts: ``{{id}}`` stands for the words of an answer.

Only questions, their help and the introduction of a page may hold such places; a place is
filled with text that the page still has to escape.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

UNANSWERED = "…"
"""What stands for an answer that was not given, and for every answer in the codebook."""

_HOLE = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_]{0,31})\s*\}\}")


def piped(text: str) -> tuple[str, ...]:
    """The ids of the items whose answers a text names.

    >>> piped("Sie nannten {{topic}} und {{ place }}.")
    ('topic', 'place')
    """
    return tuple(match[1] for match in _HOLE.finditer(text))


def is_broken(text: str) -> bool:
    """Whether double braces are left that name no item.

    >>> is_broken("{{a b}}"), is_broken("{{a}}")
    (True, False)
    """
    rest = _HOLE.sub("", text)
    return "{{" in rest or "}}" in rest


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with the words of every answer; the result is not escaped.

    >>> filled("Sie nannten {{topic}} und {{ place }}.", {"topic": "Parks"})
    'Sie nannten Parks und ….'
    """
    return _HOLE.sub(lambda match: words.get(match[1]) or UNANSWERED, text)


def without_answers(text: str) -> str:
    """The text as the codebook and paper show it."""
    return filled(text, {})


def pieces(text: str) -> tuple[tuple[str, str], ...]:
    """The text in parts: literal text with an empty id, then the id of an item, and so on.

    >>> pieces("Warum {{topic}}?")
    (('Warum ', ''), ('', 'topic'), ('?', ''))
    """
    parts: list[tuple[str, str]] = []
    for place, part in enumerate(_HOLE.split(text)):
        if part:
            parts.append(("", part) if place % 2 else (part, ""))
    return tuple(parts)

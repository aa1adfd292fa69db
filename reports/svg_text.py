"""Texts of figures are set as whole lines.

WeasyPrint sets a text of an SVG letter by letter, because its letters may have places and turns
of their own. Those of our figures have none: set as a whole, a line keeps its kerning, is as wide
as the figure measured it, and takes a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weasyprint import svg

ONE_BY_ONE = ("x", "y", "dx", "dy", "rotate")
"""Attributes that may give letters places of their own."""

_set_letters = svg.text


class Line(str):
    """A text that counts as one letter."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        """The whole text, once."""
        return iter((str(self),))


def set_line(image: Any, node: Any, size: float) -> None:
    """Draw a text of an SVG whose letters follow each other as one line."""
    letters = any(len((node.get(name) or "").split()) > 1 for name in ONE_BY_ONE)
    spaced = node.get("letter-spacing") or node.get("textLength")
    if node.text and not letters and not spaced:
        node._etree_node.text = Line(node.text)  # noqa: SLF001, it has no other way in
    _set_letters(image, node, size)


def set_whole_lines() -> None:
    """Let WeasyPrint draw texts of figures with :func:`set_line` from now on."""
    svg.TAGS.update({tag: set_line for tag, draws in svg.TAGS.items() if draws is _set_letters})
    svg.text = set_line

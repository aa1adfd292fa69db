"""Docstrings as the Python reference shows them: examples as code, names without roles."""

from __future__ import annotations

import re
from typing import Any

import griffe

EXAMPLE = re.compile(r"^>>> .*?(?=\n\s*\n|\Z)", flags=re.DOTALL | re.MULTILINE)
ROLE = re.compile(r":(?:mod|class|func|data|meth):`~?([^`]+)`")


def readable(text: str) -> str:
    """A docstring in Markdown: every doctest in a fence, every role as plain code."""
    return ROLE.sub(r"`\1`", EXAMPLE.sub(r"```pycon\n\g<0>\n```", text))


class Readable(griffe.Extension):
    """Applies :func:`readable` to every docstring that is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one module, class, function or attribute."""
        if obj.docstring:
            obj.docstring.value = readable(obj.docstring.value)

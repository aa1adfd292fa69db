"""What the tests of the documentation read: its pages, examples and words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

DOCS = Path(__file__).parents[1] / "docs"
GERMAN = [DOCS / "index.md", *sorted((DOCS / "de").glob("*.md"))]
SHELL = ("sh", "console")
"""Examples that a test runs as they stand, and examples that need more than one machine."""


def blocks(text: str, *languages: str) -> list[str]:
    """The contents of fenced blocks in these languages, in order."""
    kinds = "|".join(languages)
    return re.findall(rf"^```(?:{kinds})\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def commands(text: str) -> Iterator[list[str]]:
    """The words of every line of a shell example and of every `survey …` inside a text."""
    inside = re.findall(r"`((?:survey|reports) [^`]+)`", text)
    lines = [line for block in blocks(text, *SHELL) for line in block.splitlines()]
    for line in (*lines, *inside):
        words = shlex.split(line.replace("…", "").replace("STUDY", "x"), comments=True)
        if words and words[0].rpartition("/")[2] in ("survey", "reports"):
            yield [words[0].rpartition("/")[2], *words[1:]]


def prose(text: str) -> str:
    """The running text of a page: no code, no targets of links, no addresses."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"`[^`]*`", " ", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"[*_#|>]|(?<!\w)-+(?!\w)", " ", text)


def frame(page: Path) -> Iterator[str]:
    """What stands around the text of a built page, seen and read aloud; no names of English pages.

    Those are links that leave the folder of the German pages.
    """
    tree = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False)
    yield from _around(tree)


def _around(part: Element) -> Iterator[str]:
    if not isinstance(part.tag, str) or part.tag in ("article", "script", "style"):
        return
    if part.tag == "a" and re.match(r"\.\./(?!index)", part.get("href", "")):
        return
    for name in ("aria-label", "alt", "placeholder", "title"):
        yield part.get(name, "")
    yield part.text or ""
    for inner in part:
        yield from _around(inner)
        yield inner.tail or ""

"""Pages rendered once by Jinja into literal text with holes that a request fills.

A template writes ``{{ hole("value", name) }}`` where something depends on the respondent, and
``{% call when("mistake", name) %}…{% endcall %}`` or ``{% call each("mistakes") %}…{% endcall %}``
around what is shown on a condition or once per entry. ``{% call arranged("pages") %}`` shows the
``{% call part() %}…{% endcall %}`` in it in a drawn order. :func:`compile_page` turns the rendered
text into parts; :func:`fill` only joins them. Every value is escaped on its way in. Parts are bytes
from the beginning: what a request puts into a page is little, what stands there already is much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from survey.languages import Language
from survey.piping import UNANSWERED, pieces
from survey.translation import between_tags, catalogue, number, spoken

_OPEN, _SEPARATOR, _CLOSE = "\x02", "\x1f", "\x03"
_HOLE = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")

Entry = Mapping[str, str]
Put = Callable[[bytes], object]
"""Takes the pieces of a page one by one, in UTF-8."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What one request puts into the holes of a page.

    ``values`` maps HTML names to submitted strings, ``mistakes`` field names to sentences,
    ``texts`` holds single strings (``Markup`` is not escaped), ``lists`` entries for repetition,
    ``flags`` the conditions that hold, ``orders`` the index of the shown order per shuffled item,
    ``places`` the order of the parts of what is arranged, and ``answers`` the words of earlier
    answers by item.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Entry]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    orders: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, Sequence[int]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


class Writer(Protocol):
    """A part of a page that puts different pieces for different requests."""

    def write(self, filling: Filling, here: Entry, put: Put) -> None:
        """Put the pieces that stand here for one request."""


Part = bytes | Writer
"""What a page consists of."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a page that a request fills."""

    kind: str
    arguments: tuple[str, ...]

    def write(self, filling: Filling, here: Entry, put: Put) -> None:
        """Put the one string that stands here for this request."""
        put(_HOLES[self.kind](filling, here, *self.arguments).encode())


@dataclass(frozen=True)
class Block:
    """A part that appears on a condition (``when``), once per entry of a list (``each``), with
    its parts in a drawn order (``arranged``), or is such a ``part``.
    """

    kind: str
    arguments: tuple[str, ...]
    body: tuple[Part, ...]

    def write(self, filling: Filling, here: Entry, put: Put) -> None:
        """Put the body as often and in the order that is due."""
        if self.kind == "when":
            if self._condition(filling, here):
                write(self.body, filling, here, put)
        elif self.kind == "each":
            for entry in _entries(filling, *self.arguments):
                write(self.body, filling, entry, put)
        elif self.kind == "arranged":
            places = filling.places.get(self.arguments[0], range(len(self._parts)))
            for place in places:
                write(self._parts[place].body, filling, here, put)
        else:
            write(self.body, filling, here, put)

    @cached_property
    def _parts(self) -> tuple[Block, ...]:
        return tuple(p for p in self.body if isinstance(p, Block) and p.kind == "part")

    @cached_property
    def _condition(self) -> Callable[[Filling, Entry], bool]:
        condition, *arguments = self.arguments
        return _CONDITIONS[condition](*arguments)


Parts = tuple[Part, ...]


def fill(parts: Parts, filling: Filling) -> bytes:
    """A page for one request, in UTF-8."""
    pieces: list[bytes] = []
    write(parts, filling, {}, pieces.append)
    return b"".join(pieces)


def write(parts: Sequence[Part], filling: Filling, here: Entry, put: Put) -> None:
    """Put the pieces of some parts one by one; ``here`` is the entry of a list around them."""
    for part in parts:
        if isinstance(part, bytes):
            put(part)
        else:
            part.write(filling, here, put)


def _value(filling: Filling, _here: Entry, name: str) -> str:
    values = filling.values.get(name, ())
    return escape(values[0]) if values else ""


def _escaped(text: str) -> str:
    # Most are numbers of pages.
    return text if isinstance(text, Markup) or text.isdecimal() else escape(text)


def _marked(attribute: str) -> Callable[..., str]:
    def mark(filling: Filling, _here: Entry, name: str, value: str) -> str:
        return f" {attribute}" if value in filling.values.get(name, ()) else ""

    return mark


MARKS = ("checked", "selected")
"""Holes that mark a code of a field as chosen."""

_HOLES: dict[str, Callable[..., str]] = {
    "value": _value,
    **{attribute: _marked(attribute) for attribute in MARKS},
    "sentence": lambda filling, _here, name: escape(filling.mistakes.get(name, "")),
    "text": lambda filling, _here, name: _escaped(filling.texts.get(name, "")),
    "here": lambda _filling, here, name: escape(here.get(name, "")),
    "answer": lambda filling, _here, id: escape(filling.answers.get(id) or UNANSWERED),
}

_CONDITIONS: dict[str, Callable[..., Callable[[Filling, Entry], bool]]] = {
    "here": lambda name: lambda _, here: bool(here.get(name)),
    "mistake": lambda name: lambda filling, _: name in filling.mistakes,
    "mistakes": lambda: lambda filling, _: bool(filling.mistakes),
    "text": lambda name: lambda filling, _: bool(filling.texts.get(name)),
    "list": lambda name: lambda filling, _: bool(filling.lists.get(name)),
    "flag": lambda name: lambda filling, _: name in filling.flags,
    "not": lambda name: lambda filling, _: name not in filling.flags,
    "value": lambda name: lambda filling, _: any(filling.values.get(name, ())),
    "empty": lambda *names: (
        lambda filling, _: not any(any(filling.values.get(name, ())) for name in names)
    ),
    "order": lambda item, index: lambda filling, _: str(filling.orders.get(item, 0)) == index,
}
"""What a condition's arguments ask about a request."""


def _entries(filling: Filling, name: str) -> Sequence[Entry]:
    if name == "mistakes" and name not in filling.lists:
        return [{"name": k, "sentence": v} for k, v in filling.mistakes.items()]
    return filling.lists.get(name, ())


def _mark(*parts: object) -> Markup:
    return Markup(_OPEN + _SEPARATOR.join(str(part) for part in parts) + _CLOSE)  # noqa: S704


def _block(kind: str) -> Callable[..., Markup]:
    def block(*arguments: object, caller: Callable[[], str]) -> Markup:
        return _mark(kind, *arguments) + Markup(caller()) + _mark("end")  # noqa: S704

    return block


def with_answers(text: str) -> Markup:
    """A text of the study, escaped, with a hole for every earlier answer that it mentions."""
    parts = (_mark("hole", "answer", id) if id else Markup(escape(t)) for t, id in pieces(text))  # noqa: S704
    return Markup("").join(parts)


_SPAN = re.compile(r"<span lang=[^>]*>|</span>")


def _bare(text: str) -> Markup:
    """Text for a place where no tag may stand, such as the title."""
    return Markup(_SPAN.sub("", text))  # noqa: S704


@cache
def environment(language: str) -> Environment:
    """The Jinja environment of a language; used while pages are prepared, never per request."""
    made = Environment(
        loader=PackageLoader("survey"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(  # type: ignore[attr-defined]
        between_tags(language), catalogue(language).ngettext, newstyle=True
    )
    made.filters["bare"] = _bare
    own, ours = Language(language), spoken(language)
    made.globals |= {
        "language": own,
        "ui": "" if ours == own.html else Markup(' lang="{}"').format(ours),
        "hole": lambda *arguments: _mark("hole", *arguments),
        "when": _block("when"),
        "each": _block("each"),
        "arranged": _block("arranged"),
        "part": _block("part"),
        "number": lambda value: number(value, language),
    }
    return made


def compile_page(template: str, language: str, /, **context: object) -> Parts:
    """The parts of one rendered template, whose interface speaks a language."""
    return parse(environment(language).get_template(template).render(**context))


def parse(text: str) -> Parts:
    """The parts of a rendered text.

    >>> block = _block("when")("flag", "new", caller=lambda: "<b>")
    >>> parts = parse(block + _mark("hole", "text", "n"))
    >>> fill(parts, Filling(texts={"n": "a<b"})), len(parts)
    (b'a&lt;b', 2)
    """
    pieces = _HOLE.split(text)
    literals, markers = [text.encode() for text in pieces[::2]], pieces[1::2]
    open_blocks: list[list[Part]] = [[literals[0]]]
    heads: list[tuple[str, ...]] = []
    for marker, literal in zip(markers, literals[1:], strict=True):
        kind, *arguments = marker.split(_SEPARATOR)
        if kind == "hole":
            open_blocks[-1].append(Hole(arguments[0], tuple(arguments[1:])))
        elif kind == "end":
            body = open_blocks.pop()
            head = heads.pop()
            open_blocks[-1].append(Block(head[0], head[1:], _tidy(body)))
        else:
            heads.append((kind, *arguments))
            open_blocks.append([])
        open_blocks[-1].append(literal)
    (parts,) = open_blocks
    return _tidy(parts)


def _tidy(parts: Sequence[Part]) -> Parts:
    return tuple(part for part in parts if part != b"")

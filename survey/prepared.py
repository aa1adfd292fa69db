"""A page made ready to be filled quickly: everything that is known beforehand is joined.

Most pages are shown without a mistake, so each is kept in two forms: whole, and calm, without
the places that only mistakes need. What depends on one field alone, such as a run of radio buttons
and the button that clears them, is kept as one text per code: one of them is chosen, or none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.rendering import (
    MARKS,
    Block,
    Entry,
    Filling,
    Hole,
    Part,
    Parts,
    Put,
    Writer,
    fill,
    write,
)

Condition = tuple[str, ...]

_ABOUT_MISTAKES = ("mistake", "mistakes")
_NOTHING = ("",)
_NOWHERE: Entry = {}


@dataclass(frozen=True, slots=True)
class Choices:
    """A run of parts that depend on one field alone, with the text between them.

    ``texts`` holds the whole run by the one code that is chosen, and under the empty string
    with nothing chosen.
    """

    name: str
    texts: Mapping[str, bytes]
    parts: Parts

    def write(self, filling: Filling, here: Entry, put: Put) -> None:
        """Put the run at once if one code of the list was sent, or none."""
        sent = filling.values.get(self.name) or _NOTHING
        text = self.texts.get(sent[0]) if len(sent) == 1 else None
        if text is None:
            write(self.parts, filling, here, put)
        else:
            put(text)


class Sheet:
    """The parts of a page in a row, each run of choices as it is with nothing chosen.

    A request puts its own in the places of those that differ, so what nobody has answered costs
    nothing.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._pieces: list[bytes] = []
        self._chosen: dict[str, list[tuple[int, Choices]]] = {}
        self._others: list[tuple[int, Writer]] = []
        for place, part in enumerate(parts):
            self._pieces.append(self._at_rest(place, part))

    def _at_rest(self, place: int, part: Part) -> bytes:
        if isinstance(part, bytes):
            return part
        if isinstance(part, Choices):
            self._chosen.setdefault(part.name, []).append((place, part))
            return part.texts[""]
        self._others.append((place, part))
        return b""

    def fill(self, filling: Filling) -> bytes:
        """The page for one request, in UTF-8."""
        pieces = self._pieces.copy()
        for name, sent in filling.values.items():
            for place, part in self._chosen.get(name, ()):
                text = part.texts.get(sent[0]) if len(sent) == 1 else None
                pieces[place] = fill((part,), filling) if text is None else text
        for place, other in self._others:
            found: list[bytes] = []
            other.write(filling, _NOWHERE, found.append)
            pieces[place] = found[0] if len(found) == 1 else b"".join(found)
        return b"".join(pieces)


class _Once:
    """Keeps what is equal once: both forms of a page say nearly the same, choice by choice."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._texts: dict[bytes, bytes] = {}
        self._holes: dict[Hole, Hole] = {}

    def all(self, parts: Parts) -> Parts:
        """The same parts, in which no text and no hole is there twice."""
        return tuple(map(self._part, parts))

    def _part(self, part: Part) -> Part:
        if isinstance(part, bytes):
            return self._texts.setdefault(part, part)
        if isinstance(part, Hole):
            return self._holes.setdefault(part, part)
        if isinstance(part, Block):
            return replace(part, body=self.all(part.body))
        if isinstance(part, Choices):
            texts = {code: self._texts.setdefault(text, text) for code, text in part.texts.items()}
            return Choices(part.name, texts, self.all(part.parts))
        return part


@dataclass(frozen=True)
class Prepared:
    """One page in both of its forms."""

    whole: Parts
    calm: Sheet

    @classmethod
    def of(cls, parts: Parts, always: Collection[Condition] = ()) -> Prepared:
        """A page as the template has given it; ``always`` holds for every request.

        Besides conditions it names by ``("arranged", name)`` what has one order only.
        """
        settled, once = _settled(parts, {*always, *_always_held(parts)}), _Once()
        calm = once.all(_gathered(_without_mistakes(settled)))
        return cls(once.all(_gathered(settled)), Sheet(calm))

    def fill(self, filling: Filling) -> bytes:
        """The page for one request, in UTF-8."""
        return fill(self.whole, filling) if filling.mistakes else self.calm.fill(filling)


def _settled(parts: Parts, always: Collection[Condition]) -> Parts:
    """The parts with the body of every condition in ``always`` in its place."""
    kept: list[Part] = []
    for part in parts:
        if not isinstance(part, Block):
            kept.append(part)
            continue
        body = _settled(part.body, always)
        if part.kind == "when" and part.arguments in always:
            kept.extend(body)
        elif (part.kind, *part.arguments) in always:
            kept.extend(piece for one in body if isinstance(one, Block) for piece in one.body)
        else:
            kept.append(replace(part, body=body))
    return tuple(_joined(kept))


def _always_held(parts: Parts) -> frozenset[Condition]:
    """The conditions about the order of lists that have one order only."""
    orders: dict[str, set[str]] = {}
    for block in _blocks(parts):
        if block.kind == "when" and block.arguments[0] == "order":
            orders.setdefault(block.arguments[1], set()).add(block.arguments[2])
    return frozenset(("order", item, "0") for item, found in orders.items() if found == {"0"})


def _blocks(parts: Parts) -> Iterator[Block]:
    for part in parts:
        if isinstance(part, Block):
            yield part
            yield from _blocks(part.body)


def _without_mistakes(parts: Parts) -> Parts:
    """The parts of a page without a mistake; what then stands side by side is joined."""
    kept = [
        replace(part, body=_without_mistakes(part.body)) if isinstance(part, Block) else part
        for part in parts
        if not (isinstance(part, Block) and part.kind == "when" and _is_about_mistakes(part))
    ]
    return tuple(_joined(kept))


def _is_about_mistakes(block: Block) -> bool:
    return block.arguments[0] in _ABOUT_MISTAKES


def _joined(parts: Sequence[Part]) -> Iterator[Part]:
    text = b""
    for part in parts:
        if isinstance(part, bytes):
            text += part
            continue
        if text:
            yield text
        yield part
        text = b""
    if text:
        yield text


def _gathered(parts: Parts) -> Parts:
    """The parts with every run that depends on one field as one part."""
    found: list[Part] = []
    run: list[Part] = []
    name = ""
    for part in parts:
        field = _field(part)
        if field is None or (field and name and field != name):
            found.extend(_as_choices(run))
            run, name = [], ""
        if field is None:
            found.append(_within(part))
        else:
            run.append(part)
            name = name or field
    return (*found, *_as_choices(run))


def _within(part: Part) -> Part:
    return replace(part, body=_gathered(part.body)) if isinstance(part, Block) else part


def _field(part: Part) -> str | None:
    """The one field that a part depends on; empty if on nothing, None if on something else."""
    if isinstance(part, bytes):
        return ""
    if isinstance(part, Hole) and part.kind in MARKS:
        return part.arguments[0]
    if isinstance(part, Block) and (part.kind, *part.arguments[:1]) == ("when", "empty"):
        fields = {*part.arguments[1:], *map(_field, part.body)} - {""}
        return fields.pop() if len(fields) == 1 else None
    return None


def _as_choices(run: Sequence[Part]) -> list[Part]:
    """A run as one part, with the text before and behind it apart: that needs no copy per code."""
    places = [place for place, part in enumerate(run) if not isinstance(part, bytes)]
    if not places:
        return list(run)
    first, last = places[0], places[-1] + 1
    parts = tuple(run[first:last])
    name = _field(parts[0]) or ""
    codes = ["", *(mark.arguments[1] for mark in parts if isinstance(mark, Hole))]
    texts = {code: fill(parts, Filling(values={name: [code]})) for code in codes}
    return [*run[:first], Choices(name, texts, parts), *run[last:]]

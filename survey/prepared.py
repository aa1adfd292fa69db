"""A page made ready to be filled quickly: everything that is known beforehand is joined.

Most pages are shown without a mistake, so each is kept in two forms: whole, and calm, without
the places that only mistakes need. A run of radio buttons, ticks or options of one field is
kept as one text per code, because one of them is chosen or none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from survey.rendering import MARKS, Block, Entry, Filling, Hole, Part, Parts, Put, fill, write

Condition = tuple[str, ...]

_ABOUT_MISTAKES = ("mistake", "mistakes")


@dataclass(frozen=True, slots=True)
class Choices:
    """A run of marks of one field, with the text between them.

    ``texts`` holds the whole run by the one code that is marked, and under the empty string
    with nothing marked.
    """

    name: str
    texts: Mapping[str, str]
    parts: Parts

    def write(self, filling: Filling, here: Entry, put: Put) -> None:
        """Put the run at once if at most one code was sent."""
        sent = filling.values.get(self.name, ())
        if len(sent) > 1:
            write(self.parts, filling, here, put)
        else:
            code = sent[0] if sent else ""
            put(self.texts[code if code in self.texts else ""])


@dataclass(frozen=True)
class Prepared:
    """One page in both of its forms."""

    whole: Parts
    calm: Parts

    @classmethod
    def of(cls, parts: Parts, always: Collection[Condition] = ()) -> Prepared:
        """A page as the template has given it; ``always`` holds for every request."""
        settled = _settled(parts, {*always, *_always_held(parts)})
        return cls(_gathered(settled), _gathered(_without_mistakes(settled)))

    def fill(self, filling: Filling) -> str:
        """The page for one request."""
        return "".join(fill(self.whole if filling.mistakes else self.calm, filling))


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
    for is_text, run in groupby(parts, lambda part: isinstance(part, str)):
        if is_text:
            yield "".join(map(str, run))
        else:
            yield from run


def _gathered(parts: Parts) -> Parts:
    """The parts with every run of marks of one field as one part."""
    found: list[Part] = []
    run: list[str | Hole] = []

    for part in (*parts, None):
        if isinstance(part, str) or _continues(run, part):
            run.append(part)  # type: ignore[arg-type]
            continue
        found.extend(_as_choices(run))
        run = [part] if isinstance(part, Hole) and part.kind in MARKS else []
        if isinstance(part, Block):
            found.append(replace(part, body=_gathered(part.body)))
        elif part is not None and not run:
            found.append(part)
    return tuple(found)


def _continues(run: Sequence[str | Hole], part: Part | None) -> bool:
    """Whether a part is a mark of the same field as those of the run, or the first."""
    if not isinstance(part, Hole) or part.kind not in MARKS:
        return False
    marks = [one for one in run if isinstance(one, Hole)]
    return not marks or marks[0].arguments[0] == part.arguments[0]


def _as_choices(run: Sequence[str | Hole]) -> list[Part]:
    marks = [part for part in run if isinstance(part, Hole)]
    if not marks:
        return list(run)
    parts = tuple(run)
    name = marks[0].arguments[0]
    codes = ["", *(mark.arguments[1] for mark in marks)]
    texts = {code: "".join(fill(parts, Filling(values={name: [code]}))) for code in codes}
    return [Choices(name, texts, parts)]

"""Every number of a document has an address: a row of the published table, or a constant.

The same search serves the model of a dossier before it is rendered, text by text, and the
pages of a finished PDF. A number counts as earned if a row carries it that its surroundings
are about, or if it belongs to a constant with a reason; anything else is unearned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from defusedxml import ElementTree

from reports.addresses import AddressBook
from reports.constants import PATTERNS, REASONS, Constant, pattern
from reports.dossier import Dossier, Points, Section
from reports.errors import DossierError
from reports.exhibits import Grid, Picture
from reports.printed_numbers import context, from_english, label, numbers, plain

BARE = ("count", "headcount")
"""Classes whose constants are a number alone; a headcount needs its group near by."""

ENGLISH = "en"

BEFORE, BEHIND = 240, 120
"""Characters beside a number that tell rows apart which its page names all the same."""

_DIGIT, _ROW = re.compile(r"\d"), re.compile("[0-9]+")
_PAIR = re.compile(r"\b(\d+) von (\d+) (?:Qualitäten|Feldern|Dienststellen|Einheiten|Fragen)\b")


@dataclass(frozen=True, slots=True)
class Traced:
    """One number of a document: where it stands, and its address; "" if it has none.

    ``others`` counts further addresses that carry the same number under the same names.
    """

    where: str
    number: str
    address: str
    others: int = 0
    near: str = ""

    @property
    def earned(self) -> bool:
        """Whether the number may stand where it stands."""
        return bool(self.address)


@dataclass(frozen=True)
class _Mask:
    """What finds a constant, made only for texts that hold its ``digits``, each row whole."""

    kind: str
    digits: frozenset[str]
    of: Constant | re.Pattern[str]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return self.of if isinstance(self.of, re.Pattern) else pattern(self.of)


@dataclass(frozen=True)
class Tracer:
    """Finds the address of every number of a text."""

    book: AddressBook
    constants: tuple[Constant, ...]

    @cached_property
    def _masks(self) -> tuple[_Mask, ...]:
        texts = sorted(
            (c for c in self.constants if c.kind not in BARE), key=lambda c: -len(c.text)
        )
        own = (_Mask(c.kind, _digits(plain(c.text)), c) for c in texts if _has_digit(c.text))
        patterns = (_Mask(kind, frozenset(), re.compile(found)) for kind, found in PATTERNS)
        return (*patterns, *own)

    @cached_property
    def _bare(self) -> dict[str, list[Constant]]:
        found: dict[str, list[Constant]] = {}
        for constant in self.constants:
            if constant.kind in BARE:
                found.setdefault(constant.text, []).append(constant)
        return found

    def trace(
        self,
        text: str,
        contexts: Sequence[str],
        where: str,
        language: str = "de",
        *,
        nearest: bool = True,
    ) -> Iterator[Traced]:
        """Every number of a text with its address.

        ``contexts`` are what the text is about, from the narrowest on; a wider one is asked
        only where a narrower one knows no address. English numbers have a decimal point. Unless
        the ``nearest`` address is asked for, one that fits is enough.
        """
        if not _DIGIT.search(text):
            return
        shown, english = plain(text), language.startswith(ENGLISH)
        held = _digits(shown)
        spans = [(start, end, "axis") for start, end in _axes(shown)]
        spans += [(*found.span(), mask.kind) for mask in self._masks if mask.digits <= held
                  for found in mask.pattern.finditer(shown)]  # fmt: skip
        masked = shown
        for start, end, kind in spans:
            for number in numbers(masked[start:end]):
                yield Traced(where, number.text, _named(kind))
            masked = _blank(masked, start, end)
        masked = from_english(masked) if english else masked
        lists = {
            match.start(1) for match in _PAIR.finditer(masked)
            if int(match[1]) <= int(match[2]) and match[2] in self._bare
        }  # fmt: skip
        for number in numbers(masked):
            if number.start in lists:
                yield Traced(where, number.text, _named("count"))
                continue
            close = shown[max(0, number.start - BEFORE) : number.start + BEHIND]
            found = self._traced(number.text, contexts, where, close if nearest else None)
            near = shown[max(0, number.start - 40) : number.start + 25].replace("\n", " ")
            yield found if found.earned else replace(found, near=near)

    def _traced(self, number: str, wider: Sequence[str], where: str, beside: str | None) -> Traced:
        for about in map(context, wider):
            if beside is None:
                if one := self.book.first(number, about):
                    return Traced(where, number, one)
                continue
            found = self.book.find(number, about, beside)
            if found:
                name, part = found[0]
                return Traced(where, number, f"{name} ({part})", len(found) - 1)
        for constant in self._bare.get(number, ()):
            group = label(constant.meaning) if constant.kind == "headcount" else ""
            if any(group in about for about in map(context, wider)):
                return Traced(where, number, _named(constant.kind, constant.meaning))
        return Traced(where, number, "")

    def in_dossier(self, dossier: Dossier, *, nearest: bool = True) -> Iterator[Traced]:
        """Every number of the model, chart texts and alternative texts among them."""
        head = f"{dossier.title} {dossier.subtitle}"
        tongue = dossier.language
        yield from self.trace(f"{head}\n{dossier.source}", [head], "title", tongue, nearest=nearest)
        for section in dossier.sections:
            whole = " ".join(section.texts)
            for where, text, *about in _parts(section):
                contexts = [f"{head} {section.title} {wide}" for wide in about]
                wider = [f"{head} {whole}"] if len(about) > 1 else []
                yield from self.trace(text, [*contexts, *wider], where, tongue, nearest=nearest)


def check_numbers(dossier: Dossier, tracer: Tracer) -> None:
    """Raise ``DossierError`` that names every number of a dossier without an address."""
    found = tracer.in_dossier(dossier, nearest=False)
    unearned = [traced for traced in found if not traced.earned]
    if unearned:
        listed = "; ".join(f"{t.where}: {t.number} (“…{t.near}…”)" for t in unearned[:20])
        raise DossierError(
            f"{len(unearned)} numbers stand in no row of the table and are no constants: {listed}"
        )


def _parts(section: Section) -> Iterator[tuple[str, ...]]:
    """The texts of a section: place, text, and what it is about, from narrow to wide."""
    yield section.id, section.title, ""
    before = ""
    for block in section.blocks:
        whole = " ".join(block.texts)
        if isinstance(block, Picture):
            drawn, where = "\n".join(svg_texts(block.figure.svg)), f"{section.id} {block.id}"
            around = (block.caption, block.base, block.wording, *block.notes)
            yield where, "\n".join((*around, drawn)), f"{whole} {drawn}"
            start, colon, rest = block.figure.alt.partition(": ")
            for clause in (f"{start}{colon}{rest}" if colon else start).split("; "):
                yield where, clause, " ".join((*around, start, clause))
        elif isinstance(block, Grid):
            heads = [column.head for column in block.columns]
            around = (block.caption, block.base, block.wording, *block.notes, *heads)
            yield f"{section.id} {block.id}", "\n".join(around), whole
            for row in block.rows:
                about = " ".join((*around, *row))
                yield f"{section.id} {block.id} {row[0]}", "\n".join(row), about
        elif isinstance(block, Points):
            yield section.id, block.title, whole
            for item in block.items:
                yield section.id, item, f"{block.title} {item}", f"{before} {whole}"
        else:
            yield section.id, "\n".join(block.texts), whole, f"{before} {whole}"
        before = whole


def svg_texts(svg: bytes) -> list[str]:
    """The texts of a figure in the order in which they are drawn."""
    if not svg:
        return []
    found = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()) for element in found]


_ALONE = re.compile(r"[+\u2212]?(?:\d{1,3}(?:\u202f\d{3})+|\d+)(?: ?%)?")


def _axes(text: str) -> Iterator[tuple[int, int]]:
    """Where the ticks of an axis or the places of a strip stand: alone on successive lines.

    They rise in equal steps from 0, from 1, or from −a to a.

    >>> list(_axes("a\\n0 %\\n20 %\\n40 %\\n9 %")), list(_axes("41 %\\n36 %\\n30 %"))
    ([(2, 15)], [])
    >>> list(_axes("0\\n500\\n1\u202f000\\n1\u202f500"))
    [(0, 17)]
    """
    lines, at = text.split("\n"), 0
    starts = []
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    values = [_tick(line) for line in lines]
    first = 0
    while first < len(lines):
        last = _rising(values, first)
        if last - first >= 2 and _begins(values, first, last):
            yield starts[first], starts[last] + len(lines[last])
        first = last + 1 if last - first >= 2 else first + 1


def _tick(line: str) -> tuple[int, bool] | None:
    text = line.strip()
    if not _ALONE.fullmatch(text):
        return None
    digits = text.rstrip(" %").replace("\u2212", "-").replace("\u202f", "")
    return int(digits), text.endswith("%")


def _rising(values: Sequence[tuple[int, bool] | None], first: int) -> int:
    """The last line of the run of equal steps that begins on a line."""
    last, step = first, 0
    while last + 1 < len(values):
        here, after = values[last], values[last + 1]
        if here is None or after is None or here[1] is not after[1]:
            return last
        rise = after[0] - here[0]
        if rise <= 0 or (step and rise != step):
            return last
        last, step = last + 1, rise
    return last


def _begins(values: Sequence[tuple[int, bool] | None], first: int, last: int) -> bool:
    start, end = values[first], values[last]
    if start is None or end is None:
        return False
    return start[0] == 0 or start == (1, False) or start[0] == -end[0]


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + "\u0001" * (end - start) + text[end:]


def _named(kind: str, meaning: str = "") -> str:
    return f"constant {kind}: {meaning or REASONS[kind]}"


def _digits(text: str) -> frozenset[str]:
    """The rows of digits of a plain text; a constant stands only where all of its own do.

    >>> sorted(_digits("1. Mai 2027")), sorted(_digits("m²"))
    (['1', '2027'], [])
    """
    return frozenset(_ROW.findall(text))


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def unearned(found: Iterable[Traced]) -> Sequence[Traced]:
    """The numbers without an address."""
    return [traced for traced in found if not traced.earned]

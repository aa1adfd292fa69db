"""Many pages that differ in their codes only: few are set, the others are stamped from them.

Setting a page takes a hundred times as long as copying one. A copy keeps everything: the tags of
its page, and the pictures and fonts that the pages share. The shapes of the letters and the gaps
between them are read from a page that was set, so that a stamped code looks like a set one; the
style has to switch kerning off for codes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pikepdf import Array, Dictionary, Object, Page, Pdf

from survey.codes import ALPHABET, grouped
from survey.errors import SurveyError

SPECIMENS = tuple(
    grouped((2 * ALPHABET)[start : start + 13]) for start in range(0, len(ALPHABET), 13)
)
"""Codes that show every character; they open nothing, and no finished page keeps them."""

_RUN = re.compile(
    rb"1 0 0 -1 (?P<x>-?[0-9.]+) (?P<y>-?[0-9.]+) Tm\s"
    rb"/(?P<font>\w+) (?P<size>[0-9.]+) Tf\s\[(?P<text>[^\]]*)\] TJ"
)
_SHAPES, _GAPS = re.compile(rb"<([0-9a-f]+)>"), re.compile(rb">(-?[0-9.]+)")
_MARKS = [place for place, letter in enumerate(SPECIMENS[0]) if letter == "-"]


def specimens(count: int) -> list[list[str]]:
    """Specimens for pages of ``count`` codes: few pages, with every character of a code."""
    pages = -(-len(SPECIMENS) // count)
    shown = [SPECIMENS[place % len(SPECIMENS)] for place in range(pages * count)]
    return [shown[start : start + count] for start in range(0, len(shown), count)]


def stamped(pdf: bytes, first: int, pages: Sequence[Sequence[str]], *, centred: bool) -> bytes:
    """The PDF with the pages of :func:`specimens` from place ``first`` on stamped with codes.

    ``pages`` holds the codes of each page that there shall be: at least as many pages as show
    specimens, of as many codes. Raises ``SurveyError`` if the specimens cannot be found.
    """
    with Pdf.open(io.BytesIO(pdf)) as document:
        shown = specimens(len(pages[0]))
        models = [document.pages[first + place] for place in range(len(shown))]
        sheets = [Sheet(model.Contents.read_bytes()) for model in models]
        for sheet, specimen in zip(sheets, shown, strict=True):
            sheet.check(specimen)
        lettering = _lettering(models[0].Resources, sheets, shown)
        copier = _Copier(document, first + len(models) - 1)
        for place, codes in enumerate(pages):
            known = min(place, len(models) - 1)
            page = models[known].obj if place == known else copier.copy()
            before = shown[known] if centred else list(codes)
            page.Contents = document.make_stream(sheets[known].stamped(before, codes, lettering))
        copier.finish()
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Lettering:
    """How codes are set: shape and width of each character, and the gap behind it.

    Widths and gaps are thousandths of the size of the letters.
    """

    shapes: Mapping[str, bytes]
    widths: Mapping[str, float]
    gap: float

    def width(self, code: str) -> float:
        """The width of a code."""
        return sum(self.widths[letter] + self.gap for letter in code)

    def text(self, code: str) -> bytes:
        """The code as the operand that shows it."""
        return (b"%.4f" % -self.gap).join(b"<%b>" % self.shapes[letter] for letter in code)


@dataclass(frozen=True)
class Sheet:
    """The content of a page that shows codes."""

    content: bytes

    @cached_property
    def runs(self) -> tuple[re.Match[bytes], ...]:
        """Where the codes stand."""
        return tuple(run for run in _RUN.finditer(self.content) if _is_code(shapes_of(run)))

    def check(self, codes: Sequence[str]) -> None:
        """Raise ``SurveyError`` if these are not as many codes as there are."""
        if len(self.runs) != len(codes) or len({run["font"] for run in self.runs}) > 1:
            raise SurveyError("the codes on a page that was set cannot be found")

    def stamped(self, before: Sequence[str], codes: Sequence[str], lettering: Lettering) -> bytes:
        """The content with other codes, each centred where the one ``before`` was."""
        parts, end = [], 0
        for run, old, new in zip(self.runs, before, codes, strict=True):
            shorter = (lettering.width(old) - lettering.width(new)) / 1000
            at = float(run["x"]) + shorter * float(run["size"]) / 2
            parts += [self.content[end : run.start("x")], b"%.4f" % at]
            parts += [self.content[run.end("x") : run.start("text")], lettering.text(new)]
            end = run.end("text")
        return b"".join([*parts, self.content[end:]])


def shapes_of(run: re.Match[bytes]) -> list[bytes]:
    """The numbers of the shapes that a run of text shows."""
    digits = b"".join(_SHAPES.findall(run["text"]))
    return [digits[start : start + 4] for start in range(0, len(digits), 4)]


def _is_code(shapes: Sequence[bytes]) -> bool:
    length = len(SPECIMENS[0])
    if len(shapes) != length or len({shapes[mark] for mark in _MARKS}) > 1:
        return False
    return all(shapes[place] != shapes[_MARKS[0]] for place in range(length) if place not in _MARKS)


def _lettering(
    resources: Object, sheets: Sequence[Sheet], shown: Sequence[Sequence[str]]
) -> Lettering:
    shapes: dict[str, bytes] = {}
    runs = [run for sheet in sheets for run in sheet.runs]
    for run, code in zip(runs, (code for codes in shown for code in codes), strict=True):
        for letter, shape in zip(code, shapes_of(run), strict=True):
            if shapes.setdefault(letter, shape) != shape:
                raise SurveyError("the codes on a page that was set cannot be read")
    widths = dict(_widths(resources.Font[f"/{runs[0]['font'].decode()}"].DescendantFonts[0].W))
    # What stands behind each shape moves the next one to the left, in one or several steps.
    gap = -sum(map(float, _GAPS.findall(runs[0]["text"]))) / (len(SPECIMENS[0]) - 1)
    return Lettering(
        shapes, {letter: widths[int(shape, 16)] for letter, shape in shapes.items()}, gap
    )


def _widths(listed: Object) -> Iterator[tuple[int, float]]:
    """Widths by shape from a font's list: a first shape with a list, or a range with one width."""
    entries = list(listed)
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, Array):
            for place, width in enumerate(list(second)):
                yield first + place, float(width)
        else:
            every = float(entries.pop(0))
            for shape in range(first, int(second) + 1):
                yield shape, every


class _Copier:
    """Copies one page of a document again and again, each behind the one before, with its tags.

    It knows what WeasyPrint writes: one tag for the whole document, below it tags that belong to
    one page each, and one flat list of numbered pages with the tags of their pieces of content.
    """

    def __init__(self, document: Pdf, place: int) -> None:
        self._document, self._place = document, place
        self._model = document.pages[place].obj
        root = document.Root.StructTreeRoot
        self._whole, self._numbers = root.K[0], root.ParentTree.Nums
        self._kids = list(self._whole.K)
        own = [n for n, kid in enumerate(self._kids) if kid.Pg.objgen == self._model.objgen]
        self._tags, self._after = self._kids[own[0] : own[-1] + 1], own[-1] + 1
        listed = zip(self._numbers[::2], self._numbers[1::2], strict=True)
        pieces = {int(number): tags for number, tags in listed}
        self._pieces = [tag.objgen for tag in pieces[int(self._model.StructParents)]]
        self._next = max(pieces) + 1
        self._copies: list[Object] = []

    def copy(self) -> Object:
        """The next copy of the page."""
        page = self._document.make_indirect(_same(self._model))
        page.StructParents = self._next
        self._place += 1
        self._document.pages.insert(self._place, Page(page))
        page = self._document.pages[self._place].obj
        tags: dict[tuple[int, int], Object] = {}
        self._copies += [self._copied(tag, self._whole, page, tags) for tag in self._tags]
        self._numbers.append(self._next)
        self._numbers.append(Array([tags[piece] for piece in self._pieces]))
        self._next += 1
        return page

    def finish(self) -> None:
        """Put the tags of all copies behind those of the page."""
        behind = self._kids[self._after :]
        self._whole.K = Array([*self._kids[: self._after], *self._copies, *behind])

    def _copied(
        self, tag: Object, parent: Object, page: Object, tags: dict[tuple[int, int], Object]
    ) -> Object:
        made = self._document.make_indirect(_same(tag))
        made.P, made.Pg = parent, page
        made.K = Array(
            [
                self._copied(kid, made, page, tags) if isinstance(kid, Dictionary) else kid
                for kid in tag.K
            ]
        )
        tags[tag.objgen] = made
        return made


def _same(value: Object) -> Dictionary:
    return Dictionary(dict(value.items()))

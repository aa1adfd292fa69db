"""The text of a PDF, page by page, with the alternative texts of its figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject

from reports.errors import DossierError
from reports.printed_numbers import plain

_SOURCE = re.compile(r"(\S+) · (?:Fragebogen|questionnaire) .*? · \w+ ([0-9a-f]{8})(?= )")


_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009](?=\d{3}(?!\d))")
_SHARES = re.compile(r"(?m)^[+\u2212]?\d[\d,]* ?%(?: [+\u2212]?\d[\d,]* ?%)+$")
_COUNTS = re.compile(r"(?m)^\d{1,3}(?: \d{3})* von \d{1,3}(?: \d{3})*$")


@dataclass(frozen=True, slots=True)
class PdfPage:
    """What one page says: its text in the order of writing, and what its figures say.

    ``items`` are its list items one by one, ``title`` is that of the whole document.
    """

    number: int
    text: str
    alternatives: tuple[str, ...]
    language: str = "de"
    items: tuple[str, ...] = ()
    title: str = ""


def pdf_pages(path: Path) -> tuple[PdfPage, ...]:
    """All pages of a PDF; raises ``DossierError`` for a file that is none."""
    try:
        reader = PdfReader(path)
        alternatives = _alternatives(reader)
        language = str(reader.root_object.get("/Lang", "de"))
        title = str(reader.metadata.title or "") if reader.metadata is not None else ""
        return tuple(
            PdfPage(
                place + 1,
                _grouped(_text(page)),
                tuple(alternatives.get(place, ())),
                language,
                _items(reader, page),
                title,
            )
            for place, page in enumerate(reader.pages)
        )
    except (PyPdfError, OSError, ValueError, KeyError) as error:
        raise DossierError(f"{path}: no readable PDF ({error})") from None


def _text(page: PageObject) -> str:
    """The text of a page; each text of a figure is a line, also beside others."""
    parts, figures = list[str](), list[bool]()

    def mark(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            figures.append(operands[0] == "/Figure")
        elif operator == b"EMC" and figures:
            figures.pop()
        elif operator == b"BT" and any(figures):
            # The reader parts texts by their distance, and has none for one that goes backwards.
            parts.append("\n")

    def add(text: str, *_: Any) -> None:
        parts.append("\n" if text == " " and any(figures) else text)

    page.extract_text(visitor_operand_before=mark, visitor_text=add)
    return re.sub(r"\n{2,}", "\n", "".join(parts))


def _items(reader: PdfReader, page: PageObject) -> tuple[str, ...]:
    """The texts of the list items of a page, by the tags of its lines."""
    inside = _item_of(reader, page)
    marks, parts = list[int | None](), dict[int, list[str]]()

    def mark(operator: bytes, operands: Any, *_: Any) -> None:
        if operator in (b"BDC", b"BMC"):
            about = operands[1] if len(operands) > 1 else None
            place = about.get("/MCID") if isinstance(about, DictionaryObject) else None
            marks.append(None if place is None else inside.get(int(place)))
        elif operator == b"EMC" and marks:
            marks.pop()

    def add(text: str, *_: Any) -> None:
        if marks and marks[-1] is not None:
            parts.setdefault(marks[-1], []).append(text)

    if inside:
        page.extract_text(visitor_operand_before=mark, visitor_text=add)
    return tuple(_grouped("".join(found)) for found in parts.values())


def _item_of(reader: PdfReader, page: PageObject) -> dict[int, int]:
    """For each marked line of a page that stands in a list item, which one it is."""
    root: Any = reader.trailer["/Root"].get_object()
    tree = root["/StructTreeRoot"].get_object() if "/StructTreeRoot" in root else {}
    numbers = tree["/ParentTree"].get_object().get("/Nums", ()) if "/ParentTree" in tree else ()
    of_pages = dict(zip(numbers[::2], numbers[1::2], strict=False))
    lines = of_pages.get(page.get("/StructParents"))
    found: dict[int, int] = {}
    for place, line in enumerate(lines.get_object() if lines is not None else ()):
        node = line
        while isinstance(element := node.get_object(), DictionaryObject) and "/P" in element:
            if element.get("/S") == "/LI":
                found[place] = node.idnum
                break
            node = element.raw_get("/P")
    return found


def _grouped(text: str) -> str:
    """Thousands with the narrow space again: charts leave a gap in its place.

    Shares that stand alone on a line get a line each, as in the chart: beside a chart of one row
    the last tick of the axis is read in one line with the values.

    >>> _grouped("744 von 5 260\\n31 400") == "744 von 5\\u202f260\\n31 400"
    True
    >>> _grouped("80 %\\n100 % 39,6 % 40,0 %\\nzwischen 2 % 4 %").split("\\n")
    ['80 %', '100 %', '39,6 %', '40,0 %', 'zwischen 2 % 4 %']
    """
    text = _THOUSANDS.sub("\u202f", text)
    text = _SHARES.sub(lambda found: re.sub(r"(?<=%) ", "\n", found.group()), text)
    return _COUNTS.sub(lambda found: re.sub(r"(?<=\d) (?=\d)", "\u202f", found.group()), text)


def sources_of(pages: tuple[PdfPage, ...]) -> tuple[tuple[str, str], ...]:
    """Studies and first digits of their data's fingerprints, as every page prints them."""
    for page in pages:
        text = plain(page.text).replace("\n", " ")
        if found := _SOURCE.findall(text):
            return tuple(dict.fromkeys((study, data) for study, data in found))
    return ()


def _alternatives(reader: PdfReader) -> dict[int, list[str]]:
    places = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)
              if page.indirect_reference is not None}  # fmt: skip
    found: dict[int, list[str]] = {}
    tree: Any = reader.trailer["/Root"].get_object()
    stack: list[tuple[Any, int]] = [(tree.get("/StructTreeRoot"), 0)]
    while stack:
        node, place = stack.pop()
        node = node.get_object() if node is not None else None
        if isinstance(node, ArrayObject):
            stack += [(child, place) for child in node]
        elif isinstance(node, DictionaryObject):
            on = node.raw_get("/Pg") if "/Pg" in node else None
            place = places.get(getattr(on, "idnum", -1), place)
            if "/Alt" in node:
                found.setdefault(place, []).append(str(node["/Alt"]))
            if "/K" in node:
                stack.append((node.raw_get("/K"), place))
    return found

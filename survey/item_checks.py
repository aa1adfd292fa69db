"""What items, piped answers and texts of reading studies can get wrong beyond the types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.comparison_checks import comparison_checks
from survey.document import Document, PlacedItem
from survey.findings import Finding, named, nearest
from survey.items.base import Item, Option
from survey.items.grid import Grid
from survey.items.measured import Measured
from survey.items.number import LARGEST, Number
from survey.piping import is_broken, piped
from survey.routing_checks import book_of, reference
from survey.study import Access
from survey.yaml_source import Path

Findings = Iterator[Finding]


def item_checks(document: Document, items: Mapping[str, Item]) -> Findings:
    """Limits, reasons, words of one's own, piped answers and texts; ``items`` by id, resolved."""
    for placed in document.items:
        item = items[placed.item.id]
        if isinstance(item, Measured):
            yield from _measured(document, placed, item)
        if isinstance(item, Grid):
            yield from _reversed(document, placed, item)
    yield from comparison_checks(document, items)
    yield from _others(document)
    yield from _piped(document, items)
    yield from _texts(document)


def _measured(document: Document, placed: PlacedItem, item: Measured) -> Findings:
    low, high = item.bounds
    key = "max" if document.source.keys.get((*placed.path, "max")) else "min"
    if low > high:
        yield document.finding("limits_empty", (*placed.path, key), name=item.id)
    elif isinstance(item, Number) and high > LARGEST:
        yield document.finding("limits_wide", (*placed.path, key), name=item.id)
    for place, option in enumerate(item.options):
        at = (*placed.path, "options", place, "code")
        if not option.missing:
            yield document.finding("reasons_only", at, found=option.code)
        elif option.code.isdecimal():
            yield document.finding("reason_number", at, found=option.code)


def _reversed(document: Document, placed: PlacedItem, item: Grid) -> Findings:
    """Names of rows that are none, or that stand there twice; ``item`` with its rows."""
    rows = [row.code for row in item.rows]
    seen: dict[str, Path] = {}
    for place, name in enumerate(item.reversed if rows else ()):
        path: Path = (*placed.path, "reversed", place)
        first = seen.setdefault(name, path)
        if name not in rows:
            values = {"found": name, "allowed": named(rows), "guess": nearest(name, rows)}
            yield document.finding("reversed_unknown", path, **values)
        elif first != path:
            yield document.finding("reversed_twice", path, found=name)


# -- words of one's own -------------------------------------------------------------------


def _others(document: Document) -> Findings:
    for path, options, allowed in _option_lists(document):
        first: Path = ()
        for place, option in enumerate(options):
            at = (*path, place, "other")
            if option.other and not allowed:
                yield document.finding("other_place", at)
            elif option.other and (option.missing or option.exclusive):
                yield document.finding("other_alone", at, found=option.code)
            elif option.other and first:
                yield document.finding("other_twice", at, first=document.line(first))
            if option.other and not first:
                first = at


def _option_lists(document: Document) -> Iterator[tuple[Path, tuple[Option, ...], bool]]:
    """Every list of options as written, and whether words of one's own can stand there."""
    users: dict[str, list[str]] = {}
    for placed in document.items:
        name = getattr(placed.item, "list_name", "")
        users.setdefault(name, []).append(placed.item.type)
    for name, options in document.lists.items():
        yield ("lists", name), tuple(options), set(users.get(name, ())) <= set(_OPEN)
    for name, options in document.scales.items():
        yield ("scales", name, "steps"), tuple(options), False
    for placed in document.items:
        for key in ("options", "more", "rows"):
            options = getattr(placed.item, key, ())
            if isinstance(options, tuple):
                yield (*placed.path, key), options, placed.item.type in _OPEN
        for place, facet in enumerate(getattr(placed.item, "facets", ())):
            yield (*placed.path, "facets", place, "options"), facet.options, False


_OPEN = ("single", "multiple")


# -- piped answers ------------------------------------------------------------------------


def _piped(document: Document, items: Mapping[str, Item]) -> Findings:
    book = book_of(document, items)
    pages = {page.path[1]: number for number, page in enumerate(document.pages)}
    for path, text in _strings(document.source.data, ()):
        if "{{" not in text and "}}" not in text:
            continue
        if not _may_be_piped(path):
            yield document.finding("pipe_place", path)
        elif is_broken(text):
            yield document.finding("pipe_broken", path)
        elif path[1] in pages:
            number = pages[path[1]]
            own = document.pages[number].section.text
            for id in piped(text):
                wrong = reference(book, "pipe", id, path, number, own)
                if wrong:
                    yield wrong


def _strings(part: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from _strings(value, (*path, key))
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from _strings(value, (*path, place))


def _may_be_piped(path: Path) -> bool:
    if path[0] != "pages":
        return False
    intro = len(path) == 3 and path[2] == "intro"
    return intro or (len(path) == 5 and path[2] == "items" and path[4] in ("text", "help"))


# -- texts of reading studies -------------------------------------------------------------


def _texts(document: Document) -> Findings:
    known: dict[str, Path] = {}
    for place, text in enumerate(document.texts):
        path: Path = ("texts", place, "id")
        first = known.setdefault(text.id, path)
        if first != path:
            yield document.finding("duplicate_id", path, found=text.id, first=document.line(first))
    for page in document.pages:
        name, path = page.section.text, (*page.path, "text")
        if name and name not in known:
            values = {"found": name, "allowed": named(known) or "–", "guess": nearest(name, known)}
            yield document.finding("unknown_text", path, **values)
    used = {page.section.text for page in document.pages}
    for name, path in known.items():
        if name not in used and not document.findings:
            yield document.finding("text_unused", path, found=name)
    if known and document.study and document.study.access is Access.CODES:
        yield document.finding("texts_codes", ("study", "access"))

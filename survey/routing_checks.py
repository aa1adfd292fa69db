"""Rules and references between questions: whether what they name exists, and comes before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey.block_checks import group_of
from survey.document import Document
from survey.findings import Finding, named, nearest
from survey.instrument import BaseText, Instrument, Page
from survey.items.base import Item
from survey.items.date import Date
from survey.items.grid import Grid
from survey.items.listed import Listed
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.passage import Passage
from survey.items.ranking import Ranking
from survey.items.rating import Rating
from survey.items.single import Single
from survey.items.text import Text
from survey.reachability import Reach
from survey.routing import COUNTS, SIZES, Rule, day_number
from survey.yaml_source import Path

Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class _Where:
    """Where an item stands: place, text and block of its page, path in the file."""

    page: int
    text: str
    path: Path
    block: str = ""


@dataclass(frozen=True)
class Book:
    """The items of a questionnaire, resolved, with their places; by id.

    ``written`` holds the ids as they stand in the file, also of items that could not be read.
    """

    document: Document
    items: Mapping[str, Item]
    where: Mapping[str, _Where]
    written: frozenset[str]


def routing_checks(document: Document, items: Mapping[str, Item]) -> Findings:
    """Everything about rules; ``items`` are the items with their lists resolved, by id."""
    book = book_of(document, items)
    found = list(_rules(book))
    yield from found
    if not found and not document.findings and len(book.where) == len(list(document.items)):
        yield from _unreachable(book)


def _written(data: object) -> Iterator[str]:
    pages = data.get("pages") if isinstance(data, dict) else None
    for page in pages if isinstance(pages, list) else []:
        items = page.get("items") if isinstance(page, dict) else None
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                yield item["id"]


def reference(book: Book, kind: str, id: str, path: Path, page: int, text: str) -> Finding | None:
    """What is wrong with naming an item at a place of the file; None if it comes before."""
    if id not in book.where:
        if id in book.written:
            return None
        return book.document.finding(
            f"{kind}_unknown", path, found=id, guess=nearest(id, book.written)
        )
    there = book.where[id]
    line = book.document.line(there.path)
    if there.page >= page:
        return book.document.finding(f"{kind}_later", path, found=id, first=line)
    if _changes_places(book.document, there.block, book.document.pages[page].section.block):
        return book.document.finding(f"{kind}_block", path, found=id, first=line)
    if text and there.text and there.text != text:
        return book.document.finding(f"{kind}_other_text", path, found=id, first=line)
    if not book.items[id].asks:
        return book.document.finding(f"{kind}_no_answer", path, found=id, first=line)
    return None


def _changes_places(document: Document, there: str, here: str) -> bool:
    """Whether one of two blocks may come before the other or behind it."""
    group = group_of(document, here) if here and there and here != there else ""
    return bool(group) and group_of(document, there) == group


def book_of(document: Document, items: Mapping[str, Item]) -> Book:
    """What is known about the places of items, for other checks of references."""
    where = {
        placed.item.id: _Where(number, page.section.text, placed.path, page.section.block)
        for number, page in reversed(list(enumerate(document.pages)))
        for placed in page.items
    }
    return Book(document, items, where, frozenset(_written(document.source.data)))


# -- single rules -------------------------------------------------------------------------


def _rules(book: Book) -> Findings:
    for number, page in enumerate(book.document.pages):
        owners: list[tuple[Path, Rule | None]] = [(page.path, page.section.when)]
        owners += [(placed.path, placed.item.when) for placed in page.items]
        for path, rule in owners:
            for below, leaf in rule.leaves if rule else ():
                whole = (*path, "when", *below)
                id, text = leaf.answer or "", page.section.text
                wrong = reference(book, "rule", id, (*whole, "answer"), number, text)
                if wrong:
                    yield wrong
                elif id in book.items:
                    yield from _leaf(book.document, leaf, book.items[id], whole)


def _leaf(document: Document, leaf: Rule, item: Item, path: Path) -> Findings:
    operator = leaf.operators[0]
    key = operator.rstrip("_")
    if isinstance(item, Grid):
        allowed = list(item.cells)
        needs_row = operator != "answered" and operator not in COUNTS
        if (leaf.row and leaf.row not in allowed) or (not leaf.row and needs_row):
            at = (*path, "row") if leaf.row else path
            values = {"found": leaf.row or "", "guess": nearest(leaf.row or "", allowed)}
            code = "rule_row" if leaf.row else "rule_needs_row"
            yield document.finding(code, at, name=item.id, allowed=named(allowed), **values)
            return
    elif leaf.row:
        yield document.finding("rule_no_row", (*path, "row"), name=item.id)
        return
    if operator in SIZES and not _has_sizes(item):
        yield document.finding("rule_size", (*path, key), name=item.id)
    elif operator in COUNTS and (not isinstance(item, Multiple | Ranking | Grid) or leaf.row):
        yield document.finding("rule_count", (*path, key), name=item.id)
    elif operator in SIZES:
        yield from _limit(document, item, (*path, key))
    elif leaf.codes:
        yield from _codes(document, leaf, item, path)


def _has_sizes(item: Item) -> bool:
    if isinstance(item, Passage):
        return item.ordered
    plain_choice = isinstance(item, Single) and not isinstance(item, Rating)
    return not (plain_choice or isinstance(item, Multiple | Ranking | Text))


def _limit(document: Document, item: Item, path: Path) -> Findings:
    """A date is compared with a date, a number with a number."""
    raw = _raw(document, path)
    is_date = day_number(str(raw)) is not None
    if isinstance(item, Measured) and is_date is not isinstance(item, Date):
        code = "rule_needs_date" if isinstance(item, Date) else "rule_needs_number"
        yield document.finding(code, path, found=str(raw), name=item.id)


def _codes(document: Document, leaf: Rule, item: Item, path: Path) -> Findings:
    known = _known(item, leaf.row or "")
    if known is None:
        return
    if isinstance(item, Text):
        yield document.finding("rule_text", path, name=item.id)
        return
    for below, code in leaf.codes:
        if code not in known:
            values = {"found": code, "name": item.id, "allowed": named(known) or "–"}
            at = (*path, *below)
            yield document.finding("rule_code", at, **values, guess=nearest(code, known))


def _known(item: Item, row: str) -> list[str] | None:
    """The codes that an answer can hold; None if the type of the item does not say."""
    if isinstance(item, Grid):
        return [option.code for option in item.cells[row][0].options] if row else []
    if isinstance(item, Listed | Measured):
        return list(item.by_code)
    return [] if isinstance(item, Text) else None


def _raw(document: Document, path: Path) -> object:
    part: object = document.source.data
    for step in path:
        if isinstance(part, dict):
            part = part.get(step)
        elif isinstance(part, list) and isinstance(step, int):
            part = part[step]
    return part


# -- rules together -----------------------------------------------------------------------


def _unreachable(book: Book) -> Findings:
    document = book.document
    pages = {
        page.path: Page(
            page.section.id,
            page.section.title,
            tuple(book.items[placed.item.id] for placed in page.items),
            when=page.section.when,
            text=page.section.text,
        )
        for page in document.pages
        if page.items
    }
    texts = tuple(BaseText(text.id, text.title) for text in document.texts)
    reach = Reach(Instrument("", "de", tuple(pages.values()), texts=texts))
    for placed_page in document.pages:
        page = pages.get(placed_page.path)
        if page is None:
            continue
        if page.when and not reach.is_reachable(page):
            path = (*placed_page.path, "when")
            place = document.source.key(path)
            yield Finding("unreachable_page", place.line, place.column, {"name": page.id})
            continue
        for placed in placed_page.items:
            if placed.item.when and not reach.is_reachable(page, book.items[placed.item.id]):
                place = document.source.key((*placed.path, "when"))
                values = {"name": placed.item.id}
                yield Finding("unreachable", place.line, place.column, values)

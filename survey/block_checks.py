"""Shuffled pages and blocks: whether there is something to shuffle, and whether it stays right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from survey.document import Document, PlacedItem, PlacedPage
from survey.findings import WARNING, Finding, named, nearest
from survey.yaml_source import Path

Findings = Iterator[Finding]


def block_checks(document: Document) -> Findings:
    """Everything about ``shuffle`` and ``keep`` of pages, and about ``blocks``."""
    for page in document.pages:
        yield from _page(document, page)
    yield from _groups(document)
    for page in document.pages:
        name, listed = page.section.block, list(_listed(document))
        if name and name not in listed:
            values = {"found": name, "allowed": named(listed) or "–"}
            path = (*page.path, "block")
            yield document.finding("block_unknown", path, **values, guess=nearest(name, listed))


# -- items of a page ----------------------------------------------------------------------


def _page(document: Document, page: PlacedPage) -> Findings:
    if not page.section.shuffle:
        for placed in page.items:
            if placed.item.keep:
                path = (*placed.path, "keep")
                yield document.finding("keep_unused", path, WARNING, name=placed.item.id)
        return
    if len(page.items) < len(page.section.items):
        return  # an item could not be read
    moving = [placed for placed in page.items if placed.item.asks and not placed.item.keep]
    if len(moving) < 2:
        values = {"name": page.section.id, "count": str(len(moving))}
        yield document.finding("page_shuffle_few", (*page.path, "shuffle"), **values)
    for placed in _adrift(page.items):
        yield document.finding("info_adrift", placed.path, name=placed.item.id)


def _adrift(items: Sequence[PlacedItem]) -> Iterator[PlacedItem]:
    """Information between questions that change places: what it belongs to would be open."""
    asking = [place for place, placed in enumerate(items) if placed.item.asks]
    for place, placed in enumerate(items):
        between = bool(asking) and asking[0] < place < asking[-1]
        if between and not placed.item.asks and not placed.item.keep:
            yield placed


# -- blocks of pages ----------------------------------------------------------------------


def _listed(document: Document) -> Mapping[str, Path]:
    """The first place of every block under ``blocks``."""
    places: dict[str, Path] = {}
    for group, names in document.blocks.items():
        for place, name in enumerate(names):
            places.setdefault(name, ("blocks", group, place))
    return places


def group_of(document: Document, block: str) -> str:
    """The name of the group in which a block changes places; empty if there is none."""
    return next((group for group, names in document.blocks.items() if block in names), "")


def _groups(document: Document) -> Findings:
    first = _listed(document)
    for group, names in document.blocks.items():
        whole = True
        for place, name in enumerate(names):
            path: Path = ("blocks", group, place)
            pages = [p for p in document.pages if p.section.block == name]
            if first[name] != path:
                line = document.line(first[name])
                yield document.finding("block_twice", path, found=name, first=line)
                whole = False
            elif not pages:
                if not document.findings:
                    yield document.finding("block_empty", path, found=name)
                whole = False
        if whole:
            yield from _together(document, group, names)


def _together(document: Document, group: str, names: Sequence[str]) -> Findings:
    """Pages of a block follow each other, and so do the blocks of a group, within one text."""
    places = [i for i, p in enumerate(document.pages) if p.section.block in names]
    sections = [document.pages[i].section for i in range(places[0], places[-1] + 1)]
    seen: list[str] = []
    for place, section in enumerate(sections, start=places[0]):
        path = document.pages[place].path
        if section.block not in names:
            values = {"name": section.id, "group": group}
            yield document.finding("block_apart", (*path, "id"), **values)
            return
        if section.block in seen[:-1]:
            values = {"found": section.block, "name": section.id}
            yield document.finding("block_split", (*path, "block"), **values)
            return
        if section.block not in seen:
            seen.append(section.block)
        if section.text != sections[0].text:
            values = {"name": section.id, "group": group, "first": sections[0].text or "–"}
            at = "text" if section.text else "id"
            yield document.finding("block_text", (*path, at), **values)
            return

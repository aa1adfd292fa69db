"""Designs of comparisons: what is not balanced is refused, with the sizes that are possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from survey.designs import lengths, possible_degrees, sizes
from survey.document import Document, PlacedItem
from survey.findings import Finding, named
from survey.items.base import Item
from survey.items.best_worst import BestWorst
from survey.items.pairwise import EQUAL, Pairwise
from survey.yaml_source import Path

Findings = Iterator[Finding]


def comparison_checks(document: Document, items: Mapping[str, Item]) -> Findings:
    """Sets and pairs that are not balanced; ``items`` by id, resolved."""
    for placed in document.items:
        item = items[placed.item.id]
        if len(getattr(item, "choices", ())) < 2:
            continue  # that is a mistake of its own
        if isinstance(item, BestWorst):
            yield from _best_worst(document, placed, item)
        elif isinstance(item, Pairwise):
            yield from _pairwise(document, placed, item)


def _best_worst(document: Document, placed: PlacedItem, item: BestWorst) -> Findings:
    if item.design:
        return
    count = len(item.choices)
    values = {"found": str(count), "allowed": named(map(str, sizes(count)))}
    if item.sets:
        yield document.finding("sets_unbalanced", (*placed.path, "sets"), **values)
    elif not sizes(count):
        values["allowed"] = named(map(str, lengths()))
        yield document.finding("design_unknown", _list_path(document, placed), **values)
    else:
        values["size"] = str(item.per_set)
        yield document.finding("design_size", (*placed.path, "per_set"), **values)


def _pairwise(document: Document, placed: PlacedItem, item: Pairwise) -> Findings:
    count = len(item.choices)
    if not item.pairs:
        allowed = named(map(str, possible_degrees(count))) or "0"
        values = {"found": str(item.each), "limit": str(count), "allowed": allowed}
        yield document.finding("pairs_unbalanced", (*placed.path, "each"), **values)
    if item.equal and EQUAL in item.by_code:
        yield document.finding("equal_taken", (*placed.path, "equal"), found=EQUAL)


def _list_path(document: Document, placed: PlacedItem) -> Path:
    """Where the entries come from."""
    for key in ("list", "options"):
        if document.source.keys.get((*placed.path, key)):
            return (*placed.path, key)
    return (*placed.path, "type")

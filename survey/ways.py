"""The way through the pages for given answers; what the rules can lead to is put together once.

Which pages and items are shown depends on few answers. They are looked at anew for everybody,
but every outcome is built from pages and items only the first time that somebody has it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from survey.items.base import Answer, Item
from survey.routing import Rule, holds
from survey.shuffles import BlockGroup, group_name, item_places, page_name, page_places

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST = 512
"""Outcomes that are kept; a questionnaire with more of them builds some anew."""

_Outcome = tuple[str, frozenset[str]]
"""A text, and ids of what the rules hide: of pages behind a colon, and of items."""


@dataclass(frozen=True)
class Page:
    """One screen of the questionnaire, shown if ``when`` holds.

    In a reading study ``text`` names the text that the page belongs to; pages without one
    follow every text. ``shuffle`` shows its items in a drawn order; ``block`` names the block
    that it changes places with.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    intro: str = ""
    when: Rule | None = None
    text: str = ""
    shuffle: bool = False
    block: str = ""

    @cached_property
    def ruled(self) -> tuple[Item, ...]:
        """The items that are shown by a rule."""
        return tuple(item for item in self.items if item.when)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Ids of the items."""
        return frozenset(item.id for item in self.items)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The HTML names of all fields."""
        return tuple(name for item in self.items for name in item.form_fields)

    @cached_property
    def settled(self) -> tuple[tuple[Item, Collection[str | None]], ...]:
        """Every item with what is its answer as it stands if sent under its id, or none if missing.

        Empty for items of which more must be judged than one code out of a list.
        """
        return tuple(
            (item, frozenset({None, *item.sendable[item.id]}) if item.is_one_code else ())
            for item in self.items
        )

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The places of the items as they are written."""
        return tuple(range(len(self.items)))

    def item_places(self, orders: Mapping[str, int]) -> tuple[int, ...]:
        """The places of the items in the order in which they are shown."""
        if not self.shuffle:
            return self.places
        return item_places(self.items, orders.get(page_name(self.id), 0))


@dataclass(frozen=True)
class Way:
    """What one respondent sees: the shown pages by their place, in the order of showing.

    Every page holds only the items that are shown. ``order`` has the places of all pages.
    """

    pages: Mapping[int, Page]
    order: tuple[int, ...]

    @cached_property
    def shown(self) -> frozenset[str]:
        """Ids of the shown items."""
        return frozenset(item.id for page in self.pages.values() for item in page.items)


class Ways:
    """All ways through the pages of one instrument."""

    def __init__(self, pages: Sequence[Page], blocks: Sequence[BlockGroup]) -> None:
        """``blocks`` are those that change places with each other."""
        self._pages, self._blocks = pages, blocks
        self._items = {item.id: item for page in pages for item in page.items}
        rules = (rule for page in pages for rule in (page.when, *(i.when for i in page.items)))
        asked = frozenset[str]().union(*(rule.asked for rule in rules if rule))
        turns = ((p, tuple(i.id for i in p.items if i.id in asked)) for p in pages)
        self._turns = tuple((page, ids) for page, ids in turns if ids or page.when or page.ruled)
        """The pages that rules ask or hide something of, with the ids of the asked items."""
        self._drawn = (
            *(group_name(group.name) for group in blocks),
            *(page_name(page.id) for page in pages if page.shuffle),
        )
        self._paths: dict[_Outcome, tuple[Page, ...]] = {}
        self._ways: dict[tuple[_Outcome, tuple[int | None, ...]], Way] = {}

    def path(self, answers: Mapping[str, Answer], text: str) -> tuple[Page, ...]:
        """The shown pages in the author's order."""
        return self._path(self._outcome(answers, text))

    def way(self, answers: Mapping[str, Answer], orders: Mapping[str, int], text: str) -> Way:
        """The shown pages in the order of showing."""
        outcome = self._outcome(answers, text)
        key = outcome, tuple(map(orders.get, self._drawn))
        found = self._ways.get(key)
        if found is None:
            found = self._arranged(self._path(outcome), orders)
            _keep(self._ways, key, found)
        return found

    def places(self, orders: Mapping[str, int]) -> tuple[int, ...]:
        """The places of all pages in the order in which they are shown."""
        return page_places([page.block for page in self._pages], self._blocks, orders)

    def _outcome(self, answers: Mapping[str, Answer], text: str) -> _Outcome:
        """What the rules hide; answers of items that are not shown count for nothing."""
        hidden: set[str] = set()
        seen: dict[str, Answer] = {}
        for page, asked in self._turns:
            if page.text and page.text != text:
                continue
            if page.when is not None and not holds(page.when, seen, self._items):
                hidden.add(f":{page.id}")
                continue
            for item in page.ruled:
                if item.when and not holds(item.when, seen, self._items):
                    hidden.add(item.id)
            for id in asked:
                if id in answers and id not in hidden:
                    seen[id] = answers[id]
        return text, frozenset(hidden)

    def _path(self, outcome: _Outcome) -> tuple[Page, ...]:
        found = self._paths.get(outcome)
        if found is None:
            text, hidden = outcome
            of_text = (page for page in self._pages if page.text in ("", text))
            shown = (_without(page, hidden) for page in of_text if f":{page.id}" not in hidden)
            found = tuple(page for page in shown if page.items)
            _keep(self._paths, outcome, found)
        return found

    def _arranged(self, path: Sequence[Page], orders: Mapping[str, int]) -> Way:
        shown = {page.id: page for page in path}
        order = self.places(orders)
        pages: dict[int, Page] = {}
        for place in order:
            whole = self._pages[place]
            if whole.id not in shown:
                continue
            page, kept = shown[whole.id], {item.id for item in shown[whole.id].items}
            if whole.shuffle:
                items = (whole.items[i] for i in whole.item_places(orders))
                page = replace(page, items=tuple(item for item in items if item.id in kept))
            pages[place] = page
        return Way(pages, order)


def _without(page: Page, hidden: frozenset[str]) -> Page:
    items = tuple(item for item in page.items if item.id not in hidden)
    return page if len(items) == len(page.items) else replace(page, items=items)


def _keep(kept: dict[Key, Value], key: Key, value: Value) -> None:
    if len(kept) >= _MOST:
        kept.clear()
    kept[key] = value

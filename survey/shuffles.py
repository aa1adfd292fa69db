"""What is shown in a drawn order: lists of entries, the items of a page, blocks of pages.

Every such order has a name under which its drawn index is sealed with the answers and counted
at the opening: the item's id for a list, ``page:ID`` for the items of a page and ``blocks:NAME``
for blocks of pages that stand beside each other. :mod:`survey.orders` holds the orders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from survey.codebook import Scale
from survey.items.base import Item, Option
from survey.orders import balanced_orders


@dataclass(frozen=True)
class Shuffle:
    """One thing that is shown in a drawn order.

    ``length`` is the number of entries that change places; ``items`` are those whose answers
    are counted by shown order, and whose being shown decides whether the order was seen.
    """

    name: str
    length: int
    items: tuple[Item, ...]

    @property
    def orders(self) -> tuple[tuple[int, ...], ...]:
        """The orders in which it can be shown, at most eight."""
        return balanced_orders(self.length)

    @property
    def moving(self) -> tuple[str, ...]:
        """Codes of a list's entries that change places, in the author's order; () for items.

        The entry at place *i* of an order is the *i*-th of these.
        """
        if len(self.items) != 1 or self.items[0].id != self.name:
            return ()
        item = self.items[0]
        entries: Sequence[Option] = getattr(item, "rows", ()) or getattr(item, "choices", ())
        return tuple(entry.code for entry in entries if not entry.stays_last)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables that are counted by shown order; free texts are not."""
        return tuple(
            variable.name
            for item in self.items
            for question in item.questions()
            for variable in question.variables
            if variable.scale is not Scale.TEXT
        )


@dataclass(frozen=True, slots=True)
class BlockGroup:
    """Blocks of pages that change places with each other, by the names that pages give."""

    name: str
    blocks: tuple[str, ...]


def page_name(id: str) -> str:
    """The name of the order in which the items of a page are shown."""
    return f"page:{id}"


def group_name(name: str) -> str:
    """The name of the order in which the blocks of a group are shown."""
    return f"blocks:{name}"


def moving_items(items: Sequence[Item]) -> tuple[Item, ...]:
    """The items of a shuffled page that change places: those that ask and keep no end."""
    return tuple(item for item in items if item.asks and not item.keep)


def item_places(items: Sequence[Item], order: int) -> tuple[int, ...]:
    """Places of a shuffled page's items as shown in the order with an index.

    Items with ``keep`` stand at their end; one that asks nothing stays at the beginning if it
    stands before every question, and at the end otherwise.
    """
    first, middle, last = [], [], []
    for place, item in enumerate(items):
        if item.asks and not item.keep:
            middle.append(place)
        elif item.keep == "first" or (not item.keep and not any(i.asks for i in items[:place])):
            first.append(place)
        else:
            last.append(place)
    return (*first, *(middle[i] for i in _order(len(middle), order)), *last)


def page_places(
    blocks: Sequence[str], groups: Sequence[BlockGroup], orders: Mapping[str, int]
) -> tuple[int, ...]:
    """Places of all pages as shown; ``blocks`` names the block of every page, or is empty.

    >>> group = BlockGroup("themes", ("a", "b"))
    >>> page_places(["", "a", "a", "b", ""], [group], {"blocks:themes": 1})
    (0, 3, 1, 2, 4)
    """
    places = list(range(len(blocks)))
    for group in groups:
        pages = {name: [p for p, own in enumerate(blocks) if own == name] for name in group.blocks}
        own = sorted(place for found in pages.values() for place in found)
        drawn = _order(len(group.blocks), orders.get(group_name(group.name), 0))
        shown = [place for i in drawn for place in pages[group.blocks[i]]]
        for place, page in zip(own, shown, strict=True):
            places[place] = page
    return tuple(places)


def _order(length: int, index: int) -> tuple[int, ...]:
    return balanced_orders(length)[index]

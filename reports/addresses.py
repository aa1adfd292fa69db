"""The address of every number: which row of the published table it is, and what it may be read as.

A row may stand for a number of a text only if the text names what the row is about: the group,
the item and the answer, by one of the labels that the codebook beside the table lists. So a
number that happens to occur somewhere else in the table is no excuse for a wrong one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from reports.estimates import Estimate
from reports.printed_numbers import context, label
from reports.row_numbers import BY_NAME, OF_A_LIST, RowNumbers, address, readings, row_numbers

Labels = Mapping[tuple[str, str, str], tuple[str, ...]]
"""Labels by (part, of what, name): ("item", "", variable), ("category", item, code),
("domain", question, code)."""

AMONG_OTHERS = ("reicht", "Spannweite", "die übrigen", "der übrigen", "die anderen")
"""Words beside which the ends of a range may stand without the names of their groups."""


@dataclass(frozen=True, slots=True)
class Address:
    """One row, and for each thing that it is about the labels of which one must be near by."""

    name: str
    needs: tuple[tuple[str, ...], ...]


class AddressBook:
    """All addresses of a table by the numbers that may be printed of them."""

    def __init__(
        self, rows: Sequence[Estimate], labels: Labels, places: RowNumbers | None = None
    ) -> None:
        """``places`` are those of the numbers of exactly these rows, where they are known."""
        self._rows, self._labels = rows, labels
        self._places = row_numbers(rows) if places is None else places
        self._ends = frozenset(self._places.ends)
        self._found = cache(self._addressed)
        self._needs_near = cache(self._needs_of_row)
        self._labels_of = cache(self._labelled)
        self._needs_of = cache(lambda *about: tuple(self._needs(*about)))
        self._named = lru_cache(maxsize=16)(_naming)

    def find(self, number: str, about: str, beside: str = "") -> tuple[tuple[str, str], ...]:
        """The addresses of a number whose rows the context is about, and the part.

        First come rows that already the text ``beside`` the number names, because a page names
        much else; then those that are about more, which name the number most exactly.
        """
        named = self._named(about)
        fitting = [entry for entry in self._found(number) if all(map(named, entry[0].needs))]
        close = _naming(context(beside)) if beside and len(fitting) > 1 else named
        fitting.sort(
            key=lambda entry: (
                not all(map(close, entry[0].needs)),
                -len(entry[0].needs),
                entry[1] != "printed",
            )
        )
        return tuple((known.name, part) for known, part in fitting)

    def first(self, number: str, about: str) -> str:
        """One address of a number whose row the context is about, not always the nearest.

        It is empty exactly if :meth:`find` finds none; whether there is one is all that a dossier
        is checked for.
        """
        named = self._named(about)
        for place in self._places.places.get(number, ()):
            if all(map(named, self._needs_near(place))):
                return address(self._rows[place])
        return ""

    @cached_property
    def _by_number(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, row in enumerate(self._rows):
            for number, part in dict(readings(row)).items():
                found[number].append((place, part))
        return found

    def _addressed(self, number: str) -> tuple[tuple[Address, str], ...]:
        """What may stand for a number; most numbers of a table are never asked for."""
        found = self._by_number.get(number, ())
        return tuple(
            (Address(address(self._rows[place]), self._needs_near(place)), part)
            for place, part in found
        )

    def _needs_of_row(self, place: int) -> tuple[tuple[str, ...], ...]:
        row = self._rows[place]
        about = (row.domain_variable, row.domain, row.item, row.category)
        of_a_list = row.statistic.startswith(OF_A_LIST)
        needs = self._needs_of(*about, of_a_list, place in self._ends)
        if row.statistic in BY_NAME:
            return (*needs, tuple(map(label, BY_NAME[row.statistic])))
        return needs

    def _needs(
        self, by: str, domain: str, item: str, category: str, of_a_list: bool, end: bool
    ) -> Iterator[tuple[str, ...]]:
        """For each thing that such a row is about the labels of which one must be near by."""
        if domain:
            among = tuple(map(label, AMONG_OTHERS)) if end else ()
            parts = zip(by.split("*"), domain.split("*"), strict=False)
            whole = self._known("domain", by, domain)
            if whole:
                yield (*whole, *among)
            else:
                for variable, code in parts:
                    yield (*self._known("domain", variable, code), *among) or (label(code),)
        if not item:
            return
        if of_a_list:
            yield (
                *self._known("item", "", item),
                *self._known("question", "", item),
                *self._known("category", item, category),
            )
            return
        categories = [self._known("category", item, code) for code in _codes(category) if code]
        yield from (labels for labels in categories if labels)
        known = self._known("item", "", item)
        if known and not (categories and self._labels.get(("ranking", "", item))):
            yield known

    def _known(self, part: str, of: str, name: str) -> tuple[str, ...]:
        return self._labels_of(part, of, name)

    def _labelled(self, part: str, of: str, name: str) -> tuple[str, ...]:
        found = (label(text) for text in self._labels.get((part, of, name), ()))
        return tuple(text for text in found if text)


def _naming(about: str) -> Callable[[tuple[str, ...]], bool]:
    """Whether a context names one of some labels; most rows share theirs with many others."""
    return cache(lambda labels: any(text in about for text in labels))


def _codes(category: str) -> tuple[str, ...]:
    """The elements that a category names; pairs name two.

    >>> _codes("service>digital"), _codes("service")
    (('service', 'digital'), ('service',))
    """
    for sign in (">", "="):
        one, found, other = category.partition(sign)
        if one and found and other:
            return one, other
    return (category,)

"""The address of every number: which row of the published table it is, and what it may be read as.

A row may stand for a number of a text only if the text names what the row is about: the group,
the item and the answer, by one of the labels that the codebook beside the table lists. So a
number that happens to occur somewhere else in the table is no excuse for a wrong one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from reports import typography
from reports.domains import NO_ANSWER
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.printed_numbers import context, label, numbers, one_form, plain

EVERYBODY = "-"
"""Stands for an empty item in an address: the study as a whole."""

Labels = Mapping[tuple[str, str, str], tuple[str, ...]]
"""Labels by (part, of what, name): ("item", "", variable), ("category", item, code),
("domain", question, code)."""

AMONG_OTHERS = ("reicht", "Spannweite", "die übrigen", "der übrigen", "die anderen")
"""Words beside which the ends of a range may stand without the names of their groups."""


OF_A_LIST = "without_"
"""Statistics of which the largest of a list may stand under the title of the list, or the name
of the entry, alone."""


BY_NAME = {"group_place": ("mögliche Plätze",)}
"""Statistics of small whole numbers, which would excuse others: they stand only where the text
says what they are."""


@dataclass(frozen=True, slots=True)
class Address:
    """One row, and for each thing that it is about the labels of which one must be near by."""

    name: str
    needs: tuple[tuple[str, ...], ...]


def address(row: Estimate) -> str:
    """The readable key of a row: item, statistic, category, and the group if there is one.

    >>> address(Estimate(study="s", item="a1", statistic="top_k", category="service"))
    'a1/top_k/service'
    >>> address(Estimate(study="s", item="", statistic="response_rate", domain_variable="a6",
    ...                  domain="kids"))
    '-/response_rate@a6=kids'
    """
    name = f"{row.item or EVERYBODY}/{row.statistic}"
    if row.category:
        name += f"/{row.category}"
    return f"{name}@{row.domain_variable}={row.domain}" if row.domain_variable else name


def by_address(rows: Iterable[Estimate]) -> dict[str, Estimate]:
    """All rows by their address."""
    return {address(row): row for row in rows}


def readings(row: Estimate) -> Iterator[tuple[str, str]]:
    """Every number that a page may print of a row, with what it is of the row."""
    for number in _printed(row.printed):
        yield number, "printed"
    n, people = row.base_n, row.base_N
    for end, name in ((row.low, "low"), (row.high, "high")):
        if end is not None:
            yield _like(row, end), name
    if n is not None:
        yield typography.count(n), "base_n"
    if people is not None:
        yield typography.count(people), "base_N"
    if n is not None and people is not None and people >= n:
        yield typography.count(people - n), "base_N − base_n"


@lru_cache(maxsize=1 << 14)
def _printed(text: str) -> tuple[str, ...]:
    return tuple(number.text for number in numbers(plain(text)))


def _like(row: Estimate, end: float) -> str:
    """The limit of an interval in the form in which the value itself is printed."""
    base = row.base_n or 0
    if row.printed.endswith("%"):
        return one_form(plain(typography.percent(end, base)))
    if "Punkt" in row.printed:
        return one_form(plain(typography.points(end, base)))
    places = row.statistic.removesuffix(SUFFIX) in ("rank_set", "group_place")
    return typography.count(round(end)) if places else typography.decimal(end, 2)


class AddressBook:
    """All addresses of a table by the numbers that may be printed of them."""

    def __init__(self, rows: Sequence[Estimate], labels: Labels) -> None:
        self._labels = labels
        self._rows: dict[str, list[tuple[Estimate, str]]] = defaultdict(list)
        for row in rows:
            for number, part in dict(readings(row)).items():
                self._rows[number].append((row, part))
        self._ends = _ends(rows)
        self._found = cache(self._addressed)
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

    def _addressed(self, number: str) -> tuple[tuple[Address, str], ...]:
        """What may stand for a number; most numbers of a table are never asked for."""
        found = []
        for row, part in self._rows.get(number, ()):
            name = address(row)
            about = (row.domain_variable, row.domain, row.item, row.category)
            of_a_list = row.statistic.startswith(OF_A_LIST)
            needs = self._needs_of(*about, of_a_list, name in self._ends)
            if row.statistic in BY_NAME:
                needs = (*needs, tuple(map(label, BY_NAME[row.statistic])))
            found.append((Address(name, needs), part))
        return tuple(found)

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


def _ends(rows: Sequence[Estimate]) -> set[str]:
    """Addresses of the two lowest and highest groups of each figure: the ends of a range.

    Two, because a unit reads the range of all others but itself; whoever named no group is part
    of the range of all answers and no part of the range of the units.
    """
    groups: dict[tuple[str, ...], list[Estimate]] = defaultdict(list)
    for row in rows:
        if row.domain and row.value is not None:
            groups[row.item, row.domain_variable, row.statistic, row.category].append(row)
    found = set()
    for members in groups.values():
        members.sort(key=lambda row: row.value or 0.0)
        named = [row for row in members if row.domain != NO_ANSWER]
        for ordered in (members, named):
            found |= {address(row) for row in (*ordered[:2], *ordered[-2:])}
    return found

"""The numbers that a page may print of the rows of the long table, and where they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from reports import typography
from reports.domains import NO_ANSWER
from reports.estimates import Estimate
from reports.estimators import SUFFIX
from reports.printed_numbers import numbers, one_form, plain

EVERYBODY = "-"
"""Stands for an empty item in an address: the study as a whole."""

OF_A_LIST = "without_"
"""Statistics of which the largest of a list may stand under the title of the list, or the name
of the entry, alone."""

BY_NAME = {"group_place": ("mögliche Plätze",)}
"""Statistics of small whole numbers, which would excuse others: they stand only where the text
says what they are."""


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """Where every number of some rows stands.

    ``places`` holds, by number, the places of rows of which it may be read: of rows that are
    about the same, so that the same words must be near by, the first. ``ends`` are the places of
    rows at the ends of a range.
    """

    places: Mapping[str, Sequence[int]]
    ends: Sequence[int]


def row_numbers(rows: Sequence[Estimate]) -> RowNumbers:
    """Where every number of the rows stands, read anew."""
    ends = _ends(rows)
    found: dict[str, dict[tuple[object, ...], int]] = defaultdict(dict)
    for place, row in enumerate(rows):
        about = (
            row.domain_variable, row.domain, row.item, row.category, address(row) in ends,
            row.statistic.startswith(OF_A_LIST), BY_NAME.get(row.statistic),
        )  # fmt: skip
        for number, _ in readings(row):
            found[number].setdefault(about, place)
    return RowNumbers(
        {number: tuple(firsts.values()) for number, firsts in found.items()},
        tuple(place for place, row in enumerate(rows) if address(row) in ends),
    )


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

"""The long table: one frozen row per released estimate, in the order of the questionnaire."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from reports.errors import EstimateError
from reports.tables import Release, Status
from survey.study import Regime

TESTS = ("_p", "_q")
"""Ends of the names of statistics that are p-values."""

COLUMNS = (
    "study", "item", "domain_variable", "domain", "statistic", "category", "value", "se", "low",
    "high", "level", "base_n", "base_N", "n_eff", "method", "status", "note", "printed",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One number with its base, its uncertainty and the string that a PDF prints.

    ``item`` is a variable name for choices and grid rows, a question id for rankings (the
    element is then the ``category``). ``value``, ``se``, ``low`` and ``high`` are unrounded,
    shares from 0 to 1; for ``rank_set`` low and high are places. ``base_n`` counts valid
    answers, ``base_N`` the people asked in that domain (None where unknown). ``level`` is 0.95
    where there is an interval. A value of None has a ``status`` and a ``note`` that says why.
    """

    study: str
    item: str
    domain_variable: str = ""
    domain: str = ""
    statistic: str
    category: str = ""
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = None
    base_n: int | None = None
    base_N: int | None = None
    n_eff: float | None = None
    method: str = ""
    status: Status = Status.PUBLISHED
    note: str = ""
    printed: str = ""

    @property
    def infers(self) -> bool:
        """Whether the row says anything beyond those who answered: limits, errors, tests."""
        numbers = (self.se, self.low, self.high, self.level, self.n_eff)
        tested = self.value is not None and self.statistic.endswith(TESTS)
        return tested or any(number is not None for number in numbers)

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes a row unique: item, domain variable, domain, statistic, category."""
        return (self.item, self.domain_variable, self.domain, self.statistic, self.category)


@dataclass(frozen=True)
class Results:
    """All estimates of one release; the only thing that a dossier reads."""

    release: Release
    rows: tuple[Estimate, ...]

    def __post_init__(self) -> None:
        if self.release.study.regime is Regime.CENSUS_ATTEMPT:
            return
        for row in self.rows:
            if row.infers:
                raise EstimateError(
                    f"{row.item} {row.statistic}: {self.release.study.regime} carries no inference"
                )

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.rows)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str, str, str], Estimate]:
        return {row.key: row for row in self.rows}

    def get(
        self, item: str, statistic: str, category: str = "", *, by: str = "", domain: str = ""
    ) -> Estimate:
        """The one row with this key; raises ``KeyError``."""
        return self._by_key[(item, by, domain, statistic, category)]

    def find(
        self, item: str, statistic: str, category: str = "", *, by: str = "", domain: str = ""
    ) -> Estimate | None:
        """The one row with this key, or None."""
        return self._by_key.get((item, by, domain, statistic, category))

    def select(
        self, item: str | None = None, statistic: str | None = None, by: str | None = None
    ) -> tuple[Estimate, ...]:
        """All rows that match what is given, in table order."""
        rows: Iterable[Estimate] = self.rows
        if item is not None:
            rows = self._by_item.get(item, ())
        elif statistic is not None:
            rows = self._by_statistic.get(statistic, ())
        return tuple(_matching(rows, item, statistic, by))

    @cached_property
    def _by_item(self) -> dict[str, list[Estimate]]:
        found = defaultdict[str, list[Estimate]](list)
        for row in self.rows:
            found[row.item].append(row)
        return dict(found)

    @cached_property
    def _by_statistic(self) -> dict[str, list[Estimate]]:
        found = defaultdict[str, list[Estimate]](list)
        for row in self.rows:
            found[row.statistic].append(row)
        return dict(found)


def _matching(
    rows: Iterable[Estimate], item: str | None, statistic: str | None, by: str | None
) -> Iterator[Estimate]:
    for row in rows:
        if item is not None and row.item != item:
            continue
        if statistic is not None and row.statistic != statistic:
            continue
        if by is not None and row.domain_variable != by:
            continue
        yield row

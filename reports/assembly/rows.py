"""How a number becomes a row: names, notes, printed form, and what stands where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from reports import typography
from reports.errors import EstimateError
from reports.estimates import Estimate
from reports.estimators.design import (
    LEVEL,
    Census,
    Design,
    Floats,
    Interval,
    design_of,
    floats,
)
from reports.tables import EVERYBODY, Domain, Release, Status

OPT_IN = "freiwillige Teilnahme: gilt nur für die Teilnehmenden, deshalb ohne Intervall"
NOBODY = "keine gültigen Antworten"
FULL = "alle haben geantwortet: kein Stichprobenfehler"
TOO_MANY = "mehr Antworten als Personen: Kopfzahl prüfen, deshalb ohne Intervall"
OVERFULL = "mehr Stimmzettel als Personen auf der Personalliste: Kopfzahl prüfen"
UNKNOWN = "Kopfzahl unbekannt: Intervall ohne Korrektur für die endliche Gesamtheit"
NO_INTERVAL = "zu wenige oder zu einheitliche Antworten für ein Intervall"

WHY = {
    Status.MERGED: "in einer größeren Gruppe enthalten",
    Status.NOT_SHOWN: "nicht ausgewiesen, zum Schutz der Befragten",
    Status.NOT_ASKED: "nicht gefragt",
    Status.HOMOGENEOUS: "fast einheitliche Antworten (mindestens 90 %)",
    Status.NOT_COMPUTABLE: "nicht berechenbar",
}
"""What a reader is told about a unit without numbers."""


ONE_MIND = f"≥{typography.NO_BREAK}90{typography.NO_BREAK}%"
"""All that is printed of a group in which nearly everybody gave the same answer."""


class Unit(Enum):
    """How values of a kind are printed."""

    SHARE = "share"
    POINTS = "points"
    SCORE = "score"
    PROBABILITY = "probability"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Context:
    """What every row needs to know: the release and the design of its study."""

    release: Release
    design: Design

    def __post_init__(self) -> None:
        if self.design != design_of(self.release.study):
            raise EstimateError(f"{self.design} is not the design of {self.release.study.id}")

    @property
    def study(self) -> str:
        """The study's id."""
        return self.release.study.id


@dataclass(frozen=True, slots=True)
class Figures:
    """Arrays of one shape behind some rows; nan and "" mark what does not exist."""

    value: Floats
    se: Floats
    low: Floats
    high: Floats
    n_eff: Floats
    method: np.ndarray[tuple[int, ...], np.dtype[np.str_]]

    @classmethod
    def of(cls, interval: Interval) -> Figures:
        """The figures of an interval, which only a census attempt can make."""
        i = interval
        return cls(i.value, i.se, i.low, i.high, i.n_eff, i.method)

    @classmethod
    def only(cls, value: ArrayLike, method: str = "") -> Figures:
        """Values that carry no interval."""
        (v,) = floats(value)
        nothing = np.full(v.shape, np.nan)
        return cls(v, nothing, nothing, nothing, nothing, np.full(v.shape, method))

    def row(self, d: int, *, every: bool = False) -> Figures:
        """The figures of one domain, shape (1, 1); with ``every`` category, (1, categories)."""
        at: tuple[slice, ...] | tuple[slice, None] = (slice(d, d + 1), None)
        if every:
            at = (slice(d, d + 1),)
        return Figures(
            self.value[at], self.se[at], self.low[at], self.high[at], self.n_eff[at],
            self.method[at],
        )  # fmt: skip

    def across(self) -> Figures:
        """The figures of one domain with its categories side by side, shape (1, categories)."""
        return Figures(
            self.value[None], self.se[None], self.low[None], self.high[None], self.n_eff[None],
            self.method[None],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows belong: an item, and per domain its valid answers."""

    item: str
    domains: tuple[Domain, ...]
    base: Floats

    @property
    def headcount(self) -> Floats:
        """People asked per domain, nan where unknown."""
        return headcounts(self.domains)


def overfull(context: Context, domain: Domain, n: float) -> bool:
    """Whether a group has more ballots, or answers ``n``, than people: its headcount is wrong."""
    if domain.headcount is None:
        return False
    units = context.release.ballots.get(domain.variable, ())
    ballots = max((count for unit, count in units if unit.code == domain.code), default=0)
    return max(n, ballots) > domain.headcount


def everybody(context: Context) -> Domain:
    """All respondents together, with the number of people asked; also where too few answered."""
    units, frame = context.release.ballots.get(EVERYBODY, ()), context.release.study.frame
    return (
        units[0][0] if units else Domain(EVERYBODY, EVERYBODY, "", frame.total if frame else None)
    )


def headcounts(domains: tuple[Domain, ...]) -> Floats:
    """People asked per domain, nan where unknown."""
    return np.array([np.nan if d.headcount is None else float(d.headcount) for d in domains])


def estimates(
    context: Context,
    place: Place,
    statistic: str,
    categories: tuple[str, ...],
    figures: Figures,
    unit: Unit,
    note: str = "",
) -> Iterator[Estimate]:
    """Rows of ``figures`` (domains, categories), domain by domain."""
    for d, domain in enumerate(place.domains):
        for c, category in enumerate(categories):
            yield _estimate(
                context, place, d, domain, statistic, category, figures, (d, c), unit, note
            )


def _estimate(
    context: Context,
    place: Place,
    d: int,
    domain: Domain,
    statistic: str,
    category: str,
    figures: Figures,
    at: tuple[int, int],
    unit: Unit,
    note: str,
) -> Estimate:
    n, value = int(place.base[d]), number(figures.value[at])
    method, low = str(figures.method[at]), number(figures.low[at])
    if value is None:
        return absent(context, place.item, domain, statistic, category, n, note or NOBODY)
    return Estimate(
        study=context.study,
        item=place.item,
        domain_variable=domain.variable,
        domain=domain.code,
        statistic=statistic,
        category=category,
        value=value,
        se=number(figures.se[at]),
        low=low,
        high=number(figures.high[at]),
        level=None if low is None else LEVEL,
        base_n=n,
        base_N=domain.headcount,
        n_eff=number(figures.n_eff[at]),
        method=method,
        status=Status.MERGED if domain.members else Status.PUBLISHED,
        note=note or why_no_interval(context.design, n, domain.headcount, method, low),
        printed=printed(value, n, unit),
    )


def absent(
    context: Context,
    item: str,
    domain: Domain,
    statistic: str,
    category: str = "",
    base: int | None = None,
    note: str = "",
    status: Status = Status.NOT_COMPUTABLE,
) -> Estimate:
    """A row without a value that says why."""
    return Estimate(
        study=context.study,
        item=item,
        domain_variable=domain.variable,
        domain=domain.code,
        statistic=statistic,
        category=category,
        base_n=base,
        base_N=domain.headcount if base is not None else None,
        status=status,
        note=note or WHY[status],
    )


def withheld(
    context: Context,
    item: str,
    units: tuple[tuple[Domain, Status], ...],
    statistic: str,
    of_one_mind: Mapping[str, int] = MappingProxyType({}),
) -> Iterator[Estimate]:
    """One row for every unit without numbers of its own; of one mind: its base and "≥ 90 %"."""
    for domain, status in units:
        base = of_one_mind.get(domain.code)
        row = absent(context, item, domain, statistic, base=base, status=status)
        yield row if base is None else replace(row, printed=ONE_MIND)


def why_no_interval(design: Design, n: int, N: int | None, method: str, low: float | None) -> str:
    """What a reader must know about an interval or its absence; empty if nothing."""
    if not isinstance(design, Census):
        return OPT_IN
    if method == "full_count":
        return FULL
    if N is not None and n > N:
        return TOO_MANY
    if low is None and method == "":
        return NO_INTERVAL
    return UNKNOWN if N is None else ""


def number(value: float) -> float | None:
    """A plain float, None for nan."""
    return None if math.isnan(value) else float(value)


def printed(value: float, n: int, unit: Unit) -> str:
    """The string that a PDF prints.

    >>> printed(0.5321, 5430, Unit.SHARE), printed(0.0004, 5430, Unit.PROBABILITY)
    ('53,2\\xa0%', '<\\xa00,001')
    """
    match unit:
        case Unit.SHARE:
            return typography.percent(value, n)
        case Unit.POINTS:
            return typography.points(value, n)
        case Unit.SCORE:
            return typography.decimal(value, 2)
        case Unit.PROBABILITY:
            small = value < 0.0005
            return f"<{typography.NO_BREAK}0,001" if small else typography.decimal(value, 3)
        case Unit.PLAIN:
            return typography.decimal(value, 2)
    raise ValueError(unit)


def as_printed(value: float | None, n: int, unit: Unit) -> float | None:
    """The value rounded to the digits in print; weighted rows carry no others.

    >>> as_printed(0.53214, 5430, Unit.SHARE), as_printed(0.53214, 60, Unit.SHARE)
    (0.532, 0.53)
    """
    if value is None:
        return None
    fine = n >= typography.FINE_BASE
    digits = (3 if fine else 2) if unit in (Unit.SHARE, Unit.POINTS) else 2
    return float(typography.rounded(value, digits))


def rounded(row: Estimate, n: int, unit: Unit) -> Estimate:
    """A weighted row with its numbers as coarse as in print."""
    return replace(
        row,
        value=as_printed(row.value, n, unit),
        se=None if row.se is None else float(f"{row.se:.2g}"),
        low=as_printed(row.low, n, unit),
        high=as_printed(row.high, n, unit),
        n_eff=None if row.n_eff is None else float(round(row.n_eff)),
    )

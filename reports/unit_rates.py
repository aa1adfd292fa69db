"""Units of an attribute, such as departments: how many answered, and which stand together."""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Estimate, Results
from reports.tables import Domain, Status


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of an attribute (a department, a workplace) with its response rate."""

    domain: Domain
    answered: int | None
    rate: Estimate | None
    status: Status


def units(results: Results, attribute: str) -> tuple[Unit, ...]:
    """All units of an attribute in the order of the codebook, withheld ones among them."""
    release = results.release
    shown = [
        Unit(domain, n, _rate(results, attribute, domain), _status(domain))
        for domain, n in release.ballots.get(attribute, ())
    ]
    hidden = [
        Unit(domain, None, None, status) for domain, status in release.withheld.get(attribute, ())
    ]
    (variable,) = release.codebook.question(attribute).variables
    order = {code.name: place for place, code in enumerate(variable.codes)}
    return tuple(
        sorted(shown + hidden, key=lambda unit: (_first(unit.domain, order), unit.domain.code))
    )


def members(results: Results, domain: Domain) -> tuple[str, ...]:
    """The names of the units that a merged group consists of."""
    (variable,) = results.release.codebook.question(domain.variable).variables
    return tuple(code.label for code in variable.codes if code.name in domain.members)


def _rate(results: Results, attribute: str, domain: Domain) -> Estimate | None:
    row = results.find("", "response_rate", by=attribute, domain=domain.code)
    return row if row is not None and row.value is not None else None


def _status(domain: Domain) -> Status:
    return Status.MERGED if domain.members else Status.PUBLISHED


def _first(domain: Domain, order: dict[str, int]) -> int:
    return min(order.get(code, len(order)) for code in (domain.members or (domain.code,)))

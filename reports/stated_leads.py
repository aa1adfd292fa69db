"""How far ahead an option lies where nothing is inferred, and how many ballots would erase it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Estimate, Results


@dataclass(frozen=True, slots=True)
class StatedLead:
    """The lead of the most chosen option where nothing is inferred, and what would erase it.

    ``leader`` is its code name, empty where several are level; ``lead`` a share of the valid
    answers, ``erased_by`` the number of further ballots for the next option.
    """

    leader: str
    lead: Estimate
    erased_by: Estimate


def stated_lead(results: Results, item: str) -> StatedLead | None:
    """The stated lead of an item, None where the table has none."""
    leads, more = (results.select(item, name, "") for name in ("lead", "erased_by"))
    if not leads or not more or leads[0].value is None or more[0].value is None:
        return None
    return StatedLead(leads[0].category, leads[0], more[0])

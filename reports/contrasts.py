"""Each unit of an attribute against the rest: what charts, tables and sentences read of it."""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Estimate, Results
from reports.summaries import WEIGHTED
from reports.tables import Domain
from reports.unit_rates import units


@dataclass(frozen=True, slots=True)
class Contrast:
    """The difference of one unit to the rest of the organisation, with Holm's p.

    ``difference`` is weighted where it could be, ``plain`` is the one without weights.
    """

    domain: Domain
    difference: Estimate
    p: Estimate | None
    plain: Estimate | None = None

    @property
    def weighted(self) -> bool:
        """Whether the difference is one between groups that are evened out."""
        return self.difference.statistic.endswith(WEIGHTED)

    @property
    def carried(self) -> bool:
        """Whether the difference holds with all comparisons of the dossier taken together.

        It must point the same way without weights.
        """
        if self.p is None or self.p.value is None or self.p.value >= 0.05:
            return False
        plain = self.plain.value if self.plain is not None else None
        return plain is None or plain * (self.difference.value or 0.0) >= 0


def unit_contrasts(
    results: Results, item: str, attribute: str, category: str = ""
) -> tuple[Contrast, ...]:
    """The differences of all units to the rest for one item, in the order of the codebook."""
    found = []
    for unit in units(results, attribute):
        where = {"by": attribute, "domain": unit.domain.code}
        plain = results.find(item, "diff_rest", category, **where)
        weighted = results.find(item, "diff_rest" + WEIGHTED, category, **where)
        row = weighted if weighted is not None and weighted.value is not None else plain
        if row is not None and row.value is not None:
            p = results.find(item, "diff_rest_p", category, **where)
            found.append(Contrast(unit.domain, row, p, plain))
    return tuple(found)

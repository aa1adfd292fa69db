"""The kinds of dossiers: one line each, one module each that composes chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.beside import Beside
from reports.dossier import Dossier
from reports.dossiers import comparison, council, department, intensive, letter, method, team
from reports.estimates import Results
from survey.study import Regime


@dataclass(frozen=True, slots=True)
class Kind:
    """How the documents of a kind are composed, and for which regimes.

    ``compose`` takes the results of a study and what is read beside them; most kinds give one
    document, some one per language. A kind of many documents has ``parts`` instead: for each unit
    what composes its document. ``needs_partner`` kinds are built where a study to compare with is
    known.
    """

    compose: Callable[[Results, Beside], tuple[Dossier, ...]] | None
    regimes: frozenset[Regime]
    needs_partner: bool = False
    parts: Callable[[Results], Mapping[str, Callable[[], Dossier]]] | None = None


def _one(compose: Callable[[Results, Beside], Dossier]) -> Callable[..., tuple[Dossier, ...]]:
    """A kind that consists of one document."""
    return lambda results, beside: (compose(results, beside),)


DOSSIERS: dict[str, Kind] = {
    "council": Kind(_one(council.council), council.REGIMES),
    "team": Kind(_one(team.team), team.REGIMES),
    "department": Kind(None, department.REGIMES, parts=department.departments),
    "intensive": Kind(_one(intensive.intensive), intensive.REGIMES),
    "comparison": Kind(_one(comparison.comparison), comparison.REGIMES, needs_partner=True),
    "public": Kind(letter.letters, letter.REGIMES),
    "method": Kind(_one(method.method), method.REGIMES),
}
"""Kind on the command line to what composes it."""

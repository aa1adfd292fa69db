"""The kinds of dossiers: one line each, one module each that composes chapters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports.dossier import Dossier
from reports.dossiers import council
from reports.estimates import Results
from survey.study import Regime


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind of dossier is composed, and for which regimes."""

    compose: Callable[[Results], Dossier]
    regimes: frozenset[Regime]


DOSSIERS: dict[str, Kind] = {
    "council": Kind(council.council, council.REGIMES),
}
"""Kind on the command line to what composes it."""

"""The kinds of dossiers: a few lines each, one module each that composes chapters.

The module of a kind is loaded when the kind is asked for, because most commands need only one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reports.beside import Beside
from reports.dossier import Dossier
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


def _council() -> Kind:
    from reports.dossiers.council import REGIMES, council

    return Kind(_one(council), REGIMES)


def _team() -> Kind:
    from reports.dossiers.team import REGIMES, team

    return Kind(_one(team), REGIMES)


def _department() -> Kind:
    from reports.dossiers.department import REGIMES, departments

    return Kind(None, REGIMES, parts=departments)


def _intensive() -> Kind:
    from reports.dossiers.intensive import REGIMES, intensive

    return Kind(_one(intensive), REGIMES)


def _comparison() -> Kind:
    from reports.dossiers.comparison import REGIMES, comparison

    return Kind(_one(comparison), REGIMES, needs_partner=True)


def _public() -> Kind:
    from reports.dossiers.letter import REGIMES, letters

    return Kind(letters, REGIMES)


def _method() -> Kind:
    from reports.dossiers.method import REGIMES, method

    return Kind(_one(method), REGIMES)


_LOADED_BY: Mapping[str, Callable[[], Kind]] = MappingProxyType(
    {
        "council": _council,
        "team": _team,
        "department": _department,
        "intensive": _intensive,
        "comparison": _comparison,
        "public": _public,
        "method": _method,
    }
)


class _Kinds(Mapping[str, Kind]):
    """Names without loading anything, a kind with its module."""

    def __getitem__(self, name: str) -> Kind:
        return _LOADED_BY[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(_LOADED_BY)

    def __len__(self) -> int:
        return len(_LOADED_BY)

    def __contains__(self, name: object) -> bool:
        return name in _LOADED_BY


DOSSIERS: Mapping[str, Kind] = _Kinds()
"""Kind on the command line to what composes it."""

"""How far coders agree beyond chance, for any number of coders and with gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from itertools import permutations

Distance = Callable[[float, float], float]


def nominal(first: Hashable, second: Hashable) -> float:
    """0 for the same value, 1 for any two different ones."""
    return float(first != second)


def interval(first: float, second: float) -> float:
    """The squared difference."""
    return (first - second) ** 2


def krippendorff_alpha(
    units: Sequence[Sequence[float | None]], distance: Distance = nominal
) -> float | None:
    """Krippendorff's alpha of values by unit and coder; None entries are gaps.

    1 − D_o/D_e: pairs of values within units, each unit weighted by 1/(m − 1) for its m values,
    against pairs of all such values. Units with fewer than two values say nothing. None if
    there are no pairs, or if all values are the same: then there is no chance to agree beyond.

    Source: Krippendorff, K. (2011), Computing Krippendorff's Alpha-Reliability, Annenberg
    School for Communication, University of Pennsylvania.

    >>> round(krippendorff_alpha([(0, 1), (1, 1), (0, 1), (0, 0), (0, 0),
    ...                           (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)]), 3)
    0.095
    """
    paired = [values for unit in units if len(values := [v for v in unit if v is not None]) > 1]
    total = sum(len(values) for values in paired)
    if total < 2:
        return None
    observed = sum(
        distance(a, b) / (len(values) - 1) for values in paired for a, b in permutations(values, 2)
    )
    counts = Counter(value for values in paired for value in values)
    expected = sum(
        n * m * distance(a, b) for a, n in counts.items() for b, m in counts.items() if a != b
    )
    return 1 - (total - 1) * observed / expected if expected else None

"""How well one order of people tells another: correct pairs and rank correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

PAIRS = 6
"""Most correct pairs of any number: chance gives one on average, more than six once in 12,000."""
CORRELATION, PEOPLE = 0.15, 400
"""Largest rank correlation with 400 people: three standard errors of chance."""


def correct_pairs(guessed: Sequence[int], true: Sequence[int]) -> int:
    """Number of places at which two orders of the same people agree.

    >>> correct_pairs([1, 2, 3], [1, 3, 2])
    1
    """
    return sum(a == b for a, b in zip(guessed, true, strict=True))


def correlation(guessed: Sequence[int], true: Sequence[int]) -> float:
    """Spearman's rank correlation of the places of people in two orders.

    >>> correlation([5, 6, 7], [7, 6, 5])
    -1.0
    """
    places = {person: place for place, person in enumerate(true)}
    ranks = np.array([places[person] for person in guessed], dtype=float)
    if len(ranks) < 2:
        return 0.0
    return round(float(np.corrcoef(np.arange(len(ranks)), ranks)[0, 1]), 6)


def correlation_bound(people: int, errors: float = 3.0) -> float:
    """So many standard errors of chance; 0.15 for 400 people.

    >>> correlation_bound(400)
    0.15
    """
    return round(errors / float(np.sqrt(max(people, 2))), 3)


def worst(
    guesses: Mapping[str, Sequence[int]], openings: Sequence[Sequence[int]]
) -> tuple[int, float]:
    """Correct pairs and correlation (absolute) of an adversary's best guess.

    The same urn may be opened several times, each time in a new order: what holds by chance in
    one opening does not hold in the median, what is a leak does. A guess is also read backwards.
    """
    pairs, found = 0, 0.0
    for guess in guesses.values():
        for way in (list(guess), list(guess)[::-1]):
            pairs = max(pairs, int(np.median([correct_pairs(way, order) for order in openings])))
            median = np.median([abs(correlation(way, order)) for order in openings])
            found = max(found, float(median))
    return pairs, found

"""What pairwise majorities say: Condorcet winner, Smith set, Schulze and Kemeny.

``wins[i, j]`` is the number (or the share) of ballots that prefer element i to j. Ballots that
tie both count for neither side and are never broken by position or by name: every function
commutes with relabelling, and where several elements are equal all of them are returned.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reports.errors import EstimateError
from reports.estimators.design import Floats

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

KEMENY_MOST = 10
"""With more elements the exact Kemeny order is not computed."""
_SLACK = 1e-9


def beats(wins: ArrayLike) -> Flags:
    """Which element is preferred to which by more ballots than the other way, (m, m).

    >>> beats([[0, 5], [3, 0]]).tolist()
    [[False, True], [False, False]]
    """
    w = _square(wins)
    out: Flags = w - w.T > _SLACK * max(float(w.max(initial=0.0)), 1e-300)
    return out


def condorcet_winner(wins: ArrayLike) -> int | None:
    """The element that wins every duel, None if there is none; None is a result, not a failure.

    Source: Condorcet 1785.

    >>> condorcet_winner([[0, 5, 6], [4, 0, 5], [3, 4, 0]])
    0
    >>> condorcet_winner([[0, 5, 4], [4, 0, 5], [5, 4, 0]]) is None
    True
    """
    found = beats(wins)
    winners = np.flatnonzero(found.sum(axis=1) == found.shape[0] - 1)
    return int(winners[0]) if winners.size == 1 else None


def smith_set(wins: ArrayLike) -> Flags:
    """The smallest set whose every member wins against every element outside, shape (m,).

    A tied duel is no victory, so both of its elements are in or out together. Source: Smith
    1973; Schwartz 1986, chapter 6, on the difference to sets that count ties as victories.

    >>> smith_set([[0, 5, 4, 9], [4, 0, 5, 9], [5, 4, 0, 9], [0, 0, 0, 0]]).tolist()
    [True, True, True, False]
    """
    # from an element of the set every other one is reached by steps that are no defeat
    reach = ~beats(wins).T
    for k in range(reach.shape[0]):
        reach |= reach[:, k : k + 1] & reach[k : k + 1, :]
    return np.asarray(reach.all(axis=1), dtype=np.bool_)


def schulze_paths(wins: ArrayLike) -> Floats:
    """Strengths of the strongest paths by winning votes, shape (m, m). Source: Schulze 2011.

    >>> schulze_paths([[0, 5], [3, 0]]).tolist()
    [[0.0, 5.0], [0.0, 0.0]]
    """
    w = _square(wins)
    strength = np.where(beats(w), w, 0.0)
    for k in range(w.shape[0]):
        through = np.minimum(strength[:, k : k + 1], strength[k : k + 1, :])
        np.maximum(strength, through, out=strength)
    np.fill_diagonal(strength, 0.0)
    return strength


def schulze_places(wins: ArrayLike) -> tuple[Places, Places]:
    """First and last place of each element in the Schulze order, tied ones share a range.

    Source: Schulze 2011, section 2.

    >>> low, high = schulze_places([[0, 2, 2], [2, 0, 3], [2, 1, 0]])
    >>> low.tolist(), high.tolist()
    ([1, 1, 2], [3, 2, 3])
    """
    strength = schulze_paths(wins)
    above = strength - strength.T > _SLACK * max(float(strength.max(initial=0.0)), 1e-300)
    low: Places = 1 + above.sum(axis=0).astype(np.int64)
    high: Places = above.shape[0] - above.sum(axis=1).astype(np.int64)
    return low, high


def kemeny_places(wins: ArrayLike) -> tuple[Places, Places, float]:
    """First and last place of each element over **all** Kemeny orders, and their disagreement.

    A Kemeny order contradicts as few preferences as possible: the disagreement is the number
    of preferences "j before i" over all pairs that it puts the other way; a tie contradicts no
    order. All optimal orders are found by dynamic programming over subsets, so an element
    whose place is not determined gets a range. Exact up to 10 elements, raises
    ``EstimateError`` above. Source: Kemeny 1959; Young 1988; Betzler et al. 2009 for subsets.

    >>> low, high, cost = kemeny_places([[0, 5, 6], [4, 0, 5], [3, 4, 0]])
    >>> low.tolist(), high.tolist(), cost
    ([1, 2, 3], [1, 2, 3], 11.0)
    """
    w = _square(wins)
    m = w.shape[0]
    if m > KEMENY_MOST:
        raise EstimateError(f"an exact Kemeny order of {m} elements: at most {KEMENY_MOST}")
    members = ((np.arange(2**m)[:, None] >> np.arange(m)) & 1).astype(bool)
    # cost of putting i next after the set S: preferences of the remaining ones against i
    against = (~members).astype(float) @ w
    top, rest = _best_prefix(against, m), _best_suffix(against, m)
    best = float(top[-1])
    slack = _SLACK * max(best, 1.0)
    low, high = np.full(m, m, dtype=np.int64), np.ones(m, dtype=np.int64)
    for i in range(m):
        before = np.flatnonzero(~members[:, i])
        total = top[before] + against[before, i] + rest[before | (1 << i)]
        place = members[before].sum(axis=1)[total <= best + slack] + 1
        low[i], high[i] = place.min(), place.max()
    return low, high, best


def _best_prefix(against: Floats, m: int) -> Floats:
    best = np.full(2**m, np.inf)
    best[0] = 0.0
    for subset in range(2**m):
        for i in range(m):
            if not subset >> i & 1:
                after = subset | 1 << i
                best[after] = min(best[after], best[subset] + against[subset, i])
    return best


def _best_suffix(against: Floats, m: int) -> Floats:
    best = np.full(2**m, np.inf)
    best[-1] = 0.0
    for subset in range(2**m - 2, -1, -1):
        for i in range(m):
            if not subset >> i & 1:
                best[subset] = min(best[subset], best[subset | 1 << i] + against[subset, i])
    return best


def borda(wins: ArrayLike, ties: ArrayLike, n: float) -> Floats:
    """Mean Borda points per ballot, 0 to m - 1, shape (m,); nan if nobody answered.

    An element gets a point for every element that it is preferred to and half a point for
    every tie: m minus the mean rank with midranks. Source: Borda 1781; Black 1976.

    >>> borda([[0, 3], [1, 0]], [[0, 2], [2, 0]], 6).round(4).tolist()
    [0.6667, 0.3333]
    """
    w, t = _square(wins), _square(ties)
    total: Floats = w.sum(axis=1) + t.sum(axis=1) / 2
    return total / n if n > 0 else np.full(total.shape, np.nan)


def _square(wins: ArrayLike) -> Floats:
    w = np.array(wins, dtype=np.float64)
    np.fill_diagonal(w, 0.0)
    return w

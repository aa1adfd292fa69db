"""Exact permutation of a small group's answers, within people of the same kind.

Where a group is small, Student's t is an approximation that shares near 0 or 1 break. If the
group thinks as the others do, any answers of people of its kind could have been its own: the
p counts over all ways to choose them. Kinds (say desk and yard) are never mixed, because they
may think differently without any difference between groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from reports.errors import EstimateError
from reports.estimators.design import Census, Floats

SMALL = 30
"""Groups with fewer answers are judged by permutation besides Welch's t."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Part:
    """People of one kind in a group: answers, headcount, for minus against by item, (items,).

    ``chances`` (items, 2n + 1) are those of for minus against from -n to n if any answers of the
    kind could be the group's, ``middle`` (items,) is their mean.
    """

    n: int
    N: float
    seen: Ints
    chances: Floats
    middle: Floats


def small_group_p(
    design: Census,
    n: ArrayLike,
    N: ArrayLike,
    yes: ArrayLike,
    no: ArrayLike,
    group: ArrayLike,
    kind: ArrayLike,
    small: int = SMALL,
) -> Floats:
    """Two-sided p of every small group by permutation within kinds, shape (groups, items).

    ``n`` and ``N`` (cells,) answers and people, ``yes`` and ``no`` (cells, items) what speaks for
    and against, ``group`` and ``kind`` (cells,) numbers from 0. What is permuted is the sum over
    the group's kinds of N_c (yes - no)/n_c; p is the share of all choices at least as far from
    its expectation. nan for groups of ``small`` answers or more, and where nobody outside the
    group is of its kinds. Raises ``EstimateError`` for another design. Sources: Pitman 1937; Good
    2005, section 3.7 (blocks).

    >>> n, N, yes = [6, 16], [20, 60], [[5], [4]]
    >>> small_group_p(Census(), n, N, yes, [[0], [0]], [0, 1], [0, 0]).round(4).tolist()
    [[0.0231], [0.0231]]
    """
    if not isinstance(design, Census):
        raise EstimateError("a test needs a census attempt")
    n_, of, kinds = (np.asarray(a, dtype=np.int64) for a in (n, group, kind))
    N_ = np.asarray(N, dtype=np.float64)
    for_, against = (np.asarray(a, dtype=np.int64) for a in (yes, no))
    out = np.full((int(of.max(initial=-1)) + 1, for_.shape[1]), np.nan)
    pools = {}
    for k in np.unique(kinds).tolist():
        all_ = kinds == k
        pools[k] = int(n_[all_].sum()), for_[all_].sum(axis=0), against[all_].sum(axis=0)
    chances: dict[tuple[int, int], Floats] = {}  # groups of one size share them
    for g in range(len(out)):
        if not 0 < n_[of == g].sum() < small:
            continue
        parts = []
        for k in np.unique(kinds[of == g]).tolist():
            own, (total, pro, contra) = (of == g) & (kinds == k), pools[k]
            base = int(n_[own].sum())
            # where all people of a kind are the group's own, nothing can be exchanged
            if not 0 < base < total:
                continue
            if (k, base) not in chances:
                chances[k, base] = _difference_chances(base, pro, contra, total)
            seen, middle = (for_ - against)[own].sum(axis=0), base * (pro - contra) / total
            parts.append(_Part(base, float(N_[own].sum()), seen, chances[k, base], middle))
        if parts:
            out[g] = _share_as_far(parts)
    return out


_AT_ONCE = 2**21
"""Chances that are held in memory at the same time."""


def _share_as_far(parts: list[_Part]) -> Floats:
    """The share of choices whose weighted sum lies at least as far out as the observed one."""
    weights = [part.N / part.n for part in parts]
    value = np.zeros(1)
    for weight, part in zip(weights, parts, strict=True):
        value = (value[:, None] + np.arange(-part.n, part.n + 1) * weight).ravel()
    middle: Floats = np.array(weights) @ np.stack([part.middle for part in parts])
    seen: Floats = np.array(weights) @ np.stack([part.seen for part in parts]) - middle
    out = np.empty(seen.size)
    step = max(1, _AT_ONCE // value.size)
    for start in range(0, seen.size, step):
        some = slice(start, start + step)
        chance = np.ones((seen[some].size, 1))
        for part in parts:
            chance = (chance[:, :, None] * part.chances[some, None, :]).reshape(len(chance), -1)
        away = np.abs(value - middle[some, None])
        far = away >= np.abs(seen[some, None]) * (1 - 1e-9) - 1e-9
        out[some] = np.minimum(1.0, np.where(far, chance, 0.0).sum(axis=1))
    return out


def _difference_chances(n: int, yes: Ints, no: Ints, total: int) -> Floats:
    """P(for minus against = -n … n) among ``n`` of ``total`` answers, (items, 2n + 1)."""
    a, b = (index.ravel() for index in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    a, b = a[a + b <= n], b[a + b <= n]
    place = np.zeros((a.size, 2 * n + 1))
    place[np.arange(a.size), a - b + n] = 1
    whole = _choices(np.array([total]), n)[0, n]
    pro, contra, rest = (_choices(m, n) for m in (yes, no, total - yes - no))
    chance: Floats = np.exp(pro[:, a] + contra[:, b] + rest[:, n - a - b] - whole) @ place
    return chance


def _choices(m: Ints, n: int) -> Floats:
    """Logarithm of how many ways there are to choose 0 … n of ``m`` (items,), (items, n + 1)."""
    k, of = np.arange(n + 1)[None], m[:, None]
    log = scipy.special.gammaln
    ways: Floats = np.where(
        k <= of, log(of + 1.0) - log(k + 1.0) - log(np.maximum(of - k, 0) + 1.0), -np.inf
    )
    return ways

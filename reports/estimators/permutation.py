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
    """People of one kind in a group: answers, headcount, for and against, and all of that kind."""

    n: int
    N: float
    yes: Ints
    no: Ints
    pool_n: int
    pool_yes: Ints
    pool_no: Ints


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
    for g in range(len(out)):
        if not 0 < n_[of == g].sum() < small:
            continue
        parts = []
        for k in np.unique(kinds[of == g]).tolist():
            own, all_ = (of == g) & (kinds == k), kinds == k
            part = _Part(
                int(n_[own].sum()), float(N_[own].sum()), for_[own].sum(axis=0),
                against[own].sum(axis=0), int(n_[all_].sum()), for_[all_].sum(axis=0),
                against[all_].sum(axis=0),
            )  # fmt: skip
            # where all people of a kind are the group's own, nothing can be exchanged
            if part.n and part.n < part.pool_n:
                parts.append(part)
        if parts:
            out[g] = [_share_as_far(parts, item) for item in range(for_.shape[1])]
    return out


def _share_as_far(parts: list[_Part], item: int) -> float:
    """The share of choices whose weighted sum lies at least as far out as the observed one."""
    value, chance = np.zeros(1), np.ones(1)
    seen = 0.0
    for part in parts:
        weight = part.N / part.n
        chances = _difference_chances(
            part.n, int(part.pool_yes[item]), int(part.pool_no[item]), part.pool_n
        )
        steps = np.arange(-part.n, part.n + 1) * weight
        middle = weight * part.n * (part.pool_yes[item] - part.pool_no[item]) / part.pool_n
        value = (value[:, None] + steps[None] - middle).ravel()
        chance = (chance[:, None] * chances[None]).ravel()
        seen += weight * float(part.yes[item] - part.no[item]) - middle
    far = np.abs(value) >= abs(seen) * (1 - 1e-9) - 1e-9
    return min(1.0, float(chance[far].sum()))


def _difference_chances(n: int, yes: int, no: int, total: int) -> Floats:
    """P(for minus against = -n … n) among ``n`` drawn of ``total`` answers, shape (2n + 1,)."""
    a, b = np.meshgrid(np.arange(n + 1), np.arange(n + 1), indexing="ij")
    left = n - a - b
    possible = (a <= yes) & (b <= no) & (left >= 0) & (left <= total - yes - no)
    for_, against, rest = a[possible], b[possible], left[possible]
    log = _choices(yes, for_) + _choices(no, against) + _choices(total - yes - no, rest)
    chance = np.exp(log - _choices(total, np.array([n])))
    out = np.zeros(2 * n + 1)
    np.add.at(out, for_ - against + n, chance)
    return out


def _choices(m: int, k: Ints) -> Floats:
    out: Floats = (
        scipy.special.gammaln(m + 1)
        - scipy.special.gammaln(k + 1)
        - scipy.special.gammaln(m - k + 1)
    )
    return out

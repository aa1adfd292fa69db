"""Whether the items of a scale measure one thing: Cronbach's alpha with Feldt's interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.estimators.design import LEVEL, Census, Floats, Interval, divide

ALPHA_NEEDS_N = 30


@dataclass(frozen=True, slots=True)
class Items:
    """Means (items,) and covariance (items, items) of the scores of ``n`` complete ballots."""

    n: float
    mean: Floats
    cov: Floats


@dataclass(frozen=True, slots=True)
class Reliability:
    """Alpha, alpha without each item, and each item's correlation with the sum of the others.

    ``reason`` says why there is no alpha, empty where there is one.
    """

    alpha: Interval
    without: Floats
    item_rest: Floats
    reason: str = ""


def item_moments(joint: ArrayLike, scores: ArrayLike) -> Items:
    """Means and covariances of all items of a list from joint counts of pairs of items.

    ``joint`` (items, items, categories, categories) counts the ballots that answered every
    item; ``scores`` (categories,). The covariance has the divisor n - 1.

    >>> one = np.array([[3, 1], [1, 5]])
    >>> alone = np.diag(one.sum(axis=1))
    >>> item_moments([[alone, one], [one.T, alone]], [0, 1]).cov.round(4).tolist()
    [[0.2667, 0.1556], [0.1556, 0.2667]]
    """
    k = np.asarray(joint, dtype=np.float64)
    s = np.asarray(scores, dtype=np.float64)
    n = float(k[0, 0].sum())
    mean = divide(np.einsum("iirs,r->i", k, s), n)
    product = np.einsum("ijrs,r,s->ij", k, s, s)
    cov = divide(product - n * mean[:, None] * mean[None, :], n - 1)
    return Items(n, mean, cov)


def moments_of(products: ArrayLike) -> Items:
    """Means and covariances of items from sums of products of (1, score of every item).

    ``products`` (1 + items, 1 + items): the first row holds the ballots and the sums of scores.

    >>> moments_of([[10, 6, 6], [6, 6, 5], [6, 5, 6]]).cov.round(4).tolist()
    [[0.2667, 0.1556], [0.1556, 0.2667]]
    """
    p = np.asarray(products, dtype=np.float64)
    n, sums = float(p[0, 0]), p[0, 1:]
    mean = divide(sums, n)
    return Items(n, mean, divide(p[1:, 1:] - n * mean[:, None] * mean[None, :], n - 1))


def cronbach_alpha(
    design: Census,
    cov: ArrayLike,
    n: float,
    N: float = float("nan"),
    reversed_items: Sequence[int] = (),
    level: float = LEVEL,
) -> Reliability:
    """Cronbach's alpha of the items with covariance ``cov``, with Feldt's limits.

    ``reversed_items`` are places of items whose scale runs the other way; they are turned
    because the questionnaire says so, never because of a sign in the data. alpha = k/(k-1) (1 -
    sum of variances / variance of the sum); limits 1 - (1 - alpha) F at n - 1 and (n-1)(k-1)
    degrees of freedom. The limits take no account of a finite population, so they are rather
    too wide; after a full count there are none. One item, fewer than 30 complete ballots or a
    sum that does not vary give nan and a reason. Sources: Cronbach 1951; Feldt 1965.

    >>> r = cronbach_alpha(Census(), [[1, 0.5, 0.4], [0.5, 1, 0.6], [0.4, 0.6, 1]], 100)
    >>> [float(limit[0].round(3)) for limit in (r.alpha.value, r.alpha.low, r.alpha.high)]
    [0.75, 0.651, 0.824]
    """
    turned = np.asarray(cov, dtype=np.float64)
    k = turned.shape[0]
    sign = np.ones(k)
    sign[list(reversed_items)] = -1.0
    turned = turned * sign[:, None] * sign[None, :]
    total = float(turned.sum())
    reason = _reason(k, n, total)
    if reason:
        nothing = np.full(1, np.nan)
        made = Interval(nothing, nothing, nothing, nothing, nothing, np.array([""]), design)
        return Reliability(made, np.full(k, np.nan), np.full(k, np.nan), reason)
    alpha = _alpha(turned)
    tail, first, second = (1 - level) / 2, n - 1, (n - 1) * (k - 1)
    full = n >= N
    limits = [1 - (1 - alpha) * scipy.stats.f.ppf(q, first, second) for q in (1 - tail, tail)]
    low, high = (np.array([np.nan if full else limit]) for limit in limits)
    nothing = np.full(1, np.nan)
    method = np.array(["full_count" if full else "feldt"])
    made = Interval(np.array([alpha]), nothing, low, high, nothing, method, design)
    return Reliability(made, _without(turned), _item_rest(turned))


def _reason(k: int, n: float, total: float) -> str:
    if k < 2:
        return "eine Aussage allein ist keine Skala"
    if n < ALPHA_NEEDS_N:
        return f"weniger als {ALPHA_NEEDS_N} vollständige Antworten"
    if not total > 1e-12:
        return "die Summe der Antworten unterscheidet sich nicht"
    return ""


def _alpha(cov: Floats) -> float:
    k = cov.shape[0]
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def _without(cov: Floats) -> Floats:
    k = cov.shape[0]
    out = np.full(k, np.nan)
    for i in range(k if k > 2 else 0):
        rest = np.delete(np.delete(cov, i, 0), i, 1)
        if rest.sum() > 1e-12:
            out[i] = _alpha(rest)
    return out


def _item_rest(cov: Floats) -> Floats:
    own = np.diagonal(cov)
    with_rest = cov.sum(axis=1) - own
    rest = cov.sum() - 2 * cov.sum(axis=1) + own
    return divide(with_rest, np.sqrt(np.maximum(own * rest, 0.0)))

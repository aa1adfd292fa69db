"""Best–worst sets: scores with their covariance, and worths by a conditional logit.

What is counted per ballot is a vector: for each of m elements how often it was best minus how
often worst, then for each of S sets 1 if it was judged (best and worst named). Joint moments
of these vectors carry everything: a set may be left out, and the judgements of one person hang
together, which robust standard errors respect.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reports.estimators.design import Floats, divide
from reports.estimators.plackett_luce import Fit, Refusal, connected, robust_cov
from reports.estimators.ranking import Moments

_STEPS, _TOLERANCE, _SINGULAR = 100, 1e-11, 1e12


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores (m,) between -1 and 1 and the covariance (m, m) of their estimates, without fpc."""

    value: Floats
    cov: Floats
    shown: Floats
    """Judged sets with the element, summed over the ballots, (m,)."""


def scores(moments: Moments, members: NDArray[np.bool_]) -> Scores:
    """Best minus worst, divided by how often an element stood in a judged set.

    ``moments`` of one domain, p = m + S quantities as in the module's head; ``members`` (S, m).
    A ratio of means with linearised covariance, so that sets left out are accounted for. nan
    where an element was never judged. Source: Louviere, Flynn and Marley 2015, chapter 2;
    Cochran 1977, section 6.4 for the ratio.

    >>> from reports.estimators.ranking import from_sums
    >>> ballots = np.array([[1, -1, 0, 1], [1, 0, -1, 1.0]])
    >>> moments = from_sums(np.array([2.0]), ballots.sum(0)[None], (ballots.T @ ballots)[None])
    >>> scores(moments, np.array([[True, True, True]])).value.tolist()
    [1.0, -0.5, -0.5]
    """
    m = members.shape[1]
    n, mean, cov = float(moments.n[0]), moments.mean[0], moments.cov[0]
    shown = members.T @ mean[m:]
    value = divide(mean[:m], shown)
    linear = np.hstack([np.eye(m), -np.nan_to_num(value)[:, None] * members.T])
    linear = linear * np.nan_to_num(divide(1.0, shown))[:, None]
    return Scores(value, linear @ cov @ linear.T / n, shown * n)


def maxdiff(moments: Moments, members: NDArray[np.bool_]) -> Fit | Refusal:
    """Worths from best–worst choices: P(b best, w worst) proportional to w_b / w_w in a set.

    ``moments`` and ``members`` as for :func:`scores`. The best-minus-worst counts are sufficient,
    so the likelihood needs no answers. ``cov`` is robust: the judgements of one person are not
    taken for independent. Worths are finite only if no group of elements always comes out
    above or below the others; refused where the estimate runs away. Source: Marley and
    Louviere 2005 (the maxdiff model); White 1982.

    >>> from reports.estimators.ranking import from_sums
    >>> ballots = np.array([[1, -1, 0, 1.0], [1, 0, -1, 1], [-1, 1, 0, 1], [0, -1, 1, 1]])
    >>> moments = from_sums(np.array([4.0]), ballots.sum(0)[None], (ballots.T @ ballots)[None])
    >>> fit = maxdiff(moments, np.array([[True, True, True]]))
    >>> fit.worth.round(4).tolist()
    [0.4221, 0.2518, 0.326]
    """
    m = members.shape[1]
    if m < 2:
        return Refusal.ONE_ELEMENT
    n, mean, cov = float(moments.n[0]), moments.mean[0], moments.cov[0]
    if not np.nan_to_num(mean[m:]).sum() or n < 2:
        return Refusal.NO_CHOICES
    if not connected(_together(members, mean[m:])):
        return Refusal.NOT_CONNECTED
    theta, information, expected = _fitted(mean[:m] * n, mean[m:] * n, members)
    if theta is None:
        return Refusal.NOT_CONVERGED
    naive = np.linalg.inv(information + 1.0 / m) - 1.0 / m
    plain = Fit(theta, naive, np.zeros(0), naive, expected, 0.0)
    loading = np.hstack([np.eye(m), -expected.T])
    robust = robust_cov(plain, loading, cov, n)
    return Fit(theta, robust, np.zeros(0), naive, expected, 0.0)


def _together(members: NDArray[np.bool_], judged: Floats) -> Floats:
    used = members[judged > 0].astype(float)
    out: Floats = used.T @ used
    return out


def _fitted(
    observed: ArrayLike, stages: ArrayLike, members: NDArray[np.bool_]
) -> tuple[Floats | None, Floats, Floats]:
    """Log-worths, information and expected scores (S, m); None where they run away."""
    seen, times = np.asarray(observed, dtype=float), np.asarray(stages, dtype=float)
    m = members.shape[1]
    theta = np.zeros(m)
    for _ in range(_STEPS):
        information, expected = _expected(theta, times, members)
        score = seen - times @ expected
        if np.linalg.cond(information + 1.0 / m) > _SINGULAR:
            break
        held = np.linalg.inv(information + 1.0 / m)
        step = held @ score - (held @ score).mean()
        theta = theta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-300))
        if np.abs(step).max() < _TOLERANCE:
            return theta, *_expected(theta, times, members)
        if np.abs(theta).max() > 30:
            break
    return None, np.zeros((m, m)), np.zeros((members.shape[0], m))


def _expected(theta: Floats, times: Floats, members: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    m = theta.size
    information, expected = np.zeros((m, m)), np.zeros((members.shape[0], m))
    for s, inside in enumerate(members):
        places = np.flatnonzero(inside)
        up, down = np.exp(theta[places]), np.exp(-theta[places])
        chance = np.outer(up, down)
        np.fill_diagonal(chance, 0.0)
        chance /= chance.sum()
        best, worst = chance.sum(axis=1), chance.sum(axis=0)
        mean = best - worst
        second = np.diag(best + worst) - chance - chance.T
        expected[s, places] = mean
        information[np.ix_(places, places)] += times[s] * (second - np.outer(mean, mean))
    return information, expected

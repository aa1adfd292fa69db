"""Worth of elements from rankings: Plackett–Luce with ties, exact from choice-set counts.

Each ballot chooses, place by place, from the elements that it has not placed yet. A set C of d
elements is chosen from the set A with probability f(C) / Σ f(S) over all subsets S of A with at
most D elements, f(S) = δ_d (Π_{i in S} w_i)^(1/d), δ_1 = 1; D is the largest tie that occurs.
Without ties this is Plackett 1975 and Luce 1959, for pairs Bradley and Terry 1952 and, with
ties, Davidson 1970; in general Turner, van Etten, Firth and Kosmidis 2020, section 2.1.

Likelihood, standard errors and quasi-variances are functions of the choice-set counts
(:class:`reports.preferences.ChoiceSets`), whatever the number of ballots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.typing import ArrayLike

from reports.estimators.design import LEVEL, Census, Floats, Interval
from reports.preferences import ChoiceSets

_STEPS, _TOLERANCE, _SINGULAR = 100, 1e-11, 1e14


class Refusal(StrEnum):
    """Why there are no worths."""

    ONE_ELEMENT = "one_element"
    NO_CHOICES = "no_choices"
    NOT_CONNECTED = "not_connected"
    NOT_CONVERGED = "not_converged"


@dataclass(frozen=True, slots=True)
class Fit:
    """Log-worths with sum 0 and their covariance.

    ``log_worth`` (m,), ``cov`` (m, m) from the observed information, ``log_tie`` (D - 1,) the
    logarithms of δ_2 … δ_D, ``cov_all`` (m + D - 1, ...) both together, ``expected`` (S, m + D - 1)
    the expected contribution of one choice from each set, for robust standard errors.
    """

    log_worth: Floats
    cov: Floats
    log_tie: Floats
    cov_all: Floats
    expected: Floats
    log_likelihood: float

    @property
    def worth(self) -> Floats:
        """Worths with sum 1, shape (m,)."""
        raised: Floats = np.exp(self.log_worth - self.log_worth.max())
        out: Floats = raised / raised.sum()
        return out

    def variances_of_differences(self) -> Floats:
        """Variances of all differences of log-worths, (m, m)."""
        own = np.diagonal(self.cov)
        out: Floats = own[:, None] + own[None, :] - 2 * self.cov
        return out


def connected(wins: ArrayLike) -> bool:
    """Whether every element is reached from every other by victories: worths are then finite.

    ``wins`` (m, m) ballots that prefer i to j. Source: Ford 1957; Hunter 2004, assumption 1.

    >>> connected([[0, 1], [1, 0]]), connected([[0, 1], [0, 0]])
    (True, False)
    """
    graph = (np.asarray(wins) > 0).astype(np.int8)
    number, _ = scipy.sparse.csgraph.connected_components(graph, directed=True, connection="strong")
    return bool(number == 1)


def plackett_luce(counts: ChoiceSets, wins: ArrayLike) -> Fit | Refusal:
    """Worths by maximum likelihood, or why there are none.

    ``wins`` (m, m) ballots that prefer i to j tell whether the worths are finite. Newton's
    method on the log-worths; the likelihood is concave, so that what it finds is the maximum.
    Relabelling the elements permutes the result. Source: see the module's head.

    >>> from reports.preferences import choice_sets
    >>> ballots = np.array([[1, 2], [1, 2], [2, 1]]).T
    >>> fit = plackett_luce(choice_sets(ballots), [[0, 2], [1, 0]])
    >>> fit.worth.round(6).tolist(), round(float(np.sqrt(fit.variances_of_differences()[0, 1])), 6)
    ([0.666667, 0.333333], 1.224745)
    """
    m = counts.sets.shape[1]
    if m < 2:
        return Refusal.ONE_ELEMENT
    if not counts.stages.sum():
        return Refusal.NO_CHOICES
    if not connected(wins):
        return Refusal.NOT_CONNECTED
    model = _Model(counts)
    found = _newton(model)
    if found is None:
        return Refusal.NOT_CONVERGED
    value, information, expected, likelihood = found
    cov = model.inverse(information)
    return Fit(value[:m], cov[:m, :m], value[m:], cov, expected, likelihood)


_Size = tuple[Floats, Floats, Callable[[Floats], Floats]]


class _Model:
    """The likelihood of some choice-set counts as a function of log-worths and log δ."""

    def __init__(self, counts: ChoiceSets) -> None:
        self.sets = counts.sets.astype(np.float64)
        self.stages = counts.stages.astype(np.float64)
        self.m, self.depth = counts.sets.shape[1], counts.picked.shape[0]
        sizes = np.arange(1, self.depth + 1)
        chosen = (counts.picked / sizes[:, None]).sum(axis=0)
        tied = (counts.picked.sum(axis=1) / sizes)[1:]
        self.held = np.zeros((chosen.size + tied.size,) * 2)
        self.held[: self.m, : self.m] = 1.0 / self.m
        self.observed = np.asarray(np.concatenate([chosen, tied]), dtype=np.float64)

    def at(self, value: Floats) -> tuple[float, Floats, Floats, Floats]:
        """Log-likelihood, score, information and expected contributions (sets, q)."""
        m, stages = self.m, self.stages
        delta = np.concatenate([[0.0], value[m:]])
        total = np.zeros(self.sets.shape[0])
        first = np.zeros((self.sets.shape[0], value.size))
        second = np.zeros((value.size, value.size))
        parts = [self._size(d, value[:m], delta[d - 1]) for d in range(1, self.depth + 1)]
        for whole, _, _ in parts:
            total += whole
        weight = stages / total
        for d, (whole, single, double) in enumerate(parts, start=1):
            first[:, :m] += single / d
            second[:m, :m] += double(weight) / d**2
            if d > 1:
                place = m + d - 2
                first[:, place] = whole
                joint = weight @ single / d
                second[:m, place] += joint
                second[place, :m] += joint
                second[place, place] += weight @ whole
        expected = first / total[:, None]
        information = second - (expected * stages[:, None]).T @ expected
        score = self.observed - stages @ expected
        likelihood = float(self.observed @ value - stages @ np.log(total))
        return likelihood, score, information, expected

    def _size(self, d: int, theta: Floats, log_delta: float) -> _Size:
        """Sums of f over subsets of d elements: all, those with i, those with i and j."""
        x = self.sets * np.exp(theta / d)[None, :]
        delta = np.exp(log_delta)
        if d == 1:
            return x.sum(axis=1), x, lambda weight: np.asarray(np.diag(weight @ x))
        e = _elementary(x, d)
        without = _without(e, x, d - 1)
        single = delta * x * without[d - 1]

        def double(weight: Floats) -> Floats:
            out = np.zeros((self.m, self.m))
            for i in range(self.m):
                level = [w[:, i] for w in without]
                rest = _without(level, x, d - 2)[d - 2]
                out[i] = weight @ (delta * x[:, i : i + 1] * x * rest)
                out[i, i] = weight @ single[:, i]
            return out

        return delta * e[d], single, double

    def inverse(self, information: Floats) -> Floats:
        """The covariance under the constraint that the log-worths sum to 0."""
        m = self.m
        held = information.copy()
        held[:m, :m] += 1.0 / m
        out: Floats = np.asarray(np.linalg.inv(held), dtype=np.float64)
        out[:m, :m] -= 1.0 / m
        return out


def _elementary(x: Floats, most: int) -> list[Floats]:
    """Elementary symmetric polynomials of the rows of x, orders 0 to ``most``."""
    e = [np.ones(x.shape[0]), *(np.zeros(x.shape[0]) for _ in range(most))]
    for i in range(x.shape[1]):
        for k in range(most, 0, -1):
            e[k] = e[k] + x[:, i] * e[k - 1]
    return e


def _without(e: list[Floats], x: Floats, most: int) -> list[Floats]:
    """The polynomials of each row with one column left out, orders 0 to ``most``, (sets, m)."""
    out = [np.ones_like(x)]
    for k in range(1, most + 1):
        out.append(e[k][:, None] - x * out[k - 1])
    return out


def _newton(model: _Model) -> tuple[Floats, Floats, Floats, float] | None:
    value = np.zeros(model.observed.size)
    likelihood, score, information, expected = model.at(value)
    for _ in range(_STEPS):
        if np.linalg.cond(information + model.held) > _SINGULAR:
            return None
        step = model.inverse(information) @ score
        factor = 1.0
        while True:
            tried = value + factor * step
            following = model.at(tried)
            if following[0] >= likelihood - 1e-9 * abs(likelihood) or factor < 1e-6:
                break
            factor /= 2
        value, (likelihood, score, information, expected) = tried, following
        if np.abs(step).max() < _TOLERANCE:
            return value, information, expected, likelihood
    return None


def quasi_variances(fit: Fit) -> Floats | None:
    """Quasi-variances q (m,) with q_i + q_j close to Var(log w_i - log w_j); None for m < 3.

    They let a reader compare any two elements without the covariances: least squares on the
    logarithms of the variances of all differences. An element may get a negative one, then
    None is returned, because no error bar can show it. Source: Firth and de Menezes 2004,
    section 3 (as R's qvcalc).

    >>> fit = Fit(np.zeros(3), np.eye(3) - 1 / 3, np.zeros(0), np.eye(3), np.zeros((0, 3)), 0.0)
    >>> quasi_variances(fit).round(6).tolist()
    [1.0, 1.0, 1.0]
    """
    m = fit.log_worth.size
    if m < 3:
        return None
    one, other = np.triu_indices(m, 1)
    target = np.log(fit.variances_of_differences()[one, other])
    start = np.full(m, np.exp(target.mean()) / 2)

    def residual(q: Floats) -> Floats:
        out: Floats = np.log(np.maximum(q[one] + q[other], 1e-300)) - target
        return out

    def slope(q: Floats) -> Floats:
        out = np.zeros((one.size, m))
        inverse = 1 / np.maximum(q[one] + q[other], 1e-300)
        out[np.arange(one.size), one] = inverse
        out[np.arange(one.size), other] = inverse
        return out

    scale = np.full(m, start[0])
    found = scipy.optimize.least_squares(
        residual, start, slope, method="lm", x_scale=scale, xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    q: Floats = found.x
    return q if found.success and (q > 0).all() else None


def worth_interval(
    design: Census, fit: Fit, cov: ArrayLike | None = None, level: float = LEVEL
) -> Interval:
    """Worths (sum 1) with delta-method standard errors and limits between 0 and 1, shape (m,).

    ``cov`` (m, m) replaces the covariance of the log-worths, for instance by one with a finite
    population factor or a robust one. Limits are symmetric for the log-odds of a worth.

    >>> fit = Fit(np.zeros(2), np.array([[0.5, -0.5], [-0.5, 0.5]]), np.zeros(0), np.eye(2),
    ...           np.zeros((0, 2)), 0.0)
    >>> r = worth_interval(Census(), fit)
    >>> r.se.round(4).tolist(), r.low.round(4).tolist()
    ([0.3536, 0.3536], [0.0589, 0.0589])
    """
    w = fit.worth
    slope = np.diag(w) - np.outer(w, w)
    se = np.sqrt(
        np.maximum(
            np.diagonal(slope @ np.asarray(cov if cov is not None else fit.cov) @ slope.T), 0.0
        )
    )
    odds = np.log(w / (1 - w))
    half = scipy.stats.norm.ppf((1 + level) / 2) * se / (w * (1 - w))
    low, high = 1 / (1 + np.exp(-(odds - half))), 1 / (1 + np.exp(-(odds + half)))
    nowhere = np.full(w.shape, np.nan)
    return Interval(w, se, low, high, nowhere, np.full(w.shape, "plackett_luce"), design)


def robust_cov(fit: Fit, loading: ArrayLike, joint: ArrayLike, n: float) -> Floats:
    """Covariance of the log-worths if one person makes several choices, (m, m).

    ``loading`` (q, v) turns what was counted per person into that person's score, ``joint``
    (v, v) is the covariance of these counts over n persons. Source: White 1982; Liang and
    Zeger 1986 for persons as clusters.
    """
    bread = fit.cov_all
    load, meat = np.asarray(loading, dtype=float), np.asarray(joint, dtype=float)
    out: Floats = n * bread @ load @ meat @ load.T @ bread.T
    m = fit.log_worth.size
    return out[:m, :m]

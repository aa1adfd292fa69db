"""Worths: brute force, published values, relabelling, refusals; concordance, trimming, dispute."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import optimize, stats

from reports.estimators.concordance import concordance
from reports.estimators.dispute import disagreement
from reports.estimators.plackett_luce import Fit, Refusal, plackett_luce, quasi_variances
from reports.estimators.points import trimmed_means
from reports.preferences import choice_sets, duels

Ints = NDArray[np.int64]


def fitted(places: Ints, *, below: bool = True) -> Fit | Refusal:
    counts = choice_sets(places, below=below)
    assert counts is not None
    return plackett_luce(counts, duels(places, below=below).wins)


def fit_of(places: Ints, *, below: bool = True) -> Fit:
    found = fitted(places, below=below)
    assert isinstance(found, Fit)
    return found


def plain_likelihood(places: Ints, theta: NDArray[np.float64], tie: NDArray[np.float64]) -> float:
    """The log-likelihood ballot by ballot and subset by subset, unplaced entries below."""
    log_tie, total = np.concatenate([[0.0], tie]), 0.0
    for ballot in places.T:
        left = list(range(len(ballot)))
        for place in sorted(set(ballot[ballot > 0])):
            chosen = [i for i in left if ballot[i] == place]
            if len(left) > 1:
                subsets = (
                    s for d in range(1, len(tie) + 2) for s in combinations(left, min(d, 99))
                )
                values = [log_tie[len(s) - 1] + theta[list(s)].mean() for s in subsets]
                total += log_tie[len(chosen) - 1] + theta[chosen].mean()
                total -= float(np.logaddexp.reduce(values))
            left = [i for i in left if i not in chosen]
    return total


TIED = np.array([
    [1, 1, 2, 3], [1, 2, 2, 3], [2, 1, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1], [2, 1, 2, 0],
    [3, 1, 2, 2], [1, 1, 1, 2], [2, 3, 1, 0], [1, 0, 0, 2], [2, 2, 1, 3], [0, 1, 1, 0],
]).T  # fmt: skip


def test_ties_of_three_are_fitted_as_by_brute_force() -> None:
    fit = fit_of(TIED)

    def loss(free: NDArray[np.float64]) -> float:
        theta = np.append(free[:3], -free[:3].sum())
        return -plain_likelihood(TIED, theta, free[3:])

    found = optimize.minimize(loss, np.zeros(5), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose(fit.log_worth[:3], found.x[:3], atol=1e-5)
    np.testing.assert_allclose(fit.log_tie, found.x[3:], atol=1e-5)
    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-9)


def test_the_published_toy_example_of_three_pairs() -> None:
    # Introduction to PlackettLuce (R package, version 0.4.3), section on disconnected networks:
    # A over B, C over A, B over A, B over C; estimates against A, standard errors, deviance
    places = np.array([[1, 2, 0], [2, 0, 1], [2, 1, 0], [0, 1, 2]]).T
    fit = fit_of(places, below=False)
    against_a = fit.log_worth - fit.log_worth[0]
    se = np.sqrt(fit.variances_of_differences()[0])
    np.testing.assert_allclose(against_a[1:], [0.8392, 0.4196], atol=5e-5)
    np.testing.assert_allclose(se[1:], [1.3596, 1.5973], atol=5e-5)
    assert -2 * fit.log_likelihood == pytest.approx(5.1356, abs=5e-5)


def test_two_elements_have_the_worths_of_their_shares() -> None:
    places = np.array([[1, 2]] * 30 + [[2, 1]] * 10).T
    fit = fit_of(places)
    np.testing.assert_allclose(fit.worth, [0.75, 0.25], atol=1e-9)
    assert fit.variances_of_differences()[0, 1] == pytest.approx(1 / 30 + 1 / 10, rel=1e-9)
    assert quasi_variances(fit) is None


@given(st.integers(0, 2**32 - 1), st.permutations(range(5)))
@settings(max_examples=25)
def test_relabelling_permutes_the_worths(seed: int, order: list[int]) -> None:
    rng = np.random.default_rng(seed)
    places = np.argsort(rng.random((5, 40)), axis=0) + 1
    places[places > 3] = 0
    one, other = fitted(places), fitted(places[order])
    if isinstance(one, Refusal):
        assert one == other
        return
    assert isinstance(other, Fit)
    np.testing.assert_allclose(one.log_worth[order], other.log_worth, atol=1e-8)
    np.testing.assert_allclose(one.cov[np.ix_(order, order)], other.cov, atol=1e-8)


def test_duplicating_all_ballots_halves_the_variances() -> None:
    one, other = fit_of(TIED), fit_of(np.tile(TIED, (1, 2)))
    np.testing.assert_allclose(one.log_worth, other.log_worth, atol=1e-9)
    np.testing.assert_allclose(one.cov, 2 * other.cov, rtol=1e-7, atol=1e-12)


@pytest.mark.parametrize(
    ("places", "refusal"),
    [
        ([[1], [1]], Refusal.ONE_ELEMENT),
        ([[0, 0, 0]] * 3, Refusal.NO_CHOICES),
        ([[1, 2, 3]] * 9, Refusal.NOT_CONNECTED),
        ([[1, 2, 0], [2, 1, 0]] * 9, Refusal.NOT_CONNECTED),
    ],
)
def test_what_has_no_finite_worths_is_refused(places: list[list[int]], refusal: Refusal) -> None:
    assert fitted(np.array(places).T) is refusal


def test_worths_of_twenty_elements_come_from_their_distinct_sets() -> None:
    rng = np.random.default_rng(1)
    drawn = np.linspace(1, 0, 20)[:, None] + rng.gumbel(size=(20, 800))
    places = np.argsort(np.argsort(-drawn, axis=0), axis=0) + 1
    places[places > 3] = 0
    fit = fit_of(places)
    assert np.corrcoef(fit.log_worth, np.linspace(1, 0, 20))[0, 1] > 0.9


def test_friedmans_statistic_is_that_of_scipy() -> None:
    ranks = np.argsort(np.random.default_rng(4).random((4, 30)), axis=0) + 1
    found = duels(ranks)
    mine = concordance(found.n, found.twice, found.products)
    statistic, p = stats.friedmanchisquare(*ranks)
    assert mine.chi_square == pytest.approx(statistic, rel=1e-9)
    assert mine.p == pytest.approx(p, rel=1e-9)
    assert mine.w == pytest.approx(statistic / (30 * 3), rel=1e-9)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_trimmed_means_are_those_of_scipy_where_the_cut_meets_answers(share: float) -> None:
    answers = np.random.default_rng(6).poisson(4, 200)
    counts = np.bincount(answers)[None]
    assert trimmed_means(counts, share)[0] == pytest.approx(
        stats.trim_mean(answers, share), rel=1e-9
    )


def test_disagreement_varies_as_its_error_says() -> None:
    rng = np.random.default_rng(8)
    for ordered, p in ((False, [0.7, 0.2, 0.1]), (True, [0.35, 0.25, 0.15, 0.15, 0.1])):
        _, sd = disagreement(np.array(p) * 1e6, ordered=ordered)
        drawn = [disagreement(k, ordered=ordered)[0] for k in rng.multinomial(2000, p, 800)]
        assert np.std(drawn) == pytest.approx(sd / np.sqrt(2000), rel=0.12)

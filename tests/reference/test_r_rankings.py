"""Rankings against R: Bradley-Terry, Plackett-Luce, ties, best-worst, quasi-variances, concordance.

``PASTED`` was printed by ``Rscript --vanilla tests/reference/rankings.R`` with R 4.2.2,
BradleyTerry2 1.1-2, qvcalc 1.0.2 and survival 3.5-3; one test runs the script again. The calls
are BTm with BTabilities, qvcalc, coxph with a stratum per ballot (Cox's partial likelihood is
that of Plackett and Luce), glm(poisson) for ties, coxph(cluster) and friedman.test.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from reports.estimators.best_worst import maxdiff
from reports.estimators.concordance import concordance
from reports.estimators.plackett_luce import Fit, plackett_luce, quasi_variances
from reports.estimators.ranking import from_sums
from reports.preferences import ChoiceSets, Duels, choice_sets, duels

PASTED: dict[str, list[float]] = {
    "bt": [0, -2.94907249684391, -0.479569769751992, 0.268954055819472],
    "bt_se": [0.102545335369857, 0.0605887292396263, 0.0708299651057058],
    "bt_quasi": [0.0421209767521365, 0.0922359583187086, 0.0428458788327912, 0.0585159420886964],
    "top": [-0.492741723250044, -0.567118502298376, -1.63781525784172, -1.52490077301814],
    "top_se": [0.26409418823683, 0.262303409526985, 0.327917581230337, 0.309823855401927],
    "top_loglik": [-174.493712326559],
    "subset": [-0.715737631019199, -1.48151530570638, -0.767533373933752, -2.04214640436086],
    "subset_se": [0.340114312884681, 0.370974926646324, 0.503475222106162, 0.505760226849273],
    "top_quasi": [
        0.194733549638339,
        0.184469340246383,
        0.17532526487887,
        0.260513737506327,
        0.236356045642806,
    ],
    "davidson": [-0.455257797774691, -0.934600155585798, -0.0809630373219814, -0.605198940180088],
    "davidson_se": [0.25199634091924, 0.264284660219115, 0.25014614897642, 0.158722521203849],
    "maxdiff": [-0.361136772743654, -0.510246454607455, -0.976665164829188],
    "maxdiff_naive_se": [0.325867764618675, 0.32835235880011, 0.350850087973027],
    "maxdiff_se": [0.573618378705589, 0.500996806538253, 0.428503697295754],
    "friedman": [9.20689655172414, 0.0266628804713823],
}

# winners in rows: Biometrika, Comm Statist, JASA, JRSS-B (Stigler 1994)
CITATIONS = np.array([[0, 730, 498, 221], [33, 0, 68, 17], [320, 813, 0, 142], [284, 276, 325, 0]])
BALLOTS = np.array([
    [1, 2, 3, 0, 0], [2, 1, 3, 0, 0], [1, 3, 0, 2, 0], [0, 1, 2, 3, 0], [3, 0, 1, 0, 2],
    [1, 0, 2, 0, 3], [0, 0, 3, 1, 2], [2, 3, 1, 0, 0], [1, 2, 0, 0, 3], [0, 2, 0, 1, 3],
])  # fmt: skip
TIMES = [9, 7, 5, 4, 3, 6, 4, 5, 3, 2]
DUELS = (
    (0, 1, 20, 14, 9), (0, 2, 25, 9, 6), (0, 3, 17, 16, 11), (1, 2, 19, 13, 8),
    (1, 3, 12, 18, 10), (2, 3, 10, 22, 7),
)  # fmt: skip
SETS = ((0, 1, 2), (1, 2, 3), (0, 2, 3), (0, 1, 3))
JUDGED = (
    (1, 3, 2, 4, 1, 4, 1, 4), (1, 2, 3, 2, 1, 3, 1, 2), (2, 3, 2, 3, 4, 3, 2, 4),
    (3, 1, 3, 4, 3, 4, 2, 4), (1, 3, 4, 2, 1, 4, 4, 2), (2, 1, 2, 4, 3, 1, 2, 1),
    (1, 2, 2, 3, 1, 3, 1, 4), (3, 2, 3, 4, 1, 4, 1, 4),
)  # fmt: skip


def close(found: ArrayLike, name: str, rel: float = 1e-6) -> None:
    """Closed forms agree to 1e-9, what R and we iterate to 1e-6."""
    np.testing.assert_allclose(np.ravel(found), PASTED[name], rtol=rel, atol=1e-9)


def fitted(places: NDArray[np.int64], *, below: bool = True) -> Fit:
    counts = choice_sets(places, below=below)
    assert counts is not None
    found = plackett_luce(counts, duels(places, below=below).wins)
    assert isinstance(found, Fit)
    return found


def against_first(fit: Fit) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log-worths minus that of the first element, and their standard errors, as R prints them."""
    return fit.log_worth - fit.log_worth[0], np.sqrt(fit.variances_of_differences()[0])


def paired(cells: tuple[tuple[int, int, int, int, int], ...], m: int) -> Fit:
    """The fit of wins, losses and ties of pairs, as ballots that know two elements."""
    columns = []
    for i, j, first, second, level in cells:
        for places, times in (((1, 2), first), ((2, 1), second), ((1, 1), level)):
            ballot = np.zeros(m, dtype=np.int64)
            ballot[[i, j]] = places
            columns += [ballot] * times
    return fitted(np.array(columns).T, below=False)


def test_the_pasted_numbers_are_those_of_r_today() -> None:
    command = ["Rscript", "--vanilla", str(Path(__file__).with_name("rankings.R"))]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, list[float]] = {}
    for line in printed.splitlines():
        name, value = line.split()
        found.setdefault(name.rpartition("_")[0], []).append(float(value))
    assert set(found) == set(PASTED)
    for name, values in found.items():
        assert values == pytest.approx(PASTED[name], rel=1e-7, abs=1e-9)


def test_bradley_terry_of_citations_with_quasi_standard_errors() -> None:
    pairs = [(i, j, CITATIONS[i, j], CITATIONS[j, i], 0) for i in range(4) for j in range(i)]
    fit = paired(tuple(pairs), 4)
    value, se = against_first(fit)
    close(value, "bt")
    close(se[1:], "bt_se")
    quasi = quasi_variances(fit)
    assert quasi is not None
    close(np.sqrt(quasi), "bt_quasi", 1e-5)


def test_top_three_rankings_with_errors_likelihood_and_quasi_standard_errors() -> None:
    fit = fitted(np.repeat(BALLOTS, TIMES, axis=0).T)
    value, se = against_first(fit)
    close(value[1:], "top")
    close(se[1:], "top_se")
    close(fit.log_likelihood, "top_loglik", 1e-9)
    quasi = quasi_variances(fit)
    assert quasi is not None
    close(np.sqrt(quasi), "top_quasi", 1e-5)


def test_rankings_of_a_subset_have_another_likelihood_than_top_three() -> None:
    value, se = against_first(fitted(np.repeat(BALLOTS, TIMES, axis=0).T, below=False))
    close(value[1:], "subset")
    close(se[1:], "subset_se")


def test_pairs_with_ties_are_those_of_a_log_linear_model() -> None:
    fit = paired(DUELS, 4)
    value, se = against_first(fit)
    close([*value[1:], *fit.log_tie], "davidson")
    close([*se[1:], np.sqrt(fit.cov_all[4, 4])], "davidson_se")


def test_best_worst_worths_with_errors_for_persons_as_clusters() -> None:
    members = np.zeros((4, 4), dtype=bool)
    vectors = np.zeros((len(JUDGED), 8))
    for s, inside in enumerate(SETS):
        members[s, list(inside)] = True
    for person, judged in enumerate(JUDGED):
        vectors[person, 4:] = 1
        for best, worst in zip(judged[::2], judged[1::2], strict=True):
            vectors[person, best - 1] += 1
            vectors[person, worst - 1] -= 1
    n = float(len(JUDGED))
    moments = from_sums(np.array([n]), vectors.sum(0)[None], (vectors.T @ vectors)[None])
    fit = maxdiff(moments, members)
    assert isinstance(fit, Fit)
    value, se = against_first(fit)
    close(value[1:], "maxdiff")
    # R divides by n persons, we by n - 1
    close(se[1:] * np.sqrt((n - 1) / n), "maxdiff_se")
    own = np.diagonal(fit.cov_all)
    naive = np.sqrt(own[0] + own - 2 * fit.cov_all[0])
    close(naive[1:], "maxdiff_naive_se")


RANKED = np.array([
    [1, 2, 3, 3], [2, 1, 3, 4], [1, 1, 3, 4], [1, 3, 2, 4], [4, 1, 2, 3],
    [1, 2, 4, 3], [1, 1, 1, 1],
])  # fmt: skip


def test_friedmans_test_with_ties() -> None:
    counts: Duels = duels(RANKED.T)
    found = concordance(counts.n, counts.twice, counts.products)
    close([found.chi_square, found.p], "friedman", 1e-9)


def test_choice_sets_hold_one_entry_per_set_whatever_the_number_of_ballots() -> None:
    counts = choice_sets(np.tile(BALLOTS, (50, 1)).T)
    assert isinstance(counts, ChoiceSets)
    assert counts.sets.shape[0] <= 2**5 - 6
    assert counts.stages.sum() == 3 * 50 * len(BALLOTS)

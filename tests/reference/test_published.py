"""Worked examples that somebody else has printed: equal to the printed digits."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.estimators.association import chi_square, kruskal_wallis
from reports.estimators.concordance import concordance
from reports.estimators.departments import benjamini_hochberg, holm
from reports.estimators.design import Census
from reports.estimators.duels import condorcet_winner
from reports.estimators.paired import changed_p
from reports.estimators.plackett_luce import Fit, plackett_luce
from reports.estimators.ratings import mean_interval, median_interval, net_interval
from reports.estimators.response import Dispositions, aapor_rates
from reports.estimators.screening import permutation_p
from reports.estimators.share_options import agresti_coull, clopper_pearson
from reports.estimators.shares import newcombe, share_interval
from reports.preferences import ChoiceSets, duels

CENSUS, UNKNOWN = Census(), float("nan")
Ints = NDArray[np.int64]

# Newcombe 1998, Interval estimation for the difference between independent proportions, table II,
# method 10 (hybrid score): x1, n1, x2, n2, lower, upper
DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062), (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0), (10, 10, 0, 10, 0.6075, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("x", "n", "y", "m", "low", "high"), DIFFERENCES)
def test_newcombes_differences(x: int, n: int, y: int, m: int, low: float, high: float) -> None:
    found = newcombe(CENSUS, (x, y), (n, m), (UNKNOWN, UNKNOWN))
    assert [found.low[0], found.high[0]] == pytest.approx([low, high], abs=5.1e-5)


# Newcombe 1998, Two-sided confidence intervals for the single proportion, table I:
# x, n, score limits without correction, Clopper-Pearson limits
SHARES = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)), (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0, 0.1611), (0.0, 0.1684)), (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]  # fmt: skip


@pytest.mark.parametrize(("x", "n", "score", "exact"), SHARES)
def test_newcombes_single_shares(
    x: int, n: int, score: tuple[float, float], exact: tuple[float, float]
) -> None:
    found = share_interval(CENSUS, x, n, UNKNOWN)
    assert [found.low[0], found.high[0]] == pytest.approx(score, abs=5.1e-5)
    found = clopper_pearson(CENSUS, x, n, UNKNOWN)
    assert [found.low[0], found.high[0]] == pytest.approx(exact, abs=5.1e-5)


# RSurveillance, manual of binom.agresti: x of 200, Agresti-Coull limits
AGRESTI_COULL = (
    (25, 0.08558957, 0.1785444), (10, 0.02626810, 0.09069269), (20, 0.06500984, 0.15006642),
    (30, 0.10670629, 0.20648544), (40, 0.15016868, 0.26113852), (50, 0.19489935, 0.31452332),
    (60, 0.24063696, 0.36690117), (70, 0.28722845, 0.41842514),
)  # fmt: skip


def test_agresti_and_coulls_shares() -> None:
    x, low, high = np.array(AGRESTI_COULL).T
    found = agresti_coull(CENSUS, x, 200, UNKNOWN)
    assert found.low == pytest.approx(low, abs=5.1e-8)
    assert found.high == pytest.approx(high, abs=5.1e-8)


def test_twelve_people_asked() -> None:
    """Outcomerate, readme: 4 complete, 2 partial, 1 each of the rest, e = .9."""
    printed = {
        "RR1": 0.364, "RR2": 0.545, "RR3": 0.370, "RR4": 0.556, "RR5": 0.444, "RR6": 0.667,
        "COOP1": 0.500, "REF1": 0.091, "CON1": 0.727,
    }  # fmt: skip
    found = aapor_rates(Dispositions(4, 2, 1, 1, 1, 2, 0.9))
    assert found == pytest.approx(printed, abs=5.1e-4)


def test_cochrans_wrong_addresses() -> None:
    """Sampling Techniques, section 3.2: 38 of 200 in a list of 3,042; total 578, error 81.8."""
    found = share_interval(CENSUS, 38, 200, 3042)
    assert round(float(found.value[0] * 3042)) == 578
    assert found.se[0] * 3042 == pytest.approx(81.8, abs=0.05)


def test_cochrans_petition_sheets() -> None:
    """Sampling Techniques, section 2.8: 50 of 676 sheets; 19,888 signatures, +- 1,781 at 80 %."""
    signatures = {
        42: 23, 41: 4, 36: 1, 32: 1, 29: 1, 27: 2, 23: 1, 19: 1, 16: 2, 15: 2, 14: 1, 11: 1,
        10: 1, 9: 1, 7: 1, 6: 3, 5: 2, 4: 1, 3: 1,
    }  # fmt: skip
    found = mean_interval(CENSUS, [list(signatures.values())], list(signatures), [676])
    assert round(float(found.value[0] * 676)) == 19888
    assert found.se[0] * 676 * 1.28 == pytest.approx(1781, abs=1.5)


def test_ranks_of_the_limits_of_a_median() -> None:
    """Altman et al. 2000, Statistics with Confidence, table 18.4: 95 % limits by sample size."""
    for n, low, high in ((20, 6, 15), (30, 10, 21), (40, 14, 27), (50, 18, 33), (80, 31, 50)):
        found = median_interval(CENSUS, [[1] * n], np.arange(1, n + 1), [UNKNOWN])
        assert (found.low[0], found.high[0]) == (low, high)


# Hollander and Wolfe 1973, table 7.1: rounding first base in three ways, 22 players
ROUNDING = np.array([
    (540, 550, 555), (585, 570, 575), (520, 560, 550), (555, 550, 540), (590, 585, 570),
    (545, 555, 560), (540, 540, 535), (545, 550, 535), (525, 515, 500), (585, 580, 570),
    (525, 520, 510), (565, 555, 545), (560, 535, 545), (505, 500, 495), (550, 550, 540),
    (545, 555, 550), (555, 555, 535), (545, 550, 555), (550, 545, 525), (565, 560, 540),
    (570, 565, 555), (630, 630, 625),
])  # fmt: skip


def test_friedmans_statistic_of_ways_to_round_first_base() -> None:
    places = 1 + (ROUNDING[:, :, None] > ROUNDING[:, None, :]).sum(axis=2)
    found = duels(places.T.astype(np.int64))
    c = concordance(found.n, found.twice, found.products)
    assert 22 * 2 * c.w == pytest.approx(11.143, abs=5e-4)
    assert c.p == pytest.approx(0.0038, abs=5e-5)


def test_kruskal_and_wallis_statistic_of_mucociliary_efficiency() -> None:
    """Hollander and Wolfe 1973, page 116: half-times of three groups, H = 0.771."""
    groups = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0]]
    scale = sorted({x for group in groups for x in group})
    found = kruskal_wallis(CENSUS, [[g.count(x) for x in scale] for g in groups], scale)
    assert found.statistic == pytest.approx(0.771, abs=5e-4)
    assert found.p == pytest.approx(0.68, abs=5e-3)


def test_the_lady_tasting_tea() -> None:
    """Fisher 1935; Agresti 2002, section 3.5: 3 of 4 right, two-sided p = .486."""
    assert permutation_p(CENSUS, [1, 3], [3, 1], [0, 1]) == pytest.approx(0.486, abs=5e-4)


def test_party_and_gender() -> None:
    """Agresti 2007, table 2.5: X2 = 30.1 at 2 degrees of freedom."""
    found = chi_square(CENSUS, [[762, 327, 468], [484, 239, 477]])
    assert found.statistic == pytest.approx(30.1, abs=0.05)
    assert found.df == 2


def test_approval_of_the_prime_minister_twice() -> None:
    """Agresti 2002, table 10.1: 150 turned away, 86 turned to; -.04 with error .0095."""
    found = net_interval(CENSUS, 86, 150, 1600, UNKNOWN)
    assert found.value[0] == pytest.approx(-0.04)
    assert found.se[0] == pytest.approx(0.0095, abs=1e-4)
    assert [found.low[0], found.high[0]] == pytest.approx([-0.059, -0.021], abs=1e-3)
    assert changed_p(86, 150, 1600, UNKNOWN)[0] < 0.0001


# Benjamini and Hochberg 1995, section 3.2: fifteen hypotheses on thrombolysis
THROMBOLYSIS = (
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
    0.5719, 0.6528, 0.7590, 1.0,
)  # fmt: skip


def test_fifteen_hypotheses_on_thrombolysis() -> None:
    assert (benjamini_hochberg(THROMBOLYSIS) <= 0.05).sum() == 4
    assert (holm(THROMBOLYSIS) <= 0.05).sum() == 3


# Agresti 2002, table 10.10: victories of row over column, American League East 1987
TEAMS = ("Milwaukee", "Detroit", "Toronto", "New York", "Boston", "Cleveland", "Baltimore")
BASEBALL = np.array([
    [0, 7, 9, 7, 7, 9, 11], [6, 0, 7, 5, 11, 9, 9], [4, 6, 0, 7, 7, 8, 12],
    [6, 8, 6, 0, 6, 7, 10], [6, 2, 6, 7, 0, 7, 12], [4, 4, 5, 6, 6, 0, 6], [2, 4, 1, 3, 1, 7, 0],
])  # fmt: skip
ABILITIES = (1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0)
ERRORS = (0.3433, 0.3396, 0.3367, 0.3359, 0.3339, 0.3319)


def test_bradley_and_terry_worths_of_a_baseball_season() -> None:
    """Turner and Firth 2012, Bradley-Terry Models in R, section 2.1, with Baltimore as 0."""
    i, j = np.triu_indices(7, 1)
    sets = np.zeros((i.size, 7), dtype=bool)
    sets[np.arange(i.size), i] = sets[np.arange(i.size), j] = True
    counts = ChoiceSets(sets, BASEBALL[i, j] + BASEBALL[j, i], BASEBALL.sum(axis=1)[None])
    fit = plackett_luce(counts, BASEBALL)
    assert isinstance(fit, Fit)
    ability = fit.log_worth - fit.log_worth[-1]
    assert ability == pytest.approx(ABILITIES, abs=5.1e-5)
    spread = np.diag(fit.cov) + fit.cov[-1, -1] - 2 * fit.cov[-1]
    assert np.sqrt(spread[:-1]) == pytest.approx(ERRORS, abs=5.1e-5)


def test_four_cities_of_tennessee_have_a_condorcet_winner() -> None:
    """42, 26, 15 and 17 voters; Nashville beats Memphis 58 to 42 and both others 68 to 32."""
    wins = np.array([[0, 42, 42, 42], [58, 0, 68, 68], [58, 32, 0, 83], [58, 32, 17, 0]])
    assert condorcet_winner(wins) == 1

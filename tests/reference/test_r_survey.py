"""Post-stratification, weighted limits and finite-population errors against R's survey package.

``PASTED`` was printed by ``Rscript --vanilla tests/reference/post_stratify.R`` with R 4.2.2 and
survey 4.1-1; one test runs the script again. The calls are svydesign(strata, fpc) with svymean,
postStratify with svymean, svyciprop(method = "beta"), and confint(svymean, df = n - 1).
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from reports.estimators.design import Census
from reports.estimators.ratings import mean_interval, net_variance
from reports.estimators.shares import korn_graubard, share_variance
from reports.weights import stratified, weighted_shares

PASTED = {
    "share": 0.405,
    "share_se": 0.0322261256086349,
    "score": 2.7625,
    "score_se": 0.0928352495474207,
    "covariance": -0.00201232591560981,
    "post_share": 0.405,
    "post_share_se": 0.0315563625929938,
    "post_score": 2.7625,
    "post_score_se": 0.090870994758736,
    "beta_low": 0.34125746556245,
    "beta_high": 0.471202453326551,
    "kg_low": 0.34125746556245,
    "kg_high": 0.471202453326551,
    "weights_deff": 1.1675,
    "plain_share_se": 0.0316878620770647,
    "plain_score_low": 2.79710600912624,
    "plain_score_high": 3.15289399087376,
    "plain_net": 0.0,
    "plain_net_se": 0.0570638362453417,
}

N = np.array([150, 700, 150])
AGREE = np.array([[45, 15], [30, 70], [22, 18]])
SCORES = np.array([[5, 5, 10, 20, 20], [30, 25, 20, 15, 10], [8, 8, 8, 8, 8]])


def test_the_pasted_numbers_are_those_of_r_today() -> None:
    script = Path(__file__).with_name("post_stratify.R")
    command = ["Rscript", "--vanilla", str(script)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = dict(line.split() for line in printed.splitlines())
    assert set(found) == set(PASTED)
    for name, value in found.items():
        assert float(value) == pytest.approx(PASTED[name], rel=1e-9, abs=1e-12)


def test_weighted_shares_and_means_with_their_errors() -> None:
    share = weighted_shares(AGREE, N)
    score = weighted_shares(SCORES, N).combined([[1, 2, 3, 4, 5]])
    assert share.value[0] == pytest.approx(PASTED["share"], rel=1e-9)
    assert np.sqrt(share.variance[0]) == pytest.approx(PASTED["share_se"], rel=1e-9)
    assert score.value[0] == pytest.approx(PASTED["score"], rel=1e-9)
    assert np.sqrt(score.variance[0]) == pytest.approx(PASTED["score_se"], rel=1e-9)
    assert share.precision.deff == pytest.approx(PASTED["weights_deff"], rel=1e-9)


def test_weighted_covariances() -> None:
    mean, cov, n = [], [], AGREE.sum(axis=1)
    for agree, scores in zip(AGREE, SCORES, strict=True):
        people = np.stack([np.repeat([1, 0], agree), np.repeat([1, 2, 3, 4, 5], scores)])
        if scores[0] == scores[-1]:
            people[1] = np.tile([1, 2, 3, 4, 5], 8)
        mean.append(people.mean(axis=1))
        cov.append(np.cov(people))
    found = stratified(n, N, mean, cov)
    assert found.cov[0, 1] == pytest.approx(PASTED["covariance"], rel=1e-9)


def test_the_unconditional_error_of_post_stratification_is_close() -> None:
    share = weighted_shares(AGREE, N)
    assert share.value[0] == pytest.approx(PASTED["post_share"], rel=1e-9)
    assert np.sqrt(share.variance[0]) == pytest.approx(PASTED["post_share_se"], rel=0.03)


def test_korn_graubard_limits() -> None:
    share = weighted_shares(AGREE, N)
    p = share.precision
    found = korn_graubard(Census(), share.value[0], share.variance[0], p.n, p.N, p.deff, p.df)
    limits = (found.low[0], found.high[0])
    assert limits == pytest.approx((PASTED["kg_low"], PASTED["kg_high"]), rel=1e-9)
    assert limits == pytest.approx((PASTED["beta_low"], PASTED["beta_high"]), rel=1e-9)


def test_unweighted_errors_with_a_finite_population() -> None:
    agree, scores = AGREE.sum(axis=0), SCORES.sum(axis=0)
    se = np.sqrt(share_variance(agree[0], 200, 1000)[0])
    assert se == pytest.approx(PASTED["plain_share_se"], rel=1e-9)
    mean = mean_interval(Census(), [scores], [1, 2, 3, 4, 5], [1000])
    limits = (mean.low[0], mean.high[0])
    assert limits == pytest.approx(
        (PASTED["plain_score_low"], PASTED["plain_score_high"]), rel=1e-9
    )
    t, b = scores[3:].sum(), scores[:2].sum()
    assert (t - b) / 200 == pytest.approx(PASTED["plain_net"], abs=1e-12)
    net = np.sqrt(net_variance(t, b, 200, 1000)[0])
    assert net == pytest.approx(PASTED["plain_net_se"], rel=1e-9)

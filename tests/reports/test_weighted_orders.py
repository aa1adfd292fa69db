"""Weighted majorities, points and effects: equal to what the cells give, or a row that says why."""

from __future__ import annotations

from pathlib import Path

import cityhall
import numpy as np
import pytest

from reports.assembly.preferences import UNWEIGHTED_ONLY
from reports.estimates import Results
from reports.estimators.design import Census
from reports.estimators.duels import condorcet_winner
from reports.estimators.ratings import median_interval
from reports.results import study_results
from reports.tables import WEIGHTING, Status
from survey.codebook import Question, Scale


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder: Path = tmp_path_factory.mktemp("city")
    study = cityhall.study(cityhall.city_frame())
    book, answers = cityhall.city_codebook([]), cityhall.city_columns(3)
    return study_results(cityhall.store(folder / "data.zip", study, book, answers))


@pytest.fixture(scope="module")
def ranking(results: Results) -> Question:
    return next(q for q in results.release.codebook if q.scale is Scale.RANK)


def test_the_weighted_winner_is_that_of_the_weighted_cells(
    results: Results, ranking: Question
) -> None:
    joint = results.release.joint["duels", ranking.id, WEIGHTING]
    pairs = results.release.joint["pairs", ranking.id, WEIGHTING]
    known = np.array([d.headcount is not None for d in joint.domains])
    people = np.array([float(d.headcount or 0) for d in joint.domains])[known]
    n = pairs.counts[known, 0, 0].sum(axis=(1, 2))
    assert n.min() >= 10
    wins = np.tensordot(people / n, joint.counts[known, 0].astype(float), axes=1)
    winner = condorcet_winner(wins)
    for i, name in enumerate(ranking.elements):
        assert results.get(ranking.id, "condorcet_weighted", name).value == float(i == winner)
    places = [results.get(ranking.id, "kemeny_weighted", name).value for name in ranking.elements]
    if winner is not None:
        assert places[winner] == 1


def test_weighted_points_follow_from_the_mean_rank_in_print(
    results: Results, ranking: Question
) -> None:
    for name in ranking.elements:
        points = results.get(ranking.id, "borda_weighted", name)
        rank = results.get(ranking.id, "mean_rank_weighted", name)
        assert rank.value is not None
        assert points.value == pytest.approx(len(ranking.elements) - rank.value)
        assert points.low is not None
        assert points.high is not None
        assert points.low <= (points.value or 0) <= points.high


@pytest.mark.parametrize("statistic", ["pairwise_weighted", "worth_weighted"])
def test_what_exists_unweighted_only_says_so(
    results: Results, ranking: Question, statistic: str
) -> None:
    row = results.get(ranking.id, statistic)
    assert (row.value, row.status, row.note) == (None, Status.NOT_COMPUTABLE, UNWEIGHTED_ONLY)


def test_median_limits_are_answers_and_a_unanimous_group_has_one() -> None:
    found = median_interval(Census(), [[0, 0, 30], [3, 20, 30]], [1, 2, 3], [90, 53])
    assert (found.low[0], found.high[0]) == (3.0, 3.0)
    assert found.method.tolist() == ["order_statistics_fpc", "full_count"]
    none = median_interval(Census(), [[2, 3, 0], [9, 0, 0]], [1, 2, 3], [float("nan"), 4.0])
    assert none.method.tolist() == ["", ""]

"""Counts of pairs and of odd ballots, and the rows that come of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_study import small_questionnaire

from reports import joint_patterns
from reports.assembly.gaps import NO_CELLS, OPPOSITE
from reports.estimates import Results
from reports.estimators.design import Census
from reports.estimators.paired import changed_p
from reports.estimators.reliability import cronbach_alpha, moments_of
from reports.results import study_results
from survey.simulate import simulate_data_set


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("small") / "data.zip"
    return study_results(simulate_data_set(small_questionnaire(demo=True), 900, 4, path))


def test_products_hold_what_covariances_need(results: Results) -> None:
    joint = results.release.joint["scale", "quality_today", ""]
    items = moments_of(joint.counts[0])
    row = results.get("quality_today", "alpha")
    assert row.value == pytest.approx(_alpha(items.cov))
    assert (row.method, row.base_n) == ("feldt", int(items.n))


def _alpha(cov: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    k = cov.shape[0]
    return float(k / (k - 1) * (1 - np.trace(cov) / cov.sum()))


def test_a_gap_is_the_difference_of_both_shares_among_people_with_both_answers(
    results: Results,
) -> None:
    joint = results.release.joint["facets", "quality_today_fast", ""]
    counts = joint.counts[0]
    today, importance = counts.sum(axis=0)[3:].sum(), counts.sum(axis=1)[3:].sum()
    row = results.get("quality_today_fast", "gap_top2")
    assert row.value == pytest.approx((today - importance) / counts.sum())
    assert row.low is not None
    assert row.high is not None
    assert row.low < (row.value or 0) < row.high


@pytest.mark.parametrize("odd", [9, 10])
def test_with_and_without_are_the_same_below_ten_ballots(odd: int) -> None:
    rng = np.random.default_rng(1)
    mixed = rng.permuted(np.tile([[1], [2], [3], [4]], 60), axis=0)
    codes = np.concatenate([np.full((4, odd), 2), mixed], axis=1)
    group = np.zeros(codes.shape[1], dtype=np.int64)
    found = joint_patterns.with_and_without(codes, group, 1, joint_patterns.straight(codes))
    left = found[0, 0, 0].sum() - found[0, 1, 0].sum()
    assert left == (odd if odd >= 10 else 0)


def test_repeated_patterns_and_untouched_lists_are_found() -> None:
    codes = np.arange(8)[:, None] * 0 + np.arange(40)[None, :]
    codes[:, :12] = 7
    assert joint_patterns.repeated(codes).sum() == 12
    rank = np.zeros((4, 40), dtype=np.int64)
    rank[:2] = [[2], [1]]
    rank[:2, :11] = [[1], [2]]
    assert joint_patterns.untouched(rank, 2).sum() == 11


def test_a_reversed_row_is_turned_because_the_questionnaire_says_so() -> None:
    cov = np.array([[1.0, 0.5, -0.5], [0.5, 1.0, -0.5], [-0.5, -0.5, 1.0]])
    straight = cronbach_alpha(Census(), cov, 100).alpha.value[0]
    turned = cronbach_alpha(Census(), cov, 100, reversed_items=[2]).alpha.value[0]
    assert turned == pytest.approx(0.75)
    assert straight < 0.1


def test_odd_ballots_are_never_shown_below_ten(results: Results) -> None:
    for statistic in ("straightlining", "repeated", "untouched"):
        for row in results.select(statistic=statistic):
            assert row.domain == ""
            if row.value is not None:
                assert row.value * (row.base_n or 0) >= 10 - 1e-9
            else:
                assert row.status == "not_shown"


def test_the_questionnaire_says_which_rows_run_the_other_way() -> None:
    questionnaire = small_questionnaire()
    grid = questionnaire.instrument.item("plain")
    turned = grid.model_copy(update={"reversed": ("two",)})
    flags = [v.reversed for question in turned.questions() for v in question.variables]
    assert flags == [False, True]


def test_a_gap_is_claimed_in_the_family_of_all_claims_and_never_against_one_column(
    results: Results,
) -> None:
    claims = [r for r in results if r.statistic in ("diff_rest_p", "gap_top2_p")]
    family = f"Holm über {sum(r.value is not None for r in claims)} Vergleiche"
    pairs = [r for r in claims if r.statistic == "gap_top2_p"]
    assert pairs
    for row in pairs:
        counts = results.release.joint["facets", row.item, ""].counts[0]
        gained, lost = int(counts[:3, 3:].sum()), int(counts[3:, :3].sum())
        weighted = results.get(row.item, "gap_top2_weighted")
        assert weighted.low is not None
        assert weighted.high is not None
        assert weighted.low <= (weighted.value or 0) <= weighted.high
        if (gained - lost) * (weighted.value or 0) < 0:
            assert (row.value, row.note) == (1.0, OPPOSITE)
            continue
        assert row.note == family
        N = results.release.study.frame.total if results.release.study.frame else np.nan
        assert (row.value or 0) >= changed_p(gained, lost, counts.sum(), N)[0]


def test_without_a_weighted_column_no_gap_can_be_claimed(tmp_path: Path) -> None:
    loaded = small_questionnaire(demo=True)
    alone = replace(loaded, study=replace(loaded.study, frame=None))
    found = study_results(simulate_data_set(alone, 400, 4, tmp_path / "data.zip"))
    row = found.get("quality_today_fast", "gap_top2_p")
    assert (row.value, row.note) == (None, NO_CELLS)
    assert found.get("quality_today_fast", "gap_top2").value is not None


def test_the_weighted_gap_is_the_difference_of_both_figures_in_print(results: Results) -> None:
    gaps = [row for row in results if row.statistic == "gap_top2_weighted"]
    assert gaps
    for row in gaps:
        today = results.get(row.item, "top2_weighted").value or 0.0
        other = row.item.replace("_today_", "_importance_")
        assert row.value == pytest.approx(
            today - (results.get(other, "top2_weighted").value or 0.0), abs=1e-12
        )

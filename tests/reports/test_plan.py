from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cityhall import choice, city_codebook, city_columns, city_frame, names, store, study

from reports.disclosure import release
from reports.errors import DisclosureError
from reports.plan import default_plan
from reports.results import results_of
from reports.tables import EVERYBODY, WEIGHTING
from survey.codebook import Role
from survey.study import Evaluation, Study


def planned(*evaluations: Evaluation) -> Study:
    return replace(study(city_frame()), evaluations=evaluations)


def bys(study: Study, item: str) -> list[str]:
    plan = default_plan(study, city_codebook())
    return [by for name, by in plan.tables if name == item]


def test_without_planned_evaluations_every_identifying_attribute_makes_tables() -> None:
    assert bys(planned(), "q1") == [EVERYBODY, "department", "workplace", WEIGHTING]


def test_only_planned_evaluations_make_tables_by_groups() -> None:
    found = planned(
        Evaluation(items=("q1",), by=("workplace",)),
        Evaluation(role="ranking", by=("department",)),
    )
    assert bys(found, "q1") == [EVERYBODY, "workplace", WEIGHTING]
    assert bys(found, "q2") == [EVERYBODY, WEIGHTING]
    assert bys(found, "r_a") == [EVERYBODY, "department", WEIGHTING]


def test_a_planned_crossing_is_named_with_the_department_first() -> None:
    found = planned(Evaluation(items=("q1",), by=("leader", "department")))
    assert bys(found, "q1") == [EVERYBODY, "department*leader", WEIGHTING]


def test_an_attribute_of_the_plan_has_no_table_of_its_own() -> None:
    assert bys(planned(), "leader") == [EVERYBODY]
    assert bys(planned(Evaluation(items=("q1",), by=("leader",))), "leader") == []


def test_three_attributes_are_never_crossed() -> None:
    found = planned(Evaluation(items=("q1",), by=("leader", "department", "workplace")))
    with pytest.raises(DisclosureError, match="at most 2 attributes"):
        default_plan(found, city_codebook())


def test_a_planned_evaluation_by_an_unknown_question_is_refused() -> None:
    with pytest.raises(DisclosureError, match="floor"):
        default_plan(planned(Evaluation(items=("q1",), by=("floor",))), city_codebook())


def test_a_planned_crossing_is_released_where_each_part_is_large_enough(tmp_path: Path) -> None:
    crossed = planned(
        Evaluation(role="assessment", by=("department",)),
        Evaluation(role="assessment", by=("leader",)),
        Evaluation(role="assessment", by=("department", "leader")),
    )
    found = release(store(tmp_path / "set.zip", crossed, city_codebook(), city_columns()))
    table = found.tables["q1", "department*leader"]
    assert table.base.min() >= 10
    assert {"youth*yes", "youth*no", "audit+equality"} <= {d.code for d in table.domains}
    assert table.counts.sum() == found.tables["q1", EVERYBODY].counts.sum()
    rows = [row for row in results_of(found) if row.domain_variable == "department*leader"]
    assert {row.statistic for row in rows} >= {"share", "response_rate"}
    assert "diff_rest" not in {row.statistic for row in rows}


def test_tables_whose_difference_would_name_a_few_do_not_stand_beside_each_other(
    tmp_path: Path,
) -> None:
    """Everybody at the depot is in the fire department, but for four people."""
    columns = city_columns()
    fire = np.flatnonzero(columns["department"] == 3)
    depot = np.full_like(columns["q1"], 1)
    depot[fire[:-4]] = 2
    codebook = city_codebook(
        (choice("site", names(["offices", "depot"]), Role.DISTRICT, "Standort"),)
    )
    data_set = store(tmp_path / "set.zip", study(city_frame()), codebook, columns | {"site": depot})
    found = release(data_set)
    assert found.ballots["department"]
    assert not found.ballots["site"]
    assert all(not found.tables[name, "site"].domains for name in ("q1", "q2", "r_a"))

"""What a regime does not carry cannot be made: by type, when it runs, and in the long table."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cityhall
import numpy as np
import pytest

from reports.assembly.rows import Context
from reports.errors import EstimateError
from reports.estimates import Estimate, Results
from reports.estimators import association, screening
from reports.estimators.design import Census, Interval, OptIn
from reports.estimators.group_places import group_places
from reports.estimators.opt_in import stated_lead
from reports.estimators.permutation import small_group_p
from reports.estimators.rank_sets import RankSets
from reports.results import study_results
from survey.study import Regime

NOTHING = np.zeros(1)
OPT_IN = OptIn(Regime.OPEN_PARTICIPATION)


@pytest.fixture(scope="module")
def opted_in(tmp_path_factory: pytest.TempPathFactory) -> Results:
    path = tmp_path_factory.mktemp("open") / "data.zip"
    data = cityhall.store(
        path, cityhall.study(None), cityhall.city_codebook([]), cityhall.city_columns(1)
    )
    return study_results(data)


def test_no_interval_test_funnel_or_rank_set_takes_an_opt_in_design() -> None:
    names = np.array([""])
    places = np.ones(1, dtype=np.int64)
    for make in (
        lambda: Interval(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, names, OPT_IN),  # type: ignore[arg-type]
        lambda: group_places(OPT_IN, [6, 9], [9, 9], [20, 20]),  # type: ignore[arg-type]
        lambda: RankSets(places, places, places, 0.0, OPT_IN),  # type: ignore[arg-type]
        lambda: association.Homogeneity(1.0, 1.0, 0.5, "chi_square", OPT_IN),  # type: ignore[arg-type]
        lambda: screening.Funnel(NOTHING, NOTHING, NOTHING, NOTHING, OPT_IN),  # type: ignore[arg-type]
        lambda: screening.permutation_p(OPT_IN, [1, 2], [2, 1], [0, 1]),  # type: ignore[arg-type]
        lambda: small_group_p(OPT_IN, [6, 9], [9, 9], [[1], [2]], [[0], [0]], [0, 1], [0, 0]),  # type: ignore[arg-type]
    ):
        with pytest.raises(EstimateError):
            make()
    interval = Interval(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, names, Census())
    with pytest.raises(ValueError, match="design"):
        replace(interval, low=NOTHING)  # type: ignore[call-arg]
    assert copy.copy(interval).method.tolist() == [""]
    assert pickle.loads(pickle.dumps(interval)).shape == (1,)


def test_a_design_cannot_be_talked_into_another_regime(opted_in: Results) -> None:
    with pytest.raises(EstimateError):
        Census(Regime.OPEN_PARTICIPATION)
    with pytest.raises(EstimateError):
        Context(opted_in.release, Census())
    with pytest.raises(EstimateError):
        Context(opted_in.release, OptIn(Regime.SELF_SELECTED_READING))


@pytest.mark.parametrize(
    "row",
    [
        Estimate(study="s", item="a", statistic="share", value=0.5, low=0.4, high=0.6, level=0.95),
        Estimate(study="s", item="a", statistic="share", value=0.5, se=0.01),
        Estimate(study="s", item="a", statistic="mean", value=3.0, n_eff=50.0),
        Estimate(study="s", item="a", statistic="diff_rest_p", value=0.01),
    ],
)
def test_the_long_table_of_an_opt_in_study_takes_no_inference(
    opted_in: Results, row: Estimate
) -> None:
    with pytest.raises(EstimateError, match="carries no inference"):
        Results(opted_in.release, (*opted_in.rows, row))


def test_the_type_checker_sees_an_interval_for_an_opt_in_study(root: Path, tmp_path: Path) -> None:
    code = tmp_path / "wrong.py"
    code.write_text(
        "from reports.estimators.design import OptIn\n"
        "from reports.estimators.shares import share_interval\n"
        "from survey.study import Regime\n"
        "share_interval(OptIn(Regime.OPEN_PARTICIPATION), 3, 10, 30)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "setup.cfg", str(code)]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert 'incompatible type "OptIn"; expected "Census"' in found.stdout, found.stdout


def test_a_lead_is_stated_from_three_points_and_a_hundred_ballots_on() -> None:
    assert stated_lead(OPT_IN, [53, 50], 103).stated is False
    lead = stated_lead(OPT_IN, [55, 45], 100)
    assert (lead.stated, lead.erased_by) == (True, 10)
    assert stated_lead(OPT_IN, [54, 45], 99).reason == "weniger als 100 Stimmzettel"
    assert stated_lead(OPT_IN, [515, 485], 1000).stated
    assert not stated_lead(OPT_IN, [514, 486], 1000).stated
    tied = stated_lead(OPT_IN, [400, 400, 200], 1000)
    assert (tied.first, tied.lead, tied.erased_by, tied.stated) == ((0, 1), 0.0, 0, False)
    for counts, n in (([], 0), ([0], 0), ([5], 5), ([0, 0], 0)):
        assert not stated_lead(OPT_IN, counts, n).stated
    with pytest.raises(EstimateError):
        stated_lead(OPT_IN, [55, 45], 100, margin=0.01)
    with pytest.raises(EstimateError):
        stated_lead(Census(), [55, 45], 100)  # type: ignore[arg-type]

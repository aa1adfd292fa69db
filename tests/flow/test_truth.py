"""From a population with a known truth to the released estimates, over twenty seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from reports.estimates import Results
from reports.results import study_results
from survey.demo import RESPONSES, SEED
from survey.instrument import Questionnaire
from survey.population import draw_population
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set
from survey.truth import Truth, truth

SEEDS = range(20)
QUESTION = "topics"


@dataclass(frozen=True)
class Run:
    truth: Truth
    results: Results

    def contains_all(self, statistic: str, elements: tuple[str, ...]) -> bool:
        """Whether the possible places of every element hold all its true places."""
        for element in elements:
            true = self.truth.get(QUESTION, "rank_set", element)
            found = self.results.get(QUESTION, statistic, element)
            assert found.low is not None
            assert found.high is not None
            assert true.low is not None
            assert true.high is not None
            if not (found.low <= true.low and true.high <= found.high):
                return False
        return True

    def error(self, statistic: str, element: str) -> float:
        found = self.results.get(QUESTION, statistic, element).value
        assert found is not None
        return found - self.truth.get(QUESTION, "top_k", element).value


@pytest.fixture(scope="module")
def questionnaire(root: Path) -> Questionnaire:
    return read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")


@pytest.fixture(scope="module")
def elements(questionnaire: Questionnaire) -> tuple[str, ...]:
    return questionnaire.codebook.question(QUESTION).elements


def run(questionnaire: Questionnaire, seed: int, folder: Path) -> Run:
    data_set = simulate_data_set(questionnaire, RESPONSES, seed, folder / f"{seed}.zip")
    return Run(truth(draw_population(questionnaire, seed)), study_results(data_set))


@pytest.fixture(scope="module")
def runs(questionnaire: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    folder = tmp_path_factory.mktemp("truth")
    return [run(questionnaire, seed, folder) for seed in SEEDS]


def test_weighted_rank_sets_contain_all_true_ranks_in_17_of_20_seeds(
    runs: list[Run], elements: tuple[str, ...]
) -> None:
    assert sum(one.contains_all("rank_set_weighted", elements) for one in runs) >= 17


def test_without_weights_most_seeds_give_a_wrong_order(
    runs: list[Run], elements: tuple[str, ...]
) -> None:
    assert sum(one.contains_all("rank_set", elements) for one in runs) <= 10


def test_weighting_takes_away_most_of_the_bias(runs: list[Run], elements: tuple[str, ...]) -> None:
    errors = {
        statistic: np.array([one.error(statistic, e) for one in runs for e in elements])
        for statistic in ("top_k", "top_k_weighted")
    }
    assert np.abs(errors["top_k"]).mean() > 0.03
    assert np.abs(errors["top_k_weighted"]).mean() < np.abs(errors["top_k"]).mean() / 3


def test_weighted_intervals_hold_the_truth_about_as_often_as_they_say(runs: list[Run]) -> None:
    held = []
    for one in runs:
        for row in one.truth.rows:
            found = one.results.find(row.item, f"{row.statistic}_weighted", row.category)
            if row.statistic != "rank_set" and found and found.low is not None:
                assert found.high is not None
                held.append(found.low <= row.value <= found.high)
    assert len(held) > 4000
    assert 0.93 <= np.mean(held) <= 0.98


def test_the_tie_of_the_shipped_seed_is_no_clear_difference(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    shipped = run(questionnaire, SEED, tmp_path)
    one, other = shipped.truth.ties[QUESTION]
    places = [shipped.results.get(QUESTION, "rank_set_weighted", e) for e in (one, other)]
    assert places[0].low is not None
    assert places[1].high is not None
    assert (places[0].low, places[0].high) == (places[1].low, places[1].high)
    assert places[0].low < places[1].high


def test_the_shipped_seed_has_another_leader_without_weights(
    questionnaire: Questionnaire, elements: tuple[str, ...], tmp_path: Path
) -> None:
    shipped = run(questionnaire, SEED, tmp_path)

    def leader(statistic: str) -> str:
        return max(elements, key=lambda e: shipped.results.get(QUESTION, statistic, e).value or 0)

    true = max(elements, key=lambda e: shipped.truth.get(QUESTION, "top_k", e).value)
    assert leader("top_k_weighted") == true
    assert leader("top_k") != true

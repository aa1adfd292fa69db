from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from small_study import HEADS, ITEMS, small_questionnaire

from survey.codebook import Role, Scale
from survey.errors import SetupError
from survey.instrument import Questionnaire
from survey.population import Population, draw_population
from survey.rows import read_columns
from survey.sample import draw_sample, plain_answers, respondents
from survey.simulate import simulate_data_set, write_truth
from survey.tally import OrderCounts
from survey.truth import Truth, true_places, truth


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return small_questionnaire()


@pytest.fixture(scope="module")
def population(questionnaire: Questionnaire) -> Population:
    return draw_population(questionnaire, 3)


def without_computer(population: Population) -> NDArray[np.bool_]:
    return np.asarray(population.lean == 1)


def test_the_population_has_one_person_per_headcount(population: Population) -> None:
    frame = population.questionnaire.study.frame
    assert frame is not None
    assert population.size == frame.total == sum(HEADS.values())
    codebook = population.questionnaire.codebook
    for (unit, place), heads in HEADS.items():
        at = [
            population.values[id] == next(c.value for c in v.codes if c.name == name)
            for id, name in (("department", unit), ("workplace", place))
            for v in codebook.question(id).variables
        ]
        assert int(np.sum(at[0] & at[1])) == heads


def test_the_same_seed_gives_the_same_truth_and_another_seed_another(
    questionnaire: Questionnaire, population: Population
) -> None:
    again = truth(draw_population(questionnaire, 3))
    assert again == truth(population)
    assert again.to_json() == truth(population).to_json()
    assert truth(draw_population(questionnaire, 4)) != again


@pytest.mark.parametrize("seed", range(12))
def test_two_elements_of_every_ranking_are_tied_exactly(
    questionnaire: Questionnaire, seed: int
) -> None:
    population = draw_population(questionnaire, seed)
    values = truth(population)
    assert set(population.ties) == {"topics", "order"}
    for question, (one, other) in population.ties.items():
        for statistic in ("top_k", "first", "mean_rank"):
            first, second = (values.get(question, statistic, e).value for e in (one, other))
            assert first == second
        places = [values.get(question, "rank_set", e) for e in (one, other)]
        assert places[0].low == places[1].low
        assert places[0].high == places[1].high
        assert (places[0].high or 0) - (places[0].low or 0) >= 1


def test_a_tie_holds_in_every_stratum_where_nobody_is_without_a_twin(
    population: Population,
) -> None:
    one, other = population.ties["topics"]
    for stratum in range(len(HEADS)):
        here = population.stratum == stratum
        counts = [np.sum(population.values[f"topics_{e}"][here] > 0) for e in (one, other)]
        assert counts[0] == counts[1]


def test_preferences_differ_by_workplace(population: Population) -> None:
    outside = without_computer(population)
    gaps = [
        abs(np.mean(population.values[name][outside] > 0) - np.mean(values[~outside] > 0))
        for name, values in population.values.items()
        if name.startswith("topics_")
    ]
    assert max(gaps) > 0.2


def test_judgements_differ_by_workplace(population: Population) -> None:
    outside = without_computer(population)
    means = population.values["means"]
    assert abs(means[outside].mean() - means[~outside].mean()) > 0.2


def test_staff_without_computer_take_part_less(population: Population) -> None:
    sample = draw_sample(population, 400, 1)
    outside = without_computer(population)
    rate = np.sum(outside[sample.people]) / outside.sum()
    others = np.sum(~outside[sample.people]) / np.sum(~outside)
    assert rate < others / 2
    assert len(set(sample.people.tolist())) == 400


def test_an_unweighted_share_is_wrong_and_the_weighted_one_right(
    questionnaire: Questionnaire,
) -> None:
    errors = []
    for seed in range(20):
        population = draw_population(questionnaire, seed)
        values = truth(population)
        sample = draw_sample(population, 500, seed)
        cells = population.stratum[sample.people]
        heads = np.bincount(population.stratum)
        for question, element in [("topics", e) for e in "abcdef"]:
            column = sample.columns[f"{question}_{element}"]
            valid = column >= 0
            counted = np.bincount(cells[valid], minlength=len(heads))
            weight = (heads / np.maximum(counted, 1))[cells[valid]]
            true = values.get(question, "top_k", element).value
            weighted = np.average(column[valid] > 0, weights=weight)
            errors.append((np.mean(column[valid] > 0) - true, weighted - true))
    raw, weighted_errors = np.abs(np.array(errors)).mean(axis=0)
    assert raw > 0.04
    assert abs(np.mean([w for _, w in errors])) < 0.01
    assert weighted_errors < raw


def test_every_simulated_answer_is_one_that_a_page_could_send(population: Population) -> None:
    instrument = population.questionnaire.instrument
    sample = draw_sample(population, 300, 7)
    for place, person in enumerate(plain_answers(sample)):
        assert instrument.check_answers(person.answers) == person.answers
        row = instrument.encode(person.answers)
        assert row == {name: column[place] for name, column in sample.columns.items()}


def test_respondents_leave_out_say_why_and_write(population: Population) -> None:
    people = respondents(population, 500, 2)
    given = {item.id: [p.answers.get(item.id) for p in people] for item in ITEMS}
    untouched = given["topics"].count(None)
    assert 5 < untouched < 60
    assert given["topics"].count("dk") > 3
    assert given["ways"].count(["dk"]) > 3
    assert given["department"].count("dk") > 3
    assert 5 < len([text for text in given["words"] if text]) < 50
    assert any(answer == ["none"] for answer in given["ways"])
    assert any(isinstance(a, list) and len(a) == 2 for a in given["topics"])


def test_some_people_give_one_step_to_every_row(population: Population) -> None:
    rows = [population.values[f"quality_{facet}_{row}"] for facet in ("importance", "today")
            for row in ("fast", "fair", "kind")]  # fmt: skip
    lazy = np.all(np.array(rows) == rows[0], axis=0)
    assert 0.02 < lazy.mean() < 0.15


def test_shown_orders_are_drawn_evenly_and_only_for_shuffled_items(
    population: Population,
) -> None:
    sample = draw_sample(population, 1200, 5)
    assert set(sample.orders) == {"topics", "quality"}
    assert min(np.bincount(sample.orders["topics"], minlength=6)) > 150


def test_more_answers_than_people_are_refused(population: Population) -> None:
    assert len(draw_sample(population, population.size, 1).people) == population.size
    with pytest.raises(SetupError, match="only 2000 people"):
        draw_sample(population, population.size + 1, 1)


def test_a_study_without_headcounts_has_a_population_too() -> None:
    population = draw_population(small_questionnaire(framed=False), 1, size=900)
    assert population.size == 900
    assert {0.0, 1.0} == set(population.lean.tolist())
    assert len(respondents(population, 100, 1)) == 100


def test_a_later_part_of_a_sample_is_what_is_left_of_it(population: Population) -> None:
    sample = draw_sample(population, 50, 9)
    whole, rest = list(plain_answers(sample)), list(plain_answers(sample.since(20)))
    assert whole[20:] == rest


def test_a_simulated_data_set_holds_the_columns_of_its_sample(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    data_set = simulate_data_set(questionnaire, 200, 3, tmp_path / "data.zip")
    sample = draw_sample(draw_population(questionnaire, 3), 200, 3)
    columns = read_columns(data_set)
    assert data_set.study.simulation
    assert {name: column.tolist() for name, column in columns.items()} == {
        name: column.tolist() for name, column in sample.columns.items()
    }


def test_a_simulated_data_set_counts_orders_as_an_opening_does(
    questionnaire: Questionnaire, tmp_path: Path
) -> None:
    data_set = simulate_data_set(questionnaire, 200, 3, tmp_path / "data.zip")
    counts = OrderCounts(questionnaire)
    for person in respondents(draw_population(questionnaire, 3), 200, 3):
        counts.add(person.orders, questionnaire.instrument.encode(person.answers))
    assert data_set.orders == counts.to_raw()


def test_true_values_are_computed_from_every_person(population: Population) -> None:
    values = truth(population)
    means = population.values["means"]
    assert values.get("means", "share", "s5").value == np.mean(means == 5)
    assert values.get("means", "top2").value == pytest.approx(np.mean(means >= 4))
    assert values.get("means", "net").value == pytest.approx(
        np.mean(means >= 4) - np.mean(means <= 2)
    )
    assert values.get("means", "mean").value == pytest.approx(means.mean())
    total = sum(values.get("topics", "first", e).value for e in "abcdef")
    assert total == pytest.approx(1)
    ranks = sum(values.get("topics", "mean_rank", e).value for e in "abcdef")
    assert ranks == pytest.approx(21)
    with pytest.raises(KeyError):
        values.get("topics", "mean")


def test_equal_shares_share_their_places() -> None:
    assert [true_places([0.2, 0.2, 0.2], i) for i in range(3)] == [(1, 3)] * 3


def test_a_truth_file_is_replaced_as_a_whole(population: Population, tmp_path: Path) -> None:
    values: Truth = truth(population)
    path = tmp_path / "deep" / "truth.json"
    write_truth(path, values)
    write_truth(path, values)
    assert path.read_text(encoding="utf-8") == values.to_json()
    assert [p.name for p in path.parent.iterdir()] == ["truth.json"]


def test_columns_of_the_frame_and_scales_of_the_codebook_fit(population: Population) -> None:
    codebook = population.questionnaire.codebook
    assert set(population.values) == {v.name for v in codebook.variables}
    for question in codebook:
        for variable in question.variables:
            if variable.scale is not Scale.TEXT:
                allowed = {code.value for code in variable.answers}
                assert set(np.unique(population.values[variable.name]).tolist()) <= allowed
    assert codebook.with_role(Role.DEPARTMENT)[0].id == "department"


_FINGERPRINT = (
    "import sys; from pathlib import Path; from survey.simulate import simulate_data_set\n"
    "from small_study import small_questionnaire\n"
    "print(simulate_data_set(small_questionnaire(), 300, 7, Path(sys.argv[1])).fingerprint)"
)


def test_another_processor_draws_the_same_answers(root: Path, tmp_path: Path) -> None:
    # Which order parts of an array have depends on what the processor can do at once.
    less = " ".join(np._core._multiarray_umath.__cpu_dispatch__)  # type: ignore[attr-defined]
    found = []
    for number, without in enumerate(("", less)):
        known = os.environ | {"PYTHONPATH": f"{root}:{root / 'tests'}"}
        known |= {"NPY_DISABLE_CPU_FEATURES": without, "PYTHONWARNINGS": "ignore"}
        command = [sys.executable, "-c", _FINGERPRINT, str(tmp_path / f"{number}.zip")]
        done = subprocess.run(command, env=known, capture_output=True, text=True, check=True)
        found.append(done.stdout.strip())
    assert found[0]
    assert found[0] == found[1]

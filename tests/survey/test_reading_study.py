"""A reading study from the file to the data set: texts apart, routes kept, words stored apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey import ballot
from survey.codebook import Codebook, Missing, Role, Scale
from survey.errors import BallotError, DataError
from survey.importing import read_answers
from survey.instrument import Questionnaire
from survey.items.base import Answer
from survey.page_state import PageState
from survey.population import draw_population
from survey.questionnaire import read_questionnaire
from survey.review import review
from survey.route import Route
from survey.rows import read_columns
from survey.sample import Sample, draw_sample, plain_answers
from survey.simulate import simulate_data_set
from survey.tally import Tally
from survey.truth import truth

PATH = Path(__file__).parents[1] / "questionnaires" / "reading_texts.yaml"


@pytest.fixture(scope="module")
def reading() -> Questionnaire:
    return read_questionnaire(PATH)


@pytest.fixture(scope="module")
def sample(reading: Questionnaire) -> Sample:
    return draw_sample(draw_population(reading, 1, size=4000), 1500, 1)


def test_texts_pages_and_rules_come_from_the_file(reading: Questionnaire) -> None:
    instrument = reading.instrument
    first = instrument.texts[0]
    assert (first.id, first.title, first.minutes, first.version) == ("t1", "Leitbild", 3, "Mai")
    assert [page.id for page in instrument.of_text("t2")] == ["three", "who"]
    assert instrument.shown({}, text="t1") == {"t1_p1", "group", "years"}
    kept: dict[str, Answer] = {"t1_p1": {"stance": "keep"}}
    assert "when" in instrument.shown(kept, text="t1")


def test_numbers_dates_and_words_reach_the_codebook(reading: Questionnaire) -> None:
    codebook = reading.codebook
    assert Codebook.from_json(codebook.to_json()) == codebook
    years, when = (codebook.question(id).variables[0] for id in ("years", "when"))
    assert (years.scale, years.origin, when.origin) == (Scale.NUMBER, "0", "1900-01-01")
    free = {q.id for q in codebook.with_role(Role.OPEN_TEXT)}
    assert free == {"t1_p1_comment", "t2_p1_comment", "group_other_text"}
    assert codebook.question("t1_p1").base != codebook.question("t2_p1").base


def test_simulated_answers_follow_the_routes_and_give_their_rows_again(sample: Sample) -> None:
    instrument = sample.population.questionnaire.instrument
    for place, person in enumerate(plain_answers(sample)):
        given = instrument.check_answers(person.answers, text=person.text)
        row = instrument.encode(given, text=person.text)
        assert row == {name: column[place] for name, column in sample.columns.items()}
        texts = {id: found[place] for id, found in sample.texts.items() if found[place]}
        assert instrument.free_texts(given) == texts
    asked = sample.columns["when"] != Missing.NOT_SHOWN
    assert 0 < asked.sum() < len(asked) / 2
    assert set(sample.columns["t1_p1"][asked]) == {1}


def test_true_values_are_of_those_who_see_the_question(sample: Sample) -> None:
    values = truth(sample.population)
    years = sample.population.values["years"]
    assert values.get("years", "mean").value == pytest.approx(years.mean())
    assert 0 <= years.min() < years.max() <= 50


def test_a_simulated_data_set_of_texts_can_be_written(
    reading: Questionnaire, tmp_path: Path
) -> None:
    columns = read_columns(simulate_data_set(reading, 300, 2, tmp_path / "data.zip"))
    assert columns["when"].max() > 32_767
    first, second = (columns[f"{text}_p1"] == Missing.NOT_SHOWN for text in ("t1", "t2"))
    assert np.array_equal(first, ~second)


def cast(
    reading: Questionnaire, key: Ed25519PrivateKey, answers: Mapping[str, Answer], text: str
) -> bytes:
    made = ballot.Ballot(
        reading.study.id, reading.instrument.hash, ballot.new_key(), answers, text=text
    )
    return ballot.encode(made, key, ballot.padded_size(reading.instrument, reading.study.id))


def test_the_opening_parts_words_from_rows_and_refuses_answers_to_what_was_hidden(
    reading: Questionnaire,
) -> None:
    key = Ed25519PrivateKey.generate()
    counted = Tally(reading, key.public_key())
    first: dict[str, Answer] = {
        "t1_p1": {"stance": "keep", "comment": "Gut so."},
        "when": "2026-05-01",
        "years": "0",
    }
    counted.add(cast(reading, key, first, "t1"))
    counted.add(cast(reading, key, {"group": {"b": "im Ruhestand"}}, "t2"))
    for answers, text in ((first, "t2"), ({"when": "2026-05-01"}, "t1"), ({"group": "a"}, "")):
        with pytest.raises(BallotError) as caught:
            counted.add(cast(reading, key, answers, text))
        assert caught.value.reason == "answers"
    found = counted.parted()
    assert found.ballots == 2
    assert found.texts["t1_p1_comment"] == ["Gut so."]
    assert found.texts["group_other_text"] == ["im Ruhestand"]
    assert sorted(found.columns["years"]) == [Missing.SKIPPED, 0]
    assert sorted(found.columns["when"]) == [Missing.NOT_SHOWN, 46141]
    assert sorted(found.columns["t2_p1"]) == [Missing.NOT_SHOWN, Missing.SKIPPED]


def test_the_review_names_only_what_was_shown(reading: Questionnaire) -> None:
    answers: dict[str, Answer] = {"t1_p1": {"comment": "Gut so."}, "years": "0"}
    state = PageState("ab" * 16, "de", answers=answers, text="t1")
    said = review(Route(reading.instrument, state))
    assert [item.id for item in said.empty] == ["group"]
    assert [line["text"] for line in said.answered["t1_p1"]] == ["Gut so."]
    assert [line["text"] for line in said.answered["years"]] == ["0"]


HEAD = "t1_p1;t1_p1_comment;t2_p1;t2_p1_comment;group;group_other_text;years;when\n"


def test_foreign_answers_follow_the_same_routes(reading: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + "keep;Gut.;;;b;im Ruhestand;0;2026-05-01\n;;change;;a;;12.0;\n", "utf-8")
    found = read_answers(path, reading)
    assert sorted(found.columns["years"].tolist()) == [0, 12]
    assert sorted(found.columns["when"].tolist()) == [Missing.NOT_SHOWN, 46141]
    assert found.texts["group_other_text"] == ["im Ruhestand"]


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ("change;;;;;;;2026-05-01", "row 2, column when: an answer to a question that is not"),
        ("keep;;keep;;;;;", "answers to several texts"),
        ("keep;;;;;;51;", "Zahlen von 0 bis 50"),
        ("keep;;;;;;;2026-02-30", "Diesen Tag gibt es nicht"),
    ],
)
def test_a_foreign_answer_that_no_page_could_send_is_named(
    reading: Questionnaire, tmp_path: Path, row: str, part: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(HEAD + row + "\n", "utf-8")
    with pytest.raises(DataError, match=part):
        read_answers(path, reading)

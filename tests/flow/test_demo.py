"""The demo from the command line: simulated, sealed, opened, repeated and interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from survey import codes, urn
from survey.cli import survey
from survey.codebook import Missing
from survey.dataset import current_data_set
from survey.demo import Settings, run_demo, shipped_bundles
from survey.desk import Desk, Submission
from survey.errors import SetupError
from survey.home import Home
from survey.population import draw_population
from survey.questionnaire import load_bundle
from survey.rows import read_columns
from survey.sample import draw_sample
from survey.simulate import simulate
from survey.studies import add_study, list_studies

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SETTINGS = Settings(responses=1200, seed=7)


@contextmanager
def silent(_label: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None


def call(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(survey, ["--home", str(home), *arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    home = tmp_path_factory.mktemp("demo")
    return home, call(home, "demo", "--responses", "1200", "--seed", "7")


def test_the_last_line_names_the_data_set(finished: tuple[Path, Result]) -> None:
    home, result = finished
    assert result.exit_code == 0
    last = result.stdout.splitlines()[-1]
    assert last.startswith(f"dataset: {home / 'datasets' / 'vision-staff'}")
    assert Path(last.removeprefix("dataset: ")).is_file()


def test_a_demo_leaves_a_real_study_of_the_same_id_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    add_study(home, shipped_bundles()["vision-staff"])
    with pytest.raises(SetupError, match="holds a real study vision-staff"):
        run_demo(home, SETTINGS, NOW, print, silent)
    assert [(row.id, row.state) for row in list_studies(home)] == [("vision-staff", "draft")]
    assert not (home.path / "demo.json").exists()


def test_the_demo_is_opened_and_the_study_to_try_is_open(finished: tuple[Path, Result]) -> None:
    states = {row.id: row.state for row in list_studies(Home(finished[0]))}
    assert states["vision-staff"] == "opened"
    assert states["vision-staff-try"] == "open"


def test_the_printed_codes_can_be_used(finished: tuple[Path, Result]) -> None:
    home, result = finished
    printed = [line.strip() for line in result.stdout.splitlines() if line.startswith("    ")]
    desk = Desk.open(Home(home), "vision-staff-try")
    assert len(printed) == 3
    assert all(desk.code_is_live(code) for code in printed)


def test_the_data_set_holds_the_drawn_answers(finished: tuple[Path, Result]) -> None:
    home, _ = finished
    demo = run_demo(Home(home), SETTINGS, NOW, lambda _line: None, silent)
    (data_set,) = [d for d in demo.data_sets if d.study.id == "vision-staff"]
    questionnaire_population = draw_population(
        Desk.open(Home(home), "vision-staff-try").questionnaire, 7
    )
    sample = draw_sample(questionnaire_population, 1200, 7)
    stored = read_columns(data_set)
    names = list(sample.columns)
    drawn = np.column_stack([sample.columns[name] for name in names])
    found = np.column_stack([stored[name] for name in names])
    assert sorted(map(tuple, found.tolist())) == sorted(map(tuple, drawn.tolist()))
    assert data_set.study.demo
    assert data_set.protocol["accepted"] == 1200


def test_every_shipped_study_is_answered_and_opened(finished: tuple[Path, Result]) -> None:
    home, result = finished
    ids = ("vision-public", "vision-reading", "vision-staff")
    named = [line for line in result.stdout.splitlines() if line.startswith("dataset: ")]
    assert [Path(line).parent.name for line in named] == list(ids)
    for id in ids:
        data_set = current_data_set(Home(home), id)
        assert data_set.protocol["accepted"] == 1200
        assert data_set.protocol["rejected"] == {}
        assert (data_set.study.frame is None) == (id != "vision-staff")


def test_a_simulated_ballot_of_the_reading_study_holds_one_text(
    finished: tuple[Path, Result],
) -> None:
    stored = read_columns(current_data_set(Home(finished[0]), "vision-reading"))
    read = np.column_stack([stored[f"t{n}_1"] != Missing.NOT_SHOWN for n in range(1, 8)])
    assert (read.sum(axis=1) == 1).all()
    assert (read.sum(axis=0) > 100).all()
    assert not (stored["workplace"] == Missing.NOT_SHOWN).any()


def test_the_simulated_public_is_routed_and_looks_like_a_city(
    finished: tuple[Path, Result],
) -> None:
    stored = read_columns(current_data_set(Home(finished[0]), "vision-public"))
    assert ((stored["concern"] != Missing.NOT_SHOWN) == (stored["contact"] == 1)).all()
    elsewhere = np.isin(stored["relation"], (2, 3))
    assert ((stored["district"] == Missing.NOT_SHOWN) == elsewhere).all()
    assert 0.7 < (stored["relation"] == 1).mean() < 0.9
    assert 0.5 < stored["contact"].tolist().count(1) / 1200 < 0.75


def test_the_truth_is_written_beside_it(finished: tuple[Path, Result]) -> None:
    raw = json.loads((finished[0] / "truth" / "vision-staff.json").read_text(encoding="utf-8"))
    assert raw["size"] == 22_000
    assert len(raw["ties"]["topics"]) == 2


def test_a_second_run_reuses_the_first_and_gives_new_codes(
    finished: tuple[Path, Result],
) -> None:
    home, first = finished
    again = call(home, "demo", "--responses", "1200", "--seed", "7")
    assert again.exit_code == 0
    assert "nothing to do" in again.stderr
    assert again.stdout.splitlines()[-1] == first.stdout.splitlines()[-1]
    assert again.stdout != first.stdout


def test_another_seed_in_the_same_home_is_refused(finished: tuple[Path, Result]) -> None:
    with pytest.raises(SetupError, match="--responses 1200 --seed 7"):
        run_demo(Home(finished[0]), Settings(1200, 8), NOW, lambda _line: None, silent)


def test_an_interrupted_demo_is_finished_by_the_next_run(tmp_path: Path) -> None:
    home, settings = Home(tmp_path), Settings(responses=1100, seed=3)

    @contextmanager
    def cut(label: str, _total: int) -> Iterator[Callable[[int], None]]:
        def step(done: int) -> None:
            if done == 700 and label.startswith("vision-staff: sealing"):
                raise KeyboardInterrupt

        yield step

    with pytest.raises(KeyboardInterrupt):
        run_demo(home, settings, NOW, lambda _line: None, cut)
    assert urn.count(home, "vision-staff", NOW) == 500
    demo = run_demo(home, settings, NOW, lambda _line: None, silent)
    (data_set,) = [d for d in demo.data_sets if d.study.id == "vision-staff"]
    sample = draw_sample(
        draw_population(Desk.open(home, "vision-staff-try").questionnaire, 3), 1100, 3
    )
    stored = read_columns(data_set)
    for name in ("topics_digital", "means", "department"):
        assert np.bincount(stored[name] + 4).tolist() == (
            np.bincount(sample.columns[name] + 4).tolist()
        )


def test_more_answers_can_be_simulated_in_an_open_demo(
    finished: tuple[Path, Result], tmp_path: Path
) -> None:
    home, _ = finished
    before = urn.count(Home(home), "vision-staff-try", NOW)
    file = tmp_path / "truth.json"
    arguments = ["-n", "25", "--seed", "2", "--truth", str(file)]
    result = call(home, "simulate", "vision-staff-try", *arguments)
    assert result.stdout == (
        "25 ballots of 22000 simulated people are in the urn of vision-staff-try\n"
    )
    assert result.stderr.splitlines()[-1] == "Casting 25 ballots: 100 % (25 of 25)"
    assert urn.count(Home(home), "vision-staff-try", NOW) == before + 25
    assert json.loads(file.read_text(encoding="utf-8"))["seed"] == 2


def test_a_closed_study_takes_no_simulated_answers(finished: tuple[Path, Result]) -> None:
    with pytest.raises(Exception, match="vision-staff"):
        call(finished[0], "simulate", "vision-staff", "-n", "5", "--seed", "1")


def test_a_real_study_takes_no_simulated_answers(root: Path, tmp_path: Path) -> None:
    home = Home(tmp_path)
    bundle = load_bundle(root / "questionnaires" / "vision" / "staff.yaml")
    add_study(home, bundle, study_id="real")
    with pytest.raises(SetupError, match="real is no demo"):
        call(tmp_path, "simulate", "real", "-n", "5", "--seed", "1")
    desk = Desk.open(home, "real")
    sample = draw_sample(draw_population(desk.questionnaire, 1), 3, 1)
    with pytest.raises(SetupError, match="real is no demo"):
        simulate(desk, sample, codes.issue(home, "real", 3), NOW)


def test_the_demo_casts_what_a_browser_could_cast(finished: tuple[Path, Result]) -> None:
    desk = Desk.open(Home(finished[0]), "vision-staff-try")
    code = codes.issue(Home(finished[0]), "vision-staff-try", 1)[0]
    assert desk.cast(Submission({"means": "3"}, {"topics": 1}, code=code), NOW).value == "stored"


def test_shipped_questionnaires_have_the_ids_that_scripts_rely_on() -> None:
    assert set(shipped_bundles()) == {"vision-staff", "vision-public", "vision-reading"}

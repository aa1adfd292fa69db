from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.cli import reports
from survey.dataset import store_data_set
from survey.errors import SurveyError
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set


@pytest.fixture(scope="module")
def home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    simulate_data_set(questionnaire, 1200, 3, folder / "staff.zip")
    store_data_set(Home(folder), folder / "staff.zip")
    return folder


def called(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(reports, ["--home", str(home), "dossier", *arguments])


def test_a_dossier_is_written_where_it_was_asked_for(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "council.pdf"
    result = called(home, "council", "vision-staff", "--out", str(target))
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == f"dossier: {target}"
    assert target.read_bytes().startswith(b"%PDF-1.7")
    beside = [path.name for path in tmp_path.iterdir() if path != target]
    assert sorted(name.rpartition("-")[2] for name in beside) == [
        "codebuch.csv", "konstanten.csv", "tabelle.csv"
    ]  # fmt: skip


def test_a_kind_that_does_not_fit_the_regime_is_an_error_that_names_it(
    root: Path, tmp_path: Path
) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "reading.yaml")
    simulate_data_set(questionnaire, 200, 3, tmp_path / "reading.zip")
    store_data_set(Home(tmp_path), tmp_path / "reading.zip")
    result = called(tmp_path, "council", "vision-reading")
    assert result.exit_code == 1
    assert "self_selected_reading" in str(result.exception)


@pytest.mark.full
def test_all_dossiers_go_to_the_home_under_speaking_names(home: Path) -> None:
    result = called(home, "all", "vision-staff")
    assert result.exit_code == 0, result.output
    written = sorted((home / "dossiers" / "vision-staff").glob("*.pdf"))
    assert len([path for path in written if path.name.startswith("dienststelle-")]) > 20
    assert not [path for path in written[0].parent.rglob(".*") if path.is_file()]
    assert "dossiers: 100 %" in result.stderr
    paths = [path for path in written if not path.name.startswith("dienststelle-")]
    starts = ["ergebnisbrief-vision-staff-" + tag for tag in ("de-2027", "de-leicht-", "en-")]
    starts += [
        f"{kind}-vision-staff-2027-05-21-"
        for kind in ("gesamtbericht", "methodenanhang", "ratsdossier")
    ]
    assert [path.name.startswith(start) for path, start in zip(paths, starts, strict=True)]
    assert sorted(result.stdout.splitlines()) == [f"dossier: {path}" for path in written]


def test_a_letter_goes_to_one_file_in_the_language_asked_for(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "letter.pdf"
    result = called(home, "public", "vision-staff", "--language", "en", "--out", str(target))
    assert result.exit_code == 0, result.output
    assert target.exists()
    result = called(home, "public", "vision-staff", "--language", "tr", "--out", str(target))
    assert result.exit_code == 2
    assert "no public in “tr”" in result.output


def test_a_comparison_needs_a_second_study_and_names_it(home: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "comparison.pdf")
    result = called(home, "comparison", "vision-staff", "--out", target)
    assert result.exit_code == 1
    assert "--with OTHER" in str(result.exception)
    result = called(home, "comparison", "vision-staff", "--with", "vision-public", "--out", target)
    assert "no data set of vision-public" in str(result.exception)


@pytest.mark.full
def test_a_declared_partner_is_compared_by_all_and_open_answers_are_named(
    root: Path, tmp_path: Path
) -> None:
    for name in ("staff", "public"):
        questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{name}.yaml")
        simulate_data_set(questionnaire, 400, 3, tmp_path / f"{name}.zip")
        store_data_set(Home(tmp_path), tmp_path / f"{name}.zip")
    result = called(tmp_path, "all", "vision-staff")
    assert result.exit_code == 0, result.output
    assert "/vergleich-vision-staff-" in result.stdout


def test_mistakes_of_a_proceeding_stop_the_build_with_their_line(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.proceeding.yaml"
    path.write_text("schema: 1\nstudy: vision-staff\nanswer: []\n", encoding="utf-8")
    target = str(tmp_path / "council.pdf")
    result = called(home, "council", "vision-staff", "--proceeding", str(path), "--out", target)
    assert result.exit_code == 1
    assert "x.proceeding.yaml:3:1: „answer“ ist unbekannt" in str(result.exception)


def test_an_unknown_kind_is_a_usage_error(home: Path) -> None:
    result = called(home, "horoscope", "vision-staff")
    assert result.exit_code == 2
    assert "council" in result.output


def test_a_study_without_data_is_named(home: Path) -> None:
    result = called(home, "council", "vision-nowhere")
    assert isinstance(result.exception, SurveyError)
    assert "vision-nowhere" in str(result.exception)

"""Charts for slides carry their title, base and source, and nothing is clipped."""

from __future__ import annotations

import io
from pathlib import Path

import dossier_example as example
import matplotlib.image
import pytest
from click.testing import CliRunner
from lxml import etree

from reports import charts
from reports.cli import reports
from reports.estimates import Results
from reports.slides import Slide, drawn, framed, slides
from survey.dataset import store_data_set
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set


@pytest.fixture(scope="module")
def results() -> Results:
    return example.results()


@pytest.fixture(scope="module")
def made(results: Results) -> list[Slide]:
    return list(slides(results))


def test_every_kind_of_chart_is_drawn_once(made: list[Slide]) -> None:
    names = [slide.name for slide in made]
    assert len(names) == len(set(names))
    assert {"beteiligung", "a1", "a2_importance", "a2_today", "a4b"} <= set(names)


def test_no_text_of_a_slide_is_clipped_small_or_covered(made: list[Slide]) -> None:
    with charts.chart_style():
        for slide in made:
            figure = framed(slide.draw(), slide.title, slide.foot)
            assert charts.clipped_texts(figure) == ()
            assert charts.small_texts(figure) == ()
            assert charts.overlapping_texts(figure) == ()


def test_title_base_source_and_simulation_stand_in_the_picture(
    results: Results, made: list[Slide]
) -> None:
    for slide in made:
        assert slide.title
        assert any(results.release.fingerprint[:8] in line for line in slide.foot)
        assert any("n\u00a0=" in line or " von " in line for line in slide.foot)


def test_svg_needs_no_typeface_and_png_is_sharp(made: list[Slide]) -> None:
    found = drawn(made[1])
    tree = etree.fromstring(found.svg)
    assert not tree.findall(".//{http://www.w3.org/2000/svg}text")
    assert tree.findall(".//{http://www.w3.org/2000/svg}path")
    picture = matplotlib.image.imread(io.BytesIO(found.png), format="png")
    assert picture.shape[1] > 1200
    assert drawn(made[1]) == found


@pytest.mark.parametrize("study", ["staff", "public", "reading"])
def test_the_command_draws_each_study_into_a_folder(root: Path, tmp_path: Path, study: str) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{study}.yaml")
    home = Home(tmp_path / "home").ensure()
    store_data_set(home, simulate_data_set(questionnaire, 3000, 5, tmp_path / "data.zip").path)
    folder = tmp_path / "charts"
    arguments = ["--home", str(home.path), "charts", questionnaire.study.id, "--out", str(folder)]
    result = CliRunner().invoke(reports, arguments, standalone_mode=False)
    assert result.exception is None, result.output
    files = sorted(folder.iterdir()) if folder.exists() else []
    assert len([f for f in files if f.suffix == ".svg"]) == len(files) / 2
    assert bool(files) is (study != "reading")

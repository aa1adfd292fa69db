"""Charts of best–worst sets, compared pairs and shared-out points, under either regime."""

from __future__ import annotations

import re

import numpy as np
import pytest
from asked import Columns, item, made
from compared import compared
from matplotlib.figure import Figure as Canvas

from reports import charts, score_figures
from reports.dossiers.score_annex import CHOSE_THEMSELVES, NOT_ENOUGH, score_blocks
from reports.dossiers.team import team
from reports.estimates import Results
from reports.exhibits import Grid, Picture
from reports.panels import panels
from reports.published import published
from reports.score_summaries import Scores, scores
from reports.tracing import check_numbers, svg_texts
from reports.wording import BANNED
from survey.codebook import Question
from survey.items.base import Item
from survey.study import Regime

CODES = [
    {"code": "a", "label": "Austausch mit der Stadtgesellschaft: offen und regelmäßig"},
    {"code": "b", "label": "Bürgerdienste"},
    {"code": "c", "label": "Führung"},
    {"code": "d", "label": "Datennetze"},
]
ITEMS: tuple[Item, ...] = (
    item("best_worst", "bw", best="am wichtigsten", worst="am unwichtigsten", options=CODES),
    item("pairwise", "duel", equal="gleich wichtig", options=CODES),
    item("points", "pts", options=CODES, sum_to=10),
)
QUESTIONS = tuple(question for one in ITEMS for question in one.questions())
NAMES = ("bw", "duel", "pts")
LABELS = ("Austausch mit der Stadtgesellschaft", "Bürgerdienste", "Führung", "Datennetze")


def question(id: str) -> Question:
    return next(found for found in QUESTIONS if found.id == id)


def judged(n: int) -> Columns:
    """Answers in which a is best liked, c and d least."""
    taste, shares = (0.9, 0.5, -0.4, -0.4), (0.5, 0.3, 0.1, 0.1)
    return compared(QUESTIONS, np.random.default_rng(8), n, taste, shares)


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return made(tmp_path_factory.mktemp("census"), judged(500), QUESTIONS)


@pytest.fixture(scope="module")
def opted_in(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return made(tmp_path_factory.mktemp("open"), judged(500), QUESTIONS, census=False)


def found(results: Results, name: str) -> Scores:
    summed = scores(results, question(name))
    assert summed is not None
    return summed


def drawn(results: Results, name: str) -> Canvas:
    return score_figures.draw_scores(found(results, name))


def blocks(results: Results, name: str) -> tuple[Picture, Grid]:
    picture, grid = score_blocks(results, question(name))
    assert isinstance(picture, Picture)
    assert isinstance(grid, Grid)
    return picture, grid


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_score_chart_is_clipped_small_or_covered(
    name: str, census: Results, opted_in: Results
) -> None:
    for results in (census, opted_in):
        with charts.chart_style():
            figure = drawn(results, name)
            assert charts.clipped_texts(figure) == ()
            assert charts.small_texts(figure) == ()
            assert charts.overlapping_texts(figure, 0.4) == ()


@pytest.mark.parametrize("name", NAMES)
def test_chart_text_for_the_blind_and_table_say_the_same_numbers(
    name: str, census: Results
) -> None:
    picture, grid = blocks(census, name)
    texts = svg_texts(picture.figure.svg)
    assert len(picture.figure.alt) >= 60
    for row, cells in zip(found(census, name).rows, grid.rows, strict=True):
        assert row.score.low is not None
        assert row.score.printed in texts
        assert f"{row.label} {row.score.printed}" in picture.figure.alt
        assert cells[:2] == (row.label, row.score.printed)
        assert " bis " in cells[2]


@pytest.mark.parametrize("name", NAMES)
def test_entries_stand_in_the_order_of_the_questionnaire(name: str, census: Results) -> None:
    assert tuple(row.label for row in found(census, name).rows) == LABELS


@pytest.mark.parametrize("name", ["bw", "pts"])
def test_entries_that_are_level_share_their_possible_places(name: str, census: Results) -> None:
    first, _, *level = (row.places for row in found(census, name).rows)
    assert first is not None
    assert first.low == 1
    assert {(p.low, p.high) for p in level if p is not None} == {(3, 4)}
    picture, _ = blocks(census, name)
    assert "mögliche Plätze" in svg_texts(picture.figure.svg)
    assert "Führung" in picture.figure.alt
    assert "Platz\u00a03 bis 4" in picture.figure.alt


@pytest.mark.parametrize("name", NAMES)
def test_an_opt_in_chart_has_no_interval_no_place_and_says_why(
    name: str, opted_in: Results
) -> None:
    picture, grid = blocks(opted_in, name)
    summed = found(opted_in, name)
    assert not summed.bounded
    assert not any(row.places for row in summed.rows)
    assert CHOSE_THEMSELVES in picture.notes
    lines = [
        line
        for line in list(panels(drawn(opted_in, name)))[1].lines
        if line.get_color() == "#0b5394"
    ]
    assert {line.get_marker() for line in lines} == {"o"}
    words = "\n".join((*picture.texts, *grid.texts, *svg_texts(picture.figure.svg))).lower()
    assert not [b for b in BANNED[Regime.OPEN_PARTICIPATION] if re.search(b, words)]


def test_too_few_answers_for_an_interval_are_said_to_be_too_few(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    few = made(tmp_path_factory.mktemp("few"), judged(20), QUESTIONS)
    picture, grid = blocks(few, "bw")
    assert NOT_ENOUGH in picture.notes
    assert not [head for head in grid.columns if head.head == "Unschärfe"]


def test_a_whole_report_of_comparisons_is_built_under_either_regime(
    census: Results, opted_in: Results
) -> None:
    for results in (census, opted_in):
        report = team(results)
        check_numbers(report, published(results).tracer())
        chapters = {section.id for section in report.sections}
        assert {f"frage-{name}" for name in NAMES} <= chapters

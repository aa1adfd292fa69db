from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import dossier_example as example
import pytest
from matplotlib.figure import Figure as Canvas

from reports import charts, figures, summaries, unit_figures
from reports.errors import DossierError
from reports.estimates import Results
from reports.figures import Figure
from reports.summaries import Distribution


@pytest.fixture(scope="module")
def results() -> Results:
    return example.results()


def rows(results: Results, name: str) -> tuple[Distribution, ...]:
    return summaries.distributions(results, results.release.codebook.question(name))


def mixed(results: Results) -> tuple[Distribution, ...]:
    return tuple(row for name in ("a3a", "a3b", "a3d") for row in rows(results, name))


NAMES = ("ziemlich oder sehr wichtig", "ziemlich oder sehr gut")
DRAWN: dict[str, Callable[[Results], Canvas]] = {
    "ranking": lambda r: figures.draw_ranking(
        summaries.ranking(r, r.release.codebook.question("a1"))
    ),
    "scale": lambda r: figures.draw_likert(rows(r, "a2_today")),
    "scales of their own": lambda r: figures.draw_likert(mixed(r)),
    "dumbbells": lambda r: figures.draw_dumbbells(
        rows(r, "a2_importance"), rows(r, "a2_today"), NAMES
    ),
    "choice": lambda r: figures.draw_choice(rows(r, "a4b")[0]),
    "response": lambda r: unit_figures.draw_response(
        summaries.units(r, "a6"), r.get("", "response_rate")
    ),
    "contrasts": lambda r: unit_figures.draw_contrasts(
        summaries.contrasts(r, "a1", "a6", "service")
    ),
}


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with charts.chart_style():
        yield


@pytest.mark.parametrize("name", DRAWN)
def test_no_text_of_a_chart_is_clipped_small_or_covered(name: str, results: Results) -> None:
    figure = DRAWN[name](results)
    assert charts.clipped_texts(figure) == ()
    assert charts.small_texts(figure) == ()
    assert charts.overlapping_texts(figure) == ()


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_keeps_its_text_as_text_and_its_bytes(name: str, results: Results) -> None:
    one, other = (charts.to_svg(DRAWN[name](results)) for _ in range(2))
    assert one == other
    text = one.decode()
    assert "<text" in text
    assert "dc:date" not in text
    assert re.search(r"font: ", text) is None


def test_a_label_beyond_the_edge_stops_the_build() -> None:
    figure = charts.blank(40)
    axes = charts.panel(figure, 0, 0, 50, 40)
    charts.bare(axes)
    axes.text(-0.5, 0.5, "Fehler dürfen offen angesprochen werden")
    assert charts.clipped_texts(figure) == ("Fehler dürfen offen angesprochen werden",)
    with pytest.raises(DossierError, match="clips"):
        charts.to_svg(figure)


def test_text_below_nine_points_stops_the_build() -> None:
    figure = charts.blank(40)
    charts.panel(figure, 10, 10, 50, 20).text(0.1, 0.5, "klein", fontsize=7)
    with pytest.raises(DossierError, match="klein"):
        charts.to_svg(figure)


def test_labels_that_cover_each_other_are_found() -> None:
    figure = charts.blank(40)
    axes = charts.panel(figure, 10, 10, 100, 20)
    axes.text(0.1, 0.5, "erste Zeile")
    axes.text(0.15, 0.5, "zweite Zeile")
    assert charts.overlapping_texts(figure) == (("erste Zeile", "zweite Zeile"),)


def finished(results: Results) -> dict[str, Figure]:
    question = results.release.codebook.question("a1")
    return {
        "ranking": figures.ranking_figure(summaries.ranking(results, question)),
        "scale": figures.likert_figure(rows(results, "a2_today")),
        "choice": figures.choice_figure(rows(results, "a4b")[0]),
        "response": unit_figures.response_figure(
            summaries.units(results, "a6"), results.get("", "response_rate")
        ),
        "contrasts": unit_figures.contrast_figure(
            summaries.contrasts(results, "a1", "a6", "service")
        ),
    }


def test_the_alternative_text_gives_the_numbers_of_the_chart(results: Results) -> None:
    alt = {name: figure.alt for name, figure in finished(results).items()}
    assert "Service und Erreichbarkeit 55,0\u00a0%, Platz\u00a01" in alt["ranking"]
    assert "ohne Urteil: weiß nicht 5,0\u00a0%, ohne Antwort 1,2\u00a0%" in alt["scale"]
    assert "ich finde ein Motto unnötig 15,0\u00a0%" in alt["choice"]
    assert "weiß nicht 4,0\u00a0%" in alt["choice"]
    assert "Gesundheitsamt 31,6\u00a0% (231 von 730)" in alt["response"]
    assert "Bürgerdienste −8,6\u00a0Punkte (Unterschied trägt)" in alt["contrasts"]


def test_options_that_choose_nothing_and_the_silent_are_bars_of_the_same_chart(
    results: Results,
) -> None:
    texts = {text for text, _ in charts.shown_texts(DRAWN["choice"](results))}
    assert {"keinen davon", "ich finde ein Motto unnötig", "weiß nicht", "ohne Antwort"} <= texts


def test_units_stand_in_the_order_of_the_questionnaire(results: Results) -> None:
    placed = [
        (box.y0, text)
        for text, box in charts.shown_texts(DRAWN["contrasts"](results))
        if text in {label for label, _, _ in example.DEPARTMENTS.values()}
    ]
    shown = [text for _, text in sorted(placed, reverse=True)]
    asked = [label for label, _, _ in example.DEPARTMENTS.values() if label in shown]
    assert shown == asked
    assert len(shown) > 15


def test_a_unit_is_filled_only_if_its_difference_holds(results: Results) -> None:
    contrasts = summaries.contrasts(results, "a1", "a6", "service")
    axes = DRAWN["contrasts"](results).axes[1]
    dots = [line for line in axes.get_lines() if line.get_marker() == "o"]
    filled = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert filled == [contrast.carried for contrast in contrasts]
    assert 0 < sum(filled) < len(filled)


def test_more_units_than_can_be_read_do_not_build(results: Results) -> None:
    units = summaries.units(results, "a6")
    with pytest.raises(DossierError, match="do not fit"):
        unit_figures.draw_response(units * 2, results.get("", "response_rate"))

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import dossier_example as example
import grey_print
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas

from reports import bar_figures, charts, figures, summaries, unit_figures, unit_rates
from reports.contrasts import unit_contrasts
from reports.errors import DossierError
from reports.estimates import Results
from reports.figures import Figure
from reports.panels import panels
from reports.summaries import Distribution
from reports.tables import _SEAL


@pytest.fixture(scope="module")
def results() -> Results:
    return example.results()


def rows(results: Results, name: str) -> tuple[Distribution, ...]:
    return summaries.distributions(results, results.release.codebook.question(name))


def mixed(results: Results) -> tuple[Distribution, ...]:
    return tuple(row for name in ("a3a", "a3b", "a3d") for row in rows(results, name))


APART = 0.4
"""Least room between two texts above each other, in millimetres."""

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
    "choice": lambda r: bar_figures.draw_choice(rows(r, "a4b")[0]),
    "response": lambda r: unit_figures.draw_response(
        unit_rates.units(r, "a6"), r.get("", "response_rate")
    ),
    "contrasts": lambda r: unit_figures.draw_contrasts(unit_contrasts(r, "a1", "a6", "service")),
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
    charts.to_svg(figure)
    assert charts.overlapping_texts(figure, APART) == ()


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


@pytest.mark.parametrize("name", DRAWN)
def test_no_panel_covers_a_text_of_the_one_beside_it(results: Results, name: str) -> None:
    figure = DRAWN[name](results)
    figure.draw_without_rendering()
    placed = list(panels(figure))
    for place, panel in enumerate(placed):
        covers = [box for later in placed[place + 1 :] for box in later.patches]
        for text in panel.texts:
            box = text.get_window_extent()
            assert not [c for c in covers if box.overlaps(c.get_window_extent())], text.get_text()


def finished(results: Results) -> dict[str, Figure]:
    question = results.release.codebook.question("a1")
    return {
        "ranking": figures.ranking_figure(summaries.ranking(results, question)),
        "scale": figures.likert_figure(rows(results, "a2_today")),
        "choice": bar_figures.choice_figure(rows(results, "a4b")[0]),
        "response": unit_figures.response_figure(
            unit_rates.units(results, "a6"), results.get("", "response_rate")
        ),
        "contrasts": unit_figures.contrast_figure(unit_contrasts(results, "a1", "a6", "service")),
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
    contrasts = unit_contrasts(results, "a1", "a6", "service")
    panel = list(panels(DRAWN["contrasts"](results)))[1]
    dots = [line for line in panel.lines if line.get_marker() == "o"]
    filled = [dot.get_markerfacecolor() != "white" for dot in dots]
    assert filled == [contrast.carried for contrast in contrasts]
    assert 0 < sum(filled) < len(filled)


def test_more_units_than_can_be_read_do_not_build(results: Results) -> None:
    units = unit_rates.units(results, "a6")
    with pytest.raises(DossierError, match="do not fit"):
        unit_figures.draw_response(units * 2, results.get("", "response_rate"))


def scale(results: Results, steps: int, **changes: object) -> Distribution:
    """A row of a scale with some number of steps."""
    (row,) = rows(results, "a3a")
    code, estimate = row.steps[0]
    made = tuple(
        (replace(code, value=i, label=f"Stufe {i}"), replace(estimate, value=1 / steps))
        for i in range(steps)
    )
    return replace(row, steps=made, plain=made[0][1], **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("steps", [2, 3, 4, 5, 6, 7, 11])
def test_a_scale_of_any_number_of_steps_is_drawn_whole(results: Results, steps: int) -> None:
    figure = figures.draw_likert((scale(results, steps),))
    bars = [bar for panel in list(panels(figure))[1 : 2 + steps % 2] for bar in panel.patches]
    assert len(bars) == steps
    assert charts.clipped_texts(figure) == ()
    assert charts.overlapping_texts(figure) == ()
    assert len(charts.scale_colours(steps)) == len(set(charts.scale_colours(steps))) == steps


def test_reasons_of_all_rows_stand_in_the_chart(results: Results) -> None:
    row = scale(results, 5)
    first, second = replace(row, missing=row.missing[:1]), replace(row, missing=row.missing[1:])
    texts = {text.replace("\n", " ") for text, _ in charts.shown_texts(
        figures.draw_likert((first, second))
    )}  # fmt: skip
    assert {"weiß nicht", "ohne Antwort", "–"} <= texts


def test_an_interval_that_reaches_the_whole_fits_on_the_axis(results: Results) -> None:
    (row,) = rows(results, "a4b")
    code, estimate = row.steps[0]
    whole = replace(estimate, value=1.0, low=0.97, high=1.0, printed="100\u00a0%")
    figure = bar_figures.draw_choice(replace(row, steps=((code, whole), *row.steps[1:])))
    ticks = [label.get_text() for label in list(panels(figure))[1].ticks]
    assert ticks[-1] == "100\u00a0%"
    assert charts.clipped_texts(figure) == ()


def test_every_figure_of_shares_says_whether_they_are_weighted(results: Results) -> None:
    for name in ("ranking", "scale", "dumbbells", "choice"):
        texts = " ".join(text for text, _ in charts.shown_texts(DRAWN[name](results)))
        assert "gewichtet" in texts
        assert "ungewichtet)" not in texts or name == "choice"
    plain = replace(results, rows=tuple(r for r in results if "_weighted" not in r.statistic))
    for name in ("ranking", "scale", "dumbbells", "choice"):
        texts = " ".join(text for text, _ in charts.shown_texts(DRAWN[name](plain)))
        assert "ungewichtet" in texts
        assert not re.search(r"\bgewichtet", texts)


def test_a_scale_that_lists_the_best_first_is_turned(results: Results) -> None:
    book = results.release.codebook
    question = book.question("a3a")
    (variable,) = question.variables
    codes = [replace(code, score=6.0 - code.value) for code in variable.answers]
    turned = replace(variable, codes=(*codes, *variable.missing_codes))
    row = summaries.distribution(results, question, turned)
    assert row is not None
    assert [code.score for code, _ in row.steps] == [1, 2, 3, 4, 5]


def test_only_facets_of_one_item_stand_side_by_side(results: Results) -> None:
    pair = summaries.paired_grids(results)
    assert pair is not None
    assert [question.id for question in pair] == ["a2_importance", "a2_today"]
    questions = tuple(
        replace(q, id="other_today") if q.id == "a2_today" else q for q in results.release.codebook
    )
    codebook = replace(results.release.codebook, questions=questions)
    release = replace(results.release, codebook=codebook, seal=_SEAL)
    assert summaries.paired_grids(replace(results, release=release)) is None


# -- what remains without colours -----------------------------------------------------------------


@pytest.mark.parametrize("name", DRAWN)
def test_neighbours_of_a_chart_are_told_apart_in_grey_print(name: str, results: Results) -> None:
    assert grey_print.alike(DRAWN[name](results)) == []


def test_fills_that_look_the_same_in_grey_print_are_found() -> None:
    figure = charts.blank(40)
    axes = charts.panel(figure, 10, 10, 100, 20)
    axes.barh(0, 1, color="#f1a340")
    axes.barh(0, 1, left=1, color="#8fb4cf")
    (found,) = grey_print.alike(figure)
    assert found.startswith("fills")


def test_marks_that_look_the_same_in_grey_print_are_found() -> None:
    figure = charts.blank(40)
    axes = charts.panel(figure, 10, 10, 100, 20)
    axes.plot([0], [0], "o", color="#0b5394")
    axes.plot([1], [0], "o", color="#006d2c")
    (found,) = grey_print.alike(figure)
    assert found.startswith("marks")


CONES = {
    "no colour blindness": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
"""How linear colours look with full colour blindness (Machado, Oliveira, Fernandes 2009)."""

XYZ = np.array([
    [0.4124, 0.3576, 0.1805],
    [0.2126, 0.7152, 0.0722],
    [0.0193, 0.1192, 0.9505],
]) / np.array([[0.9505], [1.0], [1.0888]])  # fmt: skip
"""Linear sRGB to XYZ, by the white of daylight."""


def lab(colour: str, cones: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """A colour in CIELAB as somebody with these cones sees it."""
    shown = np.array(to_rgb(colour))
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    x, y, z = XYZ @ np.clip(cones @ linear, 0, 1)
    bent = [np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z)]
    return np.array([116 * bent[1] - 16, 500 * (bent[0] - bent[1]), 200 * (bent[1] - bent[2])])


@pytest.mark.parametrize("kind", CONES)
@pytest.mark.parametrize("colours", [charts.LIKERT, (charts.BLUE, charts.ORANGE, charts.LIGHT)])
def test_colours_are_told_apart_with_every_colour_blindness(
    colours: tuple[str, ...], kind: str
) -> None:
    seen = [lab(colour, CONES[kind]) for colour in colours]
    distances = [float(np.linalg.norm(a - b)) for a, b in combinations(seen, 2)]
    assert min(distances) > 25

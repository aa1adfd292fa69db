"""Charts lose nothing that is seen when they are made smaller, and their lines are set whole."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pymupdf
import pytest

from reports import charts
from reports.fonts import FAMILY
from reports.page import Page
from reports.pdf import pdf_bytes
from reports.pdf_text import pdf_pages

SVG = "{http://www.w3.org/2000/svg}"
WORDS = "Austausch mit der Stadt, 41,2\u00a0%"


@pytest.fixture(scope="module")
def picture() -> bytes:
    with charts.chart_style():
        figure = charts.blank(40)
        axes = charts.panel(figure, 10, 10, 100, 20)
        charts.percent_axis(axes, 0, 1, 0.5)
        axes.plot([0.2, 0.4], [0.5, 0.5], "o", color=charts.BLUE)
        axes.plot([0.2, 0.4], [0.1, 1.5], color=charts.ORANGE, clip=True)
        axes.set_ylim(0, 1)
        axes.text(0.5, 0.8, WORDS, ha="center")
        axes.text(0.5, 0.2, "schräg", rotation=30)
        return charts.to_svg(figure)


def test_texts_marks_and_turns_of_a_chart_are_kept(picture: bytes) -> None:
    tree = ElementTree.fromstring(picture)
    texts = {"".join(text.itertext()): text for text in tree.iter(f"{SVG}text")}
    assert set(texts) == {"0\u00a0%", "50\u00a0%", "100\u00a0%", WORDS, "schräg"}
    assert "rotate(-30" in texts["schräg"].get("transform", "")
    assert "transform" not in texts[WORDS].attrib
    assert texts[WORDS].get("text-anchor") == "middle"
    dots = list(tree.iter(f"{SVG}circle"))
    assert {dot.get("fill") for dot in dots} == {charts.BLUE}
    # At 20 and 40 per cent of a panel of 10 centimetres that begins at 1 centimetre.
    centimetres = [float(dot.get("cx", 0)) / 72 * 2.54 for dot in dots]
    assert centimetres == pytest.approx([3, 5], abs=0.001)


def test_only_what_may_reach_beyond_its_panel_is_cut(picture: bytes) -> None:
    tree = ElementTree.fromstring(picture)
    (cut,) = (shape for shape in tree.iter(f"{SVG}path") if shape.get("clip-path"))
    assert cut.get("stroke") == charts.ORANGE
    (edge,) = tree.iter(f"{SVG}clipPath")
    assert cut.get("clip-path") == f"url(#{edge.get('id')})"


def test_every_element_of_a_chart_is_a_shape_or_a_line_of_text(picture: bytes) -> None:
    tree = ElementTree.fromstring(picture)
    shapes = [child.tag.removeprefix(SVG) for child in tree if child.tag != f"{SVG}clipPath"]
    # The ground, an axis with three ticks and the lines above them, two dots, a line, five texts.
    assert len(shapes) == 1 + 1 + 3 + 1 + 2 + 1 + 5
    assert set(shapes) == {"path", "circle", "text"}
    assert b"style" not in picture


@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_a_line_stands_in_the_pdf_where_the_chart_measured_it(align: str) -> None:
    with charts.chart_style():
        figure = charts.blank(40)
        panel = charts.panel(figure, 0, 0, 100, 40)
        panel.text(0.5, 0.5, WORDS, ha=align)
        picture = charts.to_svg(figure)
        ((_, box),) = charts.shown_texts(figure)
    html = (
        '<html lang="de"><head><title>T</title></head><body>'
        '<p><img src="chart:one" alt="Bild mit 41,2 %"></p></body></html>'
    )
    style = "@page { margin: 0 } body, p { margin: 0 }"
    reader: Any = pymupdf
    with reader.open(stream=pdf_bytes(Page(html, style, {"one": picture}))) as pdf:
        (found,) = pdf[0].search_for(WORDS)
    dots = 72 / figure.dpi
    assert (found.x0, found.x1) == pytest.approx((box.x0 * dots, box.x1 * dots), abs=0.6)


def test_a_line_of_a_chart_is_set_whole(picture: bytes) -> None:
    html = (
        '<html lang="de"><head><title>T</title></head><body>'
        '<p><img src="chart:one" alt="Bild mit 41,2 %"></p></body></html>'
    )
    made = pdf_bytes(Page(html, f'body {{ font-family: "{FAMILY}" }}', {"one": picture}))
    with pikepdf.open(io.BytesIO(made)) as pdf:
        streams = [obj.read_bytes() for obj in pdf.objects if isinstance(obj, pikepdf.Stream)
                   and (obj.get("/Subtype") == "/Form" or "/Type" not in obj)]  # fmt: skip
    shown = sum(len(re.findall(rb"\bT[Jj]\b", stream)) for stream in streams)
    assert shown == 5


def test_a_text_whose_letters_have_places_of_their_own_keeps_them() -> None:
    one, other = ("<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'>"
                  f"<text x='{x}' y='9'>abc</text></svg>" for x in ("1", "1 20 60"))  # fmt: skip
    html = ('<html lang="de"><head><title>T</title></head><body><p><img src="chart:one" alt="a">'
            "</p></body></html>")  # fmt: skip
    whole, apart = (pdf_bytes(Page(html, "", {"one": svg.encode()})) for svg in (one, other))
    assert _shown(whole) == 1
    assert _shown(apart) == 3


def _shown(made: bytes) -> int:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return sum(len(re.findall(rb"\bT[Jj]\b", page.Contents.read_bytes())) for page in pdf.pages)


def test_texts_of_a_chart_beside_each_other_are_read_one_by_one(tmp_path: Path) -> None:
    with charts.chart_style():
        figure = charts.blank(60)
        panel = charts.panel(figure, 10, 10, 100, 20)
        panel.set_xlim(-40, 40)
        charts.ticks_below(panel, [-40, 0, 40], ["−40", "0", "+40"])
        # A column that is drawn before the cells to its left, as numbers of statements are.
        row = charts.panel(figure, 10, 35, 100, 20)
        row.text(0.9, 0.5, "371")
        row.text(0.1, 0.5, "35,3 %")
        picture = charts.to_svg(figure)
    html = (
        '<html lang="de"><head><title>T</title></head><body><p>Punkte <b>über</b> dem Rest</p>'
        '<p><img src="chart:one" alt="Bild mit 41,2 %"></p></body></html>'
    )
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf_bytes(Page(html, "", {"one": picture})))
    (page,) = pdf_pages(path)
    lines = page.text.strip().split("\n")
    assert lines == ["Punkte über dem Rest", "−40", "0", "+40", "371", "35,3 %"]

"""Charts lose nothing that is seen when they are made smaller, and their lines are set whole."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pikepdf
import pytest

from reports import charts
from reports.fonts import FAMILY
from reports.page import Page
from reports.pdf import pdf_bytes
from reports.plain_svg import plain_svg
from reports.svg_text import Line

SVG = "{http://www.w3.org/2000/svg}"
WORDS = "Austausch mit der Stadt, 41,2\u00a0%"


@pytest.fixture(scope="module")
def picture() -> bytes:
    with charts.chart_style():
        figure = charts.blank(40)
        axes = charts.panel(figure, 10, 10, 100, 20)
        charts.percent_axis(axes, 0, 1, 0.5)
        axes.plot([0.2, 0.4], [0.5, 0.5], "o", color=charts.BLUE)
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
    # Two marks, three ticks; each of them finds what it repeats.
    uses = [
        use.get("{http://www.w3.org/1999/xlink}href", "#")[1:] for use in tree.iter(f"{SVG}use")
    ]
    assert len(uses) == 5
    assert set(uses) <= {element.get("id") for element in tree.iter()}
    clipped = re.findall(r"url\(#([^)]+)\)", picture.decode())
    assert clipped
    assert set(clipped) <= {element.get("id") for element in tree.iter(f"{SVG}clipPath")}


def test_a_chart_has_no_empty_group_style_sheet_or_unseen_shape(picture: bytes) -> None:
    tree = ElementTree.fromstring(picture)
    assert all(len(group) and group.attrib for group in tree.iter(f"{SVG}g"))
    assert b"<style" not in picture
    assert b'opacity="0"' not in picture
    assert plain_svg(picture.decode()).encode() == picture


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


def test_a_line_reads_like_its_text() -> None:
    assert list(Line(WORDS)) == [WORDS]
    assert Line(WORDS) == WORDS

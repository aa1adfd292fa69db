"""A dossier as a page of HTML with its style sheet and pictures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.dossier import Dossier, Facts, Heading, Paragraph, Points
from reports.exhibits import Grid, Picture
from reports.page import Page

_FOLDER = Path(__file__).parent

_KINDS = {
    Paragraph: "paragraph", Points: "points", Facts: "facts", Heading: "heading",
    Picture: "picture", Grid: "grid",
}  # fmt: skip


def as_page(dossier: Dossier) -> Page:
    """The HTML of a dossier; the same dossier gives the same text."""
    html = _templates().get_template("dossier.html").render(dossier=dossier)
    pictures = {
        block.id: block.figure.svg
        for section in dossier.sections
        for block in section.blocks
        if isinstance(block, Picture)
    }
    return Page(html, _style(dossier), pictures)


def _style(dossier: Dossier) -> str:
    sheet = (_FOLDER / "styles" / "dossier.css").read_text(encoding="utf-8")
    margins = dossier.margins
    fixed = {"mark": dossier.mark, "source": dossier.source, "edition": dossier.edition}
    fixed |= {"page": margins.page, "of": margins.of}
    for name, text in fixed.items():
        sheet = sheet.replace(f"{{{name}}}", _in_css_string(text))
    return sheet


def _in_css_string(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\A ")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["kind"] = lambda block, kind: _KINDS[type(block)] == kind
    environment.tests["exhibit"] = lambda block: isinstance(block, Picture | Grid)
    environment.filters["star"] = _unbroken_star
    return environment


def _unbroken_star(text: str) -> Markup:
    """Keep words with a gender star whole: the hyphenation patterns break them wrongly."""
    words = [
        Markup('<span class="whole">{}</span>').format(word) if "*" in word[1:-1] else escape(word)
        for word in text.split(" ")
    ]
    return Markup(" ").join(words)

"""Texts of figures are set as whole lines.

WeasyPrint sets a text of an SVG letter by letter, because its letters may have places and turns
of their own, and gives one that is not held at its start a picture of its own in the file. Those
of our figures need neither: set as a whole, a line keeps its kerning, is as wide as the figure
measured it, and takes a tenth of the time.
"""

from __future__ import annotations

from typing import Any

from weasyprint import svg
from weasyprint.css.properties import INITIAL_VALUES
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.svg.text import Style, TextBox
from weasyprint.text.line_break import create_layout, line_size

ONE_BY_ONE = ("dx", "dy", "rotate", "letter-spacing", "textLength")
"""Attributes that give letters places of their own; several values of ``x`` or ``y`` do as well."""

BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of a line stands before the place that holds it."""

_set_letters = svg.text


def set_line(image: Any, node: Any, size: float) -> None:
    """Draw a text of an SVG as one line where its letters follow each other."""
    several = any(len((node.get(name) or "").split()) > 1 for name in ("x", "y"))
    if not node.text or several or any(node.get(name) for name in ONE_BY_ONE):
        node.text_bounding_box = svg.EMPTY_BOUNDING_BOX
        _set_letters(image, node, size)
        return
    style = _style(image, node, size)
    layout = create_layout(node.text, style, image.context, None, 0)
    width, _ = line_size(layout.get_first_line()[0], style)
    x, y = image.point(node.get("x"), node.get("y"), size)
    x -= width * BEFORE[node.get("text-anchor", "start")]
    stream = image.stream
    fill, stroke = image.set_graphical_state(node, size)
    stream.begin_text()
    image.fill_stroke(fill, stroke, text=True)
    draw_first_line(stream, TextBox(layout, style), "none", "none", Matrix(d=-1, e=x, f=y))
    stream.end_text()


def _style(image: Any, node: Any, size: float) -> Style:
    """What the setting of a line reads of its text."""
    style = Style(INITIAL_VALUES)
    style.font_config = image.font_config
    families = node.get("font-family", "sans-serif").split(",")
    style["font_family"] = [family.strip(" \"'") for family in families]
    style["font_style"] = node.get("font-style", "normal")
    style["font_weight"] = int(node.get("font-weight", 400))
    style["font_size"] = size
    return style


def set_whole_lines() -> None:
    """Let WeasyPrint draw texts of figures with :func:`set_line` from now on."""
    svg.TAGS.update({tag: set_line for tag, draws in svg.TAGS.items() if draws is _set_letters})

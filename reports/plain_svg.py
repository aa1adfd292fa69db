"""Figures as SVG with as few elements as they have shapes and lines of text.

matplotlib's own SVG wraps every line in groups, keeps marks apart from their places and writes
looks as style sheets; whoever reads it, a browser or the renderer of pages, works through all of
it. Here a shape is one element with attributes, and a text stays a text.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_hex
from matplotlib.font_manager import FontProperties, weight_dict
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D

from reports.fonts import FAMILY

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Transform

SVG = "http://www.w3.org/2000/svg"

POINTS = 72
"""Units of the picture in an inch."""

_LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
_CAPS = {"projecting": "square", "round": "round"}
_ANCHORS = {"center": "middle", "right": "end"}

_NUMBERS: dict[Any, int] = dict(weight_dict)
"""Weights of type by their names."""

Attributes = dict[str, str]


@contextmanager
def drawn_plain(figure: Figure) -> Iterator[PlainSvg]:
    """The figure as drawn; while this lasts, its texts are where they are in the picture."""
    dpi = figure.dpi
    figure.dpi = POINTS
    try:
        wide, high = (float(size) * POINTS for size in figure.get_size_inches())
        picture = PlainSvg(wide, high)
        figure.draw(picture)
        yield picture
    finally:
        figure.dpi = dpi


class PlainSvg(RendererBase):
    """What matplotlib draws on, in points."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__()
        self.width, self.height = width, height
        self._elements: list[str] = []

    @property
    def svg(self) -> str:
        """The picture so far."""
        size = f"{_short(self.width)} {_short(self.height)}"
        head = (
            f'<svg xmlns="{SVG}" width="{_short(self.width)}pt" height="{_short(self.height)}pt"'
            f' viewBox="0 0 {size}" stroke-linejoin="round" font-family="{FAMILY}">'
        )
        return "\n".join([head, *self._elements, "</svg>"])

    def draw_path(
        self,
        gc: GraphicsContextBase,
        path: Path,
        transform: Transform,
        rgbFace: Any = None,
    ) -> None:
        """A shape; without one where nothing of it would be seen."""
        looks = _looks(gc, rgbFace)
        if looks:
            self._element("path", {"d": self._form(path, transform)} | looks | self._clip(gc))

    def draw_markers(
        self,
        gc: GraphicsContextBase,
        marker_path: Path,
        marker_trans: Transform,
        path: Path,
        trans: Transform,
        rgbFace: Any = None,
    ) -> None:
        """A mark at every point; a disc is a circle."""
        if marker_path is not Path.unit_circle():
            super().draw_markers(gc, marker_path, marker_trans, path, trans, rgbFace)
            return
        radius = _short(float(marker_trans.transform((1.0, 0.0))[0]))
        looks = _looks(gc, rgbFace) | self._clip(gc)
        for x, y in trans.transform(path.vertices):
            centre = {"cx": _short(x), "cy": _short(self.height - y), "r": radius}
            self._element("circle", centre | looks)

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Text | None = None,
    ) -> None:
        """A line of text, held where the figure holds it, so that other widths move it least."""
        found: Attributes = {}
        if mtext is not None and not angle:
            x = float(mtext.get_transform().transform(mtext.get_unitless_position())[0])
            if mtext.get_horizontalalignment() in _ANCHORS:
                found["text-anchor"] = _ANCHORS[mtext.get_horizontalalignment()]
        place = {"x": _short(x), "y": _short(y)}
        if angle:
            place["transform"] = f"rotate({_short(-angle)} {place['x']} {place['y']})"
        weight = _NUMBERS.get(prop.get_weight(), prop.get_weight())
        if weight != 400:
            place["font-weight"] = str(weight)
        place["font-size"] = f"{_short(prop.get_size_in_points())}px"
        self._element("text", place | found | _paint("fill", gc.get_rgb()), s)

    def get_text_width_height_descent(
        self, s: str, prop: FontProperties, ismath: Any
    ) -> tuple[float, float, float]:
        """Size of a line in points."""
        return _size(s, prop.get_size_in_points(), prop.get_weight(), prop.get_style())

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Size of the picture in points."""
        return self.width, self.height

    def flipy(self) -> bool:
        """That texts count from the top."""
        return True

    def _element(self, name: str, attributes: Attributes, text: str = "") -> None:
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        end = f">{escape(text)}</{name}>" if text else "/>"
        self._elements.append(f"<{name}{written}{end}")

    def _form(self, path: Path, transform: Transform) -> str:
        upright = transform + Affine2D().scale(1, -1).translate(0, self.height)
        parts = []
        for points, code in path.iter_segments(upright, remove_nans=True, simplify=False):
            letter = "Z" if code == Path.CLOSEPOLY else _LETTERS[code]
            numbers = "" if letter == "Z" else " ".join(map(_short, points.tolist()))
            parts.append(f"{letter}{numbers}")
        return "".join(parts)

    def _clip(self, gc: GraphicsContextBase) -> Attributes:
        edge: Any = gc.get_clip_rectangle()
        if edge is None:
            return {}
        name = f"clip{len(self._elements)}"
        box = {
            "x": edge.x0, "y": self.height - edge.y1, "width": edge.width, "height": edge.height,
        }  # fmt: skip
        inside = "".join(f' {key}="{_short(value)}"' for key, value in box.items())
        self._elements.append(f'<clipPath id="{name}"><rect{inside}/></clipPath>')
        return {"clip-path": f"url(#{name})"}


def _looks(gc: GraphicsContextBase, face: Any) -> Attributes:
    """Filling and stroke; nothing where neither is seen."""
    filled = face is not None and (len(face) < 4 or face[3] > 0)
    width = gc.get_linewidth()
    stroked = width > 0 and gc.get_rgb()[3] > 0
    if not (filled or stroked):
        return {}
    found = _paint("fill", face) if filled else {"fill": "none"}
    if not stroked:
        return found
    found |= _paint("stroke", gc.get_rgb())
    if width != 1:
        found["stroke-width"] = _short(width)
    if gc.get_capstyle() in _CAPS:
        found["stroke-linecap"] = _CAPS[gc.get_capstyle()]
    if gc.get_joinstyle() != "round":
        found["stroke-linejoin"] = gc.get_joinstyle()
    dashes: Any
    offset, dashes = gc.get_dashes()
    if dashes is not None:
        found["stroke-dasharray"] = " ".join(map(_short, dashes))
        if offset:
            found["stroke-dashoffset"] = _short(offset)
    return found


def _paint(what: str, colour: Any) -> Attributes:
    found = {what: str(to_hex(colour))}
    if len(colour) == 4 and colour[3] < 1:
        found[f"{what}-opacity"] = _short(colour[3])
    return found


def _short(number: float) -> str:
    """A number of points, as exact as a thousandth.

    >>> _short(2.0), _short(-0.0001), _short(16.5004)
    ('2', '0', '16.5')
    """
    text = f"{number:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=20_000)
def _size(text: str, size: float, weight: Any, style: Any) -> tuple[float, float, float]:
    """Width, height and descent of a line: reports of many groups share most of their lines."""
    prop = FontProperties(family=FAMILY, size=size, weight=weight, style=style)
    width, height, descent = text_to_path.get_text_width_height_descent(text, prop, ismath=False)
    return float(width), float(height), float(descent)

"""What a chart looks like on a printer without colours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.colors import to_hex, to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from reports.panels import Panel, panels

APART = 0.12
"""Least difference of lightness, of 0 black to 1 white, between two things that are to differ."""

LUMA = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in the grey of a print (ITU-R BT.601)."""

TOUCHES = 2.5
"""Pixels between the edges of two fills up to which they are neighbours."""

Greys = npt.NDArray[np.float64]


def grey(colour: Any) -> float:
    """Lightness of a colour."""
    return float(LUMA @ np.array(to_rgb(colour)))


def alike(figure: Figure) -> list[str]:
    """Neighbouring fills and marks of one panel that grey print does not tell apart.

    Fills that hold their own number need no other difference.
    """
    canvas: Any = figure.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba(), dtype=float)[..., :3] / 255 @ LUMA
    found: list[str] = []
    for panel in panels(figure):
        found += _fills(panel, pixels)
        found += _marks(panel)
    return found


def _fills(panel: Panel, pixels: Greys) -> Iterator[str]:
    canvas: Any = panel.get_figure(root=True).canvas  # type: ignore[union-attr]
    renderer = canvas.get_renderer()
    texts = [t.get_window_extent(renderer) for t in panel.texts if t.get_text().strip()]
    fills = [
        (patch.get_facecolor(), patch.get_window_extent(renderer))
        for patch in panel.patches
        if to_rgba(patch.get_facecolor())[3] > 0
    ]
    fills = [(colour, box) for colour, box in fills if box.width > 3 and box.height > 3]
    bare = [(c, b) for c, b in fills if not any(_holds(b, text) for text in texts)]
    for (one, a), (other, b) in combinations(bare, 2):
        if one != other and _touch(a, b):
            difference = abs(_seen(pixels, a) - _seen(pixels, b))
            if difference < APART:
                yield f"fills {one} and {other}: {difference:.2f}"


def _holds(box: Bbox, text: Bbox) -> bool:
    x, y = (text.x0 + text.x1) / 2, (text.y0 + text.y1) / 2
    return bool(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1)


def _touch(a: Bbox, b: Bbox) -> bool:
    beside = max(a.x0, b.x0) - min(a.x1, b.x1) < TOUCHES
    above = max(a.y0, b.y0) - min(a.y1, b.y1) < TOUCHES
    return bool(beside and above)


def _seen(pixels: Greys, box: Bbox) -> float:
    """The grey that most of a fill has in the picture, whose first row is the top."""
    high = pixels.shape[0]
    rows = slice(round(high - box.y1) + 1, max(round(high - box.y0) - 1, round(high - box.y1) + 2))
    columns = slice(round(box.x0) + 1, max(round(box.x1) - 1, round(box.x0) + 2))
    return float(np.median(pixels[rows, columns]))


def _marks(panel: Panel) -> Iterator[str]:
    """Kinds of marks: form, size, filling; two of the same must differ in lightness."""
    kinds = {
        (str(line.get_marker()), to_hex(line.get_color()), to_hex(_face(line)))
        for line in panel.lines
        if str(line.get_marker()) not in ("None", "")
    }
    for (form, *one), (other_form, *other) in combinations(sorted(kinds), 2):
        apart = max(abs(grey(a) - grey(b)) for a, b in zip(one, other, strict=True))
        if form == other_form and apart < APART:
            yield f"marks {form} {one} and {other}: {apart:.2f}"


def _face(line: Line2D) -> Any:
    face = line.get_markerfacecolor()
    return line.get_color() if isinstance(face, str) and face in ("auto", "none") else face

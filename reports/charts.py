"""The ground on which figures are drawn: size, type, colours, and the check for clipped text.

Figures are SVG with real text, so their numbers can be searched and read aloud; the same
input gives the same bytes.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

from reports.errors import DossierError
from reports.fonts import FAMILY, font_files
from reports.plain_svg import plain_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

WIDTH = 166.0
"""Width of the text block of a page in millimetres; a figure is as wide."""

TYPE = 9.5
SMALL = 9.0
"""Smallest text of a figure, in points."""

LIKERT = ("#b35806", "#f5b04c", "#d9d9d9", "#4f9bc9", "#1b4670")
"""Five steps from worst to best; told apart with every common colour blindness, and neighbours
in grey print as well."""


def scale_colours(steps: int) -> list[str]:
    """Colours of a scale from worst to best; the grey middle only where there is one.

    >>> scale_colours(5) == list(LIKERT), scale_colours(2)
    (True, ['#b35806', '#1b4670'])
    """
    half = steps // 2
    low, high = _between(*LIKERT[:2], half), _between(*LIKERT[:2:-1], half)
    return [*low, *[LIKERT[2]] * (steps % 2), *high[::-1]]


def _between(start: str, end: str, steps: int) -> list[str]:
    if steps < 2:
        return [start] * steps
    return [shade((start, end), place / (steps - 1)) for place in range(steps)]


def shade(colours: Sequence[str], place: float) -> str:
    """The colour at a place between 0 and 1 of a row of colours that pass into each other."""
    from matplotlib.colors import to_hex

    return str(to_hex(_ramp(tuple(colours))(place)))


@cache
def _ramp(colours: tuple[str, ...]) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("", list(colours))


BLUE, ORANGE, GREY, LIGHT, INK = "#0b5394", "#c55a11", "#8a8a8a", "#d9d9d9", "#1a1a1a"

_RC: Any = {
    "font.family": [FAMILY],
    "font.size": TYPE,
    "text.color": INK,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": TYPE,
    "xtick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "svg.fonttype": "none",
    "svg.hashsalt": "meinungsbild",
    "path.simplify": False,
}

_MM = 25.4


@cache
def _register_fonts() -> None:
    from matplotlib import font_manager

    for path in font_files().values():
        font_manager.fontManager.addfont(path)


@contextmanager
def chart_style() -> Iterator[None]:
    """The settings under which every figure is made and saved."""
    import matplotlib

    _register_fonts()
    with matplotlib.rc_context(_RC):
        yield


def blank(height: float) -> Figure:
    """An empty figure as wide as the text block, ``height`` in millimetres."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / _MM, height / _MM), dpi=100)
    FigureCanvasAgg(figure)
    return figure


def panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes at a place given in millimetres from the lower left corner."""
    wide, high = (float(size) * _MM for size in figure.get_size_inches())
    axes = figure.add_axes((left / wide, bottom / high, width / wide, height / high))
    axes.set_yticks([])
    axes.patch.set_visible(False)  # its ground would cover the words of the panel beside it
    return axes


def rows_panel(
    figure: Figure, left: float, bottom: float, width: float, height: float, rows: int
) -> Axes:
    """A panel with one row per element, the first on top."""
    axes = panel(figure, left, bottom, width, height)
    axes.set_ylim(rows - 0.5, -0.5)
    return axes


def bare(axes: Axes) -> None:
    """Take away frame and ticks of a panel that only holds text or strips."""
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def wrapped(label: str, characters: int) -> str:
    """A label on as many lines as it needs, broken between words only.

    >>> wrapped("Austausch mit der Stadtgesellschaft", 20)
    'Austausch mit der\\nStadtgesellschaft'
    """
    lines = label.replace("\u00ad", "").split("\n")
    return "\n".join(
        part for line in lines for part in textwrap.wrap(line, characters, break_long_words=False)
    )


def stacked(
    texts: Sequence[str], characters: int, *, least: float = 5.6, extra: float = 1.2
) -> tuple[list[float], float]:
    """Middles of rows that are as high as their labels need, and their height, in millimetres.

    Rows have at least a height; those of several lines get something extra.

    >>> stacked(["A", "A B"], 1)
    ([2.8, 11.1], 16.6)
    """
    middles, edge = [], 0.0
    for text in texts:
        further = wrapped(text, characters).count("\n")
        height = max(least, 5.6 + 4.2 * further + (extra if further else 0.0))
        middles.append(round(edge + height / 2, 3))
        edge += height
    return middles, edge


def stack_panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """A panel whose unit is millimetres from its top, for :func:`stacked` rows."""
    axes = panel(figure, left, bottom, width, height)
    axes.set_ylim(height, 0)
    return axes


def labels(
    axes: Axes, texts: Sequence[str], characters: int, at: Sequence[float] | None = None
) -> None:
    """Row labels, left-aligned over the whole width of a panel of their own."""
    bare(axes)
    axes.set_xlim(0, 1)
    for row, text in zip(at or range(len(texts)), texts, strict=True):
        axes.text(0, row, wrapped(text, characters), va="center", ha="left", linespacing=1.05)


def heading(axes: Axes, text: str, characters: int, *, align: str = "left") -> None:
    """A few words above a panel that say what it shows."""
    place = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    axes.text(
        place, 1.0, wrapped(text, characters), transform=axes.transAxes, va="bottom", ha=align,
        fontsize=SMALL, fontweight=600, linespacing=1.05,
    )  # fmt: skip


PERCENT = "\u00a0%"
"""What stands behind a number in German."""


def percent_axis(axes: Axes, low: float, high: float, step: float, percent: str = PERCENT) -> None:
    """Ticks in per cent under a panel whose unit is shares."""
    axes.set_xlim(low, high)
    steps = [round(low + step * i, 6) for i in range(int((high - low) / step + 1e-9) + 1)]
    ticks = [tick for tick in steps if tick <= 1]
    axes.set_xticks(ticks, [f"{round(abs(tick) * 100)}{percent}" for tick in ticks])
    axes.grid(axis="x", color=LIGHT, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)


def key(axes: Axes, entries: Sequence[tuple[str, str]], *, swatch: float = 3.2) -> None:
    """Coloured squares with their meaning, in as many lines as they need.

    The axes' unit is millimetres: width of the panel by its height, lines 5 mm apart.
    """
    bare(axes)
    place = axes.get_position()
    size = axes.get_figure(root=True).get_size_inches() * _MM  # type: ignore[union-attr]
    width, height = place.width * size[0], place.height * size[1]
    axes.set_xlim(0, width)
    axes.set_ylim(-height, 0)
    x, y = 0.0, -2.5
    for colour, text in entries:
        needed = swatch + 1.2 + text_width(text, SMALL)
        if x and x + needed > width:
            x, y = 0.0, y - 5.0
        box(axes, (x, y - swatch / 2), swatch, swatch, facecolor=colour, edgecolor="none")
        axes.text(x + swatch + 1.2, y, text, va="center_baseline", fontsize=SMALL)
        x += needed + 5.0


def box(axes: Axes, corner: tuple[float, float], width: float, height: float, **looks: Any) -> None:
    """A rectangle from its lower left corner on."""
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle(corner, width, height, **looks))


def key_height(texts: Sequence[str], width: float, *, swatch: float = 3.2) -> float:
    """Room that :func:`key` needs for its lines on a width, in millimetres."""
    lines, x = 1, 0.0
    for text in texts:
        needed = swatch + 1.2 + text_width(text, SMALL)
        if x and x + needed > width:
            lines, x = lines + 1, 0.0
        x += needed + 5.0
    return 1.0 + 5.0 * lines


@cache
def text_width(text: str, size: float) -> float:
    """Width of a text in the regular cut, in millimetres."""
    from matplotlib import font_manager
    from matplotlib.textpath import TextPath

    _register_fonts()
    font = font_manager.FontProperties(family=FAMILY, size=size)
    return float(TextPath((0, 0), text + ".", prop=font).get_extents().width) / 72 * _MM


def to_svg(figure: Figure) -> bytes:
    """The figure as SVG; raises ``DossierError`` if a text is clipped or too small."""
    _level(figure)
    buffer = io.BytesIO()
    figure.savefig(
        buffer, format="svg", metadata={"Date": None, "Creator": None}, facecolor="white"
    )
    # Saving has put every text in its place: measuring them needs no second drawing.
    faults = [*_clipped(figure), *small_texts(figure)]
    if faults:
        raise DossierError(f"a chart clips or shrinks its text: {'; '.join(faults)}")
    return plain_svg(_long_hand(buffer.getvalue().decode())).encode()


MIDDLE = 0.33
"""Middle of digits and capitals over the baseline, as a part of the size of the type."""


def _level(figure: Figure) -> None:
    """Put every single line that stands in the middle of a row on one baseline.

    What matplotlib takes for the middle of a line depends on its letters; what a reader takes
    for it is the middle of digits and capitals.
    """
    from matplotlib.text import Annotation
    from matplotlib.transforms import ScaledTranslation

    for text in _texts(figure):
        if "\n" in text.get_text() or text.get_rotation():
            continue
        if text.get_verticalalignment() in ("center", "center_baseline"):
            down = -MIDDLE * float(text.get_fontsize())
            text.set_verticalalignment("baseline")
            if isinstance(text, Annotation):  # its own transform is made anew when it is drawn
                x, y = text.xyann
                text.xyann = (x, y + down)
            else:
                lower = ScaledTranslation(0, down / 72, figure.dpi_scale_trans)
                text.set_transform(text.get_transform() + lower)


def _texts(figure: Figure) -> list[Text]:
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if isinstance(text, Text)]


def shown_texts(figure: Figure) -> tuple[tuple[str, Bbox], ...]:
    """All texts of a figure that are drawn, with their boxes in pixels."""
    figure.draw_without_rendering()
    return _placed_texts(figure)


def _placed_texts(figure: Figure) -> tuple[tuple[str, Bbox], ...]:
    canvas: Any = figure.canvas
    found = []
    for text in _texts(figure):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent(canvas.get_renderer())
            found.append((text.get_text(), box))
    return tuple(found)


def clipped_texts(figure: Figure) -> tuple[str, ...]:
    """The texts that reach beyond the figure's edge; matplotlib itself says nothing."""
    figure.draw_without_rendering()
    return _clipped(figure)


def _clipped(figure: Figure) -> tuple[str, ...]:
    edge = figure.bbox
    return tuple(
        text
        for text, box in _placed_texts(figure)
        if box.x0 < edge.x0 - 0.5
        or box.x1 > edge.x1 + 0.5
        or box.y0 < edge.y0 - 0.5
        or box.y1 > edge.y1 + 0.5
    )


def small_texts(figure: Figure) -> tuple[str, ...]:
    """The texts below the smallest size."""
    return tuple(
        t.get_text() for t in _texts(figure) if t.get_text() and float(t.get_fontsize()) < SMALL
    )


def overlapping_texts(figure: Figure, apart: float = 0.0) -> tuple[tuple[str, str], ...]:
    """Pairs of texts that cover each other by more than a pixel.

    With ``apart`` also those that stand above each other with less than this between them, in
    millimetres.
    """
    most = 1 - apart / _MM * figure.dpi if apart else 1
    return tuple(
        (one, other)
        for (one, a), (other, b) in combinations(shown_texts(figure), 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > most
    )


_SHORTHAND = re.compile(r"font: (?:(italic) )?(?:(\d+|bold) )?([\d.]+px) ([^;\"]+)")


def _long_hand(svg: str) -> str:
    """Write the ``font`` shorthand out; WeasyPrint loses the family of one with a weight."""

    def parts(match: re.Match[str]) -> str:
        style, weight, size, family = match.groups()
        return (
            f"font-style: {style or 'normal'}; font-weight: {weight or '400'};"
            f" font-size: {size}; font-family: {family}"
        )

    return _SHORTHAND.sub(parts, svg)

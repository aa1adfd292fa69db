"""The ground on which figures are drawn: size, type, colours, and the check for clipped text.

Figures are SVG with real text, so their numbers can be searched and read aloud; the same
input gives the same bytes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import combinations
from math import nan
from typing import TYPE_CHECKING, Any

from reports.errors import DossierError
from reports.fonts import FAMILY, font_files

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    from reports.panels import Panel

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
    "svg.hashsalt": "meinungsbild",
    "path.simplify": False,
}

_MM = 25.4

FRAME, TICK = 0.6, 2.5
"""Width of frames, and length of ticks, in points."""

TICK_DOWN = 3
"""matplotlib's name for a mark that hangs from its place."""


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


def panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Panel:
    """A panel at a place given in millimetres from the lower left corner."""
    from reports.panels import Panel

    made = Panel(figure, left, bottom, width, height)
    figure.add_artist(made)
    return made


def rows_panel(
    figure: Figure, left: float, bottom: float, width: float, height: float, rows: int
) -> Panel:
    """A panel with one row per element, the first on top."""
    axes = panel(figure, left, bottom, width, height)
    axes.set_ylim(rows - 0.5, -0.5)
    return axes


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


def stack_panel(figure: Figure, left: float, bottom: float, width: float, height: float) -> Panel:
    """A panel whose unit is millimetres from its top, for :func:`stacked` rows."""
    axes = panel(figure, left, bottom, width, height)
    axes.set_ylim(height, 0)
    return axes


def labels(
    axes: Panel, texts: Sequence[str], characters: int, at: Sequence[float] | None = None
) -> None:
    """Row labels, left-aligned over the whole width of a panel of their own."""
    axes.set_xlim(0, 1)
    for row, text in zip(at or range(len(texts)), texts, strict=True):
        axes.text(0, row, wrapped(text, characters), va="center", ha="left", linespacing=1.05)


def heading(axes: Panel, text: str, characters: int, *, align: str = "left") -> None:
    """A few words above a panel that say what it shows."""
    place = {"left": 0.0, "center": 0.5, "right": 1.0}[align]
    axes.text(
        place, 1.0, wrapped(text, characters), transform=axes.across, va="bottom", ha=align,
        fontsize=SMALL, fontweight=600, linespacing=1.05,
    )  # fmt: skip


PERCENT = "\u00a0%"
"""What stands behind a number in German."""


def percent_axis(axes: Panel, low: float, high: float, step: float, percent: str = PERCENT) -> None:
    """Ticks in per cent under a panel whose unit is shares."""
    axes.set_xlim(low, high)
    steps = [round(low + step * i, 6) for i in range(int((high - low) / step + 1e-9) + 1)]
    ticks = [tick for tick in steps if tick <= 1]
    ticks_below(axes, ticks, [f"{round(abs(tick) * 100)}{percent}" for tick in ticks])


def ticks_below(
    axes: Panel, ticks: Sequence[float], texts: Sequence[str], *, grid: bool = True
) -> None:
    """Ticks with their texts on the lower edge of a panel, and a line over it at each of them."""
    looks: dict[str, Any] = {"transform": axes.upright}
    if grid:
        xs = [x for tick in ticks for x in (tick, tick, nan)]
        axes.plot(xs, [0, 1, nan] * len(ticks), color=LIGHT, linewidth=0.5, zorder=0.5, **looks)
    axes.plot([0, 1], [0, 0], transform=axes.across, color=GREY, linewidth=FRAME, zorder=2.5)
    mark: Any = TICK_DOWN
    axes.plot(
        ticks, [0] * len(ticks), mark, color=INK, markersize=TICK, markeredgewidth=FRAME, **looks
    )
    axes.ticks += [
        axes.text(
            tick, 0, text, shift=(0, -TICK - 3.5), ha="center", va="top", fontsize=SMALL, **looks
        )
        for tick, text in zip(ticks, texts, strict=True)
    ]


def key(axes: Panel, entries: Sequence[tuple[str, str]], *, swatch: float = 3.2) -> None:
    """Coloured squares with their meaning, in as many lines as they need.

    The axes' unit is millimetres: width of the panel by its height, lines 5 mm apart.
    """
    width = axes.width
    axes.set_xlim(0, width)
    axes.set_ylim(-axes.height, 0)
    x, y = 0.0, -2.5
    for colour, text in entries:
        needed = swatch + 1.2 + text_width(text, SMALL)
        if x and x + needed > width:
            x, y = 0.0, y - 5.0
        axes.box((x, y - swatch / 2), swatch, swatch, facecolor=colour, edgecolor="none")
        axes.text(x + swatch + 1.2, y, text, va="center_baseline", fontsize=SMALL)
        x += needed + 5.0


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
    from reports.plain_svg import drawn_plain

    with drawn_plain(figure) as picture:
        _refuse([*_clipped(figure, picture), *small_texts(figure)])
    return picture.svg.encode()


def check(figure: Figure) -> None:
    """Raise ``DossierError`` if a text of a figure is clipped or too small."""
    _refuse([*clipped_texts(figure), *small_texts(figure)])


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise DossierError(f"a chart clips or shrinks its text: {'; '.join(faults)}")


def _texts(figure: Figure) -> list[Text]:
    from matplotlib.text import Text

    return [text for text in figure.findobj(Text) if isinstance(text, Text)]


def shown_texts(figure: Figure) -> tuple[tuple[str, Bbox], ...]:
    """All texts of a figure that are drawn, with their boxes in pixels."""
    figure.draw_without_rendering()
    return _placed_texts(figure, _screen(figure))


def _screen(figure: Figure) -> RendererBase:
    canvas: Any = figure.canvas
    renderer: RendererBase = canvas.get_renderer()
    return renderer


def _placed_texts(figure: Figure, renderer: RendererBase) -> tuple[tuple[str, Bbox], ...]:
    found = []
    for text in _texts(figure):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent(renderer)
            found.append((text.get_text(), box))
    return tuple(found)


def clipped_texts(figure: Figure) -> tuple[str, ...]:
    """The texts that reach beyond the figure's edge; matplotlib itself says nothing."""
    figure.draw_without_rendering()
    return _clipped(figure, _screen(figure))


def _clipped(figure: Figure, renderer: RendererBase) -> tuple[str, ...]:
    edge = figure.bbox
    return tuple(
        text
        for text, box in _placed_texts(figure, renderer)
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

"""Panels of figures: places with a unit of their own, on which texts, lines and bars stand.

matplotlib's axes bring ticks, frames and limits for data that nobody has seen yet. A figure here
knows what it shows: its panels hold that and nothing else, and are made in a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import (
    Bbox,
    BboxTransform,
    BboxTransformTo,
    ScaledTranslation,
    Transform,
    TransformedBbox,
    blended_transform_factory,
)

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure

MM = 25.4
"""Millimetres of an inch."""

MIDDLE = 0.33
"""Middle of digits and capitals over the baseline, as a part of the size of the type."""


class Panel(Artist):
    """A rectangle of a figure, placed in millimetres from its lower left corner.

    Four ways lead from numbers to places: ``data`` by the panel's unit, ``across`` by parts of its
    width and height, ``upright`` and ``level`` by the unit in one direction and parts in the other.
    """

    def __init__(
        self, figure: Figure, left: float, bottom: float, width: float, height: float
    ) -> None:
        super().__init__()
        self.set_figure(figure)
        self.width, self.height = width, height
        self.texts, self.lines, self.patches = list[Text](), list[Line2D](), list[Rectangle]()
        self.ticks: list[Text] = []
        self._place, self._view = Bbox.unit(), Bbox.unit()
        self.frame = TransformedBbox(self._place, figure.dpi_scale_trans)
        self.data: Transform = BboxTransform(self._view, self.frame)
        self.across: Transform = BboxTransformTo(self.frame)
        self.upright: Transform = blended_transform_factory(self.data, self.across)
        self.level: Transform = blended_transform_factory(self.across, self.data)
        self._moved: list[tuple[Transform, float, float, Transform]] = []
        self.move(left, bottom)

    @property
    def corner(self) -> tuple[float, float]:
        """Lower left corner in millimetres."""
        return float(self._place.x0) * MM, float(self._place.y0) * MM

    def move(self, left: float, bottom: float) -> None:
        """Put the lower left corner elsewhere, in millimetres."""
        self._place.set_points(
            Bbox.from_bounds(left / MM, bottom / MM, self.width / MM, self.height / MM).get_points()
        )

    def set_xlim(self, left: float, right: float) -> None:
        """Values at the left and at the right edge."""
        self._view.intervalx = (left, right)

    def set_ylim(self, bottom: float, top: float) -> None:
        """Values at the lower and at the upper edge."""
        self._view.intervaly = (bottom, top)

    # -- what stands on it -------------------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        shift: tuple[float, float] = (0.0, 0.0),
        transform: Transform | None = None,
        **looks: Any,
    ) -> Text:
        """A text, moved by some points from its place.

        A single line in the middle of a row stands on one baseline with all others: what matplotlib
        takes for the middle of a line depends on its letters; what a reader takes for it is the
        middle of digits and capitals.
        """
        made = Text(x, y, text, **looks)
        across, up = shift
        middle = made.get_verticalalignment() in ("center", "center_baseline")
        if middle and "\n" not in text and not made.get_rotation():
            made.set_verticalalignment("baseline")
            up -= MIDDLE * float(made.get_fontsize())
        self._add(made, self._shifted(transform or self.data, across, up))
        self.texts.append(made)
        return made

    def plot(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        marker: Any = "",
        *,
        transform: Transform | None = None,
        clip: bool = False,
        **looks: Any,
    ) -> Line2D:
        """A line through points, or a mark at each of them; cut at the edges only if asked."""
        if marker:
            looks |= {"marker": marker, "linestyle": "None"}
        line = Line2D(xs, ys, **looks)
        self._add(line, transform or self.data)
        if clip:
            line.set_clip_box(self.frame)
        self.lines.append(line)
        return line

    def axvline(self, x: float, **looks: Any) -> Line2D:
        """A line over the whole height."""
        return self.plot([x, x], [0, 1], transform=self.upright, **looks)

    def axhline(self, y: float, **looks: Any) -> Line2D:
        """A line over the whole width."""
        return self.plot([0, 1], [y, y], transform=self.level, **looks)

    def barh(
        self,
        y: float,
        width: float,
        *,
        color: str,
        left: float = 0.0,
        height: float = 0.8,
        **looks: Any,
    ) -> None:
        """A bar around the middle of a row."""
        self.box((left, y - height / 2), width, height, facecolor=color, **looks)

    def box(self, corner: tuple[float, float], width: float, height: float, **looks: Any) -> None:
        """A rectangle from its lower left corner on."""
        patch = Rectangle(corner, width, height, **looks)
        self._add(patch, self.data)
        self.patches.append(patch)

    # -- how matplotlib draws it -------------------------------------------------------------------

    def get_children(self) -> list[Artist]:
        """Everything that stands on it."""
        return [*self.patches, *self.lines, *self.texts]

    def draw(self, renderer: RendererBase) -> None:
        """Draw everything, the lowest first."""
        for artist in sorted(self.get_children(), key=lambda artist: artist.get_zorder()):
            artist.draw(renderer)
        self.stale = False

    def _add(self, artist: Artist, transform: Transform) -> None:
        artist.set_figure(self.figure)
        artist.set_transform(transform)

    def _shifted(self, transform: Transform, across: float, up: float) -> Transform:
        if not (across or up):
            return transform
        for known, right, high, moved in self._moved:
            if known is transform and (right, high) == (across, up):
                return moved
        figure: Any = self.figure
        made = transform + ScaledTranslation(across / 72, up / 72, figure.dpi_scale_trans)
        self._moved.append((transform, across, up, made))
        return made


def panels(figure: Figure) -> Iterator[Panel]:
    """The panels of a figure in the order in which they were made."""
    return (artist for artist in figure.artists if isinstance(artist, Panel))

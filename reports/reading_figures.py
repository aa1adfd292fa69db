"""The heat strip of a reading study: one row per passage, one cell per stance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import charts, typography
from reports.charts import INK, SMALL
from reports.figures import Figure, finished
from reports.readings import Passage, Text

if TYPE_CHECKING:
    from matplotlib import figure as canvas

    from reports.panels import Panel

ROW, LABEL, NUMBER, MISSING = 6.2, 44.0, 14.0, 17.0
"""Height of a row, widths of labels, of a number and of a missing reason, in millimetres."""

_SHADES = ("#ffffff", "#7fa8cf")


def heat_figure(texts: Sequence[Text]) -> Figure:
    """Stances of all passages as shaded cells with their numbers; darker is more frequent."""
    return finished(_alt(texts), draw_heat, texts)


def draw_heat(texts: Sequence[Text]) -> canvas.Figure:
    """The figure of :func:`heat_figure` before it is saved."""
    rows: list[str | Passage] = []
    for part in texts:
        rows += [part.title, *part.passages] if part.title else [*part.passages]
    body = ROW * len(rows)
    steps, reasons = _columns(texts)
    width = charts.WIDTH - LABEL - NUMBER - MISSING * len(reasons) - 4
    letters = max(round(width / max(len(steps), 1) / 1.7), 8)
    lines = max((charts.wrapped(head, letters).count("\n") for head in steps), default=0)
    figure = charts.blank(body + 8 + 4.8 * max(lines, 1))
    names = charts.rows_panel(figure, 0, 1, charts.WIDTH, body, len(rows))
    names.set_xlim(0, charts.WIDTH)
    cell = width / max(len(steps), 1)
    for place, head in enumerate(steps):
        _head(names, LABEL + cell * (place + 0.5), head, letters)
    right = LABEL + width + 2
    for place, head in enumerate(reasons):
        _head(names, right + MISSING * (place + 0.5), head, 9)
    _head(names, charts.WIDTH - NUMBER / 2, "n", 9)
    for at, row in enumerate(rows):
        if isinstance(row, str):
            names.text(0, at + 0.1, charts.wrapped(row, 90), va="center", fontweight=600)
            continue
        names.text(2, at, row.title, va="center_baseline", fontsize=SMALL)
        names.text(
            charts.WIDTH - 2, at, typography.count(row.valid) if row.valid else "–",
            ha="right", va="center_baseline", fontsize=SMALL,
        )  # fmt: skip
        if row.has_shares and row.distribution is not None:
            for place, (_, share) in enumerate(row.distribution.steps):
                _cell(names, LABEL + cell * place, at, cell, share.value or 0.0, share.printed)
            known = dict(row.distribution.missing)
            for place, reason in enumerate(reasons):
                text = known[reason].printed if reason in known else "–"
                x = right + MISSING * (place + 0.5)
                names.text(x, at, text, ha="center", va="center_baseline", fontsize=SMALL)
        else:
            names.text(
                LABEL + 1, at, "zu wenige Rückmeldungen für Anteile", va="center_baseline",
                fontsize=SMALL, color="#555555",
            )  # fmt: skip
    return figure


def _columns(texts: Sequence[Text]) -> tuple[list[str], list[str]]:
    shown = [p.distribution for t in texts for p in t.passages if p.distribution is not None]
    if not shown:
        return [], []
    steps = [code.label.replace("\u00ad", "") for code, _ in shown[0].steps]
    reasons = dict.fromkeys(reason for row in shown for reason, _ in row.missing)
    return steps, list(reasons)


def _head(axes: Panel, x: float, text: str, characters: int) -> None:
    axes.text(
        x, -0.5 - 0.8 / ROW, charts.wrapped(text, characters), ha="center", va="bottom",
        fontsize=SMALL, fontweight=600, linespacing=1.05,
    )  # fmt: skip


def _cell(axes: Panel, x: float, row: int, width: float, value: float, printed: str) -> None:
    axes.box((x + 0.4, row - 0.44), width - 0.8, 0.88, facecolor=charts.shade(_SHADES, value),
        edgecolor="#b0b0b0", linewidth=0.5,
    )  # fmt: skip
    axes.text(
        x + width / 2, row, printed, ha="center", va="center_baseline", fontsize=SMALL,
        color=INK,
    )  # fmt: skip


def _alt(texts: Sequence[Text]) -> str:
    parts = []
    for text in texts:
        for passage in text.passages:
            if passage.has_shares and passage.distribution is not None:
                steps = ", ".join(f"{c.label} {e.printed}" for c, e in passage.distribution.steps)
            else:
                steps = "zu wenige Rückmeldungen für Anteile"
            parts.append(f"{passage.title}: {steps}")
    return f"Stellungnahmen je Abschnitt. {'; '.join(parts)}.".replace("\u00ad", "")

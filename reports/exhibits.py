"""Exhibits: a table or a figure with caption, question wording, base and remarks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reports import typography
from reports.contrasts import Contrast
from reports.estimates import Estimate
from reports.figures import Figure, weighting_of
from reports.summaries import Distribution, Ranking
from reports.tables import Status
from reports.unit_rates import Unit
from reports.wording import interval

WITHHELD = {
    Status.NOT_SHOWN: "*",
    Status.MERGED: "siehe Sammelgruppe",
    Status.NOT_ASKED: "–",
    Status.NOT_COMPUTABLE: "–",
    Status.HOMOGENEOUS: "≥\u00a090\u00a0%",
}
"""What stands in a cell without a number of its own."""

STAR = "* nicht ausgewiesen, zum Schutz der Befragten"
DASH = "– nicht berechnet"


SHORT_ROWS, SHORT_SIGNS = 12, 1200
"""Most rows and letters of a table that is not broken over two pages."""

NO_FIGURE = Figure(b"", "")
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; numbers are aligned to the right."""

    head: str
    number: bool = True
    width: str = ""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What stands around a table or figure so that it is understood alone.

    ``caption`` says what is shown, ``wording`` how it was asked, ``base`` who is counted.
    """

    id: str
    caption: str
    base: str = ""
    wording: str = ""
    notes: tuple[str, ...] = ()

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the exhibit."""
        yield from (self.caption, self.base, self.wording, *self.notes)


@dataclass(frozen=True, slots=True)
class Picture(Exhibit):
    """A figure as an exhibit."""

    figure: Figure = NO_FIGURE

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the exhibit."""
        yield from (self.caption, self.base, self.wording, *self.notes, self.figure.alt)


@dataclass(frozen=True, slots=True)
class Grid(Exhibit):
    """A table as an exhibit; the first cell of each row is its head."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def is_short(self) -> bool:
        """Whether the table stays on one page: few rows that are no long texts."""
        signs = sum(len(cell) for row in self.rows for cell in row)
        return len(self.rows) <= SHORT_ROWS and signs <= SHORT_SIGNS

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.id}: a row does not fit the columns")

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the exhibit."""
        yield from (self.caption, self.base, self.wording, *self.notes)
        yield from (column.head for column in self.columns)
        yield from (cell for row in self.rows for cell in row)


def even_parts(rows: Sequence[Row], most: int) -> Iterator[tuple[int, tuple[Row, ...]]]:
    """Rows in as few charts as hold ``most`` each, evenly: the place of the first, and the rows.

    >>> [(start, len(part)) for start, part in even_parts(range(25), 12)]
    [(0, 9), (9, 9), (18, 7)]
    """
    size = math.ceil(len(rows) / math.ceil(len(rows) / most)) if rows else 1
    for start in range(0, len(rows), size):
        yield start, tuple(rows[start : start + size])


def base_line(
    estimate: Estimate, weighted: Estimate | None = None, *, what: str = "gültige Antworten"
) -> str:
    """Who is counted: n valid answers of N people asked, and how many of them have a weight."""
    n = typography.count(estimate.base_n or 0)
    of = f" von {typography.count(estimate.base_N)} Befragten" if estimate.base_N else ""
    line = f"n\u00a0=\u00a0{n} {what}{of}"
    if weighted is None or weighted.base_n == estimate.base_n:
        return line
    return f"{line}, davon gewichtet n\u00a0=\u00a0{typography.count(weighted.base_n or 0)} {WHY}"


WHY = "(Gruppe bekannt)"
"""Why fewer answers are weighted than are valid."""


def ranking_table(ranking: Ranking) -> Grid:
    """Share in the top k with interval and possible places; unweighted beside weighted."""
    weighted = ranking.weighted
    rows = []
    for ranked in ranking.by_share:
        main = (ranked.share.printed, interval(ranked.share), _places(ranked.places))
        plain = (ranked.plain_share.printed, _places(ranked.plain_places))
        rows.append((ranked.label, *main, *(plain if weighted else ())))
    kind = "gewichtet" if weighted else "ungewichtet"
    beside = (Column("ungewichtet"), Column("Plätze")) if weighted else ()
    pairing = "gewichtet neben ungewichtet" if weighted else "ungewichtet"
    return Grid(
        id=f"ranking-table-{ranking.question.id}",
        caption=f"{ranking.measure[0].upper()}{ranking.measure[1:]} und mögliche Plätze, {pairing}",
        notes=(f"Unschärfe: 95‑%‑Unschärfebereich des Anteils ({kind}); n wie im Bild.",),
        columns=(
            Column("Themenfeld", number=False, width="36%"),
            Column(kind),
            Column("Unschärfe"),
            Column("Plätze"),
            *beside,
        ),
        rows=tuple(rows),
    )


def _places(places: object) -> str:
    low, high = getattr(places, "low", None), getattr(places, "high", None)
    if low is None or high is None:
        return "–"
    return str(low) if low == high else f"{low} bis {high}"


def units_table(units: Sequence[Unit], id: str, caption: str, head: str) -> Grid:
    """Asked, answered and rate of every unit, withheld and merged ones named."""
    rows = []
    for unit in units:
        asked = unit.domain.headcount
        people = typography.count(asked) if asked is not None else "–"
        if unit.answered is None:
            rows.append((unit.domain.label, people, WITHHELD[unit.status], WITHHELD[unit.status]))
        else:
            rate = unit.rate.printed if unit.rate is not None else "–"
            rows.append((unit.domain.label, people, typography.count(unit.answered), rate))
    return Grid(
        id=id,
        caption=caption,
        notes=_signs(rows),
        columns=(
            Column(head, number=False, width="46%"), Column("gefragt"), Column("geantwortet"),
            Column("Beteiligung"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _signs(rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    cells = {cell for row in rows for cell in row[1:]}
    return tuple(note for note in (STAR, DASH) if note[0] in cells)


def pairs_table(
    first: Sequence[Distribution], second: Sequence[Distribution], heads: tuple[str, str]
) -> Grid:
    """Two shares per row with their intervals and bases."""
    rows = []
    for one, other in zip(first, second, strict=True):
        cells: list[str] = [one.label]
        for row in (one, other):
            top = row.top2
            cells += [top.printed, interval(top)] if top is not None else ["–", "–"]
            cells.append(typography.count(row.base.base_n or 0))
        rows.append(tuple(cells))
    columns = [Column("Qualität", number=False, width="19%")]
    for head in heads:
        columns += [Column(head), Column("Unschärfe"), Column("n")]
    kind = weighting_of((*first, *second))
    return Grid(
        id="pairs-table",
        caption=f"Anteil der beiden höchsten Stufen ({kind}): {heads[0]} / {heads[1]}",
        notes=("Unschärfe: 95‑%‑Unschärfebereich. n: gültige Antworten.",),
        columns=tuple(columns),
        rows=tuple(rows),
    )


def distribution_table(rows: Sequence[Distribution], id: str, caption: str) -> Grid:
    """All steps of some scales in per cent of the valid answers, with n."""
    steps = rows[0].steps
    heads = [code.label for code, _ in steps]
    if len(rows) == 1:
        return _steps_table(rows[0], id, caption)
    same = all([code.label for code, _ in row.steps] == heads for row in rows)
    if not same:
        heads = [f"Stufe {place}" for place in range(1, len(steps) + 1)]
    lowest = () if same else ("Stufe 1 ist die niedrigste.",)
    return Grid(
        id=id,
        caption=f"{caption} ({weighting_of(rows)})",
        notes=("n: gültige Antworten.", *lowest),
        columns=(
            Column("", number=False, width="22%"), *(Column(head) for head in heads), Column("n"),
        ),
        rows=tuple(
            (row.label, *(estimate.printed for _, estimate in row.steps),
             typography.count(row.base.base_n or 0))
            for row in rows
        ),
    )  # fmt: skip


def _steps_table(row: Distribution, id: str, caption: str) -> Grid:
    """One scale by itself: a row per step."""
    return Grid(
        id=id,
        caption=f"{caption} ({weighting_of((row,))})",
        notes=("n: gültige Antworten.",),
        columns=(Column(row.label, number=False, width="60%"), Column("Anteil"), Column("n")),
        rows=tuple(
            (code.label, e.printed, typography.count(e.base_n or 0)) for code, e in row.steps
        ),
    )


def _size(contrast: Contrast) -> float:
    return -abs(contrast.difference.value or 0.0)


def _repeats(label: str, named: set[str]) -> bool:
    """Whether a net difference says again what the highest steps of the same scale say."""
    return label.endswith(NET) and label.removesuffix(NET) in named


NET = " (Saldo)"
"""What follows the label of a scale whose net difference is meant."""

MOST = 3
"""Differences of one unit that are named; the others are counted."""


def contrast_overview(
    by_unit: Sequence[tuple[str, Sequence[tuple[str, Contrast]]]], base: str
) -> Grid:
    """The units with a difference that holds, and the strongest of them; the others as a note."""
    rows, others = [], []
    for unit, found in by_unit:
        carried = [(label, contrast) for label, contrast in found if contrast.carried]
        named = {label for label, _ in carried}
        carried.sort(key=lambda entry: (_repeats(entry[0], named), _size(entry[1])))
        if carried:
            texts = [f"{label} {c.difference.printed}" for label, c in carried[:MOST]]
            more = len(carried) - MOST
            rest = f" und {typography.count(more)} weitere" if more > 0 else ""
            rows.append((unit, "; ".join(texts) + rest))
        else:
            others.append(unit)
    note = f"Kein klarer Unterschied bei: {'; '.join(others)}."
    return Grid(
        id="contrast-overview",
        caption="Klare Unterschiede zum Rest der Verwaltung, die größten jeder Dienststelle",
        base=base,
        notes=(note,) if others else (),
        columns=(Column("Dienststelle", number=False, width="40%"),
                 Column("Unterschied in Prozentpunkten", number=False)),
        rows=tuple(rows),
    )  # fmt: skip

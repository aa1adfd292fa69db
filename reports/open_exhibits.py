"""Tables of studies without inference: who took part, shares, groups side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reports import typography
from reports.estimates import Estimate, Results
from reports.exhibits import Column, Grid
from reports.summaries import Distribution, Ranking
from reports.tables import Domain
from reports.unit_rates import units

DASH = "–"


def composition_table(results: Results, by: str, head: str) -> Grid:
    """Ballots of every group of an attribute, and the group's share of the population if known."""
    rows, known, alike = [], False, False
    for unit in units(results, by):
        if unit.answered is None:
            continue
        where = {"by": by, "domain": unit.domain.code}
        part = results.find("", "composition", **where)
        people = results.find("", "population_share", **where)
        beside = results.find("", "composition_known", **where)
        known, alike = known or people is not None, alike or beside is not None
        cells = (unit.domain.label, typography.count(unit.answered), _printed(part))
        rows.append((*cells, _printed(beside), _printed(people)))
    width = "30%" if known and alike else "44%"
    columns = (Column(head, number=False, width=width), Column("Stimmzettel"), Column("Anteil"))
    if known:
        return Grid(
            id=f"composition-{by}",
            caption=f"{head}: Teilnehmende neben der Bevölkerung",
            notes=(
                *((ALIKE,) if alike else (UNLIKE,)),
                _source(results),
                f"{DASH} nicht verglichen.",
            ),
            columns=(
                *columns,
                *((Column("Anteil an den verglichenen"),) if alike else ()),
                Column("Anteil an der Bevölkerung"),
            ),
            rows=tuple(rows if alike else ((*row[:3], row[4]) for row in rows)),
        )
    return Grid(
        id=f"composition-{by}",
        caption=f"Teilnehmende nach: {head}",
        columns=columns,
        rows=tuple(row[:3] for row in rows),
    )


ALIKE = (
    "Verglichen werden die Gruppen, deren Bevölkerung bekannt ist; die übrigen Stimmzettel zählen "
    "im vorletzten Anteil nicht mit."
)
UNLIKE = (
    "Der Anteil an den Stimmzetteln zählt auch, wer in keiner Gruppe mit bekannter Bevölkerung "
    "ist; die beiden Anteile lassen sich deshalb nicht unmittelbar vergleichen."
)


def _source(results: Results) -> str:
    known = results.release.study.composition
    parts = [part for part in (known.source, _day(known.date)) if part] if known else []
    return f"Bevölkerung: {', '.join(parts) or 'Angabe der Stadt'}; nur zur Einordnung."


def _day(text: str) -> str:
    """An ISO date in German; any other text as it is."""
    try:
        return typography.date_de(date.fromisoformat(text))
    except ValueError:
        return text


def _printed(row: Estimate | None) -> str:
    return row.printed if row is not None and row.value is not None else DASH


def shares_table(results: Results, ranking: Ranking) -> Grid:
    """Share, first choice and the shift without untouched lists, in the questionnaire's order."""
    id = ranking.question.id
    shift = [results.find(id, "without_untouched", e.element) for e in ranking.elements]
    shifted = any(row is not None and row.value is not None for row in shift)
    rows = []
    for ranked, moved in zip(ranking.elements, shift, strict=True):
        first = results.find(id, "first", ranked.element)
        cells = (ranked.label, ranked.plain_share.printed, _printed(first))
        rows.append((*cells, _printed(moved)) if shifted else cells)
    columns = (
        Column("Themenfeld", number=False, width="46%"), Column(ranking.measure),
        Column("auf Platz\u00a01"),
    )  # fmt: skip
    note = (
        "Letzte Spalte: Änderung des Anteils, wenn Listen in der gezeigten Reihenfolge nicht "
        "mitzählen."
    )
    return Grid(
        id=f"shares-{id}",
        caption="Anteile in der Reihenfolge des Fragebogens",
        notes=("n wie im Bild.", *((note,) if shifted else ())),
        columns=(*columns, Column("ohne solche Listen")) if shifted else columns,
        rows=tuple(rows),
    )


def groups_table(
    results: Results, ranking: Ranking, by: str, title: str, statistic: str = "top_k"
) -> Grid | None:
    """The shares of all elements, one column per group of an attribute; None without groups."""
    item = ranking.question.id
    if statistic == "share":
        item = ranking.question.variables[0].name
    cells = [
        (e.label, [(d, results.find(item, statistic, e.element, by=by, domain=d.code)) for d in
                   _groups(results, by)])
        for e in ranking.elements
    ]  # fmt: skip
    return _side_by_side(f"groups-{item}-{by}", title, cells)


def rated_groups_table(
    results: Results, rows: Sequence[Distribution], by: str, title: str
) -> Grid | None:
    """The two highest steps of every row, one column per group; None without groups."""
    cells = [
        (row.label, [(d, results.find(row.variable.name, "top2", by=by, domain=d.code)) for d in
                     _groups(results, by)])
        for row in rows
    ]  # fmt: skip
    return _side_by_side(f"groups-{rows[0].question.id}-{by}", title, cells) if cells else None


def _groups(results: Results, by: str) -> list[Domain]:
    return [unit.domain for unit in units(results, by) if unit.answered is not None]


def _side_by_side(
    id: str, title: str, cells: Sequence[tuple[str, list[tuple[Domain, Estimate | None]]]]
) -> Grid | None:
    shown = [
        place
        for place in range(len(cells[0][1]) if cells else 0)
        if any(own[place][1] is not None and own[place][1].value is not None for _, own in cells)  # type: ignore[union-attr]
    ]
    if len(shown) < 2:
        return None
    heads = []
    for place in shown:
        bases = [own[place][1].base_n or 0 for _, own in cells if own[place][1] is not None]  # type: ignore[union-attr]
        low, high = typography.count(min(bases)), typography.count(max(bases))
        n = low if low == high else f"{low} bis {high}"
        heads.append(Column(f"{cells[0][1][place][0].label} (n\u00a0=\u00a0{n})"))
    rows = tuple((label, *(_printed(own[place][1]) for place in shown)) for label, own in cells)
    dash = f" {DASH} nicht gezeigt." if any(DASH in row[1:] for row in rows) else ""
    return Grid(
        id=id,
        caption=title,
        notes=(f"n: gültige Antworten der Gruppe.{dash}",),
        columns=(Column("", number=False, width="30%"), *heads),
        rows=rows,
    )

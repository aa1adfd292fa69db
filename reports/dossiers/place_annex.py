"""Which places departments may have among all: chart and table that stand for a league table."""

from __future__ import annotations

from collections.abc import Sequence

from reports import summaries, typography
from reports.dossier import Block, Paragraph, Section
from reports.estimates import Estimate, Results
from reports.exhibits import Column, Grid, Picture, even_parts
from reports.place_figures import places_figure
from reports.unit_figures import MOST_ROWS
from reports.unit_rates import Unit
from reports.wording import interval
from survey.codebook import Question, Variable

STATISTIC = "group_place"

READ = (
    "Wo sich die möglichen Plätze zweier Gruppen nicht überschneiden, ist der Unterschied klar; wo "
    "sie sich überschneiden, wird keine Reihenfolge genannt. Die möglichen Plätze aller Gruppen "
    "gelten gemeinsam; eine Rangliste sind sie nicht. Gezeigt ist die erste Skala des Fragebogens; "
    "die Tabelle neben diesem Bericht nennt mögliche Plätze zu jeder."
)
NONE_APART = "Hier überschneiden sich die möglichen Plätze aller Gruppen."
FIRST = (
    "Der erste Platz hieße: der höchste Anteil aller gezeigten Gruppen. In der Reihenfolge des "
    "Fragebogens, ungewichtet."
)

Placed = list[tuple[str, Estimate, Estimate]]


def places(results: Results, by: str, shown: Sequence[Unit]) -> list[Section]:
    """The first scale of which departments have possible places; [] where there is none."""
    for question in results.release.codebook:
        for variable in question.variables:
            rows = _rows(results, by, shown, variable.name)
            if len(rows) > 1:
                return [_section(results, by, question, variable, rows)]
    return []


def _rows(results: Results, by: str, shown: Sequence[Unit], item: str) -> Placed:
    rows = []
    for unit in shown:
        share = results.find(item, "top2", by=by, domain=unit.domain.code)
        place = results.find(item, STATISTIC, by=by, domain=unit.domain.code)
        if share is None or share.value is None or place is None or place.low is None:
            continue
        rows.append((unit.domain.label, share, place))
    return rows


def _section(
    results: Results, by: str, question: Question, variable: Variable, rows: Placed
) -> Section:
    several = len(question.variables) > 1
    label = summaries.short(variable.label if several else summaries.asked_about(question))
    what = f"{label}: Anteil der beiden höchsten Stufen und mögliche Plätze"
    base = "n: gültige Antworten der Dienststelle"
    groups = len([r for r in results.select(variable.name, STATISTIC, by) if r.low is not None])
    lows, highs = zip(*((row.low or 0, row.high or 0) for _, _, row in rows), strict=True)
    alike = max(lows) <= min(highs)
    blocks: list[Block] = [Paragraph(f"{READ} {NONE_APART}" if alike else READ)]
    for start, part in even_parts(rows, MOST_ROWS):
        picture = Picture(
            id=f"places-{start}",
            caption=f"{what} je Dienststelle",
            base="Ungewichtet",
            wording=question.text,
            notes=(FIRST,),
            figure=places_figure(part, groups, "beide höchsten Stufen"),
        )
        blocks.append(picture)
    blocks.append(_table(what, base, question.text, rows))
    return Section("dienststellen-plaetze", f"Dienststellen: mögliche Plätze ({label})",
                   tuple(blocks))  # fmt: skip


def _table(what: str, base: str, text: str, rows: Placed) -> Grid:
    return Grid(
        id="places-table",
        caption=f"{what} je Dienststelle",
        base=base,
        wording=text,
        notes=(FIRST,),
        columns=(
            Column("Dienststelle", number=False, width="40%"), Column("beide höchsten Stufen"),
            Column("Unschärfe"), Column("mögliche Plätze"), Column("n"),
        ),
        rows=tuple(
            (name, share.printed, interval(share), place.printed,
             typography.count(share.base_n or 0))
            for name, share, place in rows
        ),
    )  # fmt: skip

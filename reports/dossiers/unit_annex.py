"""Departments in full: every item by every department on landscape pages, dots and funnel."""

from __future__ import annotations

from collections.abc import Sequence

from reports import summaries, typography, unit_rates
from reports.beside_figures import funnel_figure, units_figure
from reports.domains import NO_ANSWER
from reports.dossier import Block, Paragraph, Section
from reports.dossiers.chapters import attribute, rankings
from reports.dossiers.place_annex import places
from reports.dossiers.question_annex import printed
from reports.estimates import Estimate, Results
from reports.exhibits import STAR, Column, Grid, Picture
from reports.preferences import is_full
from reports.score_summaries import elements, score_of
from reports.unit_figures import MOST_ROWS
from reports.unit_rates import Unit
from survey.codebook import Question, Role, Scale

WIDE = 9
"""Columns of shares on one landscape page."""

Cell = tuple[str, str, str, str]
"""Item, statistic, category and head of one column."""


def units(results: Results) -> tuple[Section, ...]:
    """Everything by department; () where no department was released."""
    by = attribute(results, Role.DEPARTMENT)
    shown = tuple(u for u in unit_rates.units(results, by) if u.answered is not None) if by else ()
    if len(shown) < 2:
        return ()
    sections = [*_pictures(results, by, shown)]
    for name, title, text, cells in _tables(results):
        for start in range(0, len(cells), WIDE):
            part = cells[start : start + WIDE]
            more = " (Fortsetzung)" if start else ""
            section = _table(results, by, f"{name}-{start}", (title + more, text), part)
            sections += [section] if section is not None else []
    return tuple(sections)


def _cells(question: Question) -> list[Cell]:
    if question.role in (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC):
        return []
    if (score := score_of(question)) is not None:
        return [(question.id, score.statistic, name, label)
                for name, label in elements(question)]  # fmt: skip
    if question.scale is Scale.RANK:
        statistic = "first" if is_full(question) else "top_k"
        return [(question.id, statistic, v.element, summaries.short(v.label))
                for v in question.variables]  # fmt: skip
    several = len(question.variables) > 1
    if question.scale is Scale.ORDINAL:
        title = summaries.short(summaries.asked_about(question))
        return [(v.name, "top2", "", summaries.short(v.label) if several else title)
                for v in question.variables]  # fmt: skip
    if question.scale is Scale.NOMINAL:
        return [(v.name, "share", code.name, summaries.short(code.label))
                for v in question.variables for code in v.answers]  # fmt: skip
    return []


def _tables(results: Results) -> list[tuple[str, str, str, list[Cell]]]:
    """Id, title, wording and columns of each table; single scales share one."""
    found, single = [], list[Cell]()
    for question in results.release.codebook:
        cells = _cells(question)
        title = summaries.short(question.title or question.text)
        if question.scale is Scale.ORDINAL and len(question.variables) == 1:
            single += cells
            continue
        what = {Scale.ORDINAL: "beide höchsten Stufen", Scale.RANK: summaries.top_places(question)}
        score = score_of(question)
        measure = score.name if score else what.get(question.scale, "Anteil")
        found.append((question.id, f"{title} ({measure})", question.text, cells))
    if single:
        found.append(("single", "Einzelne Einschätzungen (beide höchsten Stufen)", "", single))
    return found


def _table(
    results: Results, by: str, name: str, titles: tuple[str, str], cells: Sequence[Cell]
) -> Section | None:
    rows = []
    for unit in unit_rates.units(results, by):
        found = [
            results.find(item, statistic, category, by=by, domain=unit.domain.code)
            for item, statistic, category, _ in cells
        ]
        if all(row is None for row in found):
            continue
        bases = [row.base_n for row in found if row is not None and row.value is not None]
        n = typography.count(min(b or 0 for b in bases)) if bases else "*"
        rows.append((unit.domain.label, *(printed(row) for row in found), n))
    if not rows or all(cell in ("*", "–") for row in rows for cell in row[1:]):
        return None
    width = f"{66 / (len(cells) + 1):.1f}%"
    title, text = titles
    grid = Grid(
        id=f"by-{name}",
        caption=f"{title}, je Dienststelle, ungewichtet",
        wording=text,
        notes=(
            f"n: kleinste Zahl gültiger Antworten der Zeile. {STAR}; – nicht berechnet; "
            "in der Reihenfolge des Fragebogens, keine Rangliste.",
        ),
        columns=(
            Column("Dienststelle", number=False, width="34%"),
            *(Column(head, width=width) for *_, head in cells), Column("n"),
        ),
        rows=tuple(rows),
    )  # fmt: skip
    return Section(f"nach-{name}", f"Nach Dienststelle: {title}", (grid,), wide=True)


def _pictures(results: Results, by: str, shown: Sequence[Unit]) -> list[Section]:
    """Dots with intervals and funnel of the first ranking's first field or of the first scale."""
    found = next(iter(rankings(results)), None)
    sections: list[Section] = []
    if found is not None:
        first = found.by_share[0]
        statistic = "first" if found.full else "top_k"
        item, category, label = found.question.id, first.element, first.label
        rows = _rows(results, by, shown, item, statistic, category)
        whole = results.find(item, statistic, category)
        blocks = _dots(rows, whole, f"{label}: {found.measure}", found.question.text, "ranking")
        sections += [Section("dienststellen-punkte", f"Dienststellen: {label}", tuple(blocks))]
    sections += _funnels(results, by, shown)
    sections += places(results, by, shown)
    return [section for section in sections if section.blocks]


def _rows(
    results: Results, by: str, shown: Sequence[Unit], item: str, statistic: str, category: str
) -> list[tuple[str, Estimate]]:
    found = (
        (unit.domain, results.find(item, statistic, category, by=by, domain=unit.domain.code))
        for unit in shown
    )
    return [(d.label, row) for d, row in found if row is not None and row.value is not None]


def _dots(
    rows: Sequence[tuple[str, Estimate]], whole: Estimate | None, head: str, text: str, id: str
) -> list[Block]:
    blocks: list[Block] = []
    if whole is None or whole.value is None:
        return blocks
    for start in range(0, len(rows), MOST_ROWS):
        part = rows[start : start + MOST_ROWS]
        blocks.append(
            Picture(
                id=f"dots-{id}-{start}",
                caption=f"{head}, je Dienststelle{_with_intervals(part)}, ungewichtet",
                base="n: gültige Antworten der Dienststelle",
                wording=text,
                notes=("In der Reihenfolge des Fragebogens, keine Rangliste.",),
                figure=units_figure(part, whole, head),
            )
        )
    return blocks


def _with_intervals(rows: Sequence[tuple[str, Estimate]]) -> str:
    return " mit Unschärfebereich" if any(row.low is not None for _, row in rows) else ""


def _funnels(results: Results, by: str, shown: Sequence[Unit]) -> list[Section]:
    """One funnel: the first scale of which every unit's place was computed."""
    for row in results.select(statistic="funnel", by=by):
        rows = []
        for unit in shown:
            where = {"by": by, "domain": unit.domain.code}
            share = results.find(row.item, "top2", **where)
            limits = results.find(row.item, "funnel", row.category, **where)
            if share is None or share.value is None or limits is None or limits.low is None:
                continue
            if unit.domain.code != NO_ANSWER:
                rows.append((unit.domain.label, share, limits))
        if len(rows) < 4:
            continue
        owner = {v.name: (q, v) for q in results.release.codebook for v in q.variables}
        question, variable = owner[row.item]
        several = len(question.variables) > 1
        label = summaries.short(variable.label if several else question.title)
        head = f"{label}: Anteil der beiden höchsten Stufen"
        picture = Picture(
            id="funnel",
            caption=f"{head} über der Zahl der Antworten, ungewichtet",
            base="n: gültige Antworten der Dienststelle",
            wording=question.text,
            notes=(
                "Gestrichelt: wo eine Gruppe dieser Größe durch Zufall läge, wenn sie wie alle "
                "anderen antwortete. Gefüllt: außerhalb. Bei vielen Dienststellen liegen einige "
                "auch ohne Unterschied außerhalb.",
            ),
            figure=funnel_figure(rows, head),
        )
        text = "Kleine Gruppen streuen stärker; deshalb sagt ein äußerer Wert allein noch nichts."
        blocks = (Paragraph(text), picture)
        return [Section("trichter", "Dienststellen: Zufall und Größe", blocks)]
    return []

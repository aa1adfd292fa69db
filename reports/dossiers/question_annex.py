"""Every question by itself: wording, valid answers, no answer, all shares with their limits."""

from __future__ import annotations

from reports import summaries, typography
from reports.bar_figures import choice_figure
from reports.class_words import QUARTILES, class_words
from reports.dossier import Block, Heading, Paragraph, Section
from reports.dossiers.score_annex import score_blocks
from reports.estimates import Estimate, Results
from reports.estimators import SUFFIX
from reports.exhibits import WITHHELD, Column, Grid, Picture
from reports.pair_figures import pairwise_figure
from reports.tables import Status
from reports.wording import interval
from survey.codebook import Question, Role, Scale, Variable

PLACED = (
    ("top_k", "unter den ersten"), ("first", "erste Wahl"), ("mean_rank", "mittlerer Rang"),
    ("borda", "Punkte"), ("worth", "Anteil am Gewicht"), ("rank_set", "mögliche Plätze"),
)  # fmt: skip
"""Statistics of each element of a ranking, with the heads of their columns."""

CLASS = "class_share"

SCALED = (
    ("top2", "beide höchsten"), ("bottom2", "beide niedrigsten"), ("net", "Saldo"),
    ("mean", "Mittel"), ("median", "Median"),
)  # fmt: skip
"""Statistics of each row of a scale."""


PREFIX = "frage-"
"""What stands before a question in the id of its section."""


def questions(results: Results) -> tuple[Section, ...]:
    """One section for each question that has released figures of everybody."""
    found = [_section(results, question) for question in results.release.codebook]
    return tuple(section for section in found if section is not None)


def _section(results: Results, question: Question) -> Section | None:
    if question.scale is Scale.RANK:
        blocks = _ranking(results, question)
    elif question.scale in (Scale.ORDINAL, Scale.NOMINAL, Scale.CHECK):
        blocks = _shares(results, question)
    else:
        blocks = _numbers(results, question)
    blocks = [*score_blocks(results, question), *blocks]
    if not blocks:
        return None
    head = Paragraph(f"Frage: {question.text}", "asked")
    title = f"Alle Zahlen: {summaries.short(question.title or question.text)}"
    return Section(f"{PREFIX}{question.id}", title, (head, *blocks), new_page=False)


def _shares(results: Results, question: Question) -> list[Block]:
    """A table for each variable with few answers, one for all rows of a list."""
    blocks: list[Block] = []
    if len(question.variables) == 1 and question.scale is not Scale.CHECK:
        (variable,) = question.variables
        blocks += _one(results, question, variable)
    elif question.scale is Scale.CHECK:
        blocks += _options(results, question)
    else:
        for variable in question.variables:
            grid = _distribution(results, question, variable)
            blocks += [grid] if grid is not None else []
    if question.scale is Scale.ORDINAL and blocks:
        blocks.append(_summary(results, question))
    return blocks


def _one(results: Results, question: Question, variable: Variable) -> list[Block]:
    grid = _distribution(results, question, variable)
    if grid is None:
        return []
    choice = summaries.distribution(results, question, variable)
    drawn = question.role is Role.PREFERENCE  # by the chapters before the annex
    if question.scale is not Scale.NOMINAL or choice is None or len(choice.steps) > 12 or drawn:
        return [grid]
    picture = Picture(
        id=f"all-{question.id}",
        caption="Alle Antworten in der Reihenfolge des Fragebogens",
        base=_base(choice.base),
        figure=choice_figure(choice),
    )
    return [picture, grid]


def _base(row: Estimate) -> str:
    of = f" von {typography.count(row.base_N)} Befragten" if row.base_N else ""
    return f"n\u00a0=\u00a0{typography.count(row.base_n or 0)} gültige Antworten{of}"


def _distribution(results: Results, question: Question, variable: Variable) -> Grid | None:
    """Shares of all answers, weighted and unweighted with limits, and of no answer."""
    rows, several = [], len(question.variables) > 1
    first: Estimate | None = None
    for code in variable.answers:
        plain = results.find(variable.name, "share", code.name)
        if plain is None:
            continue
        first = first or plain
        even = results.find(variable.name, "share" + SUFFIX, code.name)
        rows.append((code.label, *_pair(even), *_pair(plain)))
    if first is None or first.value is None:
        return None
    for name, text in summaries.REASONS.items():
        row = results.find(variable.name, "missing", name)
        if row is not None and row.value is not None:
            rows.append((f"{text} (an allen, die teilgenommen haben)", "–", "–", *_pair(row)))
    label = summaries.row_name(question, variable) if several else summaries.short(question.title)
    return Grid(
        id=f"shares-{variable.name}",
        caption=label or summaries.short(question.text),
        base=_base(first),
        notes=("Anteile an den gültigen Antworten. – nicht berechnet.",),
        columns=(
            Column("Antwort", number=False, width="36%"), Column("gewichtet"), Column("Unschärfe"),
            Column("ungewichtet"), Column("Unschärfe"),
        ) if _inferred(results) else (
            Column("Antwort", number=False, width="36%"), Column("gewichtet"), Column("von … bis"),
            Column("ungewichtet"), Column("von … bis"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _inferred(results: Results) -> bool:
    return any(row.low is not None for row in results.select(statistic="share", by=""))


def _pair(row: Estimate | None) -> tuple[str, str]:
    return (printed(row), interval(row)) if row is not None else ("–", "–")


def printed(row: Estimate | None) -> str:
    """What stands in a cell for a row, with or without a value."""
    if row is None:
        return "–"
    if row.value is None and row.status in WITHHELD and row.status is not Status.MERGED:
        return WITHHELD[row.status]
    return row.printed or "–"


def _options(results: Results, question: Question) -> list[Block]:
    rows = []
    base: Estimate | None = None
    for variable in question.variables:
        row = next(iter(results.select(variable.name, "share", "")), None)
        if row is None or row.value is None:
            continue
        base = base or row
        even = results.find(variable.name, "share" + SUFFIX, row.category)
        rows.append((summaries.short(variable.label), *_pair(even), *_pair(row)))
    if base is None:
        return []
    return [
        Grid(
            id=f"options-{question.id}",
            caption=question.title or "Mehrfachauswahl",
            base=_base(base),
            notes=("Anteile derer, die die Angabe gewählt haben. – nicht berechnet.",),
            columns=(
                Column("Angabe", number=False, width="36%"), Column("gewichtet"),
                Column("von … bis"), Column("ungewichtet"), Column("von … bis"),
            ),
            rows=tuple(rows),
        )
    ]  # fmt: skip


def _summary(results: Results, question: Question) -> Grid:
    """Sums, means and medians of all rows of a scale, weighted where they could be."""
    rows = []
    for variable in question.variables:
        cells = [printed(summaries.main(results, variable.name, name)) for name, _ in SCALED]
        top = summaries.main(results, variable.name, "top2")
        label = summaries.short(variable.label if len(question.variables) > 1 else question.title)
        n = typography.count(top.base_n or 0) if top is not None else "–"
        rows.append((label, *cells, n))
    return Grid(
        id=f"summary-{question.id}",
        caption="Zusammenfassung je Zeile (gewichtet, wo möglich)",
        notes=(
            "Saldo: die beiden höchsten weniger die beiden niedrigsten Stufen.",
            "– nicht berechnet.",
        ),
        columns=(
            Column("", number=False, width="30%"), *(Column(head) for _, head in SCALED),
            Column("n"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def _ranking(results: Results, question: Question) -> list[Block]:
    shown = [(name, head) for name, head in PLACED if _has_values(results, question, name)]
    rows = []
    for variable in question.variables:
        found = [_main(results, question.id, name, variable.element) for name, _ in shown]
        if all(row is None for row in found):
            continue
        rows.append((summaries.short(variable.label), *(printed(row) for row in found)))
    if not rows or not shown:
        return []
    grid = Grid(
        id=f"elements-{question.id}",
        caption="Alle Kennzahlen der Rangfolge (gewichtet, wo möglich)",
        base=_base(results.select(question.id, shown[0][0], "")[0]),
        notes=(
            "Punkte: wie viele Felder im Mittel dahinter stehen. Anteil am Gewicht: "
            "Plackett‑Luce‑Modell, Summe eins. – nicht berechnet.",
        ),
        columns=(Column("Feld", number=False, width="30%"), *(Column(h) for _, h in shown)),
        rows=tuple(rows),
    )
    return [grid, *_pairs(results, question), *_silence(results, question)]


def _main(results: Results, item: str, statistic: str, element: str) -> Estimate | None:
    """The weighted row if it holds a value or places, else the unweighted one."""
    even = results.find(item, statistic + SUFFIX, element)
    if even is not None and (even.value is not None or even.low is not None):
        return even
    return results.find(item, statistic, element)


def _has_values(results: Results, question: Question, statistic: str) -> bool:
    rows = results.select(question.id, statistic, "")
    return any(row.value is not None or row.low is not None for row in rows)


def _silence(results: Results, question: Question) -> list[Block]:
    parts = [
        f"{text} {row.printed}"
        for name, text in summaries.REASONS.items()
        if (row := results.find(question.id, "missing", name)) is not None and row.value is not None
    ]
    return [Paragraph(f"Ohne Antwort: {typography.listed(parts)}.")] if parts else []


def _pairs(results: Results, question: Question) -> list[Block]:
    names = [variable.element for variable in question.variables]

    def wins(one: int, other: int) -> Estimate | None:
        row = results.find(question.id, "pairwise", f"{names[one]}>{names[other]}")
        return row if row is not None and row.value is not None else None

    if len(names) > 10 or wins(0, 1) is None:
        return []
    labels = [summaries.short(variable.label) for variable in question.variables]
    picture = Picture(
        id=f"pairs-{question.id}",
        caption="Jedes Feld gegen jedes: Anteil, der das Feld der Zeile vor das der Spalte setzt",
        base=f"{_base(results.select(question.id, 'pairwise', '')[0])}, ungewichtet",
        notes=("Was zu hundert fehlt, setzt beide gleich.",),
        figure=pairwise_figure(labels, wins),
    )
    return [Heading("Paarvergleiche"), picture]


def _numbers(results: Results, question: Question) -> list[Block]:
    blocks: list[Block] = []
    for variable in question.variables:
        rows = [
            (_figure(row), row.printed, interval(row) if row.statistic == CLASS else limits(row))
            for name in (CLASS, "median", "quantile", "mean")
            for row in results.select(variable.name, name, "")
            if row.value is not None
        ]
        base = next(iter(results.select(variable.name, None, "")), None)
        if rows and base is not None:
            blocks.append(
                Grid(
                    id=f"numbers-{variable.name}",
                    caption=summaries.short(question.title or variable.label),
                    base=_base(base),
                    columns=(Column("Angabe", number=False), Column("Wert"), Column("von … bis")),
                    rows=tuple(rows),
                )
            )
    return blocks


def _figure(row: Estimate) -> str:
    """What a row of a typed number or date is."""
    named = QUARTILES.get((row.statistic, row.category))
    return named or class_words(row.category)


def limits(row: Estimate) -> str:
    """The limits of a mean or quartile in the unit of the answers; "–" for days and without any."""
    if row.low is None or row.high is None or row.printed.count(".") == 2:
        return "–"
    return f"{typography.decimal(row.low, 2)} bis {typography.decimal(row.high, 2)}"

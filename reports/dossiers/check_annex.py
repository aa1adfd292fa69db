"""Weights, tests, order effects, quality of the answers, what is not shown, and a glossary."""

from __future__ import annotations

from reports import summaries, typography
from reports.contrasts import unit_contrasts
from reports.dossier import Block, Facts, Paragraph, Points, Section
from reports.dossiers.chapters import attribute
from reports.estimates import Estimate, Results
from reports.exhibits import Column, Grid, Picture, even_parts
from reports.pair_figures import weighting_figure
from reports.wording import interval, named
from survey.codebook import Role
from survey.study import Regime

WEIGHTS = (
    ("weight_min", "Kleinstes Gewicht"), ("weight_max", "Größtes Gewicht"),
    ("deff", "Streuung vergrößert um den Faktor"),
    ("weight_deviation", "Größte Abweichung eines Randes"),
    ("weight_trimmed", "Bögen mit gekapptem Gewicht"),
)  # fmt: skip

MOST_PAIRS = 12
"""Rows of one picture of weighted beside unweighted shares."""

TERMS = (
    ("Anteil", "Teil der gültigen Antworten; wer nichts sagt, ist eigens gezeigt."),
    ("gültige Antwort", "eine Antwort auf die Frage; nicht „weiß nicht“ und nicht leer."),
    ("gewichtet", "Gruppen zählen so viel wie in der ganzen Belegschaft."),
    ("Unschärfebereich", "Bereich, der den Wert aller in 95 von 100 solchen Befragungen enthält, "
     "wenn die anderen denken wie jene, die geantwortet haben."),
    ("mögliche Plätze", "Plätze, die mit den Antworten vereinbar sind, alle Felder gemeinsam."),
    ("klarer Unterschied", "ein Unterschied, der auch hält, wenn alle Vergleiche gemeinsam "
     "geprüft werden (Verfahren von Holm)."),
    ("p nach Holm", "wie gut der Zufall allein einen Unterschied erklärt, für alle Vergleiche "
     "gemeinsam; klein heißt schlecht."),
    ("p nach Benjamini und Hochberg", "dasselbe, nur zum Vorsortieren; trägt keine Aussage."),
    ("Saldo", "Anteil der beiden höchsten weniger Anteil der beiden niedrigsten Stufen."),
    ("nicht ausgewiesen", "Zahl bleibt zum Schutz der Befragten weg."),
)  # fmt: skip

_OPEN = ("Unschärfebereich", "mögliche Plätze", "klarer Unterschied", "p nach Holm",
         "p nach Benjamini und Hochberg", "gewichtet")  # fmt: skip


def owners(results: Results) -> dict[str, str]:
    """A label for every item of the table."""
    found = {}
    for question in results.release.codebook:
        title = summaries.short(question.title or question.text)
        found[question.id] = title
        for variable in question.variables:
            several = len(question.variables) > 1
            own = f"{summaries.row_name(question, variable)} – {title}" if several else title
            found.setdefault(variable.name, own)
    return found


def weights(results: Results) -> tuple[Section, ...]:
    """Weighted beside unweighted shares of everything that is weighted, and the weights."""
    labels, rows = owners(results), list[tuple[str, Estimate, Estimate]]()
    elements = {(q.id, v.element): summaries.short(v.label)
                for q in results.release.codebook for v in q.variables}  # fmt: skip
    for name in ("top_k", "top2"):
        for row in results.select(statistic=f"{name}_weighted", by=""):
            plain = results.find(row.item, name, row.category)
            if row.value is not None and plain is not None and plain.value is not None:
                label = elements.get((row.item, row.category), labels[row.item])
                rows.append((label, row, plain))
    if not rows:
        return ()
    blocks: list[Block] = []
    named_rows = [(text, results.find("", name)) for name, text in WEIGHTS]
    facts = [(text, row.printed) for text, row in named_rows if row is not None and row.printed]
    if facts:
        blocks.append(Facts(tuple(facts), boxed=True))
    for start, part in even_parts(rows, MOST_PAIRS):
        blocks.append(
            Picture(
                id=f"weighting-{start}",
                caption="Gewichtet neben ungewichtet: unter den ersten oder beide höchsten Stufen",
                base="Anteile an den gültigen Antworten; n in den Tabellen der Fragen",
                figure=weighting_figure(part),
            )
        )
    return (Section("gewichtung", "Was die Gewichtung ändert", tuple(blocks), new_page=False),)


def tests(results: Results) -> tuple[Section, ...]:
    """Whether groups differ at all, and every difference that holds with its corrected p."""
    if results.release.study.regime is not Regime.CENSUS_ATTEMPT:
        return ()
    labels = owners(results)
    gates = [
        (labels[row.item], labels.get(row.domain_variable, row.domain_variable), row.printed,
         _printed(results.find(row.item, "cramers_v", row.category, by=row.domain_variable)))
        for row in results.select(statistic="differ_p") if row.value is not None
    ]  # fmt: skip
    blocks: list[Block] = []
    if gates:
        blocks.append(Grid(
            id="gates", caption="Ob sich Gruppen überhaupt unterscheiden",
            notes=("p: Rao und Scott, vor einzelnen Vergleichen. V: Stärke nach Cramér, "
                   "null bis eins. – nicht berechnet.",),
            columns=(Column("Frage", number=False, width="56%"), Column("nach", number=False),
                     Column("p"), Column("V")),
            rows=tuple(gates),
        ))  # fmt: skip
    blocks += _differences(results, labels)
    section = Section("pruefungen", "Prüfungen", tuple(blocks), new_page=False)
    return (section,) if blocks else ()


def _differences(results: Results, labels: dict[str, str]) -> list[Block]:
    by = attribute(results, Role.DEPARTMENT)
    elements = {(q.id, v.element): summaries.short(v.label)
                for q in results.release.codebook for v in q.variables}  # fmt: skip
    keys = dict.fromkeys(
        (row.item, row.category)
        for row in results.select(statistic="diff_rest_p", by=by)
        if row.value is not None
    )
    rows = []
    for item, category in keys:
        label = elements.get((item, category), labels[item])
        label += " (Saldo)" if category == "net" else ""
        for found in unit_contrasts(results, item, by, category):
            if found.carried:
                where = {"by": by, "domain": found.domain.code}
                q = results.find(item, "diff_rest_q", category, **where)
                rows.append((found.domain.label, label, found.difference.printed,
                             _printed(found.p), _printed(q)))  # fmt: skip
    if not rows:
        return []
    return [Grid(
        id="tests", caption="Alle klaren Unterschiede von Dienststellen zum Rest",
        notes=("Alle anderen geprüften Unterschiede stehen in der Tabelle neben diesem Bericht "
               "(Spalte statistic: diff_rest). – nicht berechnet.",),
        columns=(Column("Dienststelle", number=False, width="31%"),
                 Column("Feld oder Zeile", number=False, width="31%"), Column("Unterschied"),
                 Column("p nach Holm"), Column("p nach B. und H.")),
        rows=tuple(rows),
    )]  # fmt: skip


def _printed(row: Estimate | None) -> str:
    return row.printed if row is not None and row.value is not None else "–"


QUALITY = (
    ("alpha", "Zuverlässigkeit als eine Skala (Cronbach)"),
    ("straightlining", "ganze Liste auf einer Stufe"),
    ("untouched", "Rangfolge in der gezeigten Reihenfolge"),
    ("repeated", "alle Antworten kamen mehrfach vor"),
    ("order_effect", "zuerst gezeigt weniger zuletzt gezeigt"),
    ("kendall_w", "Einigkeit der Rangfolgen, null bis eins"),
)


def quality(results: Results) -> tuple[Section, ...]:
    """Order effects, reliability, and ballots that look inattentive."""
    labels = owners(results)
    rows = [
        (labels.get(row.item, "ganzer Fragebogen"), text, row.printed,
         interval(row) if row.printed.endswith("%") else "–")
        for name, text in QUALITY
        for row in results.select(statistic=name, by="")
        if row.value is not None and row.printed
    ]  # fmt: skip
    if not rows:
        return ()
    spread = "Unschärfe" if results.release.study.regime is Regime.CENSUS_ATTEMPT else "von … bis"
    grid = Grid(
        id="quality", caption="Reihenfolge, Zuverlässigkeit, auffällige Stimmzettel",
        notes=("– nicht berechnet. Auffällige Stimmzettel zählen überall mit.",),
        columns=(Column("Frage", number=False, width="34%"),
                 Column("Kennzahl", number=False, width="38%"), Column("Wert"), Column(spread)),
        rows=tuple(rows),
    )  # fmt: skip
    return (Section("guete", "Güte der Antworten", (grid,), new_page=False),)


def withheld(results: Results) -> Section:
    """What is not shown, without a hint why a single one is not."""
    labels, items = owners(results), []
    for by, groups in results.release.withheld.items():
        names = [domain.label for domain, _ in groups if domain.label]
        if names and by in labels:
            items.append(f"Nach {named(labels[by])} ohne eigene Zahlen: "
                         f"{typography.listed(names)}.")  # fmt: skip
    rows = sum(row.value is None and row.status == "not_shown" for row in results)
    text = (
        "Einzelne Zahlen fehlen, wo sie allein oder zusammen mit anderen auf kleine Gruppen "
        "schließen ließen; in der Tabelle neben diesem Bericht tragen sie den Vermerk not_shown."
        if rows
        else "Über ganze Gruppen hinaus fehlt keine Zahl."
    )
    blocks: list[Block] = [Paragraph(text)]
    if items:
        blocks.append(Points(tuple(items)))
    return Section("nicht-gezeigt", "Was nicht gezeigt wird", tuple(blocks), new_page=False)


def glossary(results: Results) -> Section:
    """The terms of the dossier in a sentence each."""
    census = results.release.study.regime is Regime.CENSUS_ATTEMPT
    terms = tuple(term for term in TERMS if census or term[0] not in _OPEN)
    return Section("glossar", "Begriffe", (Facts(terms),), new_page=False)

"""The council dossier of a study in which whoever wanted took part: counts, no inference."""

from __future__ import annotations

from itertools import product

from reports import open_wording, rank_wording, summaries, typography, wording
from reports.bar_figures import ranking_bars
from reports.dossier import Block, Facts, Paragraph, Points, Section, fitting, known, shortened
from reports.dossiers import annex, chapters, scales
from reports.estimates import Estimate, Results
from reports.exhibits import Column, Grid, Picture, base_line
from reports.open_exhibits import (
    composition_table,
    groups_table,
    rated_groups_table,
    shares_table,
)
from reports.summaries import Ranking
from survey.codebook import Question, Role, Scale

MOST_GROUPS = 5
"""More columns of groups than these do not fit beside their labels."""


def sections(results: Results, found: tuple[Ranking, ...]) -> tuple[Section, ...]:
    """All chapters but the annex, the first page among them."""
    return (
        _front(results, found),
        _who(results),
        _reading(results, found),
        *(_ranking_chapter(results, ranking) for ranking in found),
        *scales.qualities(results),
        *scales.assessments(results),
        *scales.choices(results),
        *_groups(results, found),
        *_odd(results),
    )


def _front(results: Results, found: tuple[Ranking, ...]) -> Section:
    study = results.release.study
    period = ("Zeitraum", annex.period(results))
    findings = _findings(results, found)
    n = typography.count(chapters.ballots(results))
    as_file = annex.is_imported(results)
    how = "als fertige Datei übernommen" if as_file else "freiwillig und ohne Einladung"
    taken = [("Teilnahme", f"{n} Stimmzettel, {how}")]
    taken += _largest_attribute(results)
    rest: list[Block] = [Facts(tuple(taken), boxed=True)]
    limits = (*LIMITS, UNKNOWN_WAY if as_file else NO_MEASURE)
    rest.append(Points(limits, "Was die Umfrage nicht zeigen kann"))

    def version(shown: int, question: str, next_steps: str) -> Section:
        told = Points(findings[:shown], "Was die Teilnehmenden sagen", numbered=True)
        after = (Points((next_steps,), "Wie es weitergeht"),) if next_steps else ()
        parts = (
            *known(("Frage an den Rat", question), period),
            *((told,) if shown else ()),
            *rest,
            *after,
        )
        return Section("auf-einen-blick", "Auf einen Blick", parts)

    steps = (study.next_steps, shortened(study.next_steps))
    questions = (study.council_question, shortened(study.council_question))
    choices = product(range(len(findings), -1, -1), questions, steps)
    return fitting(version(*choice) for choice in choices)


LIMITS = (
    "Wie Menschen denken, die nicht teilgenommen haben.",
    "Wie viele Menschen geantwortet haben: Ohne Zugangscodes kann jemand mehrmals teilnehmen.",
)
NO_MEASURE = "Wie gut die Verwaltung arbeitet: Gefragt sind Einschätzungen, keine Messungen."
UNKNOWN_WAY = "Wie die Antworten erhoben wurden: Das ist hier nicht belegt."


def _largest_attribute(results: Results) -> list[tuple[str, str]]:
    """The first group of the first attribute of the participants and its share of the ballots."""
    for question in results.release.codebook.with_role(Role.DEMOGRAPHIC):
        for domain, _ in results.release.ballots.get(question.id, ()):
            row = results.find("", "composition", by=question.id, domain=domain.code)
            if row is not None and row.value is not None and not domain.members:
                text = f"{wording.named(domain.label)}: {row.printed} der Stimmzettel"
                return [(summaries.short(question.title or question.text), text)]
    return []


def _findings(results: Results, found: tuple[Ranking, ...]) -> tuple[str, ...]:
    """At most three sentences; whoever rejects everything is named with the proposals."""
    findings = [rank_wording.lead(ranking).text for ranking in found[:1]]
    rated = [
        f"{question.title or 'Vorschläge'}: {sentences}"
        for role in (Role.PREFERENCE, Role.ASSESSMENT)
        for question, rows in scales.grids(results, role)
        if (sentences := scales.rated_sentences(results, question, rows, brief=True))
    ]
    told_below = bool(rated) and len(findings) + len(scales.choice_rows(results)) < MOST_FINDINGS
    for question in results.release.codebook.with_role(Role.PREFERENCE):
        title = question.title or "Vorschläge"
        if question.scale is Scale.NOMINAL:
            for choice in summaries.distributions(results, question):
                if sentences := scales.choice_sentences(results, choice):
                    apart = scales.judged_apart(results, choice, most=not told_below)
                    findings.append(f"{title}: {sentences} {apart}".strip())
    findings += rated
    every = findings + scales.assessed_sentences(results, brief=bool(findings))
    return tuple(every)[:MOST_FINDINGS]


MOST_FINDINGS = 3
"""Findings on the first page."""


def _who(results: Results) -> Section:
    study, n = results.release.study, chapters.ballots(results)
    rate = chapters.response_rate(results)
    blocks: list[Block] = [Paragraph(wording.participation(study, n, rate).text, "lead")]
    blocks.append(Paragraph(f"Gefragt waren: {study.population}."))
    tables = [
        composition_table(results, question.id, summaries.short(question.title or question.text))
        for question in _attributes(results)
    ]
    blocks += [table for table in tables if table.rows]
    return Section("teilnahme", "Wer teilgenommen hat", tuple(blocks))


def _attributes(results: Results) -> list[Question]:
    """The attributes of the participants that were released, in the questionnaire's order."""
    return [q for q in results.release.codebook if q.id in results.release.ballots]


def _reading(results: Results, found: tuple[Ranking, ...]) -> Section:
    points = [
        "Jeder Anteil gilt für die gültigen Antworten der Teilnehmenden, sonst für niemanden.",
        open_wording.RULE,
        chapters.silence(results.release.codebook),
        "Anteile aus weniger als 100 Antworten stehen ohne Nachkommastelle.",
        "Summen und Differenzen sind aus ungerundeten Zahlen berechnet und können von den "
        f"gedruckten um 0,1{typography.NO_BREAK}Punkte abweichen.",
    ]
    for ranking in found[:1]:
        example = ranking.elements[0]
        points.insert(
            1,
            f"Beispiel: {wording.named(example.label)} nennen {example.plain_share.printed} von "
            f"{typography.count(example.plain_share.base_n or 0)} gültigen Antworten "
            f"({ranking.measure}).",
        )
    return Section(
        "lesehilfe", "Wie die Zahlen zu lesen sind", (Points(tuple(points)),), new_page=False
    )


def _ranking_chapter(results: Results, ranking: Ranking) -> Section:
    question = ranking.question
    return Section(
        f"rangfolge-{question.id}",
        question.title or "Themenfelder",
        (
            Paragraph(rank_wording.lead(ranking).text, "lead"),
            Picture(
                id=f"ranking-{question.id}",
                caption=f"Anteile je Feld: {ranking.measure}",
                base=base_line(ranking.base),
                wording=question.text,
                figure=ranking_bars(ranking),
            ),
            Paragraph(open_wording.RULE, "note"),
            shares_table(results, ranking),
        ),
    )


def _groups(results: Results, found: tuple[Ranking, ...]) -> tuple[Section, ...]:
    """Groups side by side where they were planned, residents apart from others; no comparison."""
    sections: list[Section] = []
    for attribute in _attributes(results):
        if len(results.release.ballots[attribute.id]) > MOST_GROUPS:
            continue
        title = summaries.short(attribute.title or attribute.text)
        tables = _tables(results, found, attribute.id, title)
        if tables:
            first = () if sections else (Paragraph(APART),)
            blocks: tuple[Block, ...] = (*first, *tables)
            id, head = f"gruppen-{attribute.id}", f"Antworten nach Gruppen: {title}"
            sections.append(Section(id, head, blocks, new_page=False))
    return tuple(sections)


APART = (
    "Die Gruppen stehen getrennt nebeneinander und werden nicht zu einer Zahl vermengt. Ob sich "
    "Menschen unterscheiden, die nicht teilgenommen haben, sagen diese Zahlen nicht."
)


def _tables(results: Results, found: tuple[Ranking, ...], by: str, title: str) -> list[Grid]:
    tables = [
        groups_table(
            results, ranking, by,
            f"{ranking.question.title or 'Themenfelder'} ({ranking.measure}) nach: {title}",
        )
        for ranking in found
    ]  # fmt: skip
    for role in (Role.ASSESSMENT, Role.PREFERENCE):
        for question, rows in scales.grids(results, role):
            head = f"{question.title or question.text} (beide höchsten Stufen) nach: {title}"
            tables.append(rated_groups_table(results, rows, by, head))
    for choice in scales.choice_rows(results):
        ranked = summaries.chosen(results, choice.question)
        if ranked is not None:
            head = f"{choice.question.title or 'Vorschläge'} nach: {title}"
            tables.append(groups_table(results, ranked, by, head, "share"))
    return [table for table in tables if table is not None]


KINDS = {
    "straight": ("straightlining", "Alle Zeilen einer Liste auf derselben Stufe"),
    "repeated": ("repeated", "Alle Antworten genau wie in einem anderen Stimmzettel"),
    "untouched": ("untouched", "Rangfolge genau in der gezeigten Reihenfolge"),
}
"""Kind of odd ballots to the statistic of their share and what they look like."""


def _odd(results: Results) -> tuple[Section, ...]:
    """How often ballots look inattentive or repeated, and what changes without them."""
    rows = []
    for kind, (statistic, what) in KINDS.items():
        for row in results.select(statistic=statistic):
            most = _most_moved(results, kind, row)
            rows.append((what, _about(results, row), row.printed or "*", most))
    if not rows:
        return ()
    table = Grid(
        id="odd-ballots",
        caption="Auffällige Stimmzettel und was sich ohne sie änderte",
        base=f"n\u00a0=\u00a0{typography.count(chapters.ballots(results))} Stimmzettel",
        notes=(
            "Anteil unter denen, die alles beantwortet haben, worum es in der Zeile geht; wer "
            "etwas ausließ, wird hier nicht verglichen.",
            "* zu wenige für eine Angabe mit und ohne sie, auch neben den anderen Zeilen.",
        ),
        columns=(
            Column("Muster", number=False, width="34%"),
            Column("Frage", number=False, width="28%"),
            Column("Anteil"),
            Column("größte Änderung", number=False, width="24%"),
        ),
        rows=tuple(rows),
    )
    text = (
        "Ohne Zugangscodes lässt sich nicht ausschließen, dass jemand mehrmals teilnimmt. Die "
        "Tabelle zeigt, wie oft Stimmzettel sich gleichen oder unaufmerksam wirken, und wie weit "
        "sich ein Anteil höchstens verschöbe, wenn sie nicht zählten. Entfernt wurde keiner. Viele "
        "Stimmzettel in kurzer Zeit, etwa von einem Programm, lassen sich nicht erkennen: Kein "
        "Stimmzettel trägt eine Zeit."
    )
    title = "Mit und ohne auffällige Stimmzettel"
    return (Section("muster", title, (Paragraph(text), table), new_page=False),)


def _most_moved(results: Results, kind: str, share: Estimate) -> str:
    """The greatest change of a headline share without ballots of a kind."""
    item = share.item
    moved = [
        row
        for row in results.select(statistic=f"without_{kind}")
        if row.value is not None and (not item or row.item.startswith(item))
    ]
    if not moved:
        return "–"
    most = max(moved, key=lambda row: abs(row.value or 0.0))
    return f"{wording.named(annex.label(results, most))}: {most.printed}"


def _about(results: Results, row: Estimate) -> str:
    for question in results.release.codebook:
        if question.id == row.item:
            return summaries.short(question.title or question.text)
    return "alle Fragen"

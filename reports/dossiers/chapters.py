"""Chapters on who took part and what was answered, for any kind of dossier."""

from __future__ import annotations

from collections.abc import Sequence

from reports import rank_wording, summaries, typography, wording
from reports.dossier import Block, Heading, Paragraph, Points, Section
from reports.estimates import Estimate, Results
from reports.exhibits import (
    Picture,
    base_line,
    distribution_table,
    pairs_table,
    ranking_table,
    units_table,
)
from reports.figures import choice_figure, dumbbell_figure, likert_figure, ranking_figure
from reports.summaries import Distribution, Ranking
from reports.unit_figures import response_figure
from survey.codebook import Question, Role, Scale

HEADS = ("wichtig", "gelingt heute")


def response_rate(results: Results) -> Estimate | None:
    """The response rate of everybody."""
    return results.find("", "response_rate")


def ballots(results: Results) -> int:
    """Number of ballots of everybody."""
    return results.release.ballots[""][0][1]


def attribute(results: Results, role: Role) -> str:
    """The question id of the attribute with a role, "" if none was released."""
    for question in results.release.codebook.with_role(role):
        if question.id in results.release.ballots:
            return question.id
    return ""


def rankings(results: Results) -> tuple[Ranking, ...]:
    """The summaries of all ranking questions whose shares were released."""
    return tuple(
        summaries.ranking(results, question)
        for question in results.release.codebook
        if question.scale is Scale.RANK
        and all(results.find(question.id, "top_k", name) for name in question.elements)
    )


def participation(results: Results) -> Section:
    """Who took part: of how many, in which departments, and which groups are missing."""
    study, blocks = results.release.study, list[Block]()
    rate = response_rate(results)
    blocks.append(Paragraph(wording.participation(study, ballots(results), rate).text, "lead"))
    by = attribute(results, Role.DEPARTMENT)
    units = summaries.units(results, by) if by else ()
    if rate is not None and any(unit.rate is not None for unit in units):
        blocks.append(
            Picture(
                id="response-rate",
                caption="Beteiligung je Dienststelle, in der Reihenfolge des Fragebogens",
                base=base_line(rate, what="abgegebene Bögen"),
                notes=(_headcount_note(results), *_merged_notes(results, units)),
                figure=response_figure(units, rate),
            )
        )
    spread = wording.range_of_rates(units)
    asked = f"Gefragt: {study.population}."
    blocks.append(Paragraph(f"{asked} {spread.text}" if spread is not None else asked))
    return Section("teilnahme", "Wer teilgenommen hat", tuple(blocks))


def workplaces(results: Results) -> tuple[Block, ...]:
    """Response by kind of workplace, and why that matters for the results."""
    by = attribute(results, Role.WORKPLACE)
    if not by:
        return ()
    units = summaries.units(results, by)
    blocks: list[Block] = [Heading("Beteiligung nach Arbeitsplatz")]
    missing = wording.who_is_missing(units)
    if missing is not None:
        text = f"{missing.text} Die Ergebnisse werden deshalb gewichtet."
        blocks.append(Paragraph(text))
    table = units_table(units, "workplaces", "Gefragt und geantwortet", "Arbeitsplatz")
    return (*blocks, table)


def _headcount_note(results: Results) -> str:
    frame = results.release.study.frame
    if frame is None:
        return "Zahl der Befragten unbekannt."
    parts = [part for part in (frame.source, frame.date) if part]
    return f"Zahl der Befragten: {', '.join(parts) or 'Angabe der Stadt'}."


def _merged_notes(results: Results, units: Sequence[summaries.Unit]) -> tuple[str, ...]:
    notes = [
        f"Zum Schutz kleiner Gruppen zusammengefasst als {wording.named(unit.domain.label)}: "
        f"{typography.listed(summaries.members(results, unit.domain))}."
        for unit in units
        if unit.domain.members
    ]
    rateless = [
        f"{typography.count(unit.answered)} antworteten ohne Angabe dazu."
        for unit in units
        if unit.answered is not None and unit.rate is None
    ]
    return (*notes, *rateless)


def reading(results: Results) -> Section:
    """How to read an interval and possible places, by the example of the study itself."""
    ranking = next(iter(rankings(results)), None)
    blocks: list[Block] = []
    if ranking is not None and ranking.by_share[0].share.low is not None:
        example = ranking.by_share[0]
        blocks.append(
            Points(
                (
                    f"Beispiel: {wording.named(example.label)} nennen "
                    f"{wording.with_interval(example.share)}.",
                    "Die Zahl vor der Klammer ist der Anteil unter denen, die geantwortet haben, "
                    "gewichtet nach der Zusammensetzung der Belegschaft.",
                    "Die Klammer ist der 95‑%‑Unschärfebereich. Er gilt nur unter einer Annahme: "
                    "Wer nicht geantwortet hat, denkt im Durchschnitt wie jene aus derselben "
                    "Gruppe, die geantwortet haben.",
                ),
                title="Anteil und Unschärfebereich",
            )
        )
        blocks += _places_block(ranking)
        low = results.find(ranking.question.id, "bound_low", example.element)
        high = results.find(ranking.question.id, "bound_high", example.element)
        if low is not None and high is not None and low.value is not None:
            blocks.append(Heading("Was ohne diese Annahme bliebe"))
            blocks.append(Paragraph(wording.worst_case(example.label, low, high).text))
    blocks.append(
        Points(
            (
                "„Ohne Antwort“ und „weiß nicht“ werden nie weggelassen, sondern eigens gezeigt.",
                "Anteile aus weniger als 100 Antworten stehen ohne Nachkommastelle.",
                f"Summen und Differenzen sind aus ungerundeten Zahlen berechnet und können von "
                f"den gedruckten um 0,1{typography.NO_BREAK}Punkte abweichen.",
            ),
            title="Außerdem gilt",
        )
    )
    return Section("lesehilfe", "Wie die Zahlen zu lesen sind", tuple(blocks), new_page=False)


def _places_block(ranking: Ranking) -> list[Block]:
    wide = [e for e in ranking.by_share if e.places is not None and e.places.low < e.places.high]
    example = next(iter(wide), ranking.by_share[0])
    text = (
        "Die möglichen Plätze berücksichtigen die Unschärfe aller Felder gemeinsam: In 95 von 100 "
        "solchen Befragungen enthalten sie für alle Felder zugleich den richtigen Platz. "
        f"{rank_wording.with_places(example)}: Jeder dieser Plätze ist mit den Antworten "
        "vereinbar. Überschneiden sich die möglichen Plätze zweier Felder, so nennt dieser "
        "Bericht keine Reihenfolge."
    )
    return [Heading("Mögliche Plätze"), Paragraph(text)]


def ranking_chapter(results: Results, ranking: Ranking) -> Section:
    """A ranking: the sentence that it carries, the chart, both columns side by side."""
    question = ranking.question
    sentences = [rank_wording.surely_among_first(ranking), rank_wording.neighbours(ranking)]
    matters = rank_wording.weighting_matters(ranking)
    point = rank_wording.tipping(ranking, results.find(question.id, "tipping_point"))
    sentences += [sentence for sentence in (matters, point) if sentence is not None]
    return Section(
        f"rangfolge-{question.id}",
        question.title or "Themenfelder",
        (
            Paragraph(rank_wording.lead(ranking).text, "lead"),
            Picture(
                id=f"ranking-{question.id}",
                caption=f"Unter den ersten {question.depth} und mögliche Plätze",
                base=f"{base_line(ranking.base)}. {silent_line(ranking.missing)}".strip(),
                wording=question.text,
                notes=("Punkt: Anteil; Linie: 95‑%‑Unschärfebereich; dunkel: mögliche Plätze.",),
                figure=ranking_figure(ranking),
            ),
            Paragraph(" ".join(sentence.text for sentence in sentences)),
            ranking_table(ranking),
        ),
    )


def silent_line(missing: Sequence[tuple[str, Estimate]]) -> str:
    """Who gave no answer, as shares of everybody who took part."""
    parts = [f"{estimate.printed} {text}" for text, estimate in missing]
    return f"Von allen, die teilgenommen haben: {typography.listed(parts)}." if parts else ""


def qualities(results: Results) -> tuple[Section, ...]:
    """Importance beside today's state: dumbbells and table, then both distributions."""
    pair = summaries.paired_grids(results)
    if pair is None:
        return ()
    first, second = (summaries.distributions(results, question) for question in pair)
    if len(first) != len(second) or not first:
        return ()
    sections = [_pair_chapter(pair, first, second)]
    pictures = [
        Picture(
            id=f"scale-{question.id}",
            caption=head,
            base=base_range(rows),
            wording=question.text,
            figure=likert_figure(rows),
        )
        for question, rows, head in (
            (pair[0], first, "Wie wichtig die Qualitäten sind"),
            (pair[1], second, "Wie gut sie heute gelingen"),
        )
    ]
    sections.append(
        Section("qualitaeten-verteilung", "Qualitäten: alle Antworten", (SCALE_HELP, *pictures))
    )
    return tuple(sections)


SCALE_HELP = Paragraph(
    "Links der Linie stehen die beiden niedrigen, rechts die beiden hohen Stufen, jeweils mit "
    "ihrer Summe. Die mittlere Stufe steht für sich. Anteile auf der Skala beziehen sich auf "
    "gültige Antworten, „weiß nicht“ und „ohne Antwort“ auf alle, die teilgenommen haben.",
    "note",
)


def _pair_chapter(
    pair: tuple[Question, Question], first: Sequence[Distribution], second: Sequence[Distribution]
) -> Section:
    names = (_two_highest(first[0]), _two_highest(second[0]))
    return Section(
        "qualitaeten",
        "Qualitäten: Wichtigkeit und heutiger Stand",
        (
            Paragraph(wording.gaps(first, second).text, "lead"),
            Picture(
                id="importance-today",
                caption="Anteile der beiden höchsten Stufen auf beiden Fragen",
                base=base_range((*first, *second)),
                wording=" / ".join(question.text for question in pair),
                figure=dumbbell_figure(first, second, names),
            ),
            pairs_table(first, second, HEADS),
        ),
    )


def _two_highest(row: Distribution) -> str:
    labels = [code.label.replace("\u00ad", "") for code, _ in row.steps[-2:]]
    shared = labels[1].split()[-1]
    return f"{labels[0].removesuffix(shared).strip()} oder {labels[1]}"


def base_range(rows: Sequence[Distribution]) -> str:
    """From how many to how many valid answers the rows hold, of how many asked."""
    bases = sorted(row.base.base_n or 0 for row in rows)
    low, high = typography.count(bases[0]), typography.count(bases[-1])
    n = low if low == high else f"{low} bis {high}"
    people = rows[0].base.base_N
    of = f" von {typography.count(people)} Befragten" if people else ""
    return f"n\u00a0=\u00a0{n} gültige Antworten je Zeile{of}"


def assessments(results: Results) -> tuple[Section, ...]:
    """Single assessments on scales of five steps, each with wording and numbers."""
    questions = [
        question
        for question in results.release.codebook.with_role(Role.ASSESSMENT)
        if question.scale is Scale.ORDINAL and len(question.variables) == 1
    ]
    rows = [row for question in questions for row in summaries.distributions(results, question)]
    rows = [row for row in rows if len(row.steps) == len(rows[0].steps)]
    if not rows:
        return ()
    picture = Picture(
        id="assessments",
        caption="Einschätzungen auf Skalen mit eigenen Worten",
        base=base_range(rows),
        figure=likert_figure(rows),
    )
    table = distribution_table(rows, "assessments-table", "Alle Stufen in Prozent")
    sentences = tuple(wording.judgement(row, asked=row.question.text).text for row in rows)
    blocks = (SCALE_HELP, picture, Points(sentences), table)
    return (Section("einschaetzungen", "Einschätzungen der Beschäftigten", blocks),)


def choices(results: Results) -> tuple[Section, ...]:
    """Choices among proposals, with those who want none of them in the same chart."""
    sections = []
    for question in results.release.codebook.with_role(Role.PREFERENCE):
        if question.scale is not Scale.NOMINAL:
            continue
        for choice in summaries.distributions(results, question):
            sections.append(_choice_chapter(results, choice))
    return tuple(sections)


def _choice_chapter(results: Results, choice: Distribution) -> Section:
    question = choice.question
    blocks: list[Block] = []
    lead = choice_sentences(results, choice)
    if lead:
        blocks.append(Paragraph(lead, "lead"))
    blocks += [
        Picture(
            id=f"choice-{question.id}",
            caption="Alle Antworten in der Reihenfolge des Fragebogens",
            base=base_line(choice.base),
            wording=question.text,
            notes=("Balken: Anteil; Linie: 95‑%‑Unschärfebereich.",),
            figure=choice_figure(choice),
        ),
        Paragraph(
            "Diese Frage ist eine Einschätzung und keine Abstimmung. Ein Vorschlag liegt nur dann "
            "vorn, wenn die möglichen Plätze aller Antworten das gemeinsam tragen, gewichtet wie "
            "ungewichtet; die Reihenfolge im Bild ist die des Fragebogens."
        ),
    ]
    for appeal in results.release.codebook.with_role(Role.PREFERENCE):
        rows = summaries.distributions(results, appeal) if appeal.scale is Scale.ORDINAL else ()
        if rows and len(rows[0].steps) == len(summaries.STEPS):
            blocks.append(
                Picture(
                    id=f"scale-{appeal.id}",
                    caption=f"{appeal.title or question.title}: jeder Vorschlag für sich",
                    base=base_range(rows),
                    wording=appeal.text,
                    figure=likert_figure(rows),
                )
            )
    return Section(f"wahl-{question.id}", question.title or "Vorschläge", tuple(blocks))


def choice_sentences(results: Results, choice: Distribution) -> str:
    """Whether an answer is ahead, as far as the possible places carry it, and who wants none."""
    ranked = summaries.chosen(results, choice.question)
    lead = rank_wording.lead(ranked) if ranked is not None and ranked.weighted else None
    against = wording.shares_of(choice, NO_CHOICE)
    return " ".join(sentence.text for sentence in (lead, against) if sentence is not None)


NO_CHOICE = ("none", "no_motto", "unneeded", "unnecessary", "none_of_these", "not_needed")
"""Code names of options that choose nothing."""

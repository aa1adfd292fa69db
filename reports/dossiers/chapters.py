"""Chapters on who took part and what was answered, for any kind of dossier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from reports import rank_wording, summaries, typography, unit_rates, wording
from reports.domains import NO_ANSWER
from reports.dossier import Block, Heading, Paragraph, Points, Section
from reports.estimates import Estimate, Results
from reports.exhibits import (
    Picture,
    base_line,
    ranking_table,
    units_table,
)
from reports.figures import ranking_figure
from reports.plan import IDENTIFYING
from reports.summaries import Ranking
from reports.unit_figures import response_figure
from survey.codebook import Codebook, Missing, Question, Role, Scale


def response_rate(results: Results) -> Estimate | None:
    """The response rate of everybody."""
    return results.find("", "response_rate")


def ballots(results: Results) -> int:
    """Number of ballots of everybody."""
    everybody = results.release.ballots.get("", ())
    return everybody[0][1] if everybody else 0


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
        and all(_has_share(results, question, name) for name in question.elements)
    )


def _has_share(results: Results, question: Question, element: str) -> bool:
    row = results.find(question.id, "top_k", element)
    return row is not None and row.value is not None


def weighted(results: Results) -> bool:
    """Whether there are weights at all."""
    row = results.find("", "weight_min")
    return results.release.study.frame is not None and row is not None and row.value is not None


def participation(results: Results) -> Section:
    """Who took part: of how many, in which departments, and which groups are missing."""
    study, blocks = results.release.study, list[Block]()
    rate = response_rate(results)
    blocks.append(Paragraph(wording.participation(study, ballots(results), rate).text, "lead"))
    by = attribute(results, Role.DEPARTMENT)
    units = unit_rates.units(results, by) if by else ()
    known = rate is not None and rate.value is not None
    if known and rate is not None and any(unit.rate is not None for unit in units):
        blocks.append(
            Picture(
                id="response-rate",
                caption="Beteiligung je Dienststelle, in der Reihenfolge des Fragebogens",
                base=base_line(rate, what="abgegebene Bögen"),
                notes=(_headcount_note(results), *_merged_notes(results, units)),
                figure=response_figure(units, rate),
            )
        )
    spread = wording.range_of_rates(floors(units))
    texts = [f"Gefragt: {study.population}."]
    if spread is not None:
        texts.append(spread.text)
        if any(unit.domain.members for unit in units):
            texts.append("Eine Sammelgruppe zählt dabei wie eine Dienststelle.")
    blocks.append(Paragraph(" ".join(texts)))
    return Section("teilnahme", "Wer teilgenommen hat", tuple(blocks))


def workplaces(results: Results) -> tuple[Block, ...]:
    """Response by kind of workplace, and why that matters for the results."""
    by = attribute(results, Role.WORKPLACE)
    if not by:
        return ()
    units = floors(unit_rates.units(results, by))
    if not units:
        return ()
    blocks: list[Block] = [Heading("Beteiligung nach Arbeitsplatz")]
    missing = wording.who_is_missing(units)
    frame = results.release.study.frame
    if missing is not None:
        used = frame is not None and by in frame.variables and weighted(results)
        so = " Die Ergebnisse werden deshalb gewichtet." if used else ""
        blocks.append(Paragraph(missing.text + so))
    if lower_bounds(units):
        blocks.append(Paragraph(FLOOR, "note"))
    table = units_table(units, "workplaces", "Gefragt und geantwortet", "Arbeitsplatz")
    return (*blocks, table)


FLOOR = (
    "Wer die Gruppe nicht angab, zählt in keiner mit: Die Beteiligung der Gruppen ist mindestens "
    "so hoch wie angegeben."
)


def lower_bounds(units: Sequence[unit_rates.Unit]) -> bool:
    """Whether somebody stated no group, so that the rates of the groups are lower bounds."""
    return any(_silent(unit) and unit.answered != 0 for unit in units)


def _silent(unit: unit_rates.Unit) -> bool:
    return NO_ANSWER in (unit.domain.code, *unit.domain.members)


def floors(units: Sequence[unit_rates.Unit]) -> tuple[unit_rates.Unit, ...]:
    """The units with rates that say “at least” where somebody stated no unit."""
    if not lower_bounds(units):
        return tuple(units)
    return tuple(
        replace(unit, rate=replace(unit.rate, printed=f"mindestens {unit.rate.printed}"))
        if unit.rate is not None and not _silent(unit)
        else unit
        for unit in units
    )


def _headcount_note(results: Results) -> str:
    frame = results.release.study.frame
    if frame is None:
        return "Zahl der Befragten unbekannt."
    parts = [part for part in (frame.source, day(frame.date)) if part]
    return f"Zahl der Befragten: {', '.join(parts) or 'Angabe der Stadt'}."


def day(text: str) -> str:
    """An ISO date in German; any other text as it is.

    >>> day("2026-10-01"), day("Herbst")
    ('1. Oktober 2026', 'Herbst')
    """
    try:
        return typography.date_de(date.fromisoformat(text))
    except ValueError:
        return text


def _merged_notes(results: Results, units: Sequence[unit_rates.Unit]) -> tuple[str, ...]:
    notes = [
        f"Zum Schutz kleiner Gruppen zusammengefasst als {wording.named(unit.domain.label)}: "
        f"{typography.listed(unit_rates.members(results, unit.domain))}."
        for unit in units
        if unit.domain.members
    ]
    rateless = [
        f"{typography.count(unit.answered)} antworteten ohne Angabe dazu; die Anteile sind "
        "deshalb Mindestwerte."
        for unit in units
        if unit.answered is not None and unit.domain.code == NO_ANSWER
    ]
    return (*notes, *rateless)


def reading(results: Results) -> Section:
    """How to read an interval and possible places, by the example of the study itself."""
    ranking = next(iter(rankings(results)), None)
    blocks: list[Block] = []
    if ranking is not None and ranking.by_share[0].share.low is not None:
        example = ranking.by_share[0]
        how = "gewichtet nach der Zusammensetzung der Belegschaft"
        how = how if ranking.weighted else "ohne Gewichtung"
        blocks.append(
            Points(
                (
                    f"Beispiel: {wording.named(example.label)} nennen "
                    f"{wording.with_interval(example.share)}.",
                    "Die Zahl vor der Klammer ist der Anteil unter denen, die geantwortet haben, "
                    f"{how}.",
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
                silence(results.release.codebook),
                "Anteile aus weniger als 100 Antworten stehen ohne Nachkommastelle.",
                f"Summen und Differenzen sind aus ungerundeten Zahlen berechnet und können von "
                f"den gedruckten um 0,1{typography.NO_BREAK}Punkte abweichen.",
            ),
            title="Außerdem gilt",
        )
    )
    return Section("lesehilfe", "Wie die Zahlen zu lesen sind", tuple(blocks), new_page=False)


def silence(codebook: Codebook) -> str:
    """That those are shown who have no opinion, and what else they ticked where it says so."""
    shown = "„Ohne Antwort“ und „weiß nicht“ werden nie weggelassen, sondern eigens gezeigt"
    known = summaries.REASONS[Missing.DONT_KNOW.name.lower()]
    labels = {
        wording.even(code.label): code.label
        for question in codebook
        if question.role not in IDENTIFYING
        for variable in question.variables
        for code in variable.missing_codes
        if code.value == Missing.DONT_KNOW
    }
    others = [wording.named(label) for text, label in labels.items() if text != known]
    also = f"; „{known}“ steht auch für {typography.listed(others)}" if others else ""
    return f"{shown}{also}."


def _places_block(ranking: Ranking) -> list[Block]:
    placed = [(e, e.places) for e in ranking.by_share if e.places is not None]
    if not placed:
        return []
    wide = [e for e, places in placed if places.low < places.high]
    example = next(iter(wide), placed[0][0])
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
                caption=f"{ranking.measure[0].upper()}{ranking.measure[1:]} und mögliche Plätze",
                base=f"{base_line(ranking.base, ranking.weighted_base)}. "
                f"{silent_line(ranking.missing)}".strip(),
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

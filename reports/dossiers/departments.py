"""Chapters on departments: each against the rest, without any league table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports import exhibits, summaries, typography, unit_rates, wording
from reports.contrasts import Contrast, unit_contrasts
from reports.dossier import Block, Paragraph, Points, Section
from reports.dossiers.chapters import attribute, rankings
from reports.estimates import Results
from reports.exhibits import Picture, contrast_overview
from reports.tables import Status
from reports.unit_figures import contrast_figure
from survey.codebook import Codebook, Question, Role, Scale, Variable

NET = "net"


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared: its label, wording and measure, and the differences of all units."""

    item: str
    category: str
    label: str
    text: str
    measure: str
    contrasts: tuple[Contrast, ...]

    @property
    def carried(self) -> int:
        """In how many units the difference holds."""
        return sum(contrast.carried for contrast in self.contrasts)


def departments(results: Results) -> tuple[Section, ...]:
    """Each department against the rest, in the order of the questionnaire; no league table."""
    by = attribute(results, Role.DEPARTMENT)
    compared = _compared(results, by) if by else []
    if not compared:
        return ()
    shown = _shown(results, compared)
    picture = Picture(
        id="departments",
        caption=f"{shown.label}: Unterschied jeder Dienststelle zum Rest, {shown.measure}, "
        f"{'gewichtet' if any(c.weighted for c in shown.contrasts) else 'ungewichtet'}",
        base="n: gültige Antworten je Dienststelle",
        wording=shown.text,
        notes=(
            "Gefüllt: Unterschied hält, auch wenn alle Vergleiche gemeinsam geprüft werden. "
            "Offen: kein klarer Unterschied. Linie: 95‑%‑Unschärfebereich des einzelnen "
            "Vergleichs.",
            *_merged_counts(shown.contrasts),
        ),
        figure=contrast_figure(shown.contrasts),
    )
    lead = wording.differing_units(shown.contrasts, shown.label)
    first = Section(
        "dienststellen",
        "Dienststellen im Vergleich zum Rest",
        (Paragraph(lead.text, "lead"), picture, Paragraph(_about(shown))),
    )
    return (first, _overview(results, by, compared))


def _merged_counts(contrasts: Sequence[Contrast]) -> tuple[str, ...]:
    merged = any(contrast.domain.members for contrast in contrasts)
    return ("Eine Sammelgruppe zählt wie eine Dienststelle.",) if merged else ()


def _about(shown: Compared) -> str:
    """What the picture shows, why there is no league table, and which units carry no claim."""
    which = (
        "Das Bild zeigt die Frage mit den meisten klaren Unterschieden"
        if shown.carried
        else "Klare Unterschiede gibt es bei keiner Frage. Das Bild zeigt eine davon als Beispiel"
    )
    left = [c.domain.label for c in shown.contrasts if not c.weighted]
    unweighted = (
        f" Ohne Unschärfebereich und ohne Aussage bleibt, wo sich eine Gruppe nicht nach ihrer "
        f"Zusammensetzung gewichten ließ: {typography.listed(left)}."
        if left
        else ""
    )
    return (
        f"{which}, in der Reihenfolge des Fragebogens. Eine Rangliste der Dienststellen gibt es "
        f"nicht: Sie bestünde vor allem aus Zufall.{unweighted}"
    )


def _compared(results: Results, by: str) -> list[Compared]:
    """Everything that was tested for the units of an attribute, in the order of the table."""
    owners = _owners(results.release.codebook)
    keys = dict.fromkeys(
        (row.item, row.category)
        for row in results.select(statistic="diff_rest_p", by=by)
        if row.value is not None and row.item in owners
    )
    found = []
    for item, category in keys:
        question, variable = owners[item]
        differences = unit_contrasts(results, item, by, category)
        label, text = _named(question, variable, category)
        measure = _measure(question, category)
        found.append(Compared(item, category, label, text, measure, differences))
    return [entry for entry in found if entry.contrasts]


def _owners(codebook: Codebook) -> dict[str, tuple[Question, Variable | None]]:
    """Item of the table to its question, and to its variable unless it is a ranking."""
    owners: dict[str, tuple[Question, Variable | None]] = {}
    for question in codebook:
        if question.scale is Scale.RANK:
            owners[question.id] = (question, None)
        else:
            owners |= {variable.name: (question, variable) for variable in question.variables}
    return owners


def _named(question: Question, variable: Variable | None, category: str) -> tuple[str, str]:
    """A short label of what was compared, and how it was asked."""
    if variable is None:
        (element,) = (v for v in question.variables if v.element == category)
        return summaries.short(element.label), question.text
    facets = {summaries.IMPORTANCE: "wichtig", summaries.TODAY: "heute"}
    facet = next((word for end, word in facets.items() if question.id.endswith(end)), "")
    label = facet or summaries.short(question.title or question.text)
    if len(question.variables) > 1:
        label = f"{summaries.short(variable.label)} ({label})"
    return label, question.text


def _measure(question: Question, category: str) -> str:
    if question.scale is Scale.RANK:
        return f"Anteil: {summaries.top_places(question)}"
    if category == NET:
        return "Saldo der beiden höchsten und der beiden niedrigsten Stufen"
    return "Anteil der beiden höchsten Stufen"


def _shown(results: Results, compared: list[Compared]) -> Compared:
    """The item with most differences that hold, else the element that most answers name.

    The choice is fair because all comparisons together are one family of tests.
    """
    top = rankings(results)[0].by_share[0].label if rankings(results) else ""
    shares = [entry for entry in compared if entry.category != NET] or compared
    return max(shares, key=lambda entry: (entry.carried, entry.label == top))


def _overview(results: Results, by: str, compared: list[Compared]) -> Section:
    units = [unit for unit in unit_rates.units(results, by) if unit.answered is not None]
    rows = [(unit.domain.label, _of_unit(unit.domain.code, compared)) for unit in units]
    rows = [row for row in rows if row[1]]
    blocks: list[Block] = [Paragraph(COVERED, "note")]
    if any(contrast.carried for _, own in rows for _, contrast in own):
        blocks.append(contrast_overview(rows, checked_line(results, compared)))
    else:
        line = checked_line(results, compared)
        blocks.append(
            Paragraph(f"Bei keiner Dienststelle gibt es einen klaren Unterschied ({line}).")
        )
    blocks += _protected(results, by)
    return Section(
        "dienststellen-uebersicht",
        "Dienststellen: klare Unterschiede",
        tuple(blocks),
        new_page=False,
    )


COVERED = (
    "Verglichen sind alle Felder der Rangfolgen und alle Zeilen der Skalen; bei Skalen der Anteil "
    "der beiden höchsten Stufen und der Saldo: dieser Anteil weniger den der beiden niedrigsten."
)


def _of_unit(code: str, compared: list[Compared]) -> list[tuple[str, Contrast]]:
    """The differences of one unit; the net difference by its own name."""
    return [
        (f"{entry.label}{exhibits.NET}" if entry.category == NET else entry.label, contrast)
        for entry in compared
        for contrast in entry.contrasts
        if contrast.domain.code == code
    ]


def checked_line(results: Results, compared: list[Compared]) -> str:
    """How many differences were tested together, and how many of them are of departments."""
    own = sum(
        c.p is not None and c.p.value is not None for entry in compared for c in entry.contrasts
    )
    carried = sum(entry.carried for entry in compared)
    family = max(own, _family(results))
    of = f", davon {typography.count(own)} von Dienststellen" if family > own else ""
    these = "von diesen klar" if of else "klar"
    return (
        f"geprüft: {typography.count(family)} Unterschiede gemeinsam (Verfahren von Holm){of}; "
        f"{these}: {typography.count(carried)}"
    )


def _family(results: Results) -> int:
    """Size of the family of tests, which every adjusted p-value names in its remark."""
    notes = (row.note for row in results.select(statistic="diff_rest_p"))
    numbers = (re.search(r"über (\d+) Vergleiche", note) for note in notes)
    return max((int(found[1]) for found in numbers if found), default=0)


def _protected(results: Results, by: str) -> list[Block]:
    units = unit_rates.units(results, by)
    merged = [unit.domain for unit in units if unit.domain.members]
    hidden = [unit.domain.label for unit in units if unit.status is Status.NOT_SHOWN]
    minimum = results.release.rules.get("min_base", 10)
    lines = [
        f"Zahlen einer Dienststelle erscheinen ab {minimum} Antworten. Kleinere Einheiten stehen "
        "in einer Sammelgruppe oder bleiben ohne eigene Zahlen.",
        *(
            f"{wording.named(domain.label)}: "
            f"{typography.listed(unit_rates.members(results, domain))}."
            for domain in merged
        ),
    ]
    if hidden:
        lines.append(f"Nicht ausgewiesen: {typography.listed(hidden)}.")
    return [Points(tuple(lines), "Was nicht einzeln gezeigt wird")]

"""Chapters on departments, on the method and its limits, and the imprint."""

from __future__ import annotations

from datetime import date

from reports import fonts, summaries, typography, wording
from reports.dossier import Block, Facts, Heading, Paragraph, Points, Section
from reports.dossiers.chapters import attribute, rankings
from reports.estimates import Results
from reports.exhibits import Picture, contrast_overview
from reports.summaries import Contrast
from reports.tables import Status
from reports.unit_figures import contrast_figure
from survey.codebook import Question, Role, Scale


def departments(results: Results) -> tuple[Section, ...]:
    """Each department against the rest, in the order of the questionnaire; no league table."""
    by = attribute(results, Role.DEPARTMENT)
    compared = _compared(results, by) if by else []
    if not compared:
        return ()
    label, item, contrasts = _shown(results, compared)
    picture = Picture(
        id="departments",
        caption=f"{label}: Unterschied jeder Dienststelle zum Rest",
        base="n: gültige Antworten je Dienststelle",
        wording=item,
        notes=(
            "Gefüllt: Unterschied hält, auch wenn alle Vergleiche gemeinsam geprüft werden. "
            "Offen: kein klarer Unterschied. Linie: 95‑%‑Unschärfebereich des einzelnen "
            "Vergleichs.",
        ),
        figure=contrast_figure(contrasts),
    )
    first = Section(
        "dienststellen",
        "Dienststellen im Vergleich zum Rest",
        (Paragraph(wording.differing_units(contrasts, label).text, "lead"), picture, NO_LEAGUE),
    )
    return (first, _overview(results, by, compared))


NO_LEAGUE = Paragraph(
    "Das Bild zeigt die Frage mit den meisten klaren Unterschieden, und zwar den Unterschied jeder "
    "Dienststelle zu allen anderen zusammen, in der Reihenfolge des Fragebogens. Eine Rangliste "
    "der Dienststellen gibt es nicht: Sie bestünde vor allem aus Zufall."
)

Compared = tuple[str, str, tuple[Contrast, ...]]


def _compared(results: Results, by: str) -> list[Compared]:
    """What was compared: label, wording and differences, one entry per item."""
    found: list[Compared] = []
    for ranking in rankings(results):
        question = ranking.question
        for ranked in ranking.elements:
            contrasts = summaries.contrasts(results, question.id, by, ranked.element)
            found.append((ranked.label, question.text, contrasts))
    for question in results.release.codebook.with_role(Role.ASSESSMENT):
        if question.scale is Scale.ORDINAL and len(question.variables) == 1:
            contrasts = summaries.contrasts(results, question.variables[0].name, by, "top2")
            found.append((summaries.short(question.title), question.text, contrasts))
    return [entry for entry in found if entry[2]]


def _shown(results: Results, compared: list[Compared]) -> Compared:
    """The item with most differences that hold, else the element that most answers name.

    The choice is fair because all comparisons together are one family of tests.
    """
    top = rankings(results)[0].by_share[0].label if rankings(results) else ""
    return max(compared, key=lambda e: (sum(c.carried for c in e[2]), e[0] == top))


def _overview(results: Results, by: str, compared: list[Compared]) -> Section:
    units = [unit for unit in summaries.units(results, by) if unit.answered is not None]
    rows = []
    for unit in units:
        own = [
            (label, contrast)
            for label, _, contrasts in compared
            for contrast in contrasts
            if contrast.domain.code == unit.domain.code
        ]
        if own:
            rows.append((unit.domain.label, own))
    checked = sum(len(contrasts) for _, _, contrasts in compared)
    blocks: list[Block] = [contrast_overview(rows, checked)]
    blocks += _protected(results, by)
    return Section(
        "dienststellen-uebersicht",
        "Dienststellen: klare Unterschiede",
        tuple(blocks),
        new_page=False,
    )


def _protected(results: Results, by: str) -> list[Block]:
    units = summaries.units(results, by)
    merged = [unit.domain for unit in units if unit.domain.members]
    hidden = [unit.domain.label for unit in units if unit.status is Status.NOT_SHOWN]
    minimum = results.release.rules.get("min_base", 10)
    lines = [
        f"Zahlen einer Dienststelle erscheinen ab {minimum} Antworten. Kleinere Einheiten stehen "
        "in einer Sammelgruppe oder bleiben ohne eigene Zahlen.",
        *(
            f"{wording.named(domain.label)}: "
            f"{typography.listed(summaries.members(results, domain))}."
            for domain in merged
        ),
    ]
    if hidden:
        lines.append(f"Nicht ausgewiesen: {typography.listed(hidden)}.")
    return [Points(tuple(lines), "Was nicht einzeln gezeigt wird")]


def method(results: Results) -> Section:
    """How the numbers came about, what protects the respondents, what cannot be said."""
    release = results.release
    blocks: list[Block] = [
        Heading("Erhebung"),
        Paragraph(
            "Alle Befragten erhielten einen Zugangscode, der nur einmal gilt und nicht zusammen "
            "mit den Antworten gespeichert wird. Jede Antwort wurde verschlüsselt abgelegt und "
            "erst nach dem Ende der Umfrage geöffnet und gemischt. Jede Frage durfte leer bleiben."
        ),
        Heading("Gewichtung"),
        Paragraph(_weighting(results)),
        Heading("Unschärfe und Rangfolge"),
        Paragraph(
            "Unschärfebereiche für Anteile: Wilson mit Korrektur für die bekannte Zahl der "
            "Befragten, bei kleinen Gruppen exakt hypergeometrisch, gewichtet nach Korn und "
            "Graubard. Mögliche Plätze: gemeinsame Platzmengen nach Mogstad, Romano, Shaikh und "
            "Wilhelm. Vergleiche der Dienststellen: alle Prüfungen gemeinsam nach Holm."
        ),
        Points(LIMITS, "Was diese Umfrage nicht zeigen kann"),
        Points(_protection(results), "Schutz der Befragten"),
    ]
    if release.report:
        blocks.append(Points(tuple(release.report), "Zusammengefasst und zurückgehalten"))
    return Section("methode", "Methode und Grenzen", tuple(blocks), new_page=False)


LIMITS = (
    "Sie zeigt die Sicht derer, die geantwortet haben. Wie die anderen denken, ist unbekannt; die "
    "Gewichtung gleicht nur Unterschiede nach Dienststelle und Arbeitsplatz aus.",
    "Sie zeigt Einschätzungen, keine Ursachen und keine gemessenen Leistungen.",
    "Sie ist keine Abstimmung und bindet den Rat nicht.",
)


def _weighting(results: Results) -> str:
    low, high = results.find("", "weight_min"), results.find("", "weight_max")
    effect, frame = results.find("", "deff"), results.release.study.frame
    if frame is None or low is None or high is None or effect is None:
        return "Die Ergebnisse sind nicht gewichtet."
    names = [summaries.short(results.release.codebook.question(id).title) for id in frame.variables]
    return (
        f"Gewichtet wird nach {typography.listed(names)}, sodass die Gruppen so viel zählen wie in "
        f"der Belegschaft. Kleinstes Gewicht {low.printed}, größtes {high.printed}; die Gewichtung "
        f"vergrößert die Streuung um den Faktor {effect.printed}. Für die Rangfolge steht das "
        "ungewichtete Ergebnis daneben; eine Aussage erscheint nur, wenn beide sie tragen."
    )


def _protection(results: Results) -> tuple[str, ...]:
    rules = results.release.rules
    return (
        f"Mindestens {rules.get('min_base', 10)} Antworten je gezeigter Gruppe; auch aus "
        "Differenzen lassen sich keine kleineren Gruppen errechnen.",
        "Zahlen sind genau oder gar nicht angegeben, nie verändert.",
        "Verknüpfungen von mehr als zwei Merkmalen werden nicht ausgewertet.",
    )


def imprint(results: Results, program: str) -> Section:
    """Where every number comes from: study, questionnaire, data, program, wordings."""
    release = results.release
    study = release.study
    facts = [
        ("Studie", f"{study.title} ({study.id})"),
        ("Herausgabe", study.commissioner),
        ("Kontakt", study.contact),
        ("Zeitraum", _period(results)),
        ("Vorlage", study.council_paper),
        ("Fragebogen", f"Version {release.codebook.version}"),
        ("Prüfsumme des Fragebogens", _grouped(release.codebook.instrument)),
        ("Prüfsumme der Daten", _grouped(release.fingerprint)),
        ("Programm", f"Meinungsbild {program}"),
        ("Schrift", fonts.SOURCE_FAMILY),
        ("Status", "öffentlich"),
    ]
    questions = tuple(f"{_wording(question)}{_scale(question)}" for question in release.codebook)
    blocks: list[Block] = [Facts(tuple((term, text) for term, text in facts if text))]
    if study.phases:
        steps = tuple(
            f"{phase.title}: {_day(phase.start)} bis {_day(phase.end)}" for phase in study.phases
        )
        blocks.append(Points(steps, "Wo das Vorhaben steht"))
    blocks.append(Points(questions, "Wortlaut der Fragen", numbered=True))
    return Section("impressum", "Impressum und Wortlaut", tuple(blocks), new_page=False)


def _wording(question: Question) -> str:
    return f"{question.title}: {question.text}" if question.title else question.text


def _scale(question: Question) -> str:
    """The steps of a scale or the options of a choice; units are named in their own chapter."""
    if question.role in (Role.DEPARTMENT, Role.WORKPLACE) or not question.variables:
        return ""
    codes = question.variables[0].codes
    return f" ({', '.join(code.label for code in codes if code.label)})" if codes else ""


def _period(results: Results) -> str:
    study = results.release.study
    if study.opens is None or study.closes is None:
        return ""
    return f"{typography.date_de(study.opens)} bis {typography.moment_de(study.closes)}"


def _day(text: str) -> str:
    try:
        return typography.date_de(date.fromisoformat(text))
    except ValueError:
        return text


def _grouped(digest: str) -> str:
    """A checksum in groups of eight, which can be compared by eye and broken over lines."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))

"""Chapters on the method and its limits, and on what protects the respondents."""

from __future__ import annotations

from reports import open_wording, summaries, typography, wording
from reports.attack_protocol import Attack
from reports.dossier import Block, Facts, Heading, Paragraph, Points, Section
from reports.dossiers.chapters import weighted
from reports.dossiers.scales import is_census
from reports.estimates import Estimate, Results
from reports.estimators import SUFFIX
from reports.raking import NOT_RAKED
from reports.tables import WEIGHTING
from survey.codebook import Role
from survey.study import Access, Regime, WeightMethod


def method(results: Results) -> Section:
    """How the numbers came about, what protects the respondents, what cannot be said."""
    release = results.release
    blocks: list[Block] = [
        Heading("Erhebung"),
        Paragraph(_collection(results)),
        *(_inference(results) if is_census(results) else _description(results)),
        Points(_limits(results), "Was diese Umfrage nicht zeigen kann"),
        Points(_protection(results), "Schutz der Befragten"),
    ]
    if release.report:
        blocks.append(Points(tuple(release.report), "Zusammengefasst und zurückgehalten"))
    return Section("methode", "Methode und Grenzen", tuple(blocks), new_page=False)


def _inference(results: Results) -> tuple[Block, ...]:
    by_weight = ", gewichtet nach Korn und Graubard" if weighted(results) else ""
    return (
        Heading("Gewichtung"),
        Paragraph(_weighting(results)),
        Heading("Unschärfe und Rangfolge"),
        Paragraph(
            "Unschärfebereiche für Anteile: Wilson mit Korrektur für die bekannte Zahl der "
            f"Befragten, bei kleinen Gruppen exakt hypergeometrisch{by_weight}. "
            "Mögliche Plätze: gemeinsame Platzmengen nach Mogstad, Romano, Shaikh und "
            "Wilhelm. Vergleiche der Dienststellen: alle Prüfungen gemeinsam nach Holm."
        ),
    )


def _description(results: Results) -> tuple[Block, ...]:
    led = results.release.study.regime is Regime.OPEN_PARTICIPATION
    rule = (
        f" {open_wording.RULE} Daneben steht, wie viele zusätzliche Stimmzettel den Vorsprung "
        "aufhöben."
    )
    return (
        Heading("Beschreibung statt Hochrechnung"),
        Paragraph(
            "Wer teilnahm, entschied das selbst. Deshalb enthält dieser Bericht keine Bereiche um "
            "die Anteile, keine Prüfungen auf Zufall und keine Gewichtung: Sie täuschten eine "
            f"Genauigkeit vor, die es nicht gibt.{rule if led else ''}"
        ),
    )


def is_imported(results: Results) -> bool:
    """Whether the answers came as a file, so that nobody can say here how they were collected."""
    protocol = results.release.protocol
    return "urn" not in protocol and protocol.get("source") != "simulation"


def _collection(results: Results) -> str:
    """How the answers came in, as far as the record of the opening tells."""
    protocol, study = results.release.protocol, results.release.study
    if "urn" in protocol and study.access is Access.CODES:
        how = (
            "Alle Befragten erhielten einen Zugangscode, der nur einmal gilt und nicht zusammen "
            "mit den Antworten gespeichert wird. "
        )
    else:
        how = ""
    if "urn" in protocol:
        how += (
            "Jede Antwort wurde verschlüsselt abgelegt und erst nach dem Ende der Umfrage geöffnet "
            "und gemischt."
        )
    elif is_imported(results):
        how = (
            "Die Antworten wurden als fertige Datei übernommen; wie sie erhoben wurden, ist hier "
            "nicht belegt."
        )
    else:
        how = "Die Antworten sind von einem Programm erzeugt; niemand wurde befragt."
    return f"{how} Jede Frage durfte leer bleiben."


def _limits(results: Results) -> tuple[str, ...]:
    study = results.release.study
    frame = study.frame
    evened = (
        f"; die Gewichtung gleicht nur Unterschiede nach {typography.listed(_weights(results))} aus"
        if frame is not None and weighted(results)
        else "; die Ergebnisse sind nicht gewichtet"
    )
    return (
        "Sie zeigt die Sicht derer, die geantwortet haben. Wie die anderen denken, ist unbekannt"
        f"{evened}.",
        *(MANY_TIMES if study.access is Access.OPEN else ()),
        *odd_ballots(results),
        "Sie zeigt Einschätzungen, keine Ursachen und keine gemessenen Leistungen.",
        "Sie ist keine Abstimmung und bindet den Rat nicht.",
    )


MANY_TIMES = (
    "Wie viele Menschen hinter den Stimmzetteln stehen, ist nicht sicher: Ohne Zugangscodes kann "
    "jemand mehrmals teilnehmen.",
)


def _weights(results: Results) -> list[str]:
    """Titles of the questions whose headcounts make the weights."""
    study, codebook = results.release.study, results.release.codebook
    every = study.frame.variables if study.frame else ()
    used = study.weights.margins or every
    return [summaries.short(codebook.question(id).title) for id in every if id in used]


def _weighting(results: Results) -> str:
    low, high = results.find("", "weight_min"), results.find("", "weight_max")
    effect = results.find("", "deff")
    if not weighted(results) or low is None or high is None or effect is None:
        why = low.note if low is not None and low.note.startswith(NOT_RAKED) else "nicht gewichtet"
        return f"Die Ergebnisse sind {why}."
    by = typography.listed(_weights(results))
    raking = results.release.study.weights.method is WeightMethod.RAKING
    how = (
        f"Gewichtet wird nach {by}, sodass die Gruppen so viel zählen wie in der Belegschaft. "
        f"{_split(results)}"
    )
    return (
        f"{_raked(results, by) if raking else how}Kleinstes Gewicht {low.printed}, größtes "
        f"{high.printed}; die Gewichtung vergrößert die Streuung um den Faktor {effect.printed}. "
        "Wer seine Gruppe nicht angab, hat kein Gewicht. Wo zu wenige Antworten vorliegen, ist ein "
        "Ergebnis ungewichtet und so bezeichnet. Für die Rangfolge steht das ungewichtete Ergebnis "
        "neben dem gewichteten; eine Aussage erscheint nur, wenn beide sie tragen."
    )


def _raked(results: Results, by: str) -> str:
    """How the weights were fitted to margins, how well, and which were cut."""
    off, cut = results.find("", "weight_deviation"), results.find("", "weight_trimmed")
    fit = f" Die größte Abweichung eines Randes beträgt {off.printed}." if off is not None else ""
    aim = "sodass jede Gruppe so viel zählt wie dort"
    if cut is not None and cut.value:
        fit = f" Gekappt sind die Gewichte von {cut.printed} Stimmzetteln.{fit}"
        aim = "sodass jede Gruppe, soweit es gekappte Gewichte zulassen, so viel zählt wie dort"
    return (
        f"Gewichtet wird nach {by}, durch schrittweises Angleichen jedes Merkmals für sich an die "
        f"Belegschaft (Raking), {aim}; wie die Merkmale "
        f"zusammentreffen, geht nicht ein.{fit} Vergleiche der Gruppen mit den übrigen gleichen "
        "dagegen nach den Zellen der Kopfzahlen aus. "
    )


ODD = ("straight", "repeated", "untouched")
"""Kinds of ballots that are looked at apart, see docs/METHODS.md."""


def odd_ballots(results: Results) -> tuple[str, ...]:
    """What would move most without ballots that look inattentive; () if nothing is known."""
    moved = [
        row
        for kind in ODD
        for row in results.select(statistic=f"without_{kind}")
        if row.value is not None
    ]
    if not moved:
        return ()
    most = max(moved, key=lambda row: abs(row.value or 0.0))
    moved_most = wording.named(label(results, most))
    return (
        "Wer eine ganze Liste gleich oder in der gezeigten Reihenfolge beantwortete, zählt mit; "
        f"ohne diese Stimmzettel änderte sich kein Anteil stärker als {moved_most} "
        f"({most.printed}).",
    )


def label(results: Results, row: Estimate) -> str:
    """The element or row that an estimate is about."""
    known = [(q, v) for q in results.release.codebook for v in q.variables]
    own = (
        v for q, v in known if row.item == v.name or (row.item, row.category) == (q.id, v.element)
    )
    return next((summaries.short(v.label) for v in own), row.item)


def _split(results: Results) -> str:
    """In how many units the second attribute of the headcounts made cells of its own."""
    frame = results.release.study.frame
    if frame is None or len(frame.variables) < 2:
        return ""
    cells = [d for d, _ in results.release.ballots.get(WEIGHTING, ()) if d.headcount is not None]
    units = {domain.code.partition("*")[0] for domain in cells}
    split = {domain.code.partition("*")[0] for domain in cells if "*" in domain.code}
    codebook = results.release.codebook
    ordered = sorted(
        (codebook.question(id) for id in frame.variables),
        key=lambda q: q.role is not Role.DEPARTMENT,
    )
    first, second = (summaries.short(question.title) for question in ordered)
    if not split:
        return f"Das Merkmal {second} geht dabei nirgends ein; es zählt nur {first}. "
    rest = "" if len(split) == len(units) else f", in den übrigen zählt nur {first}"
    return (
        f"Das Merkmal {second} geht in {typography.count(len(split))} von "
        f"{typography.count(len(units))} Einheiten ein{rest}; bei Fragen mit weniger Antworten "
        "können es weniger sein. "
    )


def _protection(results: Results) -> tuple[str, ...]:
    rules = results.release.rules
    return (
        f"Mindestens {rules.get('min_base', 10)} Antworten je gezeigter Gruppe; auch aus "
        "Differenzen lassen sich keine kleineren Gruppen errechnen.",
        "Zahlen sind genau oder gar nicht angegeben, nie verändert.",
        "Verknüpfungen von mehr als zwei Merkmalen werden nicht ausgewertet.",
    )


def self_attack(results: Results) -> Section | None:
    """What the program itself could work out from this report; None before any attack."""
    found = results.release.attack
    if found is None:
        return None
    weighted = sum(row.statistic.endswith(SUFFIX) for row in results if row.value is not None)
    numbers = [
        ("Ergebnis", _outcome(found)),
        ("Tabellen geprüft", typography.count(found.tables)),
        ("Gruppen darin", typography.count(found.groups)),
        ("Abzüge versucht", typography.count(found.differences)),
        ("Zahlen eingegrenzt", typography.count(found.hidden)),
    ]
    if weighted:
        numbers.append(("Zurückgerechnet", typography.count(weighted)))
    numbers.append(("Frühere Berichte", _compared(found.compared)))
    blocks: list[Block] = [
        Paragraph(
            "Wer geantwortet hat, soll auch dann nicht erkennbar sein, wenn jemand rechnet. "
            "Deshalb hat das Programm vor dem Schreiben genau das versucht, mit allen "
            "veröffentlichten Zahlen und der Größe jeder Gruppe. Hätte es auf eine Gruppe von "
            "einer bis neun Personen schließen können, gäbe es diesen Bericht nicht.",
            "lead",
        ),
        Facts(tuple(numbers), boxed=True),
        Points(_tried(found, weighted=bool(weighted)), "Was versucht wurde"),
        Points(
            (
                "Wer Freitexte an Stil oder Inhalt erkennt, den hält keine Rechnung auf.",
                "Wer von anderen weiß, was sie geantwortet haben, weiß mehr, als hier steht.",
            ),
            "Wovor das nicht schützt",
        ),
    ]
    if results.release.errata:
        blocks.append(Points(results.release.errata, "Berichtigungen ohne neue Tabellen"))
    title = "Schutzprüfung dieses Berichts"
    return Section("selbstangriff", title, tuple(blocks), new_page=False)


def _tried(found: Attack, *, weighted: bool) -> tuple[str, ...]:
    points = [
        "Abziehen: Frage für Frage die gezeigten Gruppen voneinander und vom Ganzen. Übrig bleibt "
        "niemand oder eine Gruppe von mindestens zehn Personen.",
        "Eingrenzen: bei jeder Gruppe, die nur zusammen mit anderen gezeigt wird, wie viele dort "
        "geantwortet haben können. Möglich bleiben mindestens fünf verschiedene Zahlen, in ganz "
        "kleinen Gruppen alle.",
    ]
    if weighted:
        points.append(
            "Zurückrechnen: von jedem gewichteten Anteil und Mittelwert auf die Antworten "
            "dahinter. Er verrät nichts, was nicht schon in den gezeigten Gruppen steht."
        )
    if found.compared:
        points.append(
            "Danebenlegen: alle früheren Veröffentlichungen derselben Studie und derselben "
            "Gruppen. Kein Unterschied zwischen ihnen macht Einzelne erkennbar."
        )
    return tuple(points)


def _compared(numbers: tuple[int, ...]) -> str:
    if not numbers:
        return "es gibt keine"
    return typography.listed([f"Nr. {number}" for number in numbers])


def _outcome(found: Attack) -> str:
    if found.findings:
        return f"{typography.count(len(found.findings))} Schlüsse auf kleine Gruppen"
    return "bestanden: kein Schluss auf eine bis neun Personen"


def period(results: Results) -> str:
    """From when to when answers were taken; empty where that is not known."""
    study = results.release.study
    if study.opens is None or study.closes is None:
        return ""
    return f"{typography.date_de(study.opens)} bis {typography.moment_de(study.closes)}"

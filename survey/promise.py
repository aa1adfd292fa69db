"""The promise sheet: what a study stores, for whom, how long, and what it does not promise.

For the staff council and the data protection officer; drawn up from the study and from how this
installation is set up, so that it cannot say anything else than what holds. The same value
feeds a page of the public web process and a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.codebook import Role
from survey.codes import SMALLEST_GROUP
from survey.records import Record
from survey.studies import StoredStudy
from survey.study import Access, OpeningRule, Study
from survey.translation import day, moment

_THRESHOLDS = {"min_base": 10, "min_chapter": 20, "min_texts": 30}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, points of a list, and at most one table."""

    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class PromiseSheet:
    """Everything that the sheet says, in the order in which it is printed."""

    study: str
    title: str
    sender: str
    warning: str
    lead: str
    sections: tuple[Section, ...]


def promise_sheet(stored: StoredStudy, database: str, records: Sequence[Record]) -> PromiseSheet:
    """The sheet of a study; ``database`` is ``sqlite`` or ``postgresql``."""
    study = stored.study
    return PromiseSheet(
        study.id,
        study.title,
        study.commissioner,
        _warning(study),
        "Dieses Blatt wird aus der Umfrage und aus der Einrichtung dieses Servers erzeugt. Es "
        "sagt, "
        "was gespeichert wird, wer was sehen kann und was nicht versprochen werden kann.",
        (
            _purpose(study),
            _asked(stored),
            _stored(study),
            _never(study),
            _holders(stored, records),
            _published(study),
            _not_promised(study),
            _checks(database),
        ),
    )


def record_of_processing(stored: StoredStudy, database: str) -> Section:
    """A draft for the record of processing activities (Art. 30 GDPR), to be completed."""
    study, system, blank = stored.study, _DATABASES[database], "[eintragen]"
    holders = len(stored.recipients) or "die"
    rows = (
        ("Bezeichnung", f"Befragung „{study.title}“ ({study.id})"),
        (
            "Verantwortlich",
            f"{study.commissioner or '[eintragen]'}; Kontakt: {study.contact or '[eintragen]'}",
        ),
        ("Datenschutzbeauftragte", "[eintragen]"),
        ("Zwecke", study.purpose or blank),
        ("Rechtsgrundlage", "[eintragen; die Teilnahme ist freiwillig, Dienstvereinbarung prüfen]"),
        ("Betroffene", study.population),
        (
            "Datenkategorien",
            "Angekreuzte Antworten und freie Texte. Vor der Öffnung versiegelt. Keine Namen, "
            "Kennungen, Adressen, Geräte- oder Zeitangaben. Freie Texte können Angaben zu "
            "Personen "
            "enthalten, die jemand selbst hineinschreibt.",
        ),
        (
            "Empfänger",
            "Schlüsselpersonen bei der Öffnung; danach nur Zusammenfassungen ab der kleinsten "
            "Gruppe.",
        ),
        ("Drittland", "Keine Übermittlung. Die Seiten laden nichts von fremden Adressen."),
        ("Löschung", _retention(study)),
        (
            "Auskunft, Berichtigung",
            "Nach dem Absenden nicht möglich, weil niemand eine Antwort einer Person zuordnen "
            "kann "
            "(Art. 11 DSGVO). Das wird vor dem Absenden gesagt.",
        ),
        (
            "Maßnahmen (Art. 32)",
            f"Versiegelung jedes Stimmzettels (age) an {holders} öffentliche Schlüssel; "
            "private Schlüssel nicht auf dem Server; Zugangscodes nur als HMAC; Probeöffnung; "
            f"Datenbank: {system}; Sicherungen ohne Schlüssel; Prüfprotokoll durch „survey "
            "attack“.",
        ),
        ("Folgenabschätzung", "[Schwellwertprüfung eintragen]"),
    )
    return Section(
        "Entwurf für das Verzeichnis von Verarbeitungstätigkeiten",
        (
            "Aus der Umfrage erzeugt. Angaben in eckigen Klammern ergänzt die verantwortliche "
            "Stelle.",
        ),
        table=Table(("Angabe", "Inhalt"), rows),
    )


_DATABASES = {
    "sqlite": "SQLite, eine Datei auf diesem Server",
    "postgresql": "PostgreSQL auf einem eigenen Server",
}


def _warning(study: Study) -> str:
    if study.demo:
        return (
            "Vorführung: Die privaten Schlüssel liegen auf diesem Server, es gab keine "
            "Probeöffnung. "
            "Die Zusagen über Schlüssel gelten hier nicht."
        )
    if study.server_keys:
        return "Die privaten Schlüssel liegen auf diesem Server. Wer ihn betreibt, kann die "
        "Urne öffnen."
    return ""


def _purpose(study: Study) -> Section:
    facts = (
        f"Wer fragt: {study.commissioner}" if study.commissioner else "",
        f"Wer gefragt ist: {study.population}",
        f"Wozu: {study.purpose}" if study.purpose else "",
        f"Beginn: {moment(study.opens, 'de')}" if study.opens else "",
        f"Ende: {moment(study.closes, 'de')}" if study.closes else "",
        f"Fragen: {study.contact}" if study.contact else "",
    )
    return Section("Worum es geht", points=tuple(filter(None, facts)))


def _asked(stored: StoredStudy) -> Section:
    items = [item for item in stored.questionnaire.instrument.items if item.asks]
    about = [item.title or item.text for item in items if item.role in _ABOUT_PEOPLE]
    texts = [length for item in items for length in item.text_lengths.values()]
    points = (
        f"{len(items)} Fragen, jede darf leer bleiben",
        f"Angaben zur Person oder Stelle: {'; '.join(about) or 'keine'}",
        f"Freie Texte: {len(texts)}, jeder mit höchstens {max(texts)} Zeichen"
        if texts
        else "keine freien Texte",
    )
    return Section("Was gefragt wird", points=points)


_ABOUT_PEOPLE = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)


def _stored(study: Study) -> Section:
    codes = (
        (
            "Zugangscode",
            "Prüfwert (HMAC), nie der Code selbst; der Schlüssel dazu liegt außerhalb der "
            "Datenbank "
            "und der Sicherungen",
            "bis der Code benutzt wird, sonst bis zur Öffnung",
            "niemand kann daraus einen Code lesen",
        ),
    )
    rows = (
        (
            "Stimmzettel",
            "versiegelt, alle gleich lang, unter einem zufälligen Schlüssel, ohne Zeit und "
            "Reihenfolge",
            "bis zur Öffnung, dann vernichtet",
            _who_opens(study),
        ),
        *(codes if study.access is Access.CODES else ()),
        (
            "Zahl der Stimmzettel",
            "vor dem Ende abgerundet auf Zehner, einmal am Tag",
            "dauerhaft",
            "Projektteam",
        ),
        (
            "Datensatz nach der Öffnung",
            "Antworten in gemischter Reihenfolge; freie Texte je Frage getrennt und eigens "
            "gemischt",
            _retention(study),
            "das Auswertungsprogramm; Menschen nur Zusammenfassungen",
        ),
        (
            "Protokolle",
            "Probeöffnung, Öffnung, Vernichtung der Schlüssel, Wiederherstellung, Löschung",
            "dauerhaft",
            "Projektteam, Personalrat, Datenschutz",
        ),
    )
    return Section(
        "Was gespeichert wird",
        table=Table(("Was", "In welcher Form", "Wie lange", "Wer es sehen kann"), rows),
    )


def _never(study: Study) -> Section:
    code = (
        "welcher Code zu welchem Stimmzettel gehört: Der Code wird in demselben Schritt "
        "gelöscht, "
        "in dem der Stimmzettel abgelegt wird",
    )
    return Section(
        "Was nie gespeichert wird",
        points=(
            "Name, Kennung, Internetadresse, Gerät, Browser, Herkunftsseite, Cookie",
            "Uhrzeit, Dauer und Reihenfolge des Antwortens",
            "angefangene Antworten: Bis zum Absenden liegen sie verschlüsselt nur im Browser",
            *(code if study.access is Access.CODES else ()),
        ),
    )


def _holders(stored: StoredStudy, records: Sequence[Record]) -> Section:
    study = stored.study
    names = ", ".join(holder.holder for holder in stored.recipients)
    rule = (
        "Geöffnet wird nur gemeinsam: Jede Schlüsselperson nimmt auf dem eigenen Rechner eine "
        "Schicht ab."
        if study.opening is OpeningRule.ALL
        else "Jede Schlüsselperson kann die Urne allein öffnen. Diese Regel wurde eigens gewählt."
    )
    named = (
        f"Schlüsselpersonen: {names}." if names else "Schlüsselpersonen sind noch nicht benannt."
    )
    done = tuple(
        f"{_ACTS[record.kind]} am {day(record.day, 'de')}."
        for record in records
        if record.kind in _ACTS
    )
    rehearsed = any(record.kind == "rehearsal" for record in records)
    waiting = study.access is Access.CODES and not study.demo and not rehearsed
    missing = (
        ("Die Probeöffnung steht noch aus; vorher öffnet die Umfrage nicht.",) if waiting else ()
    )
    return Section("Wer die Urne öffnen kann", (named, rule, *done, *missing))


_ACTS = {
    "rehearsal": "Probeöffnung bestanden",
    "opened": "Urne geöffnet",
    "keys-destroyed": "Schlüssel vernichtet",
    "restored": "Sicherung eingespielt",
    "purged": "Daten gelöscht",
}


def _published(study: Study) -> Section:
    rules = {name: max(least, study.rules.get(name, 0)) for name, least in _THRESHOLDS.items()}
    groups = (
        (
            f"Beteiligung je Bereich nur für Bereiche ab {SMALLEST_GROUP} Personen und nie so, "
            "dass 1 bis 9 "
            "Personen übrig bleiben.",
        )
        if study.access is Access.CODES
        else ()
    )
    return Section(
        "Was veröffentlicht wird",
        points=(
            f"Kleinste Gruppe: {rules['min_base']} Antworten; eigene Mittelwerte ab "
            f"{rules['min_chapter']}, "
            f"freie Texte je Gruppe ab {rules['min_texts']}. Kleinere gehen in einer größeren "
            "Einheit auf.",
            "Auch aus Unterschieden zwischen Tabellen lassen sich keine 1 bis 9 Personen "
            "errechnen; "
            "das Programm greift jede Veröffentlichung vorher selbst an.",
            "Vor dem Ende gibt es keine Ergebnisse, auch nicht für die Leitung.",
            *groups,
        ),
    )


def not_promised(study: Study) -> tuple[str, ...]:
    """What nobody must rely on, complete, in the words of the sheet."""
    codes = study.access is Access.CODES
    opens = (
        "wenn alle Schlüsselpersonen zusammenwirken und eine Kopie der Urne von vor der "
        "Öffnung haben"
        if study.opening is OpeningRule.ALL
        else "wenn eine Schlüsselperson eine Kopie der Urne von vor der Öffnung hat"
    )
    stuffing = (
        "vor eingeworfenen Stimmzetteln durch die, die den Server verwalten oder unbenutzte "
        "Codes haben"
        if codes
        else "vor mehrfachem Antworten: Ohne Codes zählt jeder Stimmzettel, nicht jede Person"
    )
    return (
        f"Schutz {stuffing}.",
        "Schutz davor, dass jemand eine alte Sicherung einspielt"
        + (" und benutzte Codes damit wieder gelten" if codes else "")
        + "; ein Einspielen über das Programm wird protokolliert.",
        "Schutz vor verändertem Programm auf dem Server, vor Mitschnitten im Netz und vor "
        "abgefangenen Seiten "
        "zusammen mit dem Seitenschlüssel.",
        f"Verschwiegenheit, {opens}.",
        "Schutz vor dem Wiedererkennen am eigenen freien Text.",
        "Schutz vor Blicken auf ein gemeinsam benutztes Gerät, auf dem eine Seite offen blieb.",
        "Dass die letzte Schlüsselperson den Datensatz nicht fälscht: Sie erzeugt ihn allein. "
        "Nachprüfbar wird er, "
        "wenn die Schlüsselpersonen die Urne gemeinsam noch einmal öffnen („survey urn "
        "verify“), bevor die "
        "Schlüssel vernichtet werden.",
        "Spätere Auskunft, Änderung oder Löschung: Niemand findet eine einzelne Antwort wieder.",
    )


def _not_promised(study: Study) -> Section:
    return Section("Was nicht versprochen wird", points=not_promised(study))


def _checks(database: str) -> Section:
    return Section(
        "Wie sich das prüfen lässt",
        (
            "Einen Stimmzettel aus der Urne öffnet auch das unabhängige Programm „age“. "
            "„survey attack“ spielt die "
            "Angriffe nach und druckt ein Protokoll, „survey inspect“ nennt jede Tabelle und "
            "jede Spalte. "
            f"Datenbank: {_DATABASES[database]}.",
        ),
    )


def _who_opens(study: Study) -> str:
    if study.demo or study.server_keys:
        return "wer den Server betreibt"
    if study.opening is OpeningRule.ALL:
        return "niemand allein; alle Schlüsselpersonen gemeinsam, nach dem Ende"
    return "jede Schlüsselperson, nach dem Ende"


def _retention(study: Study) -> str:
    if study.delete_on:
        return f"bis zum {day(study.delete_on, 'de')}, dann gelöscht („survey purge“)"
    return study.retention or "kein Löschtag genannt"

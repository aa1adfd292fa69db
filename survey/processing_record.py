"""A draft for the record of processing activities of a study, in German, to be completed."""

from __future__ import annotations

from survey.promise import DATABASES, Section, Table, retention
from survey.studies import StoredStudy
from survey.translation import SOURCE, between_tags


def record_of_processing(stored: StoredStudy, database: str) -> Section:
    """A draft for the record of processing activities (Art. 30 GDPR), to be completed."""
    study, system, blank = stored.study, DATABASES[database], "[eintragen]"
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
        ("Löschung", retention(study, between_tags(SOURCE))),
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

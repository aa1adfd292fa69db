"""A draft of the record of processing activities of a study, in German or English."""

from __future__ import annotations

from survey.promise import DATABASES, Section, Table, retention
from survey.studies import StoredStudy
from survey.translation import between_tags

GERMAN = {
    "title": "Entwurf für das Verzeichnis von Verarbeitungstätigkeiten",
    "lead": "Aus der Umfrage erzeugt. Angaben in eckigen Klammern ergänzt die verantwortliche "
    "Stelle.",
    "head": ("Angabe", "Inhalt"),
    "blank": "[eintragen]",
    "name": ("Bezeichnung", "Befragung „{title}“ ({id})"),
    "controller": ("Verantwortlich", "{commissioner}; Kontakt: {contact}"),
    "officer": ("Datenschutzbeauftragte", "{blank}"),
    "purposes": ("Zwecke", "{purpose}"),
    "basis": (
        "Rechtsgrundlage",
        "[eintragen; die Teilnahme ist freiwillig, Dienstvereinbarung prüfen]",
    ),
    "subjects": ("Betroffene", "{population}"),
    "data": (
        "Datenkategorien",
        "Angekreuzte Antworten und freie Texte. Vor der Öffnung versiegelt. Keine Namen, "
        "Kennungen, Adressen, Geräte- oder Zeitangaben. Freie Texte können Angaben zu Personen "
        "enthalten, die jemand selbst hineinschreibt.",
    ),
    "recipients": (
        "Empfänger",
        "Schlüsselpersonen bei der Öffnung; danach nur Zusammenfassungen ab der kleinsten Gruppe.",
    ),
    "abroad": ("Drittland", "Keine Übermittlung. Die Seiten laden nichts von fremden Adressen."),
    "erasure": ("Löschung", "{retention}"),
    "access": (
        "Auskunft, Berichtigung",
        "Nach dem Absenden nicht möglich, weil niemand eine Antwort einer Person zuordnen kann "
        "(Art. 11 DSGVO). Das wird vor dem Absenden gesagt.",
    ),
    "measures": (
        "Maßnahmen (Art. 32)",
        "Versiegelung jedes Stimmzettels (age) an öffentliche Schlüssel (Schlüsselpersonen: "
        "{holders}); private Schlüssel nicht auf dem Server; Zugangscodes nur als HMAC; "
        "Probeöffnung; Datenbank: {system}; Sicherungen ohne Schlüssel; Prüfprotokoll durch "
        "„survey attack“.",
    ),
    "on_server": (
        "Maßnahmen (Art. 32)",
        "Versiegelung jedes Stimmzettels (age); der Schlüssel liegt auf dem Server; Datenbank: "
        "{system}; Sicherungen ohne Schlüssel; Prüfprotokoll durch „survey attack“.",
    ),
    "assessment": ("Folgenabschätzung", "[Schwellwertprüfung eintragen]"),
}
ENGLISH = {
    "title": "Draft for the record of processing activities",
    "lead": "Drawn up from the survey. The controller completes what stands in square brackets.",
    "head": ("Item", "Content"),
    "blank": "[to be filled in]",
    "name": ("Name", "Survey “{title}” ({id})"),
    "controller": ("Controller", "{commissioner}; contact: {contact}"),
    "officer": ("Data protection officer", "{blank}"),
    "purposes": ("Purposes", "{purpose}"),
    "basis": (
        "Legal basis",
        "[to be filled in; taking part is voluntary, look at agreements with the staff council]",
    ),
    "subjects": ("Data subjects", "{population}"),
    "data": (
        "Categories of data",
        "Ticked answers and free texts, sealed until the opening. No names, identifiers, "
        "addresses, devices or times. Free texts may hold what somebody writes about people.",
    ),
    "recipients": (
        "Recipients",
        "Key holders at the opening; afterwards summaries only, from the smallest group on.",
    ),
    "abroad": ("Third countries", "No transfer. The pages load nothing from foreign addresses."),
    "erasure": ("Erasure", "{retention}"),
    "access": (
        "Access, rectification",
        "Not possible after sending, because nobody can tell whose answer is whose (Art. 11 "
        "GDPR). This is said before sending.",
    ),
    "measures": (
        "Measures (Art. 32)",
        "Every ballot is sealed (age) to public keys (key holders: {holders}); private keys are "
        "not on the server; access codes only as HMAC; rehearsed opening; database: {system}; "
        "backups without keys; protocol of “survey attack”.",
    ),
    "on_server": (
        "Measures (Art. 32)",
        "Every ballot is sealed (age); the key lies on the server; database: {system}; backups "
        "without keys; protocol of “survey attack”.",
    ),
    "assessment": ("Impact assessment", "[enter the threshold analysis]"),
}
WORDS = {"de": GERMAN, "en": ENGLISH}
_ROWS = (
    *("name", "controller", "officer", "purposes", "basis", "subjects", "data", "recipients"),
    *("abroad", "erasure", "access", "measures", "assessment"),
)


def record_of_processing(stored: StoredStudy, database: str, language: str = "de") -> Section:
    """A draft for the record of processing activities (Art. 30 GDPR), to be completed.

    ``language`` is ``de`` or ``en``; a study without it keeps its own texts.
    """
    asked, say, _ = stored.questionnaire, WORDS[language], between_tags(language)
    study = asked.in_language(language)[0] if language in asked.languages else stored.study
    blank = str(say["blank"])
    on_server = study.demo or study.server_keys
    known = {
        "title": study.title,
        "id": study.id,
        "blank": blank,
        "commissioner": study.commissioner or blank,
        "contact": study.contact or blank,
        "purpose": study.purpose or blank,
        "population": study.population,
        "retention": retention(study, _),
        "holders": ", ".join(holder.holder for holder in stored.recipients) or blank,
        "system": _(DATABASES[database]),
    }
    rows = tuple(
        (name, content.format(**known))
        for name, content in (
            say["on_server" if row == "measures" and on_server else row] for row in _ROWS
        )
    )
    head = say["head"]
    return Section(
        str(say["title"]), (str(say["lead"]),), table=Table((str(head[0]), str(head[1])), rows)
    )

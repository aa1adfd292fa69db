"""Everything that an installation keeps, and what for: tables, files, lines in logs.

``survey inspect`` prints it for a data protection officer; a test fails when a column, a kind
of file or a log line is missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Words = tuple[str, str]
"""A sentence in German and in English."""

VERSION_TABLE = "alembic_version"
"""The table in which the version of all tables is noted."""
COLUMNS: Mapping[str, Mapping[str, Words]] = {
    "studies": {
        "id": ("Name der Umfrage", "name of the study"),
        "state": ("Entwurf, offen, geschlossen oder geöffnet", "draft, open, closed or opened"),
        "demo": ("ob es eine Vorführung ist", "whether it is a demo"),
        "bundle": ("der Fragebogen als Text", "the questionnaire as text"),
        "study": (
            "Titel, Termine und Zusagen der Umfrage",
            "title, dates and promises of the study",
        ),
        "instrument_hash": (
            "Prüfsumme des Fragebogens, die in jedem Stimmzettel steht",
            "checksum of the questionnaire, which stands in every ballot",
        ),
        "padded_size": (
            "einheitliche Größe aller Stimmzettel",
            "the one size of all ballots",
        ),
        "recipients": (
            "öffentliche Schlüssel und Namen der Schlüsselverwahrer",
            "public keys and names of the key holders",
        ),
        "host_key": (
            "öffentliche Hälfte des Schlüssels, mit dem der Server Stimmzettel unterschreibt",
            "public half of the key with which the server signs ballots",
        ),
        "shown_count": (
            "zuletzt gezeigte Zahl der Stimmzettel, auf Zehner abgerundet",
            "number of ballots shown last, rounded down to tens",
        ),
        "shown_day": (
            "Tag, an dem diese Zahl zuletzt erneuert wurde",
            "day on which that number was last renewed",
        ),
    },
    "versions": {
        "study_id": ("zu welcher Umfrage", "of which study"),
        "number": ("Nummer der Fassung", "number of the version"),
        "instrument_hash": ("Prüfsumme der Fassung", "checksum of the version"),
        "bundle": ("der ersetzte Fragebogen", "the questionnaire that was replaced"),
        "reason": ("warum er ersetzt wurde", "why it was replaced"),
    },
    "code_groups": {
        "study_id": ("zu welcher Umfrage", "of which study"),
        "name": (
            "Berichtsgruppe mit mindestens 50 Codes",
            "reporting group of at least 50 codes",
        ),
        "issued": ("Zahl der ausgegebenen Codes", "number of codes issued"),
    },
    "codes": {
        "study_id": ("zu welcher Umfrage", "of which study"),
        "digest": (
            "Prüfwert eines noch nicht benutzten Codes; ohne den Schlüssel außerhalb der "
            "Datenbank lässt sich kein Code daran erkennen",
            "keyed digest of a code that is not used yet; without the key outside the database no "
            "code can be recognised by it",
        ),
        "group_name": (
            "Berichtsgruppe des Codes, nur für den Rücklauf",
            "reporting group of the code, for participation only",
        ),
    },
    "ballots": {
        "study_id": ("zu welcher Umfrage", "of which study"),
        "key_digest": (
            "zufälliger Wert, damit zweimaliges Senden nur einmal zählt",
            "random value, so that sending twice counts once",
        ),
        "sealed": (
            "der versiegelte Stimmzettel; der Server kann ihn nicht lesen",
            "the sealed ballot; the server cannot read it",
        ),
    },
    "alembic_version": {
        "version_num": ("Stand des Datenbankschemas", "version of the database schema"),
    },
}
"""Purpose of every column of every table."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of file in a home, or a line that a process may write, with its purpose."""

    name: str
    purpose: Words


FILES: tuple[Kept, ...] = (
    Kept(
        "urn.sqlite, urn.sqlite-wal, urn.sqlite-shm",
        (
            "die Urne, wenn sie nicht in PostgreSQL liegt, mit dem Protokoll der letzten Schritte",
            "the urn unless it lies in PostgreSQL, with its log of the last steps",
        ),
    ),
    Kept(
        "secrets/database",
        (
            "Adresse der Datenbank, wenn die Urne in PostgreSQL liegt",
            "address of the database if the urn lies in PostgreSQL",
        ),
    ),
    Kept(
        "secrets/host-signing-key",
        (
            "Schlüssel, mit dem der Server Stimmzettel unterschreibt",
            "key with which the server signs ballots",
        ),
    ),
    Kept(
        "secrets/code-key",
        (
            "Schlüssel für die Prüfwerte der Codes; nie in einer Sicherung",
            "key for the digests of codes; never in a backup",
        ),
    ),
    Kept(
        "secrets/state/*",
        (
            "Schlüssel der offenen Seiten je Umfrage; beim Schließen vernichtet",
            "key of the open pages of each study; destroyed at closing",
        ),
    ),
    Kept(
        "secrets/fixed/*",
        (
            "Prüfsumme dessen, was beim Öffnen einer Umfrage festgelegt wurde",
            "checksum of what was fixed when a study opened",
        ),
    ),
    Kept(
        "secrets/open/*, secrets/demo/*",
        (
            "private Schlüssel von Umfragen ohne Codes und von Vorführungen; nach der Öffnung "
            "vernichtet",
            "private keys of studies without codes and of demos; destroyed after the opening",
        ),
    ),
    Kept(
        "datasets/*",
        (
            "geöffnete Antworten, gemischt, mit Prüfsumme und Öffnungsprotokoll",
            "opened answers, shuffled, with fingerprint and protocol of the opening",
        ),
    ),
    Kept("dossiers/*", ("geschriebene Berichte", "reports that were written")),
    Kept(
        "proceedings/*",
        (
            "wo das Vorhaben steht und was die Verwaltung zu den Ergebnissen vorschlägt",
            "where the project stands and what the administration proposes on the results",
        ),
    ),
    Kept(
        "jobs/*",
        (
            "Aufträge für Berichte und Drucke mit ihrer Warteschlange; keine Antworten, keine "
            "Codes",
            "orders for reports and prints and their queue; no answers and no codes",
        ),
    ),
    Kept(
        "prints/*",
        (
            "gedruckte Codes, bis sie einmal heruntergeladen sind; in keiner Sicherung",
            "printed codes until they have been downloaded once; in no backup",
        ),
    ),
    Kept(
        "records/*",
        (
            "Niederschriften über Handlungen der Verwaltung, mit Datum",
            "records of acts of the administration, with their date",
        ),
    ),
    Kept(
        "rehearsals/*",
        (
            "Prüfsummen einer laufenden Probeöffnung, bis sie bestanden ist",
            "checksums of a rehearsal under way, until it has passed",
        ),
    ),
    Kept(
        "locks/*",
        (
            "leere Dateien, damit nicht zwei zugleich öffnen",
            "empty files, so that two do not open at once",
        ),
    ),
    Kept(
        "secrets/team-key",
        (
            "Schlüssel, unter dem Zweitfaktoren und Sitzungen des Projektteams liegen",
            "key under which second factors and sessions of the project team lie",
        ),
    ),
    Kept(
        "team/*",
        (
            "Konten und Sitzungen des Projektteams und das Protokoll seiner Handlungen; nichts "
            "über Befragte",
            "accounts and sessions of the project team and the log of its acts; nothing about "
            "respondents",
        ),
    ),
    Kept(
        "ledger/*",
        (
            "was veröffentlicht wurde, nur zum Anfügen: damit keine zwei Veröffentlichungen "
            "zusammen einzelne Menschen zeigen",
            "what has been released, append-only: so that no two releases together show single "
            "people",
        ),
    ),
    Kept(
        "moderation/*",
        (
            "Urteile über freie Texte (Themen, Umschreibungen, Schwärzungen); mit den Antworten "
            "gelöscht",
            "judgements on free texts (themes, paraphrases, redactions); deleted with the answers",
        ),
    ),
    Kept(
        "demo.json, truth/*",
        (
            "wie erfundene Antworten einer Vorführung entstanden; nichts über wirkliche Menschen",
            "how the invented answers of a demo came about; nothing about real people",
        ),
    ),
    Kept("static/*", ("Gestaltung der Seiten", "the look of the pages")),
)
"""Every kind of file in a home."""

LOGS: tuple[Kept, ...] = (
    Kept(
        "survey: the urn does not answer: KIND",
        (
            "die Datenbank antwortet nicht; nur die Art des Fehlers, keine Werte, keine Adresse",
            "the database does not answer; the kind of error only, no values, no address",
        ),
    ),
    Kept(
        "survey: a defect in ENDPOINT",
        (
            "ein Fehler im Programm mit der Stelle im Programm, ohne Eingaben",
            "a defect of the program with its place in the program, without what was entered",
        ),
    ),
    Kept(
        "survey: a defect outside the pages",
        (
            "ein Fehler außerhalb der Seiten, ebenso ohne Eingaben",
            "a defect outside the pages, without what was entered as well",
        ),
    ),
    Kept(
        "gunicorn: ERROR",
        (
            "ein Arbeitsprozess startet nicht oder ist abgestürzt; keine Zeile je Anfrage",
            "a worker does not start or has crashed; no line per request",
        ),
    ),
)
"""Every line that a process of ours may write to its output; there is no access log."""

"""What the protocol of an attack says, in German and in English."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("de", "en")

SENTENCES: Mapping[str, tuple[str, str]] = {
    "title": ("Angriff auf die Urne: Protokoll", "Attack on the urn: protocol"),
    "subject": (
        "Meinungsbild {version}, Datenbank {database}, {day}",
        "Meinungsbild {version}, database {database}, {day}",
    ),
    "sizes": (
        "{codes} bekannte Codes in bekannter Reihenfolge, {rounds} Runden mit je {posts} "
        "gleichzeitigen Sendungen, {kills} Abbrüche",
        "{codes} known codes in known order, {rounds} rounds of {posts} simultaneous posts, "
        "{kills} kills",
    ),
    "h_check": ("Nr.", "No."),
    "h_what": ("Versuch", "Attempt"),
    "h_figure": ("Ergebnis", "Figure"),
    "h_bound": ("Grenze", "Bound"),
    "held": ("gehalten", "held"),
    "broken": ("GEBROCHEN", "BROKEN"),
    "all_held": ("Jede Zusage hat gehalten.", "Every promise held."),
    "some_broken": ("{n} Zusagen sind gebrochen.", "{n} promises are broken."),
    "limits": ("Was dieser Lauf nicht zeigt:", "What this run does not show:"),
    "not_played": (
        "Angriff „{name}“ ließ sich nicht ausführen, also ist nichts gezeigt",
        "attack “{name}” could not be played, so nothing is shown",
    ),
    # The thief.
    "rows": ("Zeile", "row"),
    "wish": ("erster freier Text", "first free text"),
    "worry": ("zweiter freier Text", "second free text"),
    "accepted": ("Antworten, die einen Stimmzettel ergaben", "Answers that gave one ballot"),
    "tied_sealed": (
        "Code ↔ versiegelter Stimmzettel bei einer Kopie nach jeder Antwort (Inhalt unlesbar)",
        "Code ↔ sealed ballot with a copy after every response (content unreadable)",
    ),
    "storage": (
        "Mängel an Tabellen, Spalten und Einstellungen, von außen geprüft",
        "Faults of tables, columns and settings, checked from outside",
    ),
    "used_rows": (
        "Benutzte Codes, die nach ihrer Antwort noch in der Tabelle stehen",
        "Used codes that are still in the table after their answer",
    ),
    "single_pairs": (
        "Einzelne Kopie: richtige Paare Code – {target} der geöffneten Daten",
        "Single copy: correct pairs code – {target} of the opened data",
    ),
    "single_rank": (
        "Einzelne Kopie: Rangkorrelation (Betrag) mit {target}",
        "Single copy: rank correlation (absolute) with {target}",
    ),
    "every_pairs": (
        "Kopie nach jeder Antwort: richtige Paare Code – {target} der geöffneten Daten",
        "Copy after every response: correct pairs code – {target} of the opened data",
    ),
    "every_rank": (
        "Kopie nach jeder Antwort: Rangkorrelation (Betrag) mit {target}",
        "Copy after every response: rank correlation (absolute) with {target}",
    ),
    "lying_pairs": (
        "Geschlossene Urne: richtige Paare Code – versiegelter Stimmzettel nach der Lage",
        "Closed urn: correct pairs code – sealed ballot by where they lie",
    ),
    "lying_rank": (
        "Geschlossene Urne: Rangkorrelation (Betrag) von Lage und Reihenfolge",
        "Closed urn: rank correlation (absolute) of place and order",
    ),
    "texts_pairs": (
        "Zwei Texte oder Zeile und Text einer Person: richtige Paare",
        "Two texts or row and text of one person: correct pairs",
    ),
    "texts_rank": (
        "Zwei Texte oder Zeile und Text einer Person: Rangkorrelation (Betrag)",
        "Two texts or row and text of one person: rank correlation (absolute)",
    ),
    "holder_pairs": (
        "Letzter Schlüsselverwahrer mit allen Kopien, ohne den ersten: richtige Paare",
        "Last key holder with all copies, without the first: correct pairs",
    ),
    "one_key": (
        "Stimmzettel, die sich mit einem von zwei Schlüsseln öffnen",
        "Ballots that open with one of two keys",
    ),
    "destroyed": (
        "Stimmzettel und Codes nach der Öffnung",
        "Ballots and codes after the opening",
    ),
    "moments": ("Zeitpunkte, zu denen alles durchsucht wurde", "Moments of searching everything"),
    "found_codes": ("Funde: Codes im Klartext", "Found: plain codes"),
    "found_answers": (
        "Funde: Antworten im Klartext außerhalb der geöffneten Daten",
        "Found: plain answers outside the opened data",
    ),
    "found_addresses": ("Funde: Adressen der Geräte", "Found: addresses of devices"),
    "found_agents": ("Funde: Browser und Herkunftsseiten", "Found: browsers and referrers"),
    "found_times": ("Funde: Zeitpunkte einzelner Antworten", "Found: times of single responses"),
    "found_used": (
        "Funde: Prüfwerte benutzter Codes nach der Öffnung",
        "Found: digests of used codes after the opening",
    ),
    # Races, kills, guesses.
    "races": (
        "Runden mit genau einem Stimmzettel bei {posts} gleichzeitigen Sendungen eines Codes",
        "Rounds with exactly one ballot from {posts} simultaneous posts of one code",
    ),
    "kills": (
        "Codes und Stimmzettel nicht im Gleichgewicht nach {kills} Abbrüchen (SIGKILL)",
        "Codes and ballots out of step after {kills} kills (SIGKILL)",
    ),
    "cut_off": (
        "Sendungen, die durch einen Abbruch ohne Antwort blieben",
        "Posts that a kill left without an answer",
    ),
    "killed": ("Abbrüche, die den Server trafen", "Kills that hit the server"),
    "resent": (
        "Stimmzettel, nachdem jede Seite noch einmal gesendet wurde",
        "Ballots after every page was sent once more",
    ),
    "same_answer": (
        "Unterschiede zwischen benutztem und unbekanntem Code (Status, Text, Größe)",
        "Differences between a used and an unknown code (status, text, size)",
    ),
    "late_answer": (
        "Status, wenn der Code während des Ausfüllens benutzt wurde",
        "Status if the code was used while filling in",
    ),
    "mistyped": ("Status bei Tippfehler im Code", "Status of a mistyped code"),
    "times": (
        "Mittlere Antwortzeit, benutzter / unbekannter Code",
        "Median time, used / unknown code",
    ),
    "flood_people": (
        "Langsame Menschen, deren Antwort während einer Flut aus einem Skript ankam",
        "Slow people whose answer arrived during a flood from a script",
    ),
    "flood_robots": (
        "Stimmzettel aus dem Skript / Sendungen (ohne Codes nicht zu verhindern)",
        "Ballots from the script / posts (cannot be prevented without codes)",
    ),
    "flood_addresses": (
        "Funde: Adressen von Menschen und Skript auf der Platte",
        "Found: addresses of people and script on disk",
    ),
    # Forms, changes, forgeries.
    "cookies": ("Cookies, die gesetzt wurden", "Cookies that were set"),
    "cached": (
        "Seiten mit Antworten, die ein Browser aufheben dürfte",
        "Pages with answers that a browser may keep",
    ),
    "left_open": (
        "Stimmzettel aus Seiten, die über einen Neustart des Servers offen blieben",
        "Ballots from pages that stayed open over a restart of the server",
    ),
    "changes": (
        "Verweigerte Versuche, eine offene Umfrage zu schwächen",
        "Refused attempts to weaken an open study",
    ),
    "rejected_signature": (
        "Mit dem öffentlichen Schlüssel gefälschte Stimmzettel, abgewiesen und gezählt",
        "Ballots forged with the public key, rejected and counted",
    ),
    "rejected_rehearsal": (
        "Stimmzettel der Probe, abgewiesen und gezählt",
        "Ballots of a rehearsal, rejected and counted",
    ),
    "rejected_duplicate": (
        "Wiederholte Stimmzettel, abgewiesen und gezählt",
        "Replayed ballots, rejected and counted",
    ),
    "rejected_unreadable": (
        "Stimmzettel mit verändertem Byte (5) und einer fremden Urne (1), abgewiesen und gezählt",
        "Ballots with a flipped byte (5) and of a foreign urn (1), rejected and counted",
    ),
    "rejected_study": (
        "Stimmzettel einer fremden Umfrage, neu versiegelt, abgewiesen und gezählt",
        "Ballots of a foreign study, sealed anew, rejected and counted",
    ),
    "rejected": ("Alle abgewiesenen Stimmzettel", "All rejected ballots"),
    "rest_opens": ("Ehrliche Stimmzettel, die sich öffnen", "Honest ballots that open"),
    "wrong_keys": (
        "Falsche Schlüssel, die öffnen (anderer Verwahrer, Fremde, Probe)",
        "Wrong keys that open (other holder, stranger, rehearsal)",
    ),
    "private_keys": (
        "Private Schlüssel auf dem Server nach Probe und Öffnung",
        "Private keys on the server after rehearsal and opening",
    ),
    # What is not shown.
    "note_people": (
        "Wer eine Liste von Personen und Codes hat, erfährt, wer teilgenommen hat, nicht was.",
        "Whoever has a list of people and codes learns who took part, not what they said.",
    ),
    "note_process": (
        "Nicht geprüft: verändertes Serverprogramm, Arbeitsspeicher, Mitschnitt des Netzes.",
        "Not tested: a changed server program, its memory, recorded network traffic.",
    ),
    "note_disk": (
        "Nicht geprüft: alte Blöcke des Dateisystems und Sicherungen außerhalb des Programms.",
        "Not tested: old blocks of the file system, and backups outside the program.",
    ),
    "note_dated": (
        "Einstellungen, Verzeichnis der Auswertungen und Niederschriften der Verwaltung tragen "
        "Daten; sie gehören nicht zur Suche nach Zeitpunkten einzelner Antworten.",
        "Configuration, ledger and records of the administration carry dates; they are outside "
        "the search for times of single responses.",
    ),
    "note_server": (
        "PostgreSQL führt eigene Protokolle (pg_wal, Serverprotokoll, archivierte Protokolle). In "
        "ihnen stehen Zeiten und die Prüfwerte benutzter Codes, bis der Server sie überschreibt; "
        "archivierte zählen als Kopien.",
        "PostgreSQL keeps logs of its own (pg_wal, server log, archived logs). They hold times and "
        "digests of used codes until the server overwrites them; archived ones count as copies.",
    ),
    "note_files_read": (
        "Die Dateien des Datenbankservers wurden nach Codes, Antworten, Adressen und Browsern "
        "durchsucht.",
        "The database server's files were searched for codes, answers, addresses and browsers.",
    ),
    "note_files_unread": (
        "Die Dateien des Datenbankservers waren nicht lesbar; durchsucht wurden alle Tabellen.",
        "The files of the database server were not readable; all tables were searched.",
    ),
}

"""What ``survey doctor`` says, in plain German and in English: what was found, and what to do."""

from __future__ import annotations

from survey.health_faults import LANGUAGES, Pair, fault

SENTENCES: dict[str, tuple[Pair, Pair]] = {
    "python": (("Python {version}", ""), ("Python {version}", "")),
    "python_old": (
        ("Python {version} ist zu alt", "Python {wanted} oder neuer einrichten"),
        ("Python {version}", "install Python {wanted} or later"),
    ),
    "libraries": (
        ("{count} Bibliotheken in verlangter Fassung", ""),
        ("{count} libraries as required", ""),
    ),
    "library_missing": (
        ("die Bibliothek {name} fehlt", "die Bibliotheken neu einrichten: `./start --prepare`"),
        ("the library {name} is missing", "install the libraries again: `./start --prepare`"),
    ),
    "library_other": (
        (
            "die Bibliothek {name} hat die Fassung {version}, verlangt ist {wanted}",
            "die Bibliotheken neu einrichten: `./start --prepare`",
        ),
        (
            "the library {name} is {version}, wanted is {wanted}",
            "install the libraries again: `./start --prepare`",
        ),
    ),
    "no_scratch": (
        (
            "es gibt keinen Ordner für Zwischendateien; ohne ihn wird nichts gedruckt",
            "den Ordner /tmp beschreibbar machen, im Behälter mit `--tmpfs /tmp`",
        ),
        (
            "there is no directory for temporary files; without it nothing can be printed",
            "make /tmp writable, in a container by `--tmpfs /tmp`",
        ),
    ),
    "system_library": (
        (
            "eine Bibliothek des Systems fehlt: {said}",
            "die Pakete aus apt.txt einrichten; ohne sie wird nichts gedruckt",
        ),
        (
            "a system library is missing: {said}",
            "install the packages of apt.txt; without them nothing can be printed",
        ),
    ),
    "font_missing": (
        (
            "die Schrift der Drucksachen fehlt oder ist nicht zu lesen: {said}",
            "die Bibliotheken neu einrichten: `./start --prepare`",
        ),
        (
            "the font for printing is missing or cannot be read: {said}",
            "install the libraries again: `./start --prepare`",
        ),
    ),
    "printing_fails": (
        ("Drucken misslingt: {said}", "Pakete aus apt.txt und Bibliotheken neu einrichten"),
        ("nothing can be printed: {said}", "install the packages of apt.txt and the libraries"),
    ),
    "printing": (
        ("Drucken gelingt, mit der mitgelieferten Schrift", ""),
        ("printing works, with the packaged font", ""),
    ),
    "other_fonts": (
        (
            "gedruckt wird mit anderen Schriften ({fonts})",
            "die Bibliotheken neu einrichten: `./start --prepare`",
        ),
        (
            "printing takes other fonts ({fonts})",
            "install the libraries again: `./start --prepare`",
        ),
    ),
    "no_home": (
        ("unter {path} liegt noch keine Einrichtung", "`survey init` aufrufen"),
        ("there is no home at {path}", "run `survey init`"),
    ),
    "owner": (
        (
            "{path} gehört dem Konto mit der Nummer {owner}, dies ist Nummer {user}",
            "den Befehl mit dem Konto des Dienstes aufrufen",
        ),
        (
            "{path} belongs to user {owner}, this is user {user}",
            "run the command as the user of the service",
        ),
    ),
    "foreign": (
        (
            "Dateien eines anderen Kontos ({count}), zum Beispiel {path}",
            "zurückgeben, als root: chown -R {user} {home}",
        ),
        (
            "files of another user ({count}), such as {path}",
            "give them back, as root: chown -R {user} {home}",
        ),
    ),
    "open": (
        ("{path} steht anderen Konten offen", "chmod 700 {path}"),
        ("{path} is open to other users", "chmod 700 {path}"),
    ),
    "private": (
        ("Einrichtung und Geheimnisse sind nur für das eigene Konto lesbar", ""),
        ("home and secrets are readable for their owner alone", ""),
    ),
    "writable": (("{path} ist beschreibbar", ""), ("{path} can be written", "")),
    "unwritable": (
        ("{path} ist nicht beschreibbar: {said}", "Platz schaffen oder die Rechte richten"),
        ("{path} cannot be written: {said}", "make room, or mend the rights"),
    ),
    "room": (
        ("{free} GiB frei auf der Platte von {path}", ""),
        ("{free} GiB free on the disk of {path}", ""),
    ),
    "no_room": (
        (
            "nur {free} GiB frei auf der Platte von {path}",
            "Platz schaffen: Öffnen und Sichern brauchen {needed} GiB",
        ),
        (
            "{free} GiB free on the disk of {path}",
            "make room: opening and backup need {needed} GiB",
        ),
    ),
    "remote": (
        (
            "{path} liegt auf {kind}, also auf einem anderen Rechner",
            "auf eine eigene Platte verlegen, oder die Urne auf PostgreSQL",
        ),
        ("{path} lies on {kind}", "move it to a local disk, or the urn to PostgreSQL"),
    ),
    "no_zone": (
        ("die Zeitzone Europe/Berlin ist nicht bekannt", "das Paket tzdata einrichten"),
        ("the time zone Europe/Berlin is not known", "install the package tzdata"),
    ),
    "clock_behind": (
        (
            "die Uhr zeigt den {now}, aber eine Niederschrift ist vom {newest}",
            "die Uhr stellen, bevor eine Umfrage nach ihr öffnet oder schließt",
        ),
        (
            "the clock says {now}, but a record was written on {newest}",
            "set the clock before a study opens or closes by it",
        ),
    ),
    "clock_old": (
        (
            "die Uhr zeigt den {now}, aber das Programm ist vom {newest}",
            "die Uhr stellen, bevor eine Umfrage nach ihr öffnet oder schließt",
        ),
        (
            "the clock says {now}, but the program is of {newest}",
            "set the clock before a study opens or closes by it",
        ),
    ),
    "clock_alone": (
        (
            "die Uhr zeigt {now} UTC, und kein Zeitserver hält sie richtig",
            "timedatectl set-ntp true",
        ),
        ("the clock says {now} UTC and is not kept by a time server", "timedatectl set-ntp true"),
    ),
    "clock_kept": (
        ("die Uhr zeigt {now} UTC, ein Zeitserver hält sie richtig", ""),
        ("the clock says {now} UTC, kept by a time server", ""),
    ),
    "clock": (
        ("die Uhr zeigt {now} UTC; ob ein Zeitserver sie hält, ist von hier nicht zu sehen", ""),
        ("the clock says {now} UTC; whether a time server keeps it cannot be seen from here", ""),
    ),
    "few_files": (
        ("ein Prozess darf {files} Dateien öffnen", "LimitNOFILE={least} für den Dienst"),
        ("a process may open {files} files", "LimitNOFILE={least} for the service"),
    ),
    "core": (
        (
            "ein Absturz kann den Speicher eines Prozesses auf die Platte schreiben",
            "LimitCORE=0 für den Dienst, wie in deploy/",
        ),
        (
            "a crash may write the memory of a process to the disk",
            "LimitCORE=0 for the service, as deploy/ has it",
        ),
    ),
    "no_core": (
        ("kein Absturz schreibt den Speicher eines Prozesses auf die Platte", ""),
        ("no memory of a crashed process is written to the disk", ""),
    ),
    "no_tables": (
        ("{path} hat noch keine Tabellen", "`survey init` aufrufen"),
        ("{path} has no tables yet", "run `survey init`"),
    ),
    "fault": (
        ("{said}", "beheben, bevor eine Umfrage öffnet: so bedient das Programm niemanden"),
        ("{said}", "mend it before a study opens: the program refuses to serve"),
    ),
    "refused": (
        ("{said}", "beheben, bevor eine Umfrage öffnet"),
        ("{said}", "mend it before a study opens"),
    ),
    "server_away": (
        ("die Datenbank antwortet nicht: {said}", "sie starten oder ihre Adresse richten"),
        ("the database does not answer: {said}", "start it, or mend its address"),
    ),
    "file_unread": (
        (
            "die Datei der Urne lässt sich nicht lesen: {said}",
            "Platz und Rechte prüfen; ist sie beschädigt, den Dienst anhalten und eine Sicherung "
            "einspielen",
        ),
        (
            "the file of the urn cannot be read: {said}",
            "look at room and rights; if it is damaged, stop serving and restore a backup",
        ),
    ),
    "database": (("{kind} {version}", ""), ("{kind} {version}", "")),
    "schema": (("Tabellen der Fassung {found}", ""), ("tables of version {found}", "")),
    "schema_old": (
        (
            "Tabellen der Fassung {found}, verlangt ist {wanted}",
            "sichern, dann `survey migrate` aufrufen",
        ),
        (
            "tables of version {found}, wanted is {wanted}",
            "make a backup, then run `survey migrate`",
        ),
    ),
    "schema_new": (
        (
            "Tabellen der Fassung {found}; dieses Programm kennt nur {wanted}",
            "das neuere Programm wieder einrichten oder eine ältere Sicherung einspielen",
        ),
        (
            "tables of version {found}; this program knows {wanted} at most",
            "install the newer program again, or restore an older backup",
        ),
    ),
    "whole": (
        ("die Datei der Urne ist heil ({size} MiB)", ""),
        ("the file of the urn is whole ({size} MiB)", ""),
    ),
    "damaged": (
        (
            "die Datei der Urne ist beschädigt: {said}",
            "den Dienst anhalten; eine Sicherung einspielen",
        ),
        ("the file of the urn is damaged: {said}", "stop serving; restore a backup"),
    ),
    "clocks_apart": (
        ("die Uhr des Servers geht um {seconds} s anders", "beide Uhren stellen"),
        ("the clock of the server is {seconds} s apart", "set both clocks"),
    ),
    "no_pg_dump": (
        ("pg_dump fehlt", "apt install postgresql-client: Sicherungen brauchen es"),
        ("pg_dump is missing", "apt install postgresql-client: backups need it"),
    ),
    "pg_dump_old": (
        (
            "pg_dump {found} kann einen Server {server} nicht sichern",
            "apt install postgresql-client-{server}",
        ),
        (
            "pg_dump {found} cannot back up a server {server}",
            "apt install postgresql-client-{server}",
        ),
    ),
    "pg_dump": (
        ("pg_dump {found} passt zum Server", ""),
        ("pg_dump {found} fits the server", ""),
    ),
    "due": (
        ("{study}: der Tag der Löschung ist gekommen", "`survey purge` aufrufen"),
        ("{study}: the day of its deletion has come", "run `survey purge`"),
    ),
    "secrets_wrong": (
        (
            "{study}: die Geheimnisse passen nicht ({said})",
            "secrets/ zurücklegen; bis dahin kann niemand antworten",
        ),
        ("{study}: {said}", "put secrets/ back; nobody can answer until then"),
    ),
    "ended": (
        (
            "{study}: das Ende ist gekommen, aber sie ist nicht geschlossen",
            "survey study close {study}",
        ),
        (
            "{study}: its end has come, but it is not closed",
            "run `survey study close {study}`",
        ),
    ),
    "study": (("{study}: {state}", ""), ("{study}: {state}", "")),
}
"""Each finding in both languages, with holes for values."""


def say(code: str, values: dict[str, str], language: str) -> Pair:
    """What was found and what to do, in a language.

    >>> say("schema_old", {"found": "0001", "wanted": "0002"}, "de")[0]
    'Tabellen der Fassung 0001, verlangt ist 0002'
    >>> say("fault", {"said": "synchronous is 1 instead of 2"}, "de")[0]
    'die Einstellung synchronous der Datei ist 1 statt 2'
    """
    if code == "fault" and (known := fault(values["said"], language)):
        return known
    held, advice = SENTENCES[code][LANGUAGES.index(language)]
    return held.format_map(values), advice.format_map(values)

"""What the start-up check finds, in plain German and in English, with what to do about it.

Its sentences come as they are, in English; :data:`FAULTS` knows them by their shape.
"""

from __future__ import annotations

import re

LANGUAGES = ("de", "en")
Pair = tuple[str, str]
"""What was found, and what to do; the second is empty where all is well."""

_SETTING = "am Server ändern, dann neu starten; bis dahin bedient das Programm niemanden"
_STRANGER = "entfernen; bis dahin bedient das Programm niemanden"
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    (
        r"(?P<path>.+) is open to other users",
        "{path} steht anderen Konten offen",
        "chmod go= {path}",
        "chmod go= {path}",
    ),
    (
        r"the server's setting (?P<name>\S+) is (?P<found>.+) instead of (?P<value>.+)",
        "die Einstellung {name} des Servers ist {found} statt {value}",
        _SETTING,
        "ALTER SYSTEM SET {name} = '{value}', then start the server again",
    ),
    (
        r"the server is PostgreSQL (?P<found>\d+), at least (?P<least>\d+) is needed",
        "der Server ist PostgreSQL {found}, gebraucht wird mindestens {least}",
        "den Server erneuern",
        "install a newer server",
    ),
    (
        r"the replication slot (?P<name>.+) keeps the order of changes: drop it",
        "der Replikationsplatz {name} hält fest, was in welcher Folge geschah",
        "SELECT pg_drop_replication_slot('{name}')",
        "SELECT pg_drop_replication_slot('{name}')",
    ),
    (
        r"the publication (?P<name>.+) hands on every change: drop it",
        "die Veröffentlichung {name} gibt jede Änderung weiter",
        "DROP PUBLICATION {name}",
        "DROP PUBLICATION {name}",
    ),
    (
        r"(?P<who>.+) may read or change table (?P<table>.+): REVOKE it",
        "{who} darf die Tabelle {table} lesen oder ändern",
        "REVOKE ALL ON {table} FROM …",
        "REVOKE ALL ON {table} FROM …",
    ),
    (
        r"the line to the server is not encrypted: add \?sslmode=require to the address",
        "die Leitung zum Server ist nicht verschlüsselt",
        "?sslmode=require an die Adresse hängen",
        "add ?sslmode=require to the address",
    ),
    (
        r"unknown (?P<kind>trigger|rule|view|tables:?) (?P<name>.+)",
        "in der Datenbank liegt, was nicht dorthin gehört ({kind} {name})",
        _STRANGER,
        "remove it: the program refuses to serve",
    ),
    (
        r"table (?P<name>.+) keeps row numbers, which tell the order of the ballots",
        "die Tabelle {name} zählt ihre Zeilen; das verrät die Folge der Stimmzettel",
        "eine Sicherung einspielen",
        "restore a backup",
    ),
    (
        r"table (?P<name>.+) is not logged and would be empty after a power cut",
        "die Tabelle {name} wäre nach einem Stromausfall leer",
        "ALTER TABLE {name} SET LOGGED",
        "ALTER TABLE {name} SET LOGGED",
    ),
    (
        r"tables are missing \((?P<names>.+)\), run `survey migrate`",
        "Tabellen fehlen ({names})",
        "sichern, dann `survey migrate` aufrufen",
        "make a backup, then run `survey migrate`",
    ),
    (
        r"table (?P<name>.+) has other columns: (?P<columns>.+)",
        "die Tabelle {name} hat andere Spalten: {columns}",
        "sichern, dann `survey migrate` aufrufen",
        "make a backup, then run `survey migrate`",
    ),
    (
        r"(?P<name>\w+) is (?P<found>\S+) instead of (?P<value>\S+)",
        "die Einstellung {name} der Datei ist {found} statt {value}",
        "eine Sicherung einspielen",
        "restore a backup",
    ),
)
"""Shapes of the start-up check's sentences: in German, with what to do in German and English."""


def fault(said: str, language: str) -> Pair | None:
    """A sentence of the start-up check in a language, and what to do; none for an unknown one.

    >>> fault("synchronous is 1 instead of 2", "de")
    ('die Einstellung synchronous der Datei ist 1 statt 2', 'eine Sicherung einspielen')
    """
    for shape, german, remedy, english in FAULTS:
        if found := re.fullmatch(shape, said):
            values = found.groupdict()
            held = german.format_map(values) if language == "de" else said
            return held, (remedy, english)[LANGUAGES.index(language)].format_map(values)
    return None

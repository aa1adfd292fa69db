"""The sentences about translation files."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGE_SENTENCES: Mapping[str, tuple[str, str]] = {
    "bad_language": (
        "„{found}“ ist keine Sprache, die hier möglich ist. Möglich sind Kürzel wie en, tr oder "
        "de-leicht.",
        "“{found}” is no language that is possible here. Possible are tags such as en, tr or "
        "de-leicht.",
    ),
    "source_language": (
        "In der Sprache „{found}“ ist der Fragebogen selbst geschrieben; dafür gibt es keine "
        "Übersetzung.",
        "The questionnaire itself is written in the language “{found}”; it has no translation.",
    ),
    "other_language": (
        "Diese Datei nennt die Sprache „{found}“, der Fragebogen führt sie unter „{name}“ "
        "(Zeile {first}).",
        "This file names the language “{found}”; the questionnaire lists it under “{name}” "
        "(line {first}).",
    ),
    "orphan_translation": (
        "Diese Übersetzung wird von keinem Fragebogen daneben genannt (study, translations).",
        "No questionnaire beside this translation names it (study, translations).",
    ),
    "no_counterpart": (
        "Zu „{found}“ gibt es an dieser Stelle im Fragebogen keinen Text. Möglich sind: {allowed}.",
        "The questionnaire has no text for “{found}” at this place. Possible are: {allowed}.",
    ),
    "too_many_entries": (
        "Der Fragebogen hat an dieser Stelle nur {limit} Einträge.",
        "The questionnaire has only {limit} entries at this place.",
    ),
    "untranslated": (
        "Hier fehlt die Übersetzung von „{name}“: „{text}“",
        "The translation of “{name}” is missing here: “{text}”",
    ),
    "untranslated_part": (
        "Hier fehlen alle Übersetzungen zu „{name}“ ({limit} Texte).",
        "All translations of “{name}” are missing here ({limit} texts).",
    ),
    "sample_incomplete": (
        "In diesem Muster fehlen {found} von {limit} Texten; dort erscheint der Text des "
        "Fragebogens.",
        "This sample lacks {found} of {limit} texts; the questionnaire's own text appears there.",
    ),
    "other_holes": (
        "Die Stellen für frühere Antworten sind andere als im Fragebogen: {found}.",
        "The places for earlier answers differ from the questionnaire: {found}.",
    ),
    "long_plain_sentence": (
        "Dieser Satz hat {found} Wörter. In Einfacher Sprache sind höchstens {limit} gut lesbar.",
        "This sentence has {found} words. In plain language at most {limit} are easy to read.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

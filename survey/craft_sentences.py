"""The sentences about rules of the craft, planned evaluations and acknowledged notes."""

from __future__ import annotations

from collections.abc import Mapping

CRAFT_SENTENCES: Mapping[str, tuple[str, str]] = {
    # questions
    "agree_scale": (
        "Zustimmungsfragen verleiten zum Zustimmen. Besser ist eine Skala in den Worten der Sache, "
        "zum Beispiel von „sehr schlecht“ bis „sehr gut“.",
        "Agreement scales tempt people to agree. Better is a scale in the words of the matter, "
        "for example from “very bad” to “very good”.",
    ),
    "double_question": (
        "Diese Frage enthält „{found}“ und fragt vielleicht zweierlei; die Antwort sagt dann "
        "nicht, was gemeint ist. Besser sind zwei Fragen.",
        "This question contains “{found}” and may ask two things; the answer then does not say "
        "which is meant. Two questions are better.",
    ),
    "no_none": (
        "Wer keine dieser Möglichkeiten will, kann es nicht sagen. Bitte ergänzen Sie eine Antwort "
        "wie „keine davon“.",
        "Whoever wants none of these cannot say so. Please add an answer such as “none of these”.",
    ),
    "uneven_options": (
        "Die längste Antwort hat {found} Zeichen, die kürzeste („{name}“) {limit}. Ausführliche "
        "Antworten wirken wichtiger; bitte gleichen Sie die Längen an.",
        "The longest answer has {found} characters, the shortest (“{name}”) {limit}. Answers with "
        "more words seem more important; please make the lengths alike.",
    ),
    "many_demographics": (
        "Dies ist die {found}. Frage zur Person. Mehr als {limit} zusammen machen Einzelne leicht "
        "erkennbar.",
        "This is personal question number {found}. More than {limit} together make individuals "
        "easy to recognise.",
    ),
    "no_purpose": (
        "Wozu wird nach „{name}“ gefragt? Bitte nennen Sie den Zweck (purpose).",
        "What is “{name}” asked for? Please state the purpose.",
    ),
    "long_question": (
        "Dieser Text ist mit {found} Zeichen zu lang für Statistikprogramme, die nur {limit} "
        "behalten (Umlaute zählen doppelt). Bitte kürzen Sie ihn.",
        "With {found} characters this text is too long for statistics programs, which keep only "
        "{limit} (umlauts count twice). Please shorten it.",
    ),
    "long_answer": (
        "Diese Antwort ist mit {found} Zeichen zu lang für Statistikprogramme, die nur {limit} "
        "behalten (Umlaute zählen doppelt). Bitte kürzen Sie sie.",
        "With {found} characters this answer is too long for statistics programs, which keep only "
        "{limit} (umlauts count twice). Please shorten it.",
    ),
    "long_first_page": (
        "Dieser Text hat {found} Wörter. Auf der ersten Seite des Dossiers ist Platz für etwa "
        "{limit}; weitere Sätze fallen dort weg, ein zu langer erster Satz verhindert das Dossier.",
        "This text has {found} words. The first page of the dossier has room for about {limit}; "
        "further sentences are left out there, a first sentence that is too long prevents it.",
    ),
    "no_review_group": (
        "„Leichte Sprache“ darf nur heißen, was Menschen mit Lernschwierigkeiten geprüft haben. "
        "Nennen Sie die Prüfgruppe (review_group), oder schreiben Sie „Einfache Sprache“.",
        "Only what people with learning difficulties have reviewed may be called “Leichte "
        "Sprache”. Name the review group (review_group), or write “Einfache Sprache”.",
    ),
    # the time it takes
    "minutes_short": (
        "Angekündigt sind {found} Minuten; am Telefon dauert es voraussichtlich {limit}.",
        "{found} minutes are announced; on a phone it will probably take {limit}.",
    ),
    "over_budget": (
        "Der Fragebogen dauert am Telefon voraussichtlich {found} Minuten; mehr als {limit} halten "
        "viele nicht durch. Bitte kürzen Sie.",
        "The questionnaire will probably take {found} minutes on a phone; many will not last "
        "longer than {limit}. Please shorten it.",
    ),
    # planned evaluations
    "evaluation_what": (
        "Eine Auswertung nennt entweder Fragen (items) oder eine Rolle (role).",
        "An evaluation names either questions (items) or a role.",
    ),
    "unknown_item": (
        "Eine Frage „{found}“ gibt es nicht.",
        "There is no question “{found}”.",
    ),
    "unplanned": (
        "Die Frage „{name}“ kommt in keiner geplanten Auswertung vor, weder mit ihrer Kennung noch "
        "mit einer Rolle. Was nicht ausgewertet wird, soll nicht gefragt werden.",
        "No planned evaluation takes up the question “{name}”, neither by its identifier nor by a "
        "role. What is not evaluated should not be asked.",
    ),
    "no_such_role": (
        "Keine Frage hat die Rolle „{found}“.",
        "No question has the role “{found}”.",
    ),
    "three_attributes": (
        "Es lassen sich höchstens zwei Merkmale kreuzen; „{found}“ ist eines zu viel.",
        "At most two attributes can be crossed; “{found}” is one too many.",
    ),
    "no_attribute": (
        "Nach „{found}“ lässt sich nicht aufteilen: Nötig ist eine Frage mit genau einer Antwort "
        "und einer dieser Rollen: {allowed}.",
        "Results cannot be split by “{found}”: needed is a question with exactly one answer and "
        "one of these roles: {allowed}.",
    ),
    # weights
    "weights_of_nothing": (
        "Gewichte brauchen Kopfzahlen (headcounts); hier gibt es keine.",
        "Weights need headcounts; there are none here.",
    ),
    "raking_only": (
        "„{name}“ gibt es nur mit method: raking.",
        "“{name}” goes with method: raking only.",
    ),
    "unknown_margin": (
        "Zu „{found}“ stehen keine Kopfzahlen in der Datei; Ränder können sein: {allowed}.",
        "The file has no headcounts for “{found}”; margins can be: {allowed}.",
    ),
    "margin_twice": (
        "Der Rand „{found}“ steht zweimal da.",
        "The margin “{found}” is given twice.",
    ),
    "small_cells": (
        "Bei {rate} Prozent Beteiligung sind in {found} von {cells} Gruppen weniger als {limit} "
        "Antworten zu erwarten, am wenigsten bei „{name}“ ({expected}).",
        "With {rate} percent taking part, fewer than {limit} answers are to be expected in {found} "
        "of {cells} groups, fewest in “{name}” ({expected}).",
    ),
    # acknowledged notes
    "unknown_note": (
        "Einen Hinweis „{found}“ gibt es nicht.",
        "There is no note “{found}”.",
    ),
    "acknowledged_nothing": (
        "Den Hinweis „{found}“ gibt es bei „{name}“ nicht oder nicht mehr. Bitte streichen Sie "
        "diesen Eintrag.",
        "There is no note “{found}” at “{name}”, or no longer. Please delete this entry.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

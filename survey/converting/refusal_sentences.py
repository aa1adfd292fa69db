"""Why a file is not read, and why a question has no counterpart, in plain words."""

from __future__ import annotations

REFUSALS: dict[str, tuple[str, str]] = {
    # files that are refused
    "no_file": (
        "„{name}“ ist keine Datei, die sich lesen lässt.",
        "“{name}” is no file that can be read.",
    ),
    "unreadable": (
        "„{name}“ lässt sich nicht lesen: {reason}.",
        "“{name}” cannot be read: {reason}.",
    ),
    "empty_file": ("Die Datei ist leer.", "The file is empty."),
    "too_large": (
        "Die Datei ist zu groß ({found} MB); gelesen werden höchstens {limit} MB. Ein Fragebogen "
        "ist viel kleiner. Enthält sie Antworten oder Bilder?",
        "The file is too large ({found} MB); at most {limit} MB are read. A questionnaire is much "
        "smaller. Does it contain answers or pictures?",
    ),
    "unpacks_too_large": (
        "Die Arbeitsmappe ist ausgepackt zu groß ({found} MB); gelesen werden höchstens "
        "{limit} MB.",
        "The workbook is too large once unpacked ({found} MB); at most {limit} MB are read.",
    ),
    "too_many_elements": (
        "Die Datei hat mehr als {limit} Bestandteile und wird deshalb nicht gelesen.",
        "The file has more than {limit} parts and is not read therefore.",
    ),
    "too_deep": (
        "Die Datei ist verschachtelter als jeder Fragebogen und wird deshalb nicht gelesen.",
        "The file is more nested than any questionnaire and is not read therefore.",
    ),
    "entities": (
        "Die Datei enthält eine Dokumenttyp-Angabe oder Verweise auf anderes. Aus "
        "Sicherheitsgründen wird sie nicht gelesen.",
        "The file contains a document type or references to something else. For safety it is not "
        "read.",
    ),
    "broken_xml": (
        "Die Datei ist beschädigt (Zeile {line}, Spalte {column}). Bitte exportieren Sie sie neu.",
        "The file is damaged (line {line}, column {column}). Please export it again.",
    ),
    "no_limesurvey": (
        "Das ist keine Fragebogenstruktur von LimeSurvey (.lss).",
        "This is no survey structure of LimeSurvey (.lss).",
    ),
    "part_of_survey": (
        "Die Datei enthält nur einen Teil einer Umfrage. Bitte exportieren Sie in LimeSurvey die "
        "ganze Umfragestruktur (.lss).",
        "The file contains only a part of a survey. Please export the whole survey structure "
        "(.lss) in LimeSurvey.",
    ),
    "no_workbook": (
        "Das ist keine Arbeitsmappe im Format .xlsx.",
        "This is no workbook in the format .xlsx.",
    ),
    "old_workbook": (
        "Die Arbeitsmappe hat das alte Format .xls oder ein Kennwort. Bitte speichern Sie sie als "
        ".xlsx ohne Kennwort.",
        "The workbook has the old format .xls or a password. Please save it as .xlsx without a "
        "password.",
    ),
    "strange_workbook": (
        "Die Arbeitsmappe ist ungewöhnlich gepackt und wird aus Sicherheitsgründen nicht gelesen.",
        "The workbook is packed in an unusual way and, for safety, is not read.",
    ),
    "no_xlsform": (
        "Die Arbeitsmappe ist kein XLSForm: Ein ausgefülltes Blatt „survey“ fehlt.",
        "The workbook is no XLSForm: a sheet “survey” with entries is missing.",
    ),
    "broken_form": (
        "Das XLSForm lässt sich nicht lesen. Das Programm pyxform sagt dazu: {reason}",
        "The XLSForm cannot be read. The program pyxform says: {reason}",
    ),
    "strange_cells": (
        "Das XLSForm lässt sich nicht lesen. Vielleicht steht eine Zahl, wo ein Spaltenname "
        "erwartet wird.",
        "The XLSForm cannot be read. Perhaps a number stands where the name of a column is "
        "expected.",
    ),
    "wrong_suffix": (
        "Mit der Endung „{suffix}“ ist die Datei unbekannt. Umgewandelt werden .lss (LimeSurvey: "
        "Exportieren, Fragebogenstruktur) und .xlsx (XLSForm).",
        "A file that ends in “{suffix}” is unknown. Converted are .lss (LimeSurvey: export, survey "
        "structure) and .xlsx (XLSForm).",
    ),
    "no_questions": (
        "Die Datei enthält keine einzige Frage.",
        "The file contains not a single question.",
    ),
    "too_many_questions": (
        "Die Datei hat mehr als {limit} Fragen, Antworten und Zeilen. So lang ist kein Fragebogen.",
        "The file has more than {limit} questions, answers and rows. No questionnaire is so long.",
    ),
    "nothing_converted": (
        "Keine Frage lässt sich übernehmen (es sind {count}). {reason}",
        "No question can be converted (there are {count}). {reason}",
    ),
    "target_exists": (
        "„{name}“ gibt es schon und wird nicht überschrieben. Bitte nennen Sie mit --out einen "
        "neuen Ordner.",
        "“{name}” exists already and is not overwritten. Please name a new folder with --out.",
    ),
    "target_unwritable": (
        "„{name}“ lässt sich nicht anlegen: {reason}.",
        "“{name}” cannot be made: {reason}.",
    ),
    # questions without a counterpart
    "upload": (
        "Dateien hochladen gibt es nicht: Dateien verraten, von wem sie sind.",
        "There is no upload of files: files tell whom they are from.",
    ),
    "equation": (
        "Berechnete Werte gibt es nicht; gespeichert wird nur, was jemand angibt.",
        "There are no computed values; only what somebody states is stored.",
    ),
    "language_switch": (
        "Die Sprache wird oben auf jeder Seite gewählt, nicht in einer Frage.",
        "The language is chosen at the top of every page, not in a question.",
    ),
    "grid_of_numbers": (
        "Eine Tabelle aus Zahlenfeldern gibt es nicht. Möglich sind einzelne Zahlenfragen.",
        "There is no table of number fields. Single questions for numbers are possible.",
    ),
    "grid_of_texts": (
        "Eine Tabelle aus Textfeldern gibt es nicht. Möglich sind einzelne Textfragen.",
        "There is no table of text fields. Single questions for texts are possible.",
    ),
    "unknown_kind": (
        "Die Fragenart „{kind}“ hat hier kein Gegenstück.",
        "The question type “{kind}” has no counterpart here.",
    ),
    "hidden": (
        "Die Frage war verborgen und wurde von der Adresse oder einem Programm ausgefüllt. "
        "Verborgene Angaben gibt es hier nicht.",
        "The question was hidden and filled from the address or by a program. There are no hidden "
        "data here.",
    ),
    "never_shown": (
        "Die Frage wurde nie gezeigt: Ihre Bedingung war immer falsch.",
        "The question was never shown: its condition was always false.",
    ),
    "no_options": (
        "Der Frage fehlen die Antworten oder Teilfragen.",
        "The question has no answers or no rows.",
    ),
    "no_choices": (
        "Die Liste „{name}“ fehlt auf dem Blatt „choices“.",
        "The list “{name}” is missing on the sheet “choices”.",
    ),
    "outside_choices": (
        "Die Antworten stehen in einer anderen Datei, die nicht gelesen wird.",
        "The answers are in another file, which is not read.",
    ),
    "in_repeat": (
        "Die Frage steht in einer Wiederholung („{name}“). Wiederholungen gibt es hier nicht.",
        "The question is inside a repetition (“{name}”). There are no repetitions here.",
    ),
    "repeat": (
        "Wiederholungen gibt es hier nicht; jede Frage wird einmal gestellt.",
        "There are no repetitions here; every question is asked once.",
    ),
    "calculation": (
        "Berechnete Werte gibt es nicht; gespeichert wird nur, was jemand angibt.",
        "There are no computed values; only what somebody states is stored.",
    ),
    "device_data": (
        "Angaben über Gerät, Uhrzeit oder Person („{kind}“) werden bewusst nicht erhoben.",
        "Data about device, time or person (“{kind}”) are not collected on purpose.",
    ),
    "place_data": (
        "Standorte werden nicht erhoben. Möglich ist eine Frage nach dem Bezirk.",
        "Locations are not collected. A question about the district is possible.",
    ),
    "recording": (
        "Bilder, Töne und Dateien werden nicht angenommen: Sie verraten, von wem sie sind.",
        "Pictures, sounds and files are not accepted: they tell whom they are from.",
    ),
    "time_of_day": (
        "Fragen nach einer Uhrzeit gibt es nicht. Möglich ist ein kurzer Text.",
        "There are no questions for a time of day. A short text is possible.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

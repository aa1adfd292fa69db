"""The sentences of ``survey check``: German and English by code, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from survey.block_sentences import BLOCK_SENTENCES
from survey.comparison_sentences import COMPARISON_SENTENCES
from survey.craft_sentences import CRAFT_SENTENCES
from survey.language_sentences import LANGUAGE_SENTENCES
from survey.routing_sentences import ROUTING_SENTENCES

SENTENCES: Mapping[str, tuple[str, str]] = {
    **BLOCK_SENTENCES,
    **COMPARISON_SENTENCES,
    **CRAFT_SENTENCES,
    **ROUTING_SENTENCES,
    # the file
    "file_missing": (
        "Die Datei „{name}“ ist nicht zu finden.",
        "The file “{name}” cannot be found.",
    ),
    "no_questionnaire": (
        "Hier liegt kein Fragebogen (keine Datei mit der Endung .yaml): {name}.",
        "There is no questionnaire here (no file that ends with .yaml): {name}.",
    ),
    "file_encoding": (
        "Die Datei ist nicht in UTF-8 gespeichert. Bitte speichern Sie sie mit dieser Kodierung.",
        "The file is not saved as UTF-8. Please save it in this encoding.",
    ),
    "file_empty": ("Die Datei ist leer.", "The file is empty."),
    "file_too_large": (
        "Die Datei ist zu groß für einen Fragebogen (mehr als 2 MB).",
        "The file is too large for a questionnaire (more than 2 MB).",
    ),
    # the notation
    "yaml_tab": (
        "Hier steht ein Tabulator. Bitte rücken Sie nur mit Leerzeichen ein.",
        "There is a tab here. Please indent with blanks only.",
    ),
    "yaml_colon": (
        "In diesem Text steht ein Doppelpunkt. Bitte setzen Sie den ganzen Text in "
        "Anführungszeichen.",
        "This text contains a colon. Please put the whole text in quotation marks.",
    ),
    "yaml_indent": (
        "Die Einrückung passt nicht zu den Zeilen darüber. Was zusammengehört, muss gleich weit "
        "eingerückt sein.",
        "The indentation does not fit the lines above. What belongs together must be indented "
        "equally far.",
    ),
    "yaml_key": (
        "Hier fehlt ein Doppelpunkt, oder die Zeile ist falsch eingerückt.",
        "A colon is missing here, or the line is indented wrongly.",
    ),
    "yaml_quote": (
        "Ein Text in Anführungszeichen beginnt hier, hört aber nicht auf.",
        "A text in quotation marks begins here but does not end.",
    ),
    "yaml_escape": (
        "Nach einem umgekehrten Schrägstrich steht hier etwas Unbekanntes. Bitte verwenden Sie "
        "einfache Anführungszeichen.",
        "Something unknown follows a backslash here. Please use single quotation marks.",
    ),
    "yaml_bracket": (
        "Eine Klammer ist nicht geschlossen, oder es fehlt ein Komma zwischen zwei Angaben.",
        "A bracket is not closed, or a comma is missing between two entries.",
    ),
    "yaml_start": (
        "Ein Text darf nicht mit dem Zeichen „{found}“ beginnen. Bitte setzen Sie ihn in "
        "Anführungszeichen.",
        "A text cannot begin with the character “{found}”. Please put it in quotation marks.",
    ),
    "yaml_character": (
        "Hier steht ein Zeichen, das nicht zu sehen ist und nicht erlaubt ist.",
        "There is a character here that is invisible and not allowed.",
    ),
    "yaml_reference": (
        "Verweise mit „&“ und „*“ gibt es hier nicht. Bitte verwenden Sie benannte Listen, oder "
        "setzen Sie den Text in Anführungszeichen.",
        "References with “&” and “*” do not exist here. Please use named lists, or put the text "
        "in quotation marks.",
    ),
    "yaml_tag": (
        "Ein Text darf nicht mit einem Ausrufezeichen beginnen. Bitte setzen Sie ihn in "
        "Anführungszeichen.",
        "A text cannot begin with an exclamation mark. Please put it in quotation marks.",
    ),
    "yaml_documents": (
        "Eine Zeile mit drei Strichen teilt die Datei. Bitte entfernen Sie sie.",
        "A line with three dashes splits the file. Please remove it.",
    ),
    "yaml_other": (
        "Ab hier ist die Datei nicht zu lesen. Bitte prüfen Sie Einrückung, Doppelpunkte und "
        "Anführungszeichen dieser Zeile und der Zeile davor.",
        "The file cannot be read from here on. Please check indentation, colons and quotation "
        "marks of this line and the line before.",
    ),
    "duplicate_key": (
        "„{found}“ steht hier zum zweiten Mal; zuerst in Zeile {first}.",
        "“{found}” stands here for the second time; first in line {first}.",
    ),
    # single values
    "unknown_key": (
        "Die Angabe „{found}“ gibt es hier nicht. Möglich sind: {allowed}.",
        "There is no entry “{found}” here. Possible are: {allowed}.",
    ),
    "missing_key": (
        "Hier fehlt die Angabe „{name}“.",
        "The entry “{name}” is missing here.",
    ),
    "missing_choice": (
        "Hier fehlt die Angabe „{name}“. Möglich sind: {allowed}.",
        "The entry “{name}” is missing here. Possible are: {allowed}.",
    ),
    "no_value": (
        "Nach „{name}“ fehlt der Inhalt.",
        "The content after “{name}” is missing.",
    ),
    "expected_text": (
        "Bei „{name}“ wird ein Text erwartet. Ein einzelnes Wort wie „true“ gehört in "
        "Anführungszeichen.",
        "“{name}” needs a text. A single word such as “true” must be put in quotation marks.",
    ),
    "expected_number": (
        "Bei „{name}“ wird eine Zahl erwartet, gefunden wurde „{found}“.",
        "“{name}” needs a number; found “{found}”.",
    ),
    "expected_yes_no": (
        "Bei „{name}“ wird true (ja) oder false (nein) erwartet, gefunden wurde „{found}“.",
        "“{name}” needs true or false; found “{found}”.",
    ),
    "expected_list": (
        "Bei „{name}“ wird eine Liste erwartet: jede Angabe in einer eigenen Zeile, mit einem "
        "Strich davor.",
        "“{name}” needs a list: every entry on its own line, with a dash in front.",
    ),
    "expected_entries": (
        "Bei „{name}“ werden Angaben mit Doppelpunkt erwartet, zum Beispiel „code: ja“.",
        "“{name}” needs entries with a colon, for example “code: yes”.",
    ),
    "expected_time": (
        "Bei „{name}“ wird ein Zeitpunkt erwartet, zum Beispiel 2027-05-21T18:00:00+02:00; "
        "gefunden wurde „{found}“.",
        "“{name}” needs a point in time, for example 2027-05-21T18:00:00+02:00; found “{found}”.",
    ),
    "no_time_zone": (
        "Bei „{name}“ fehlt die Zeitzone. Schreiben Sie zum Beispiel +01:00 (Winter) oder "
        "+02:00 (Sommer) hinter die Uhrzeit.",
        "“{name}” lacks the time zone. Write for example +01:00 (winter) or +02:00 (summer) "
        "behind the time.",
    ),
    "empty_text": ("„{name}“ darf nicht leer sein.", "“{name}” must not be empty."),
    "too_small": (
        "„{name}“ muss mindestens {limit} sein, gefunden wurde {found}.",
        "“{name}” must be at least {limit}; found {found}.",
    ),
    "too_large": (
        "„{name}“ darf höchstens {limit} sein, gefunden wurde {found}.",
        "“{name}” must be at most {limit}; found {found}.",
    ),
    "bad_name": (
        "„{found}“ ist als Kennung nicht möglich. Erlaubt sind bis zu 32 Zeichen: die Buchstaben "
        "a bis z, Ziffern und der Unterstrich; Kennungen von Fragen beginnen mit einem Buchstaben.",
        "“{found}” cannot be an identifier. Allowed are up to 32 characters: the letters a to z, "
        "digits and the underscore; identifiers of questions begin with a letter.",
    ),
    "bad_study_id": (
        "„{found}“ ist als Kennung einer Umfrage nicht möglich. Erlaubt sind bis zu 64 Zeichen: "
        "kleine Buchstaben a bis z, Ziffern und der Bindestrich.",
        "“{found}” cannot be the identifier of a study. Allowed are up to 64 characters: small "
        "letters a to z, digits and the hyphen.",
    ),
    "not_allowed": (
        "„{found}“ ist bei „{name}“ nicht möglich. Möglich sind: {allowed}.",
        "“{found}” is not possible for “{name}”. Possible are: {allowed}.",
    ),
    "wrong_value": (
        "Der Inhalt von „{name}“ passt nicht.",
        "The content of “{name}” does not fit.",
    ),
    "too_short_list": (
        "Die Liste „{name}“ braucht mindestens {limit} Einträge.",
        "The list “{name}” needs at least {limit} entries.",
    ),
    # the questionnaire as a whole
    "unknown_type": (
        "Die Frageart „{found}“ gibt es nicht. Möglich sind: {allowed}.",
        "There is no question type “{found}”. Possible are: {allowed}.",
    ),
    "unknown_list": (
        "Eine Liste „{found}“ gibt es nicht. Unter „lists“ stehen: {allowed}.",
        "There is no list “{found}”. “lists” contains: {allowed}.",
    ),
    "unknown_scale": (
        "Eine Skala „{found}“ gibt es nicht. Unter „scales“ stehen: {allowed}.",
        "There is no scale “{found}”. “scales” contains: {allowed}.",
    ),
    "same_name": (
        "„{found}“ ist schon der Name einer Skala (Zeile {first}). Bitte benennen Sie die Liste "
        "um.",
        "“{found}” is already the name of a scale (line {first}). Please rename the list.",
    ),
    "unused": (
        "„{found}“ wird von keiner Frage verwendet.",
        "“{found}” is not used by any question.",
    ),
    "duplicate_id": (
        "Die Kennung „{found}“ ist schon vergeben (Zeile {first}).",
        "The identifier “{found}” is taken already (line {first}).",
    ),
    "duplicate_code": (
        "Der Code „{found}“ steht zweimal in derselben Liste; zuerst in Zeile {first}.",
        "The code “{found}” stands twice in the same list; first in line {first}.",
    ),
    "duplicate_value": (
        "„{found}“ erhielte denselben Wert {value} wie „{other}“. Bitte geben Sie beiden einen "
        "eigenen Wert (value).",
        "“{found}” would get the same value {value} as “{other}”. Please give both a value of "
        "their own.",
    ),
    "large_value": (
        "Der Code „{found}“ ist eine Zahl über {limit} und kann nicht zugleich der Wert sein. "
        "Bitte geben Sie einen kleineren Wert an (value).",
        "The code “{found}” is a number above {limit} and cannot be the value as well. Please "
        "give a smaller value.",
    ),
    "duplicate_label": (
        "Die Beschriftung „{found}“ steht zweimal in derselben Liste; zuerst in Zeile {first}.",
        "The label “{found}” stands twice in the same list; first in line {first}.",
    ),
    "no_options": (
        "Die Frage „{name}“ hat nichts zur Auswahl. Eine dieser Angaben fehlt: {needed}.",
        "The question “{name}” offers nothing to choose. One of these is missing: {needed}.",
    ),
    "two_sources": (
        "Die Frage „{name}“ nennt „{first}“ und „{second}“; möglich ist nur eines von beiden.",
        "The question “{name}” names “{first}” and “{second}”; only one of them is possible.",
    ),
    "too_few": (
        "Die Frage „{name}“ braucht mindestens zwei Antworten zur Auswahl.",
        "The question “{name}” needs at least two answers to choose from.",
    ),
    "rank_depth": (
        "Es sollen {found} Plätze vergeben werden, die Liste hat aber nur {limit} Einträge.",
        "{found} places are to be given, but the list has only {limit} entries.",
    ),
    "rank_full": (
        "Eine vollständige Reihenfolge ist nur bis {limit} Einträge möglich, diese Liste hat "
        "{found}. Fragen Sie nach den wichtigsten, zum Beispiel mit „depth: 3“.",
        "A full ranking is possible with up to {limit} entries only; this list has {found}. Ask "
        "for the most important ones, for example with “depth: 3”.",
    ),
    "too_many": (
        "Bei „{name}“ sind höchstens {found} Antworten erlaubt, die Liste hat aber nur {limit} "
        "Einträge.",
        "“{name}” allows at most {found} answers, but the list has only {limit} entries.",
    ),
    "numbered_step": (
        "Die Stufe „{found}“ ist nicht beschriftet. Auf einer Skala braucht jede Stufe eigene "
        "Worte, nicht nur die beiden Enden.",
        "The step “{found}” has no label. Every step of a scale needs words of its own, not only "
        "the two ends.",
    ),
    "no_dont_know": (
        "Diese Frage bietet kein „weiß nicht“ an (missing: dont_know).",
        "This question offers no “don't know” (missing: dont_know).",
    ),
    "long_variable": (
        "Der Name „{found}“ entsteht aus Frage und Antwort und hat {length} Zeichen; möglich sind "
        "32. Bitte kürzen Sie die Kennungen.",
        "The name “{found}” is made of question and answer and has {length} characters; 32 are "
        "possible. Please shorten the identifiers.",
    ),
    "same_variable": (
        "Der Name „{found}“ entsteht zweimal, hier und in der Frage in Zeile {first}. Bitte ändern "
        "Sie eine der Kennungen.",
        "The name “{found}” arises twice, here and in the question in line {first}. Please change "
        "one of the identifiers.",
    ),
    "reserved_name": (
        "„{found}“ ist in Statistikprogrammen vergeben. Bitte wählen Sie eine andere Kennung.",
        "“{found}” is reserved in statistics programs. Please choose another identifier.",
    ),
    "page_name": (
        "„{found}“ brauchen die Seiten selbst. Bitte wählen Sie eine andere Kennung.",
        "“{found}” is needed by the pages themselves. Please choose another identifier.",
    ),
    "ballot_too_long": (
        "Ein ausgefüllter Fragebogen könnte {found} KiB groß werden, möglich sind {limit}. Bitte "
        "verkürzen Sie die freien Texte (max_length).",
        "A completed questionnaire could need {found} KiB; {limit} are possible. Please shorten "
        "the free texts (max_length).",
    ),
    # the study
    "closes_before_opens": (
        "Das Ende („closes“) liegt nicht nach dem Beginn („opens“, Zeile {first}).",
        "The end (“closes”) is not after the beginning (“opens”, line {first}).",
    ),
    "deletion_no_day": (
        "Den Tag {found} gibt es nicht.",
        "There is no day {found}.",
    ),
    "deletion_before_closing": (
        "Der Tag der Löschung („delete_on“) liegt nicht nach dem Ende („closes“, Zeile {first}).",
        "The day of deletion (“delete_on”) is not after the end (“closes”, line {first}).",
    ),
    "reserved_regime": (
        "„probability_sample“ ist vorgesehen, aber noch nicht ausgearbeitet. Möglich sind: "
        "{allowed}.",
        "“probability_sample” is reserved but not worked out yet. Possible are: {allowed}.",
    ),
    "needs_headcounts": (
        "Wer alle fragt (census_attempt), braucht Kopfzahlen. Nennen Sie die Datei unter "
        "„headcounts“.",
        "Asking everybody (census_attempt) needs headcounts. Name the file under “headcounts”.",
    ),
    "needs_codes": (
        "Wer alle fragt (census_attempt), braucht Zugangscodes: „access: codes“.",
        "Asking everybody (census_attempt) needs access codes: “access: codes”.",
    ),
    "raised_only": (
        "„{name}“ darf nur angehoben werden: mindestens {limit}, gefunden wurde {found}.",
        "“{name}” may only be raised: at least {limit}; found {found}.",
    ),
    "role_twice": (
        "Die Rolle „{found}“ hat schon die Frage in Zeile {first}.",
        "The question in line {first} has the role “{found}” already.",
    ),
    "role_type": (
        "Die Rolle „{found}“ passt nur zu Fragen der Art: {allowed}.",
        "The role “{found}” fits questions of these types only: {allowed}.",
    ),
    # headcounts
    "heads_columns": (
        "Die erste Zeile muss die Kennungen von einer oder zwei Fragen und am Ende „headcount“ "
        "nennen, zum Beispiel: department,workplace,headcount.",
        "The first line must name the identifiers of one or two questions and “headcount” at the "
        "end, for example: department,workplace,headcount.",
    ),
    "heads_question": (
        "Eine Frage „{found}“ mit genau einer Antwort gibt es im Fragebogen nicht.",
        "The questionnaire has no question “{found}” with exactly one answer.",
    ),
    "heads_cells": (
        "Diese Zeile hat {found} Angaben, erwartet werden {limit}.",
        "This line has {found} entries; {limit} are expected.",
    ),
    "heads_code": (
        "Der Code „{found}“ gehört nicht zur Frage „{name}“.",
        "The code “{found}” does not belong to the question “{name}”.",
    ),
    "heads_reason": (
        "„{found}“ ist keine Antwort, sondern eine Angabe wie „weiß nicht“; dafür gibt es keine "
        "Kopfzahl.",
        "“{found}” is no answer but a reason such as “don't know”; it has no headcount.",
    ),
    "heads_twice": (
        "Diese Gruppe steht schon in Zeile {first}.",
        "This group stands in line {first} already.",
    ),
    "heads_number": (
        "„{found}“ ist keine Kopfzahl. Erwartet wird eine ganze Zahl ohne Punkt und Komma.",
        "“{found}” is no headcount. A whole number without points and commas is expected.",
    ),
    "heads_absent": (
        "Für „{found}“ der Frage „{name}“ fehlt die Kopfzahl.",
        "The headcount for “{found}” of the question “{name}” is missing.",
    ),
    "heads_total": (
        "Die Summe der Kopfzahlen ist {found}, im Fragebogen steht {limit} (Zeile {first}).",
        "The headcounts add up to {found}; the questionnaire says {limit} (line {first}).",
    ),
    "heads_quote": (
        "Ab dieser Zeile ist eine Angabe viel zu lang: Hier fehlt wohl ein Anführungszeichen.",
        "From this line on an entry is far too long: a quotation mark seems to be missing.",
    ),
    "heads_empty": (
        "Die Datei enthält keine Kopfzahlen.",
        "The file contains no headcounts.",
    ),
    **LANGUAGE_SENTENCES,
}
"""German and English sentence by code; ``{…}`` are holes."""

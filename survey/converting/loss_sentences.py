"""What a question or a text has lost, or what has changed in it, in plain words."""

from __future__ import annotations

LOSSES: dict[str, tuple[str, str]] = {
    # what is lost or changed in a question
    "renamed": (
        "Die Kennung „{old}“ heißt jetzt „{new}“.",
        "The identifier “{old}” is called “{new}” now.",
    ),
    "codes_renamed": (
        "Codes heißen jetzt anders: {codes}.",
        "Codes have other names now: {codes}.",
    ),
    "codes_repeated": (
        "Ein Code kam mehrfach vor; er ist jetzt je Eintrag ein anderer. Bedingungen meinen den "
        "ersten.",
        "A code occurred several times; every entry has one of its own now. Conditions mean the "
        "first.",
    ),
    "same_label": (
        "„{label}“ stand mehrfach in der Liste; dahinter steht jetzt eine Nummer.",
        "“{label}” stood in the list several times; a number stands behind it now.",
    ),
    "mandatory": (
        "Die Frage war eine Pflichtfrage. Hier darf jede Frage leer bleiben.",
        "An answer was required. Here every question may stay empty.",
    ),
    "condition_lost": (
        "Die Bedingung ließ sich nicht übernehmen, die Frage wird allen gezeigt: {condition}",
        "The condition could not be converted, everybody sees the question: {condition}",
    ),
    "page_condition_lost": (
        "Die Bedingung der Gruppe ließ sich nicht übernehmen, alle sehen sie: {condition}",
        "The condition of the group could not be converted, everybody sees it: {condition}",
    ),
    "condition_never": (
        "Die Bedingung kann nie zutreffen und entfällt, die Frage wird allen gezeigt: {rule}",
        "The condition can never hold and is dropped, everybody sees the question: {rule}",
    ),
    "row_condition_lost": (
        "Bedingungen für einzelne Zeilen gibt es nicht; alle Zeilen werden gezeigt.",
        "There are no conditions for single rows; all rows are shown.",
    ),
    "own_page": (
        "Die Frage steht auf einer neuen Seite, weil sie sich auf eine Antwort derselben Seite "
        "bezog.",
        "The question is on a new page because it referred to an answer on the same page.",
    ),
    "default_lost": (
        "Die vorausgewählte Antwort entfällt; nichts ist vorab ausgefüllt.",
        "The preset answer is dropped; nothing is filled in beforehand.",
    ),
    "check_lost": (
        "Die Prüfung der Eingabe entfällt: {check}",
        "The check of what is typed is dropped: {check}",
    ),
    "script_lost": (
        "Ein Programm, das zur Frage gehörte, entfällt.",
        "A program that belonged to the question is dropped.",
    ),
    "setting_lost": (
        "Einstellungen ohne Gegenstück: {names}.",
        "Settings without a counterpart: {names}.",
    ),
    "expression_lost": (
        "Ein Ausdruck im Text ist durch „…“ ersetzt: {expression}",
        "An expression in the text is replaced by “…”: {expression}",
    ),
    "mention_lost": (
        "Die Antwort auf „{name}“ kann an dieser Stelle nicht stehen; dort steht jetzt „…“.",
        "The answer to “{name}” cannot stand at this place; “…” stands there now.",
    ),
    "other_mentions": (
        "Eine Übersetzung nennt andere Antworten als der Text selbst und entfällt deshalb.",
        "A translation mentions other answers than the text itself and is dropped therefore.",
    ),
    "no_text": (
        "Ein Text fehlt; dort steht jetzt „{name}“.",
        "A text is missing; “{name}” stands there now.",
    ),
    "text_in_other_language": (
        "Ein Text fehlt in der Ausgangssprache; dort steht jetzt der in „{language}“.",
        "A text is missing in the source language; the one in “{language}” stands there now.",
    ),
    "comment_item": (
        "Das Bemerkungsfeld ist jetzt eine eigene Textfrage („{name}“).",
        "The comment field is a text question of its own now (“{name}”).",
    ),
    "comments_joined": (
        "Die Bemerkungen zu den einzelnen Antworten sind jetzt ein gemeinsames Textfeld.",
        "The comments on single answers are one common text field now.",
    ),
    "two_sided_rows": (
        "Zeilen mit zwei Enden stehen jetzt mit Gedankenstrich in einer Beschriftung.",
        "Rows with two ends stand in one label with a dash now.",
    ),
    "numbered_steps": (
        "Die {count} Stufen hatten keine Worte. Bitte geben Sie jeder Stufe eigene.",
        "The {count} steps had no words. Please give every step words of its own.",
    ),
    "one_item_per_row": (
        "Jede der {count} Zeilen ist jetzt eine eigene Frage.",
        "Each of the {count} rows is a question of its own now.",
    ),
    "one_option": (
        "Die Liste hatte nur einen Eintrag; „{label}“ ist hinzugekommen.",
        "The list had one entry only; “{label}” has been added.",
    ),
    "reason_found": (
        "„{label}“ zählt jetzt nicht als Antwort, sondern als Grund ({reason}).",
        "“{label}” counts as a reason ({reason}) now, not as an answer.",
    ),
    "ranking_shortened": (
        "Gefragt wird nach den ersten {depth} Plätzen: {count} Einträge ganz zu ordnen, "
        "überfordert viele.",
        "The first {depth} places are asked for: ordering all {count} entries is too much for "
        "many.",
    ),
    "gender": (
        "Nach dem Geschlecht sollte nur fragen, wer die Antwort wirklich braucht; dann fehlen hier "
        "„divers“ und „keine Angabe“.",
        "Ask for gender only if the answer is really needed; “diverse” and “no answer” are missing "
        "here then.",
    ),
    "length_set": (
        "Die Länge war nicht begrenzt; möglich sind jetzt {limit} Zeichen.",
        "The length was not limited; {limit} characters are possible now.",
    ),
    "text_shortened": (
        "„{name}“ fasst nur {limit} Zeichen, damit alle Antworten zusammen in einen Stimmzettel "
        "passen.",
        "“{name}” holds {limit} characters only, so that all answers together fit into a ballot.",
    ),
    "limit_lost": (
        "Die Grenze „{limit}“ ließ sich nicht übernehmen.",
        "The limit “{limit}” could not be converted.",
    ),
    "limits_contradict": (
        "Die Grenzen {low} und {high} widersprechen sich und entfallen.",
        "The limits {low} and {high} contradict each other and are dropped.",
    ),
    "number_from_zero": (
        "Eine kleinste Zahl war nicht genannt; jetzt ist es {limit}.",
        "No smallest number was named; it is {limit} now.",
    ),
    "decimals_cut": (
        "Möglich sind nur {decimals} Stellen nach dem Komma.",
        "Only {decimals} digits after the comma are possible.",
    ),
    "affix_lost": (
        "Der Zusatz „{text}“ am Eingabefeld entfällt.",
        "The addition “{text}” beside the field is dropped.",
    ),
    "step_lost": (
        "Die Schrittweite {step} entfällt; jede Zahl dazwischen ist möglich.",
        "The step {step} is dropped; every number between is possible.",
    ),
    "time_lost": (
        "Gefragt wird nur nach dem Tag; die Uhrzeit entfällt.",
        "Only the day is asked for; the time of day is dropped.",
    ),
    "read_only": (
        "Das Feld war nur zu lesen; jetzt lässt es sich ausfüllen.",
        "The field could only be read; it can be filled in now.",
    ),
    "choice_filter": (
        "Die Liste wurde nach einer anderen Antwort gefiltert; jetzt stehen alle Einträge darin.",
        "The list was filtered by another answer; all entries stand in it now.",
    ),
    "acknowledge": (
        "Die Bestätigung ist jetzt eine Auswahlfrage.",
        "The confirmation is a choice now.",
    ),
    "guidance": (
        "Der Hinweis für Befragende steht jetzt beim Hilfetext.",
        "The guidance for interviewers stands with the help text now.",
    ),
    "columns_lost": (
        "Angaben ohne Gegenstück: {names}.",
        "Cells without a counterpart: {names}.",
    ),
    "extra_columns": (
        "Diese Spalten auf dem Blatt „{sheet}“ sind unbekannt: {names}.",
        "These columns on the sheet “{sheet}” are unknown: {names}.",
    ),
    # what formatted texts lose
    "lost_emphasis": (
        "Hervorhebungen im Text entfallen.",
        "Emphasis in the text is dropped.",
    ),
    "lost_picture": (
        "Ein Bild im Text entfällt; geblieben ist höchstens seine Beschreibung.",
        "A picture in the text is dropped; at most its description is left.",
    ),
    "lost_media": ("Ton oder Film im Text entfällt.", "Sound or film in the text is dropped."),
    "lost_embedded": ("Ein eingebetteter Inhalt entfällt.", "Embedded content is dropped."),
    "lost_table": (
        "Eine Tabelle im Text steht jetzt als Zeilen da.",
        "A table in the text stands there as lines now.",
    ),
    "lost_script": ("Ein Programm im Text entfällt.", "A program in the text is dropped."),
    "lost_form": ("Eingabefelder im Text entfallen.", "Fields in the text are dropped."),
    "lost_length": (
        "Ein sehr langer Text ist nach 20 000 Zeichen abgeschnitten.",
        "A very long text is cut after 20,000 characters.",
    ),
    "lost_broken": (
        "Die Formatierung eines Textes war beschädigt; bitte sehen Sie ihn durch.",
        "The formatting of a text was damaged; please look it through.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

"""What became of everything in a foreign file that is no question, in plain words."""

from __future__ import annotations

FORM_NOTES: dict[str, tuple[str, str]] = {
    # the questionnaire as a whole
    "regime_set": (
        "Als Art der Umfrage steht „open_participation“ da. Bitte entscheiden Sie, wofür die "
        "Antworten stehen können.",
        "The regime is set to “open_participation”. Please decide what the answers can stand for.",
    ),
    "population_set": (
        "Wer befragt wird, steht nicht in der Datei. Bitte ergänzen Sie „population“.",
        "The file does not say who is asked. Please complete “population”.",
    ),
    "purpose_set": (
        "Beschreibung und Begrüßung stehen jetzt unter „purpose“. Die übrigen Angaben der "
        "Startseite („welcome“, „retention“, „next_steps“) fehlen noch.",
        "Description and welcome text stand under “purpose” now. The other texts of the start page "
        "(“welcome”, “retention”, “next_steps”) are still missing.",
    ),
    "contact_set": (
        "Als Ansprechstelle steht da, wer die Umfrage verwaltet hat. Bitte prüfen Sie „contact“.",
        "The contact is whoever administered the survey. Please check “contact”.",
    ),
    "closes_set": (
        "Ein brauchbares Ende war nicht genannt; eingetragen ist der {day}.",
        "No usable end was named; {day} is filled in.",
    ),
    "time_zone": (
        "Die Zeit unter „{name}“ ist als deutsche Ortszeit gelesen.",
        "The time under “{name}” is read as German local time.",
    ),
    "untitled": ("Die Umfrage hatte keinen Titel.", "The survey had no title."),
    "not_anonymous": (
        "Die Umfrage war nicht anonym eingestellt. Hier ist jede Umfrage anonym.",
        "The survey was not set to be anonymous. Every survey is anonymous here.",
    ),
    "end_text": (
        "Der Text nach dem Absenden entfällt: {text}",
        "The text after sending is dropped: {text}",
    ),
    "policy_text": (
        "Der Datenschutztext entfällt; die Startseite hat dafür eigene Angaben: {text}",
        "The privacy text is dropped; the start page has texts of its own for it: {text}",
    ),
    "end_address": (
        "Die Weiterleitung nach dem Absenden entfällt: {text}",
        "The address that follows the sending is dropped: {text}",
    ),
    "mails": (
        "Einladungs- und Erinnerungsmails sind nicht Teil des Fragebogens und entfallen.",
        "Mails of invitation and reminder are no part of the questionnaire and are dropped.",
    ),
    "quotas": (
        "Quoten entfallen ({count}); niemand wird abgewiesen.",
        "Quotas are dropped ({count}); nobody is turned away.",
    ),
    "assessments": (
        "Punktwertungen entfallen ({count}).",
        "Assessments are dropped ({count}).",
    ),
    "url_parameters": (
        "Angaben aus der Adresse entfallen ({count}): Sie könnten Personen wiedererkennbar machen.",
        "Values from the address are dropped ({count}): they could make people recognisable.",
    ),
    "format": (
        "Die Seiten folgen den Fragengruppen, auch wenn die Umfrage anders geblättert hat.",
        "Pages follow the groups of questions, even if the survey turned them differently.",
    ),
    "without_group": (
        "Fragen ohne Gruppe ({count}) stehen am Ende.",
        "Questions without a group ({count}) stand at the end.",
    ),
    "empty_page": ("Die Gruppe enthält keine Frage.", "The group contains no question."),
    "page_without_items": (
        "Von dieser Gruppe ist keine Frage übrig; die Seite entfällt.",
        "No question of this group is left; the page is dropped.",
    ),
    "page_condition_never": (
        "Die Bedingung der Gruppe kann nie zutreffen und entfällt, alle sehen sie: {rule}",
        "The condition of the group can never hold and is dropped, everybody sees it: {rule}",
    ),
    "page_random": (
        "Gruppen in zufälliger Reihenfolge gibt es nicht; die Seiten behalten ihre Reihenfolge.",
        "There are no groups in random order; the pages keep their order.",
    ),
    "group_label": (
        "Die Überschrift der Gruppe „{name}“ fehlt; dort steht jetzt ihre Kennung.",
        "The heading of the group “{name}” is missing; its identifier stands there now.",
    ),
    "language_assumed": (
        "Die Sprache der Texte ist nicht genannt; angenommen ist „{language}“.",
        "The language of the texts is not named; “{language}” is assumed.",
    ),
    "language_unknown": (
        "Die Sprache „{language}“ ist unbekannt; ihre Texte entfallen. Bitte schreiben Sie zum "
        "Beispiel „German (de)“.",
        "The language “{language}” is unknown; its texts are dropped. Please write, for example, "
        "“German (de)”.",
    ),
    "language_twice": (
        "Die Sprache „{language}“ gibt es als „{tag}“ schon; ihre Texte entfallen.",
        "The language “{language}” is there already as “{tag}”; its texts are dropped.",
    ),
    "other_main_language": (
        "Ausgangssprache war „{language}“; hier ist es „{tag}“, das andere ist eine Übersetzung.",
        "The source language was “{language}”; here it is “{tag}”, the other is a translation.",
    ),
    "foreign_language": (
        "Die Texte sind in „{language}“. Ein Fragebogen braucht Deutsch oder Englisch als "
        "Ausgangssprache: Bitte übersetzen Sie die Datei.",
        "The texts are in “{language}”. A questionnaire needs German or English as its source "
        "language: please translate the file.",
    ),
    "translations": (
        "Übersetzungen ({languages}) sind als Entwurf gekennzeichnet („sample“), bis jemand sie "
        "geprüft hat.",
        "Translations ({languages}) are marked as drafts (“sample”) until somebody has reviewed "
        "them.",
    ),
    "form_warning": (
        "Das Programm pyxform beanstandet das Formular: {text}",
        "The program pyxform objects to the form: {text}",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

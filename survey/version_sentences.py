"""The sentences of ``survey diff``: what changed between two versions of a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping

CLASSES: Mapping[str, tuple[str, str]] = {
    "wording": ("Wortlaut", "wording"),
    "additive": ("Zusatz", "additive"),
    "breaking": ("Bruch", "breaking"),
}
"""The names of the classes, German and English."""

VERDICTS: Mapping[str, tuple[str, str]] = {
    "same": ("Kein Unterschied.", "No difference."),
    "wording": (
        "Nur Wortlaut: Antworten vorher und nachher bedeuten dasselbe.",
        "Wording only: answers before and after mean the same.",
    ),
    "additive": (
        "Ergänzt: Antworten vorher und nachher lassen sich zusammenführen.",
        "Added to: answers before and after can be put together.",
    ),
    "breaking": (
        "Bruch: Antworten vorher und nachher lassen sich nicht zusammenführen, oder eine Zusage "
        "gilt nicht mehr.",
        "Broken: answers before and after cannot be put together, or a promise no longer holds.",
    ),
}

CHANGES: Mapping[str, tuple[str, str]] = {
    # questions
    "item_removed": (
        "Steht nicht mehr im Fragebogen; Antworten darauf hätten keinen Platz mehr.",
        "Is no longer in the questionnaire; answers to it would have no place.",
    ),
    "item_added": ("Die Frage ist neu.", "The question is new."),
    "item_type": (
        "Die Frageart war „{old}“ und ist jetzt „{new}“.",
        "The type was “{old}” and is now “{new}”.",
    ),
    "item_order": (
        "Die Frage steht an einer anderen Stelle der Reihenfolge.",
        "The question stands at another place in the order.",
    ),
    "item_page": (
        "Die Frage steht jetzt auf der Seite „{new}“ statt „{old}“.",
        "The question is now on the page “{new}” instead of “{old}”.",
    ),
    "item_section": (
        "Die Frage gehörte zum Text „{old}“ und gehört jetzt zu „{new}“.",
        "The question belonged to the text “{old}” and now belongs to “{new}”.",
    ),
    "routing": (
        "Die Bedingung, unter der die Frage gezeigt wird, ist anders.",
        "The condition under which the question is shown is different.",
    ),
    "text": (
        "„{name}“ lautete „{old}“ und lautet jetzt „{new}“.",
        "“{name}” was “{old}” and is now “{new}”.",
    ),
    "meaning": (
        "„{name}“ lautete „{old}“ und lautet jetzt „{new}“; Antworten beziehen sich auf etwas "
        "anderes.",
        "“{name}” was “{old}” and is now “{new}”; answers are about something else.",
    ),
    "setting": (
        "„{name}“ war „{old}“ und ist jetzt „{new}“.",
        "“{name}” was “{old}” and is now “{new}”.",
    ),
    "limits_wider": (
        "Die Grenze „{name}“ ist weiter: {old} → {new}.",
        "The limit “{name}” is wider: {old} → {new}.",
    ),
    "limits_narrower": (
        "Die Grenze „{name}“ ist enger: {old} → {new}; frühere Antworten können außerhalb liegen.",
        "The limit “{name}” is narrower: {old} → {new}; earlier answers may lie outside.",
    ),
    "measure": (
        "Antworten werden anders gezählt (Nullpunkt oder Stellen nach dem Komma).",
        "Answers are counted differently (zero point or decimals).",
    ),
    "shuffled": (
        "Ob die Liste gemischt gezeigt wird, ist anders: „{old}“ → „{new}“.",
        "Whether the list is shown shuffled is different: “{old}” → “{new}”.",
    ),
    # entries of lists
    "code_removed": (
        "Die Antwort oder Zeile „{name}“ ist weggefallen.",
        "The answer or row “{name}” is gone.",
    ),
    "code_added": (
        "Die Antwort oder Zeile „{name}“ ist neu.",
        "The answer or row “{name}” is new.",
    ),
    "code_added_scale": (
        "Die Skala hat eine Stufe mehr: „{name}“. Die Stufen sind nicht mehr vergleichbar.",
        "The scale has one more step: “{name}”. The steps can no longer be compared.",
    ),
    "code_added_ranking": (
        "Der Eintrag „{name}“ ist neu; wer schon gereiht hat, konnte ihn nicht wählen.",
        "The entry “{name}” is new; whoever has ranked already could not choose it.",
    ),
    "code_added_shuffled": (
        "Der Eintrag „{name}“ ist neu; in einer gemischten Liste ließen sich die gezeigten "
        "Reihenfolgen vorher und nachher nicht zusammen auszählen.",
        "The entry “{name}” is new; in a shuffled list the shown orders before and after could "
        "not be counted together.",
    ),
    "code_value": (
        "„{name}“ hatte im Datensatz den Wert {old} und hat jetzt {new}.",
        "“{name}” had the value {old} in the data set and now has {new}.",
    ),
    "code_order": (
        "Die Reihenfolge der Antworten oder Zeilen ist anders: {old} → {new}.",
        "The order of the answers or rows is different: {old} → {new}.",
    ),
    "code_text": (
        "„{name}“ bei „{code}“ lautete „{old}“ und lautet jetzt „{new}“.",
        "“{name}” of “{code}” was “{old}” and is now “{new}”.",
    ),
    "code_setting": (
        "„{name}“ bei „{code}“ war „{old}“ und ist jetzt „{new}“.",
        "“{name}” of “{code}” was “{old}” and is now “{new}”.",
    ),
    # pages, texts, study
    "page_text": (
        "Seite: „{name}“ lautete „{old}“ und lautet jetzt „{new}“.",
        "Page: “{name}” was “{old}” and is now “{new}”.",
    ),
    "page_shuffled": (
        "Die Fragen, die auf der Seite ihren Platz wechseln, sind andere: {old} → {new}. Die "
        "gezeigten Reihenfolgen vorher und nachher ließen sich nicht zusammen auszählen.",
        "The questions that change places on the page are others: {old} → {new}. The shown orders "
        "before and after could not be counted together.",
    ),
    "page_block": (
        "Die Seite gehörte zum Block „{old}“ und gehört jetzt zu „{new}“.",
        "The page belonged to the block “{old}” and now belongs to “{new}”.",
    ),
    "blocks": (
        "Die Blöcke von „{name}“, die ihren Platz wechseln, sind andere: {old} → {new}.",
        "The blocks of “{name}” that change places are others: {old} → {new}.",
    ),
    "text_removed": ("Der Text ist weggefallen.", "The text is gone."),
    "text_added": ("Der Text ist neu.", "The text is new."),
    "text_order": ("Die Reihenfolge der Texte ist anders.", "The order of the texts is different."),
    "language_added": ("Die Sprache „{new}“ ist neu.", "The language “{new}” is new."),
    "language_removed": (
        "Die Sprache „{old}“ ist weggefallen; wer in ihr eingeladen wurde, kann nicht mehr "
        "teilnehmen.",
        "The language “{old}” is gone; whoever was invited in it can no longer take part.",
    ),
    "language_state": (
        "Der Vermerk zur Übersetzung (Muster, Prüfgruppe) ist anders.",
        "The mark of the translation (sample, review group) is different.",
    ),
    "version": (
        "Die Version hieß „{old}“ und heißt jetzt „{new}“.",
        "The version was “{old}” and is now “{new}”.",
    ),
    "study_promise": (
        "„{name}“ war „{old}“ und ist jetzt „{new}“; das ist den Teilnehmenden anders zugesagt.",
        "“{name}” was “{old}” and is now “{new}”; respondents were promised otherwise.",
    ),
    "extended": (
        "Das Ende ist später: {old} → {new}.",
        "The end is later: {old} → {new}.",
    ),
    "shortened": (
        "Das Ende ist früher: {old} → {new}. Angekündigt war das spätere.",
        "The end is earlier: {old} → {new}. The later one was announced.",
    ),
    "rule_raised": (
        "Der Schwellenwert „{name}“ ist höher: {old} → {new}.",
        "The threshold “{name}” is higher: {old} → {new}.",
    ),
    "rule_lowered": (
        "Der Schwellenwert „{name}“ ist niedriger: {old} → {new}. Zugesagt war der höhere.",
        "The threshold “{name}” is lower: {old} → {new}. The higher one was promised.",
    ),
    "headcounts": (
        "Die Kopfzahlen sind anders.",
        "The headcounts are different.",
    ),
    "weights": (
        "Aus den Kopfzahlen werden anders Gewichte gebildet.",
        "The headcounts make weights in another way.",
    ),
    "evaluation_added": (
        "Eine Auswertung ist dazugekommen; wer schon geantwortet hat, kannte sie nicht.",
        "An evaluation was added; whoever has answered already did not know of it.",
    ),
    "evaluation_removed": (
        "Eine geplante Auswertung ist weggefallen.",
        "A planned evaluation is gone.",
    ),
    "ballot_size": (
        "Eine Stimme bräuchte bis zu {new} Byte, bisher sind es {old}. Ältere und neuere Stimmen "
        "wären in der Urne an ihrer Größe zu unterscheiden.",
        "A ballot would need up to {new} bytes, so far it is {old}. Older and newer ballots could "
        "be told apart in the urn by their size.",
    ),
}
"""By code: the German and the English sentence."""

"""The sentences of ``survey check`` about rules, references and the newer item types."""

from __future__ import annotations

from collections.abc import Mapping

ROUTING_SENTENCES: Mapping[str, tuple[str, str]] = {
    "expected_date": (
        "Bei „{name}“ wird ein Tag ab 1900 erwartet, zum Beispiel 2027-05-21; gefunden wurde "
        "„{found}“.",
        "“{name}” needs a day from 1900 on, for example 2027-05-21; found “{found}”.",
    ),
    # rules
    "rule_leaf": (
        "Eine Bedingung nennt hinter „answer“ genau einen Vergleich, zum Beispiel "
        "„answer: kontakt, is: ja“.",
        "A condition names exactly one comparison behind “answer”, for example "
        "“answer: contact, is: yes”.",
    ),
    "rule_branch": (
        "Eine Bedingung braucht „answer“ mit einem Vergleich, oder genau eine der Angaben „all“, "
        "„any“ und „not“.",
        "A condition needs “answer” with a comparison, or exactly one of “all”, “any” and “not”.",
    ),
    "rule_unknown": (
        "Die Bedingung fragt nach „{found}“; eine Frage mit dieser Kennung gibt es nicht.",
        "The condition asks about “{found}”; there is no question with this identifier.",
    ),
    "rule_later": (
        "Die Bedingung fragt nach „{found}“ (Zeile {first}). Diese Frage steht nicht auf einer "
        "früheren Seite und ist hier noch nicht beantwortet.",
        "The condition asks about “{found}” (line {first}). This question is not on an earlier "
        "page and has no answer yet.",
    ),
    "rule_other_text": (
        "Die Bedingung fragt nach „{found}“ (Zeile {first}). Diese Frage gehört zu einem anderen "
        "Text, und jeder Text wird für sich abgeschickt.",
        "The condition asks about “{found}” (line {first}). This question belongs to another "
        "text, and every text is sent on its own.",
    ),
    "rule_no_answer": (
        "Die Bedingung fragt nach „{found}“ (Zeile {first}); dort wird nichts gefragt.",
        "The condition asks about “{found}” (line {first}); nothing is asked there.",
    ),
    "rule_code": (
        "„{found}“ ist keine Antwort auf die Frage „{name}“. Möglich sind: {allowed}.",
        "“{found}” is no answer to the question “{name}”. Possible are: {allowed}.",
    ),
    "rule_row": (
        "„{found}“ ist keine Zeile der Frage „{name}“. Möglich sind: {allowed}.",
        "“{found}” is no row of the question “{name}”. Possible are: {allowed}.",
    ),
    "rule_needs_row": (
        "Die Frage „{name}“ hat mehrere Zeilen. Nennen Sie die gemeinte unter „row“: {allowed}.",
        "The question “{name}” has several rows. Name the one that is meant under “row”: "
        "{allowed}.",
    ),
    "rule_no_row": (
        "Die Frage „{name}“ hat keine Zeilen; „row“ entfällt.",
        "The question “{name}” has no rows; leave “row” out.",
    ),
    "rule_size": (
        "Antworten auf die Frage „{name}“ haben keine Größe. Fragen Sie mit „is“ oder „in“.",
        "Answers to the question “{name}” have no size. Ask with “is” or “in”.",
    ),
    "rule_count": (
        "Bei der Frage „{name}“ gibt es nichts zu zählen. Fragen Sie mit „is“ oder „answered“.",
        "There is nothing to count in the question “{name}”. Ask with “is” or “answered”.",
    ),
    "rule_text": (
        "Die Frage „{name}“ wird in eigenen Worten beantwortet. Möglich ist nur „answered“.",
        "The question “{name}” is answered in words of one's own. Only “answered” is possible.",
    ),
    "rule_needs_date": (
        "Die Frage „{name}“ fragt nach einem Tag; „{found}“ ist keiner. Schreiben Sie zum Beispiel "
        "2027-05-21.",
        "The question “{name}” asks for a day; “{found}” is none. Write for example 2027-05-21.",
    ),
    "rule_needs_number": (
        "Die Frage „{name}“ fragt nach einer Zahl; „{found}“ ist ein Tag.",
        "The question “{name}” asks for a number; “{found}” is a day.",
    ),
    "unreachable": (
        "Die Frage „{name}“ würde nie gezeigt: Keine Antworten erfüllen diese Bedingung.",
        "The question “{name}” would never be shown: no answers fulfil this condition.",
    ),
    "unreachable_page": (
        "Die Seite „{name}“ würde nie gezeigt: Keine Antworten erfüllen diese Bedingung.",
        "The page “{name}” would never be shown: no answers fulfil this condition.",
    ),
    # piped answers
    "pipe_unknown": (
        "Der Text nennt die Antwort auf „{found}“; eine Frage mit dieser Kennung gibt es nicht.",
        "The text names the answer to “{found}”; there is no question with this identifier.",
    ),
    "pipe_later": (
        "Der Text nennt die Antwort auf „{found}“ (Zeile {first}). Diese Frage steht nicht auf "
        "einer früheren Seite und ist hier noch nicht beantwortet.",
        "The text names the answer to “{found}” (line {first}). This question is not on an "
        "earlier page and has no answer yet.",
    ),
    "pipe_other_text": (
        "Der Text nennt die Antwort auf „{found}“ (Zeile {first}). Diese Frage gehört zu einem "
        "anderen Text, und jeder Text wird für sich abgeschickt.",
        "The text names the answer to “{found}” (line {first}). This question belongs to another "
        "text, and every text is sent on its own.",
    ),
    "pipe_no_answer": (
        "Der Text nennt die Antwort auf „{found}“ (Zeile {first}); dort wird nichts gefragt.",
        "The text names the answer to “{found}” (line {first}); nothing is asked there.",
    ),
    "pipe_broken": (
        "Zwischen doppelten geschweiften Klammern steht genau die Kennung einer Frage, zum "
        "Beispiel {{{{topic}}}}.",
        "Double braces hold exactly the identifier of a question, for example {{{{topic}}}}.",
    ),
    "pipe_place": (
        "Antworten in doppelten geschweiften Klammern sind nur in „text“ und „help“ einer Frage "
        "und in „intro“ einer Seite möglich.",
        "Answers in double braces are possible only in “text” and “help” of a question and in "
        "“intro” of a page.",
    ),
    # items
    "limits_empty": (
        "Zwischen den Grenzen der Frage „{name}“ liegt keine mögliche Antwort.",
        "There is no possible answer between the limits of the question “{name}”.",
    ),
    "limits_wide": (
        "Die Grenzen der Frage „{name}“ liegen zu weit auseinander: Möglich sind eine Milliarde "
        "Schritte.",
        "The limits of the question “{name}” are too far apart: one thousand million steps are "
        "possible.",
    ),
    "reasons_only": (
        "„{found}“ ist eine Antwort. Neben einer Zahl oder einem Tag stehen nur Angaben wie "
        "„weiß nicht“ (mit „missing“).",
        "“{found}” is an answer. Beside a number or a day only reasons such as “don't know” "
        "stand (with “missing”).",
    ),
    "reason_number": (
        "„{found}“ wäre von einer eingetippten Zahl nicht zu unterscheiden. Bitte wählen Sie "
        "Buchstaben.",
        "“{found}” could not be told from a typed number. Please choose letters.",
    ),
    "other_place": (
        "Eigene Worte („other“) gibt es nur bei Fragen der Art single und multiple.",
        "Words of one's own (“other”) exist only in questions of the types single and multiple.",
    ),
    "other_alone": (
        "Die Antwort „{found}“ kann nicht zugleich eigene Worte verlangen („other“) und andere "
        "Antworten ausschließen.",
        "The option “{found}” cannot both ask for words of one's own (“other”) and exclude other "
        "options.",
    ),
    "other_twice": (
        "Eigene Worte („other“) verlangt schon die Antwort in Zeile {first}; möglich ist das nur "
        "einmal.",
        "The option in line {first} asks for words of one's own (“other”) already; only one can.",
    ),
    # lists read as one scale
    "reversed_unknown": (
        "Eine Zeile „{found}“, die umgekehrt gefragt wäre („reversed“), hat diese Liste nicht. "
        "Ihre Zeilen sind: {allowed}.",
        "This list has no row “{found}” that could run the other way (“reversed”). Its rows are: "
        "{allowed}.",
    ),
    "reversed_twice": (
        "Die Zeile „{found}“ steht schon unter „reversed“. Einmal genügt.",
        "The row “{found}” stands under “reversed” already. Once is enough.",
    ),
    # texts
    "unknown_text": (
        "Einen Text „{found}“ gibt es nicht. Unter „texts“ stehen: {allowed}.",
        "There is no text “{found}”. “texts” contains: {allowed}.",
    ),
    "text_unused": (
        "Zum Text „{found}“ gehört keine Seite.",
        "No page belongs to the text “{found}”.",
    ),
    "texts_codes": (
        "Jeder Text wird für sich abgeschickt, ein Zugangscode gilt aber nur einmal. Bitte wählen "
        "Sie „access: open“.",
        "Every text is sent on its own, but an access code works only once. Please choose "
        "“access: open”.",
    ),
}
"""German and English sentence by code; ``{…}`` are holes."""

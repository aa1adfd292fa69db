"""What the program refuses, in the language of the page.

Errors below the room are sentences for a terminal, in English. Those that people of the team can
meet are said here again, for somebody with a browser: without names of files aside, without
commands. A sentence that is not known here is shown as it is, and marked as English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from reports.team.words import SOURCE, _, language, later

STATES = {
    "draft": later("Entwurf"),
    "open": later("offen"),
    "closed": later("geschlossen"),
    "opened": later("geöffnet"),
}
SENTENCES: tuple[tuple[str, str], ...] = (
    (
        r"\S+ is a private key: it must not be on this machine\. .*",
        later(
            "Das ist ein privater Schlüssel. Er darf nicht auf diesen Server; er wurde nicht "
            "gespeichert. Gebraucht wird die Datei, die auf .public.txt endet. Hat der Schlüssel "
            "den Rechner seiner Person schon verlassen, braucht sie einen neuen."
        ),
    ),
    (
        r"\S+ is no file with public keys of a key holder",
        later(
            "Das ist keine öffentliche Datei einer Schlüsselperson. Sie endet auf .public.txt "
            "und entsteht zusammen mit dem Schlüssel."
        ),
    ),
    (
        r"\S+ was made for study (?P<other>.+), not for (?P<study>.+)",
        later("Die Datei wurde für die Umfrage %(other)s gemacht, nicht für %(study)s."),
    ),
    (
        r"\S+ was changed on the way: its check number does not fit",
        later(
            "Die Datei wurde unterwegs verändert: Ihre Prüfnummer passt nicht. Lassen Sie sie "
            "noch einmal schicken."
        ),
    ),
    (
        r"this key is registered already for study .+",
        later("Dieser Schlüssel ist schon angemeldet."),
    ),
    (
        r"the rehearsal key must be another one than the key of the urn",
        later("Der Schlüssel der Probe muss ein anderer sein als der Schlüssel der Urne."),
    ),
    (
        r"(?P<holder>.+) is no key holder of .+",
        later("%(holder)s ist hier keine Schlüsselperson."),
    ),
    (
        r"study .+ has (?P<count>\d+) key holders and needs 2: .*",
        later("Angemeldete Schlüsselpersonen: %(count)s. Nötig sind zwei."),
    ),
    (
        r"no rehearsal of .+ has begun with these key holders: .*",
        later(
            "Mit diesen Schlüsselpersonen hat noch keine Probe begonnen. Laden Sie zuerst die "
            "Probe-Stimmzettel herunter."
        ),
    ),
    (
        r"\S+ is not the result of a rehearsal",
        later(
            "Das ist nicht das Ergebnis einer Probe. Gebraucht wird die Datei der letzten Person."
        ),
    ),
    (
        r"the rehearsal of .+ has not passed: .*",
        later(
            "Die Probe ist nicht bestanden: Das Ergebnis passt nicht zu den Probe-Stimmzetteln. "
            "Beginnen Sie eine neue Probe."
        ),
    ),
    (
        r"\S+ was not made from the urn of (?P<study>.+): .*",
        later(
            "Dieser Datensatz stammt nicht aus der Urne der Umfrage %(study)s. Nichts wurde "
            "eingelesen und nichts vernichtet."
        ),
    ),
    (
        r"study .+ is opened: an urn is opened once",
        later("Die Urne ist schon geöffnet. Eine Urne wird nur einmal geöffnet."),
    ),
    (
        r"there is a study (?P<study>.+) already",
        later(
            "Eine Umfrage mit dem Kurznamen %(study)s gibt es schon. Ändern Sie ihn im "
            "Fragebogen, oder laden Sie die Datei als neue Fassung jener Umfrage hoch."
        ),
    ),
    (
        r"study .+ is open: a change needs a reason, which is kept and printed",
        later(
            "Die Umfrage ist offen. Eine Änderung braucht einen Grund; er wird aufbewahrt und "
            "gedruckt."
        ),
    ),
    (
        r"study .+ is open and stays as it is:",
        later("Die Umfrage ist offen. Diese Änderungen berühren gegebene Antworten:"),
    ),
    (
        r"study .+ has just been changed by somebody else",
        later("Jemand anderes hat die Umfrage gerade geändert. Laden Sie die Seite neu."),
    ),
    (
        r"study .+ is (?P<state>draft|open|closed|opened): it .*",
        later("Die Umfrage ist „%(state)s“. Dafür ist es zu spät oder zu früh."),
    ),
    (
        r"(?P<count>\d+) sheets were entered, but only (?P<left>\d+) paper codes .*",
        later(
            "Eingegeben sind %(count)s Bogen, gezählt waren vor dem Schließen nur noch %(left)s. "
            "Mehr dürfen nicht in die Urne."
        ),
    ),
    (
        r"paper is being entered elsewhere at this moment: try again",
        later("Gerade gibt noch jemand Papier ein. Versuchen Sie es gleich noch einmal."),
    ),
    (
        r"\S+: (?P<open>\d+) of (?P<all>\d+) texts are not settled by .* (?P<first>\d+)",
        later(
            "Über %(open)s von %(all)s Texten sind noch nicht zwei Personen einig. Der erste ist "
            "Nummer %(first)s."
        ),
    ),
    (
        r"\S+: (?P<open>\d+) texts have no themes, or coders differ .* (?P<first>\d+)",
        later(
            "%(open)s Texte haben noch kein Thema, oder beide Personen sind sich nicht einig. Der "
            "erste ist Nummer %(first)s."
        ),
    ),
    (
        r"\S+: a second person has to code some of the texts",
        later("Einen Teil der Texte muss eine zweite Person einem Thema zuordnen."),
    ),
    (
        r"to redact means to name places; nothing else names any",
        later(
            "Wer schwärzt, nennt mindestens eine Stelle. Bei jeder anderen Entscheidung wird keine "
            "genannt."
        ),
    ),
    (
        r"a reason is missing; known are .*",
        later("Es fehlt der Grund. Kreuzen Sie mindestens einen an."),
    ),
    (
        r"\S+ (?P<number>\d+) still holds what may point to a person \(.*",
        later(
            "Text %(number)s enthält noch etwas, das auf eine Person deuten kann. Schwärzen Sie "
            "die Stelle, oder geben Sie als Grund an, dass Sie sie geprüft haben."
        ),
    ),
    (
        r"“(?P<code>.*)” is no short name for a theme: .*",
        later(
            "„%(code)s“ ist kein Kürzel für ein Thema: kleine Buchstaben, Ziffern und Unterstrich."
        ),
    ),
    (
        r"the paraphrase names a person or a contact",
        later("Der Satz nennt eine Person oder einen Kontakt. Schreiben Sie ihn ohne."),
    ),
    (
        r"a paraphrase is approved by somebody who has not written it",
        later("Einen Satz gibt eine Person frei, die ihn nicht geschrieben hat."),
    ),
    (
        r"\S+ (?P<number>\d+) (?:is .+|may name a person or a contact): no quote",
        later(
            "Text %(number)s kann kein Zitat werden: Zwei Personen müssen ihn freigegeben haben, "
            "und er darf niemanden nennen."
        ),
    ),
    (
        r"\S+ (?P<number>\d+): judge it first, or wait until two people have",
        later("Entscheiden Sie zuerst über Text %(number)s, bevor Sie ihn einem Thema zuordnen."),
    ),
    (
        r"\S+ has these themes: .*; “none” stands alone",
        later("Wählen Sie Themen aus der Liste; „kein Thema“ steht für sich allein."),
    ),
)
"""Patterns of English sentences, whole lines, and what is said instead."""

_KNOWN = tuple((re.compile(pattern), said) for pattern, said in SENTENCES)
_ENGLISH = re.compile(r"\b(the|is|was|has|of|not|there|no)\b")
_GERMAN = re.compile(r"[äöüß„]|\b(der|die|das|ist|nicht|und)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a refusal, and its language if it is not that of the page."""

    text: str
    tongue: str = ""


def lines(message: str) -> list[Line]:
    """The lines of a refusal for the page at hand.

    >>> lines("this key is registered already for study staff")
    [Line(text='Dieser Schlüssel ist schon angemeldet.', tongue='')]
    >>> lines("there is no such thing")
    [Line(text='there is no such thing', tongue='en')]
    """
    return [_line(text) for text in message.splitlines()]


def _line(text: str) -> Line:
    for pattern, said in _KNOWN:
        if found := pattern.fullmatch(text):
            return Line(_(said, **_words(found.groupdict())))
    if _GERMAN.search(text):
        return Line(text, "" if language() == SOURCE else SOURCE)
    english = language() == SOURCE and _ENGLISH.search(text)
    return Line(text, "en" if english else "")


def _words(holes: Mapping[str, str]) -> dict[str, str]:
    return {
        name: _(STATES[text]) if name == "state" and text in STATES else text
        for name, text in holes.items()
    }

"""What a printed questionnaire says in its own words, in German and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; holes in braces are filled."""

    question: str
    only_if: str
    onward: str
    end: str
    chosen: str
    not_chosen: str
    answered: str
    unanswered: str
    counted: Mapping[str, str]
    sized: Mapping[str, str]
    days: Mapping[str, str]
    negated: str
    and_: str
    or_: str
    comma: str
    how: tuple[str, ...]
    how_title: str
    one: str
    several: str
    at_most: str
    places: str
    all_places: str
    place: str
    reason: str
    most: str
    date: tuple[str, str, str]
    sheet_of: str
    page: str
    version: str
    sample: str
    stored_title: str
    stored: tuple[str, ...]
    entry: str


_GERMAN = Words(
    question="Frage {number}",
    only_if="Nur beantworten, wenn Sie {condition}.",
    onward="Sonst weiter mit {target}.",
    end="Sonst sind Sie fertig.",
    chosen="bei {place} {answer} gewählt haben",
    not_chosen="bei {place} etwas anderes als {answer} gewählt haben",
    answered="{place} beantwortet haben",
    unanswered="{place} nicht beantwortet haben",
    counted={
        "count_at_least": "bei {place} mindestens {number} gewählt haben",
        "count_at_most": "bei {place} höchstens {number} gewählt haben",
    },
    sized={
        "less": "bei {place} weniger als {number} angegeben haben",
        "at_most": "bei {place} höchstens {number} angegeben haben",
        "more": "bei {place} mehr als {number} angegeben haben",
        "at_least": "bei {place} mindestens {number} angegeben haben",
    },
    days={
        "less": "bei {place} einen Tag vor dem {number} angegeben haben",
        "at_most": "bei {place} einen Tag bis zum {number} angegeben haben",
        "more": "bei {place} einen Tag nach dem {number} angegeben haben",
        "at_least": "bei {place} einen Tag ab dem {number} angegeben haben",
    },
    negated="nicht {condition}",
    and_=" und ",
    or_=" oder ",
    comma=",",
    how=(
        "Kreuzen Sie an, was zutrifft. Haben Sie sich geirrt, füllen Sie das falsche Kästchen "
        "ganz aus und kreuzen das richtige an.",
        "Sie dürfen jede Frage frei lassen.",
        "Die kleinen Buchstaben und Zahlen brauchen Sie nicht; sie helfen beim Eintippen.",
    ),
    how_title="So füllen Sie den Bogen aus",
    one="Bitte nur ein Kreuz.",
    several="Mehrere Kreuze sind möglich.",
    at_most="Höchstens {number} Kreuze.",
    places=(
        "Schreiben Sie 1 neben das, was zuerst kommt, dann 2 und so weiter bis {number}. "
        "Jede Zahl nur einmal."
    ),
    all_places=(
        "Schreiben Sie 1 neben das, was zuerst kommt, dann 2 und so weiter. Jede Zahl nur einmal."
    ),
    place="Platz",
    reason="Oder:",
    most="Höchstens {number} Zeichen.",
    date=("Tag", "Monat", "Jahr"),
    sheet_of="Dieser Bogen gehört zum Text „{title}“ und wird für sich abgegeben.",
    page="Seite",
    version="Version",
    sample="Muster: Diese Übersetzung ist noch nicht geprüft.",
    stored_title="Was gespeichert wird",
    stored=(
        "Was Sie ankreuzen und schreiben. Der Bogen trägt keine Nummer und keinen Code.",
        "Zwei Personen tippen die gemischten Bögen nach dem Ende der Umfrage ab; danach werden "
        "die Antworten versiegelt wie alle anderen.",
    ),
    entry="Kürzel für das Eintippen",
)

_ENGLISH = Words(
    question="Question {number}",
    only_if="Answer only if you {condition}.",
    onward="Otherwise go on with {target}.",
    end="Otherwise you have finished.",
    chosen="chose {answer} in {place}",
    not_chosen="chose something other than {answer} in {place}",
    answered="answered {place}",
    unanswered="left {place} empty",
    counted={
        "count_at_least": "chose at least {number} in {place}",
        "count_at_most": "chose at most {number} in {place}",
    },
    sized={
        "less": "gave less than {number} in {place}",
        "at_most": "gave at most {number} in {place}",
        "more": "gave more than {number} in {place}",
        "at_least": "gave at least {number} in {place}",
    },
    days={
        "less": "gave a day before {number} in {place}",
        "at_most": "gave a day up to {number} in {place}",
        "more": "gave a day after {number} in {place}",
        "at_least": "gave a day from {number} on in {place}",
    },
    negated="did not say that you {condition}",
    and_=" and ",
    or_=" or ",
    comma=".",
    how=(
        "Tick what applies. If you have made a mistake, fill in the wrong box completely and "
        "tick the right one.",
        "You may leave every question empty.",
        "You do not need the small letters and numbers; they help with typing in.",
    ),
    how_title="How to fill in this sheet",
    one="Please tick one box only.",
    several="You may tick several boxes.",
    at_most="At most {number} boxes.",
    places=(
        "Write 1 beside what comes first, then 2 and so on up to {number}. Each number only once."
    ),
    all_places="Write 1 beside what comes first, then 2 and so on. Each number only once.",
    place="Place",
    reason="Or:",
    most="At most {number} characters.",
    date=("Day", "Month", "Year"),
    sheet_of="This sheet belongs to the text “{title}” and is handed in on its own.",
    page="Page",
    version="Version",
    sample="Sample: this translation has not been reviewed yet.",
    stored_title="What is stored",
    stored=(
        "What you tick and write. The sheet carries no number and no code.",
        "After the end of the survey two people type in the shuffled sheets; then the answers "
        "are sealed like all others.",
    ),
    entry="Short name for typing in",
)


def words(tag: str) -> Words:
    """The words for a language tag; German for languages without words of their own."""
    return _ENGLISH if tag.split("-")[0] == "en" else _GERMAN

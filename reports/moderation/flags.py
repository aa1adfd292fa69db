"""What in a text may point to a person: found by rules on this machine, judged by people.

A flag is a hint and never a decision. Names come from lists that stay in the home; nothing is
sent anywhere. What no rule can see (a story that everybody in the house knows) is why two
people read every text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """What a flagged place may be."""

    NAME = "name"
    CONTACT = "contact"
    TITLE = "title"
    UNIT = "unit"
    DATE = "date"
    SITUATION = "situation"


MARKS: Mapping[Kind, str] = {
    Kind.NAME: "[Name]",
    Kind.CONTACT: "[Kontakt]",
    Kind.TITLE: "[Funktion]",
    Kind.UNIT: "[Stelle]",
    Kind.DATE: "[Zeit]",
    Kind.SITUATION: "[…]",
}
"""What stands in a redacted text for what was taken out."""

ALWAYS = (Kind.NAME, Kind.CONTACT)
"""Kinds that no quote may hold, whoever has released it."""


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """A place of a text, ``start`` to ``end`` in characters, and what it may be."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Lists:
    """Words that are looked for: names of people, titles of posts, names of units."""

    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


_MONTH = (
    "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|"
    "January|February|March|May|June|July|October|December"
)
_RULES: tuple[tuple[Kind, str], ...] = (
    (Kind.CONTACT, r"\b[\w.+-]+\s?(@|\(at\)|\[at\])\s?[\w-]+(\.[\w-]+)+\b"),
    (Kind.CONTACT, r"\b(https?://|www\.)\S+"),
    (Kind.CONTACT, r"(?<!\w)@\w{3,}"),
    (Kind.CONTACT, r"(?<![\w.,])(\+\d{2}|0)[\d /()-]{6,}\d\b"),
    (Kind.CONTACT, r"(?i)\b(tel(efon)?|durchwahl|apparat|ext(ension)?)\.?\s*:?\s*\d{2,}"),
    (Kind.CONTACT, r"\b[A-ZÄÖÜ]\w+(straße|str\.|weg|platz|allee|gasse)\s+\d+\s?[a-z]?\b"),
    (Kind.CONTACT, r"\b[A-Z]{2}\d{2}[ \d]{14,30}\b"),
    (Kind.NAME, r"\b(Herr[n]?|Frau|Kolleg(e|in|en)|Mr|Mrs|Ms|Dr|Prof)\.?\s+[A-ZÄÖÜ][\w-]+"),
    (Kind.NAME, r"(?i:\bich (heiße|bin)|\bmy name is|\bmein name ist)\s+[A-ZÄÖÜ][\w-]+"),
    (
        Kind.TITLE,
        r"(?i)\b\w*(amtsleit|abteilungsleit|sachgebietsleit|referatsleit|teamleit|dezernent|"
        r"gruppenleit|bürgermeister|personalrat|personalrät|betriebsleit|vorarbeiter|hausmeister|"
        r"schulleit|kitaleit|beigeordnet|schwerbehindertenvertret|gleichstellungsbeauftragt|"
        r"head of|director|team leader|manager)\w*",
    ),
    (Kind.DATE, r"\b\d{1,2}\.\s?\d{1,2}\.(\s?\d{2,4})?"),
    (Kind.DATE, r"\b\d{4}-\d{2}-\d{2}\b"),
    (Kind.DATE, rf"\b(\d{{1,2}}\.?\s+)?({_MONTH})(\s+\d{{4}})?\b"),
    (Kind.DATE, r"(?i)\b(seit|im jahr|anfang|ende|since|in)\s+(19|20)\d{2}\b"),
    (Kind.SITUATION, r"(?i)\bals (der |die |das )?einzige[rsn]?\b|\bas the only\b"),
    (
        Kind.SITUATION,
        r"(?i)\b(mein|unser|my|our)e?[rnms]?\s+(direkte[rn]?\s+)?"
        r"(chef|vorgesetzt|leitung|boss|supervisor)\w*",
    ),
    (
        Kind.SITUATION,
        r"(?i)\bich\s+(habe|hatte|wurde|war|bin|musste)\b|\bI\s+(was|had|have been)\b",
    ),
    (
        Kind.SITUATION,
        r"(?i)\b(elternzeit|schwanger|schwerbehinder|krankgeschrieben|krankheit|abgemahnt|"
        r"abmahnung|mobbing|gemobbt|belästig|diskriminier|burnout|pregnan|harass|bullied)\w*",
    ),
)
_COMPILED = tuple((kind, re.compile(pattern)) for kind, pattern in _RULES)


def flags(text: str, lists: Lists = Lists()) -> tuple[Flag, ...]:
    """Every flagged place of a text, in order; places of one kind that overlap are one.

    >>> [(f.kind.value, "Frag Frau Beispiel, Tel. 4711."[f.start:f.end])
    ...  for f in flags("Frag Frau Beispiel, Tel. 4711.")]
    [('name', 'Frau Beispiel'), ('contact', 'Tel. 4711')]
    """
    found = [
        Flag(m.start(), m.end(), kind) for kind, rule in _COMPILED for m in rule.finditer(text)
    ]
    for kind, words in (
        (Kind.NAME, lists.names),
        (Kind.TITLE, lists.titles),
        (Kind.UNIT, lists.units),
    ):
        found += [Flag(start, end, kind) for start, end in _listed(text, words)]
    return tuple(sorted(flag for kind in Kind for flag in _joined(found, kind)))


def _listed(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    folded = {word.casefold() for word in words if len(word) > 1}
    if folded:
        longest = sorted(map(re.escape, folded), key=len, reverse=True)
        rule = re.compile(rf"(?<!\w)({'|'.join(longest)})(s|es|en)?(?!\w)", re.IGNORECASE)
        yield from (match.span() for match in rule.finditer(text))


def _joined(found: Sequence[Flag], kind: Kind) -> Iterator[Flag]:
    start = end = -1
    for flag in sorted(f for f in found if f.kind is kind):
        if flag.start <= end:
            end = max(end, flag.end)
            continue
        if end > start:
            yield Flag(start, end, kind)
        start, end = flag.start, flag.end
    if end > start:
        yield Flag(start, end, kind)


def redacted(text: str, spans: Iterable[Flag]) -> str:
    """The text with a mark for every span; spans that touch or overlap become one mark.

    >>> redacted("Frau Beispiel war da.", [Flag(0, 13, Kind.NAME)])
    '[Name] war da.'
    """
    parts, place = [], 0
    for span in sorted(spans):
        if span.end <= place:
            continue
        if span.start >= place:
            parts += [text[place : span.start], MARKS[span.kind]]
        place = span.end
    return "".join([*parts, text[place:]])


def read_lists(folder: Path, units: Iterable[str] = ()) -> Lists:
    """The lists ``names.txt`` and ``titles.txt`` of a folder, one entry a line; none if missing."""
    return Lists(
        _entries(folder / "names.txt"),
        _entries(folder / "titles.txt"),
        tuple(unit for unit in units if len(unit) > 3),
    )


def _entries(path: Path) -> tuple[str, ...]:
    if not path.is_file():
        return ()
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))

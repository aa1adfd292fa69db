"""Numbers of a dossier that are no estimates: constants, each of a class that gives the reason.

A constant is the number with its neighbours ("weniger als 100 Antworten"), never a bare number,
except for counts of what a page lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import Any

from reports import typography
from reports.printed_numbers import plain
from reports.tables import Release
from survey import __version__

REASONS = {
    "page": "counted by the renderer",
    "date": "a day of the study's calendar",
    "id": "names the study, its questionnaire, its data, the program or a standard",
    "rule": "a threshold, level or rounding rule that is the same in every dossier",
    "wording": "stands in the questionnaire or in the description of the study",
    "protocol": "said by the gate or the opening about the release as a whole",
    "headcount": "people of a group by the staff list, which is no result",
    "count": "how many things there are of a kind that the document lists",
    "axis": "ticks of an axis in equal steps, or the places of a strip from 1 on",
}
"""Class of a constant to the reason why it may be printed."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A text with numbers that may be printed: its class, and what it is."""

    kind: str
    text: str
    meaning: str = ""

    @property
    def reason(self) -> str:
        """Why such a number needs no row."""
        return REASONS[self.kind]


RULES = (
    "95-%", "95 von 100", "weniger als 100 Antworten", "100 Antworten", "0,1 Punkte",
    "≥ 90 %", "mindestens 90 %", "0,05", "1 bis 9", "5 %",
    "Stufe 1 ist", "3 Punkte", "30 Stellungnahmen", "0 (alle", "1 (alle", "PDF/A-2a", "PDF/UA-1",
)  # fmt: skip
"""Rules as they stand in sentences; what else a study sets is taken from its release."""

PATTERNS = (
    ("page", r"(?:Seite|Page) \d+ (?:von|of) \d+"),
    ("page", r"(?m)^\s*\d{1,3}\.\s*$"),
    ("rule", r"Stufe \d\b"),
    ("rule", r"(?m)^\s*\d\. Stufe"),
)
"""Constants that follow a pattern instead of a text."""


def constants(release: Release, *, program: str = __version__) -> tuple[Constant, ...]:
    """All constants of a study, without those that only counting its pages gives."""
    found = [
        *(Constant("rule", text) for text in RULES),
        *_rules(release),
        *_ids(release, program),
        *_dates(release),
        *(Constant("wording", text) for text in _wordings(release)),
        *(Constant("protocol", t) for r in (*release.report, *release.errata) for t in snippets(r)),
        *_headcounts(release),
    ]
    return tuple(dict.fromkeys(constant for constant in found if constant.text))


def _rules(release: Release) -> Iterator[Constant]:
    for question in release.codebook:
        if question.depth:
            yield Constant("rule", f"ersten {question.depth}", f"places of {question.id}")
    for name, value in release.rules.items():
        yield Constant("rule", f"mindestens {value}", name)
        yield Constant("rule", f"ab {value} Antworten", name)
        yield Constant("rule", f"weniger als {value}", name)


def _ids(release: Release, program: str) -> Iterator[Constant]:
    study, codebook = release.study, release.codebook
    for digest in (release.fingerprint, codebook.instrument):
        yield Constant("id", digest)
        for start in range(0, len(digest), 8):
            yield Constant("id", digest[start : start + 8])
    yield from (
        Constant("id", text)
        for text in (
            study.id, f"Fragebogen {codebook.version}", f"Version {codebook.version}",
            f"questionnaire {codebook.version}", f"Meinungsbild {program}", study.council_paper,
        )
    )  # fmt: skip


def _dates(release: Release) -> Iterator[Constant]:
    for moment in (release.study.opens, release.study.closes):
        if moment is not None:
            yield Constant("date", typography.moment_de(moment))
            yield Constant("date", typography.date_de(moment))
    for text in _strings(release.study):
        if text.isdigit() and len(text) == 4:
            yield Constant("date", text)
        try:
            yield Constant("date", typography.date_de(date.fromisoformat(text)))
            yield Constant("date", text[:4])
        except ValueError:
            continue


def _headcounts(release: Release) -> Iterator[Constant]:
    groups = [domain for shown in release.ballots.values() for domain, _ in shown]
    groups += [domain for hidden in release.withheld.values() for domain, _ in hidden]
    for domain in groups:
        if domain.headcount is not None:
            yield Constant("headcount", typography.count(domain.headcount), domain.label)


def _wordings(release: Release) -> Iterator[str]:
    book = release.codebook
    for text in _strings((release.study, tuple(book), book.words, book.tracks)):
        yield from snippets(text)
    for hidden in release.withheld.values():
        yield from (part for domain, _ in hidden for part in snippets(domain.label))
    for shown in release.ballots.values():
        yield from (part for domain, _ in shown for part in snippets(domain.label))


def _strings(value: Any) -> Iterator[str]:
    """Every text inside a description, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, datetime | date):
        return
    elif is_dataclass(value):
        for field in fields(value):
            yield from _strings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, Iterable):
        for part in value:
            yield from _strings(part)


WHOLE = 10
"""Most words of a text whose numbers may stand together, such as a label."""


def snippets(text: str) -> Iterator[str]:
    """The numbers of a text with the word before and the word after each.

    >>> list(snippets("Was war 2024 wichtig? Nichts."))
    ['Was war 2024 wichtig? Nichts.', 'war 2024 wichtig']
    """
    words = plain(text).split()
    kinds = any(map(str.isalpha, text)), any(map(str.isdigit, text))
    if len(words) <= WHOLE and all(kinds):
        yield " ".join(words)
    for place, word in enumerate(words):
        if any(sign.isdigit() for sign in word):
            near = words[max(place - 1, 0) : place + 2]
            found = " ".join(near).strip(".,;:!?„“()")
            if any(sign.isalpha() for sign in found):
                yield found


def pattern(constant: Constant) -> re.Pattern[str]:
    """What finds a constant in plain text, whatever spaces a line break has put in."""
    words = (re.escape(word) for word in plain(constant.text).split())
    return re.compile(r"(?<![\w,.])" + r"\s+".join(words) + r"(?!\w|,\d)", re.IGNORECASE)

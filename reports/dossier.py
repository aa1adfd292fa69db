"""The model of a dossier: what it says, apart from how a renderer sets it on pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from reports import wording
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid, Picture
from survey.study import Study

FRONT_WORDS = 250
"""Most words on the first page: it is read in one minute."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``kind`` is text, lead, finding, note, or asked: a wording before its table."""

    text: str
    kind: str = "text"

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the block."""
        yield self.text


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short statements under a heading of its own (which may be empty)."""

    items: tuple[str, ...]
    title: str = ""
    numbered: bool = False

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the block."""
        yield self.title
        yield from self.items


@dataclass(frozen=True, slots=True)
class Facts:
    """Terms with their values, such as the participation box or the imprint."""

    entries: tuple[tuple[str, str], ...]
    boxed: bool = False

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the block."""
        for term, value in self.entries:
            yield from (term, value)


def known(*entries: tuple[str, str]) -> tuple[Facts, ...]:
    """A table of the terms that have a value, none where no term has one.

    >>> known(("Vorlage", "12/27"), ("Kontakt", ""))
    (Facts(entries=(('Vorlage', '12/27'),), boxed=False),)
    """
    given = tuple(entry for entry in entries if entry[1])
    return (Facts(given),) if given else ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the block."""
        yield self.text


Block = Paragraph | Points | Facts | Heading | Picture | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter; ``new_page`` starts it on a page of its own, ``wide`` on landscape pages.

    ``together`` keeps a short one whole: it begins on the next page before a few lines of it would
    stand alone there.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    new_page: bool = True
    wide: bool = False
    together: bool = False

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the section."""
        yield self.title
        for block in self.blocks:
            yield from block.texts


@dataclass(frozen=True, slots=True)
class Margins:
    """The words in the margins of every page, in the language of the document."""

    simulated: str = "Simulierte Daten – keine echten Antworten"
    source: str = "{study} · Fragebogen {version} · Daten {data} · Meinungsbild {program}"
    page: str = "Seite"
    of: str = "von"
    asked: str = "Frage: {text}"


GERMAN = Margins()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole document: front matter for every page, and its sections.

    ``fingerprint`` is the full SHA-256 of the data set, ``edition`` the release status that
    stands on each page, ``day`` the day that the data set was closed for answers. ``language`` is
    the language as pages name it, ``track`` the tag of its words where there are several, ``part``
    the unit that it is made for, empty for the whole study; ``partner`` names a second study
    with its questionnaire and data.
    """

    kind: str
    title: str
    subtitle: str
    study: Study
    sections: tuple[Section, ...]
    fingerprint: str
    questionnaire: str
    program: str
    edition: str = "öffentlich"
    language: str = "de"
    day: date | None = None
    track: str = ""
    margins: Margins = GERMAN
    part: str = ""
    partner: str = ""

    @property
    def mark(self) -> str:
        """What every page says about data that nobody answered; empty for real ones."""
        if self.study.demo or self.study.simulation:
            return self.margins.simulated
        return ""

    @property
    def source(self) -> str:
        """Where the numbers of every page come from, one line for each study."""
        return self.margins.source.format(
            study=self.study.id, version=self.questionnaire, program=self.program,
            data=f"{self.fingerprint[:8]}{f'{chr(10)}{self.partner}' if self.partner else ''}",
        )  # fmt: skip

    @property
    def texts(self) -> Iterator[str]:
        """Every text of the dossier."""
        yield from (self.title, self.subtitle)
        for section in self.sections:
            yield from section.texts

    @property
    def file_name(self) -> str:
        """A speaking name: kind, study, day and data."""
        day = f"-{self.day.isoformat()}" if self.day else ""
        which = "".join(f"-{name}" for name in (self.track, self.part) if name)
        return f"{KINDS[self.kind]}-{self.study.id}{which}{day}-{self.fingerprint[:8]}.pdf"


def about(
    results: Results, kind: str, subtitle: str, sections: tuple[Section, ...], program: str
) -> Dossier:
    """A dossier about the results of a study, which give its title and what every page names."""
    release, study = results.release, results.release.study
    return Dossier(
        kind=kind,
        title=study.title,
        subtitle=subtitle,
        study=study,
        sections=sections,
        fingerprint=release.fingerprint,
        questionnaire=release.codebook.version,
        program=program,
        day=study.closes.date() if study.closes else None,
    )


KINDS = {
    "council": "ratsdossier",
    "team": "gesamtbericht",
    "department": "dienststelle",
    "intensive": "textdossier",
    "comparison": "vergleich",
    "public": "ergebnisbrief",
    "method": "methodenanhang",
}
"""Kind of dossier to the first word of its file name."""


def checked(dossier: Dossier) -> Dossier:
    """The dossier unchanged if it keeps its promises; raises ``DossierError``.

    No word that the regime does not carry, every exhibit with its base, every figure with an
    alternative text that holds numbers, and a first page that can be read in a minute.
    """
    wording.check_words(dossier.texts, dossier.study.regime)
    for section in dossier.sections:
        for block in section.blocks:
            if isinstance(block, Picture):
                _check_picture(block)
                wording.check_words([_drawn(block)], dossier.study.regime)
    front = words(dossier.sections[0])
    if front > FRONT_WORDS:
        raise DossierError(
            f"the first page has {front} words, more than {FRONT_WORDS}; the longest texts that "
            f"the questionnaire puts there are {'; '.join(_longest(dossier))}: shorten them there"
        )
    return dossier


def _drawn(picture: Picture) -> str:
    """Everything that is written in a chart."""
    found = re.findall(r"<(?:text|tspan)\b[^>]*>([^<]*)", picture.figure.svg.decode("utf-8"))
    return html.unescape(" ".join(found))


_FRONT_TEXTS = ("council_question", "purpose", "next_steps", "contact")
"""Fields of a study that a first page may show."""


def _longest(dossier: Dossier, most: int = 3) -> list[str]:
    """Which of the author's texts make a first page long, each with its key and its words."""
    text = "\n".join(dossier.sections[0].texts)
    known = {f"study: {name}": getattr(dossier.study, name) for name in _FRONT_TEXTS}
    found = {
        key: part for key, full in known.items() for part in (full, shortened(full))
        if part and part in text
    }  # fmt: skip
    quoted = re.findall("„([^“]+)“", text)
    found |= {f"the label “{label.split()[0]} …”": label for label in quoted if " " in label}
    sizes = sorted(((len(part.split()), key) for key, part in found.items()), reverse=True)
    return [f"{key} ({size} words)" for size, key in sizes[:most]] or ["none"]


def fitting(versions: Iterable[Section]) -> Section:
    """The first of some versions of a first page that is short enough, otherwise the last."""
    for version in versions:
        if words(version) <= FRONT_WORDS:
            break
    return version


NEXT = 30
"""Words of the next steps that stay on a first page that would be too long."""


def shortened(text: str, most: int = NEXT) -> str:
    """The first sentences of a text that have at most a number of words, at least one sentence.

    >>> shortened("Eins zwei drei. Vier fünf. Sechs.", 5)
    'Eins zwei drei. Vier fünf.'
    """
    kept = ""
    for sentence in re.split(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ])", text):
        longer = f"{kept} {sentence}".strip()
        if kept and len(longer.split()) > most:
            break
        kept = longer
    return kept


def words(section: Section) -> int:
    """Number of words of a chapter."""
    return sum(len(text.split()) for text in section.texts)


def _check_picture(picture: Picture) -> None:
    alt = picture.figure.alt
    if len(alt) < 60 or not any(sign.isdigit() for sign in alt):
        raise DossierError(f"figure {picture.id}: the alternative text gives no numbers")
    if not picture.base:
        raise DossierError(f"figure {picture.id}: it does not say who is counted")

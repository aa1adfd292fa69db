"""What a foreign questionnaire says, whatever tool wrote it.

Texts are kept by language tag. Names and codes are still those of the source; references to
other questions stand in texts as marks (:func:`hole`) and in conditions as trees of
:mod:`.expressions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from survey.converting.expressions import Condition

Texts = Mapping[str, str]
"""Text by language tag."""

HOLE_START, HOLE_END = "\ue000", "\ue001"


def hole(name: str) -> str:
    """A mark in a text for the answer to another question; an empty name is an unknown answer."""
    return f"{HOLE_START}{name}{HOLE_END}"


def without_holes(text: str) -> str:
    """A text for the report: marks as the name that they stand for, in braces.

    >>> without_holes(f"Warum {hole('Q1')}?")
    'Warum {Q1}?'
    """
    named = text.replace(HOLE_START + HOLE_END, "…")
    return named.replace(HOLE_START, "{").replace(HOLE_END, "}")


class Outcome(StrEnum):
    """What became of a question."""

    CONVERTED = "converted"
    WITH_NOTE = "converted_with_note"
    NOT_SUPPORTED = "not_supported"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader of the report must know; the sentence is in :mod:`.sentences`."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted(self.values.items()))))


def note(code: str, **values: object) -> Note:
    """A note with the values that its sentence names."""
    return Note(code, {name: str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list of options or rows."""

    code: str
    label: Texts
    help: Texts = field(default_factory=dict)
    other: bool = False
    exclusive: bool = False
    last: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """One of several scales that the rows of a grid are judged on."""

    code: str
    text: Texts
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One item to be: ``keys`` are further keys of our language that need no renaming."""

    name: str
    type: str
    text: Texts
    help: Texts = field(default_factory=dict)
    options: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    headings: tuple[Heading, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)
    list_name: str = ""
    boxes: bool = False
    """Whether conditions of the source may ask for single boxes or rows as ``name_code``."""


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """One question of the source and what it turns into; no drafts: it is not supported."""

    name: str
    kind: str
    text: str
    drafts: tuple[Draft, ...] = ()
    notes: tuple[Note, ...] = ()
    condition: Condition | None = None
    condition_text: str = ""


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A group of questions."""

    name: str
    title: Texts
    intro: Texts
    questions: tuple[SourceQuestion, ...]
    condition: Condition | None = None
    condition_text: str = ""


@dataclass(frozen=True, slots=True)
class SourceForm:
    """A whole foreign questionnaire.

    ``study`` holds keys of the study section that have one value, ``study_texts`` those with a
    text per language; ``notes`` say what became of everything that is no question.
    """

    tool: str
    languages: tuple[str, ...]
    pages: tuple[SourcePage, ...]
    study: Mapping[str, Any]
    study_texts: Mapping[str, Texts]
    notes: tuple[Note, ...] = ()
    version: str = "1"

    @property
    def questions(self) -> tuple[SourceQuestion, ...]:
        """All questions in the order of the source."""
        return tuple(question for page in self.pages for question in page.questions)

    @property
    def size(self) -> int:
        """Number of questions, answers and rows."""
        drafts = [draft for question in self.questions for draft in question.drafts]
        headings = [heading for draft in drafts for heading in draft.headings]
        parts = sum(len(draft.options) + len(draft.rows) for draft in drafts)
        return len(self.questions) + parts + sum(len(heading.options) for heading in headings)

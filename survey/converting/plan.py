"""The questionnaire to be written: our names, our rules, texts by our language tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.converting.source_model import Choice, Note, Outcome, Texts


@dataclass(frozen=True, slots=True)
class PlannedHeading:
    """One scale of a grid with several."""

    id: str
    text: Texts
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One item; ``values`` are explicit numbers of its options in the data set."""

    id: str
    type: str
    text: Texts
    help: Texts
    options: tuple[Choice, ...] = ()
    rows: tuple[Choice, ...] = ()
    headings: tuple[PlannedHeading, ...] = ()
    keys: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] | None = None
    list_name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """One screen."""

    id: str
    title: Texts
    intro: Texts
    items: tuple[PlannedItem, ...]
    when: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One question of the source in the report."""

    name: str
    kind: str
    text: str
    outcome: Outcome
    items: tuple[str, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is written: the questionnaire, its translations and the report."""

    tool: str
    version: str
    main: str
    others: tuple[str, ...]
    study: Mapping[str, Any]
    study_texts: Mapping[str, Texts]
    pages: tuple[PlannedPage, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]

    @property
    def items(self) -> tuple[PlannedItem, ...]:
        """All items in order."""
        return tuple(item for page in self.pages for item in page.items)

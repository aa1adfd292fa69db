"""The instrument: pages of items in a fixed order, its hash and its codebook.

An :class:`Instrument` is a frozen value; ``survey.questionnaire`` reads it from YAML.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from survey.codebook import Codebook
from survey.errors import AnswerError
from survey.items.base import Answer, Item
from survey.study import Study


@dataclass(frozen=True)
class Page:
    """One screen of the questionnaire."""

    id: str
    title: str
    items: tuple[Item, ...]
    intro: str = ""


@dataclass(frozen=True)
class Instrument:
    """All pages of one questionnaire version in its source language."""

    version: str
    language: str
    pages: tuple[Page, ...]

    @property
    def items(self) -> Iterator[Item]:
        """All items in the order of the pages."""
        return (item for page in self.pages for item in page.items)

    def item(self, id: str) -> Item:
        """The item with this id; raises ``KeyError``."""
        for item in self.items:
            if item.id == id:
                return item
        raise KeyError(id)

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of everything a respondent sees or an answer means."""
        pages = [
            [page.id, page.title, page.intro, [i.model_dump(mode="json") for i in page.items]]
            for page in self.pages
        ]
        text = json.dumps([self.version, self.language, pages], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def codebook(self, study: str) -> Codebook:
        """The codebook of a study that uses this instrument."""
        questions = tuple(question for item in self.items for question in item.questions())
        return Codebook(study, self.hash, self.version, self.language, questions)

    def check_answers(self, answers: Mapping[str, object]) -> dict[str, Answer]:
        """The answers unchanged if the instrument allows every one; raises ``AnswerError``.

        Judges pages, simulated answers and ballots at the opening alike.
        """
        known = {item.id: item for item in self.items}
        mistakes = [f"{id}: unknown item" for id in answers if id not in known]
        for id, answer in answers.items():
            if id in known:
                mistakes += [f"{id}: {mistake}" for mistake in known[id].mistakes(answer)]
        if mistakes:
            raise AnswerError("; ".join(mistakes))
        return dict(answers)  # type: ignore[arg-type]

    def encode(self, answers: Mapping[str, Answer]) -> dict[str, int]:
        """One row of the data set: a value for every variable of the codebook."""
        row: dict[str, int] = {}
        for item in self.items:
            row.update(item.encode(answers.get(item.id)))
        return row

    @cached_property
    def longest_answers(self) -> dict[str, Answer]:
        """Allowed answers whose JSON is as long as any can be."""
        return {item.id: item.longest() for item in self.items}


@dataclass(frozen=True)
class Questionnaire:
    """A study together with its instrument, as one file describes them."""

    study: Study
    instrument: Instrument

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook under the study's id."""
        return self.instrument.codebook(self.study.id)

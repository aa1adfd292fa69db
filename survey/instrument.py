"""The instrument: pages of items in a fixed order, its hash and its codebook.

An :class:`Instrument` is a frozen value; ``survey.questionnaire`` reads it from YAML.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from typing import Any

from survey.codebook import Codebook, Missing, Question
from survey.errors import AnswerError
from survey.items.base import Answer, Item, Model
from survey.languages import Language
from survey.piping import without_answers
from survey.shuffles import (
    BlockGroup,
    Shuffle,
    group_name,
    moving_items,
    page_name,
)
from survey.study import Study
from survey.ways import Page, Way, Ways

__all__ = ["BaseText", "Instrument", "Page", "Questionnaire", "Track"]


@dataclass(frozen=True, slots=True)
class BaseText:
    """One text of a reading study; each is read and sent on its own."""

    id: str
    title: str
    minutes: int = 0
    version: str = ""


@dataclass(frozen=True)
class Instrument:
    """All pages of one questionnaire version in one language.

    ``digest`` stands for the texts of all languages of the version, so that its instruments
    have one hash; it is empty for an instrument that was not read from a file.
    """

    version: str
    language: str
    pages: tuple[Page, ...]
    digest: str = ""
    texts: tuple[BaseText, ...] = ()
    blocks: tuple[BlockGroup, ...] = ()

    @property
    def items(self) -> Iterator[Item]:
        """All items in the order of the pages."""
        return (item for page in self.pages for item in page.items)

    def item(self, id: str) -> Item:
        """The item with this id; raises ``KeyError``."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> Mapping[str, Item]:
        return {item.id: item for item in self.items}

    def of_text(self, text: str) -> tuple[Page, ...]:
        """The pages of one text and those without a text, in order; all pages without texts."""
        return tuple(page for page in self.pages if page.text in ("", text))

    @cached_property
    def shuffles(self) -> tuple[Shuffle, ...]:
        """Everything that is shown in a drawn order: lists, items of pages, blocks of pages."""
        lists = (Shuffle(i.id, i.list_length, (i,)) for i in self.items if i.shuffle)
        pages = (
            Shuffle(page_name(page.id), len(moving_items(page.items)), page.items)
            for page in self.pages
            if page.shuffle
        )
        groups = (
            Shuffle(
                group_name(group.name),
                len(group.blocks),
                tuple(i for page in self.pages if page.block in group.blocks for i in page.items),
            )
            for group in self.blocks
        )
        return (*lists, *pages, *groups)

    @cached_property
    def _ways(self) -> Ways:
        return Ways(self.pages, self.blocks)

    def places(self, orders: Mapping[str, int]) -> tuple[int, ...]:
        """The places of all pages in the order in which they are shown."""
        return self._ways.places(orders)

    def way(
        self, answers: Mapping[str, Answer], orders: Mapping[str, int], *, text: str = ""
    ) -> Way:
        """The pages of :meth:`path` by their place, pages and items in the order of showing."""
        return self._ways.way(answers, orders, text)

    def path(self, answers: Mapping[str, Answer], *, text: str = "") -> tuple[Page, ...]:
        """The pages that a respondent with these answers sees, with the items shown there.

        Answers of items that are not shown count for nothing; pages without items are left
        out. In a reading study ``text`` is the text that is being read. All stands in the
        author's order: no rule asks about what a drawn order may show later.
        """
        return self._ways.path(answers, text)

    def shown(self, answers: Mapping[str, Answer], *, text: str = "") -> frozenset[str]:
        """Ids of the items that a respondent with these answers sees."""
        return self.way(answers, {}, text=text).shown

    def pruned(self, answers: Mapping[str, Answer], *, text: str = "") -> dict[str, Answer]:
        """The answers without those of items that are not shown."""
        shown = self.shown(answers, text=text)
        return {id: answer for id, answer in answers.items() if id in shown}

    def spoken(self, answers: Mapping[str, Answer]) -> dict[str, str]:
        """The words of every answer, for texts that mention it; not escaped."""
        return {id: self._by_id[id].spoken(answer, self.language) for id, answer in answers.items()}

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of everything a respondent sees or an answer means, in all languages."""
        if self.digest:
            return self.digest
        # Defaults are left out, so that a later key of the language changes no stored hash.
        pages = [
            [
                *(page.id, page.title, page.intro, page.text, _plain(page.when)),
                [_plain(item) for item in page.items],
                *((page.shuffle, page.block) if page.shuffle or page.block else ()),
            ]
            for page in self.pages
        ]
        texts = [astuple(text) for text in self.texts]
        blocks = [[astuple(group) for group in self.blocks]] if self.blocks else []
        raw = [self.version, self.language, pages, texts, *blocks]
        text = json.dumps(raw, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def codebook(self, study: str) -> Codebook:
        """The codebook of a study that uses this instrument."""
        titles = {text.id: text.title for text in self.texts}
        questions = tuple(
            replace(_without_answers(question), page=page.title, part=titles.get(page.text, ""))
            for page in self.pages
            for item in page.items
            for question in item.questions()
        )
        return Codebook(study, self.hash, self.version, self.language, questions)

    def check_answers(self, answers: Mapping[str, object], *, text: str = "") -> dict[str, Answer]:
        """The answers unchanged if the instrument allows every one; raises ``AnswerError``.

        Judges pages, simulated answers and ballots at the opening alike. In a reading study
        ``text`` is the text that the answers belong to.
        """
        if text not in {known.id for known in self.texts} and (text or self.texts):
            raise AnswerError(f"{text or 'no text'}: unknown text")
        mistakes = [f"{id}: unknown item" for id in answers if id not in self._by_id]
        for id, answer in answers.items():
            if id in self._by_id:
                mistakes += [f"{id}: {mistake}" for mistake in self._by_id[id].mistakes(answer)]
        given: dict[str, Answer] = dict(answers)  # type: ignore[arg-type]
        if not mistakes:
            hidden = set(given) - self.shown(given, text=text)
            mistakes = [f"{id}: the item is not shown" for id in sorted(hidden)]
        if mistakes:
            raise AnswerError("; ".join(mistakes))
        return given

    def encode(self, answers: Mapping[str, Answer], *, text: str = "") -> dict[str, int]:
        """One row of the data set: a value for every variable of the codebook.

        Variables of items that were not shown get :attr:`Missing.NOT_SHOWN`.
        """
        shown = self.shown(answers, text=text)
        row: dict[str, int] = {}
        for item in self.items:
            if item.id in shown:
                row.update(item.encode(answers.get(item.id)))
            else:
                row.update(dict.fromkeys(item.encode(None), int(Missing.NOT_SHOWN)))
        return row

    def free_texts(self, answers: Mapping[str, Answer]) -> dict[str, str]:
        """The free texts in the answers by question id; they are stored apart from the rows."""
        found: dict[str, str] = {}
        for id, answer in answers.items():
            found |= self._by_id[id].texts(answer)
        return found

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> dict[str, Answer]:
        """The answers that :meth:`encode` and :meth:`free_texts` have taken apart."""
        answers = {item.id: item.decode(row, texts) for item in self.items}
        return {id: answer for id, answer in answers.items() if answer is not None}

    @cached_property
    def longest_answers(self) -> dict[str, Answer]:
        """Answers whose JSON is as long as that of any ballot can be; of the longest text only."""
        return max(self.longest_by_text, key=lambda answers: len(json.dumps(answers).encode()))

    @cached_property
    def longest_by_text(self) -> tuple[dict[str, Answer], ...]:
        """The longest answers to all items of one text, for every text and for none."""
        return tuple(
            {i.id: i.longest() for page in self.of_text(text) for i in page.items if i.asks}
            for text in ["", *(text.id for text in self.texts)]
        )


def _plain(model: Model | None) -> object:
    return model.model_dump(mode="json", exclude_defaults=True) if model else None


def _without_answers(question: Question) -> Question:
    """The question with "…" where a page shows an earlier answer."""
    variables = tuple(replace(v, label=without_answers(v.label)) for v in question.variables)
    text, title = without_answers(question.text), without_answers(question.title)
    page = without_answers(question.page)
    return replace(question, text=text, title=title, page=page, variables=variables)


@dataclass(frozen=True)
class Track:
    """The texts of one translation: those of the study by field, those of the instrument."""

    language: Language
    study: Mapping[str, object]
    instrument: Instrument


@dataclass(frozen=True)
class Questionnaire:
    """A study together with its instrument, as one file describes them."""

    study: Study
    instrument: Instrument
    tracks: tuple[Track, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of all languages, the source language first."""
        return (self.instrument.language, *(track.language.tag for track in self.tracks))

    def language(self, tag: str) -> Language:
        """What is known about a language of this questionnaire; raises ``KeyError``."""
        if tag == self.instrument.language:
            return Language(tag)
        return self._track(tag).language

    def in_language(self, tag: str) -> tuple[Study, Instrument]:
        """Study and instrument in a language: other texts, the same ids, codes and values.

        Raises ``KeyError`` for a language that the questionnaire does not have.
        """
        if tag == self.instrument.language:
            return self.study, self.instrument
        track = self._track(tag)
        texts: dict[str, Any] = dict(track.study)
        return replace(self.study, language=tag, **texts), track.instrument

    def _track(self, tag: str) -> Track:
        for track in self.tracks:
            if track.language.tag == tag:
                return track
        raise KeyError(tag)

    @cached_property
    def codebook(self) -> Codebook:
        """The codebook under the study's id, with those of the other languages."""
        tracks = tuple(
            replace(
                track.instrument.codebook(self.study.id),
                language=track.language.tag,
                words=tuple((n, t) for n, t in track.study.items() if isinstance(t, str) and t),
            )
            for track in self.tracks
        )
        return replace(self.instrument.codebook(self.study.id), tracks=tracks)

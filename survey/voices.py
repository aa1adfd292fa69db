"""A study in one of its languages: the words that its screens are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property

from markupsafe import Markup

from survey.instrument import Instrument, Questionnaire
from survey.items.base import Item
from survey.languages import Language
from survey.model import Model
from survey.piping import piped
from survey.rendering import with_answers
from survey.study import Study
from survey.translation import in_language

GROUPS_OF_DIGITS = re.compile(r"(?<=\d) (?=\d)")


@dataclass(frozen=True)
class Voice:
    """Study and instrument in one language, and the languages that a person can switch to.

    ``untranslated`` holds the texts that a sample has not translated yet, ``source`` is their
    language.
    """

    language: Language
    languages: tuple[Language, ...]
    study: Study
    instrument: Instrument
    source: Language
    untranslated: frozenset[str] = frozenset()

    @classmethod
    def of(cls, questionnaire: Questionnaire, tag: str) -> Voice:
        """The voice of a questionnaire in a language; raises ``KeyError`` for an unknown one."""
        languages = tuple(questionnaire.language(known) for known in questionnaire.languages)
        study, instrument = questionnaire.in_language(tag)
        language = questionnaire.language(tag)
        source = questionnaire.study, questionnaire.instrument
        kept = frozenset(_texts(*source)) if language.sample else frozenset()
        return cls(language, languages, study, instrument, languages[0], kept)

    def words(self, text: str) -> str:
        """A text of the study between tags: escaped, with holes, marked if not translated."""
        if isinstance(text, Markup):
            return text
        escaped = with_answers(unbroken(text))
        return in_language(escaped, self.source.html) if text in self.untranslated else escaped

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Ids of the items whose answers some text shows again."""
        return frozenset(id for text in _texts(self.study, self.instrument) for id in piped(text))


def unbroken(text: str) -> str:
    """The text with its telephone and other grouped numbers kept on one line.

    >>> unbroken("Telefon 0000 12345")
    'Telefon 0000\\xa012345'
    """
    return GROUPS_OF_DIGITS.sub("\N{NO-BREAK SPACE}", text)


def _texts(study: Study, instrument: Instrument) -> Iterator[str]:
    for field in fields(study):
        value = getattr(study, field.name)
        if isinstance(value, str):
            yield value
    yield from study.welcome.values()
    for phase in study.phases:
        yield from (phase.title, phase.state)
    yield from (text.title for text in instrument.texts)
    for page in instrument.pages:
        yield from (page.title, page.intro)
        for item in page.items:
            yield from _words(item)


def _words(part: Item | Model) -> Iterator[str]:
    """The texts of an item and of everything in it."""
    for name in type(part).model_fields:
        value = getattr(part, name)
        if name in part.words and isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for inner in value:
                if isinstance(inner, Model):
                    yield from _words(inner)

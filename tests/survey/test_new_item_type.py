"""A new item type costs one new class and one line of the registry, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms import Field as FormField

from survey import document, items
from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.forms import read_page
from survey.items.base import Answer, Item
from survey.questionnaire import Bundle, check_bundle, read_bundle

# -- what would be the new file -----------------------------------------------------------


class Consent(Item):
    """One box to tick."""

    template: ClassVar[str] = "consent.html"
    type: Literal["consent"]

    def fields(self) -> Mapping[str, FormField]:
        return {self.id: BooleanField(self.text)}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        return "yes" if data.get(self.id) else None

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        return {self.id: ["y"]}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        return () if answer == "yes" else ("Hier ist nur ein Haken möglich.",)

    def questions(self) -> tuple[Question, ...]:
        variable = Variable(self.id, self.text, Scale.NOMINAL, (Code(1, "yes", "ja"),))
        return (Question(self.id, self.text, Scale.NOMINAL, self.role, (variable,)),)

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        return {self.id: int(Missing.SKIPPED) if answer is None else 1}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        return "yes" if row[self.id] == 1 else None

    def spoken(self, answer: Answer, language: str = "de") -> str:
        return "ja"

    def longest(self) -> Answer:
        return "yes"


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be the one line of the registry."""
    types = MappingProxyType({**items.ITEM_TYPES, "consent": Consent})
    for module in (items, document):
        monkeypatch.setattr(module, "ITEM_TYPES", types)


MAIN = """\
schema: 1
study:
  id: small
  title: Kleine Umfrage
  regime: open_participation
  access: open
  population: Alle
  closes: 2099-05-21T18:00:00+02:00
pages:
  - id: one
    title: Eins
    items:
      - {id: agreed, type: consent, text: Einverstanden?}
  - id: two
    title: Zwei
    when: {answer: agreed, is: yes}
    items:
      - {id: words, type: text, text: "Sie sagten {{agreed}}. Warum?"}
"""


def test_a_new_type_is_checked_shown_routed_and_counted() -> None:
    assert [p for p in check_bundle(Bundle(MAIN)) if p.severity == "error"] == []
    instrument = read_bundle(Bundle(MAIN)).instrument
    reading = read_page(instrument.pages[0], MultiDict({"agreed": "y"}), "de")
    assert reading.answers == {"agreed": "yes"}
    assert instrument.shown(reading.answers) == {"agreed", "words"}
    assert instrument.shown({}) == {"agreed"}
    row = instrument.encode(reading.answers)
    assert row == {"agreed": 1}
    assert instrument.decode(row, {}) == {"agreed": "yes"}
    assert instrument.encode({}) == {"agreed": Missing.SKIPPED}


def test_a_mistake_in_a_new_type_has_its_place() -> None:
    (problem,) = check_bundle(Bundle(MAIN.replace("text: Einverstanden?", "txt: Einverstanden?")))
    assert (problem.line, problem.code) == (13, "unknown_key")
    assert "Meinten Sie „text“?" in problem.message

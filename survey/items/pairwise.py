"""Entries in pairs: the better one of every pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Code, Scale, Variable
from survey.designs import pairs
from survey.items.base import Answer, Option, code_list
from survey.items.chosen import Chosen
from survey.items.compared import Compared
from survey.items.listed import labels
from survey.items.single import UNKNOWN

EQUAL = "equal"
"""The code of the answer that finds both equal; no entry can have it."""


class Pairwise(Compared):
    """One of two for every pair of entries, or for a part in which each stands equally often.

    A pair may be left out.
    """

    template: ClassVar[str] = "pairwise.html"
    type: Literal["pairwise"]
    words: ClassVar[tuple[str, ...]] = (*Compared.words, "equal")
    example: ClassVar[str] = """\
- id: duel
  type: pairwise
  text: Was ist Ihnen jeweils wichtiger?
  equal: gleich wichtig
  options:
    - {code: swift, label: zügig}
    - {code: clear, label: verständlich}
    - {code: near, label: in der Nähe}
"""
    equal: str = Field(
        default="",
        description="An answer that finds both equal; without it one has to be chosen.",
        examples=["gleich wichtig"],
    )
    each: int = Field(
        default=0,
        ge=0,
        description="How often every entry is compared; 0 asks all pairs.",
        examples=[2],
    )

    @cached_property
    def pairs(self) -> Mapping[str, tuple[Option, ...]]:
        """The two entries of every pair, by its short name; empty if there is no design."""
        found = pairs(len(self.choices), self.each)
        return {
            f"p{number}": tuple(self.choices[place] for place in places)
            for number, places in enumerate(found, start=1)
        }

    @cached_property
    def judgements(self) -> tuple[str, ...]:
        """The short names of the pairs."""
        return tuple(self.pairs)

    @cached_property
    def offered(self) -> Mapping[str, tuple[Option, ...]]:
        """What can be chosen for every pair."""
        both = (Option(code=EQUAL, label=self.equal),) if self.equal else ()
        return {name: (*options, *both) for name, options in self.pairs.items()}

    def in_pair(self, name: str, shown: Sequence[Option]) -> tuple[Option, ...]:
        """The answers to a pair in the order in which the whole list is shown."""
        ordered = tuple(option for option in shown if option in self.pairs[name])
        return (*ordered, *self.offered[name][len(ordered) :])

    @cached_property
    def values(self) -> Mapping[str, int]:
        """What the data set stores, by code name; 0 or the next free number for "equal"."""
        stored = {code.name: code.value for code in code_list(self.options)}
        if self.equal:
            stored[EQUAL] = 0 if 0 not in stored.values() else max(stored.values()) + 1
        return stored

    def fields(self) -> Mapping[str, FormField]:
        """One radio field per pair, and one under the item's name for a reason."""
        fields: dict[str, FormField] = {
            f"{self.id}.{name}": Chosen(name[1:], [Optional()], choices=labels(options))
            for name, options in self.offered.items()
        }
        return {**fields, **self._reason_fields()}

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """A reason beside choices."""
        return self._reason_beside(data)

    def _judged(self, given: Mapping[str, object]) -> tuple[str, ...]:
        right = all(
            code in {option.code for option in self.offered[name]}
            if isinstance(code, str)
            else False
            for name, code in given.items()
        )
        return () if right else (UNKNOWN,)

    def _variables(self) -> tuple[Variable, ...]:
        found = []
        for name, options in self.pairs.items():
            listed = {option.code for option in options}
            codes = [code for code in self.codes if code.name in listed]
            if self.equal:
                codes.append(Code(self.values[EQUAL], EQUAL, self.equal))
            label = " – ".join(option.label for option in options)
            codes += self.reason_codes
            found.append(Variable(self.columns[name], label, Scale.NOMINAL, tuple(codes), name))
        return tuple(found)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """What was chosen of every pair, or the label of a reason."""
        if not isinstance(answer, dict):
            return super().spoken(answer, language)
        said = labels([option for options in self.offered.values() for option in options])
        return ", ".join(f"{name[1:]}: {said[code]}" for name, code in answer.items())

    def longest(self) -> Answer:
        """The longest code of every pair."""
        return {n: max((o.code for o in options), key=len) for n, options in self.offered.items()}

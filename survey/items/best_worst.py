"""Best and worst of several small sets: every entry is judged against every other equally often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Scale, Variable
from survey.designs import balance, design
from survey.items.base import Answer, CodeName, Option
from survey.items.chosen import Chosen
from survey.items.compared import Compared
from survey.items.listed import known, labels
from survey.items.mistake import Mistake
from survey.items.single import UNKNOWN

BEST, WORST = "best", "worst"


class BestWorst(Compared):
    """The best and the worst entry of every set; only balanced designs are possible.

    In a balanced design every entry stands in equally many sets, and every pair of entries
    together in equally many. A set may be left out. For a list of more than a few entries a
    ranking with `depth` asks for much less work.
    """

    template: ClassVar[str] = "best_worst.html"
    type: Literal["best_worst"]
    words: ClassVar[tuple[str, ...]] = (*Compared.words, "best", "worst")
    example: ClassVar[str] = """\
- id: weigh
  type: best_worst
  text: Was ist Ihnen in jeder Gruppe am wichtigsten, was am unwichtigsten?
  best: am wichtigsten
  worst: am unwichtigsten
  options:
    - {code: swift, label: zügig}
    - {code: clear, label: verständlich}
    - {code: near, label: in der Nähe}
    - {code: polite, label: freundlich}
"""
    best: str = Field(
        min_length=1,
        description="What the first choice of every set means.",
        examples=["am wichtigsten"],
    )
    worst: str = Field(
        min_length=1,
        description="What the second choice of every set means.",
        examples=["am unwichtigsten"],
    )
    per_set: int = Field(
        default=0,
        ge=0,
        description="Entries per set; 0 takes the balanced design with the least work.",
        examples=[3],
    )
    sets: tuple[tuple[CodeName, ...], ...] = Field(
        default=(),
        description="A balanced design of one's own: the codes of every set.",
        examples=[[["a", "b", "c"], ["b", "c", "d"], ["c", "d", "a"], ["d", "a", "b"]]],
    )

    @cached_property
    def design(self) -> tuple[tuple[int, ...], ...]:
        """The sets as places of entries; () if there is no balanced design."""
        count = len(self.choices)
        if not self.sets:
            return design(count, self.per_set)
        places = {option.code: place for place, option in enumerate(self.choices)}
        if any(code not in places for codes in self.sets for code in codes):
            return ()
        own = tuple(tuple(places[code] for code in codes) for codes in self.sets)
        found = balance(own, count)
        return own if found and found.size > 2 else ()

    @cached_property
    def groups(self) -> Mapping[str, tuple[Option, ...]]:
        """The entries of every set, by its short name."""
        return {
            f"s{number}": tuple(self.choices[place] for place in places)
            for number, places in enumerate(self.design, start=1)
        }

    @cached_property
    def judgements(self) -> tuple[str, ...]:
        """Best and worst of every set."""
        return tuple(f"{name}.{part}" for name in self.groups for part in (BEST, WORST))

    def in_group(self, name: str, shown: Sequence[Option]) -> tuple[Option, ...]:
        """The entries of a set in the order in which the whole list is shown."""
        return tuple(option for option in shown if option in self.groups[name])

    def _caption(self, key: str) -> str:
        name, _, part = key.partition(".")
        return f"{name[1:]}: {self.best if part == BEST else self.worst}"

    def fields(self) -> Mapping[str, FormField]:
        """Two radio fields per set, and one under the item's name for a reason."""
        fields: dict[str, FormField] = {
            f"{self.id}.{key}": Chosen(
                self._caption(key), [Optional()], choices=labels(self.groups[key.split(".")[0]])
            )
            for key in self.judgements
        }
        return {**fields, **self._reason_fields()}

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """An entry that is both, at the second choice; a reason beside choices at the item."""
        sent = self._sent(data)
        found: dict[str, str] = {}
        for name in self.groups:
            twice = self._twice(name, sent)
            if twice:
                found[f"{self.id}.{name}.{WORST}"] = twice
        return found or self._reason_beside(data)

    def _twice(self, name: str, given: Mapping[str, object]) -> Mistake | None:
        option = known(self.by_code, given.get(f"{name}.{BEST}"))
        if option is None or option.code != given.get(f"{name}.{WORST}"):
            return None
        return Mistake(
            "„%(name)s“ kann nicht zugleich „%(best)s“ und „%(worst)s“ sein. "
            "Bitte wählen Sie zwei verschiedene.",
            name=option.label,
            best=self.best,
            worst=self.worst,
        )

    def _judged(self, given: Mapping[str, object]) -> tuple[str, ...]:
        for key, code in given.items():
            option = known(self.by_code, code)
            if option is None or option not in self.groups[key.split(".")[0]]:
                return (UNKNOWN,)
        return tuple(filter(None, (self._twice(name, given) for name in self.groups)))

    def _variables(self) -> tuple[Variable, ...]:
        found = []
        for key, name in self.columns.items():
            codes = {option.code for option in self.groups[key.split(".")[0]]}
            listed = tuple(code for code in self.codes if code.name in codes)
            variable = Variable(
                name, self._caption(key), Scale.NOMINAL, (*listed, *self.reason_codes), key
            )
            found.append(variable)
        return tuple(found)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """Best and worst of every set, or the label of a reason."""
        if not isinstance(answer, dict):
            return super().spoken(answer, language)
        said = (f"{self._caption(k)} {self.by_code[code].label}" for k, code in answer.items())
        return ", ".join(said)

    def longest(self) -> Answer:
        """The two longest codes of every set."""
        given: dict[str, str] = {}
        for name, options in self.groups.items():
            first, second = sorted((o.code for o in options), key=len, reverse=True)[:2]
            given |= {f"{name}.{BEST}": first, f"{name}.{WORST}": second}
        return given

"""Routing as data: which items a respondent sees, from earlier answers alone.

A rule is a tree. Its leaves ask one question about one earlier answer, its branches are
``all``, ``any`` and ``not``::

    when: {answer: contact, is: yes}
    when: {all: [{answer: services, any_of: [letters, counter]}, {not: {answer: age, in: [u30]}}]}

An item that was left empty or was not shown makes every leaf false except ``answered: false``;
a reason such as "don't know" counts as answered, but has no size. There is no expression
language, and nothing is evaluated as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Annotated, Protocol

from pydantic import (
    BeforeValidator,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from survey.model import Answer, CodeName, Model, Name

SIZES = ("less", "at_most", "more", "at_least")
"""Operators that compare a size."""

COUNTS = ("count_at_least", "count_at_most")
"""Operators that count what was chosen."""

CODES = ("is_", "is_not", "in_", "any_of", "all_of")
"""Operators that compare code names."""

OPERATORS = (*CODES, "answered", *SIZES, *COUNTS)

FIRST_DAY = date(1900, 1, 1)
"""Days are counted from here, in rules and in the data set."""


def day_number(text: str) -> int | None:
    """Days from 1 January 1900 to an ISO date; None for any other text.

    >>> day_number("1900-02-01"), day_number("2027-02-29"), day_number("12")
    (31, None, None)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return (date.fromisoformat(text) - FIRST_DAY).days
    except ValueError:
        return None


def _limit(value: object) -> object:
    days = day_number(value) if isinstance(value, str) else None
    return value if days is None else days


Limit = Annotated[
    float,
    BeforeValidator(_limit),
    Field(allow_inf_nan=False),
    WithJsonSchema({"type": ["number", "string"]}),
]
"""A number, or a date as its day number."""

Row = Annotated[str, StringConstraints(pattern=r"^([A-Za-z][A-Za-z0-9_]*\.)?[A-Za-z0-9_]{1,32}$")]
"""A row of a grid; with several headings, ``facet.row``."""


class Rule(Model):
    """One node of a routing tree: a leaf about ``answer``, or a branch."""

    answer: Name | None = Field(
        default=None,
        description="Item of an earlier page that the rule asks about.",
        examples=["contact"],
    )
    row: Row | None = Field(
        default=None, description="Row of a grid, `row` or `facet.row`.", examples=["swift"]
    )
    is_: CodeName | None = Field(
        default=None, alias="is", description="This code was chosen.", examples=["yes"]
    )
    is_not: CodeName | None = Field(
        default=None, description="Something else than this code was chosen.", examples=["no"]
    )
    in_: tuple[CodeName, ...] | None = Field(
        default=None,
        alias="in",
        description="One of these codes was chosen.",
        examples=[["parks", "roads"]],
    )
    any_of: tuple[CodeName, ...] | None = Field(
        default=None,
        description="At least one of these codes is among those chosen.",
        examples=[["phone", "online"]],
    )
    all_of: tuple[CodeName, ...] | None = Field(
        default=None,
        description="All of these codes are among those chosen.",
        examples=[["phone", "online"]],
    )
    answered: bool | None = Field(
        default=None, description="Whether there is any answer.", examples=[True]
    )
    less: Limit | None = Field(default=None, description="Smaller than.", examples=[3])
    at_most: Limit | None = Field(default=None, description="Not larger than.", examples=[3])
    more: Limit | None = Field(default=None, description="Larger than.", examples=[0])
    at_least: Limit | None = Field(default=None, description="Not smaller than.", examples=[18])
    count_at_least: int | None = Field(
        default=None, ge=0, description="At least so many were chosen.", examples=[2]
    )
    count_at_most: int | None = Field(
        default=None, ge=0, description="At most so many were chosen.", examples=[3]
    )
    all_: tuple[Rule, ...] | None = Field(
        default=None,
        alias="all",
        min_length=1,
        description="All of these rules hold.",
        examples=[[{"answer": "contact", "is": "yes"}, {"answer": "age", "at_least": 18}]],
    )
    any_: tuple[Rule, ...] | None = Field(
        default=None,
        alias="any",
        min_length=1,
        description="At least one of these rules holds.",
        examples=[[{"answer": "contact", "is": "yes"}, {"answer": "age", "less": 18}]],
    )
    not_: Rule | None = Field(
        default=None,
        alias="not",
        description="This rule does not hold.",
        examples=[{"answer": "contact", "is": "no"}],
    )

    @model_validator(mode="after")
    def _one_question(self) -> Rule:
        branches = [part for part in (self.all_, self.any_, self.not_) if part is not None]
        if self.answer is not None and (branches or len(self.operators) != 1):
            raise PydanticCustomError("rule_leaf", "a leaf has one operator")
        if self.answer is None and (self.operators or self.row or len(branches) != 1):
            raise PydanticCustomError("rule_branch", "a branch is all, any or not")
        return self

    @property
    def asked(self) -> frozenset[str]:
        """Ids of the items that the rule asks about."""
        return frozenset(leaf.answer for _, leaf in self.leaves if leaf.answer)

    @cached_property
    def operators(self) -> tuple[str, ...]:
        """Names of the fields that compare something; a leaf has exactly one."""
        return tuple(name for name in OPERATORS if getattr(self, name) is not None)

    @property
    def leaves(self) -> Iterator[tuple[tuple[str | int, ...], Rule]]:
        """All questions about answers, each with its path below this node."""
        if self.answer is not None:
            yield (), self
        for path, child in self._children:
            for below, leaf in child.leaves:
                yield (*path, *below), leaf

    @property
    def codes(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """The code names that this leaf compares with, each with its path below the leaf."""
        found: list[tuple[tuple[str | int, ...], str]] = []
        for name in CODES:
            value, key = getattr(self, name), name.rstrip("_")
            if isinstance(value, str):
                found.append(((key,), value))
            elif value is not None:
                found += [((key, place), code) for place, code in enumerate(value)]
        return tuple(found)

    @property
    def _children(self) -> Iterator[tuple[tuple[str | int, ...], Rule]]:
        for key, rules in (("all", self.all_), ("any", self.any_)):
            for place, rule in enumerate(rules or ()):
                yield (key, place), rule
        if self.not_ is not None:
            yield ("not",), self.not_


class Asked(Protocol):
    """What a rule needs to know about an item: what was picked, and how large it is."""

    def picked(self, answer: Answer, row: str = "") -> tuple[str, ...]:
        """The code names, or what was typed, that an answer consists of."""

    def size(self, picked: str) -> float | None:
        """The number that a code or a typed answer stands for."""


def holds(rule: Rule, answers: Mapping[str, Answer], items: Mapping[str, Asked]) -> bool:
    """Whether a rule is true for the answers given so far; ``items`` are those it asks about."""
    if rule.all_ is not None:
        return all(holds(child, answers, items) for child in rule.all_)
    if rule.any_ is not None:
        return any(holds(child, answers, items) for child in rule.any_)
    if rule.not_ is not None:
        return not holds(rule.not_, answers, items)
    assert rule.answer is not None
    item, answer = items[rule.answer], answers.get(rule.answer)
    picked = () if answer is None else item.picked(answer, rule.row or "")
    if rule.answered is not None:
        return bool(picked) is rule.answered
    if not picked:
        return False
    if rule.operators[0] in SIZES:
        return any(size is not None and _fits(rule, size) for size in map(item.size, picked))
    return _chosen(rule, picked)


def _chosen(rule: Rule, picked: Sequence[str]) -> bool:
    if rule.is_ is not None:
        return rule.is_ in picked
    if rule.is_not is not None:
        return rule.is_not not in picked
    if rule.all_of is not None:
        return set(rule.all_of) <= set(picked)
    if rule.count_at_least is not None:
        return len(picked) >= rule.count_at_least
    if rule.count_at_most is not None:
        return len(picked) <= rule.count_at_most
    return bool(set(rule.in_ or rule.any_of or ()) & set(picked))


def _fits(rule: Rule, size: float) -> bool:
    if rule.less is not None:
        return size < rule.less
    if rule.at_most is not None:
        return size <= rule.at_most
    if rule.more is not None:
        return size > rule.more
    return rule.at_least is not None and size >= rule.at_least

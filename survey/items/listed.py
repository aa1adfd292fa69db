"""What items with a list of options share: named lists, reasons, the end of a shuffled list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import Field

from survey.items.base import Answer, Item, Option, code_list
from survey.items.coded import Coded


class Listed(Coded):
    """An item whose options come from a named list or stand in the item itself.

    ``more`` adds options behind those of the list. :meth:`resolved` leaves all of them in
    ``options``.
    """

    list_name: str = Field(
        default="", alias="list", description="Name of a list under `lists`.", examples=["topics"]
    )
    options: tuple[Option, ...] = Field(
        default=(),
        description="The options, if no list is named.",
        examples=[[{"code": "yes", "label": "ja"}, {"code": "no", "label": "nein"}]],
    )
    more: tuple[Option, ...] = Field(
        default=(),
        description="Options behind those of the list.",
        examples=[[{"code": "none", "label": "keines davon", "last": True}]],
    )

    def resolved(self, lists: Mapping[str, Sequence[Option]]) -> Item:
        """The item with every option in ``options``."""
        options = (*lists.get(self.list_name, ()), *self.options, *self.more)
        return self.replaced(list_name="", options=options, more=())

    @cached_property
    def choices(self) -> tuple[Option, ...]:
        """The options that are answers."""
        return tuple(option for option in self.options if not option.missing)

    @cached_property
    def reasons(self) -> tuple[Option, ...]:
        """The options that say why there is no answer."""
        return tuple(option for option in self.options if option.missing)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of the variables of an item that has one per answer, by code."""
        return {option.code: f"{self.id}_{option.code}" for option in self.choices}

    @property
    def list_length(self) -> int:
        """Number of options that a shuffled list reorders."""
        return movable(self.options)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The labels of what was chosen."""
        found = (known(self.by_code, code) for code in self.picked(answer))
        return ", ".join(option.label for option in found if option)

    def size(self, picked: str) -> float | None:
        """The score of a step, or its value where there are no scores."""
        return step_sizes(self.options).get(picked)


def step_sizes(options: Sequence[Option]) -> dict[str, float]:
    """The size of every step of a scale: scores if all have one, values otherwise."""
    steps = [code for code in code_list(options) if code.value >= 0]
    scores = {code.name: code.score for code in steps if code.score is not None}
    return scores if len(scores) == len(steps) else {code.name: code.value for code in steps}


def movable(options: Sequence[Option]) -> int:
    """Number of options that a shuffled list reorders."""
    return sum(not option.stays_last for option in options)


def in_order(options: Sequence[Option], order: Sequence[int]) -> tuple[Option, ...]:
    """The options in a shown order (see :mod:`survey.orders`); those that stay last, last.

    >>> a, b, none = (Option(code=c, label=c, last=c == "none") for c in ("a", "b", "none"))
    >>> [option.code for option in in_order((none, a, b), (1, 0))]
    ['b', 'a', 'none']
    """
    moving = [option for option in options if not option.stays_last]
    fixed = [option for option in options if option.stays_last]
    return (*(moving[place] for place in order), *fixed)


def known(options: Mapping[str, Option], code: object) -> Option | None:
    """The option with this code; None for everything that is no code of the list."""
    return options.get(code) if isinstance(code, str) else None


def labels(options: Sequence[Option]) -> dict[str, str]:
    """Labels by code, as WTForms takes the choices of a field."""
    return {option.code: option.label for option in options}


def text_in(data: Mapping[str, Any], name: str) -> str:
    """A form value as text; empty if the field was not sent or left empty."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def longest_code(options: Sequence[Option]) -> str:
    """The code with the most characters; codes are ASCII, so also with the most bytes."""
    return max((option.code for option in options), key=len, default="")

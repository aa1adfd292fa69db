"""What items share whose answers, or reasons for none, are codes of a list."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from survey.codebook import Code
from survey.items.base import Item, Option, code_list


class Coded(Item):
    """An item with options: answers, reasons for having none, or both."""

    options: tuple[Option, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Option]:
        """The options by their codes."""
        return {option.code: option for option in self.options}

    @cached_property
    def codes(self) -> tuple[Code, ...]:
        """The code list of all options."""
        return code_list(self.options)

    @cached_property
    def values(self) -> Mapping[str, int]:
        """What the data set stores, by code name."""
        return {code.name: code.value for code in self.codes}

"""A judgement on one scale whose steps are all labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from survey.codebook import Scale
from survey.items.base import Item, Option
from survey.items.single import Single


class Rating(Single):
    """One step of an ordered scale; the scale is a named one or stands in ``options``."""

    template: ClassVar[str] = "rating.html"
    type: Literal["rating"]  # type: ignore[assignment]
    example: ClassVar[str] = """\
- id: informed
  type: rating
  text: Wie gut sind Sie informiert?
  scale: success
"""
    scale: str = Field(
        default="", description="Name of a scale under `scales`.", examples=["success"]
    )

    def resolved(self, lists: Mapping[str, Sequence[Option]]) -> Item:
        """The item with the steps of its scale in ``options``."""
        steps = (*lists.get(self.scale, ()), *self.options, *self.more)
        return self.replaced(scale="", options=steps, more=())

    def _scale(self) -> Scale:
        return Scale.ORDINAL

"""The same scale for several rows, under one heading or under several (facets)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import RadioField
from wtforms.validators import Optional

from survey.codebook import Missing, Question, Scale, Variable
from survey.items.base import Answer, Item, Model, Name, Option, code_list
from survey.items.listed import labels, longest_code, movable, text_in
from survey.items.single import UNKNOWN


class Facet(Model):
    """One heading under which every row is judged, on its own scale."""

    id: Name | Literal[""]
    text: str = Field(min_length=1)
    title: str = ""
    scale: str = ""
    options: tuple[Option, ...] = ()


class Grid(Item):
    """Rows from a named list (or ``rows``), judged on one scale or on one scale per facet."""

    template: ClassVar[str] = "grid.html"
    type: Literal["grid"]
    list_name: str = Field(default="", alias="list")
    rows: tuple[Option, ...] = ()
    scale: str = ""
    options: tuple[Option, ...] = ()
    facets: tuple[Facet, ...] = ()

    def resolved(self, lists: Mapping[str, Sequence[Option]]) -> Item:
        """The item with its rows in ``rows`` and the steps of its scales in ``options``."""
        facets = tuple(
            facet.model_copy(
                update={"options": (*lists.get(facet.scale, ()), *facet.options), "scale": ""}
            )
            for facet in self.facets
        )
        return self.replaced(
            rows=(*lists.get(self.list_name, ()), *self.rows),
            options=(*lists.get(self.scale, ()), *self.options),
            facets=facets,
            list_name="",
            scale="",
        )

    @property
    def parts(self) -> tuple[Facet, ...]:
        """The facets; a grid without any is one nameless facet."""
        whole = Facet(id="", text=self.text, title=self.title, options=self.options)
        return self.facets or (whole,)

    @cached_property
    def values(self) -> Mapping[str, tuple[str, Mapping[str, int]]]:
        """Variable name and value by code name, for every cell."""
        steps = {p.id: {c.name: c.value for c in code_list(p.options)} for p in self.parts}
        return {
            key: ("_".join(filter(None, (self.id, part.id, row.code))), steps[part.id])
            for key, (part, row) in self.cells.items()
        }

    @cached_property
    def cells(self) -> Mapping[str, tuple[Facet, Option]]:
        """Facet and row by the key of a plain answer: ``row`` or ``facet.row``."""
        return {
            f"{part.id}.{row.code}" if part.id else row.code: (part, row)
            for part in self.parts
            for row in self.rows
        }

    @property
    def list_length(self) -> int:
        """Number of rows that a shuffled grid reorders."""
        return movable(self.rows)

    def fields(self) -> Mapping[str, FormField]:
        """One radio field per cell, ``item.row`` or ``item.facet.row``."""
        return {
            f"{self.id}.{key}": RadioField(row.label, [Optional()], choices=labels(part.options))
            for key, (part, row) in self.cells.items()
        }

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The chosen codes by cell; cells left empty are absent."""
        sent = {key: text_in(data, f"{self.id}.{key}") for key in self.cells}
        return {key: code for key, code in sent.items() if code} or None

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The chosen code of every answered cell."""
        cells = answer if isinstance(answer, dict) else {}
        return {f"{self.id}.{key}": [code] for key, code in cells.items()}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """One sentence if a row or a step is none of this grid."""
        if not isinstance(answer, dict) or not answer:
            return (UNKNOWN,)
        right = all(
            key in self.values and isinstance(code, str) and code in self.values[key][1]
            for key, code in answer.items()
        )
        return () if right else (UNKNOWN,)

    def questions(self) -> tuple[Question, ...]:
        """One question per facet, with a variable per row."""
        return tuple(self._question(part) for part in self.parts)

    def _question(self, part: Facet) -> Question:
        id = f"{self.id}_{part.id}" if part.id else self.id
        codes = code_list(part.options)
        variables = tuple(
            Variable(f"{id}_{row.code}", row.label, Scale.ORDINAL, codes, row.code)
            for row in self.rows
        )
        return Question(
            id,
            part.text,
            Scale.ORDINAL,
            self.role,
            variables,
            title=part.title or self.title,
            sensitive=self.sensitive,
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The value of every cell."""
        given = answer if isinstance(answer, dict) else {}
        skipped = int(Missing.SKIPPED)
        return {
            name: steps[given[key]] if key in given else skipped
            for key, (name, steps) in self.values.items()
        }

    def longest(self) -> Answer:
        """Every cell with its longest code."""
        return {key: longest_code(part.options) for key, (part, _) in self.cells.items()}

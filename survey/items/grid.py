"""The same scale for several rows, under one heading or under several (facets)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Missing, Question, Scale, Variable
from survey.items.base import Answer, CodeName, Item, Model, Name, Option, code_list
from survey.items.chosen import Chosen
from survey.items.listed import labels, longest_code, movable, step_sizes, text_in
from survey.items.single import UNKNOWN


class Facet(Model):
    """One heading under which every row is judged, on its own scale."""

    words: ClassVar[tuple[str, ...]] = ("title", "text")

    id: Name | Literal[""] = Field(
        description="Short name; part of the variables' names.", examples=["today"]
    )
    text: str = Field(
        min_length=1, description="The question for every row.", examples=["Wie gut ist es heute?"]
    )
    title: str = Field(
        default="", description="A few words for headings and charts.", examples=["Heute"]
    )
    scale: str = Field(
        default="", description="Name of a scale under `scales`.", examples=["quality"]
    )
    options: tuple[Option, ...] = Field(
        default=(),
        description="The steps, if no scale is named.",
        examples=[[{"code": 1, "label": "nie"}, {"code": 2, "label": "immer"}]],
    )


class Grid(Item):
    """Rows from a named list (or ``rows``), judged on one scale or on one scale per facet."""

    template: ClassVar[str] = "grid.html"
    type: Literal["grid"]
    example: ClassVar[str] = """\
- id: quality
  type: grid
  text: Wie gut gelingt uns das heute?
  scale: success
  rows:
    - {code: swift, label: zügig}
    - {code: clear, label: verständlich}
"""
    list_name: str = Field(
        default="", alias="list", description="Name of a list under `lists`.", examples=["topics"]
    )
    rows: tuple[Option, ...] = Field(
        default=(),
        description="The rows, if no list is named.",
        examples=[[{"code": "swift", "label": "zügig"}]],
    )
    scale: str = Field(
        default="", description="Name of a scale under `scales`.", examples=["success"]
    )
    options: tuple[Option, ...] = Field(
        default=(),
        description="The steps, if no scale is named.",
        examples=[[{"code": 1, "label": "nie"}, {"code": 2, "label": "immer"}]],
    )
    reversed: tuple[CodeName, ...] = Field(
        default=(),
        description="Rows whose statement runs the other way; they are turned where the list is "
        "read as one scale, and nowhere else.",
        examples=[["slow"]],
    )
    facets: tuple[Facet, ...] = Field(
        default=(),
        description="Several questions for every row, instead of one scale.",
        examples=[[{"id": "today", "text": "Wie gut ist es heute?", "scale": "success"}]],
    )

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
            f"{self.id}.{key}": Chosen(row.label, [Optional()], choices=labels(part.options))
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
            Variable(
                f"{id}_{row.code}",
                row.label,
                Scale.ORDINAL,
                codes,
                row.code,
                reversed=row.code in self.reversed,
            )
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

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The step of every answered cell."""
        given = {key: self._names[key].get(row[name]) for key, (name, _) in self.values.items()}
        return {key: code for key, code in given.items() if code} or None

    @cached_property
    def _names(self) -> Mapping[str, Mapping[int, str]]:
        return {
            key: {value: code for code, value in steps.items()}
            for key, (_, steps) in self.values.items()
        }

    def size(self, picked: str) -> float | None:
        """The score of a step, or its value where there are no scores."""
        sizes = (step_sizes(part.options).get(picked) for part in self.parts)
        return next((size for size in sizes if size is not None), None)

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """Every answered row with its step."""
        given = answer if isinstance(answer, dict) else {}
        said = []
        for key, (part, row) in self.cells.items():
            if key in given:
                step = next(o.label for o in part.options if o.code == given[key])
                said.append(f"{row.label}: {step}")
        return "; ".join(said)

    def longest(self) -> Answer:
        """Every cell with its longest code."""
        return {key: longest_code(part.options) for key, (part, _) in self.cells.items()}

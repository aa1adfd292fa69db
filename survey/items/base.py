"""What every item type provides.

An item is a frozen value read from the questionnaire. It knows its form fields, its
answer as plain data, and its questions in the codebook; it knows nothing of HTML, of the
database or of statistics. A plain answer is what a ballot holds: a code name, a list of
code names, a mapping of row to code name, or a text. An item that was left empty has no
entry among the answers; a reason such as "don't know" is a code name like any other.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from wtforms import Field as FormField

from survey.codebook import Code, Missing, Question, Role

Answer = str | list[str] | dict[str, str]
"""A plain answer; JSON holds it unchanged."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
CodeName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_]{0,31}$")]


class Model(BaseModel):
    """A frozen part of the questionnaire that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Option(Model):
    """One entry of a code list or of an item list as the author writes it.

    ``missing`` marks a reason instead of an answer (``dont_know`` or ``refused``),
    ``exclusive`` an option that goes with no other, ``last`` one that keeps its place at the
    end of a shuffled list (reasons and exclusive options always do), ``parent`` names the
    larger unit that an option belongs to, so that small units can be reported together.
    """

    code: CodeName
    label: str = Field(min_length=1)
    help: str = ""
    value: int | None = Field(default=None, ge=0, le=32000)
    score: float | None = None
    missing: str | None = Field(default=None, pattern="^(dont_know|refused)$")
    exclusive: bool = False
    last: bool = False
    parent: str = ""

    @property
    def stays_last(self) -> bool:
        """Whether a shuffled list keeps this entry at its end."""
        return self.last or self.exclusive or self.missing is not None


class Item(Model):
    """One question block on a page."""

    template: ClassVar[str]
    """File under ``templates/items/`` that draws it."""

    id: Name
    type: str
    text: str = Field(min_length=1)
    title: str = ""
    help: str = ""
    role: Role | None = None
    sensitive: bool = False
    shuffle: bool = False

    def replaced(self, **values: Any) -> Self:
        """The item with other values, without anything computed from the old ones."""
        copy = self.model_copy(update=values)
        for name in set(copy.__dict__) - set(type(copy).model_fields):
            del copy.__dict__[name]
        return copy

    def resolved(self, lists: Mapping[str, Sequence[Option]]) -> Item:
        """The item with names of shared scales and lists replaced by their options."""
        return self

    @property
    def list_length(self) -> int:
        """Number of entries that ``shuffle`` reorders; those that keep the end not counted."""
        return 0

    @abstractmethod
    def fields(self) -> Mapping[str, FormField]:
        """Unbound WTForms fields by HTML name; every name starts with the item's id."""

    @abstractmethod
    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """The plain answer in a validated form's data; None if the item was left empty."""

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """What a filled form gets wrong beyond single fields: HTML name to sentence."""
        return {}

    @abstractmethod
    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The form values that show an answer again: HTML name to submitted strings."""

    @abstractmethod
    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Why a plain answer is not allowed, in the respondent's words; empty if it is.

        The same rule judges a page, a simulated answer and a ballot at the opening.
        """

    @abstractmethod
    def questions(self) -> tuple[Question, ...]:
        """What the item contributes to the codebook."""

    @abstractmethod
    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """Values by variable name; None gives :attr:`Missing.SKIPPED` throughout.

        Free text contributes no value: it is stored apart.
        """

    @abstractmethod
    def longest(self) -> Answer:
        """An allowed answer whose JSON is as long as any can be, for the padding of ballots."""


def code_list(options: Sequence[Option]) -> tuple[Code, ...]:
    """The code list of options: reasons get negative values, answers explicit or 1, 2, 3 …

    >>> [c.value for c in code_list([Option(code="a", label="A"), Option(code="b", label="B"),
    ...                              Option(code="dk", label="?", missing="dont_know")])]
    [1, 2, -2]
    """
    codes, place = [], 0
    for option in options:
        if option.missing:
            value = int(Missing[option.missing.upper()])
        else:
            place += 1
            value = option.value if option.value is not None else _number(option.code, place)
        codes.append(Code(value, option.code, option.label, option.score, option.parent))
    return tuple(codes)


def _number(code: str, place: int) -> int:
    return int(code) if code.isdecimal() else place

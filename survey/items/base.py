"""What every item type provides.

An item is a frozen value read from the questionnaire. It knows its form fields, its
answer as plain data, and its questions in the codebook; it knows nothing of HTML, of the
database or of statistics. A plain answer is what a ballot holds: a code name, a list of
code names, a mapping of row to code name, or a text; numbers and dates are text too ("0" is
an answer). An item that was left empty has no entry among the answers; a reason such as
"don't know" is a code name like any other.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal, Self

from pydantic import Field
from wtforms import Field as FormField
from wtforms import StringField

from survey.codebook import Code, Missing, Question, Role
from survey.items.chosen import Chosen, is_optional
from survey.model import Answer, CodeName, Model, Name
from survey.routing import Rule

__all__ = ["LARGEST_VALUE", "Answer", "CodeName", "Item", "Model", "Name", "Option", "code_list"]

LARGEST_VALUE = 32000
"""What a code may stand for in the data set: columns of codes have 16 bits."""


class Option(Model):
    """One entry of a code list or of an item list as the author writes it.

    ``missing`` marks a reason instead of an answer (``dont_know`` or ``refused``),
    ``exclusive`` an option that goes with no other, ``last`` one that keeps its place at the
    end of a shuffled list (reasons, exclusive options and ``other`` always do), ``other`` one
    that asks for words of one's own, ``parent`` names the larger unit that an option belongs
    to, so that small units can be reported together.
    """

    words: ClassVar[tuple[str, ...]] = ("label", "help")

    code: CodeName = Field(
        description="Stable short name; ballots and data sets hold it.", examples=["service"]
    )
    label: str = Field(
        min_length=1, description="What the respondent reads.", examples=["Service vor Ort"]
    )
    help: str = Field(
        default="", description="A line below the label.", examples=["Termine und Telefon"]
    )
    value: int | None = Field(
        default=None,
        ge=0,
        le=LARGEST_VALUE,
        description="Number in the data set; without it the code if that is a number, else 1, 2 …",
        examples=[7],
    )
    score: float | None = Field(
        default=None, description="What a mean counts for this step.", examples=[2.5]
    )
    missing: str | None = Field(
        default=None,
        pattern="^(dont_know|refused)$",
        description="Makes it a reason instead of an answer: dont_know or refused.",
        examples=["dont_know"],
    )
    exclusive: bool = Field(default=False, description="Whether it goes with no other option.")
    last: bool = Field(default=False, description="Keeps the end of a shuffled list.")
    other: bool = Field(
        default=False, description="Asks for words of one's own; one option of a choice."
    )
    parent: str = Field(
        default="",
        description="The larger unit; small units are reported together with it.",
        examples=["Planen und Bauen"],
    )

    @property
    def stays_last(self) -> bool:
        """Whether a shuffled list keeps this entry at its end."""
        return self.last or self.exclusive or self.other or self.missing is not None


class Item(Model):
    """One question block on a page."""

    template: ClassVar[str]
    """File under ``templates/items/`` that draws it."""
    words: ClassVar[tuple[str, ...]] = ("title", "text", "help")

    example: ClassVar[str] = ""
    """A small item of this type as an author writes it, for the reference."""

    id: Name = Field(
        description="Short name of the item and its variables; never changed once used.",
        examples=["means"],
    )
    type: str = Field(description="The item type.")
    text: str = Field(
        min_length=1, description="The question.", examples=["Wie gut gelingt das heute?"]
    )
    title: str = Field(
        default="", description="A few words for headings and charts.", examples=["Mittel"]
    )
    help: str = Field(
        default="", description="A line below the question.", examples=["Gemeint ist heute."]
    )
    role: Role | None = Field(default=None, description="What the item is for in the analysis.")
    purpose: str = Field(
        default="",
        description="Why a personal attribute is asked; without it there is a note.",
        examples=["Ergebnisse für Dienststellen ab zehn Antworten"],
    )
    sensitive: bool = Field(
        default=False, description="Stricter rules for small groups that answer alike."
    )
    shuffle: bool = Field(
        default=False, description="Shows the entries in one of at most eight balanced orders."
    )
    keep: Literal["first", "last"] | None = Field(
        default=None,
        description="Keeps the beginning or the end of a page with `shuffle`.",
    )
    when: Rule | None = Field(
        default=None,
        description="Shown only if this rule about earlier pages holds.",
        examples=[{"answer": "contact", "is": "yes"}],
    )

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

    @cached_property
    def form_fields(self) -> Mapping[str, FormField]:
        """The fields, made once: WTForms binds them anew for every form."""
        return self.fields()

    @cached_property
    def sendable(self) -> Mapping[str, Collection[str]]:
        """What a page of ours can send, by the HTML name of every field that takes one code.

        A code of the list, or nothing where the field may stay empty.
        """
        fields: Mapping[str, Any] = self.form_fields
        return {
            name: frozenset(("", *field.kwargs["choices"]))
            for name, field in fields.items()
            if field.field_class is Chosen and is_optional(field)
        }

    @cached_property
    def worded(self) -> frozenset[str]:
        """The HTML names of fields for words, which nobody but the item itself judges."""
        fields: Mapping[str, Any] = self.form_fields
        return frozenset(
            name
            for name, field in fields.items()
            if issubclass(field.field_class, StringField) and not (*field.args[1:], *field.kwargs)
        )

    @property
    def is_one_code(self) -> bool:
        """Whether a code that was offered, sent under the item's id, is the answer as it stands."""
        return False

    @cached_property
    def clearable(self) -> frozenset[str]:
        """The HTML names that a person cannot empty by hand: of radio buttons and lists."""
        fields: Mapping[str, Any] = self.form_fields
        return frozenset(
            name for name, field in fields.items() if not issubclass(field.field_class, StringField)
        )

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

    @cached_property
    def own_questions(self) -> tuple[Question, ...]:
        """The questions, made once."""
        return self.questions()

    @abstractmethod
    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """Values by variable name; None gives :attr:`Missing.SKIPPED` throughout.

        Free text contributes no value: it is stored apart.
        """

    @abstractmethod
    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The answer that :meth:`encode` and :meth:`texts` have taken apart; None if there is none.

        ``row`` may hold more variables than those of the item.
        """

    def texts(self, answer: Answer) -> Mapping[str, str]:
        """The free texts in an answer by question id; they are stored apart from the rows."""
        return {}

    @property
    def text_lengths(self) -> Mapping[str, int]:
        """The greatest length of every free text by question id."""
        return {}

    @property
    def asks(self) -> bool:
        """Whether the item can be answered at all."""
        return True

    def picked(self, answer: Answer, row: str = "") -> tuple[str, ...]:
        """What rules see of an answer: code names, or what was typed; those of one row."""
        if isinstance(answer, dict):
            given = [answer[row]] if row in answer else [] if row else list(answer.values())
            return tuple(given)
        return (answer,) if isinstance(answer, str) else tuple(answer)

    def size(self, picked: str) -> float | None:
        """The number that rules compare for a code or a typed answer; None if it has none."""
        return None

    @abstractmethod
    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The answer in the words of the item, for a later text that mentions it."""

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

"""A passage of a text under review: a stance and a comment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms import TextAreaField
from wtforms.validators import Optional

from survey.codebook import Missing, Question, Role, Scale, Variable
from survey.items.base import Answer, Item, Option
from survey.items.chosen import Chosen
from survey.items.listed import Listed, known, labels, longest_code, text_in
from survey.items.single import UNKNOWN
from survey.items.written import WIDEST, clean_text, text_mistakes

STANCE, COMMENT = "stance", "comment"


class Passage(Listed):
    """A passage beside the question what one thinks of it, and a field for a comment.

    An answer is a mapping with ``stance`` (a code), ``comment`` (a text) or both. The stance is
    ordered if it comes from a ``scale`` and otherwise a choice without order, whose first option
    leaves the passage as it is and whose others want it otherwise; a scale runs from low to high.
    """

    template: ClassVar[str] = "passage.html"
    type: Literal["passage"]
    words: ClassVar[tuple[str, ...]] = (*Listed.words, "passage", "comment")
    example: ClassVar[str] = """\
- id: t1_p1
  type: passage
  passage: Die Stadt ist für alle da und sagt verlässlich zu, was sie leisten kann.
  text: Wie stehen Sie zu diesem Abschnitt?
  options:
    - {code: keep, label: so lassen}
    - {code: change, label: ändern}
    - {code: drop, label: streichen}
  comment: Was würden Sie ändern?
"""
    passage: str = Field(
        min_length=1,
        description="The passage, word for word; its hash stands in the codebook.",
        examples=["Die Stadt ist für alle da."],
    )
    scale: str = Field(
        default="", description="Name of a scale under `scales`.", examples=["success"]
    )
    ordered: bool = Field(
        default=False, description="Whether options that stand here are steps of a scale."
    )
    comment: str = Field(
        default="Ihre Anmerkung zu diesem Abschnitt",
        min_length=1,
        description="The question above the comment.",
        examples=["Was würden Sie ändern?"],
    )
    max_length: int = Field(
        default=1000, ge=1, le=10_000, description="Most characters of a comment.", examples=[500]
    )

    @property
    def stance_field(self) -> str:
        """HTML name of the radio buttons."""
        return f"{self.id}.{STANCE}"

    @property
    def comment_field(self) -> str:
        """HTML name of the comment."""
        return f"{self.id}.{COMMENT}"

    @property
    def comment_question(self) -> str:
        """Id of the question under which comments are stored apart."""
        return f"{self.id}_{COMMENT}"

    @cached_property
    def text_hash(self) -> str:
        """SHA-256 (hex) of the passage, so that a comment can never be held against another."""
        return hashlib.sha256(self.passage.encode()).hexdigest()

    def resolved(self, lists: Mapping[str, Sequence[Option]]) -> Item:
        """The item with every stance in ``options``."""
        steps = lists.get(self.scale, ())
        options = (*lists.get(self.list_name, ()), *steps, *self.options, *self.more)
        ordered = self.ordered or bool(self.scale)
        return self.replaced(list_name="", scale="", options=options, more=(), ordered=ordered)

    def fields(self) -> Mapping[str, FormField]:
        """Radio buttons for the stance and a text area for the comment."""
        return {
            self.stance_field: Chosen(self.text, [Optional()], choices=labels(self.options)),
            self.comment_field: TextAreaField(self.comment),
        }

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """Stance and comment; what was left empty is absent."""
        comment = clean_text(text_in(data, self.comment_field))
        given = {STANCE: text_in(data, self.stance_field), COMMENT: comment}
        return {part: text for part, text in given.items() if text} or None

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """A comment that is too long."""
        comment = clean_text(text_in(data, self.comment_field))
        found = text_mistakes(comment, self.max_length)
        return {self.comment_field: found[0]} if found else {}

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """Stance and comment under their names."""
        given = answer if isinstance(answer, dict) else {}
        return {f"{self.id}.{part}": [text] for part, text in given.items()}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """A sentence about an unknown stance or a comment that cannot be stored."""
        if not isinstance(answer, dict) or not answer or not set(answer) <= {STANCE, COMMENT}:
            return (UNKNOWN,)
        if STANCE in answer and not known(self.by_code, answer[STANCE]):
            return (UNKNOWN,)
        if COMMENT not in answer:
            return ()
        comment = answer[COMMENT]
        if not isinstance(comment, str) or not comment:
            return (UNKNOWN,)
        return text_mistakes(comment, self.max_length)

    def questions(self) -> tuple[Question, ...]:
        """The stance with the hash of the passage as its base, and the comment."""
        scale = Scale.ORDINAL if self.ordered else Scale.NOMINAL
        stance = Variable(self.id, self.text, scale, self.codes)
        label = f"{self.title or self.text} – {self.comment}"
        comment = Variable(self.comment_question, label, Scale.TEXT)
        base = f"sha256:{self.text_hash}"
        return (
            Question(
                self.id,
                self.text,
                scale,
                self.role,
                (stance,),
                title=self.title,
                sensitive=self.sensitive,
                base=base,
                task="passage",
                passage=self.passage,
            ),
            Question(
                self.comment_question,
                label,
                Scale.TEXT,
                Role.OPEN_TEXT,
                (comment,),
                title=label,
                sensitive=self.sensitive,
                base=base,
            ),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The value of the stance."""
        stance = answer.get(STANCE) if isinstance(answer, dict) else None
        return {self.id: self.values[stance] if stance else int(Missing.SKIPPED)}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """Stance and comment."""
        stance = next((code for code, value in self.values.items() if value == row[self.id]), "")
        given = {STANCE: stance, COMMENT: texts.get(self.comment_question, "")}
        return {part: text for part, text in given.items() if text} or None

    def texts(self, answer: Answer) -> Mapping[str, str]:
        """The comment."""
        comment = answer.get(COMMENT) if isinstance(answer, dict) else None
        return {self.comment_question: comment} if comment else {}

    @property
    def text_lengths(self) -> Mapping[str, int]:
        """The greatest length of a comment."""
        return {self.comment_question: self.max_length}

    def picked(self, answer: Answer, row: str = "") -> tuple[str, ...]:
        """The stance."""
        stance = answer.get(STANCE) if isinstance(answer, dict) else None
        return (stance,) if stance else ()

    def spoken(self, answer: Answer, language: str = "de") -> str:
        """The label of the stance, or the comment where there is none."""
        texts = answer if isinstance(answer, dict) else {}
        return super().spoken(answer, language) or texts.get(COMMENT, "")

    def longest(self) -> Answer:
        """The longest stance with the longest comment."""
        return {STANCE: longest_code(self.options), COMMENT: WIDEST * self.max_length}

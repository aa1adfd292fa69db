"""The codebook: variables, code lists, scales and roles; the contract with ``reports``.

``survey`` promises a codebook and rows of small integers. ``reports`` knows nothing of
pages, forms or YAML: statistics look at the scale of a variable only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any


class Scale(StrEnum):
    """Level of measurement of a variable."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    CHECK = "check"
    RANK = "rank"
    NUMBER = "number"
    TEXT = "text"


class Missing(IntEnum):
    """Why there is no answer; stored as a negative code, never mixed with an answer."""

    SKIPPED = -1
    DONT_KNOW = -2
    REFUSED = -3
    NOT_SHOWN = -4


class Role(StrEnum):
    """What an item is for in the analysis."""

    DEPARTMENT = "department"
    WORKPLACE = "workplace"
    DISTRICT = "district"
    DEMOGRAPHIC = "demographic"
    RANKING = "ranking"
    ASSESSMENT = "assessment"
    PREFERENCE = "preference"
    OPEN_TEXT = "open_text"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a code list.

    ``value`` is what the data set stores (≥ 0 for an answer, a :class:`Missing` value for a
    reason), ``name`` is the author's stable identifier, ``score`` is set only where numbers
    may be averaged, ``parent`` names the unit above (a directorate), empty for the whole.
    """

    value: int
    name: str
    label: str
    score: float | None = None
    parent: str = ""

    @property
    def missing(self) -> Missing | None:
        """The reason, if this code stands for one."""
        return Missing(self.value) if self.value < 0 else None


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of the data set.

    A single choice has one variable, a grid one per row, a multiple choice and a ranking one
    per element. For ``RANK`` the value is the place (1 = first), 0 = answered but not placed;
    for ``CHECK`` it is 1 or 0. ``element`` names the row or option, empty for single variables.
    For ``NUMBER`` the value counts steps of ``10 ** -decimals`` from ``origin`` on, in ``unit``;
    a date counts days from its ``origin``, an ISO date. So 0 is an answer like any other.
    ``reversed`` marks a row of a list whose statement runs the other way.
    """

    name: str
    label: str
    scale: Scale
    codes: tuple[Code, ...] = ()
    element: str = ""
    unit: str = ""
    decimals: int = 0
    origin: str = ""
    reversed: bool = False

    @property
    def answers(self) -> tuple[Code, ...]:
        """The codes that are answers, in the author's order."""
        return tuple(code for code in self.codes if code.value >= 0)

    @property
    def missing_codes(self) -> tuple[Code, ...]:
        """The codes that are reasons for a missing answer and were offered to the respondent."""
        return tuple(code for code in self.codes if code.value < 0)


@dataclass(frozen=True, slots=True)
class Question:
    """One question as evaluations see it: wording, scale and its variables.

    A grid that asks the same rows under two headings gives two questions. ``depth`` is k for
    "rank your top k" (0 otherwise).
    ``task`` names a way of asking that the scale alone does not tell: ``best_worst``,
    ``pairwise``, ``points``, ``passage``, or ``ranking_known`` where an element without a
    place was not known instead of lower. ``page`` is the heading of the page it stands on,
    ``passage`` the text under review, word for word, ``part`` the heading of its base text.
    """

    id: str
    text: str
    scale: Scale
    role: Role | None
    variables: tuple[Variable, ...]
    title: str = ""
    depth: int = 0
    sensitive: bool = False
    base: str = ""
    task: str = ""
    page: str = ""
    passage: str = ""
    part: str = ""

    @property
    def as_whole(self) -> bool:
        """Whether a reason for no answer stands for all variables at once."""
        several = len(self.variables) > 1 and self.scale is not Scale.ORDINAL
        return several or self.scale in (Scale.RANK, Scale.CHECK)

    @property
    def elements(self) -> tuple[str, ...]:
        """Names of the rows or options, in the author's order."""
        return tuple(variable.element for variable in self.variables)


@dataclass(frozen=True, slots=True)
class Codebook:
    """All questions of one instrument version, in the order of the pages.

    ``tracks`` are the codebooks of the other languages: other texts, the same ids, codes and
    values. ``words`` holds the study's own texts in this language by name (title, purpose …).
    """

    study: str
    instrument: str
    version: str
    language: str
    questions: tuple[Question, ...] = field(default=())
    words: tuple[tuple[str, str], ...] = ()
    tracks: tuple[Codebook, ...] = ()

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All columns, in the order of the data set; free texts have none."""
        return tuple(v for q in self.questions for v in q.variables if v.scale is not Scale.TEXT)

    def question(self, id: str) -> Question:
        """The question with this id; raises ``KeyError``."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)

    def in_language(self, tag: str) -> Codebook | None:
        """The codebook in a language, None if the study was not asked in it."""
        known = (self, *self.tracks)
        return next((one for one in known if one.language == tag), None)

    def with_role(self, role: Role) -> tuple[Question, ...]:
        """The questions that play a role in the analysis."""
        return tuple(question for question in self.questions if question.role is role)

    def to_json(self) -> str:
        """A stable text of the codebook; :meth:`from_json` reads it back."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Codebook:
        """The codebook that :meth:`to_json` wrote."""
        return _codebook(json.loads(text))


def _codebook(raw: Mapping[str, Any]) -> Codebook:
    parts = {
        "questions": tuple(_question(question) for question in raw["questions"]),
        "words": tuple((name, text) for name, text in raw.get("words", ())),
        "tracks": tuple(_codebook(track) for track in raw.get("tracks", ())),
    }
    return Codebook(**{**raw, **parts})


def _question(raw: Mapping[str, Any]) -> Question:
    role = Role(raw["role"]) if raw["role"] else None
    variables = tuple(_variable(v) for v in raw["variables"])
    return Question(**{**raw, "scale": Scale(raw["scale"]), "role": role, "variables": variables})


def _variable(raw: Mapping[str, Any]) -> Variable:
    codes = tuple(Code(**code) for code in raw["codes"])
    return Variable(**{**raw, "scale": Scale(raw["scale"]), "codes": codes})

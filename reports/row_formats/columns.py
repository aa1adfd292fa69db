"""A column as statistics programs expect it: real numbers and days, labels, missing values.

The data set counts numbers in steps and days from an origin; a receiver gets the numbers and
days that were given. Reasons for a missing answer stay negative numbers; where a question
allows negative answers they move out of their way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from survey.codebook import Codebook, Missing, Question, Scale, Variable

Values = np.ndarray[Any, np.dtype[Any]]

DAY_ZERO = date(1970, 1, 1)
"""Day 0 of a column of days."""

_WORDS = {
    "de": {
        Missing.SKIPPED: "nicht beantwortet",
        Missing.DONT_KNOW: "weiß nicht",
        Missing.REFUSED: "keine Angabe",
        Missing.NOT_SHOWN: "nicht gezeigt",
        "unplaced": "ohne Platz",
        0: "nicht gewählt",
        1: "gewählt",
    },
    "en": {
        Missing.SKIPPED: "not answered",
        Missing.DONT_KNOW: "don't know",
        Missing.REFUSED: "refused",
        Missing.NOT_SHOWN: "not shown",
        "unplaced": "no place",
        0: "not chosen",
        1: "chosen",
    },
}
_MEASURES = {
    Scale.NOMINAL: "nominal",
    Scale.CHECK: "nominal",
    Scale.ORDINAL: "ordinal",
    Scale.RANK: "ordinal",
    Scale.NUMBER: "scale",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is code, number or day.

    ``values`` holds integers (codes), floats (numbers) or days since 1970 (integers);
    ``reasons`` maps a missing value to its label, ``labels`` an answer to its own. No missing
    value is ever an answer.
    """

    name: str
    label: str
    question: Question
    variable: Variable
    kind: str
    values: Values
    labels: Mapping[int, str]
    reasons: Mapping[int, str]

    @property
    def measure(self) -> str:
        """The level of measurement as statistics programs name it."""
        return _MEASURES[self.variable.scale]

    @property
    def missing(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Which rows hold a reason instead of an answer."""
        return np.isin(self.values, list(self.reasons))

    @property
    def decimals(self) -> int:
        """Digits after the decimal point."""
        return self.variable.decimals if self.kind == "number" else 0


def columns_of(codebook: Codebook, stored: Mapping[str, Values]) -> tuple[Column, ...]:
    """The columns of a codebook, in its order."""
    words = _WORDS["de" if codebook.language.startswith("de") else "en"]
    return tuple(
        _column(question, variable, stored[variable.name], words)
        for question in codebook
        for variable in question.variables
        if variable.scale is not Scale.TEXT
    )


def column_label(question: Question, variable: Variable) -> str:
    """What stands beside a column: the question, and for one of several the row or option.

    >>> row = Variable("q_a", "verlässlich", Scale.CHECK, element="a")
    >>> both = (row, Variable("q_b", "zügig", Scale.CHECK, element="b"))
    >>> column_label(Question("q", "Was zählt?", Scale.CHECK, None, both, title="Werte"), row)
    'Werte: verlässlich'
    """
    if not variable.element and len(question.variables) == 1:
        return question.text
    return f"{question.title or question.text}: {variable.label}"


def _column(
    question: Question, variable: Variable, stored: Values, words: Mapping[Any, str]
) -> Column:
    label = column_label(question, variable)
    said = {code.value: code.label for code in variable.missing_codes}
    reasons = {int(reason): said.get(reason, words[reason]) for reason in Missing}
    if variable.scale is not Scale.NUMBER:
        labels = _answer_labels(question, variable, words)
        return Column(variable.name, label, question, variable, "code", stored, labels, reasons)
    away = _out_of_the_way(variable)
    reasons = {away + value: text for value, text in reasons.items()}
    day = "-" in variable.origin[1:]
    values = _days(variable, stored) if day else _numbers(variable, stored)
    values = np.where(stored < 0, stored + away, values)
    kind = "day" if day else "number"
    return Column(variable.name, label, question, variable, kind, values, {}, reasons)


def _answer_labels(
    question: Question, variable: Variable, words: Mapping[Any, str]
) -> dict[int, str]:
    if variable.scale is Scale.RANK:
        return {0: words["unplaced"]}
    if variable.scale is Scale.CHECK:
        return {value: words[value] for value in (0, 1)}
    return {code.value: code.label for code in variable.answers}


def _out_of_the_way(variable: Variable) -> int:
    """What is added to reasons so that none of them is an answer.

    >>> cold = Variable("t", "Temperatur", Scale.NUMBER, origin="-50", decimals=1)
    >>> _out_of_the_way(cold), _out_of_the_way(Variable("n", "Zahl", Scale.NUMBER, origin="0"))
    (-1000, 0)
    """
    if not variable.origin.startswith("-"):
        return 0
    whole = variable.origin[1:].split(".")[0]
    return -int(10 ** (len(whole) + 1))


def _numbers(variable: Variable, stored: Values) -> Values:
    found = stored.astype(np.float64) / 10**variable.decimals + float(variable.origin or 0)
    return np.asarray(np.round(found, variable.decimals))


def _days(variable: Variable, stored: Values) -> Values:
    first = (date.fromisoformat(variable.origin) - DAY_ZERO).days
    return stored.astype(np.int64) + first

"""What comparisons share: entries of a list, and a reason that stands for the whole item."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.items.base import Answer
from survey.items.chosen import Chosen
from survey.items.listed import Listed, known, labels, text_in
from survey.items.mistake import Mistake
from survey.items.single import UNKNOWN


class Compared(Listed):
    """Several judgements about the entries of one list; options with ``missing`` are reasons.

    A plain answer is a mapping of judgement to what was said, or the code of a reason.
    """

    @property
    @abstractmethod
    def judgements(self) -> tuple[str, ...]:
        """The keys of a plain answer, in the order of the page."""

    @abstractmethod
    def _judged(self, given: Mapping[str, object]) -> tuple[str, ...]:
        """Why judgements are not allowed; their keys are known."""

    @abstractmethod
    def _variables(self) -> tuple[Variable, ...]:
        """One variable per judgement, in the same order."""

    @property
    def reason_codes(self) -> tuple[Code, ...]:
        """The codes of the reasons."""
        return tuple(code for code in self.codes if code.missing)

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """Names of the variables by judgement."""
        return {key: f"{self.id}_{key.replace('.', '_')}" for key in self.judgements}

    def _reason_fields(self) -> Mapping[str, FormField]:
        if not self.reasons:
            return {}
        return {self.id: Chosen(self.text, [Optional()], choices=labels(self.reasons))}

    def _sent(self, data: Mapping[str, Any]) -> dict[str, str]:
        """What was filled in, by judgement."""
        sent = {key: text_in(data, f"{self.id}.{key}").strip() for key in self.judgements}
        return {key: text for key, text in sent.items() if text}

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """What was filled in by judgement, or the code of a reason."""
        return self._sent(data) or text_in(data, self.id) or None

    def _reason_beside(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """The mistake of a reason that was ticked although something was filled in."""
        reason = known(self.by_code, text_in(data, self.id))
        if reason is None or not reason.missing or not self._sent(data):
            return {}
        return {
            self.id: Mistake(
                "Sie haben „%(reason)s“ angekreuzt und zugleich etwas eingetragen. "
                "Bitte entscheiden Sie sich für eines von beiden.",
                reason=reason.label,
            )
        }

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """Every judgement under its name, or the reason."""
        if isinstance(answer, dict):
            return {f"{self.id}.{key}": [text] for key, text in answer.items()}
        return {self.id: list(self.picked(answer))}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Sentences about unknown judgements and about those that do not go together."""
        if isinstance(answer, str):
            reason = known(self.by_code, answer)
            return () if reason and reason.missing else (UNKNOWN,)
        if not isinstance(answer, dict) or not answer or not set(answer) <= set(self.judgements):
            return (UNKNOWN,)
        return self._judged(answer)

    def questions(self) -> tuple[Question, ...]:
        """One question with a variable per judgement."""
        variables = self._variables()
        scale = variables[0].scale if variables else Scale.NOMINAL
        return (
            Question(
                self.id,
                self.text,
                scale,
                self.role,
                variables,
                title=self.title,
                sensitive=self.sensitive,
                task=self.type,
            ),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The value of every judgement, or the reason for all of them."""
        if isinstance(answer, str):
            return dict.fromkeys(self.columns.values(), self.values[answer])
        given = answer if isinstance(answer, dict) else {}
        return {
            name: self._value(given[key]) if key in given else int(Missing.SKIPPED)
            for key, name in self.columns.items()
        }

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """Every judgement that was made, or the reason."""
        values = {key: row[name] for key, name in self.columns.items()}
        given = {key: self._said(value) for key, value in values.items() if value >= 0}
        if given or not values:
            return given or None
        stored = next(iter(values.values()))
        return next((code.name for code in self.reason_codes if code.value == stored), None)

    def _value(self, said: str) -> int:
        """What the data set stores for a judgement."""
        return self.values[said]

    def _said(self, value: int) -> str:
        """The judgement that a value stands for."""
        return self._codes_by_value[value]

    @cached_property
    def _codes_by_value(self) -> Mapping[int, str]:
        return {value: code for code, value in self.values.items()}

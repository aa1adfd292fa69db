"""Entries of a list in the respondent's order: all of them, or the best k."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import Field
from wtforms import Field as FormField
from wtforms.validators import Optional

from survey.codebook import Code, Missing, Question, Scale, Variable
from survey.items.base import Answer, Option
from survey.items.chosen import Chosen
from survey.items.listed import Listed, known, labels, longest_code, text_in
from survey.items.mistake import Mistake
from survey.items.single import UNKNOWN


class Ranking(Listed):
    """Places 1 to ``depth`` (0: for every element), given without ties and without gaps.

    A shorter prefix is an answer too. Options with ``missing`` are reasons and no elements.
    """

    template: ClassVar[str] = "ranking.html"
    type: Literal["ranking"]
    example: ClassVar[str] = """\
- id: first
  type: ranking
  role: ranking
  text: Welche zwei Felder kommen zuerst?
  list: fields
  depth: 2
  shuffle: true
"""
    depth: int = Field(
        default=0, ge=0, description="Number of places to give; 0 for all.", examples=[3]
    )

    unplaced: Literal["lower", "unknown"] = Field(
        default="lower",
        description=(
            "What an entry without a place means: it comes after all placed ones, or nothing "
            "is known about it because one ranks only what one knows."
        ),
        examples=["unknown"],
    )

    @property
    def places(self) -> int:
        """Number of places to give."""
        return self.depth or len(self.choices)

    def fields(self) -> Mapping[str, FormField]:
        """One select per element, and a radio field under the item's name for a reason."""
        places = {"": "–"} | {str(place): str(place) for place in range(1, self.places + 1)}
        fields: dict[str, FormField] = {
            f"{self.id}.{option.code}": Chosen(option.label, [Optional()], choices=places)
            for option in self.choices
        }
        if self.reasons:
            fields[self.id] = Chosen(self.text, [Optional()], choices=labels(self.reasons))
        return fields

    def read(self, data: Mapping[str, Any]) -> Answer | None:
        """Element codes best first, or the code of a reason; None for what has mistakes."""
        holders = self._holders(data)
        if self._mistakes_of(holders, data):
            return None
        if holders:
            return [holders[place][0].code for place in sorted(holders)]
        return text_in(data, self.id) or None

    def _holders(self, data: Mapping[str, Any]) -> dict[int, list[Option]]:
        """Elements by the place that the form gives them."""
        holders: dict[int, list[Option]] = {}
        for name, option in self._fields_of_places:
            # Most places are not given, and "²" is a digit for Python but no number.
            sent = text_in(data, name) if data.get(name) else ""
            if sent.isascii() and sent.isdecimal() and 1 <= int(sent[:4]) <= self.places:
                holders.setdefault(int(sent), []).append(option)
        return holders

    @cached_property
    def _fields_of_places(self) -> tuple[tuple[str, Option], ...]:
        return tuple((f"{self.id}.{option.code}", option) for option in self.choices)

    def form_mistakes(self, data: Mapping[str, Any]) -> Mapping[str, str]:
        """Ties and gaps at the field that shows them; a reason beside places at the item."""
        return self._mistakes_of(self._holders(data), data)

    def _mistakes_of(
        self, holders: Mapping[int, list[Option]], data: Mapping[str, Any]
    ) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for place, options in sorted(holders.items()):
            if len(options) > 1:
                found[f"{self.id}.{options[-1].code}"] = _tie(place, options)
        free = [place for place in range(1, max(holders, default=0)) if place not in holders]
        if free:
            after = min(place for place in holders if place > free[0])
            found.setdefault(f"{self.id}.{holders[after][0].code}", _gap(free))
        reason = known(self.by_code, text_in(data, self.id))
        if reason and reason.missing and holders:
            found[self.id] = Mistake(
                "Sie haben „%(reason)s“ angekreuzt und zugleich Plätze vergeben. "
                "Bitte entscheiden Sie sich für eines von beiden.",
                reason=reason.label,
            )
        return found

    def write(self, answer: Answer) -> Mapping[str, list[str]]:
        """The place of every placed element, or the reason."""
        if isinstance(answer, str):
            return {self.id: [answer]}
        return {f"{self.id}.{code}": [str(place)] for place, code in enumerate(answer, start=1)}

    def mistakes(self, answer: object) -> tuple[str, ...]:
        """Sentences about unknown elements, elements placed twice and too many places."""
        if isinstance(answer, str):
            reason = known(self.by_code, answer)
            return () if reason and reason.missing else (UNKNOWN,)
        if not isinstance(answer, list) or not answer:
            return (UNKNOWN,)
        options = [known(self.by_code, code) for code in answer]
        found = [option for option in options if option and not option.missing]
        if len(found) < len(answer):
            return (UNKNOWN,)
        sentences = []
        # Models compare slowly, and hardly any answer places something twice.
        for option in dict.fromkeys(found) if len(set(answer)) < len(answer) else ():
            places = [p for p, other in enumerate(found, start=1) if other == option]
            if len(places) > 1:
                sentence = Mistake(
                    "„%(name)s“ steht zugleich auf %(places)s.",
                    name=option.label,
                    places=_named(places),
                )
                sentences.append(sentence)
        if len(found) > self.places:
            sentence = Mistake(
                "Es gibt nur %(places)s Plätze, vergeben sind %(found)s.",
                places=self.places,
                found=len(found),
            )
            sentences.append(sentence)
        return tuple(sentences)

    def questions(self) -> tuple[Question, ...]:
        """One question with a variable per element; its value is the place."""
        places = (Code(p, str(p), f"Platz {p}") for p in range(1, self.places + 1))
        reasons = (code for code in self.codes if code.missing)
        codes = (*places, Code(0, "0", "ohne Platz"), *reasons)
        variables = tuple(
            Variable(self.names[option.code], option.label, Scale.RANK, codes, option.code)
            for option in self.choices
        )
        return (
            Question(
                self.id,
                self.text,
                Scale.RANK,
                self.role,
                variables,
                title=self.title,
                depth=self.places,
                sensitive=self.sensitive,
                task="ranking_known" if self.unplaced == "unknown" else "",
            ),
        )

    def encode(self, answer: Answer | None) -> Mapping[str, int]:
        """The place of every element, 0 for one that was not placed, or the reason."""
        if answer is None:
            return dict.fromkeys(self.names.values(), int(Missing.SKIPPED))
        if isinstance(answer, str):
            return dict.fromkeys(self.names.values(), self.values[answer])
        places = {code: place for place, code in enumerate(answer, start=1)}
        return {name: places.get(code, 0) for code, name in self.names.items()}

    def decode(self, row: Mapping[str, int], texts: Mapping[str, str]) -> Answer | None:
        """The placed elements, best first, or the reason."""
        places = {code: row[name] for code, name in self.names.items()}
        reason = min(places.values(), default=0)
        if reason < 0:
            return next((o.code for o in self.reasons if self.values[o.code] == reason), None)
        placed = sorted((place, code) for code, place in places.items() if place)
        return [code for _, code in placed] or None

    def longest(self) -> Answer:
        """The longest codes at every place, or the longest reason."""
        codes = sorted((o.code for o in self.choices), key=len, reverse=True)[: self.places]
        candidates: list[Answer] = [codes, longest_code(self.reasons)]
        return max(candidates, key=lambda answer: len(json.dumps(answer)))


def _tie(place: int, options: list[Option]) -> Mistake:
    names = tuple(Mistake("„%(name)s“", name=option.label) for option in options)
    if len(options) == 2:
        return Mistake(
            "%(names)s stehen beide auf Platz %(place)s. "
            "Bitte vergeben Sie jeden Platz nur einmal.",
            names=names,
            place=place,
        )
    return Mistake(
        "%(names)s stehen alle auf Platz %(place)s. Bitte vergeben Sie jeden Platz nur einmal.",
        names=names,
        place=place,
    )


def _gap(free: list[int]) -> Mistake:
    if len(free) == 1:
        return Mistake(
            "Platz %(place)s ist noch frei. "
            "Bitte vergeben Sie die Plätze der Reihe nach, angefangen mit Platz 1.",
            place=free[0],
        )
    return Mistake(
        "%(places)s sind noch frei. "
        "Bitte vergeben Sie die Plätze der Reihe nach, angefangen mit Platz 1.",
        places=_named(free),
    )


def _named(places: list[int]) -> tuple[Mistake, ...]:
    return tuple(Mistake("Platz %(place)s", place=place) for place in places)

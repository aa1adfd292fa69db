"""What the review says about each answer, read from the codebook and not from the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from survey.codebook import Missing, Question, Scale
from survey.items.base import Answer, Item
from survey.piping import filled, piped
from survey.route import Route

Line = Mapping[str, str]
"""``text`` behind a ``label``, under a ``group``; both may be empty."""


@dataclass(frozen=True, slots=True)
class Review:
    """Lines per answered item, and the items without an answer."""

    answered: Mapping[str, tuple[Line, ...]]
    empty: tuple[Item, ...]


def review(route: Route) -> Review:
    """The answers to all items that are shown, in words and in the order of showing."""
    instrument, answers = route.instrument, route.state.answers
    items = [item for page in route.pages.values() for item in page.items]
    given = {item.id: answers[item.id] for item in items if item.id in answers}
    lines = {
        id: answer_lines(instrument.item(id), answer, instrument.language)
        for id, answer in given.items()
    }
    if any(piped(line["group"]) for own in lines.values() for line in own):
        words = instrument.spoken(given)
        lines = {id: tuple(_said(line, words) for line in own) for id, own in lines.items()}
    return Review(lines, tuple(i for i in items if i.asks and i.id not in answers))


def _said(line: Line, words: Mapping[str, str]) -> Line:
    return {**line, "group": filled(line["group"], words)}


def answer_lines(item: Item, answer: Answer, language: str = "de") -> tuple[Line, ...]:
    """One answer in words: a line per place, choice or row."""
    texts = tuple(_line("", text) for text in item.texts(answer).values())
    questions = tuple(q for q in item.own_questions if q.scale is not Scale.TEXT)
    if not questions:
        return texts
    if questions[0].scale is Scale.NUMBER:
        return (_line("", item.spoken(answer, language)),)
    return (*_chosen_lines(item, answer, questions), *texts)


def _chosen_lines(item: Item, answer: Answer, questions: tuple[Question, ...]) -> tuple[Line, ...]:
    values = item.encode(answer)
    reason = _reason(questions, values)
    if reason:
        return (_line("", reason),)
    if questions[0].scale is Scale.RANK:
        return _places(questions[0], values)
    if questions[0].scale is Scale.CHECK:
        return tuple(_line("", v.label) for v in questions[0].variables if values[v.name] == 1)
    return _rows(questions, values)


def _line(label: str, text: str, group: str = "") -> Line:
    colon = "" if not label or label.endswith((".", "!", "?", ":")) else ":"
    return {"label": label + colon, "text": text, "group": group}


def _reason(questions: tuple[Question, ...], values: Mapping[str, int]) -> str:
    """The label of a reason that stands for the whole list, as rankings and choices have it."""
    if not questions[0].as_whole:
        return ""
    first = questions[0].variables[0]
    return next((c.label for c in first.missing_codes if c.value == values[first.name]), "")


def _places(question: Question, values: Mapping[str, int]) -> tuple[Line, ...]:
    placed = sorted((values[v.name], v.label) for v in question.variables if values[v.name] > 0)
    return tuple(_line(f"{place}", label) for place, label in placed)


def _rows(questions: tuple[Question, ...], values: Mapping[str, int]) -> tuple[Line, ...]:
    """A line per row; under several headings each heading stands before its first row."""
    lines: list[Line] = []
    for question in questions:
        group = (question.title or question.text) if len(questions) > 1 else ""
        for variable in question.variables:
            value = values[variable.name]
            if value != Missing.SKIPPED:
                text = next(code.label for code in variable.codes if code.value == value)
                lines.append(_line(variable.label if variable.element else "", text, group))
                group = ""
    return tuple(lines)

"""What two studies have asked alike: pairs of shares that may stand beside each other.

Two questions are the same if their ids are (or a proceeding says so), and their answers have the
same codes with the same words. Nothing is ever added up over the two studies.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.estimates import Estimate, Results
from reports.summaries import main, short
from survey.codebook import Code, Question, Scale, Variable


@dataclass(frozen=True, slots=True)
class Pair:
    """One row or option of a common question with its share in both studies."""

    label: str
    census: Estimate
    open: Estimate

    @property
    def apart(self) -> float:
        """Absolute difference of the two shares."""
        return abs((self.census.value or 0.0) - (self.open.value or 0.0))


@dataclass(frozen=True, slots=True)
class Common:
    """A question of both studies: what is shown of it, and what stays out for other words."""

    question: Question
    other: Question
    measure: str
    pairs: tuple[Pair, ...]
    left_out: tuple[str, ...] = ()

    @property
    def same_words(self) -> bool:
        """Whether both studies asked with the same words."""
        return self.question.text == self.other.text


def common(
    census: Results, other: Results, declared: Sequence[tuple[str, str]] = ()
) -> tuple[Common, ...]:
    """The common questions in the order of the first study; a ranking is none."""
    known = {question.id: question for question in other.release.codebook}
    names = dict(declared)
    found = []
    for question in census.release.codebook:
        partner = known.get(names.get(question.id, question.id))
        if partner is None or question.scale is not partner.scale:
            continue
        if question.scale is Scale.ORDINAL:
            found.append(_rated(census, other, question, partner))
        elif question.scale is Scale.NOMINAL and not question.task:
            found.append(_chosen(census, other, question, partner))
    return tuple(entry for entry in found if entry.pairs)


def not_compared(census: Results, other: Results, shown: Sequence[Common]) -> tuple[str, ...]:
    """Titles of questions that share an id but not their answers or their kind of task."""
    known = {question.id for question in other.release.codebook}
    used = {entry.question.id for entry in shown}
    attributes = set(census.release.ballots) | set(other.release.ballots)
    return tuple(
        short(question.title or question.text)
        for question in census.release.codebook
        if question.id in known - used - attributes and question.scale is not Scale.TEXT
    )


def _rated(census: Results, other: Results, question: Question, partner: Question) -> Common:
    theirs = {variable.element: variable for variable in partner.variables}
    pairs: list[Pair] = []
    left: list[str] = []
    for variable in question.variables:
        twin = theirs.get(variable.element)
        if twin is None or not _same_row(question, partner, variable, twin):
            left.append(short(variable.label))
        else:
            one = main(census, variable.name, "top2")
            two = other.find(twin.name, "top2")
            pairs += _pair(_label(question, variable), one, two)
    measure = "beide höchsten Stufen"
    return Common(question, partner, measure, tuple(pairs), tuple(left))


def _same_row(question: Question, partner: Question, one: Variable, two: Variable) -> bool:
    if _words(one.answers) != _words(two.answers):
        return False
    alone = len(question.variables) == 1 == len(partner.variables)
    return alone or short(one.label) == short(two.label)


def _chosen(census: Results, other: Results, question: Question, partner: Question) -> Common:
    (one,), (two,) = question.variables, partner.variables
    if _words(one.answers) != _words(two.answers):
        return Common(question, partner, "", ())
    pairs = [
        pair
        for code in one.answers
        for pair in _pair(
            short(code.label),
            main(census, one.name, "share", code.name),
            other.find(two.name, "share", code.name),
        )
    ]
    return Common(question, partner, "Anteil der Antwort", tuple(pairs))


def _pair(label: str, one: Estimate | None, two: Estimate | None) -> Iterator[Pair]:
    if one is not None and two is not None and one.value is not None and two.value is not None:
        yield Pair(label, one, two)


def _label(question: Question, variable: Variable) -> str:
    alone = len(question.variables) == 1
    return short(question.title or question.text) if alone else short(variable.label)


def _words(codes: Sequence[Code]) -> list[tuple[str, str]]:
    return [(code.name, code.label.replace("\u00ad", "")) for code in codes]

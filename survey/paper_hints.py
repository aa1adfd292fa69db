"""Routing on paper: who answers a question, and where the others go on, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from survey.instrument import Page
from survey.items.base import Answer, Item, Option
from survey.items.date import Date
from survey.items.grid import Grid
from survey.items.measured import Measured
from survey.items.number import Number
from survey.paper_words import Words
from survey.routing import FIRST_DAY, SIZES, Rule, holds


@dataclass(frozen=True, slots=True)
class Hints:
    """The printed routes of one sheet: its pages, its items and the numbers of those that ask."""

    pages: Sequence[Page]
    items: Mapping[str, Item]
    numbers: Mapping[str, int]
    words: Words

    @classmethod
    def of(cls, pages: Sequence[Page], words: Words) -> Hints:
        """The hints of the pages of one sheet."""
        items = {item.id: item for page in pages for item in page.items}
        asking = (id for id, item in items.items() if item.asks)
        return cls(pages, items, {id: n for n, id in enumerate(asking, start=1)}, words)

    def of_page(self, page: Page) -> str:
        """Who answers a page; the others go on with the first question of a later one."""
        if page.when is None:
            return ""
        later = self.pages[self.pages.index(page) + 1 :]
        others = (p for p in later if p.when != page.when)
        target = next((i.id for p in others for i in p.items if i.asks), "")
        return self._sentence(page.when, target)

    def of_item(self, item: Item) -> str:
        """Who answers a question; the others go on with the next one under another rule."""
        if item.when is None:
            return ""
        ids = list(self.items)
        later = (self.items[id] for id in ids[ids.index(item.id) + 1 :])
        target = next((i.id for i in later if i.asks and i.when != item.when), "")
        return self._sentence(item.when, target)

    def name(self, id: str) -> str:
        """How a hint names a question."""
        return self.words.question.format(number=self.numbers[id])

    def _sentence(self, rule: Rule, target: str) -> str:
        text = self.words.only_if.format(condition=self._condition(rule))
        onward = self.words.onward.format(target=self.name(target)) if target else self.words.end
        return f"{text} {onward}"

    def _condition(self, rule: Rule, *, inside: bool = False) -> str:
        for rules, joint in ((rule.all_, self.words.and_), (rule.any_, self.words.or_)):
            if rules is not None:
                text = joint.join(self._condition(child, inside=True) for child in rules)
                return f"({text})" if inside and len(rules) > 1 else text
        if rule.not_ is not None:
            return self.words.negated.format(condition=self._condition(rule.not_, inside=True))
        return self._leaf(rule)

    def _leaf(self, rule: Rule) -> str:
        assert rule.answer is not None
        item, operator = self.items[rule.answer], rule.operators[0]
        place = self.name(rule.answer)
        if rule.row:
            place = f"{place} ({_row_label(item, rule.row)})"
        value = getattr(rule, operator)
        if operator == "answered":
            return (self.words.answered if value else self.words.unanswered).format(place=place)
        if operator in self.words.counted:
            return self.words.counted[operator].format(place=place, number=value)
        if operator in SIZES and isinstance(item, Measured):
            phrases = self.words.days if isinstance(item, Date) else self.words.sized
            return phrases[operator].format(place=place, number=self._size(item, value))
        codes = [code for _, code in rule.codes] or _fitting(item, rule)
        joint = self.words.and_ if operator == "all_of" else self.words.or_
        answer = joint.join(f"„{_label(item, code)}“" for code in codes)
        phrase = self.words.not_chosen if operator == "is_not" else self.words.chosen
        return phrase.format(place=place, answer=answer)

    def _size(self, item: Item, value: float) -> str:
        if isinstance(item, Date):
            return (FIRST_DAY + timedelta(int(value))).strftime("%d.%m.%Y")
        number = f"{value:.10g}".replace(".", self.words.comma)
        return f"{number} {item.unit}".strip() if isinstance(item, Number) else number


def _options(item: Item) -> Sequence[Option]:
    if isinstance(item, Grid):
        return [option for part in item.parts for option in part.options]
    options: Sequence[Option] = getattr(item, "options", ())
    return options


def _label(item: Item, code: str) -> str:
    return next((o.label for o in _options(item) if o.code == code), code)


def _row_label(item: Item, row: str) -> str:
    if not isinstance(item, Grid) or row not in item.cells:
        return row
    part, option = item.cells[row]
    return f"{part.title or part.text}: {option.label}" if part.id else option.label


def _fitting(item: Item, rule: Rule) -> list[str]:
    """The codes of a scale whose size fulfils a rule: paper names steps, not numbers."""
    assert rule.answer is not None
    found = []
    for code in dict.fromkeys(option.code for option in _options(item)):
        answer: Answer = {rule.row: code} if rule.row else code
        if holds(rule, {rule.answer: answer}, {rule.answer: item}):
            found.append(code)
    return found

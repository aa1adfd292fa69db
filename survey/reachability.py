"""Whether anybody can ever see an item: rules that contradict each other are found by trying.

Every answer that a rule asks about is replaced by a few that stand for all others: those that
the rules name, one that they do not, and none at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, islice, product

from survey.instrument import Instrument, Page
from survey.items.base import Answer, Item
from survey.items.compared import Compared
from survey.items.date import Date
from survey.items.grid import Grid
from survey.items.listed import Listed
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.number import Number
from survey.items.passage import STANCE, Passage
from survey.items.ranking import Ranking
from survey.items.text import Text
from survey.routing import COUNTS, SIZES, Rule

TRIES = 5_000
"""Combinations of answers after which a rule is given the benefit of the doubt."""

ALL_CODES = 12
"""Lists up to this length are tried code by code."""

MENTIONED = 6
"""Codes of one list whose combinations are tried."""


@dataclass(frozen=True)
class Reach:
    """The pages of a questionnaire with every list resolved; all references are known to exist."""

    instrument: Instrument

    def is_reachable(self, page: Page, item: Item | None = None) -> bool:
        """Whether some answers show the page, or an item on it."""
        wanted = item or page.items[0].model_copy(update={"when": None})
        key = (page.id, wanted.when)
        if key not in self._known:
            self._known[key] = self._try(page, wanted)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, Rule | None], bool]:
        return {}

    def _try(self, page: Page, wanted: Item) -> bool:
        asked = self._asked(_rules(page, wanted))
        tried = {id: self._candidates[id] for id in asked}
        if any(not answers for answers in tried.values()):
            return True
        small = self._only(asked, page, wanted)
        texts = [page.text] if page.text else ["", *(text.id for text in self.instrument.texts)]
        combined = product(*tried.values())
        for count, answers in enumerate(islice(combined, TRIES + 1)):
            given = {id: a for id, a in zip(tried, answers, strict=True) if a is not None}
            if count == TRIES or any(wanted.id in small.shown(given, text=t) for t in texts):
                return True
        return False

    @cached_property
    def _candidates(self) -> Mapping[str, list[Answer | None]]:
        """Answers to try, for every item that any rule asks about."""
        about: dict[str, list[Rule]] = {}
        for rules in self._rules.values():
            for rule in rules:
                for _, leaf in rule.leaves:
                    about.setdefault(leaf.answer or "", []).append(leaf)
        return {id: candidates(self.instrument.item(id), leaves) for id, leaves in about.items()}

    @cached_property
    def _rules(self) -> Mapping[str, list[Rule]]:
        """The rules that decide about every item."""
        return {i.id: _rules(page, i) for page in self.instrument.pages for i in page.items}

    def _asked(self, rules: Sequence[Rule]) -> list[str]:
        """Items that the rules ask about, and those that decide whether these are shown."""
        found: dict[str, None] = {}
        waiting = [id for rule in rules for id in rule.asked]
        while waiting:
            id = waiting.pop()
            if id not in found:
                found[id] = None
                waiting += self._asked_by[id]
        return list(found)

    @cached_property
    def _asked_by(self) -> Mapping[str, frozenset[str]]:
        return {
            id: frozenset(asked for rule in rules for asked in rule.asked)
            for id, rules in self._rules.items()
        }

    def _only(self, asked: Collection[str], page: Page, wanted: Item) -> Instrument:
        """The questionnaire without everything that has no part in the question."""
        own, pages = set(asked) - {wanted.id}, []
        for one in self.instrument.pages:
            items = tuple(item for item in one.items if item.id in own)
            if one.id == page.id:
                items = (*items, wanted)
            if items:
                pages.append(replace(one, items=items))
        return replace(self.instrument, pages=tuple(pages))


def _rules(page: Page, item: Item) -> list[Rule]:
    return [rule for rule in (page.when, item.when) if rule]


def candidates(item: Item, leaves: Sequence[Rule]) -> list[Answer | None]:
    """Answers that stand for all answers of an item, as far as these rules see them.

    Empty if nothing is known about an item of this type.
    """
    about = [leaf for leaf in leaves if leaf.answer == item.id]
    codes = list(dict.fromkeys(code for leaf in about for _, code in leaf.codes))
    if isinstance(item, Measured) and item.bounds[0] > item.bounds[1]:
        return []  # that is a mistake of its own
    if isinstance(item, Measured):
        found: Iterable[Answer] = chain(_measured(item, about), item.by_code)
    elif isinstance(item, Text):
        found = ["x"]
    elif isinstance(item, Grid):
        found = _grid(item, about, codes)
    elif isinstance(item, Passage):
        found = [{STANCE: code} for code in _one_of(item, codes)]
    elif isinstance(item, Multiple | Ranking):
        found = chain(_several(item, codes, about), _alone(item))
    elif isinstance(item, Listed) and not isinstance(item, Compared):
        found = _one_of(item, codes)
    else:
        return []
    return [*(answer for answer in found if not item.mistakes(answer)), None]


def _measured(item: Measured, about: Sequence[Rule]) -> Iterator[Answer]:
    low, high = item.bounds
    values = {low, high}
    for leaf in about:
        for limit in (getattr(leaf, name) for name in SIZES):
            if limit is not None:
                near = int(_steps(item, limit))
                values |= {near - 1, near, near + 1}
    for value in sorted(values):
        if low <= value <= high:
            yield item.typed(value)


def _steps(item: Measured, limit: float) -> float:
    if isinstance(item, Number):
        return (limit - float(item.origin)) * float(10**item.decimals)
    return limit if isinstance(item, Date) else 0


def _one_of(item: Listed, codes: Sequence[str]) -> list[str]:
    if len(item.options) <= ALL_CODES:
        return list(item.by_code)
    rest = [option.code for option in item.options if option.code not in codes]
    return [*(code for code in codes if code in item.by_code), *rest[:1]]


def _several(item: Listed, codes: Sequence[str], about: Sequence[Rule]) -> Iterator[Answer]:
    """Every combination of the codes that are named, filled up with others to every count."""
    known = [code for code in codes if code in item.by_code][:MENTIONED]
    rest = [option.code for option in item.choices if option.code not in known]
    counts = [getattr(leaf, name) or 0 for leaf in about for name in COUNTS]
    for size in range(len(known) + 1):
        for chosen in combinations(known, size):
            for more in range(min(len(rest), max(counts, default=0) + 1) + 1):
                yield [*chosen, *rest[:more]]


def _alone(item: Listed) -> Iterator[Answer]:
    for option in item.options:
        if option.exclusive or option.missing:
            yield option.code if isinstance(item, Ranking) else [option.code]


def _grid(item: Grid, about: Sequence[Rule], codes: Sequence[str]) -> Iterator[Answer]:
    rows = list(dict.fromkeys(leaf.row for leaf in about if leaf.row))
    steps = [_row_steps(item, row, codes) for row in rows]
    others = [row for row in item.cells if row not in rows]
    filler: Mapping[str, str] = {row: item.cells[row][0].options[0].code for row in others}
    for chosen in product(*steps):
        given = {row: code for row, code in zip(rows, chosen, strict=True) if code}
        yield given
        yield {**given, **filler}


def _row_steps(item: Grid, row: str, codes: Sequence[str]) -> list[str]:
    options = [option.code for option in item.cells[row][0].options] if row in item.cells else []
    return [*options[:ALL_CODES], *(c for c in codes if c in options[ALL_CODES:]), ""]

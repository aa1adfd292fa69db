"""What only the whole questionnaire shows: texts that fit into a ballot, lists that recur."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from survey.converting.naming import free_name
from survey.converting.plan import Plan, PlannedItem
from survey.converting.source_model import Choice, Outcome, note

BALLOT = 56_000
"""Bytes of a ballot for answers; the rest is for its head and signature."""

WIDEST = 12
"""Bytes of the widest character in JSON."""

SHORTEST = 40
"""Characters that a free text keeps at least."""

_OTHER_LENGTH = 200
_PER_ANSWER = 48


def fitted(plan: Plan) -> Plan:
    """The plan with free texts so short that the longest possible ballot can be stored."""
    wanted = {item.id: length for item in plan.items if (length := _length(item))}
    answers = sum(1 + len(i.rows) * max(len(i.headings), 1) + len(i.options) for i in plan.items)
    room = max(BALLOT - _PER_ANSWER * answers, 0) // WIDEST
    if sum(wanted.values()) <= room:
        return plan
    share = room / sum(wanted.values())
    lengths = {id: max(SHORTEST, int(length * share)) for id, length in wanted.items()}
    pages = tuple(
        replace(page, items=tuple(_shortened(item, lengths.get(item.id)) for item in page.items))
        for page in plan.pages
    )
    lines = tuple(
        replace(
            line,
            outcome=Outcome.WITH_NOTE,
            notes=(
                *line.notes,
                *(
                    note("text_shortened", name=i, limit=lengths[i])
                    for i in line.items
                    if i in lengths
                ),
            ),
        )
        if any(id in lengths for id in line.items)
        else line
        for line in plan.lines
    )
    return replace(plan, pages=pages, lines=lines)


def _length(item: PlannedItem) -> int:
    if item.type == "text":
        return int(item.keys.get("max_length", 1000))
    return _OTHER_LENGTH if any(option.other for option in item.options) else 0


def _shortened(item: PlannedItem, length: int | None) -> PlannedItem:
    if length is None:
        return item
    key = "max_length" if item.type == "text" else "other_length"
    return replace(item, keys={**item.keys, key: length})


@dataclass(frozen=True, slots=True)
class Shared:
    """Lists and scales that several items use, by name."""

    lists: dict[str, tuple[Choice, ...]]
    scales: dict[str, tuple[Choice, ...]]

    def list_name(self, options: Sequence[Choice]) -> str:
        """The name of a shared list; empty if it is written where it is used."""
        return _name_of(self.lists, options)

    def scale_name(self, options: Sequence[Choice]) -> str:
        """The name of a shared scale; empty if it is written where it is used."""
        return _name_of(self.scales, options)


def _name_of(named: dict[str, tuple[Choice, ...]], options: Sequence[Choice]) -> str:
    return next((name for name, entries in named.items() if entries == tuple(options)), "")


def shared(plan: Plan) -> Shared:
    """What at least two items use in the same words."""
    taken: set[str] = set()
    scales = _recurring(plan, _scales, "scale", taken)
    return Shared(_recurring(plan, _lists, "list", taken), scales)


def _recurring(
    plan: Plan,
    used: Callable[[PlannedItem], Iterator[tuple[Choice, ...]]],
    kind: str,
    taken: set[str],
) -> dict[str, tuple[Choice, ...]]:
    counts: Counter[str] = Counter()
    first: dict[str, tuple[str, tuple[Choice, ...]]] = {}
    for item in plan.items:
        for options in used(item):
            key = _key(options)
            counts[key] += 1
            first.setdefault(key, (item.list_name, options))
    found: dict[str, tuple[Choice, ...]] = {}
    for key, (name, options) in first.items():
        if counts[key] > 1 and len(options) > 1:
            own = free_name(name or f"{kind}_{len(found) + 1}", taken, 32)
            taken.add(own.casefold())
            found[own] = options
    return found


def _key(options: Sequence[Choice]) -> str:
    return json.dumps(
        [[o.code, dict(o.label), dict(o.help), o.missing, o.other, o.exclusive] for o in options]
    )


def _scales(item: PlannedItem) -> Iterator[tuple[Choice, ...]]:
    if item.type in ("rating", "grid") and item.options:
        yield item.options
    for heading in item.headings:
        yield heading.options


def _lists(item: PlannedItem) -> Iterator[tuple[Choice, ...]]:
    if item.type in ("single", "multiple", "ranking"):
        yield item.options
    if item.rows:
        yield item.rows

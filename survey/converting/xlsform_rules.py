"""Rules of ours as conditions of an XLSForm."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from survey.items.base import Item
from survey.routing import FIRST_DAY, Rule


class NotExpressibleError(Exception):
    """A rule that no condition of an XLSForm says."""


def condition(rule: Rule, items: Mapping[str, Item]) -> str:
    """The condition; raises ``NotExpressibleError``.

    An answer that was not given makes every comparison false, there as here.
    """
    if rule.all_ is not None:
        return " and ".join(f"({condition(part, items)})" for part in rule.all_)
    if rule.any_ is not None:
        return " or ".join(f"({condition(part, items)})" for part in rule.any_)
    if rule.not_ is not None:
        return f"not({condition(rule.not_, items)})"
    item = items.get(rule.answer or "")
    if item is None:
        raise NotExpressibleError
    return _leaf(rule, item)


def _leaf(rule: Rule, item: Item) -> str:
    if item.type not in ("single", "rating", "multiple", "grid", "number", "date", "text"):
        raise NotExpressibleError
    if item.type == "grid" and not rule.row:
        raise NotExpressibleError
    name = f"${{{item.id}_{rule.row.replace('.', '_')}}}" if rule.row else f"${{{item.id}}}"
    several = item.type == "multiple"

    def chosen(code: str) -> str:
        return f"selected({name}, '{code}')" if several else f"{name} = '{code}'"

    if rule.is_ is not None:
        return chosen(rule.is_)
    if rule.is_not is not None:
        return f"{name} != '' and not({chosen(rule.is_not)})"
    for codes, word in ((rule.in_, " or "), (rule.any_of, " or "), (rule.all_of, " and ")):
        if codes:
            return word.join(chosen(code) for code in codes)
    if rule.answered is not None:
        return f"{name} != ''" if rule.answered else f"{name} = ''"
    return _size(rule, item, name)


def _size(rule: Rule, item: Item, name: str) -> str:
    if rule.count_at_least is not None:
        return f"count-selected({name}) >= {rule.count_at_least}"
    if rule.count_at_most is not None:
        return f"count-selected({name}) <= {rule.count_at_most} and {name} != ''"
    signs = {"<": rule.less, "<=": rule.at_most, ">": rule.more, ">=": rule.at_least}
    sign, limit = next(((s, v) for s, v in signs.items() if v is not None), ("", None))
    if limit is None:
        raise NotExpressibleError
    if item.type == "date":
        day = (FIRST_DAY + timedelta(days=int(limit))).isoformat()
        return f"{name} != '' and {name} {sign} date('{day}')"
    if item.type == "number" or _codes_are_sizes(item):
        return f"{name} {sign} {limit:g}"
    raise NotExpressibleError


def _codes_are_sizes(item: Item) -> bool:
    options = [option for option in getattr(item, "options", ()) if not option.missing]
    whole = all(option.code.isdecimal() and option.score is None for option in options)
    return bool(options) and whole and len(options) == len(getattr(item, "options", ()))

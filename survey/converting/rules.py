"""From a condition of another tool to a rule of ours (``when``), if our operators can say it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from survey.converting.expressions import (
    Always,
    Answered,
    Chosen,
    Compared,
    Condition,
    Counted,
    Joined,
    Not,
    NotSimpleError,
)

Rule = dict[str, Any]

_SIZES = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_FITS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Reference:
    """What a name in a condition stands for in our questionnaire.

    ``codes`` gives our code by that of the source; ``box`` is set if the name means one box of a
    multiple choice, ``row`` if it means one row of a grid; ``sized`` says whether the codes are
    numbers that may be compared by size.
    """

    item: str
    type: str
    codes: Mapping[str, str] = field(default_factory=dict)
    row: str = ""
    box: str = ""
    sized: bool = False


def to_rule(condition: Condition, references: Mapping[str, Reference]) -> Rule:
    """The rule; raises ``NotSimpleError`` for what our operators cannot say the same way."""
    if isinstance(condition, Always):
        raise NotSimpleError
    if isinstance(condition, Not):
        if isinstance(condition.inner, Answered):
            return _answered(_found(references, condition.inner.name), False)
        return {"not": to_rule(condition.inner, references)}
    if isinstance(condition, Joined):
        rules = [to_rule(part, references) for part in condition.parts]
        return _joined(condition.word, rules)
    reference = _found(references, condition.name)
    if isinstance(condition, Answered):
        return _answered(reference, True)
    if isinstance(condition, Chosen):
        return _chosen(reference, condition.value)
    if isinstance(condition, Counted):
        return _counted(reference, condition)
    return _compared(reference, condition)


def _found(references: Mapping[str, Reference], name: str) -> Reference:
    if name not in references:
        raise NotSimpleError
    return references[name]


def _leaf(reference: Reference, **comparison: Any) -> Rule:
    row = {"row": reference.row} if reference.row else {}
    return {"answer": reference.item, **row, **comparison}


def _answered(reference: Reference, value: bool) -> Rule:
    if reference.box:
        return _box(reference) if value else {"not": _box(reference)}
    return _leaf(reference, answered=value)


def _box(reference: Reference) -> Rule:
    """Whether one box is checked; a list with a single box has become a choice of two."""
    if reference.type == "single":
        return _leaf(reference, **{"is": reference.box})
    return _leaf(reference, any_of=[reference.box])


def _code(reference: Reference, value: str) -> str:
    if value not in reference.codes:
        raise NotSimpleError
    return reference.codes[value]


def _chosen(reference: Reference, value: str) -> Rule:
    code = _code(reference, value)
    if reference.type == "multiple":
        return _leaf(reference, any_of=[code])
    if reference.type == "single":
        return _leaf(reference, **{"is": code})
    raise NotSimpleError


def _counted(reference: Reference, condition: Counted) -> Rule:
    if reference.type not in ("multiple", "ranking") or reference.box:
        raise NotSimpleError
    return _leaf(reference, count_at_least=int(condition.value))


def _compared(reference: Reference, condition: Compared) -> Rule:
    if condition.operator != "==":
        return _sized(reference, condition)
    if reference.box:
        if condition.value != "Y":
            raise NotSimpleError
        return _box(reference)
    if reference.type == "number":
        value = _number(condition.value)
        at_least, at_most = _leaf(reference, at_least=value), _leaf(reference, at_most=value)
        return {"all": [at_least, at_most]}
    if reference.type in ("single", "rating") or reference.row:
        return _leaf(reference, **{"is": _code(reference, condition.value)})
    raise NotSimpleError


def _sized(reference: Reference, condition: Compared) -> Rule:
    if not reference.sized or reference.box:
        raise NotSimpleError
    limit = _number(condition.value)
    if reference.type == "single":
        # The codes of a plain choice have no size here, so those that fit are named.
        fits = _FITS[condition.operator]
        codes = [code for code in reference.codes.values() if fits(int(code), limit)]
        if not codes:
            raise NotSimpleError
        return _single(_leaf(reference, **{"in": codes}))
    if reference.type not in ("number", "rating") and not reference.row:
        raise NotSimpleError
    return _leaf(reference, **{_SIZES[condition.operator]: limit})


def _number(text: str) -> int | float:
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", text):
        raise NotSimpleError
    return float(text) if "." in text else int(text)


def _joined(word: str, rules: list[Rule]) -> Rule:
    """The rules together; several codes of one answer become one comparison."""
    if word == "any":
        rules = _gathered(rules)
    return rules[0] if len(rules) == 1 else {word: rules}


def _gathered(rules: list[Rule]) -> list[Rule]:
    found: list[Rule] = []
    for rule in rules:
        own = next((name for name in ("is", "in", "any_of") if name in rule), "")
        same = {name: value for name, value in rule.items() if name != own}
        target = "any_of" if own == "any_of" else "in"
        earlier = next((r for r in found if own and _same(r, same, target)), None)
        codes = [rule["is"]] if own == "is" else list(rule.get(own, ()))
        if earlier is not None:
            earlier[target] = list(dict.fromkeys([*earlier[target], *codes]))
        else:
            found.append({**same, target: codes} if own else rule)
    return [_single(rule) for rule in found]


def _same(rule: Rule, same: Rule, target: str) -> bool:
    return target in rule and {n: v for n, v in rule.items() if n != target} == same


def _single(rule: Rule) -> Rule:
    codes = rule.get("in", ())
    if len(codes) != 1:
        return rule
    return {**{n: v for n, v in rule.items() if n != "in"}, "is": codes[0]}

"""What changed in one question between two versions.

Fields are compared by name, so that a new item type needs nothing here: words are wording,
lists of options are compared code by code, and every other field is breaking unless a rule
below says that answers given before keep their meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.items.base import Item, Option, code_list
from survey.items.compared import Compared
from survey.items.grid import Facet, Grid
from survey.items.listed import Listed
from survey.items.number import Number
from survey.items.ranking import Ranking
from survey.version_values import Change, Kind, worded

MEANING = ("passage", "unit")
"""Words that are what an answer is about."""

LIMITS = ("max_length", "other_length")
"""Limits of texts: a stored text that is longer than a new limit stays what it is."""

_ELSEWHERE = {"id", "type", "when"}
_LISTS = {"options", "rows", "facets", "more", "list_name", "scale"}


def item_changes(old: Item, new: Item) -> Iterator[Change]:
    """Every change of one question, its routing left out."""
    if old.type != new.type:
        yield Change(Kind.BREAKING, "item_type", old.id, worded(old.type, new.type))
        return
    for name in type(old).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        listed = name in _LISTS and not isinstance(before, int)
        if before != after and name not in _ELSEWHERE and not listed:
            yield _field(old, new, name)
    yield from _entries(old, new)


def _field(old: Item, new: Item, name: str) -> Change:
    before, after = getattr(old, name), getattr(new, name)
    values = worded(before, after, name=name)
    if name in MEANING:
        return Change(Kind.BREAKING, "meaning", old.id, values)
    if name in old.words or name == "purpose":
        return Change(Kind.WORDING, "text", old.id, values)
    if name in ("min", "max"):
        return _limit(old, new, name)
    if name == "shuffle":
        return Change(Kind.BREAKING, "shuffled", old.id, values)
    return Change(_setting_kind(name, before, after), "setting", old.id, values)


def _setting_kind(name: str, before: object, after: object) -> Kind:
    if name == "rows":
        return Kind.WORDING
    if name in LIMITS:
        return Kind.ADDITIVE
    # More protection, or a part in the analysis that the question did not have.
    milder = {"sensitive": before is False, "role": before is None}
    return Kind.ADDITIVE if milder.get(name, False) else Kind.BREAKING


def _limit(old: Item, new: Item, name: str) -> Change:
    before, after = getattr(old, name), getattr(new, name)
    values = worded(before, after, name=name)
    if isinstance(old, Number) and isinstance(new, Number) and old.origin != new.origin:
        return Change(Kind.BREAKING, "measure", old.id, values)
    if name == "min":
        wider = after < before
    else:
        wider = after is None or (before is not None and after > before)
    kind, code = (Kind.ADDITIVE, "limits_wider") if wider else (Kind.BREAKING, "limits_narrower")
    return Change(kind, code, old.id, values)


def _entries(old: Item, new: Item) -> Iterator[Change]:
    """Changes of options, rows and facets."""
    if isinstance(old, Grid) and isinstance(new, Grid):
        yield from _options(old, old.rows, new.rows, scale=False, shuffled=old.shuffle)
        yield from _facets(old, old.parts, new.parts)
        return
    before: Sequence[Option] = getattr(old, "options", ())
    after: Sequence[Option] = getattr(new, "options", ())
    is_scale = isinstance(old, Listed) and _is_ordered(old)
    yield from _options(
        old,
        before,
        after,
        scale=is_scale,
        shuffled=old.shuffle,
        ranked=isinstance(old, Ranking | Compared),
        values=not isinstance(old, Ranking),
    )


def _is_ordered(item: Item) -> bool:
    return any(question.scale == "ordinal" for question in item.questions())


def _facets(item: Item, old: Sequence[Facet], new: Sequence[Facet]) -> Iterator[Change]:
    after = {facet.id: facet for facet in new}
    for facet in old:
        if facet.id not in after:
            yield Change(Kind.BREAKING, "code_removed", item.id, {"name": facet.id or item.id})
            continue
        for name in ("text", "title") if facet.id else ():
            values = worded(getattr(facet, name), getattr(after[facet.id], name))
            if getattr(facet, name) != getattr(after[facet.id], name):
                named = {**values, "name": name, "code": facet.id}
                yield Change(Kind.WORDING, "code_text", item.id, named)
        yield from _options(item, facet.options, after[facet.id].options, scale=True)
    known = {facet.id for facet in old}
    for facet in new:
        if facet.id not in known:
            yield Change(Kind.ADDITIVE, "code_added", item.id, {"name": facet.id or item.id})
    yield from _order(item, [f.id for f in old], [f.id for f in new])


def _options(
    item: Item,
    old: Sequence[Option],
    new: Sequence[Option],
    *,
    scale: bool,
    shuffled: bool = False,
    ranked: bool = False,
    values: bool = True,
) -> Iterator[Change]:
    """Changes of one list, entry by entry; ``values`` if the data set holds the codes' values."""
    after = {option.code: option for option in new}
    stored = [{code.name: code.value for code in code_list(part)} for part in (old, new)]
    for option in old:
        if option.code not in after:
            yield Change(Kind.BREAKING, "code_removed", item.id, {"name": option.code})
            continue
        yield from _option(item, option, after[option.code])
        before, now = (part[option.code] for part in stored)
        if values and before != now:
            yield Change(
                Kind.BREAKING, "code_value", item.id, worded(before, now, name=option.code)
            )
    known = {option.code for option in old}
    for option in new:
        if option.code not in known:
            yield _added(item, option, scale=scale, shuffled=shuffled, ranked=ranked)
    yield from _order(item, [o.code for o in old], [o.code for o in new])


def _option(item: Item, old: Option, new: Option) -> Iterator[Change]:
    for name in Option.model_fields:
        before, after = getattr(old, name), getattr(new, name)
        # A value counts only as it is stored, which _options compares.
        if before == after or name in ("code", "value"):
            continue
        values = worded(before, after, name=name, code=old.code)
        if name in Option.words:
            yield Change(Kind.WORDING, "code_text", item.id, values)
        else:
            kind = Kind.ADDITIVE if name == "other" and after else Kind.BREAKING
            yield Change(kind, "code_setting", item.id, values)


def _added(item: Item, option: Option, *, scale: bool, shuffled: bool, ranked: bool) -> Change:
    values = {"name": option.code}
    if not option.missing and ranked:
        return Change(Kind.BREAKING, "code_added_ranking", item.id, values)
    if not option.missing and scale:
        return Change(Kind.BREAKING, "code_added_scale", item.id, values)
    if not option.stays_last and shuffled:
        return Change(Kind.BREAKING, "code_added_shuffled", item.id, values)
    return Change(Kind.ADDITIVE, "code_added", item.id, values)


def _order(item: Item, old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    before = [code for code in old if code in new]
    after = [code for code in new if code in old]
    if before != after:
        yield Change(Kind.BREAKING, "code_order", item.id, worded(before, after))

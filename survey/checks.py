"""What the types cannot see: references, repetitions, limits and rules of the craft.

Every check takes the document and yields findings; :data:`CHECKS` lists them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from survey.block_checks import block_checks
from survey.codebook import Missing, Role
from survey.craft_checks import craft_checks
from survey.document import Document, PlacedItem
from survey.evaluation_checks import evaluation_checks
from survey.findings import WARNING, Finding, named, nearest
from survey.item_checks import item_checks
from survey.items.base import LARGEST_VALUE, Item, Option, code_list
from survey.items.grid import Grid
from survey.items.listed import Listed
from survey.items.multiple import Multiple
from survey.items.passage import Passage
from survey.items.ranking import Ranking
from survey.items.rating import Rating
from survey.routing_checks import routing_checks
from survey.study_checks import STUDY_CHECKS
from survey.yaml_source import Path

FULL_RANKING = 6
"""A longer list is asked for its first places only: people cannot order many things."""

LONGEST_NAME = 32
"""Characters of a variable's name that every statistics program takes."""

RESERVED = frozenset(
    {"all", "and", "by", "byte", "double", "else", "eq", "false", "float", "for", "function"}
    | {"ge", "gt", "if", "in", "inf", "int", "le", "long", "lt", "na", "nan", "ne", "next"}
    | {"not", "null", "or", "repeat", "str", "strl", "to", "true", "using", "while", "with"}
)
"""Words that are no names of variables in SPSS, Stata or R."""

PAGE_NAMES = frozenset(
    {"code", "first_code", "go", "homepage", "lang", "screen", "state", "ticket"}
    | {"fehler", "inhalt", "sprachen", "step"}
)
"""Names of fields and of places that every page has of its own; an answer would be lost in them."""

_ONCE = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT)
_ROLE_TYPES = {
    Role.DEPARTMENT: ("single",),
    Role.WORKPLACE: ("single",),
    Role.DISTRICT: ("single",),
    Role.RANKING: ("ranking",),
    Role.ASSESSMENT: ("rating", "grid", "passage"),
    Role.OPEN_TEXT: ("text",),
}

_AGREEMENT = re.compile(r"\b(stimm|triff)\w*\b.*\bzu\b|\b(dis)?agree\b", re.IGNORECASE)

Findings = Iterator[Finding]


def resolved(document: Document, placed: PlacedItem) -> Item:
    """The item with the options of every list that it names."""
    return placed.item.resolved({**document.scales, **document.lists})


def check_document(document: Document) -> tuple[Finding, ...]:
    """All findings beyond the types; warnings among them."""
    return tuple(finding for check in CHECKS for finding in check(document))


# -- references ---------------------------------------------------------------------------


def _references(document: Document) -> Findings:
    known = {"list": document.lists, "scale": document.scales}
    for path, kind, name in _named_lists(document):
        unread = document.findings and not known[kind]
        if name not in known[kind] and not unread:
            allowed = named(known[kind]) or "–"
            values = {"found": name, "allowed": allowed, "guess": nearest(name, known[kind])}
            yield document.finding(f"unknown_{kind}", (*path, kind), **values)
    for name in document.lists:
        if name in document.scales:
            first = document.line(("scales", name))
            place = document.source.key(("lists", name))
            values = {"found": name, "first": first}
            yield Finding("same_name", place.line, place.column, values)


def _named_lists(document: Document) -> Iterator[tuple[Path, str, str]]:
    """Path, kind and name of every reference."""
    for placed in document.items:
        item = placed.item
        if isinstance(item, Listed | Grid) and item.list_name:
            yield placed.path, "list", item.list_name
        if isinstance(item, Rating | Grid | Passage) and item.scale:
            yield placed.path, "scale", item.scale
        if isinstance(item, Grid):
            for i, facet in enumerate(item.facets):
                if facet.scale:
                    yield (*placed.path, "facets", i), "scale", facet.scale


def _unused(document: Document) -> Findings:
    if document.findings:
        return  # a question that could not be read may use them
    used = {(kind, name) for _, kind, name in _named_lists(document)}
    known = {"list": document.lists, "scale": document.scales}
    if any(name not in known[kind] for kind, name in used):
        return  # a mistyped name may mean them
    for kind, names in known.items():
        for name in names:
            if (kind, name) not in used:
                place = document.source.key((f"{kind}s", name))
                yield Finding("unused", place.line, place.column, {"found": name}, WARNING)


def _sources(document: Document) -> Findings:
    """Every item takes its options from exactly one place."""
    for placed in document.items:
        for path, given in _offers(placed):
            present = [name for name, there in given.items() if there]
            if len(present) > 1:
                values = {"name": placed.item.id, "first": present[0], "second": present[1]}
                yield document.finding("two_sources", path, **values)
            elif not present:
                needed = named(given)
                place = document.source.key(path)
                values = {"name": placed.item.id, "needed": needed}
                yield Finding("no_options", place.line, place.column, values)


def _offers(placed: PlacedItem) -> Iterator[tuple[Path, dict[str, bool]]]:
    item = placed.item
    if isinstance(item, Rating):
        yield placed.path, {"scale": bool(item.scale), "options": bool(item.options)}
        if item.list_name:
            yield placed.path, {"scale": True, "list": True}
    elif isinstance(item, Passage):
        own = {"list": bool(item.list_name), "options": bool(item.options)}
        yield placed.path, {**own, "scale": bool(item.scale)}
    elif isinstance(item, Listed):
        yield placed.path, {"list": bool(item.list_name), "options": bool(item.options)}
    elif isinstance(item, Grid):
        yield placed.path, {"list": bool(item.list_name), "rows": bool(item.rows)}
        own = {"scale": bool(item.scale), "options": bool(item.options)}
        yield placed.path, {**own, "facets": bool(item.facets)}
        for i, facet in enumerate(item.facets):
            path = (*placed.path, "facets", i)
            yield path, {"scale": bool(facet.scale), "options": bool(facet.options)}


# -- repetitions --------------------------------------------------------------------------


def _ids(document: Document) -> Findings:
    pages = [((*page.path, "id"), page.section.id) for page in document.pages]
    items = [((*placed.path, "id"), placed.item.id) for placed in document.items]
    facets = [
        ((*placed.path, "facets", i, "id"), f"{placed.item.id}.{facet.id}")
        for placed in document.items
        if isinstance(placed.item, Grid)
        for i, facet in enumerate(placed.item.facets)
    ]
    for group in (pages, items, facets):
        yield from _repeated(document, "duplicate_id", group)


def _repeated(document: Document, code: str, pairs: Iterable[tuple[Path, str]]) -> Findings:
    """A finding for every name that was there before, upper and lower case alike."""
    first: dict[str, Path] = {}
    for path, name in pairs:
        known = first.setdefault(name.casefold(), path)
        if known != path:
            found = name.rpartition(".")[2] if code == "duplicate_id" else name
            yield document.finding(code, path, found=found, first=document.line(known))


def _option_lists(document: Document) -> Iterator[tuple[Path, Sequence[Option]]]:
    """Every list of options as it is written, with its path."""
    for name, options in document.lists.items():
        yield ("lists", name), options
    for name, options in document.scales.items():
        yield ("scales", name, "steps"), options
    for placed in document.items:
        for key in ("options", "rows"):
            options = getattr(placed.item, key, ())
            if isinstance(options, tuple):
                yield (*placed.path, key), options
        if isinstance(placed.item, Grid):
            for i, facet in enumerate(placed.item.facets):
                yield (*placed.path, "facets", i, "options"), facet.options


def _codes(document: Document) -> Findings:
    for path, options in _option_lists(document):
        yield from _list_codes(document, path, options)
    for placed in document.items:
        if isinstance(placed.item, Listed) and placed.item.more:
            listed = document.lists.get(placed.item.list_name, placed.item.options)
            yield from _more_codes(document, placed, [option.code for option in listed])


def _list_codes(document: Document, path: Path, options: Sequence[Option]) -> Findings:
    if len(_raw(document, path)) != len(options):
        return  # an entry could not be read: its place in the file is unknown
    codes = [((*path, i, "code"), option.code) for i, option in enumerate(options)]
    repeated = tuple(_repeated(document, "duplicate_code", codes))
    yield from repeated
    labels = [((*path, i, "label"), option.label) for i, option in enumerate(options)]
    yield from _repeated(document, "duplicate_label", labels)
    yield from _large_codes(document, path, options)
    values: dict[int, str] = {}
    for i, code in enumerate(code_list(options)):
        if code.value >= 0 and not repeated:
            other = values.setdefault(code.value, code.name)
            if other != code.name:
                named_values = {"found": code.name, "other": other, "value": str(code.value)}
                yield document.finding("duplicate_value", (*path, i), **named_values)


def _large_codes(document: Document, path: Path, options: Sequence[Option]) -> Findings:
    """A code that is a number becomes the value, which has to fit into 16 bits."""
    for i, code in enumerate(code_list(options)):
        if code.value > LARGEST_VALUE:
            values = {"found": code.name, "limit": str(LARGEST_VALUE)}
            yield document.finding("large_value", (*path, i, "code"), **values)


def _raw(document: Document, path: Path) -> Sequence[object]:
    part = document.source.data
    for step in path:
        if isinstance(part, dict):
            part = part.get(step, ())
        elif isinstance(part, list) and isinstance(step, int):
            part = part[step]
    return part if isinstance(part, list) else ()


def _more_codes(document: Document, placed: PlacedItem, listed: Sequence[str]) -> Findings:
    item = placed.item
    assert isinstance(item, Listed)
    for i, option in enumerate(item.more):
        path = (*placed.path, "more", i, "code")
        if option.code in listed:
            first = document.line(("lists", item.list_name, listed.index(option.code)))
            yield document.finding("duplicate_code", path, found=option.code, first=first)
    yield from _large_codes(document, (*placed.path, "more"), item.more)
    pairs = [((*placed.path, "more", i, "code"), o.code) for i, o in enumerate(item.more)]
    yield from _repeated(document, "duplicate_code", pairs)


def _variables(document: Document) -> Findings:
    """Names of variables: at most 32 characters, no word of a program, each only once."""
    first: dict[str, Path] = {}
    for placed in document.items:
        path = (*placed.path, "id")
        if placed.item.id in PAGE_NAMES:
            yield document.finding("page_name", path, found=placed.item.id)
        questions = resolved(document, placed).questions()
        names = [v.name for question in questions for v in question.variables]
        longest = max(names, key=len, default="")
        if len(longest) > LONGEST_NAME:
            values = {"found": longest, "length": str(len(longest))}
            yield document.finding("long_variable", path, **values)
        for name in dict.fromkeys([*(question.id for question in questions), *names]):
            if name.casefold() in RESERVED:
                yield document.finding("reserved_name", path, found=name)
            known = first.setdefault(name.casefold(), path)
            if known != path and name.casefold() != placed.item.id.casefold():
                line = document.line(known)
                yield document.finding("same_variable", path, found=name, first=line)


# -- rules of the craft -------------------------------------------------------------------


def _lengths(document: Document) -> Findings:
    for placed in document.items:
        item = resolved(document, placed)
        if not isinstance(item, Listed) or not item.choices or not _read_fully(document, placed):
            continue
        count = len(item.choices)
        if count < 2:
            place = document.source.key(placed.path)
            yield Finding("too_few", place.line, place.column, {"name": item.id})
        elif isinstance(item, Ranking):
            yield from _ranking(document, placed.path, item, count)
        elif isinstance(item, Multiple) and item.at_most and item.at_most > count:
            values = {"name": item.id, "found": str(item.at_most), "limit": str(count)}
            yield document.finding("too_many", (*placed.path, "at_most"), **values)


def _read_fully(document: Document, placed: PlacedItem) -> bool:
    """Whether every entry of the list that an item names could be read."""
    name = getattr(placed.item, "list_name", "")
    return len(_raw(document, ("lists", name))) == len(document.lists.get(name, ()))


def _ranking(document: Document, path: Path, item: Ranking, count: int) -> Findings:
    if item.depth > count:
        values = {"found": str(item.depth), "limit": str(count)}
        yield document.finding("rank_depth", (*path, "depth"), **values)
    elif item.places > FULL_RANKING:
        where = (*path, "depth") if item.depth else (*path, "type")
        values = {"found": str(count), "limit": str(FULL_RANKING)}
        yield document.finding("rank_full", where, **values)


def _scales(document: Document) -> Findings:
    """Every step in words; no scales of agreement; a way to say "don't know"."""
    lists = dict(_option_lists(document))
    for name in document.scales:
        yield from _steps(document, ("scales", name, "steps"), document.scales[name])
    for placed in document.items:
        if isinstance(placed.item, Rating | Grid):
            path: Path = (*placed.path, "options")
            yield from _steps(document, path, lists.get(path, ()))
            for i in range(len(getattr(placed.item, "facets", ()))):
                path = (*placed.path, "facets", i, "options")
                yield from _steps(document, path, lists.get(path, ()))


def _steps(document: Document, path: Path, options: Sequence[Option]) -> Findings:
    if not options:
        return
    for i, option in enumerate(options):
        if not re.search(r"[^\W\d_]", option.label):
            yield document.finding("numbered_step", (*path, i, "label"), found=option.label)
    agreement = [i for i, o in enumerate(options) if _AGREEMENT.search(o.label)]
    if agreement:
        yield document.finding("agree_scale", (*path, agreement[0], "label"), WARNING)
    if all(option.missing != Missing.DONT_KNOW.name.lower() for option in options):
        place = document.source.key(path[:-1] if path[-1] == "steps" else path)
        yield Finding("no_dont_know", place.line, place.column, {}, WARNING)


def _roles(document: Document) -> Findings:
    first: dict[Role, Path] = {}
    for placed in document.items:
        role = placed.item.role
        if role is None:
            continue
        path = (*placed.path, "role")
        types = _ROLE_TYPES.get(role)
        if types and placed.item.type not in types:
            yield document.finding("role_type", path, found=role.value, allowed=named(types))
        known = first.setdefault(role, path)
        if role in _ONCE and known != path:
            line = document.line(known)
            yield document.finding("role_twice", path, found=role.value, first=line)


def _craft(document: Document) -> Findings:
    items = [(placed, resolved(document, placed)) for placed in document.items]
    yield from craft_checks(document, items)
    by_id = {item.id: item for _, item in items}
    yield from evaluation_checks(document, by_id)
    yield from item_checks(document, by_id)
    yield from routing_checks(document, by_id)


CHECKS: tuple[Callable[[Document], Findings], ...] = (
    _references,
    _unused,
    _sources,
    _ids,
    _codes,
    _variables,
    _lengths,
    _scales,
    _roles,
    _craft,
    block_checks,
    *STUDY_CHECKS,
)

"""Rules of the craft: what can be read but should not be asked so; mostly notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from survey import duration
from survey.codebook import Role, Scale
from survey.document import Document, PlacedItem
from survey.evaluation_checks import ATTRIBUTES
from survey.findings import WARNING, Finding
from survey.items.base import Item, Option
from survey.items.multiple import Multiple
from survey.items.single import Single
from survey.study import Regime
from survey.yaml_source import Path

MOST_DEMOGRAPHICS = 2

FIRST_PAGE, FIRST_PAGE_WORDS = ("council_question", "purpose", "next_steps"), 60
"""Texts of a study on the first page of its dossier, and their most words there."""

VARIABLE_BYTES, VALUE_BYTES = 256, 120
"""What an SPSS file keeps of the label of a variable and of a value, in bytes of UTF-8."""

UNEVEN_RATIO, UNEVEN_GAP = 1.5, 15
"""How many times and how many characters longer than the shortest an option may be."""

BUDGETS: Mapping[Regime, int] = {Regime.CENSUS_ATTEMPT: 10, Regime.OPEN_PARTICIPATION: 5}
"""Minutes on a phone after which many break off."""

_AND = {"de": r" (und|sowie) ", "en": r" (and|as well as) "}
_NONE = re.compile(r"\b(kein\w*|nichts|weder|none|nothing|neither)\b", re.IGNORECASE)

Findings = Iterator[Finding]


def _language(document: Document) -> str:
    return document.study.language if document.study else "de"


# -- questions ----------------------------------------------------------------------------


def _double(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """One answer to two questions says nothing; a free text can answer both."""
    pattern = re.compile(_AND[_language(document)])
    for placed, item in items:
        if all(question.scale is Scale.TEXT for question in item.questions()):
            continue
        for path in _stems(placed):
            found = pattern.search(_asked(_text(document, path)))
            if found:
                yield document.finding("double_question", path, WARNING, found=found[1])


def _stems(placed: PlacedItem) -> Iterator[Path]:
    """Where the wording of a question stands; that of a grid with facets stands there."""
    facets = getattr(placed.item, "facets", ())
    for i in range(len(facets)):
        yield (*placed.path, "facets", i, "text")
    if not facets:
        yield (*placed.path, "text")


def _asked(text: str) -> str:
    """The sentences of a text that end with a question mark; all of it if none does."""
    return " ".join(re.findall(r"[^.!?:]*\?", text)) or text


def _text(document: Document, path: Path) -> str:
    part = document.source.data
    for step in path:
        part = part[step]
    return str(part)


def _preferences(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """A choice needs a way out, and options that are alike in length."""
    for placed, item in items:
        options: Sequence[Option] = getattr(item, "choices", ())
        if item.role not in (Role.PREFERENCE, Role.RANKING) or len(options) < 2:
            continue
        choice = item.role is Role.PREFERENCE and isinstance(item, Single | Multiple)
        if choice and not any(_NONE.search(option.label) for option in options):
            place = document.source.key(placed.path)
            yield Finding("no_none", place.line, place.column, {}, WARNING)
        lengths = {len(o.label) + len(o.help): o.label for o in options if not o.stays_last}
        longest, shortest = max(lengths, default=0), min(lengths, default=0)
        if longest > max(shortest * UNEVEN_RATIO, shortest + UNEVEN_GAP):
            values = {"found": str(longest), "limit": str(shortest), "name": lengths[shortest]}
            place = document.source.key(placed.path)
            yield Finding("uneven_options", place.line, place.column, values, WARNING)


def _persons(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """Few questions about the person, each with its purpose."""
    asked = 0
    for placed, item in items:
        path = (*placed.path, "role")
        asked += item.role is Role.DEMOGRAPHIC
        if item.role is Role.DEMOGRAPHIC and asked > MOST_DEMOGRAPHICS:
            values = {"found": str(asked), "limit": str(MOST_DEMOGRAPHICS)}
            yield document.finding("many_demographics", path, WARNING, **values)
        if item.role in ATTRIBUTES and not item.purpose.strip():
            yield document.finding("no_purpose", path, WARNING, name=item.id)


# -- labels in other programs -------------------------------------------------------------


def _bytes(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    for placed, item in items:
        labels = [(v.label, VARIABLE_BYTES) for q in item.questions() for v in q.variables]
        codes = (code for q in item.questions() for v in q.variables for code in v.codes)
        labels += [(code.label, VALUE_BYTES) for code in codes]
        long = {(label, limit) for label, limit in labels if len(label.encode()) > limit}
        places = _label_places(document, placed) if long else {}
        for label, limit in long:
            path = places.get(label, (*placed.path, "text"))
            code = "long_question" if limit == VARIABLE_BYTES else "long_answer"
            values = {"found": str(len(label.encode())), "limit": str(limit)}
            yield document.finding(code, path, WARNING, **values)


def _label_places(document: Document, placed: PlacedItem) -> dict[str, Path]:
    """Path of every text that can become a label, by the text, for one item."""
    found: dict[str, Path] = {}
    roots: list[Path] = [("lists",), ("scales",), placed.path]
    for root in roots:
        part = document.source.data
        for step in root:
            part = part.get(step) or {} if isinstance(part, dict) else part[step]
        for path, text in _labels(part, root):
            found[text] = path
    return found


def _labels(part: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part, dict):
        for key, below in part.items():
            if key in ("label", "text") and isinstance(below, str):
                yield (*path, key), below
            else:
                yield from _labels(below, (*path, key))
    elif isinstance(part, list):
        for i, below in enumerate(part):
            yield from _labels(below, (*path, i))


# -- the whole ----------------------------------------------------------------------------


def _time(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """Announced against estimated minutes; each text of a reading study is sent on its own."""
    study = document.study
    if study is None or document.findings:
        return
    needed = [_minutes(document, items, text.id) for text in document.texts]
    longest = max(needed, default=0) or _minutes(document, items, "")
    budget = BUDGETS.get(study.regime, longest)
    if longest > budget:
        place = document.source.key(("pages",))
        values = {"found": str(longest), "limit": str(budget)}
        yield Finding("over_budget", place.line, place.column, values, WARNING)
    announced: list[tuple[Path, int, int]] = [(("study", "minutes"), study.minutes, longest)]
    for i, text in enumerate(document.texts):
        announced.append((("texts", i, "minutes"), text.minutes, needed[i]))
    for path, said, estimated in announced:
        if 0 < said < estimated:
            values = {"found": str(said), "limit": str(estimated)}
            yield document.finding("minutes_short", path, WARNING, **values)


def _minutes(document: Document, items: Sequence[tuple[PlacedItem, Item]], text: str) -> int:
    """Estimate for the pages of one text and those that belong to none."""
    pages = [page for page in document.pages if page.section.text in ("", text)]
    paths = {page.path for page in pages}
    shown = (item for placed, item in items if placed.path[:2] in paths)
    return duration.minutes(shown, (page.section.intro for page in pages))


def _plain(document: Document, _items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """The name Leichte Sprache is reserved for texts that a review group has tested."""
    if document.study is None or document.study.review_group.strip():
        return
    for path, text in _texts(document.source.data, ()):
        if re.search(r"\bLeichte[rn]? Sprache\b", text):
            yield document.finding("no_review_group", path)


def _texts(part: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(part, str):
        yield path, part
    elif isinstance(part, dict):
        for key, below in part.items():
            yield from _texts(below, (*path, key))
    elif isinstance(part, list):
        for i, below in enumerate(part):
            yield from _texts(below, (*path, i))


def _first_page(document: Document, _items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """The first page of a dossier is read in a minute; longer texts are cut to whole sentences."""
    for name in FIRST_PAGE if document.study is not None else ():
        words = len(str(getattr(document.study, name)).split())
        if words > FIRST_PAGE_WORDS:
            values = {"found": str(words), "limit": str(FIRST_PAGE_WORDS)}
            yield document.finding("long_first_page", ("study", name), WARNING, **values)


_CHECKS = (_double, _preferences, _persons, _bytes, _time, _plain, _first_page)


def craft_checks(document: Document, items: Sequence[tuple[PlacedItem, Item]]) -> Findings:
    """All findings about the craft; ``items`` are the document's, with their lists resolved."""
    for check in _CHECKS:
        yield from check(document, items)

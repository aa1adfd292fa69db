"""What changed between two versions of a questionnaire, and whether answers can stay together.

A change is *wording* if answers before and after mean the same, *additive* if answers given
before keep their codes and values and merely lack something, and *breaking* if they cannot be
put together with those given after, or if a promise no longer holds. What this module does
not know is breaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any

from survey.findings import LANGUAGES
from survey.instrument import BaseText, Instrument, Page, Questionnaire
from survey.items.base import Item
from survey.shuffles import moving_items
from survey.study import Evaluation, Study
from survey.version_items import item_changes
from survey.version_sentences import VERDICTS
from survey.version_values import Change, Kind, worded

__all__ = ["Change", "Difference", "Kind", "compare", "size_changes"]

STUDY = "study"
"""Stands for the study where a change names an item."""

PROMISES = ("id", "regime", "access", "opening", "opens", "language")
"""What respondents have been told about who answers, how and under which key."""

HEADCOUNTS = ("frame", "composition")

WORDS = (
    *("title", "population", "contact", "commissioner", "purpose", "retention"),
    *("council_question", "council_paper", "next_steps", "minutes", "welcome", "phases"),
    *("review_group", "delete_on"),
)
"""Fields of the study that say something and decide nothing."""

MARKS = ("demo", "simulation", "server_keys")
"""Set by the installation, not by an author."""


@dataclass(frozen=True)
class Difference:
    """All changes between two versions, in the order of the questionnaire."""

    changes: tuple[Change, ...]

    @property
    def kind(self) -> Kind | None:
        """The heaviest class; None if nothing changed."""
        return max((c.kind for c in self.changes), key=lambda kind: kind.weight, default=None)

    @property
    def breaking(self) -> tuple[Change, ...]:
        """The changes that keep answers apart."""
        return tuple(change for change in self.changes if change.kind is Kind.BREAKING)

    def verdict(self, language: str) -> str:
        """One sentence about all changes together."""
        return VERDICTS[self.kind.value if self.kind else "same"][LANGUAGES.index(language)]

    def to_raw(self, language: str) -> dict[str, Any]:
        """The difference for other programs."""
        changes = [
            {
                "class": change.kind.value,
                "code": change.code,
                "item": change.item,
                "language": change.language,
                "message": change.sentence(language),
            }
            for change in self.changes
        ]
        return {"class": self.kind.value if self.kind else "same", "changes": changes}


def compare(old: Questionnaire, new: Questionnaire) -> Difference:
    """Every change from ``old`` to ``new``, in all languages."""
    return Difference(
        (
            *_study(old.study, new.study),
            *_instrument(old.instrument, new.instrument),
            *_languages(old, new),
        )
    )


def size_changes(old: int, new: int) -> tuple[Change, ...]:
    """The change of the bytes that a ballot may need, if older and newer ones would differ."""
    return (Change(Kind.BREAKING, "ballot_size", STUDY, worded(old, new)),) if new > old else ()


def _study(old: Study, new: Study) -> Iterator[Change]:
    for name in (field.name for field in fields(Study)):
        before, after = getattr(old, name), getattr(new, name)
        if before == after or name in MARKS:
            continue
        if name in WORDS:
            yield from _words(name, before, after)
        elif name in PROMISES:
            yield Change(Kind.BREAKING, "study_promise", STUDY, worded(before, after, name=name))
        elif name == "closes":
            yield _end(before, after)
        elif name == "rules":
            yield from _rules(before, after)
        elif name == "evaluations":
            yield from _evaluations(before, after)
        elif name == "weights":
            yield Change(Kind.ADDITIVE, "weights", STUDY)
        elif name in HEADCOUNTS:
            yield Change(Kind.ADDITIVE, "headcounts", STUDY)
        else:
            values = worded(str(before), str(after), name=name)
            yield Change(Kind.BREAKING, "study_promise", STUDY, values)


def _words(name: str, old: Any, new: Any) -> Iterator[Change]:
    """Changed texts of the study, each part of the start page on its own."""
    if isinstance(old, Mapping):
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                values = worded(old.get(key), new.get(key), name=f"{name}.{key}")
                yield Change(Kind.WORDING, "text", STUDY, values)
        return
    if isinstance(old, tuple):
        old, new = ([" ".join(astuple(part)) for part in parts] for parts in (old, new))
    yield Change(Kind.WORDING, "text", STUDY, worded(old, new, name=name))


def _end(old: Any, new: Any) -> Change:
    later = new is None or (old is not None and new > old)
    kind, code = (Kind.ADDITIVE, "extended") if later else (Kind.BREAKING, "shortened")
    return Change(kind, code, STUDY, worded(old, new))


def _rules(old: Mapping[str, int], new: Mapping[str, int]) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before != after:
            raised = after is not None and (before is None or after > before)
            kind, code = (
                (Kind.ADDITIVE, "rule_raised") if raised else (Kind.BREAKING, "rule_lowered")
            )
            yield Change(kind, code, STUDY, worded(before, after, name=name))


def _evaluations(old: Sequence[Evaluation], new: Sequence[Evaluation]) -> Iterator[Change]:
    if set(old) - set(new):
        yield Change(Kind.ADDITIVE, "evaluation_removed", STUDY)
    if set(new) - set(old):
        yield Change(Kind.BREAKING, "evaluation_added", STUDY)


def _instrument(old: Instrument, new: Instrument) -> Iterator[Change]:
    if old.version != new.version:
        yield Change(Kind.WORDING, "version", STUDY, worded(old.version, new.version))
    yield from _base_texts(old.texts, new.texts)
    yield from _pages(old.pages, new.pages)
    yield from _shown_orders(old, new)
    before, after = _placed(old), _placed(new)
    for id, (page, item) in before.items():
        if id not in after:
            yield Change(Kind.BREAKING if item.asks else Kind.WORDING, "item_removed", id)
        else:
            yield from _item(page, item, *after[id])
    asked = [id for id, (_, item) in before.items() if item.asks and id in after]
    yield from _item_order(asked, list(after))
    for id in after:
        if id not in before:
            yield Change(Kind.ADDITIVE, "item_added", id)


def _placed(instrument: Instrument) -> dict[str, tuple[Page, Item]]:
    return {item.id: (page, item) for page in instrument.pages for item in page.items}


def _item(old_page: Page, old: Item, new_page: Page, new: Item) -> Iterator[Change]:
    if old_page.text != new_page.text:
        values = worded(old_page.text, new_page.text)
        yield Change(Kind.BREAKING, "item_section", old.id, values)
    if (old_page.when, old.when) != (new_page.when, new.when):
        yield Change(Kind.BREAKING, "routing", old.id)
    if old_page.id != new_page.id:
        yield Change(Kind.ADDITIVE, "item_page", old.id, worded(old_page.id, new_page.id))
    yield from item_changes(old, new)


def _item_order(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """The questions that stand elsewhere, as few as explain the new order."""
    places = {id: place for place, id in enumerate(after)}
    matcher = SequenceMatcher(None, before, sorted(before, key=places.__getitem__), autojunk=False)
    kept = {
        id
        for block in matcher.get_matching_blocks()
        for id in before[block.a : block.a + block.size]
    }
    for id in before:
        if id not in kept:
            yield Change(Kind.BREAKING, "item_order", id)


def _pages(old: Sequence[Page], new: Sequence[Page]) -> Iterator[Change]:
    after = {page.id: page for page in new}
    for page in old:
        for name in ("title", "intro"):
            if page.id in after and getattr(page, name) != getattr(after[page.id], name):
                values = worded(getattr(page, name), getattr(after[page.id], name), name=name)
                yield Change(Kind.WORDING, "page_text", page.id, values)


def _shown_orders(old: Instrument, new: Instrument) -> Iterator[Change]:
    """Shuffled pages and blocks whose orders before and after cannot be counted together."""
    after = {page.id: page for page in new.pages}
    for page in old.pages:
        now = after.get(page.id)
        if now and _moving(page) != _moving(now):
            values = worded(_moving(page), _moving(now))
            yield Change(Kind.BREAKING, "page_shuffled", page.id, values)
        if now and page.block != now.block:
            yield Change(Kind.BREAKING, "page_block", page.id, worded(page.block, now.block))
    known = {page.id for page in old.pages}
    for page in new.pages:
        if page.id not in known and page.shuffle and any(i in _placed(old) for i in _moving(page)):
            yield Change(Kind.BREAKING, "page_shuffled", page.id, worded((), _moving(page)))
    groups = [{group.name: group.blocks for group in part.blocks} for part in (old, new)]
    for name in dict.fromkeys([*groups[0], *groups[1]]):
        before, now_blocks = (part.get(name, ()) for part in groups)
        if before != now_blocks:
            values = worded(before, now_blocks, name=name)
            yield Change(Kind.BREAKING, "blocks", STUDY, values)


def _moving(page: Page) -> tuple[str, ...]:
    """Ids of the items that change places, in the author's order."""
    return tuple(item.id for item in moving_items(page.items)) if page.shuffle else ()


def _base_texts(old: Sequence[BaseText], new: Sequence[BaseText]) -> Iterator[Change]:
    after = {text.id: text for text in new}
    for text in old:
        if text.id not in after:
            yield Change(Kind.BREAKING, "text_removed", text.id)
            continue
        for name in ("title", "minutes", "version"):
            before, now = getattr(text, name), getattr(after[text.id], name)
            if before != now:
                edition = name == "version"
                kind, code = (Kind.BREAKING, "meaning") if edition else (Kind.WORDING, "text")
                yield Change(kind, code, text.id, worded(before, now, name=name))
    known = [text.id for text in old if text.id in after]
    for text in new:
        if text.id not in known:
            # A study without texts has ballots that belong to none.
            yield Change(Kind.ADDITIVE if old else Kind.BREAKING, "text_added", text.id)
    if known != [text.id for text in new if text.id in known]:
        yield Change(Kind.WORDING, "text_order", STUDY)


def _languages(old: Questionnaire, new: Questionnaire) -> Iterator[Change]:
    for tag in old.languages[1:]:
        if tag not in new.languages:
            yield Change(Kind.BREAKING, "language_removed", STUDY, worded(tag, ""))
        elif tag != new.languages[0]:
            yield from _translation(old, new, tag)
    for tag in new.languages[1:]:
        if tag not in old.languages:
            yield Change(Kind.ADDITIVE, "language_added", STUDY, worded("", tag))


def _translation(old: Questionnaire, new: Questionnaire, tag: str) -> Iterator[Change]:
    """Changed texts of a translation; everything else is a change of the source as well."""
    if old.language(tag) != new.language(tag):
        yield Change(Kind.WORDING, "language_state", STUDY, language=tag)
    (old_study, before), (new_study, after) = old.in_language(tag), new.in_language(tag)
    changes = (*_study(old_study, new_study), *_instrument(before, after))
    for change in changes:
        if change.code in ("text", "meaning", "code_text", "page_text"):
            # What an answer is about stands in the source; a translation only says it.
            yield replace(change, kind=Kind.WORDING, code=_as_text(change.code), language=tag)


def _as_text(code: str) -> str:
    return "text" if code == "meaning" else code

"""What of a questionnaire is to be translated, and the questionnaire with other texts.

The parts of the questionnaire say themselves which of their fields a respondent reads
(``words``). From that follows the shape of every translation file, and a translated
questionnaire differs from its source in nothing but these fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from survey.document import Document
from survey.items.base import Item, Model, Option
from survey.yaml_source import Path

M = TypeVar("M", bound=Model)

ADDABLE = ("help", "intro")
"""Texts that a translation may have where the source has none: some readers need more words."""

_GROUPS = {"more": "options"}
"""A translator finds all options of a question in one place, wherever the source has them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One text; empty where the source has none and a translation may add one."""

    text: str


@dataclass
class Branch:
    """Texts that belong together, by key; ``listed`` if they stand in a list.

    ``short`` is the part that a bare text in place of the branch stands for.
    """

    parts: dict[str | int, Branch | Slot] = field(default_factory=dict)
    short: str = ""
    listed: bool = False


def texts_of(document: Document) -> Branch:
    """The texts of a questionnaire in the shape of a translation file."""
    root = Branch()
    if document.study:
        root.parts["study"] = _branch(document.study)
    options = {"scales": document.scales, "lists": document.lists}
    for kind, named in options.items():
        root.parts[kind] = Branch({name: _list(entries) for name, entries in named.items()})
    root.parts["texts"] = Branch({text.id: _branch(text) for text in document.texts})
    root.parts["pages"] = Branch({p.section.id: _branch(p.section) for p in document.pages})
    root.parts["items"] = Branch({p.item.id: _branch(p.item) for p in document.items})
    return Branch({name: part for name, part in root.parts.items() if any(leaves(part))})


def _list(options: Sequence[Option]) -> Branch:
    return Branch({option.code: _branch(option) for option in options})


def _branch(model: Model) -> Branch:
    branch = Branch()
    for name in model.words:
        value = getattr(model, name)
        if isinstance(value, Mapping):
            branch.parts[name] = Branch({key: Slot(text) for key, text in value.items()})
        elif value or name in ADDABLE:
            branch.parts[name] = Slot(value)
    for name, parts in _nested(model):
        group = branch.parts.setdefault(_GROUPS.get(name, name), Branch())
        assert isinstance(group, Branch)
        group.parts |= {step: _branch(part) for step, part in parts}
        group.listed = isinstance(parts[0][0], int)
    texts = [name for name, part in branch.parts.items() if isinstance(part, Slot)]
    if isinstance(model, Option) or len(texts) == len(branch.parts) == 1:
        branch.short = str(texts[0])
    return branch


def _nested(model: M) -> Iterator[tuple[str, list[tuple[str | int, Model]]]]:
    """The fields that hold further parts with words, each part by code, id or place."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, tuple) and value and isinstance(value[0], Model) and value[0].words:
            yield name, [(_step(part, place), part) for place, part in enumerate(value)]


def _step(part: Model, place: int) -> str | int:
    name = getattr(part, "code", None) or getattr(part, "id", None)
    return place if name is None else str(name)


def leaves(part: Branch | Slot, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Path and source text of everything that a complete translation has."""
    if isinstance(part, Slot):
        if part.text:
            yield path, part.text
        return
    for step, child in part.parts.items():
        yield from leaves(child, (*path, step))


def translated(document: Document, texts: Mapping[Path, str]) -> Document:
    """The questionnaire with the given texts; a text that is not given stays as it is."""
    pages = tuple(
        replace(
            page,
            section=_with(page.section, ("pages", page.section.id), texts),
            items=tuple(
                replace(placed, item=_with(placed.item, ("items", placed.item.id), texts))
                for placed in page.items
            ),
        )
        for page in document.pages
    )
    return replace(
        document,
        study=_with(document.study, ("study",), texts) if document.study else None,
        scales=_options("scales", document.scales, texts),
        lists=_options("lists", document.lists, texts),
        texts=tuple(_with(text, ("texts", text.id), texts) for text in document.texts),
        pages=pages,
    )


def _options(
    kind: str, named: Mapping[str, Sequence[Option]], texts: Mapping[Path, str]
) -> dict[str, tuple[Option, ...]]:
    return {
        name: tuple(_with(option, (kind, name, option.code), texts) for option in options)
        for name, options in named.items()
    }


def _with(model: M, path: Path, texts: Mapping[Path, str]) -> M:
    changed: dict[str, object] = {}
    for name in model.words:
        value = getattr(model, name)
        if isinstance(value, Mapping):
            changed[name] = {k: texts.get((*path, name, k), text) for k, text in value.items()}
        elif (*path, name) in texts:
            changed[name] = texts[*path, name]
    for name, parts in _nested(model):
        group = (*path, _GROUPS.get(name, name))
        changed[name] = tuple(_with(part, (*group, step), texts) for step, part in parts)
    if isinstance(model, Item):
        return model.replaced(**changed)
    return model.model_copy(update=changed)

"""One change between two versions: its class, its place, its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel

from survey.findings import LANGUAGES
from survey.version_sentences import CHANGES, CLASSES

LONGEST = 60
"""Characters of a text that a sentence quotes."""


class Kind(StrEnum):
    """The class of a change, the mildest first."""

    WORDING = "wording"
    ADDITIVE = "additive"
    BREAKING = "breaking"

    @property
    def weight(self) -> int:
        """0, 1 or 2: the heavier class decides."""
        return list(Kind).index(self)

    def name_in(self, language: str) -> str:
        """The class in words."""
        return CLASSES[self.value][LANGUAGES.index(language)]


@dataclass(frozen=True)
class Change:
    """One change of an item, page, text or of the study; ``values`` fill its sentence.

    ``item`` is the id of what changed (``study`` for the study itself), ``language`` the tag
    of the translation in which a text changed, empty for the source language.
    """

    kind: Kind
    code: str
    item: str
    values: Mapping[str, str] = field(default_factory=dict)
    language: str = ""

    def sentence(self, language: str) -> str:
        """What changed, in plain words."""
        return CHANGES[self.code][LANGUAGES.index(language)].format_map(self.values)

    def line(self, language: str) -> str:
        """Class, place and sentence."""
        place = f"{self.item} [{self.language}]" if self.language else self.item
        return f"{self.kind.name_in(language)}: {place}: {self.sentence(language)}"


def shown(value: object) -> str:
    """A value as a sentence quotes it, long texts shortened.

    >>> shown(True), shown(None), shown(("a", "b")), len(shown("x" * 100))
    ('true', '–', 'a, b', 60)
    """
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or value == "":
        return "–"
    if isinstance(value, BaseModel):
        value = value.model_dump_json(by_alias=True, exclude_defaults=True)
    if isinstance(value, tuple | list):
        value = ", ".join(shown(part) for part in value) or "–"
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def worded(old: object, new: object, **more: object) -> dict[str, str]:
    """The values of a sentence that quotes what was and what is; differing ends stay visible.

    >>> worded("Ja " * 40, "Ja " * 39 + "nein")["new"][-5:]
    ' nein'
    """
    values = {name: shown(value) for name, value in more.items()}
    before, after = shown(old), shown(new)
    if before == after and isinstance(old, str) and isinstance(new, str):
        before, after = _around_difference(old, new)
    return {**values, "old": before, "new": after}


def _around_difference(old: str, new: str) -> tuple[str, str]:
    old, new = " ".join(old.split()), " ".join(new.split())
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
    start = max((min(len(old), len(new)) if same is None else same) - LONGEST // 3, 0)
    return tuple(  # type: ignore[return-value]
        ("…" if start else "")
        + text[start : start + LONGEST - 2]
        + ("…" if len(text) > start + LONGEST - 2 else "")
        for text in (old, new)
    )

"""What a file format can hold of names and labels, checked before anything is written.

SPSS cuts a variable label at 256 and a value label at 120 bytes without a word, Stata a
variable label at 80 characters. Here a label that does not fit is refused, or shortened where
that was asked for, and then named.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reports.errors import DisclosureError
from reports.row_formats.columns import Column

SHOWN = 20
"""So many labels that do not fit are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one format; ``unit`` says whether labels are counted in bytes."""

    program: str
    label: int
    value: int
    name: int
    unit: str = "bytes"
    reserved: frozenset[str] = frozenset()

    def size(self, text: str) -> int:
        """Length of a variable label in the format's own unit."""
        return len(text.encode()) if self.unit == "bytes" else len(text)


_SPSS_WORDS = frozenset(
    ("all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with")
)
_STATA_WORDS = frozenset(
    {"_all", "_b", "_coef", "_cons", "_n", "_pi", "_pred", "_rc", "_skip", "alias", "byte"}
) | {"double", "float", "if", "in", "int", "long", "str", "strl", "using", "with"}
SPSS = Limits(
    "SPSS",
    label=256,
    value=120,
    name=64,
    reserved=_SPSS_WORDS,
)
STATA = Limits(
    "Stata",
    label=80,
    value=32_000,
    name=32,
    unit="characters",
    reserved=_STATA_WORDS,
)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Names and labels that fit, by the names of the columns, and what was changed."""

    names: Mapping[str, str]
    labels: Mapping[str, str]
    values: Mapping[str, Mapping[int, str]]
    notes: tuple[str, ...]


def fitted(columns: Iterable[Column], limits: Limits, *, shorten: bool) -> Fitted:
    """Names and labels within the limits of a format.

    Raises ``DisclosureError`` that lists every label that is too long, unless they may be
    shortened.
    """
    columns = tuple(columns)
    names = _names(columns, limits)
    notes = [
        f"column {old} is called {new} in the file: {limits.program} does not allow the name"
        for old, new in names.items()
        if old != new
    ]
    too_long: list[str] = []
    labels, values = {}, {}
    for column in columns:
        labels[column.name] = _fit(
            column.label, limits.label, limits, f"label of {column.name}", too_long
        )
        values[column.name] = {
            value: _fit(text, limits.value, BYTES, f"label of {column.name} = {value}", too_long)
            for value, text in (*column.labels.items(), *column.reasons.items())
        }
    if too_long and not shorten:
        raise DisclosureError(_refusal(limits, too_long))
    notes += [f"shortened: {text}" for text in too_long]
    return Fitted(names, labels, values, tuple(notes))


BYTES = Limits("", 0, 0, 0)


def _refusal(limits: Limits, too_long: list[str]) -> str:
    more = [f"… and {len(too_long) - SHOWN} more"] if len(too_long) > SHOWN else []
    listed = "\n".join([*too_long[:SHOWN], *more])
    return (
        f"{limits.program} would cut {len(too_long)} labels; nothing was handed over:\n{listed}\n"
        "Shorten them in the questionnaire, or allow it here with --shorten-labels (the full "
        "texts stand in the codebook beside the file)"
    )


def _fit(text: str, limit: int, limits: Limits, what: str, too_long: list[str]) -> str:
    text = " ".join(text.split())
    size = limits.size(text)
    if size <= limit:
        return text
    too_long.append(f"{what}: {size} {limits.unit}, allowed are {limit}: “{text[:40]}…”")
    return shortened(text, limit, limits)


def shortened(text: str, limit: int, limits: Limits) -> str:
    """The beginning of a text with an ellipsis, within a limit; no character is cut in two.

    >>> shortened("Grünflächen und Friedhöfe", 16, SPSS)
    'Grünflächen…'
    """
    while text and limits.size(text + "…") > limit:
        text = text[:-1]
    words = text.rsplit(" ", 1)
    kept = words[0] if len(words) == 2 and len(words[0]) > len(text) // 2 else text
    return kept.rstrip() + "…"


def _names(columns: Iterable[Column], limits: Limits) -> dict[str, str]:
    """Names that the format allows and that stay different when case is ignored."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for column in columns:
        name = column.name
        allowed = re.fullmatch(rf"[A-Za-z][A-Za-z0-9_]{{0,{limits.name - 1}}}", name)
        taken = name.casefold() in used or name.casefold() in limits.reserved
        numbered = re.fullmatch(r"str\d+", name)
        if not allowed or taken or name.endswith("_") or numbered:
            mark = hashlib.sha256(name.encode()).hexdigest()[:6]
            plain = re.sub(r"[^A-Za-z0-9_]", "_", name)[: limits.name - 8].lstrip("_")
            name = f"{plain if plain[:1].isalpha() else 'v' + plain}_{mark}"
        used.add(name.casefold())
        found[column.name] = name
    return found

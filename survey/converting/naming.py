"""Identifiers and codes of other tools as ones that every statistics program takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from survey.checks import LONGEST_NAME, PAGE_NAMES, RESERVED
from survey.converting.source_model import Choice

LONGEST_CODE = 24
"""Characters of a code that stands alone in a variable."""

LONGEST_PART = 14
"""Characters of a code that is part of a variable's name."""

LARGEST_VALUE = 32_000
"""Largest number that stands for an answer in a data set."""

_SPELLED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def plain_name(raw: str) -> str:
    """ASCII letters, digits and underscores only; empty if nothing is left.

    >>> plain_name("Größe-1"), plain_name("_a.b"), plain_name("-oth-"), plain_name("日本")
    ('Groesse_1', 'a_b', 'oth', '')
    """
    spelled = unicodedata.normalize("NFKD", raw[:500].translate(_SPELLED))
    ascii_only = spelled.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", ascii_only).strip("_")


def free_name(wanted: str, taken: Collection[str], longest: int, *, letter: str = "") -> str:
    """A name near the wanted one that is not taken (upper and lower case alike) nor reserved.

    >>> free_name("Q1", {"q1"}, 32), free_name("1a", set(), 32, letter="q")
    ('Q1_2', 'q1a')
    """
    base = plain_name(wanted) or letter or "x"
    if letter and not base[0].isalpha():
        base = f"{letter}{base}"
    name, count = base[:longest].rstrip("_"), 1
    while name.casefold() in taken or (letter and name.casefold() in RESERVED | PAGE_NAMES):
        count += 1
        end = f"_{count}"
        name = f"{base[: longest - len(end)].rstrip('_')}{end}"
    return name


def slug(raw: str) -> str:
    """A study's id: lower-case letters, digits and hyphens.

    >>> slug("Umfrage 2026: Grün!")
    'umfrage-2026-gruen'
    """
    return plain_name(raw).lower().replace("_", "-")[:60].strip("-") or "imported"


def coded(choices: Iterable[Choice], longest: int) -> tuple[tuple[Choice, ...], dict[str, str]]:
    """The choices under codes of ours, and our code by that of the source."""
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    found = []
    for choice in choices:
        code = free_name(choice.code, taken, longest)
        taken.add(code.casefold())
        renamed.setdefault(choice.code, code)
        found.append(replace(choice, code=code))
    return tuple(found), renamed


def explicit_values(choices: Iterable[Choice]) -> Mapping[str, int]:
    """Numbers for the data set by code, where the codes alone would give wrong ones.

    >>> explicit_values([Choice("A1", {}), Choice("1", {})])
    {'A1': 1, '1': 2}
    >>> explicit_values([Choice("1", {}), Choice("2", {})])
    {}
    """
    answers = [choice.code for choice in choices if not choice.missing]
    own = [int(code) if code.isdecimal() else place for place, code in enumerate(answers, 1)]
    if len(set(own)) == len(own) and max(own, default=0) <= LARGEST_VALUE:
        return {}
    return {code: place for place, code in enumerate(answers, 1)}


def room(parts: Iterable[str]) -> int:
    """Characters left for an item's id, so that the longest of its variables fits."""
    return LONGEST_NAME - max((len(part) for part in parts), default=0)

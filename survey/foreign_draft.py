"""A first map from a foreign file to a questionnaire, for a person to correct."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from survey.codebook import Codebook, Question, Scale, Variable
from survey.foreign_map import OPEN
from survey.foreign_table import ForeignTable, factorized

NEVER = frozenset(
    ("id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp")
) | {"token", "ipaddr", "refurl"}
"""Columns that LimeSurvey adds; some of them point to a person and none is an answer."""

MOST_CODES = 60
"""So many different cells of a column are offered for translation."""

_TICKS = {"y": "1", "yes": "1", "ja": "1", "x": "1", "n": "0", "no": "0", "nein": "0"}


def draft_map(table: ForeignTable, codebook: Codebook, file_name: str) -> str:
    """A map as YAML text: what was recognised, and a question mark where somebody has to say.

    A column is recognised by our name of a variable, by a name that differs in signs and
    capitals only (``Q1[SQ2]`` and ``q1_sq2``), or by a label.
    """
    places = {name: place for place, name in enumerate(table.names) if name}
    keys = _keys(places)
    used: set[str] = set()
    columns, rankings, missing = [], [], []
    for question in codebook:
        placed = _placed(question, keys)
        if placed:
            rankings += _ranking(question, placed, table, places)
            used |= set(placed)
            continue
        for variable in question.variables:
            name = _column(question, variable, keys, used)
            if name is None:
                missing.append(f"#   {variable.name}: {_one_line(variable.label)}")
                continue
            used.add(name)
            columns += _entry(question, variable, name, table, places)
    unused = [name for name in places if name not in used]
    unfinished = next((name for name in unused if name.casefold() == "submitdate"), "")
    return "\n".join(_file(file_name, columns, rankings, missing, unused, unfinished)) + "\n"


def _file(
    file_name: str,
    columns: Sequence[str],
    rankings: Sequence[str],
    missing: Sequence[str],
    unused: Sequence[str],
    unfinished: str,
) -> Iterator[str]:
    yield f"# Which column of {_text(file_name)} holds which variable: correct it, then import"
    yield f"# with --mapping. Replace every {_text(OPEN)} by a code of ours or by an empty text."
    if missing:
        yield "# No column was recognised for these variables; without one they cannot be imported:"
        yield from missing
    personal = [name for name in unused if name.casefold() in NEVER]
    other = [name for name in unused if name not in personal]
    if personal:
        yield f"# Left out for good, because they are no answers: {_one_line(', '.join(personal))}"
    if other:
        yield f"# Not recognised and left out: {_one_line(', '.join(other))}"
    yield "columns:" if columns else "columns: {}"
    yield from columns
    if rankings:
        yield "rankings:"
        yield from rankings
    if unfinished:
        yield "# Rows without this were never finished."
        yield f"unfinished: {_text(unfinished)}"


def _keys(names: Mapping[str, int]) -> dict[str, str]:
    """Names by what is left of them without signs and capitals; ambiguous ones are left out."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(_key(name), []).append(name)
    return {key: same[0] for key, same in found.items() if key and len(same) == 1}


def _key(text: str) -> str:
    """What two spellings have in common.

    >>> _key("Q1[SQ2]") == _key("q1_sq2"), _key("Für  alle da.")
    (True, 'füralleda')
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "", folded)


def _column(
    question: Question, variable: Variable, keys: Mapping[str, str], used: set[str]
) -> str | None:
    single = len(question.variables) == 1
    tried = [
        variable.name,
        f"{question.id}[{variable.element}]" if variable.element else "",
        f"{question.text} [{variable.label}]" if not single else question.text,
        variable.label,
    ]
    if variable.scale is Scale.TEXT and variable.name.endswith("_other_text"):
        tried.append(variable.name.removesuffix("_text"))
    for name in tried:
        found = keys.get(_key(name)) if name else None
        if found and found not in used:
            return found
    return None


def _placed(question: Question, keys: Mapping[str, str]) -> list[str]:
    """The columns of a ranking that was stored place by place: ``id[1]``, ``id[2]`` …"""
    if question.scale is not Scale.RANK:
        return []
    found = []
    elements = {_key(f"{question.id}{e}") for e in question.elements}
    for place in range(1, len(question.elements) + 1):
        key = _key(f"{question.id}{place}")
        if key in keys and key not in elements:
            found.append(keys[key])
    return found


def _entry(
    question: Question,
    variable: Variable,
    name: str,
    table: ForeignTable,
    places: Mapping[str, int],
) -> list[str]:
    line = f"  {_text(name)}:"
    if variable.scale in (Scale.TEXT, Scale.NUMBER):
        return [f"{line} {{variable: {variable.name}}}"]
    codes = {code.name: code.label for code in variable.codes}
    numbers = {str(code.value) for code in variable.codes} | {"", "-1", "-4"}
    if variable.scale in (Scale.CHECK, Scale.RANK):
        numbers |= {str(number) for number in range(question.depth + 1 or 2)} | {"0", "1"}
    texts = factorized(table.cells[places[name]])[1]
    values = _values(texts, codes, numbers, ticks=variable.scale is Scale.CHECK)
    if not values:
        return [f"{line} {{variable: {variable.name}}}"]
    return [
        line,
        f"    variable: {variable.name}",
        "    values:",
        *(f"      {_text(old)}: {_text(new)}" for old, new in values.items()),
    ]


def _values(
    texts: Sequence[str], codes: Mapping[str, str], numbers: set[str], *, ticks: bool = False
) -> dict[str, str]:
    """What each different cell stands for; cells that are codes of ours need no entry."""
    labels = {_key(label): name for name, label in codes.items()}
    names = {_key(name): name for name in codes}
    found = {}
    for text in sorted({text.strip() for text in texts})[:MOST_CODES]:
        whole = re.sub(r"\.0+$", "", text)
        if text in codes or whole in numbers:
            continue
        key = _key(text)
        if ticks and key in _TICKS:
            found[text] = _TICKS[key]
        elif text == "-oth-":
            found[text] = "other" if "other" in codes else OPEN
        else:
            found[text] = names.get(key) or labels.get(key) or OPEN
    return found


def _ranking(
    question: Question, placed: Sequence[str], table: ForeignTable, places: Mapping[str, int]
) -> list[str]:
    codes = {v.element: v.label for v in question.variables}
    texts = [text for name in placed for text in factorized(table.cells[places[name]])[1]]
    values = _values(texts, codes, {""})
    return [
        f"  {question.id}:",
        f"    columns: [{', '.join(_text(name) for name in placed)}]",
        "    values:" if values else "    values: {}",
        *(f"      {_text(old)}: {_text(new)}" for old, new in values.items()),
    ]


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())

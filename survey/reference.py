"""The reference of the questionnaire language, written from the types that read it.

Every key has its line because every field has a description; every part has an example that a
test reads. ``docs/QUESTIONNAIRES.md`` is what :func:`reference` returns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from survey.editor_schema import Schema, part_schemas
from survey.items import ITEM_TYPES
from survey.items.base import Item
from survey.reference_parts import CLOSING, COMMON, ITEMS, OPENING, PARTS

_PLAIN = re.compile(r"[A-Za-zÀ-ž][\wÀ-ž .?()/-]*")
_WORDS = {
    "boolean": "`true` or `false`",
    "object": "entries",
    "string": "text",
    "integer": "whole number",
    "number": "number",
}


def reference() -> str:
    """The whole reference as Markdown."""
    schemas = part_schemas(Item)
    blocks = [OPENING]
    for part in PARTS:
        blocks += [f"## {part.title}\n", part.about]
        blocks += [f"{_table(schemas, part.model)}\n", _block(part.example)]
    blocks += ["## Item types\n", ITEMS, "### Keys of every item\n", COMMON]
    blocks.append(f"{_table(schemas, 'Item')}\n")
    shared = set(Item.model_fields)
    for name, model in ITEM_TYPES.items():
        blocks += [f"### `{name}`\n", schemas[model.__name__]["description"] + "\n"]
        own = [f.alias or key for key, f in model.model_fields.items() if key not in shared]
        if own:
            blocks.append(f"{_table(schemas, model.__name__, own)}\n")
        blocks += [_block(model.example)] if model.example else []
    blocks.append(CLOSING)
    return "\n".join(blocks)


def _block(example: str) -> str:
    return f"```yaml\n{example}```\n"


def _table(schemas: Mapping[str, Schema], model: str, keys: list[str] | None = None) -> str:
    """One row per key: what it takes, what it says, and a small example."""
    schema = schemas[model]
    rows = ["| key | takes | meaning | example |", "|---|---|---|---|"]
    for key, entry in schema["properties"].items():
        if keys is not None and key not in keys:
            continue
        takes = _takes(entry, schemas)
        if key in schema.get("required", ()):
            takes += ", **required**"
        elif entry.get("default") not in (None, "", [], {}, False):
            takes += f", default `{flow(entry['default'])}`"
        example = next(_examples(entry, schemas), None)
        shown = f"`{key}: {flow(example)}`" if example is not None else "below"
        cells = (f"`{key}`", takes, entry.get("description", ""), shown)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _bare(entry: Schema) -> Schema:
    """An entry without its optional null."""
    others = [part for part in entry.get("anyOf", ()) if part != {"type": "null"}]
    return {**entry, **others[0]} if others else entry


def _takes(entry: Schema, schemas: Mapping[str, Schema]) -> str:
    """What an entry takes, in words."""
    entry = _bare(entry)
    if "$ref" in entry:
        target = schemas[entry["$ref"].rpartition("/")[2]]
        return _choices(target) if "enum" in target else _name(entry)
    if "enum" in entry or "const" in entry:
        return _choices(entry)
    kind = entry.get("type")
    if kind == "array":
        item = entry.get("items", {})
        below = _name(item) if "$ref" in item else _takes(item, schemas)
        return f"list of {below}"
    if kind == "string" and "format" in entry:
        return "day" if entry["format"] == "date" else "time with zone"
    if kind == "string" and "pattern" in entry:
        return "short name"
    if isinstance(kind, list):
        return " or ".join(_WORDS[name] for name in kind)
    return _WORDS.get(str(kind), "") + _range(entry)


def _name(entry: Schema) -> str:
    """What this reference calls the entries of a part."""
    name = str(entry["$ref"].rpartition("/")[2])
    return f"{name.removesuffix('Section').lower()} entries"


def _choices(entry: Schema) -> str:
    values = entry.get("enum") or [entry["const"]]
    return ", ".join(f"`{value}`" for value in values)


def _range(entry: Schema) -> str:
    low, high = entry.get("minimum"), entry.get("maximum")
    if low is None and high is None:
        return ""
    return f", {low} to {high}" if low is not None and high is not None else f", from {low}"


def _examples(entry: Schema, schemas: Mapping[str, Schema]) -> Iterator[Any]:
    yield from entry.get("examples", ())
    entry = _bare(entry)
    if "$ref" in entry:
        entry = schemas[entry["$ref"].rpartition("/")[2]]
    yield from entry.get("enum", ())
    if "const" in entry:
        yield entry["const"]
    if entry.get("type") == "boolean":
        yield True
    if entry.get("type") in ("integer", "number") and "default" in entry:
        yield entry["default"]


def flow(value: object) -> str:
    """A value as it stands on one line of a questionnaire.

    >>> flow({"label": "Für alle da", "code": 1, "last": True, "help": "ja: nein"})
    '{label: Für alle da, code: 1, last: true, help: "ja: nein"}'
    """
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(below)}" for key, below in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(below) for below in value) + "]"
    if isinstance(value, str) and (_PLAIN.fullmatch(value) or re.match(r"\d{4}-\d\d-\d\d", value)):
        return value
    return json.dumps(value, ensure_ascii=False)

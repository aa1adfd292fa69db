"""A JSON Schema of questionnaires, so that editors complete keys and mark slips while typing.

It is made from the types that read a questionnaire. An editor sees each entry for itself;
what needs the whole file (references, limits, languages) only ``survey check`` finds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema

from survey.items import ITEM_TYPES
from survey.items.base import Item, Option
from survey.model import Model
from survey.sections import FileSection, PageSection, ScaleSection, StudySection

Schema = dict[str, Any]

_PARTS: tuple[type[Model], ...] = (FileSection, StudySection, ScaleSection, PageSection, Option)


class _Unsorted(GenerateJsonSchema):
    """Keeps the order of the types, so that examples read as an author would write them."""

    def sort(self, value: JsonSchemaValue, parent_key: str | None = None) -> JsonSchemaValue:
        """The value as it is."""
        return value


def schema_text() -> str:
    """The schema as it lies in the repository."""
    return json.dumps(questionnaire_schema(), ensure_ascii=False, indent=1) + "\n"


def questionnaire_schema() -> Schema:
    """The schema of a whole questionnaire file."""
    schemas = part_schemas()
    file = schemas.pop("FileSection")
    properties = file["properties"]
    properties["study"] |= _reference(StudySection)
    _entries(properties["scales"], _reference(ScaleSection))
    _entries(properties["lists"], {"type": "array", "items": _reference(Option)})
    properties["pages"]["items"] = _reference(PageSection)
    del properties["study"]["additionalProperties"], properties["study"]["type"]
    schemas["PageSection"]["properties"]["items"]["items"] = _item(ITEM_TYPES)
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **file,
        "title": "Meinungsbild questionnaire",
        "$defs": dict(sorted(schemas.items())),
    }
    lenient: Schema = _lenient(whole)
    return lenient


def part_schemas(*more: type[Model]) -> dict[str, Schema]:
    """The schema of every part (and of ``more``) by the name of its type."""
    models: Sequence[type[Model]] = (*_PARTS, *ITEM_TYPES.values(), *more)
    _, whole = models_json_schema(
        [(model, "validation") for model in models], by_alias=True, schema_generator=_Unsorted
    )
    schemas: dict[str, Schema] = whole["$defs"]
    for name, schema in schemas.items():
        schema.pop("title", None)
        for entry in schema.get("properties", {}).values():
            entry.pop("title", None)
        summary = schema.get("description", name).split("\n\n")[0]
        schema["description"] = " ".join(summary.replace("``", "`").split())
    return schemas


def _reference(model: type[Model]) -> Schema:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _entries(named: Schema, entry: Schema) -> None:
    """Give every entry of a map with free names its type."""
    named["patternProperties"] = dict.fromkeys(named["patternProperties"], entry)
    named["additionalProperties"] = False


def _item(types: Mapping[str, type[Item]]) -> Schema:
    """An item of any type; the type alone decides which keys are allowed."""
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": {"enum": list(types), "description": "The item type."}},
        "allOf": [
            {
                "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
                "then": _reference(model),
            }
            for name, model in types.items()
        ],
    }


def _lenient(part: Any) -> Any:
    """The schema with numbers allowed where the reader takes them for text, without nulls."""
    if isinstance(part, list):
        return [_lenient(below) for below in part]
    if not isinstance(part, dict):
        return part
    copy = {key: _lenient(below) for key, below in part.items()}
    if {"type": "null"} in copy.get("anyOf", ()):
        others = [below for below in copy.pop("anyOf") if below != {"type": "null"}]
        copy |= others[0] if len(others) == 1 else {"anyOf": others}
        del copy["default"]
    if copy.get("type") == "string" and "enum" not in copy and "format" not in copy:
        if "const" in copy:
            return copy | _either(copy.pop("const"))
        return copy | {"type": ["string", "number"]}
    return copy


def _either(const: str) -> Schema:
    if not const.isdecimal():
        return {"const": const}
    return {"enum": [const, int(const)], "type": ["string", "integer"]}

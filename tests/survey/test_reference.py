"""The reference and the schema for editors say what the types say, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel, TypeAdapter
from survey_frame import findings

from survey.cli import survey
from survey.editor_schema import questionnaire_schema, schema_text
from survey.items import ITEM_TYPES
from survey.items.base import Option
from survey.reference import reference
from survey.reference_parts import PARTS
from survey.routing import Rule
from survey.sections import (
    AcknowledgementSection,
    EvaluationSection,
    FileSection,
    HeadcountsSection,
    PageSection,
    PhaseSection,
    ScaleSection,
    StudySection,
    TextSection,
)

DOCS = Path(__file__).parents[2] / "docs"

MODELS: tuple[type[BaseModel], ...] = (
    AcknowledgementSection,
    EvaluationSection,
    FileSection,
    HeadcountsSection,
    PageSection,
    PhaseSection,
    ScaleSection,
    StudySection,
    TextSection,
    Option,
    Rule,
    *ITEM_TYPES.values(),
)

BLOCKS = re.findall(r"```yaml\n(.*?)```", reference(), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_every_example_of_the_reference_passes_the_check(block: str) -> None:
    assert findings(block) == []


def test_an_example_with_a_mistake_would_be_noticed() -> None:
    assert findings(BLOCKS[0].replace("type: text", "type: txt"))
    assert findings("- {id: a, type: rating, text: Wie gut?, scale: none}")
    assert findings("study: {headcounts: {file: heads.csv, total: 7}}")
    assert findings("language: en\nsample: true\nitems: {nobody: {text: Who?}}")


def test_the_documents_are_what_the_types_say_today() -> None:
    assert (DOCS / "QUESTIONNAIRES.md").read_text("utf-8") == reference()
    assert (DOCS / "questionnaire.schema.json").read_text("utf-8") == schema_text()


def test_the_command_prints_both_documents() -> None:
    runner = CliRunner()
    assert runner.invoke(survey, ["schema"]).output == schema_text()
    assert runner.invoke(survey, ["schema", "--markdown"]).output == reference()


def test_every_part_and_every_item_type_is_explained_with_an_example() -> None:
    text = reference()
    explained = {part.model for part in PARTS}
    named = set(questionnaire_schema()["$defs"])
    enums = {"Access", "OpeningRule", "Regime", "Role", "WeightMethod"}
    assert named - explained - enums == {model.__name__ for model in ITEM_TYPES.values()}
    for name, model in ITEM_TYPES.items():
        assert f"### `{name}`\n" in text
        assert model.example.startswith("- id: "), name


def keys(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    return ((field.alias or name, field) for name, field in model.model_fields.items())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_has_a_line_that_says_what_it_means(model: type[BaseModel]) -> None:
    lines = reference().splitlines()
    for key, field in keys(model):
        if key == "type":
            continue
        assert field.description, key
        assert field.description.endswith((".", "…")), key
        assert any(f"| `{key}` |" in line and field.description in line for line in lines), key


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_example_of_a_key_is_one_that_the_key_takes(model: type[BaseModel]) -> None:
    for key, field in keys(model):
        kind: Any = Annotated[(field.annotation, *field.metadata, key)]
        taken: TypeAdapter[Any] = TypeAdapter(kind)
        for example in field.examples or ():
            taken.validate_python(example if isinstance(example, list | dict) else str(example))


def test_the_schema_names_every_key_and_refuses_others() -> None:
    schema = questionnaire_schema()
    parts = {**schema["$defs"], "FileSection": schema}
    for model in MODELS:
        part = parts[model.__name__]
        assert set(part["properties"]) == {key for key, _ in keys(model)}
        assert part["additionalProperties"] is False
    item = parts["PageSection"]["properties"]["items"]["items"]
    assert item["properties"]["type"]["enum"] == list(ITEM_TYPES)
    references = set(re.findall(r"#/\$defs/(\w+)", schema_text()))
    assert references == set(schema["$defs"])

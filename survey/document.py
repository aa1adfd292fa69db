"""The questionnaire file as typed parts: what keys there are, and which values they take.

Every part is validated for itself, so that a mistake in one hides no mistake in another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from survey.findings import ERROR, Finding, named, nearest
from survey.items import ITEM_TYPES
from survey.items.base import Item, Model, Option
from survey.sections import (
    AcknowledgementSection,
    FileSection,
    PageSection,
    ScaleSection,
    StudySection,
    TextSection,
)
from survey.yaml_source import Path, Source

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class PlacedItem:
    """An item with its place in the file."""

    path: Path
    item: Item


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page with its place in the file and the items that could be read."""

    path: Path
    section: PageSection
    items: tuple[PlacedItem, ...]


@dataclass(frozen=True)
class Document:
    """Everything that could be read; ``findings`` says what could not."""

    source: Source
    version: str = ""
    study: StudySection | None = None
    scales: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Option]] = field(default_factory=dict)
    pages: tuple[PlacedPage, ...] = ()
    acknowledged: tuple[AcknowledgementSection, ...] = ()
    texts: tuple[TextSection, ...] = ()
    findings: tuple[Finding, ...] = ()
    blocks: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def items(self) -> Iterator[PlacedItem]:
        """All items that could be read."""
        return (item for page in self.pages for item in page.items)

    def finding(self, code: str, path: Path, severity: str = ERROR, **values: str) -> Finding:
        """A finding at the content of a part of the file."""
        return Finding(code, *_at(self.source.value(path)), values, severity)

    def line(self, path: Path) -> str:
        """The line of a part of the file, for a sentence."""
        return str(self.source.key(path).line)


def read_document(source: Source) -> Document:
    """The typed parts of a parsed file."""
    if source.data is None:
        return Document(source, findings=source.findings)
    reader = _Reader(source, list(source.findings))
    top = source.data if isinstance(source.data, dict) else {}
    file = reader.read(FileSection, source.data, ())
    raw_study = top.get("study")
    study = reader.read(StudySection, raw_study, ("study",)) if _is_map(raw_study) else None
    scales = {
        name: section.options if section else ()
        for name, raw in _entries(top.get("scales"))
        if _is_map(raw)
        for section in [reader.read(ScaleSection, raw, ("scales", name))]
    }
    pages = top.get("pages")
    return Document(
        source,
        file.version if file else "",
        study,
        scales,
        {name: reader.options(raw, ("lists", name)) for name, raw in _entries(top.get("lists"))},
        tuple(reader.pages(pages if isinstance(pages, list) else [])),
        file.acknowledged if file else (),
        reader.texts(top.get("texts")),
        tuple(reader.findings),
        file.blocks if file else {},
    )


def _is_map(raw: object) -> bool:
    return isinstance(raw, dict)


def _entries(raw: object) -> list[tuple[str, Any]]:
    return list(raw.items()) if isinstance(raw, dict) else []


@dataclass
class _Reader:
    source: Source
    findings: list[Finding]

    def read(self, model: type[M], raw: object, path: Path) -> M | None:
        """The part of this type, or None and one finding per mistake."""
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            self.findings += explain(error, model, self.source, path)
            return None

    def options(self, raw: object, path: Path) -> tuple[Option, ...]:
        """The entries of a named list that could be read."""
        if not isinstance(raw, list):
            return ()
        read = [self.read(Option, entry, (*path, i)) for i, entry in enumerate(raw)]
        return tuple(option for option in read if option)

    def texts(self, raw: object) -> tuple[TextSection, ...]:
        """The texts of a reading study that could be read; their mistakes are known already."""
        if not isinstance(raw, list):
            return ()
        read = [_unless_wrong(TextSection, entry) for entry in raw]
        return tuple(text for text in read if text)

    def pages(self, raw: Sequence[object]) -> Iterator[PlacedPage]:
        """The pages with their items."""
        for i, page in enumerate(raw):
            if not isinstance(page, dict):
                continue
            section = self.read(PageSection, page, ("pages", i))
            path: Path = ("pages", i, "items")
            items = page.get("items")
            read = [
                PlacedItem((*path, j), item)
                for j, entry in enumerate(items if isinstance(items, list) else [])
                if isinstance(entry, dict) and (item := self.item(entry, (*path, j)))
            ]
            if section:
                yield PlacedPage(("pages", i), section, tuple(read))

    def item(self, raw: Mapping[str, object], path: Path) -> Item | None:
        """The item, by the type that it names."""
        type_name = raw.get("type")
        if isinstance(type_name, str) and type_name in ITEM_TYPES:
            return self.read(ITEM_TYPES[type_name], raw, path)
        allowed = named(ITEM_TYPES)
        if type_name is None:
            place = self.source.key(path)
            values = {"name": "type", "allowed": allowed}
            self.findings.append(Finding("missing_choice", place.line, place.column, values))
        else:
            place = self.source.value((*path, "type"))
            found = str(type_name)
            values = {"found": found, "allowed": allowed, "guess": nearest(found, ITEM_TYPES)}
            self.findings.append(Finding("unknown_type", place.line, place.column, values))
        return None


def _unless_wrong(model: type[M], raw: object) -> M | None:
    try:
        return model.model_validate(raw)
    except ValidationError:
        return None


# -- from the validator's errors to findings ----------------------------------------------


def explain(
    error: ValidationError, model: type[BaseModel], source: Source, path: Path
) -> list[Finding]:
    """One finding per mistake in a part of the file; a mistyped key hides the missing one."""
    errors = error.errors(include_url=False)
    missing = {tuple(e["loc"]) for e in errors if e["type"] == "missing"}
    found, mistyped = [], set()
    for details in errors:
        if details["type"] == "extra_forbidden":
            *parent, key = details["loc"]
            absent = [str(loc[-1]) for loc in missing if loc[:-1] == tuple(parent)]
            fields = _keys(_type_at(model, tuple(parent)))
            guess = nearest(str(key), absent) or nearest(str(key), fields)
            mistyped.add((*parent, guess))
            values = {"found": str(key), "allowed": named(fields), "guess": guess}
            place = source.key((*path, *details["loc"]))
            found.append(Finding("unknown_key", place.line, place.column, values))
    for details in errors:
        if details["type"] != "extra_forbidden" and tuple(details["loc"]) not in mistyped:
            found.append(_finding(details, model, source, path))
    return found


def _finding(details: ErrorDetails, model: type[BaseModel], source: Source, path: Path) -> Finding:
    loc = details["loc"][:-1] if details["loc"][-1:] == ("[key]",) else details["loc"]
    whole: Path = (*path, *loc)
    name = next((str(part) for part in reversed(whole) if isinstance(part, str)), "Datei")
    raw, kind = details["input"], details["type"]
    values = {"name": name, "found": "" if raw is None else str(raw)[:60], "allowed": ""}
    values["limit"] = _limit(details.get("ctx", {}))
    if kind == "missing":
        place = source.key(whole[:-1])
        allowed = _choices(_type_at(model, tuple(loc)))
        if allowed:
            values["allowed"] = named(allowed)
        return Finding("missing_choice" if allowed else "missing_key", *_at(place), values)
    if raw is None:
        return Finding("no_value", *_at(source.key(whole)), values)
    place = source.key(whole) if details["loc"] != loc else source.value(whole)
    if kind in ("enum", "literal_error"):
        allowed = re.findall(r"'([^']*)'", str(details.get("ctx", {}).get("expected", "")))
        values |= {"allowed": named(allowed), "guess": nearest(values["found"], allowed)}
    if kind == "string_pattern_mismatch":
        if name == "missing":
            kind, values["allowed"] = "enum", "dont_know, refused"
        elif whole == ("study", "id"):
            return Finding("bad_study_id", *_at(place), values)
    return Finding(_CODES.get(kind, "wrong_value"), *_at(place), values)


_CODES = {
    "string_type": "expected_text",
    "int_type": "expected_number",
    "int_parsing": "expected_number",
    "int_parsing_size": "expected_number",
    "int_from_float": "expected_number",
    "float_type": "expected_number",
    "float_parsing": "expected_number",
    "finite_number": "expected_number",
    "decimal_type": "expected_number",
    "decimal_parsing": "expected_number",
    "date_type": "expected_date",
    "no_date": "expected_date",
    "rule_leaf": "rule_leaf",
    "rule_branch": "rule_branch",
    "bool_type": "expected_yes_no",
    "bool_parsing": "expected_yes_no",
    "list_type": "expected_list",
    "tuple_type": "expected_list",
    "dict_type": "expected_entries",
    "model_type": "expected_entries",
    "model_attributes_type": "expected_entries",
    "value_error": "expected_time",
    "datetime_type": "expected_time",
    "timezone_aware": "no_time_zone",
    "string_too_short": "empty_text",
    "too_short": "too_short_list",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "string_pattern_mismatch": "bad_name",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
}
"""Our code for every kind of error that the types above can raise."""


def _at(place: Any) -> tuple[int, int]:
    return place.line, place.column


def _limit(context: Mapping[str, Any]) -> str:
    return next((str(context[key]) for key in ("ge", "le", "min_length") if key in context), "")


def _type_at(annotation: Any, loc: tuple[str | int, ...]) -> Any:
    """The type that a part of a model has."""
    annotation = _bare(annotation)
    if not loc or annotation is None:
        return annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {f.alias or name: f.annotation for name, f in annotation.model_fields.items()}
        return _type_at(fields.get(str(loc[0])), loc[1:])
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is dict:
        return _type_at(arguments[1], loc[1:])
    return _type_at(arguments[0], loc[1:]) if arguments else None


def _bare(annotation: Any) -> Any:
    """A type without its optional None and its annotations."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    arguments = [a for a in get_args(annotation) if a is not type(None)]
    optional = len(arguments) < len(get_args(annotation))
    return _bare(arguments[0]) if optional and len(arguments) == 1 else annotation


def _keys(model: Any) -> list[str]:
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [f.alias or name for name, f in model.model_fields.items()]
    return []


def _choices(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(value) for value in get_args(annotation)]
    members = getattr(annotation, "__members__", {})
    return [str(member.value) for member in members.values()]

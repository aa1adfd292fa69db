"""The files of a converted questionnaire: the YAML, and one translation per further language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from survey.converting.fitting import Shared, shared
from survey.converting.naming import explicit_values
from survey.converting.plan import Plan, PlannedItem, PlannedPage
from survey.converting.source_model import Choice, Texts

WIDTH = 98
SHORT = 88
"""Characters of an entry that is written on one line."""

Node = dict[str, Any]


def written(plan: Plan, report: str) -> dict[str, str]:
    """Name and text of the questionnaire file and of every translation file."""
    lists = shared(plan)
    name = str(plan.study["id"])
    head = f"# Umgewandelt aus {plan.tool}. Was dabei verloren ging, steht in {report}.\n"
    files = {f"{name}.yaml": head + _text(_questionnaire(plan, lists, name))}
    for tag in plan.others:
        files[f"{name}.{tag}.yaml"] = _text(_translation(plan, lists, tag))
    return files


def _text(node: Node) -> str:
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    yaml.representer.ignore_aliases = lambda *_: True
    stream = StringIO()
    yaml.dump(node, stream)
    return stream.getvalue()


# -- the questionnaire --------------------------------------------------------------------


def _questionnaire(plan: Plan, lists: Shared, name: str) -> Node:
    tag = plan.main
    study: Node = {
        "id": plan.study["id"],
        **_said({"title": plan.study_texts["title"]}, tag),
        **{key: value for key, value in plan.study.items() if key != "id"},
        **_said({k: texts for k, texts in plan.study_texts.items() if k != "title"}, tag),
    }
    if plan.others:
        study["translations"] = {other: f"{name}.{other}.yaml" for other in plan.others}
    found: Node = {"schema": 1, "version": plan.version, "study": study}
    if lists.scales:
        found["scales"] = {n: {"steps": _options(o, tag)} for n, o in lists.scales.items()}
    if lists.lists:
        found["lists"] = {n: _options(o, tag) for n, o in lists.lists.items()}
    found["pages"] = [_page(page, tag, lists) for page in plan.pages]
    return found


def _page(page: PlannedPage, tag: str, lists: Shared) -> Node:
    return {
        "id": page.id,
        **_said({"title": page.title, "intro": page.intro}, tag),
        **_when(page.when),
        "items": [_item(item, tag, lists) for item in page.items],
    }


def _when(rule: Mapping[str, Any] | None) -> Node:
    return {"when": _rule(rule)} if rule else {}


def _rule(rule: Mapping[str, Any]) -> Node:
    """A rule with every comparison on one line, and the whole rule if it is short."""
    if "answer" in rule or len(str(rule)) <= SHORT:
        return _flow(_plain(rule))
    return {
        word: [_rule(part) for part in parts] if isinstance(parts, list) else _rule(parts)
        for word, parts in rule.items()
    }


def _item(item: PlannedItem, tag: str, lists: Shared) -> Node:
    return {
        "id": item.id,
        "type": item.type,
        **_said({"text": item.text, "help": item.help}, tag),
        **_when(item.when),
        **_steps(item, tag, lists),
        **{key: _plain(value) for key, value in item.keys.items()},
    }


def _steps(item: PlannedItem, tag: str, lists: Shared) -> Node:
    found: Node = {}
    if item.rows:
        name = lists.list_name(item.rows)
        found |= {"list": name} if name else {"rows": _options(item.rows, tag)}
    if item.headings:
        found["facets"] = [
            {"id": h.id, **_said({"text": h.text}, tag), **_scale(h.options, tag, lists)}
            for h in item.headings
        ]
    elif item.type in ("rating", "grid"):
        found |= _scale(item.options, tag, lists)
    elif item.options:
        name = lists.list_name(item.options)
        found |= {"list": name} if name else {"options": _options(item.options, tag)}
    return found


def _scale(options: Sequence[Choice], tag: str, lists: Shared) -> Node:
    name = lists.scale_name(options)
    return {"scale": name} if name else {"options": _options(options, tag)}


def _options(options: Sequence[Choice], tag: str) -> list[Node]:
    values = explicit_values(options)
    found = []
    for option in options:
        entry: Node = {"code": _plain(option.code)}
        entry |= _said({"label": option.label, "help": option.help}, tag)
        if option.code in values:
            entry["value"] = values[option.code]
        if option.missing:
            entry["missing"] = option.missing
        entry |= {key: True for key in ("exclusive", "other", "last") if getattr(option, key)}
        found.append(_short(entry))
    return found


def _said(texts: Mapping[str, Texts], tag: str) -> Node:
    """Texts of one language that there are."""
    return {name: _words(said[tag]) for name, said in texts.items() if said.get(tag)}


def _words(text: str) -> str:
    return LiteralScalarString(text) if "\n" in text else text


def _plain(value: Any) -> Any:
    """A value as an author would write it: numbers without quotation marks."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and str(int(value)) == value else value
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _short(entry: Node) -> Node:
    """An entry that is written on one line if it is short enough."""
    if len(str(entry)) > SHORT or any("\n" in str(value) for value in entry.values()):
        return entry
    return _flow(entry)


def _flow(entry: Node) -> Node:
    # The library forgets quotation marks around a text that begins with a colon here.
    quoted = {
        key: DoubleQuotedScalarString(value)
        if isinstance(value, str) and not re.match(r"[\w(„“‚«…–]", value)
        else value
        for key, value in entry.items()
    }
    flow = CommentedMap(quoted)
    flow.fa.set_flow_style()
    return flow


# -- translations -------------------------------------------------------------------------


def _translation(plan: Plan, lists: Shared, tag: str) -> Node:
    scales = {n: _labels(o, tag) for n, o in lists.scales.items()}
    named = {n: _labels(o, tag) for n, o in lists.lists.items()}
    pages = {p.id: _said({"title": p.title, "intro": p.intro}, tag) for p in plan.pages}
    items = {item.id: _item_texts(item, tag, lists) for item in plan.items}
    parts: Node = {
        "study": _said(plan.study_texts, tag),
        "scales": _filled(scales),
        "lists": _filled(named),
        "pages": _filled(pages),
        "items": _filled(items),
    }
    return {"language": tag, "sample": True, **_filled(parts)}


def _filled(parts: Mapping[str, Any]) -> Node:
    return {key: part for key, part in parts.items() if part}


def _item_texts(item: PlannedItem, tag: str, lists: Shared) -> Node:
    found = _said({"text": item.text, "help": item.help}, tag)
    own = dict(_own_lists(item, lists))
    found |= _filled({key: _labels(options, tag) for key, options in own.items()})
    facets = {}
    for heading in item.headings:
        options = () if lists.scale_name(heading.options) else heading.options
        said = {**_said({"text": heading.text}, tag), "options": _labels(options, tag)}
        facets[heading.id] = _filled(said)
    return found | _filled({"facets": _filled(facets)})


def _own_lists(item: PlannedItem, lists: Shared) -> Iterator[tuple[str, Sequence[Choice]]]:
    """The lists that are written in the item itself."""
    if item.rows and not lists.list_name(item.rows):
        yield "rows", item.rows
    scale = item.type in ("rating", "grid")
    name = lists.scale_name if scale else lists.list_name
    if item.options and not name(item.options):
        yield "options", item.options


def _labels(options: Sequence[Choice], tag: str) -> Node:
    found: Node = {}
    for option in options:
        said = _said({"label": option.label, "help": option.help}, tag)
        if "label" in said:
            found[str(option.code)] = said if "help" in said else said["label"]
    return found

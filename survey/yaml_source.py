"""A YAML text as plain data with the place of every key and every value.

The text is composed into nodes, not into objects: dates, numbers and words such as ``no`` stay
the text that the author wrote, every duplicate key is seen, and each part knows its place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from survey.findings import Finding

Path = tuple[str | int, ...]
"""Keys and list places from the root to a part of the file."""

LARGEST = 2_000_000
"""Characters above which a file is refused unread."""

DEEPEST = 100
"""Open brackets above which a line is no questionnaire; the parser would take minutes."""

REPAIRS = 20
"""How many lines are mended at most to find the mistakes behind them."""

_LINE_END = re.compile("\r\n?|\x85")
"""Line ends that the notation reads as a line feed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands; lines and columns count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file: plain data (texts, true/false, None, lists, dicts) and its places.

    ``keys`` holds the place of the key of an entry, ``values`` the place of its content.
    """

    data: Any
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]
    findings: tuple[Finding, ...] = ()

    def value(self, path: Path) -> Place:
        """The place of a part's content, or of the nearest part around it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, Place(1, 1))

    def key(self, path: Path) -> Place:
        """The place of an entry's key; for a list entry that of its content."""
        return self.keys.get(path) or self.value(path)


def read_source(text: str) -> Source:
    """The parsed text; what cannot be parsed is named in ``findings`` and ``data`` is None.

    Tabs and unquoted colons are mended in memory, so that one run finds the mistakes behind
    them too.
    """
    if len(text) > LARGEST:
        return Source(None, {}, {}, (Finding("file_too_large"),))
    if re.search(rf"(?:[\[{{][^\[\]{{}}]*){{{DEEPEST}}}", text):
        return Source(None, {}, {}, (Finding("yaml_bracket"),))
    text, found = _mend_tabs(_LINE_END.sub("\n", text.removeprefix("\ufeff")))
    for _ in range(REPAIRS):
        try:
            node = _parser().compose(text)
        except (YAMLError, RecursionError) as error:
            finding = _explain(error, text)
            if all(known.line != finding.line for known in found):
                found.append(finding)
            mended = _mend_colon(text, finding)
            if mended is None:
                return Source(None, {}, {}, tuple(found))
            text = mended
        else:
            return _read(node, found)
    return Source(None, {}, {}, tuple(found))


def _parser() -> YAML:
    parser = YAML()
    # An anchor that nobody refers to does no harm, and must not speak to the author in English.
    parser.composer.warn_double_anchors = False
    return parser


def _read(node: Node | None, found: list[Finding]) -> Source:
    if node is None:
        return Source(None, {}, {}, (*found, Finding("file_empty")))
    reader = _Reader(found)
    data = reader.read(node, ())
    return Source(data, reader.keys, reader.values, tuple(found))


@dataclass
class _Reader:
    findings: list[Finding]
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def read(self, node: Node, path: Path) -> Any:
        """The node as plain data; notes the places of everything in it."""
        place = _place(node)
        self.values[path] = place
        if id(node) in self.seen:
            self.findings.append(Finding("yaml_reference", place.line, place.column))
            return None
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._read_mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.read(child, (*path, i)) for i, child in enumerate(node.value)]
        if not str(node.tag).startswith("tag:yaml.org,2002:"):
            self.findings.append(Finding("yaml_tag", place.line, place.column))
        # The round-trip scanner marks every fold of a ">" text with a bell, for writing it back.
        return _scalar(str(node.value).replace("\a", ""), str(node.tag))

    def _read_mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = _place(key_node)
            if not isinstance(key_node, ScalarNode):
                self.findings.append(Finding("yaml_bracket", place.line, place.column))
                continue
            key = str(key_node.value)
            if key in data:
                first = self.keys[*path, key]
                values = {"found": key, "first": str(first.line)}
                self.findings.append(Finding("duplicate_key", place.line, place.column, values))
                continue
            self.keys[*path, key] = place
            data[key] = self.read(value_node, (*path, key))
        return data


def _place(node: Node) -> Place:
    mark = node.start_mark
    return Place(mark.line + 1, mark.column + 1)


def _scalar(text: str, tag: str) -> str | bool | None:
    if tag.endswith(":null"):
        return None
    if tag.endswith(":bool"):
        return text.lower() == "true"
    return text


# -- what the notation gets wrong ---------------------------------------------------------

_CAUSES = (
    ("mapping values are not allowed", "yaml_colon"),
    ("found character '\\t'", "yaml_tab"),
    ("unexpected end of stream", "yaml_quote"),
    ("while scanning a quoted scalar", "yaml_quote"),
    ("unknown escape", "yaml_escape"),
    ("expected escape sequence", "yaml_escape"),
    ("while parsing a flow", "yaml_bracket"),
    ("could not find expected ':'", "yaml_key"),
    ("undefined alias", "yaml_reference"),
    ("while scanning an alias", "yaml_reference"),
    ("while scanning an anchor", "yaml_reference"),
    ("duplicate anchor", "yaml_reference"),
    ("while scanning a tag", "yaml_tag"),
    ("undefined tag handle", "yaml_tag"),
    ("expected a single document", "yaml_documents"),
    ("expected '<document start>'", "yaml_indent"),
    ("while parsing a block", "yaml_indent"),
    ("did not find expected", "yaml_indent"),
    ("inconsistent indent", "yaml_indent"),
)
"""What the parser says, from the most to the least telling, and what we call it."""

_STARTED = ("yaml_quote", "yaml_tag", "yaml_reference")
"""Mistakes that are named where the faulty part begins, not where the parser gave up."""


def _explain(error: Exception, text: str) -> Finding:
    if isinstance(error, ReaderError):
        before = text[: error.position]
        column = error.position - (before.rfind("\n") + 1) + 1
        return Finding("yaml_character", before.count("\n") + 1, column)
    if not isinstance(error, MarkedYAMLError):
        return Finding("yaml_other")
    said = f"{error.problem} {error.context}"
    code = next((code for cause, code in _CAUSES if cause in said), "yaml_other")
    mark = error.problem_mark or error.context_mark
    started = error.context_mark
    if started and (code in _STARTED or (code == "yaml_bracket" and started.line != mark.line)):
        mark = started
    if mark is None:
        return Finding(code)
    sign = re.search(r"found character '(.)' that cannot start", said)
    if sign and code == "yaml_other":
        return Finding("yaml_start", mark.line + 1, mark.column + 1, {"found": sign[1]})
    return Finding(code, mark.line + 1, mark.column + 1)


def _mend_tabs(text: str) -> tuple[str, list[Finding]]:
    """The text without tabs in the indentation, and a finding for each such line."""
    if "\t" not in text:
        return text, []
    lines, found = text.split("\n"), []
    for number, line in enumerate(lines):
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indent and line.strip():
            found.append(Finding("yaml_tab", number + 1, indent.index("\t") + 1))
            lines[number] = _indent_below(lines[:number]) + line[len(indent) :]
    return "\n".join(lines), found


def _indent_below(lines: Sequence[str]) -> str:
    """The blanks that a line most likely begins with, after the lines above it."""
    above = next((line for line in reversed(lines) if line.strip()), "")
    content = re.sub(r"- +", lambda dash: " " * len(dash[0]), above, count=1)
    deeper = "  " if above.rstrip().endswith(":") else ""
    return content[: len(content) - len(content.lstrip())] + deeper


def _mend_colon(text: str, finding: Finding) -> str | None:
    """The text with the value of the faulty line in quotation marks; None if that is no help."""
    if finding.code != "yaml_colon":
        return None
    lines = text.split("\n")
    if finding.line > len(lines):
        return None
    line = lines[finding.line - 1]
    match = re.match(r"(\s*(?:- +)*[^\s:]+: +)([^\"'{\[].*)$", line)
    if match is None:
        return None
    value = match[2].replace("'", "''")
    lines[finding.line - 1] = f"{match[1]}'{value}'"
    return "\n".join(lines)

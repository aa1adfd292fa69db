"""What every question type of XLSForm turns into, and why some have no counterpart."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.converting.plain_text import one_line
from survey.converting.source_model import Choice, Draft, Note, Texts, note
from survey.converting.wording import own_words
from survey.converting.xlsform_sheets import Row

_SELECT = re.compile(
    r"(?P<kind>select[_ ]one(?: from)?|select1|select[_ ]multiple(?: from)?"
    r"|select all that apply from|add select (?:one|multiple) prompt using|rank)"
    r"\s+(?P<list>\S+)(?P<other>\s+or[_ ](?:other|specify other))?",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(r"select[_ ](one|multiple)[_ ](from[_ ]file|external)\b", re.IGNORECASE)
_NUMBER = r"-?\d{1,9}(?:\.\d{1,6})?"
_END = {">=": "min", "<=": "max"}
_DAY_LIMIT = re.compile(r"\.\s*(<=|>=)\s*date\(\s*['\"](\d{4}-\d\d-\d\d)['\"]\s*")
"""A first or last day; the bracket behind it is gone by then."""
_LIMIT = re.compile(rf"\.\s*(<=|>=|<|>)\s*({_NUMBER})")
_LENGTH = re.compile(r"string-length\(\s*\.\s*\)\s*(<=|<)\s*(\d{1,5})")
_COUNT = re.compile(r"count-selected\(\s*\.\s*\)\s*(<=|<)\s*(\d{1,3})")
_EXCLUSIVE = re.compile(
    r"not\(\s*selected\(\s*\.\s*,\s*['\"]([^'\"]+)['\"]\s*\)\s*and\s*"
    r"count-selected\(\s*\.\s*\)\s*(?:>\s*1|>=\s*2)\s*\)"
)

_NAMES = {
    "string": "text",
    "int": "integer",
    "datetime": "datetime",
    "date_time": "datetime",
    "trigger": "acknowledge",
}
"""Other names of the types that are converted."""

_REASONS: Mapping[str, tuple[str, ...]] = {
    "calculation": ("calculate", "calculate_here", "hidden"),
    "place_data": ("geopoint", "geotrace", "geoshape", "start-geopoint", "osm", "location", "gps"),
    "recording": ("image", "photo", "audio", "video", "file", "background-audio", "barcode"),
    "outside_choices": ("xml-external", "csv-external"),
    "time_of_day": ("time",),
    "device_data": (
        *("start", "end", "today", "deviceid", "device_id", "phonenumber", "phone_number"),
        *("username", "user_name", "email", "subscriberid", "simserial", "audit", "imei"),
    ),
}


@dataclass(frozen=True)
class Cells:
    """One row of the sheet with what belongs to it; drafting adds to ``notes``."""

    name: str
    kind: str
    text: Texts
    help: Texts
    row: Row
    lists: Mapping[str, Sequence[Row]]
    languages: Sequence[str]
    plain: Callable[[object], dict[str, str]]
    notes: list[Note]

    @property
    def type(self) -> str:
        """The type in its usual spelling, without the name of a list."""
        name = self.kind.lower().removeprefix("add ").removesuffix(" prompt").strip()
        return _NAMES.get(name, name)

    @property
    def select(self) -> re.Match[str] | None:
        """The parts of the type if it is a choice."""
        return _SELECT.fullmatch(self.kind)

    def part(self, name: str) -> Mapping[str, Any]:
        """A group of columns."""
        value = self.row.get(name)
        return value if isinstance(value, Mapping) else {}

    def cell(self, group: str, name: str) -> str:
        """One column of a group as text."""
        return str(self.part(group).get(name) or "").strip()

    @property
    def parameters(self) -> dict[str, str]:
        """The settings in the column ``parameters``."""
        found = re.findall(r"([\w-]+)\s*=\s*([^\s,;]+)", str(self.row.get("parameters") or ""))
        return dict(found)

    def add(self, code: str, **values: object) -> None:
        """Add a note to the question."""
        self.notes.append(note(code, **values))


def reason_against(cells: Cells) -> Note | None:
    """Why a question has no counterpart; None if it is converted."""
    if _OUTSIDE.match(cells.kind):
        return note("outside_choices")
    if cells.select:
        name = cells.select["list"]
        entries = cells.lists.get(name, ())
        found = any(str(row.get("name") or "").strip() or row.get("label") for row in entries)
        return None if found else note("no_choices", name=name)
    if cells.type in _DRAFTING:
        return None
    for code, kinds in _REASONS.items():
        if cells.type in kinds or cells.type.split(" ")[0] in kinds:
            return note(code, kind=cells.kind)
    return note("unknown_kind", kind=cells.kind)


def drafted(cells: Cells) -> tuple[Draft, ...]:
    """The items of a question that has a counterpart."""
    draft = _choice(cells) if cells.select else _DRAFTING[cells.type](cells)
    _note_columns(cells)
    return (draft,)


def _draft(cells: Cells, type_name: str, **values: Any) -> Draft:
    return Draft(cells.name, type_name, cells.text, cells.help, **values)


# -- choices ------------------------------------------------------------------------------


def _choice(cells: Cells) -> Draft:
    select = cells.select
    assert select is not None
    kind = select["kind"].lower()
    options = _options(cells, select["list"])
    if select["other"] and all(option.code != "other" for option in options):
        label = own_words("other", cells.languages)
        options = (*options, Choice("other", label, other=True))
    keys: dict[str, Any] = {}
    if cells.parameters.get("randomize", "").lower() in ("true", "true()"):
        keys["shuffle"] = True
    if cells.row.get("choice_filter"):
        cells.add("choice_filter")
    type_name = "multiple" if "multiple" in kind or "all" in kind else "single"
    if kind == "rank":
        type_name = "ranking"
    elif type_name == "single" and "likert" in cells.cell("control", "appearance"):
        type_name = "rating"
        keys.clear()
    options = _multiple_limits(cells, options, keys) if type_name == "multiple" else options
    if type_name != "multiple":
        _lost_check(cells)
    shared = select["list"] if not select["other"] else ""
    return _draft(cells, type_name, options=options, keys=keys, list_name=shared)


def _options(cells: Cells, name: str) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for row in cells.lists[name]:
        code = str(row.get("name") or "").strip()
        label = {tag: one_line(text) for tag, text in cells.plain(row.get("label")).items()}
        if code or label:
            found.append(Choice(code or f"c{len(found) + 1}", label))
        if row.get("media"):
            cells.add("lost_picture")
    return tuple(found)


def _multiple_limits(
    cells: Cells, options: tuple[Choice, ...], keys: dict[str, Any]
) -> tuple[Choice, ...]:
    check = cells.cell("bind", "constraint")
    alone = set(_EXCLUSIVE.findall(check))
    rest = _EXCLUSIVE.sub("", check)
    most = _COUNT.fullmatch(rest.strip().removesuffix("and").removeprefix("and").strip())
    if most:
        count = int(most[2]) - (most[1] == "<")
        if 0 < count <= len(options):
            keys["at_most"] = count
        rest = ""
    if re.sub(r"\band\b", "", rest).strip():
        cells.add("check_lost", check=one_line(check)[:200])
    return tuple(
        Choice(o.code, o.label, o.help, o.other, o.code in alone or o.exclusive) for o in options
    )


def _lost_check(cells: Cells) -> None:
    check = cells.cell("bind", "constraint")
    if check:
        cells.add("check_lost", check=one_line(check)[:200])


# -- numbers, texts, dates ----------------------------------------------------------------


def _limits(cells: Cells, *, whole: bool) -> dict[str, Any]:
    """Smallest and largest number, if the check is nothing but limits."""
    check = cells.cell("bind", "constraint")
    parts = [part.strip(" ()") for part in re.split(r"\band\b", check)] if check else []
    found: dict[str, Any] = {}
    for part in parts:
        match = _LIMIT.fullmatch(part)
        if match is None or (not whole and match[1] in ("<", ">")):
            cells.add("check_lost", check=one_line(check)[:200])
            return {}
        number = float(match[2]) if "." in match[2] else int(match[2])
        key = "min" if match[1][0] == ">" else "max"
        found[key] = number + {"<": -1, ">": 1}.get(match[1], 0)
    return found


def _integer(cells: Cells) -> Draft:
    return _draft(cells, "number", keys=_limits(cells, whole=True))


def _decimal(cells: Cells) -> Draft:
    return _draft(cells, "number", keys={**_limits(cells, whole=False), "decimals": 2})


def _range(cells: Cells) -> Draft:
    given = {"start": "1", "end": "10", "step": "1", **cells.parameters}
    values = {name: given[name] for name in ("start", "end", "step")}
    if not all(re.fullmatch(_NUMBER, value) for value in values.values()):
        cells.add("limit_lost", limit=str(cells.row.get("parameters")))
        return _draft(cells, "number")
    decimals = max(len(value.partition(".")[2].rstrip("0")) for value in values.values())
    low, high = sorted(float(values[name]) for name in ("start", "end"))
    if float(values["step"]) != 10**-decimals:
        cells.add("step_lost", step=values["step"])
    _lost_check(cells)
    limits = {"min": _short(low), "max": _short(high)}
    return _draft(cells, "number", keys={**limits, **({"decimals": decimals} if decimals else {})})


def _short(value: float) -> int | float:
    return int(value) if value.is_integer() else value


def _text(cells: Cells) -> Draft:
    several = "multiline" in cells.cell("control", "appearance")
    check = cells.cell("bind", "constraint")
    match = _LENGTH.fullmatch(check)
    longest = int(match[2]) - (match[1] == "<") if match else 0
    if check and longest < 1:
        cells.add("check_lost", check=one_line(check)[:200])
    if longest < 1:
        longest = 600 if several else 200
        cells.add("length_set", limit=longest)
    rows = 6 if several else 1
    return _draft(cells, "text", keys={"max_length": min(longest, 10_000), "rows": rows})


def _date(cells: Cells) -> Draft:
    if cells.type == "datetime":
        cells.add("time_lost")
    check = cells.cell("bind", "constraint")
    parts = [part.strip(" ()") for part in re.split(r"\band\b", check)] if check else []
    found = [_DAY_LIMIT.fullmatch(part) for part in parts]
    if not all(found):
        cells.add("check_lost", check=one_line(check)[:200])
        return _draft(cells, "date")
    return _draft(cells, "date", keys={_END[m[1]]: m[2] for m in found if m})


def _info(cells: Cells) -> Draft:
    return _draft(cells, "info")


def _acknowledge(cells: Cells) -> Draft:
    cells.add("acknowledge")
    return _draft(cells, "single", options=(Choice("OK", own_words("done", cells.languages)),))


_DRAFTING: Mapping[str, Callable[[Cells], Draft]] = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "range": _range,
    "date": _date,
    "datetime": _date,
    "note": _info,
    "acknowledge": _acknowledge,
}
"""Drafting by type; choices are drafted by the name of their list."""

# -- further columns ----------------------------------------------------------------------

_KNOWN_BIND = {"relevant", "required", "constraint", "readonly", "jr:constraintMsg"} | {
    "jr:requiredMsg"
}
_NO = ("", "no", "false", "false()")


def _note_columns(cells: Cells) -> None:
    """Notes for every cell whose meaning is lost."""
    if cells.cell("bind", "required").lower() not in _NO:
        cells.add("mandatory")
    if cells.cell("bind", "readonly").lower() not in _NO:
        cells.add("read_only")
    if cells.row.get("default"):
        cells.add("default_lost")
    for kind in cells.part("media"):
        cells.add("lost_media" if kind in ("audio", "video") else "lost_picture")
    lost = {key for key, value in cells.part("bind").items() if value} - _KNOWN_BIND
    lost |= {key for key, value in cells.part("control").items() if value} - {"appearance", "rows"}
    lost |= {key for key in ("trigger",) if cells.row.get(key)}
    unread = set(cells.parameters) - {"randomize", "start", "end", "step", "seed", "rows"}
    if lost or unread:
        cells.add("columns_lost", names=", ".join(sorted(lost | unread)))

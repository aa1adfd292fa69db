"""What every question type of LimeSurvey turns into; one line per type in :data:`DRAFTING`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.converting.limesurvey_tables import Entry, number
from survey.converting.plain_text import one_line
from survey.converting.source_model import Choice, Draft, Heading, Note, Texts, note
from survey.converting.wording import numbered_steps, own_words

OTHER = "other"
"""Our code for "other"; LimeSurvey calls it -oth-."""


@dataclass(frozen=True)
class Material:
    """A question with everything that belongs to it; drafting adds to ``notes``."""

    name: str
    text: Texts
    help: Texts
    fields: Entry
    parts: Sequence[Entry]
    answers: Sequence[Entry]
    attributes: Mapping[str, Mapping[str, str]]
    languages: Sequence[str]
    plain: Callable[[Texts], dict[str, str]]
    notes: list[Note]

    def setting(self, name: str) -> str:
        """The value of a setting, whatever its language; empty if it is not set."""
        return next(iter(self.attributes.get(name, {}).values()), "")

    def said(self, name: str) -> dict[str, str]:
        """A setting that is a text, by language."""
        values = self.attributes.get(name, {})
        spread = {tag: values.get("", "") for tag in self.languages}
        return self.plain({tag: text for tag, text in {**spread, **values}.items() if tag and text})

    def words(self, name: str) -> Texts:
        """A built-in word in the languages of the survey."""
        return own_words(name, self.languages)

    def add(self, code: str, **values: object) -> None:
        """Add a note to the question."""
        self.notes.append(note(code, **values))


def _choices(entries: Sequence[Entry], field: str, key: str, m: Material) -> tuple[Choice, ...]:
    excluding = set(re.split(r"[;,]", m.setting("exclude_all_others")))
    return tuple(
        Choice(entry[key], _lines(m.plain(entry.text(field))), exclusive=entry[key] in excluding)
        for entry in entries
    )


def _lines(texts: Texts) -> dict[str, str]:
    return {tag: one_line(text) for tag, text in texts.items()}


def _answers(m: Material, scale: str = "0") -> tuple[Choice, ...]:
    own = [entry for entry in m.answers if (entry["scale_id"] or "0") == scale]
    return _choices(own, "answer", "code", m)


def _parts(m: Material, scale: str = "0") -> tuple[Choice, ...]:
    own = [entry for entry in m.parts if (entry["scale_id"] or "0") == scale]
    return _choices(own, "question", "title", m)


def _other(m: Material) -> tuple[Choice, ...]:
    if m.fields["other"] != "Y":
        return ()
    label = {**m.words("other"), **_lines(m.said("other_replace_text"))}
    return (Choice(OTHER, label, other=True),)


def _order(m: Material) -> dict[str, Any]:
    random = "1" in (m.setting("random_order"), m.setting("subquestion_order"))
    if random or "random" in (m.setting("answer_order"), m.setting("subquestion_order")):
        return {"shuffle": True}
    return {}


def _draft(m: Material, type_name: str, **values: Any) -> Draft:
    return Draft(m.name, type_name, m.text, m.help, **values)


def _list(m: Material) -> tuple[Draft, ...]:
    options = (*_answers(m), *_other(m))
    return (_draft(m, "single", options=options, keys=_order(m)),) if options else ()


def _list_with_comment(m: Material) -> tuple[Draft, ...]:
    return (*_list(m), _comment(m)) if m.answers else ()


def _comment(m: Material) -> Draft:
    said = m.words("comment")
    text = {tag: f"{said[tag]}: {one_line(m.text[tag])}" for tag in said if tag in m.text} or said
    m.add("comment_item", name=f"{m.name}_comment")
    return Draft(f"{m.name}_comment", "text", text, keys={"max_length": 300, "rows": 3})


def _one(texts: Texts, tag: str) -> str:
    return one_line(texts.get(tag) or next(iter(texts.values()), ""))


def _boxes(m: Material) -> tuple[Draft, ...]:
    options = (*_parts(m), *_other(m))
    keys = _order(m)
    most = number(m.setting("max_answers"))
    if most is not None and 0 < most <= len(options):
        keys["at_most"] = most
    elif m.setting("max_answers"):
        m.add("setting_lost", names="max_answers")
    return (_draft(m, "multiple", options=options, keys=keys, boxes=True),) if options else ()


def _boxes_with_comments(m: Material) -> tuple[Draft, ...]:
    drafts = _boxes(m)
    if not drafts:
        return ()
    m.add("comments_joined")
    return (*drafts, _comment(m))


def _grid(
    steps: Callable[[Material], tuple[Choice, ...]],
) -> Callable[[Material], tuple[Draft, ...]]:
    def draft(m: Material) -> tuple[Draft, ...]:
        rows, options = _rows(m), steps(m)
        if not rows or not options:
            return ()
        return (_draft(m, "grid", rows=rows, options=options, keys=_order(m), boxes=True),)

    return draft


def _rows(m: Material) -> tuple[Choice, ...]:
    rows = _parts(m)
    if not any("|" in text for row in rows for text in row.label.values()):
        return rows
    m.add("two_sided_rows")
    return tuple(
        Choice(row.code, {tag: _two_sides(text) for tag, text in row.label.items()}) for row in rows
    )


def _two_sides(text: str) -> str:
    return " – ".join(filter(None, (side.strip() for side in text.split("|"))))


def _numbers(count: int) -> Callable[[Material], tuple[Choice, ...]]:
    def steps(m: Material) -> tuple[Choice, ...]:
        m.add("numbered_steps", count=count)
        return numbered_steps(count, m.languages)

    return steps


def _words(**codes: str) -> Callable[[Material], tuple[Choice, ...]]:
    def options(m: Material) -> tuple[Choice, ...]:
        return tuple(Choice(code, m.words(word)) for code, word in codes.items())

    return options


def _two_scales(m: Material) -> tuple[Draft, ...]:
    headings = []
    for scale, heading, word in (
        ("0", "dualscale_headerA", "first_scale"),
        ("1", "dualscale_headerB", "second_scale"),
    ):
        text = {**m.words(word), **m.said(heading)}
        headings.append(Heading("ab"[int(scale)], text, _answers(m, scale)))
    headings = [heading for heading in headings if heading.options]
    rows = _rows(m)
    if not rows or not headings:
        return ()
    return (_draft(m, "grid", rows=rows, headings=tuple(headings), keys=_order(m), boxes=True),)


def _rating(m: Material) -> tuple[Draft, ...]:
    return (_draft(m, "rating", options=_numbers(5)(m)),)


def _ranking(m: Material) -> tuple[Draft, ...]:
    options = _answers(m) or _parts(m)
    most = number(m.setting("max_answers") or m.setting("max_subquestions"))
    keys = {**_order(m), **({"depth": most} if most and 0 < most < len(options) else {})}
    return (_draft(m, "ranking", options=options, keys=keys),) if options else ()


def _number_keys(m: Material) -> dict[str, Any]:
    keys: dict[str, Any] = {}
    for name, key in (("min_num_value_n", "min"), ("max_num_value_n", "max")):
        value = m.setting(name)
        if re.fullmatch(r"-?\d{1,9}(\.\d{1,6})?", value):
            keys[key] = float(value) if "." in value else int(value)
        elif value:
            m.add("limit_lost", limit=value)
    keys["decimals"] = 0 if m.setting("num_value_int_only") == "1" else 2
    for affix in ("prefix", "suffix"):
        said = _one(m.said(affix), m.languages[0])
        if said and "unit" not in keys and affix == "suffix":
            keys["unit"] = said
        elif said:
            m.add("affix_lost", text=said)
    return keys


def _number(m: Material) -> tuple[Draft, ...]:
    return (_draft(m, "number", keys=_number_keys(m)),)


def _each_part(type_name: str) -> Callable[[Material], tuple[Draft, ...]]:
    """One item per row, because every row has an answer of its own kind."""

    def draft(m: Material) -> tuple[Draft, ...]:
        rows = _rows(m)
        keys = _number_keys(m) if type_name == "number" else _text_keys(m, 150, 1)
        if len(rows) > 1:
            m.add("one_item_per_row", count=len(rows))
        return tuple(
            Draft(f"{m.name}_{row.code}", type_name, _row_text(m, row), m.help, keys=keys)
            for row in rows
        )

    return draft


def _row_text(m: Material, row: Choice) -> Texts:
    return {
        tag: " – ".join(filter(None, (_one(m.text, tag), label)))
        for tag, label in row.label.items()
    }


def _text_keys(m: Material, longest: int, rows: int) -> dict[str, Any]:
    asked = number(m.setting("maximum_chars"))
    for affix in ("prefix", "suffix"):
        if m.setting(affix):
            m.add("affix_lost", text=m.setting(affix))
    if asked and asked > 0:
        return {"max_length": min(asked, 10_000), "rows": rows}
    m.add("length_set", limit=longest)
    return {"max_length": longest, "rows": rows}


def _text(longest: int, rows: int) -> Callable[[Material], tuple[Draft, ...]]:
    def draft(m: Material) -> tuple[Draft, ...]:
        if m.setting("numbers_only") == "1":
            return _number(m)
        return (_draft(m, "text", keys=_text_keys(m, longest, rows)),)

    return draft


def _date(m: Material) -> tuple[Draft, ...]:
    keys: dict[str, Any] = {}
    for name, key in (("date_min", "min"), ("date_max", "max")):
        value = m.setting(name)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            keys[key] = value
        elif value:
            m.add("limit_lost", limit=value)
    if re.search(r"[HhM]{1,2}[:.]?M", m.setting("date_format")):
        m.add("time_lost")
    return (_draft(m, "date", keys=keys),)


def _info(m: Material) -> tuple[Draft, ...]:
    return (_draft(m, "info"),)


def _yes_no(m: Material) -> tuple[Draft, ...]:
    return (_draft(m, "single", options=_words(Y="yes", N="no")(m)),)


def _gender(m: Material) -> tuple[Draft, ...]:
    m.add("gender")
    return (_draft(m, "single", options=_words(F="female", M="male")(m)),)


DRAFTING: Mapping[str, Callable[[Material], tuple[Draft, ...]]] = {
    "L": _list,
    "!": _list,
    "O": _list_with_comment,
    "M": _boxes,
    "P": _boxes_with_comments,
    "F": _grid(_answers),
    "H": _grid(_answers),
    "A": _grid(_numbers(5)),
    "B": _grid(_numbers(10)),
    "C": _grid(_words(Y="yes", U="unsure", N="no")),
    "E": _grid(_words(I="increase", S="same", D="decrease")),
    "1": _two_scales,
    "5": _rating,
    "R": _ranking,
    "N": _number,
    "K": _each_part("number"),
    "S": _text(150, 1),
    "T": _text(600, 6),
    "U": _text(1000, 12),
    "Q": _each_part("text"),
    "D": _date,
    "X": _info,
    "Y": _yes_no,
    "G": _gender,
}
"""Drafting by LimeSurvey's letter for the type; a drafting without result has no options."""

UNSUPPORTED: Mapping[str, str] = {
    "|": "upload",
    "*": "equation",
    "I": "language_switch",
    ":": "grid_of_numbers",
    ";": "grid_of_texts",
}
"""Why a type has no counterpart, as a code of :mod:`.sentences`."""

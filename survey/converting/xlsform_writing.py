"""A questionnaire of ours as an XLSForm, with an account of everything that is lost on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.converting.xlsform_losses import Loss, Losses
from survey.converting.xlsform_rules import NotExpressibleError, condition
from survey.instrument import Page, Questionnaire
from survey.items.base import Item, Option
from survey.languages import Language
from survey.piping import piped
from survey.study import Weights

Texts = Mapping[str, str]
Row = dict[str, Any]

_TRANSLATED = ("label", "hint")
_MARKED = re.compile(r"<[A-Za-z/!]|\*\*|__|(?<!\w)[*_]\w|^#{1,6} |\]\(", re.MULTILINE)
"""What other programs take for tags, emphasis, headings and links."""
_KEPT_KEYS = frozenset(
    {"id", "type", "text", "help", "when", "options", "rows", "facets", "shuffle", "list_name"}
    | {"more", "scale", "min", "max", "max_length", "depth", "at_most", "other_length"}
)
"""Keys of an item that are carried over, or lost with a sentence of their own."""
_KEPT_OPTION_KEYS = frozenset({"code", "label", "missing", "exclusive", "other"})
_STUDY_KEYS = (
    "regime", "access", "opening", "population", "opens", "closes", "frame", "contact",
    "commissioner", "purpose", "retention", "delete_on", "council_question", "council_paper",
    "next_steps", "minutes", "welcome", "phases", "rules", "evaluations", "composition",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Form:
    """The rows of the three sheets, and what is not in them."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Row
    languages: tuple[str, ...]
    losses: tuple[Loss, ...]


def as_form(questionnaire: Questionnaire) -> Form:
    """The form of a questionnaire in all its languages."""
    return _Writer(questionnaire).form()


def as_workbook(form: Form) -> bytes:
    """The form as .xlsx; the same form gives the same bytes, no text is taken for a formula."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": datetime(1980, 1, 1)})
        sheets = {"survey": form.survey, "choices": form.choices, "settings": (form.settings,)}
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            flat = [_flat(row, form.languages) for row in rows]
            columns = list(dict.fromkeys(key for row in flat for key in row))
            for place, column in enumerate(columns):
                sheet.write_string(0, place, column)
                for line, row in enumerate(flat, start=1):
                    if row.get(column, "") != "":
                        sheet.write_string(line, place, str(row[column]))
            sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _flat(row: Row, languages: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in row.items():
        if key in _TRANSLATED:
            for tag in languages:
                found[f"{key}::{Language(tag).name} ({tag})"] = value.get(tag, "")
        else:
            found[key] = value
    return found


@dataclass
class _Writer:
    whole: Questionnaire
    losses: Losses = field(default_factory=Losses)
    rows: list[Row] = field(default_factory=list)
    choices: dict[tuple[Any, ...], tuple[str, list[Row]]] = field(default_factory=dict)

    def form(self) -> Form:
        """Everything."""
        study, instrument = self.whole.study, self.whole.instrument
        lost = [key for key in _STUDY_KEYS if getattr(study, key)]
        lost += ["weights"] if study.weights != Weights() else []
        self.losses.add("", "study", names=", ".join(lost))
        for page in instrument.pages:
            self._page(page)
        languages = tuple(self.whole.languages)
        main = Language(languages[0])
        settings = {
            "form_title": study.title,
            "form_id": study.id,
            "version": instrument.version,
            "default_language": f"{main.name} ({main.tag})",
        }
        choices = tuple(row for _, rows in self.choices.values() for row in rows)
        found = tuple(self.losses.found)
        return Form(tuple(self.rows), choices, settings, languages, found)

    # -- texts ----------------------------------------------------------------------------

    def _texts(self, name: str, read: Callable[[Any], str], pick: Callable[[Any], Any]) -> Texts:
        """A text in every language; ``pick`` finds its owner in an instrument."""
        found = {}
        instruments = [self.whole.instrument, *(t.instrument for t in self.whole.tracks)]
        for tag, instrument in zip(self.whole.languages, instruments, strict=True):
            text = read(pick(instrument))
            if text:
                found[tag] = self._safe(name, text)
        return found

    def _safe(self, name: str, text: str) -> str:
        if "${" in text:
            self.losses.add(name, "braces")
            text = text.replace("${", "$ {")
        if _MARKED.search(text):
            self.losses.add(name, "marks")
        if holes := piped(text):
            coded = [id for id in holes if self.whole.instrument.item(id).type not in
                     ("number", "date", "text")]  # fmt: skip
            if coded:
                self.losses.add(name, "piping", names=", ".join(coded))
            text = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"${\1}", text)
        return text

    # -- pages ----------------------------------------------------------------------------

    def _page(self, page: Page) -> None:
        def own(instrument: Any) -> Page:
            found: Page = next(p for p in instrument.pages if p.id == page.id)
            return found

        lost = [key for key in ("text", "shuffle", "block") if getattr(page, key)]
        if lost:
            self.losses.add(page.id, "page_keys", names=", ".join(lost))
        label = self._texts(page.id, lambda p: str(p.title), own)
        group: Row = {"type": "begin group", "name": f"page_{page.id}", "label": label}
        group |= {"appearance": "field-list", **self._relevant(page.id, page.when)}
        self.rows.append(group)
        if page.intro:
            name = f"{page.id}_intro"
            self.losses.add(page.id, "intro", name=name)
            intro = self._texts(page.id, lambda p: str(p.intro), own)
            self.rows.append({"type": "note", "name": name, "label": intro})
        for item in page.items:
            self._item(item)
        self.rows.append({"type": "end group"})

    def _relevant(self, name: str, rule: Any) -> Row:
        if rule is None:
            return {}
        try:
            items = {item.id: item for item in self.whole.instrument.items}
            return {"relevant": condition(rule, items)}
        except NotExpressibleError:
            self.losses.add(name, "rule")
            return {}

    # -- items ----------------------------------------------------------------------------

    def _item(self, item: Item) -> None:
        write = _WRITING.get(item.type)
        if write is None:
            self.losses.add(item.id, "left_out", kind=item.type)
            return
        own = [*item.options] if hasattr(item, "options") else []
        given = item.model_dump(exclude_defaults=True)
        lost = sorted(set(given) - _KEPT_KEYS - {"decimals"})
        if item.type == "grid" and item.shuffle:
            lost.append("shuffle")
        if lost:
            self.losses.add(item.id, "keys", names=", ".join(lost))
        keys = {key for o in own for key in o.model_dump(exclude_defaults=True)}
        if left := sorted(keys - _KEPT_OPTION_KEYS):
            self.losses.add(item.id, "option_keys", names=", ".join(left))
        write(self, item, self._relevant(item.id, item.when))

    def _row(self, item: Item, kind: str, more: Row) -> None:
        label = self._texts(item.id, lambda i: str(i.text), lambda inst: inst.item(item.id))
        hint = self._texts(item.id, lambda i: str(i.help), lambda inst: inst.item(item.id))
        self.rows.append({"type": kind, "name": item.id, "label": label, "hint": hint, **more})

    def _list(self, name: str, pick: Callable[[Any], Sequence[Option]]) -> str:
        """The name of a list of choices; the same choices are written once."""
        options = pick(self.whole.instrument)
        rows: list[Row] = []
        for place, option in enumerate(options):
            label = self._texts(name, lambda o: str(o.label), _entry(pick, place))
            rows.append({"name": option.code, "label": label})
        key = tuple((row["name"], *row["label"].items()) for row in rows)
        if key not in self.choices:
            self.choices[key] = (name, [{"list_name": name, **row} for row in rows])
        return self.choices[key][0]

    def _reasons(self, name: str, options: Sequence[Option]) -> None:
        if reasons := [option.code for option in options if option.missing]:
            self.losses.add(name, "reason_kind", names=", ".join(reasons))

    def _no_reasons(self, item: Any) -> None:
        if reasons := [option.code for option in item.options if option.missing]:
            self.losses.add(item.id, "typed_reasons", names=", ".join(reasons))

    def choice(self, item: Any, more: Row) -> None:
        """single, rating and multiple."""
        several = item.type == "multiple"
        name = self._list(item.id, lambda inst: inst.item(item.id).options)
        self._reasons(item.id, item.options)
        row = dict(more)
        if item.type == "rating":
            row["appearance"] = "likert"
        if item.shuffle:
            row["parameters"] = "randomize=true"
        checks = [
            f"not(selected(., '{option.code}') and count-selected(.) > 1)"
            for option in item.options
            if several and (option.exclusive or option.missing)
        ]
        if several and item.at_most:
            checks.append(f"count-selected(.) <= {item.at_most}")
        if checks:
            row["constraint"] = " and ".join(checks)
        self._row(item, f"select_{'multiple' if several else 'one'} {name}", row)
        self._other(item)

    def _other(self, item: Any) -> None:
        other = next((option for option in item.options if option.other), None)
        if other is None:
            return
        name = f"{item.id}_other_text"
        self.losses.add(item.id, "other", name=name)
        place = item.options.index(other)
        label = self._texts(
            item.id, lambda o: str(o.label), lambda inst: inst.item(item.id).options[place]
        )
        chosen = f"selected(${{{item.id}}}, '{other.code}')"
        longest = f"string-length(.) <= {item.other_length}"
        self.rows.append(
            {"type": "text", "name": name, "label": label, "relevant": chosen}
            | {"constraint": longest}
        )

    def ranking(self, item: Any, more: Row) -> None:
        """ranking."""
        reasons = [option.code for option in item.options if option.missing]
        if reasons:
            self.losses.add(item.id, "reasons", names=", ".join(reasons))

        def ranked(inst: Any) -> Sequence[Option]:
            return [option for option in inst.item(item.id).options if not option.missing]

        name = self._list(item.id, ranked)
        if item.depth and item.depth < len(ranked(self.whole.instrument)):
            self.losses.add(item.id, "depth", depth=item.depth)
        row = {**more, **({"parameters": "randomize=true"} if item.shuffle else {})}
        self._row(item, f"rank {name}", row)

    def grid(self, item: Any, more: Row) -> None:
        """grid: a question per cell, named like its variable."""
        self.losses.add(item.id, "grid", count=len(item.cells))
        for number, part in enumerate(item.parts):
            base = "_".join(filter(None, (item.id, part.id)))
            name = self._list(base, _steps(item.id, number))
            self._reasons(item.id, part.options)
            for place, row in enumerate(item.rows):
                label = self._texts(item.id, str, _cell_text(item.id, number, place))
                self.rows.append(
                    {"type": f"select_one {name}", "name": f"{base}_{row.code}", "label": label}
                    | {"appearance": "likert", **more}
                )

    def number(self, item: Any, more: Row) -> None:
        """number."""
        self._no_reasons(item)
        limits = [f". >= {item.min}", *([f". <= {item.max}"] if item.max is not None else [])]
        kind = "decimal" if item.decimals else "integer"
        if item.decimals not in (0, 2):
            self.losses.add(item.id, "keys", names="decimals")
        self._row(item, kind, {**more, "constraint": " and ".join(limits)})

    def date(self, item: Any, more: Row) -> None:
        """date."""
        self._no_reasons(item)
        ends = ((">=", item.min), ("<=", item.max))
        limits = [f". {sign} date('{day}')" for sign, day in ends if day is not None]
        self._row(item, "date", {**more, "constraint": " and ".join(limits)})

    def text(self, item: Any, more: Row) -> None:
        """text."""
        row = {**more, "constraint": f"string-length(.) <= {item.max_length}"}
        self._row(item, "text", row | ({"appearance": "multiline"} if item.rows > 1 else {}))

    def info(self, item: Any, more: Row) -> None:
        """info."""
        self._row(item, "note", more)


def _entry(pick: Callable[[Any], Sequence[Option]], place: int) -> Callable[[Any], Option]:
    return lambda instrument: pick(instrument)[place]


def _steps(id: str, part: int) -> Callable[[Any], Sequence[Option]]:
    """The steps of one heading of a grid."""

    def steps(instrument: Any) -> Sequence[Option]:
        found: Sequence[Option] = instrument.item(id).parts[part].options
        return found

    return steps


def _cell_text(id: str, part: int, row: int) -> Callable[[Any], str]:
    """The question of one cell of a grid: its heading and its row."""

    def text(instrument: Any) -> str:
        grid = instrument.item(id)
        return f"{grid.parts[part].text} – {grid.rows[row].label}"

    return text


_WRITING: Mapping[str, Callable[[_Writer, Any, Row], None]] = {
    "single": _Writer.choice,
    "rating": _Writer.choice,
    "multiple": _Writer.choice,
    "ranking": _Writer.ranking,
    "grid": _Writer.grid,
    "number": _Writer.number,
    "date": _Writer.date,
    "text": _Writer.text,
    "info": _Writer.info,
}
"""How an item type is written; the others have no counterpart."""

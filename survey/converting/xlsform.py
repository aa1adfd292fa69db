"""XLSForm workbooks (.xlsx): groups, questions and conditions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from survey.converting.expressions import (
    Condition,
    NotSimpleError,
    joined,
    xlsform_condition,
)
from survey.converting.plain_text import one_line, plain_text
from survey.converting.source_model import (
    Note,
    SourceForm,
    SourcePage,
    SourceQuestion,
    Texts,
    hole,
    note,
)
from survey.converting.xlsform_sheets import UNNAMED, Row, Sheets, language_tag, read_sheets
from survey.converting.xlsform_types import Cells, drafted, reason_against

_EXPRESSION = re.compile(r"\$\{\s*([^}\s]{1,200})\s*\}")
_MARKS = (
    re.compile(r"\*\*([^*\n]+)\*\*"),
    re.compile(r"__([^_\n]+)__"),
    re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])"),
    re.compile(r"(?<!\w)_([^_\n]+)_(?!\w)"),
    re.compile(r"^#{1,6} +(.+)$", re.MULTILINE),
)
_LINK = re.compile(r"\[([^\]\n]{1,300})\]\(([^)\s]{1,300})\)")
_SPEAKING = {
    "de": {"der", "die", "das", "und", "sie", "ist", "wie", "nicht", "ein", "eine", "ihre", "für"},
    "en": {"the", "and", "you", "is", "are", "what", "how", "your", "of", "to", "not", "for"},
}
"""Small words that give a language away."""
_BEGIN = re.compile(r"begin[ _](group|repeat|loop)", re.IGNORECASE)
_END = re.compile(r"end[ _](group|repeat|loop)", re.IGNORECASE)

_KNOWN_COLUMNS = frozenset(
    {"type", "name", "label", "hint", "guidance_hint", "bind", "control", "media", "default"}
    | {"choice_filter", "parameters", "trigger", "__row", "disabled"}
)
_KNOWN_SETTINGS = frozenset(
    {"title", "id_string", "version", "default_language", "style", "name", "sms_keyword"}
    | {"allow_choice_duplicates", "clean_text_values", "add_none_option", "form_name"}
)


def read_xlsform(content: bytes) -> SourceForm:
    """The questionnaire in a workbook; raises ``RefusedError``."""
    return _Reader(read_sheets(content)).form()


@dataclass
class _Group:
    name: str
    title: Texts
    condition: Condition | None
    text: str
    repeated: bool


@dataclass
class _Run:
    """Questions in a row that belong to the same groups."""

    groups: tuple[_Group, ...]
    questions: list[SourceQuestion] = field(default_factory=list)


class _Reader:
    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.names = {str(row.get("name", "")) for row in sheets.survey}
        self.notes: list[Note] = []
        self.tags = self._languages()

    def form(self) -> SourceForm:
        """The whole questionnaire."""
        settings = self.sheets.settings
        pages = tuple(self._page(run) for run in self._runs())
        self._note_rest()
        title = one_line(str(settings.get("title") or settings.get("id_string") or ""))
        study = {"id": str(settings.get("id_string") or title or "xlsform")}
        languages = tuple(dict.fromkeys(self.tags.values()))
        texts = {"title": {languages[0]: plain_text(title).text}} if title else {}
        version = one_line(str(settings.get("version") or "1"))[:60]
        notes = tuple(dict.fromkeys(self.notes))
        return SourceForm("XLSForm", languages, pages, study, texts, notes, version)

    # -- languages ------------------------------------------------------------------------

    def _languages(self) -> dict[str, str]:
        """Tags by the names of languages in the file, the main one first."""
        named = self.sheets.languages or (UNNAMED,)
        tags = {name: language_tag(name) for name in named if name != UNNAMED}
        chosen = str(self.sheets.settings.get("default_language") or "")
        if UNNAMED in named:
            tags[UNNAMED] = language_tag(chosen) if chosen else self._assumed(tags)
        main = language_tag(chosen) if chosen else next(iter(tags.values()))
        return dict(sorted(tags.items(), key=lambda entry: entry[1] != main))

    def _assumed(self, tags: Mapping[str, str]) -> str:
        """German or English, whichever has more of its small words in the texts."""
        words = Counter(
            word
            for row in self.sheets.survey
            for word in re.findall(r"\w+", str(row.get("label", "")).lower()[:2000])
        )
        counts = {tag: sum(words[word] for word in known) for tag, known in _SPEAKING.items()}
        free = [tag for tag in counts if tag not in tags.values()] or list(counts)
        best = max(free, key=lambda tag: counts[tag])
        self.notes.append(note("language_assumed", language=best))
        return best

    # -- pages ----------------------------------------------------------------------------

    def _runs(self) -> Iterator[_Run]:
        stack: list[_Group] = []
        run = _Run(())
        for place, row in enumerate(self.sheets.survey, 2):
            kind = " ".join(str(row.get("type", "")).split())
            if not kind:
                continue
            begins = _BEGIN.fullmatch(kind) or _BEGIN.match(kind)
            if _END.fullmatch(kind):
                stack = stack[:-1]
                continue
            if begins:
                group = self._group(row, begins[1].lower() != "group", place)
                if group.repeated:
                    yield run
                    refused = SourceQuestion(group.name, kind, "", notes=(note("repeat"),))
                    run = _Run((*stack, group), [refused])
                stack.append(group)
                continue
            if run.groups != tuple(stack):
                yield run
                run = _Run(tuple(stack))
            run.questions.append(self._question(row, kind, stack, place))
        yield run

    def _group(self, row: Row, repeated: bool, place: int) -> _Group:
        notes: list[Note] = []
        name = str(row.get("name") or f"row_{place}")
        title = self.texts(row.get("label"), notes)
        if not title and not repeated:
            notes.append(note("group_label", name=name))
        text = str(self._bind(row).get("relevant", ""))
        condition = self._condition(text, "page_condition_lost", notes)
        self.notes += [Note(n.code, {**n.values, "page": name}) for n in notes]
        return _Group(name, title, condition, text, repeated)

    def _page(self, run: _Run) -> SourcePage:
        titles = [group.title for group in run.groups if group.title]
        tags = dict.fromkeys(tag for title in titles for tag in title)
        title = {tag: " – ".join(t[tag] for t in titles if tag in t) for tag in tags}
        named = [group.name for group in run.groups]
        if not title and named:
            title = {next(iter(self.tags.values())): named[-1]}
        conditions = tuple(group.condition for group in run.groups if group.condition)
        condition = joined("all", conditions) if conditions else None
        text = " and ".join(group.text for group in run.groups if group.text)
        name = "_".join(named) or "page"
        return SourcePage(name, title, {}, tuple(run.questions), condition, text)

    # -- questions ------------------------------------------------------------------------

    def _question(self, row: Row, kind: str, stack: Sequence[_Group], place: int) -> SourceQuestion:
        notes: list[Note] = []
        name = str(row.get("name") or f"row_{place}")
        text = self.texts(row.get("label"), notes)
        said = one_line(next(iter(text.values()), ""))
        repeated = next((group.name for group in stack if group.repeated), "")
        if repeated:
            return SourceQuestion(name, kind, said, notes=(note("in_repeat", name=repeated),))
        cells = Cells(
            name,
            kind,
            text,
            self._help(row, notes),
            row,
            self.sheets.choices,
            tuple(dict.fromkeys(self.tags.values())),
            lambda value: self.texts(value, notes),
            notes,
        )
        refusal = reason_against(cells)
        if refusal:
            return SourceQuestion(name, kind, said, notes=(refusal,))
        drafts = drafted(cells)
        relevant = str(self._bind(row).get("relevant", ""))
        condition = self._condition(relevant, "condition_lost", notes)
        return SourceQuestion(
            name, kind, said, drafts, tuple(dict.fromkeys(notes)), condition, relevant
        )

    def _help(self, row: Row, notes: list[Note]) -> Texts:
        hint = self.texts(row.get("hint"), notes)
        guidance = self.texts(row.get("guidance_hint"), notes)
        if guidance:
            notes.append(note("guidance"))
        tags = dict.fromkeys((*hint, *guidance))
        return {tag: "\n".join(filter(None, (hint.get(tag), guidance.get(tag)))) for tag in tags}

    def _condition(self, text: str, code: str, notes: list[Note]) -> Condition | None:
        if not text.strip():
            return None
        try:
            return xlsform_condition(text)
        except NotSimpleError:
            notes.append(note(code, condition=one_line(text)[:400]))
            return None

    @staticmethod
    def _bind(row: Row) -> Mapping[str, Any]:
        bind = row.get("bind")
        return bind if isinstance(bind, Mapping) else {}

    # -- texts ----------------------------------------------------------------------------

    def texts(self, value: object, notes: list[Note]) -> dict[str, str]:
        """Plain texts by tag, references to other answers as marks."""
        raw = value if isinstance(value, Mapping) else {UNNAMED: value} if value else {}
        found: dict[str, str] = {}
        for name, text in raw.items():
            if isinstance(text, str | int | float) and str(text).strip():
                tag = self.tags.get(str(name), str(name))
                found.setdefault(tag, self._said(str(text), notes))
        return {tag: text for tag, text in found.items() if text}

    def _said(self, raw: str, notes: list[Note]) -> str:
        plain = plain_text(raw)
        text, lost = plain.text, set(plain.lost)
        text = _LINK.sub(r"\1 (\2)", text)
        # References first: their names may hold the signs of emphasis.
        text = _EXPRESSION.sub(lambda match: self._hole(match, notes), text)
        for mark in _MARKS:
            text, count = mark.subn(r"\1", text)
            if count:
                lost.add("emphasis")
        notes += [note(f"lost_{kind}") for kind in sorted(lost)]
        return text

    def _hole(self, match: re.Match[str], notes: list[Note]) -> str:
        if match[1] in self.names:
            return hole(match[1])
        notes.append(note("expression_lost", expression=match[0]))
        return hole("")

    # -- everything else ------------------------------------------------------------------

    def _note_rest(self) -> None:
        extra = {key for row in self.sheets.survey for key in row if key not in _KNOWN_COLUMNS}
        if extra:
            self.notes.append(note("extra_columns", sheet="survey", names=_named(extra)))
        lost = {key for key, value in self.sheets.settings.items() if value} - _KNOWN_SETTINGS
        if lost:
            self.notes.append(note("setting_lost", names=_named(lost)))
        if self.sheets.complaint:
            self.notes.append(note("form_warning", text=self.sheets.complaint))


def _named(names: set[str]) -> str:
    return ", ".join(sorted(str(name)[:60] for name in names)[:20])

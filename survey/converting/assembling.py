"""From a foreign questionnaire to a plan of ours: pages, names, codes, rules, and every loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from survey.converting.expressions import Always, Condition, NotSimpleError, names
from survey.converting.itemising import Itemised, itemise
from survey.converting.naming import free_name
from survey.converting.plan import Line, Plan, PlannedItem, PlannedPage
from survey.converting.rules import Reference, Rule, to_rule
from survey.converting.source_model import (
    Note,
    Outcome,
    SourceForm,
    SourcePage,
    SourceQuestion,
    Texts,
    note,
    without_holes,
)
from survey.converting.studying import study_section
from survey.converting.texts import Speech, mentioned, our_languages
from survey.converting.wording import continued, own_words

LONGEST_ID = 32


def assemble(form: SourceForm, today: date) -> Plan:
    """The plan for a form; ``today`` stands in where the source names no end."""
    languages, notes = our_languages(form)
    assembler = _Assembler(form, Speech(languages, lambda name: ""))
    pages = assembler.pages()
    study, texts, study_notes = study_section(form, assembler.speech, today)
    kept = [*notes, *form.notes, *study_notes, *assembler.notes]
    if languages.others:
        kept.append(note("translations", languages=", ".join(languages.others)))
    return Plan(
        form.tool,
        form.version,
        languages.main,
        languages.others,
        study,
        texts,
        tuple(pages),
        tuple(assembler.lines),
        tuple(dict.fromkeys(kept)),
    )


@dataclass
class _Open:
    """The page that is being filled."""

    source: SourcePage
    title: Texts
    intro: Texts
    when: Rule | None
    part: int = 1
    items: list[PlannedItem] = field(default_factory=list)


class _Assembler:
    def __init__(self, form: SourceForm, speech: Speech) -> None:
        self.form, self.speech = form, speech
        speech.item_of = self._earlier_item
        self.done: list[PlannedPage] = []
        self.lines: list[Line] = []
        self.notes: list[Note] = []
        self.variables: set[str] = set()
        self.page_ids: set[str] = set()
        self.references: dict[str, Reference] = {}
        self.page_of: dict[str, int] = {}

    def _earlier_item(self, name: str) -> str:
        found = self.references.get(name)
        if found is None or found.row or found.box or found.type in ("grid", "info"):
            return ""
        return found.item

    def _said(self) -> tuple[Note, ...]:
        """The notes of the speech since the last time."""
        found = tuple(dict.fromkeys(self.speech.notes))
        self.speech.notes.clear()
        return found

    def pages(self) -> list[PlannedPage]:
        """All pages, each question with its line in the report."""
        for page in self.form.pages:
            self._page(page)
        return self.done

    def _page(self, page: SourcePage) -> None:
        title = self.speech.label(page.title)
        main = self.speech.languages.main
        if main not in title:
            words = own_words("questions", (main, *self.speech.languages.others))
            title = {tag: f"{text} {len(self.done) + 1}" for tag, text in words.items()} | title
        rule, trouble = self._rule(page.condition)
        never = page.condition == Always(False)
        intro = self.speech.text(page.intro)
        own = [
            *self._said(),
            *([note("page_condition_lost", condition=page.condition_text[:400])] * trouble),
        ]
        self.notes += [Note(n.code, {**n.values, "page": title[main]}) for n in own]
        opened = _Open(page, title, intro, rule)
        for question in page.questions:
            if never:
                question = replace(question, drafts=(), notes=(note("never_shown"),))
            opened = self._question(question, opened)
        if page.questions and not opened.items and opened.part == 1:
            self.notes.append(note("page_without_items", page=title[main]))
        self._close(opened)

    def _close(self, page: _Open) -> None:
        if not page.items:
            return
        main = self.speech.languages.main
        wanted = page.title[main] if page.part == 1 else f"{page.title[main]} {page.part}"
        id = free_name(wanted, self.page_ids, LONGEST_ID, letter="p").lower()
        self.page_ids.add(id)
        title = page.title if page.part == 1 else continued(page.title, page.part)
        intro = page.intro if page.part == 1 else {}
        for item in page.items:
            self.page_of[item.id] = len(self.done)
        self.done.append(PlannedPage(id, title, intro, tuple(page.items), page.when))

    def _question(self, question: SourceQuestion, page: _Open) -> _Open:
        """Adds a question to the page, or to a new one if it asks about this page's answers."""
        if question.condition == Always(False) and question.drafts:
            question = replace(question, drafts=(), notes=(note("never_shown"),))
        if not question.drafts:
            self._line(question, Outcome.NOT_SUPPORTED, (), question.notes)
            return page
        notes = list(question.notes)
        asked = self._asked(question)
        if any(item.id in asked for item in page.items):
            self._close(page)
            page = replace(page, part=page.part + 1, items=[])
            notes.append(note("own_page"))
        rule, trouble = self._rule(question.condition)
        if trouble:
            notes.append(note("condition_lost", condition=question.condition_text[:400]))
        references: dict[str, Reference] = {}
        items = []
        for draft in question.drafts:
            made: Itemised = itemise(draft, self.speech, self.variables)
            self.variables |= made.variables
            references |= made.references
            items.append(replace(made.item, when=rule))
            notes += made.notes
        self.references |= references
        notes += self._said()
        page.items.extend(items)
        ids = tuple(item.id for item in items)
        outcome = Outcome.WITH_NOTE if notes else Outcome.CONVERTED
        self._line(question, outcome, ids, notes)
        return page

    def _asked(self, question: SourceQuestion) -> set[str]:
        """Ids of the items that a question's condition and texts are about."""
        asked = set(names(question.condition)) if question.condition else set()
        for draft in question.drafts:
            asked |= mentioned(draft.text) | mentioned(draft.help)
        return {self.references[name].item for name in asked if name in self.references}

    def _rule(self, condition: Condition | None) -> tuple[Rule | None, bool]:
        """The rule, and whether a condition was lost."""
        if condition is None or isinstance(condition, Always):
            return None, False
        try:
            return to_rule(condition, self.references), False
        except NotSimpleError:
            return None, True

    def _line(
        self,
        question: SourceQuestion,
        outcome: Outcome,
        items: Sequence[str],
        notes: Sequence[Note],
    ) -> None:
        unique = tuple(dict.fromkeys(notes))
        text = without_holes(question.text)
        self.lines.append(Line(question.name, question.kind, text, outcome, tuple(items), unique))

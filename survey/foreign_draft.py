"""A first map from a foreign file to a questionnaire, for a person to correct."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from survey.codebook import Question, Scale, Variable
from survey.foreign_map import OPEN
from survey.foreign_names import (
    Headings,
    candidates,
    comments,
    comments_by_option,
    is_added,
    is_cut,
    is_submission,
    key,
    spellings,
    texts_of,
    words_of_other,
)
from survey.foreign_table import ForeignTable, factorized
from survey.instrument import Questionnaire
from survey.items.base import Item
from survey.items.multiple import Multiple
from survey.items.open_choice import OpenChoice

MOST_CODES = 60
"""So many different cells of a column are offered for translation."""

_TICKS = {"y": "1", "yes": "1", "ja": "1", "x": "1", "n": "0", "no": "0", "nein": "0", "2": "0"}

_NOTHING = frozenset(("na", "nv", "null"))
"""Cells that say that there is no answer, such as ``N/A``."""

_WORDS = {
    "y": ("yes", "ja"), "n": ("no", "nein"), "u": ("uncertain", "unsicher"), "i": ("increase",),
    "s": ("same",), "d": ("decrease",), "f": ("female", "weiblich"), "m": ("male", "männlich"),
    "other": ("-oth-", "other", "sonstiges"),
}  # fmt: skip
"""What LimeSurvey writes out for its own codes, by the code."""


def draft_map(table: ForeignTable, questionnaire: Questionnaire, file_name: str) -> str:
    """A map as YAML text: what was recognised, and a question mark where somebody has to say.

    A column is recognised by our name of a variable, by a name that differs in signs and
    capitals only (``Q1[SQ2]`` and ``q1_sq2``), or by the text of its question.
    """
    return "\n".join(_Draft(table, questionnaire).lines(file_name)) + "\n"


class _Draft:
    """A map under construction."""

    def __init__(self, table: ForeignTable, questionnaire: Questionnaire) -> None:
        self.codebook = questionnaire.codebook
        self.headings = Headings(table.names)
        self.texts_at = {
            name: factorized(table.cells[place])[1]
            for place, name in reversed(list(enumerate(table.names)))
        }
        items = tuple(questionnaire.instrument.items)
        self.items = {item.id: item for item in items}
        self.owner = {question.id: item for item in items for question in item.questions()}
        labels = (v.label for question in self.codebook for v in question.variables)
        self.shared = {label for label, count in Counter(map(key, labels)).items() if count > 1}
        self.used: set[str] = set()
        self.columns: list[str] = []
        self.rankings: list[str] = []
        self.texts: list[str] = []
        self.missing: list[str] = []
        self.ticked: list[str] = []
        for question in self.codebook:
            self.add(question)

    def add(self, question: Question) -> None:
        """Look for the columns of a question."""
        item = self.owner[question.id]
        if question.scale is Scale.RANK:
            wordings = [text for text, _ in texts_of(self.codebook, question.id)]
            if placed := self.headings.places(question, wordings):
                self.used |= set(placed)
                self.rankings += _ranking(question, self.labels(question), placed, self.texts_at)
                return
        if question.scale is Scale.TEXT:
            self.add_text(question, item)
            return
        for variable in question.variables:
            if not self.ticked_by_words(item, variable):
                self.add_variable(question, variable, item)

    def add_variable(self, question: Question, variable: Variable, item: Item) -> None:
        """Look for the column of a variable."""
        known = candidates(self.codebook, question, variable, self.shared)
        name = self.headings.spelled(spellings(item, question, variable), self.used)
        name = name or self.headings.find(known, self.used)
        if name is None:
            self.missing.append(f"#   {variable.name}: {_one_line(variable.label)}")
            return
        self.used.add(name)
        self.columns += _entry(question, variable, self.labels(question), name, self.texts_at[name])

    def ticked_by_words(self, item: Item, variable: Variable) -> bool:
        """Whether an option has no column, because words of one's own tick it."""
        if not isinstance(item, Multiple) or not item.other:
            return False
        if variable.element != item.other.code:
            return False
        found = not self.headings.find([item.other_question]) and self.words(item) is not None
        self.ticked = [variable.name] if found else []
        return found

    def words(self, item: OpenChoice) -> str | None:
        """The column with the words of one's own."""
        wordings = [text for text, _ in texts_of(self.codebook, item.id)]
        return self.headings.find(words_of_other(item, wordings), self.used)

    def add_text(self, question: Question, item: Item) -> None:
        """Look for the column of a free text, or for the columns that it is put together from."""
        variable = question.variables[0]
        base = self.items.get(question.id.removesuffix("_comment"))
        if isinstance(item, OpenChoice):
            name = self.words(item)
        else:
            known = candidates(self.codebook, question, variable, self.shared)
            name = self.headings.find(known, self.used)
        if name is None and base is not None and base.id != question.id:
            wordings = [text for text, _ in texts_of(self.codebook, base.id)]
            name = self.headings.find(comments(base, wordings), self.used)
            if name is None and self.add_comments(question, base, wordings):
                return
        if name is None:
            self.missing.append(f"#   {variable.name}: {_one_line(variable.label)}")
            return
        self.used.add(name)
        ticks = f", ticks: {self.ticked.pop()}" if self.ticked else ""
        self.columns.append(f"  {_text(name)}: {{variable: {variable.name}{ticks}}}")

    def add_comments(self, question: Question, base: Item, wordings: Sequence[str]) -> bool:
        """Comments beside every option become one text."""
        labels = {v.element: v.label for q in base.questions() for v in q.variables if v.element}
        found = []
        for tried in comments_by_option(base, labels, wordings):
            if name := self.headings.find(tried, self.used):
                self.used.add(name)
                found.append(name)
        if found:
            listed = ", ".join(_text(name) for name in found)
            self.texts.append(f"  {question.id}: {{columns: [{listed}]}}")
        return bool(found)

    def labels(self, question: Question) -> dict[str, str]:
        """Code names by what is left of their labels, in every language, and of themselves."""
        found: dict[str, str] = {}
        for book in (self.codebook, *self.codebook.tracks):
            same = next((q for q in book if q.id == question.id), question)
            for variable in same.variables:
                for code in variable.codes:
                    found.setdefault(key(code.label), code.name)
                if question.scale is Scale.RANK:
                    found.setdefault(key(variable.label), variable.element)
        return found

    def lines(self, file_name: str) -> Iterator[str]:
        """The whole map."""
        yield f"# Which column of {_text(file_name)} holds which variable: correct it, then"
        yield f"# import with --mapping. Replace every {_text(OPEN)} by a code of ours or by an"
        yield "# empty text."
        if self.missing:
            yield "# No column was recognised for these variables; without one they cannot be"
            yield "# imported (a free text may be missing):"
            yield from self.missing
        unused = [name for name in self.headings.order if name not in self.used]
        if self.missing and any(map(is_cut, unused)):
            yield "# Some headings look cut: export again with question codes as headings."
        if self.headings.twice:
            again = _listed(self.headings.twice)
            yield f"# These headings stand more than once, so none is used: {again}"
        added = [name for name in unused if is_added(name, self.items)]
        other = [name for name in unused if name not in (*added, *self.headings.twice)]
        if added:
            yield f"# Left out for good, because they are no answers: {_listed(added)}"
        if other:
            yield f"# Not recognised and left out: {_listed(other)}"
        yield "columns:" if self.columns else "columns: {}"
        yield from self.columns
        for section, entries in (("rankings:", self.rankings), ("texts:", self.texts)):
            if entries:
                yield section
                yield from entries
        if finished := next(filter(is_submission, unused), ""):
            yield "# Rows without this were never finished."
            yield f"unfinished: {_text(finished)}"


def _entry(
    question: Question,
    variable: Variable,
    labels: Mapping[str, str],
    name: str,
    texts: Sequence[str],
) -> list[str]:
    line = f"  {_text(name)}:"
    codes = [code.name for code in variable.codes]
    numbers = {str(code.value) for code in variable.codes} | {"", "-1", "-4"}
    if variable.scale in (Scale.CHECK, Scale.RANK):
        numbers |= {str(number) for number in range(question.depth + 1 or 2)} | {"0", "1"}
    if variable.scale is Scale.NUMBER:
        values = {text: "" for text in sorted(set(texts)) if key(text) in _NOTHING}
    else:
        values = _values(texts, codes, labels, numbers, ticks=variable.scale is Scale.CHECK)
    if not values:
        return [f"{line} {{variable: {variable.name}}}"]
    return [
        line,
        f"    variable: {variable.name}",
        "    values:",
        *(f"      {_text(old)}: {_text(new)}" for old, new in values.items()),
    ]


def _values(
    texts: Sequence[str],
    codes: Sequence[str],
    labels: Mapping[str, str],
    numbers: set[str],
    *,
    ticks: bool = False,
) -> dict[str, str]:
    """What each different cell stands for; cells that are codes of ours need no entry."""
    names = {key(name): name for name in codes}
    written = {
        key(word): names[code] for code, words in _WORDS.items() if code in names for word in words
    }
    known = {**written, **labels, **names}
    found = {}
    for text in sorted({text.strip() for text in texts})[:MOST_CODES]:
        whole = re.sub(r"\.0+$", "", text)
        if text in codes or whole in numbers:
            continue
        same = key(text)
        if ticks and same in _TICKS:
            found[text] = _TICKS[same]
        elif text == "-oth-":
            found[text] = "other" if "other" in codes else OPEN
        else:
            found[text] = known.get(same) or ("" if same in _NOTHING else OPEN)
    return found


def _ranking(
    question: Question,
    labels: Mapping[str, str],
    placed: Sequence[str],
    texts_at: Mapping[str, Sequence[str]],
) -> list[str]:
    texts = [text for name in placed for text in texts_at[name]]
    values = _values(texts, question.elements, labels, {""})
    return [
        f"  {question.id}:",
        f"    columns: [{', '.join(_text(name) for name in placed)}]",
        "    values:" if values else "    values: {}",
        *(f"      {_text(old)}: {_text(new)}" for old, new in values.items()),
    ]


def _listed(names: Sequence[str]) -> str:
    return _one_line(", ".join(names))


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return " ".join(text.split())

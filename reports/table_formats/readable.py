"""The long table with labels instead of codes, parted by the pages of the questionnaire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from reports.estimates import Estimate, Results
from reports.label_book import Book, label_book
from reports.table_formats.words import STATUS_NAMES, statistic_name
from survey.codebook import Question

PARTICIPATION, REST = "Beteiligung", "Weitere"
"""Headings of what belongs to no page: the study as a whole, and what no question owns."""

HEADS = (
    "Frage", "Gegenstand", "Gruppe nach", "Gruppe", "Kennzahl", "Antwort", "Wert", "von", "bis",
    "n", "Befragte", "gedruckt", "Status", "Hinweis",
)  # fmt: skip
"""Headings of a table that people read."""

TEXTS_BEFORE, NUMBERS = 6, 5
"""So many columns of text stand before the numbers, and so many numbers."""


@dataclass(frozen=True, slots=True)
class Line:
    """One estimate in words: ``texts`` before and ``remarks`` behind its numbers."""

    page: str
    texts: tuple[str, ...]
    estimate: Estimate

    @property
    def numbers(self) -> tuple[float | int | None, ...]:
        """Value, limits, base and people asked."""
        row = self.estimate
        return (row.value, row.low, row.high, row.base_n, row.base_N)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a dossier prints, the status, the note."""
        row = self.estimate
        return (row.printed, STATUS_NAMES[row.status], row.note)


def readable(results: Results) -> tuple[Line, ...]:
    """A line per row of the long table, in its order."""
    book = label_book(results)
    owners = owned(results.release.codebook)
    return tuple(_line(row, book, owners.get(row.item)) for row in results.rows)


def owned(questions: Iterable[Question]) -> dict[str, Question]:
    """The question of every item of the long table."""
    found: dict[str, Question] = {}
    for question in questions:
        found[question.id] = question
        for variable in question.variables:
            found[variable.name] = question
    return found


def by_page(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines by page, participation first, then in the order of the questionnaire."""
    pages: dict[str, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return pages


def _line(row: Estimate, book: Book, question: Question | None) -> Line:
    page = (question.page or "Ergebnisse") if question else REST
    if not row.item:
        page = PARTICIPATION
    texts = (
        (question.title or question.text) if question else "",
        _label(book, "item", "", row.item),
        _label(book, "item", "", row.domain_variable) or ("" if row.domain_variable else "alle"),
        _label(book, "domain", row.domain_variable, row.domain),
        statistic_name(row.statistic),
        _category(book, row, question),
    )
    return Line(page, texts, row)


def _category(book: Book, row: Estimate, question: Question | None) -> str:
    """The label of an answer or element; of two elements with their sign between them."""
    own = question.id if question else ""
    for item in (row.item, own):
        if found := book.get(("category", item, row.category)):
            return found[0]
    return row.category


def _label(book: Book, part: str, of: str, name: str) -> str:
    found = book.get((part, of, name), ())
    return found[0] if found else name

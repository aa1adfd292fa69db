"""The questionnaire on paper: an A4 PDF, tagged for screen readers, from the same file.

A sheet carries no number of its own. In a reading study every text is a sheet for itself,
because it is answered and counted on its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from survey.errors import SurveyError
from survey.instrument import Instrument, Page, Questionnaire
from survey.items.base import Item
from survey.paper_hints import Hints
from survey.paper_items import Part, how_to, parts
from survey.paper_words import Words, words
from survey.piping import without_answers
from survey.print_pdf import print_pdf, templates, write_replacing
from survey.study import Study
from survey.translation import catalogue
from survey.welcome import facts, voluntary


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One question as it is printed; ``number`` is 0 for what is only read."""

    id: str
    type: str
    number: int
    title: str
    text: str
    help: str
    hint: str
    gate: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The questions under one heading."""

    title: str
    intro: str
    gate: str
    items: tuple[PrintedItem, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is handed in together; ``text`` names the text of a reading study."""

    text: str
    title: str
    pages: tuple[PrintedPage, ...]


def paper_pdf(questionnaire: Questionnaire, language: str = "") -> bytes:
    """The PDF of a questionnaire in a language, in its first one if none is named.

    Raises ``SurveyError`` for a language that the questionnaire does not have.
    """
    tag = language or questionnaire.languages[0]
    if tag not in questionnaire.languages:
        known = ", ".join(questionnaire.languages)
        raise SurveyError(f"there is no language {tag}; the questionnaire has {known}")
    return print_pdf(paper_html(questionnaire, tag), paper_style(questionnaire, tag))


def paper_html(questionnaire: Questionnaire, tag: str) -> str:
    """The text of all sheets as HTML."""
    study, instrument = questionnaire.in_language(tag)
    known, own = questionnaire.language(tag), words(tag)
    return (
        templates()
        .get_template("paper/sheet.html")
        .render(
            lang=known.html,
            sample=known.sample,
            study=study,
            words=own,
            voluntary=voluntary(study),
            facts=facts(study),
            promises=_promises(study, own),
            sheets=sheets(instrument, own),
            foot=_foot(questionnaire, own),
        )
    )


def paper_style(questionnaire: Questionnaire, tag: str) -> str:
    """The style sheet with the footer of this version."""
    own = words(tag)
    sheet = templates().get_template("paper/paper.css").render()
    foot = _foot(questionnaire, own).replace("\\", "\\\\").replace('"', '\\"')
    return sheet.replace("{foot}", foot).replace("{page}", own.page)


def sheets(instrument: Instrument, own: Words) -> tuple[Sheet, ...]:
    """The sheets of an instrument: one, or one for each text of a reading study."""
    if not instrument.texts:
        return (Sheet("", "", _printed(instrument.pages, own)),)
    return tuple(
        Sheet(text.id, text.title, _printed(instrument.of_text(text.id), own))
        for text in instrument.texts
    )


def write_paper(questionnaire: Questionnaire, out: Path, language: str = "") -> None:
    """Write the PDF: the whole file or nothing; an earlier one is replaced."""
    write_replacing(out, paper_pdf(questionnaire, language))


def _printed(pages: tuple[Page, ...], own: Words) -> tuple[PrintedPage, ...]:
    hints = Hints.of(pages, own)
    return tuple(
        PrintedPage(
            page.title,
            without_answers(page.intro),
            hints.of_page(page),
            tuple(_printed_item(item, hints) for item in page.items),
        )
        for page in pages
    )


def _printed_item(item: Item, hints: Hints) -> PrintedItem:
    return PrintedItem(
        item.id,
        item.type,
        hints.numbers.get(item.id, 0),
        item.title,
        without_answers(item.text),
        without_answers(item.help),
        how_to(item, hints.words),
        hints.of_item(item),
        parts(item, hints.words) if item.asks else (),
    )


def _promises(study: Study, own: Words) -> list[tuple[str, tuple[str, ...]]]:
    """The welcome texts that hold for paper too; what is stored is said for paper."""
    _ = catalogue(study.language).gettext
    welcome = study.welcome
    sections = (
        (own.stored_title, (*own.stored, study.retention)),
        (_("Was nicht gespeichert wird"), (welcome.get("not_stored", ""),)),
        (_("Was ausgewertet wird"), (welcome.get("evaluation", ""),)),
        (_("Was danach geschieht"), (welcome.get("publication", ""), study.next_steps)),
        (_("Kein späteres Löschen"), (welcome.get("no_deletion", ""),)),
    )
    kept = ((title, tuple(filter(None, texts))) for title, texts in sections)
    return [(title, texts) for title, texts in kept if texts]


def _foot(questionnaire: Questionnaire, own: Words) -> str:
    instrument = questionnaire.instrument
    version = f"{own.version} {instrument.version} ({instrument.hash[:8]})"
    return f"{questionnaire.study.id} · {version}"

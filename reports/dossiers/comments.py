"""What was written in own words: counted themes, released by two people."""

from __future__ import annotations

from reports import typography
from reports.dossier import Block, Paragraph, Points, Section
from reports.estimates import Results
from reports.exhibits import Column, Grid
from reports.label_book import headings
from reports.moderation.state import NO_THEME
from reports.readings import COUNTED, Text
from reports.tables import Themes
from survey.codebook import Scale
from survey.study import Regime

OTHERS = "weitere Themen zusammen"
NOT_YET = (
    "Was in eigenen Worten geschrieben wurde, ist hier noch nicht enthalten: Es erscheint nach "
    "Themen geordnet, sobald zwei Personen es gelesen und freigegeben haben."
)
NOT_ALL = (
    "Zu einigen Fragen sind Anmerkungen noch nicht enthalten: Sie erscheinen nach Themen geordnet, "
    "sobald zwei Personen sie gelesen und freigegeben haben."
)
THEMES = (
    "Zwei Personen haben die Anmerkungen gelesen und Themen zugeordnet. Ein Text kann mehrere "
    "Themen enthalten; Wortlaute erscheinen nicht."
)
WHO_WRITES = (
    "Wer schreibt, entscheidet selbst. Wie viele insgesamt so denken, sagen diese Zahlen nicht."
)


def about(results: Results, text: Text) -> tuple[Themes, ...]:
    """What was released of the comments on one text and its passages."""
    bases = {passage.question.base for passage in text.passages}
    released = results.release.texts.values()
    return tuple(
        one
        for one in released
        if one.question.base in bases - {""} or (text.title and one.question.part == text.title)
    )


def themes(results: Results, released: tuple[Themes, ...], id: str) -> tuple[Block, ...]:
    """Comments as counted themes, each beside the passage that it is about."""
    reading = results.release.study.regime is Regime.SELF_SELECTED_READING
    heads, rows, few = headings(results.release.codebook), list[tuple[str, ...]](), list[str]()
    for one in released:
        head = heads[one.question.id]
        if one.coded is None:
            few.append(f"{head}: {typography.count(one.texts)} Texte, zu wenige für Themen.")
            continue
        of = typography.count(one.coded)
        named = [(t.label, t.texts) for t in one.themes if t.code != NO_THEME]
        rest = [(t.label, t.texts) for t in one.themes if t.code == NO_THEME]
        found = (*named, (OTHERS, one.other_texts or 0), *rest)
        rows += [(head, label, typography.count(n), of) for label, n in found if n]
    blocks: list[Block] = []
    if rows:
        blocks.append(
            Grid(
                id=id,
                caption="Anmerkungen nach Themen",
                base="Texte: wie viele das Thema enthalten, von allen ausgewerteten",
                notes=(THEMES, COUNTED if reading else WHO_WRITES, *few),
                columns=(
                    Column("Zu", number=False, width="26%"),
                    Column("Thema", number=False, width="48%"),
                    Column("Texte"),
                    Column("von"),
                ),
                rows=tuple(rows),
            )
        )
    else:
        blocks += [Paragraph(text, "note") for text in few]
    if said := tuple(said for one in released for t in one.themes for said in t.paraphrases):
        blocks.append(Points(said, "Sinngemäß"))
    return tuple(blocks)


def chapter(results: Results, found: tuple[Text, ...] = ()) -> tuple[Section, ...]:
    """Comments that stand beside no text, and whether some are not released yet.

    No section where nobody was asked for own words.
    """
    release = results.release
    beside = {one.question.id for text in found for one in about(results, text)}
    rest = tuple(one for id, one in release.texts.items() if id not in beside)
    asked = {question.id for question in release.codebook if question.scale is Scale.TEXT}
    blocks = list(themes(results, rest, "themes"))
    if asked and not release.texts:
        blocks.append(Paragraph(NOT_YET))
    elif asked - set(release.texts):
        blocks.append(Paragraph(NOT_ALL))
    title = "Anmerkungen nach Themen" if rest else "Anmerkungen"
    return (Section("anmerkungen", title, tuple(blocks), new_page=False),) if blocks else ()

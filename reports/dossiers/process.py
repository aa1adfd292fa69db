"""Chapters on the process around a study: where it stands, and what became of what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from reports import typography, wording
from reports.beside import Beside, Hint, answerable, hints
from reports.dossier import Block, Facts, Paragraph, Points, Section, shortened
from reports.dossiers.chapters import day
from reports.estimates import Results
from reports.exhibits import Column, Grid
from reports.proceeding import DECISIONS, Answer

OVER = "abgeschlossen"
"""State of a phase that ended by the day on which the answers were closed."""


def where_it_stands(results: Results, beside: Beside) -> tuple[Section, ...]:
    """Phases with dates, what was decided before and is decided now, the council paper."""
    study, known = results.release.study, beside.proceeding
    paper = known.council_paper if known and known.council_paper else study.council_paper
    now = known.decides_now if known else ""
    facts = [("Jetzt zu entscheiden", now or study.council_question), ("Vorlage", paper)]
    if now and shortened(study.council_question) != study.council_question:
        facts.insert(0, ("Frage an den Rat", study.council_question))
    blocks: list[Block] = []
    if shown := tuple(entry for entry in facts if entry[1]):
        blocks.append(Facts(shown, boxed=True))
    closed = study.closes.date().isoformat() if study.closes else ""
    steps = tuple(
        (p.title, day(p.start), day(p.end), OVER if p.end and p.end <= closed else p.state or "–")
        for p in study.phases
    )
    if steps:
        blocks.append(
            Grid(
                id="phases",
                caption="Schritte des Vorhabens",
                columns=(
                    Column("Schritt", number=False, width="44%"),
                    Column("von", number=False),
                    Column("bis", number=False),
                    Column("Stand", number=False),
                ),
                rows=steps,
            )
        )
    if known and known.decided_before:
        items = tuple(f"{day(when)}: {text}" for when, text in known.decided_before)
        blocks.append(Points(items, "Bisher beschlossen"))
    if not blocks:
        return ()
    return (Section("stand", "Wo das Vorhaben steht", tuple(blocks), new_page=False),)


def closed_loop(results: Results, beside: Beside) -> tuple[Section, ...]:
    """What was said and what the administration proposes; missing answers are shown as missing.

    An answer to a theme that two people have not released waits: nothing says that it was said.
    """
    known, open_hints = beside.proceeding, hints(results)
    about = {hint.to: hint for hint in answerable(results)}
    answers = [answer for answer in known.answers if answer.to in about] if known else []
    if not answers and not open_hints:
        return ()
    rows = [
        (
            f"{_all_told([about[answer.to] for answer in same])}: {a.said}",
            DECISIONS[a.decision],
            a.reason,
            ", ".join(part for part in (a.office, f"bis {day(a.by)}" if a.by else "") if part)
            or "–",
        )
        for a, same in _together(answers, about)
    ]
    blocks: list[Block] = [Paragraph(LOOP)]
    if rows:
        blocks.append(
            Grid(
                id="closed-loop",
                caption="Was gesagt wurde und was die Verwaltung vorschlägt",
                columns=(
                    Column("Gesagt wurde", number=False, width="34%"),
                    Column("Vorschlag", number=False, width="15%"),
                    Column("Begründung", number=False),
                    Column("Zuständig", number=False, width="20%"),
                ),
                rows=tuple(rows),
            )
        )
    answered = {answer.to for answer in answers}
    missing = [wording.named(_told(hint)) for hint in open_hints if hint.to not in answered]
    if missing:
        text = f"Eine Antwort steht noch aus zu: {typography.listed(missing)}."
        blocks.append(Points((text,), "Noch ohne Antwort"))
    title = "Was aus den Rückmeldungen wird"
    return (Section("antworten", title, tuple(blocks), new_page=False),)


def _together(
    answers: Sequence[Answer], about: Mapping[str, Hint]
) -> Iterator[tuple[Answer, tuple[Answer, ...]]]:
    """Answers that follow each other in the same words on one text: the first of them, and all."""

    def kind(answer: Answer) -> tuple[Answer, str]:
        part = about[answer.to].part
        return replace(answer, to="" if part else answer.to), part

    for _, found in groupby(answers, key=kind):
        same = tuple(found)
        yield same[0], same


def _all_told(hints: Sequence[Hint]) -> str:
    """What several hints on one text are called."""
    if len(hints) == 1:
        return _told(hints[0])
    return f"{typography.listed([hint.title for hint in hints])} ({hints[0].part})"


def _told(hint: Hint) -> str:
    """The name of a hint; of a theme with how many texts hold it."""
    if not hint.is_theme:
        return hint.name
    texts, base = typography.count(hint.replies), typography.count(hint.base)
    return f"{hint.name} ({texts} von {base}{typography.NO_BREAK}Texten)"


LOOP = (
    "Zu umstrittenen Abschnitten und zu Themen, die oft genannt sind, steht hier, was die "
    "Verwaltung vorschlägt und warum. Über die Vorschläge entscheidet der Rat."
)

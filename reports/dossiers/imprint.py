"""The imprint: study, questionnaire, data, program, and the wording of every question."""

from __future__ import annotations

from collections.abc import Iterator

from reports import fonts, summaries, typography, wording
from reports.dossier import Block, Facts, Points, Section
from reports.dossiers.annex import period
from reports.estimates import Results
from survey.codebook import Codebook, Question, Role, Scale


def imprint(results: Results, program: str, shown: set[str]) -> Section:
    """Where every number comes from: study, questionnaire, data, program, wordings.

    ``shown`` holds the ids of the questions that the dossier has numbers of; the others are
    named.
    """
    release = results.release
    study = release.study
    facts = [
        ("Studie", f"{study.title} ({study.id})"),
        ("Herausgabe", study.commissioner),
        ("Kontakt", study.contact),
        ("Zeitraum", period(results)),
        ("Fragebogen", f"Version {release.codebook.version}"),
        ("Prüfsumme des Fragebogens", grouped(release.codebook.instrument)),
        ("Prüfsumme der Daten", grouped(release.fingerprint)),
        ("Programm", f"Meinungsbild {program}"),
        ("Schrift", fonts.SOURCE_FAMILY),
        ("Status", "öffentlich"),
    ]
    questions = tuple(_wordings(release.codebook))
    blocks: list[Block] = [Facts(tuple((term, text) for term, text in facts if text))]
    left = [question for question in release.codebook if question.id not in shown]
    if left:
        names = [
            wording.named(summaries.short(question.title or question.text)) for question in left
        ]
        which = f"zu: {typography.listed(names)}"
        if len(left) > MOST_NAMED and all(question.scale is Scale.TEXT for question in left):
            which = "zu den Fragen mit freiem Text"
        text = f"Keine Zahlen zeigt dieser Bericht {which}."
        blocks.append(Points((text,), "Fragen ohne Ergebnis in diesem Bericht"))
    blocks.append(Points(questions, "Wortlaut der Fragen", numbered=True))
    return Section("impressum", "Impressum und Wortlaut", tuple(blocks), new_page=False)


MOST_NAMED = 8
"""Free-text questions without a result that are named one by one."""


def _wordings(codebook: Codebook) -> Iterator[str]:
    """Every wording once: passages and their comments are asked alike, over and over."""
    seen: set[str] = set()
    before = ""
    for question in codebook:
        about = bool(question.base)
        asked = question.text.rpartition(" – ")[2] if about else _wording(question)
        steps = _scale(question)
        line = f"{'Zu jedem Abschnitt: ' if about else ''}{asked}{steps}"
        if line not in seen:
            again = len(steps) > LONG_LIST and steps == before
            yield f"{line.removesuffix(steps)} {ANSWERS_ALIKE}" if again else line
            before = steps
        seen.add(line)


ANSWERS_ALIKE = "(Antworten wie bei der Frage davor)"
LONG_LIST = 60
"""Letters from which on a list of answers is not repeated from question to question."""
MOST_LABELS = 12
"""Labels of one list that are named; of more, as of years of age, the first ones and the last."""


def _wording(question: Question) -> str:
    return f"{question.title}: {question.text}" if question.title else question.text


def _scale(question: Question) -> str:
    """The steps of a scale or the options of a choice; units are named in their own chapter."""
    if question.role in (Role.DEPARTMENT, Role.WORKPLACE) or not question.variables:
        return ""
    labels = [code.label for code in question.variables[0].codes if code.label]
    if not labels:
        return ""
    if any(mark in label for label in labels for mark in ",;.!?"):
        labels = [wording.named(label) for label in labels]
    if len(labels) > MOST_LABELS:
        return f" ({', '.join(labels[:3])} … {labels[-1]})"
    return f" ({', '.join(labels)})"


def grouped(digest: str) -> str:
    """A checksum in groups of eight, which can be compared by eye and broken over lines."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))

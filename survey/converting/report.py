"""The account of a conversion: one line for every question of the source, as text and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from survey.converting.plan import Line, Plan
from survey.converting.sentences import LANGUAGES, OUTCOMES, sentence
from survey.converting.source_model import Note, Outcome
from survey.errors import Problem

MARKDOWN, JSON = "report.md", "report.json"

_WORDS = {
    "title": ("Bericht über die Umwandlung", "Report on the conversion"),
    "from": ("Quelle: {name} ({tool})", "Source: {name} ({tool})"),
    "files": ("Geschriebene Dateien", "Files written"),
    "whole": ("Der Fragebogen als Ganzes", "The questionnaire as a whole"),
    "questions": ("Alle Fragen der Quelle", "All questions of the source"),
    "head": (
        "| Nr. | Frage | Art | Ergebnis | Neue Kennung | Hinweise |",
        "| No. | Question | Type | Result | New identifier | Notes |",
    ),
    "check": ("Was „survey check“ dazu sagt", "What “survey check” says"),
    "clean": ("Keine Fehler.", "No errors."),
    "none": ("–", "–"),
}


def summary(lines: Sequence[Line], language: str) -> str:
    """How many questions there were and what became of them, in one sentence."""
    counts = Counter(line.outcome for line in lines)
    place = LANGUAGES.index(language)
    parts = ", ".join(f"{counts[outcome]} {OUTCOMES[outcome][place]}" for outcome in Outcome)
    total = len(lines)
    if language == "de":
        return f"{total} {'Frage' if total == 1 else 'Fragen'} in der Quelle: {parts}."
    return f"{total} {'question' if total == 1 else 'questions'} in the source: {parts}."


def as_json(
    plan: Plan, name: str, files: Sequence[str], problems: Sequence[Problem], language: str
) -> str:
    """The report for programs; ``questions`` has as many entries as the source has questions."""
    counts = Counter(line.outcome for line in plan.lines)
    raw: dict[str, Any] = {
        "source": name,
        "tool": plan.tool,
        "language": language,
        "counts": {
            "questions": len(plan.lines),
            **{outcome.value: counts[outcome] for outcome in Outcome},
        },
        "questions": [
            {
                "place": place,
                "name": line.name,
                "type": line.kind,
                "text": line.text,
                "outcome": line.outcome.value,
                "items": list(line.items),
                "notes": _notes(line.notes, language),
            }
            for place, line in enumerate(plan.lines, 1)
        ],
        "questionnaire": _notes(plan.notes, language),
        "files": list(files),
        "check": [
            {"file": p.file, "line": p.line, "severity": p.severity, "message": p.message}
            for p in problems
        ],
    }
    return json.dumps(raw, ensure_ascii=False, indent=1) + "\n"


def _notes(notes: Sequence[Note], language: str) -> list[dict[str, str]]:
    return [{"code": n.code, "message": sentence(n, language)} for n in notes]


def as_markdown(
    plan: Plan, name: str, files: Sequence[str], problems: Sequence[Problem], language: str
) -> str:
    """The report for people."""
    words = {key: pair[LANGUAGES.index(language)] for key, pair in _WORDS.items()}
    rows = [_row(place, line, language) for place, line in enumerate(plan.lines, 1)]
    found = [f"- {_cell(str(problem))}" for problem in problems]
    parts = [
        f"# {words['title']}",
        words["from"].format(name=_cell(name), tool=plan.tool),
        summary(plan.lines, language),
        f"## {words['questions']}",
        "\n".join([words["head"], "|---|---|---|---|---|---|", *rows]),
        f"## {words['whole']}",
        "\n".join(f"- {_cell(sentence(n, language))}" for n in plan.notes) or words["none"],
        f"## {words['files']}",
        "\n".join(f"- {file}" for file in files) or words["none"],
    ]
    if files:
        parts += [f"## {words['check']}", "\n".join(found) or words["clean"]]
    return "\n\n".join(parts) + "\n"


def _row(place: int, line: Line, language: str) -> str:
    outcome = OUTCOMES[line.outcome][LANGUAGES.index(language)]
    notes = " ".join(sentence(said, language) for said in line.notes)
    text = line.text if len(line.text) <= 80 else f"{line.text[:80]} …"
    question = f"{line.name}: {text}" if text else line.name
    cells = [str(place), question, line.kind, outcome, ", ".join(line.items), notes]
    return f"| {' | '.join(_cell(cell) or '–' for cell in cells)} |"


def _cell(text: str) -> str:
    """A text that cannot leave its cell nor become markup."""
    escaped = "".join(f"\\{sign}" if sign in "\\|`*_[]#" else sign for sign in text)
    return " ".join(escaped.replace("<", "&lt;").split())

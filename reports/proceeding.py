"""The proceeding around a study, from a YAML file beside it: decisions, answers, a partner.

The file says what was decided before and what is decided now, what the administration answers to
passages and themes, and with which study a comparison is built. Every mistake is named with
file, line and column, all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from reports.errors import DossierError
from survey.codebook import Codebook, Scale
from survey.findings import nearest
from survey.yaml_source import Path as Where
from survey.yaml_source import Source, read_source

SUFFIX = ".proceeding.yaml"
"""End of the name of such a file beside a questionnaire."""

DECISIONS = {
    "taken": "übernommen",
    "partly": "teilweise übernommen",
    "not_taken": "nicht übernommen",
    "later": "später",
}
"""What an answer may decide, and its word in print."""

_TOP = ("schema", "study", "decided_before", "decides_now", "council_paper", "compare", "answers")
_ANSWER = ("to", "said", "decision", "reason", "office", "by")
_BEFORE = ("date", "text")
_COMPARE = ("with", "items")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the administration proposes for one passage or theme.

    ``to`` is the id of a passage, or ``question.theme`` for a theme of comments; ``said`` what was
    said, in the administration's words; ``by`` an ISO date or empty; ``place`` where ``to`` stands.
    """

    to: str
    said: str
    decision: str
    reason: str
    office: str
    by: str = ""
    place: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Proceeding:
    """What is decided about a study, and what is answered to it."""

    study: str
    decided_before: tuple[tuple[str, str], ...] = ()
    decides_now: str = ""
    council_paper: str = ""
    partner: str = ""
    items: tuple[tuple[str, str], ...] = ()
    answers: tuple[Answer, ...] = ()

    def answer(self, to: str) -> Answer | None:
        """The answer to a passage or theme, None while it is missing."""
        return next((answer for answer in self.answers if answer.to == to), None)


def check_answers(proceeding: Proceeding, codebook: Codebook) -> None:
    """Raise ``DossierError`` for every answer to something that the study did not ask."""
    written = {question.id for question in codebook if question.scale is Scale.TEXT}
    passages = {question.id for question in codebook if question.task == "passage"} - written
    wrong = []
    for answer in proceeding.answers:
        question, dot, theme = answer.to.partition(".")
        known = written if dot else passages
        if question in known and bool(theme) == bool(dot):
            continue
        what = "keine Frage nach Freitext" if dot else "kein Abschnitt eines Textes"
        guess = nearest(question, sorted(known))
        hint = f"; meinten Sie „{guess}{dot}{theme}“?" if guess else ""
        allowed = ", ".join(sorted(known)) or "–"
        wrong.append(f"{answer.place}: to: „{question}“ ist {what}{hint}; erlaubt: {allowed}")
    if wrong:
        raise DossierError("\n".join(wrong))


def read_proceeding(path: Path) -> Proceeding:
    """The proceeding in a file; raises ``DossierError`` with every mistake and its place."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DossierError(f"{path} cannot be read: {error}") from None
    source = read_source(text)
    lines = tuple(text.splitlines())
    if source.findings:
        problems = [finding.problem(str(path), lines, "de") for finding in source.findings]
        raise DossierError("\n".join(f"{path}:{p.line}:{p.column}: {p.message}" for p in problems))
    reader = _Reader(source, str(path))
    found = reader.read()
    if reader.mistakes:
        told = sorted(reader.mistakes)
        raise DossierError("\n".join(f"{path}:{line}:{col}: {what}" for line, col, what in told))
    return found


@dataclass
class _Reader:
    source: Source
    file: str
    mistakes: list[tuple[int, int, str]] = field(default_factory=list)

    def read(self) -> Proceeding:
        data = self._mapping(self.source.data, (), _TOP, ("schema", "study"))
        if data.get("schema", "1") != "1":
            self._report(("schema",), "schema muss 1 sein")
        compare = data.get("compare")
        pair = self._mapping(compare, ("compare",), _COMPARE, ("with",)) if compare else {}
        return Proceeding(
            study=self._text(data, (), "study"),
            decided_before=tuple(self._before(data.get("decided_before"))),
            decides_now=self._text(data, (), "decides_now"),
            council_paper=self._text(data, (), "council_paper"),
            partner=self._text(pair, ("compare",), "with"),
            items=tuple(self._items(pair.get("items"))),
            answers=tuple(self._answers(data.get("answers"))),
        )

    def _before(self, data: object) -> Iterator[tuple[str, str]]:
        for i, entry in enumerate(self._list(data, ("decided_before",))):
            where: Where = ("decided_before", i)
            known = self._mapping(entry, where, _BEFORE, _BEFORE)
            yield self._day(known, where, "date"), self._text(known, where, "text")

    def _items(self, data: object) -> Iterator[tuple[str, str]]:
        if data is None:
            return
        if not isinstance(data, dict):
            self._report(("compare", "items"), "items ordnet eigene Fragen fremden zu (id: id)")
            return
        for own, other in data.items():
            if isinstance(other, str) and other:
                yield own, other
            else:
                self._report(("compare", "items", own), f"{own}: hier fehlt die Kennung der Frage")

    def _answers(self, data: object) -> Iterator[Answer]:
        seen: dict[str, int] = {}
        for i, entry in enumerate(self._list(data, ("answers",))):
            where: Where = ("answers", i)
            known = self._mapping(entry, where, _ANSWER, ("to", "said", "decision", "reason"))
            texts = {name: self._text(known, where, name) for name in _ANSWER if name != "by"}
            if texts["decision"] and texts["decision"] not in DECISIONS:
                allowed = ", ".join(DECISIONS)
                guess = nearest(texts["decision"], DECISIONS)
                hint = f"; meinten Sie „{guess}“?" if guess else ""
                found = f"decision: „{texts['decision']}“ ist keines von {allowed}{hint}"
                self._report((*where, "decision"), found)
            if texts["decision"] != "not_taken" and known and not texts["office"]:
                self._report(where, "office fehlt: Wer setzt das um?")
            line = self.source.value(where).line
            if texts["to"] in seen:
                first = seen[texts["to"]]
                self._report(
                    (*where, "to"), f"{texts['to']} ist schon in Zeile {first} beantwortet"
                )
            seen.setdefault(texts["to"], line)
            at = self.source.value((*where, "to"))
            place = f"{self.file}:{at.line}:{at.column}"
            yield Answer(**texts, by=self._day(known, where, "by"), place=place)

    def _mapping(
        self, data: object, where: Where, allowed: tuple[str, ...], needed: tuple[str, ...]
    ) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            self._report(where, f"hier stehen Einträge: {', '.join(allowed)}")
            return {}
        for name in data:
            if name not in allowed:
                guess = nearest(name, allowed)
                hint = f"; meinten Sie „{guess}“?" if guess else f"; erlaubt: {', '.join(allowed)}"
                place = self.source.key((*where, name))
                self.mistakes.append((place.line, place.column, f"„{name}“ ist unbekannt{hint}"))
        for name in needed:
            if name not in data or data[name] in (None, ""):
                self._report(where, f"{name} fehlt")
        return data

    def _list(self, data: object, where: Where) -> list[object]:
        if data is None:
            return []
        if not isinstance(data, list):
            self._report(where, f"{where[-1]} ist eine Liste")
            return []
        return data

    def _text(self, data: Mapping[str, Any], where: Where, name: str) -> str:
        value = data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._report((*where, name), f"{name} ist ein Text")
            return ""
        return " ".join(value.split())

    def _day(self, data: Mapping[str, Any], where: Where, name: str) -> str:
        text = self._text(data, where, name)
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            self._report((*where, name), f"{name}: „{text}“ ist kein Tag wie 2027-10-01")
            return ""

    def _report(self, where: Where, what: str) -> None:
        place = self.source.value(where)
        self.mistakes.append((place.line, place.column, what))

"""What an attack found: one line per promise, with its figure, its bound and whether it held."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from survey.attack.sentences import LANGUAGES, SENTENCES


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that was attacked.

    ``code`` names its sentence, ``values`` fill the sentence's holes, ``figure`` is what was
    measured and ``bound`` what was promised; without a bound the figure is for information.
    """

    check: str
    code: str
    figure: str
    bound: str = ""
    held: bool = True
    values: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """What was attacked, in a language."""
        place = LANGUAGES.index(language)
        values = {
            name: SENTENCES[value][place] if name == "target" else value
            for name, value in self.values.items()
        }
        return SENTENCES[self.code][place].format_map(values)


def at_most(check: str, code: str, figure: float, bound: float, **values: str) -> Finding:
    """A finding that holds if the figure does not exceed the bound.

    >>> at_most("T1", "pairs_rows", 3, 6).held
    True
    """
    said = f"≤ {_number(bound)}" if bound else "0"
    return Finding(check, code, _number(figure), said, figure <= bound, values)


def exactly(check: str, code: str, figure: object, bound: object, **values: str) -> Finding:
    """A finding that holds if the figure is the bound.

    >>> exactly("T5", "races", "15 / 15", "15 / 15").held
    True
    """
    return Finding(check, code, str(figure), str(bound), figure == bound, values)


def figure(check: str, code: str, found: object, **values: str) -> Finding:
    """A finding without a bound: said because it is asked, and nothing is promised about it."""
    return Finding(check, code, str(found), values=values)


@dataclass(frozen=True, slots=True)
class Protocol:
    """All findings of one run, with what was attacked and what was left out of the search."""

    version: str
    database: str
    day: str
    sizes: Mapping[str, int]
    findings: Sequence[Finding]
    notes: Sequence[str] = ()
    """Codes of sentences about what this run cannot show."""

    @property
    def held(self) -> bool:
        """Whether every promise held."""
        return all(finding.held for finding in self.findings)

    def to_text(self, language: str) -> str:
        """A table for reading, in ``de`` or ``en``."""
        said = {code: SENTENCES[code][LANGUAGES.index(language)] for code in SENTENCES}
        head = [
            said["title"],
            said["subject"].format(version=self.version, database=self.database, day=self.day),
            said["sizes"].format_map({name: str(n) for name, n in self.sizes.items()}),
            "",
        ]
        rows = [(said["h_check"], said["h_what"], said["h_figure"], said["h_bound"], "")]
        rows += [
            (
                finding.check,
                finding.sentence(language),
                finding.figure,
                finding.bound or "–",
                said["held" if finding.held else "broken"] if finding.bound else "",
            )
            for finding in self.findings
        ]
        broken = sum(not finding.held for finding in self.findings)
        verdict = said["all_held"] if not broken else said["some_broken"].format(n=broken)
        notes = [f"· {said[note]}" for note in self.notes]
        return "\n".join([*head, *_table(rows), "", verdict, "", said["limits"], *notes]) + "\n"

    def to_json(self) -> str:
        """Everything for a program, with the sentences in every language."""
        raw: dict[str, Any] = asdict(self)
        raw["held"] = self.held
        for entry, finding in zip(raw["findings"], self.findings, strict=True):
            entry["sentence"] = {language: finding.sentence(language) for language in LANGUAGES}
        raw["notes"] = [dict(zip(LANGUAGES, SENTENCES[note], strict=True)) for note in self.notes]
        return json.dumps(raw, ensure_ascii=False, indent=1) + "\n"


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return [lines[0], "─" * max(len(line) for line in lines), *lines[1:]]


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.3f}"

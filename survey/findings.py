"""What can be wrong in a questionnaire, said in plain words, in German and in English.

A finding is a code with values; :mod:`survey.sentences` says it in words for people who write
questionnaires, not programs.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from survey.errors import Problem
from survey.sentences import SENTENCES

ERROR, WARNING = "error", "warning"

LANGUAGES = ("de", "en")
"""Languages of the sentences, in the order in which they stand in :mod:`survey.sentences`."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake at a place of a file; ``values`` fill the holes of its sentence."""

    code: str
    line: int = 0
    column: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    severity: str = ERROR

    def problem(self, file: str, lines: tuple[str, ...], language: str) -> Problem:
        """The finding as a sentence in a language, with its place and its source line."""
        sentence = SENTENCES[self.code][LANGUAGES.index(language)].format_map(self.values)
        guess = self.values.get("guess", "")
        if guess:
            sentence += (
                f" Meinten Sie „{guess}“?" if language == "de" else f" Did you mean “{guess}”?"
            )
        source = lines[self.line - 1] if 0 < self.line <= len(lines) else ""
        return Problem(file, self.line, self.column, self.code, sentence, self.severity, source)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """The allowed word that looks most like the given one; empty if none does.

    >>> nearest("lable", ["label", "code"]), nearest("xyz", ["label", "code"])
    ('label', '')
    """
    return next(iter(difflib.get_close_matches(word, list(allowed), n=1, cutoff=0.6)), "")


def named(words: Iterable[str]) -> str:
    """Words as a list for a sentence."""
    return ", ".join(words)

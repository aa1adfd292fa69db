"""What a dossier reads beside the results: the proceeding, and a second study."""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Results
from reports.label_book import headings
from reports.proceeding import Proceeding
from reports.readings import disputed, texts


@dataclass(frozen=True, slots=True)
class Beside:
    """The proceeding, and the results of a study to compare with."""

    proceeding: Proceeding | None = None
    partner: Results | None = None


ALONE = Beside()
"""Nothing beside the results."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that the administration has to answer: its address, name, and how many said it."""

    to: str
    name: str
    replies: int

    @property
    def is_theme(self) -> bool:
        """Whether it is a theme of comments."""
        return "." in self.to


MOST = 10
"""Passages and themes that need an answer."""


def hints(results: Results) -> tuple[Hint, ...]:
    """The ten most disputed passages, and the ten most frequent themes of comments."""
    about = headings(results.release.codebook)
    passages = [
        Hint(passage.question.id, f"{passage.title} ({passage.question.part})", passage.valid)
        for passage in disputed(texts(results), MOST)
    ]
    themes = [
        Hint(
            f"{one.question.id}.{theme.code}",
            f"{about[one.question.id]}: {theme.label}",
            theme.texts,
        )
        for one in results.release.texts.values()
        for theme in one.themes
        if theme.texts and theme.code != "none"
    ]
    themes.sort(key=lambda hint: -hint.replies)
    return (*passages, *themes[:MOST])


def unanswered(results: Results, beside: Beside) -> tuple[Hint, ...]:
    """The hints without an answer in the proceeding."""
    known = beside.proceeding
    return tuple(hint for hint in hints(results) if known is None or known.answer(hint.to) is None)

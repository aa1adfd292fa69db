"""What a dossier reads beside the results: the proceeding, and a second study."""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Results
from reports.label_book import headings
from reports.moderation.state import NO_THEME
from reports.proceeding import Answer, Proceeding
from reports.readings import Passage, disputed, texts


@dataclass(frozen=True, slots=True)
class Beside:
    """The proceeding, and the results of a study to compare with."""

    proceeding: Proceeding | None = None
    partner: Results | None = None


ALONE = Beside()
"""Nothing beside the results."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that the administration has to answer: its address, name, and how many said it.

    ``base`` is how many texts were read for a theme, 0 for a passage; ``part`` the text that a
    passage stands in.
    """

    to: str
    title: str
    replies: int
    base: int = 0
    part: str = ""

    @property
    def name(self) -> str:
        """Its title and, of a passage, the text that it stands in."""
        return f"{self.title} ({self.part})" if self.part else self.title

    @property
    def is_theme(self) -> bool:
        """Whether it is a theme of comments."""
        return "." in self.to


MOST = 10
"""Passages and themes that need an answer."""


def hints(results: Results) -> tuple[Hint, ...]:
    """What waits for an answer: disputed and rejected passages, and the most frequent themes.

    These are the ten most disputed passages, those that more than half of the stances want
    otherwise (where nearly all reject, little is disputed), and ten themes.
    """
    found = texts(results)
    first = disputed(found, MOST)
    rejected = [p for text in found for p in text.passages if p.is_rejected and p not in first]
    return (*(_about(passage) for passage in (*first, *rejected)), *_themes(results)[:MOST])


def answerable(results: Results) -> tuple[Hint, ...]:
    """Every passage, and every theme of comments that two people have released."""
    passages = [_about(passage) for text in texts(results) for passage in text.passages]
    return (*passages, *_themes(results))


def _about(passage: Passage) -> Hint:
    return Hint(passage.question.id, passage.title, passage.valid, part=passage.question.part)


def _themes(results: Results) -> list[Hint]:
    """Released themes that anybody wrote about, the most frequent first."""
    about = headings(results.release.codebook)
    found = [
        Hint(
            f"{one.question.id}.{theme.code}",
            f"{about[one.question.id]}: {theme.label}",
            theme.texts,
            one.coded or 0,
        )
        for one in results.release.texts.values()
        for theme in one.themes
        if theme.texts and theme.code != NO_THEME
    ]
    return sorted(found, key=lambda hint: -hint.replies)


def waiting(results: Results, beside: Beside) -> tuple[Answer, ...]:
    """Answers to themes that nobody has released: a dossier must not say that they were said."""
    known = {hint.to for hint in answerable(results)}
    answers = beside.proceeding.answers if beside.proceeding else ()
    return tuple(answer for answer in answers if answer.to not in known)


def unanswered(results: Results, beside: Beside) -> tuple[Hint, ...]:
    """The hints without an answer in the proceeding."""
    known = beside.proceeding
    return tuple(hint for hint in hints(results) if known is None or known.answer(hint.to) is None)

"""Texts of a foreign questionnaire in our languages, with our way to mention earlier answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from survey.converting.plain_text import one_line
from survey.converting.source_model import (
    HOLE_END,
    HOLE_START,
    Choice,
    Note,
    SourceForm,
    Texts,
    note,
)
from survey.languages import PATTERN, is_language
from survey.piping import UNANSWERED, piped

SOURCES = ("de", "en")
"""Languages that a questionnaire file itself can be written in."""

_HOLE = re.compile(f"{HOLE_START}([^{HOLE_END}]*){HOLE_END}")
_SPECIAL = {"easy": "leicht"}


@dataclass(frozen=True, slots=True)
class Languages:
    """Our tag by that of the source; ``main`` is the one of the questionnaire file itself."""

    main: str
    tags: Mapping[str, str]

    @property
    def others(self) -> tuple[str, ...]:
        """The languages of translation files."""
        return tuple(dict.fromkeys(tag for tag in self.tags.values() if tag != self.main))


def our_languages(form: SourceForm) -> tuple[Languages, tuple[Note, ...]]:
    """The languages of a form as ours, and what became of those that have no place."""
    notes: list[Note] = []
    tags: dict[str, str] = {}
    for source in form.languages:
        tag = _tag(source)
        if not re.match(PATTERN, tag) or not is_language(tag):
            notes.append(note("language_unknown", language=source))
        elif tag in tags.values():
            notes.append(note("language_twice", language=source, tag=tag))
        else:
            tags[source] = tag
    own = [tag for tag in tags.values() if tag in SOURCES]
    first = next(iter(tags.values()), "")
    if first in own:
        return Languages(first, tags), tuple(notes)
    if own:
        main = "de" if "de" in own else own[0]
        notes.append(note("other_main_language", language=first, tag=main))
        return Languages(main, tags), tuple(notes)
    source = next(iter(tags), form.languages[0] if form.languages else "")
    notes.append(note("foreign_language", language=source))
    return Languages("de", {**tags, source: "de"}), tuple(notes)


def _tag(source: str) -> str:
    first, *rest = source.strip().lower().replace("_", "-").split("-")
    kept = [_SPECIAL.get(part, part) for part in rest if part not in ("informal", "formal")]
    return "-".join([first, *kept])


class Speech:
    """Turns texts of the source into texts of ours; ``notes`` gathers what could not be kept."""

    def __init__(self, languages: Languages, item_of: Callable[[str], str]) -> None:
        self.languages = languages
        self.item_of = item_of
        self.notes: list[Note] = []

    def text(self, texts: Texts, fallback: str = "") -> dict[str, str]:
        """A question or another text that may mention earlier answers."""
        return self._said(texts, fallback, self._mention)

    def label(self, texts: Texts, fallback: str = "") -> dict[str, str]:
        """A label, which cannot mention answers and has one line."""
        said = self._said(texts, fallback, self._unknown)
        return {tag: one_line(text) for tag, text in said.items()}

    def choices(self, choices: Sequence[Choice]) -> tuple[Choice, ...]:
        """Choices with labels of ours; no two of them look alike in any language."""
        seen: set[tuple[str, str]] = set()
        found = []
        for place, choice in enumerate(choices, 1):
            label = self.label(choice.label, one_line(choice.code) or str(place))
            for tag, text in label.items():
                count = 1
                while (tag, label[tag].casefold()) in seen:
                    count += 1
                    label[tag] = f"{text} ({count})"
                if count > 1:
                    self.notes.append(note("same_label", label=text))
                seen.add((tag, label[tag].casefold()))
            found.append(replace(choice, label=label, help=self.label(choice.help)))
        return tuple(found)

    def _said(
        self, texts: Texts, fallback: str, say: Callable[[re.Match[str]], str]
    ) -> dict[str, str]:
        tags = self.languages.tags
        found = {
            tags[source]: _HOLE.sub(say, _single_braces(text)).strip()
            for source, text in texts.items()
            if source in tags
        }
        found = {tag: text for tag, text in found.items() if text}
        main = self.languages.main
        if main not in found and found:
            other = next(iter(found))
            self.notes.append(note("text_in_other_language", language=other))
            found[main] = found[other]
        elif main not in found and fallback:
            self.notes.append(note("no_text", name=fallback))
            found[main] = _single_braces(one_line(fallback)) or "–"
        return {tag: text for tag, text in found.items() if self._same_holes(text, found[main])}

    def _same_holes(self, text: str, main: str) -> bool:
        if set(piped(text)) == set(piped(main)):
            return True
        self.notes.append(note("other_mentions"))
        return False

    def _mention(self, match: re.Match[str]) -> str:
        item = self.item_of(match[1]) if match[1] else ""
        return f"{{{{{item}}}}}" if item else self._unknown(match)

    def _unknown(self, match: re.Match[str]) -> str:
        if match[1]:
            self.notes.append(note("mention_lost", name=match[1]))
        return UNANSWERED


def _single_braces(text: str) -> str:
    """A text without double braces, which would mention an answer."""
    return re.sub(r"([{}])(?=\1)", r"\1 ", text)


def mentioned(texts: Texts) -> set[str]:
    """Names of the source whose answers a text mentions."""
    return {match[1] for text in texts.values() for match in _HOLE.finditer(text) if match[1]}

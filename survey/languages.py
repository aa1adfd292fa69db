"""Language tags of questionnaires: how each is named, written and announced to a browser."""

from __future__ import annotations

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

PATTERN = r"^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}$"
"""A language and at most two further parts, such as ``en``, ``pt-br`` or ``de-leicht``."""

PLAIN = "leicht"
"""The part of a tag that stands for a text track of short sentences with plain words."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of a questionnaire.

    ``sample`` marks a draft that must not be taken for a finished translation; ``review_group``
    names the people with learning difficulties who have tested a plain track.

    >>> plain = Language("de-leicht")
    >>> plain.html, plain.name, Language("de-leicht", review_group="Prüfgruppe").name
    ('de', 'Einfache Sprache', 'Leichte Sprache')
    >>> Language("tr").name, Language("ar").direction
    ('Türkçe', 'rtl')
    """

    tag: str
    sample: bool = False
    review_group: str = ""

    @property
    def plain(self) -> bool:
        """Whether this is a track of plain words."""
        return PLAIN in self.tag.split("-")[1:]

    @property
    def html(self) -> str:
        """The ``lang`` attribute of pages in this language."""
        return "-".join(part for part in self.tag.split("-") if part != PLAIN)

    @property
    def name(self) -> str:
        """The language's name in itself, as a switch between languages shows it."""
        own = _autonym(self.html)
        if not self.plain:
            return own
        # Without a test by people with learning difficulties it is not called Leichte Sprache.
        plain = "Leichte Sprache" if self.review_group else "Einfache Sprache"
        return plain if self.html == "de" else f"{own} ({plain})"

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``: where a line begins."""
        locale = _locale(self.html)
        return locale.text_direction if locale else "ltr"


def is_language(tag: str) -> bool:
    """Whether the first part of a tag is a language that has a name.

    >>> is_language("en"), is_language("de-leicht"), is_language("xx")
    (True, True, False)
    """
    return _locale(Language(tag).html) is not None


def _locale(tag: str) -> Locale | None:
    try:
        return Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


def _autonym(tag: str) -> str:
    locale = _locale(tag)
    name = locale.get_display_name() if locale else None
    return name[:1].upper() + name[1:] if name else tag

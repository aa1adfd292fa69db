"""The languages of the room: German in the source, English beside it."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import g, has_app_context

SOURCE = "de"
LANGUAGES = {"de": "Deutsch", "en": "English"}


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language; German needs none."""
    if language == SOURCE or language not in LANGUAGES:
        return NullTranslations()
    folder = resources.files("reports.team") / "translations" / language
    with (folder / "LC_MESSAGES" / "team.po").open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    """The language of the request at hand; German outside of one."""
    return str(g.get("language", SOURCE)) if has_app_context() else SOURCE


def _(text: str, **values: object) -> str:
    """A sentence in the language of the request, its holes filled."""
    said = catalogue(language()).gettext(text)
    return said % values if values else said


def later(text: str) -> str:
    """Marks a sentence that is translated where it is shown."""
    return text

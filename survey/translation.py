"""The languages of the interface: German in the source, others from ``translations/``.

The questionnaire's own texts are not translated here: they come from the study. A study may
have more languages than the interface; then the interface speaks English.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from survey.items.mistake import Mistake
from survey.languages import Language

SOURCE = "de"
FALLBACK = "en"
ZONE = ZoneInfo("Europe/Berlin")
_PATTERNS = {"de": "EEEE, d. MMMM y, H:mm 'Uhr'", "en": "EEEE, d MMMM y, H:mm 'hours'"}

Translate = Callable[[str], str]


def later(text: str) -> str:
    """Marks a sentence that is translated where it is drawn."""
    return text


def interface(language: str) -> str:
    """The language in which the interface speaks on pages of a language.

    >>> [interface(tag) for tag in ("de", "de-leicht", "en", "en-leicht", "tr")]
    ['de', 'de-leicht', 'en', 'en', 'en']
    """
    near = (language, Language(language).html, language.split("-")[0])
    return next((tag for tag in near if tag in interfaces()), FALLBACK)


@cache
def interfaces() -> frozenset[str]:
    """The tags of all languages that the interface speaks."""
    folder = resources.files("survey") / "translations"
    return frozenset({SOURCE, *(entry.name.replace("_", "-") for entry in folder.iterdir())})


@lru_cache(maxsize=128)
def spoken(language: str) -> str:
    """The ``lang`` attribute of what the interface says on pages of a language.

    >>> spoken("de-leicht"), spoken("tr")
    ('de', 'en')
    """
    return Language(interface(language)).html


def _file(language: str) -> Traversable:
    folder = resources.files("survey") / "translations" / language.replace("-", "_")
    return folder / "LC_MESSAGES" / "survey.po"


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into the interface's language; German needs none.

    >>> [catalogue(tag).gettext("Weiter") for tag in ("en", "de", "tr")]
    ['Continue', 'Weiter', 'Continue']
    """
    tag = interface(language)
    if tag == SOURCE:
        return NullTranslations()
    with _file(tag).open("rb") as source:
        messages = read_po(source, locale=spoken(tag))
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


@cache
def between_tags(language: str) -> Translate:
    """Translates what stands between tags; marked where it is in another language than the page.

    >>> between_tags("en")("Weiter"), between_tags("tr")("Weiter")
    ('Continue', Markup('<span lang="en">Continue</span>'))
    """
    gettext: Translate = catalogue(language).gettext
    return lambda message: marked(gettext(message), language)


def marked(text: str, language: str) -> str:
    """A text of the interface for a page of a language, marked if that is another one."""
    if spoken(language) == Language(language).html:
        return text
    return in_language(text, spoken(language))


def in_language(text: str, html: str) -> Markup:
    """A text between tags that name its language."""
    return Markup('<span lang="{}">{}</span>').format(html, text)


def in_words(mistake: str, language: str) -> str:
    """A mistake as the interface says it; other sentences stay as they are."""
    if isinstance(mistake, Mistake):
        return mistake.translated(spoken(language), catalogue(language).gettext)
    return mistake


def moment(time: datetime | None, language: str) -> str:
    """A point in time as a respondent reads it, in the city's time zone; empty for None.

    >>> moment(datetime(2027, 5, 21, 18, tzinfo=ZoneInfo("Europe/Berlin")), "de")
    'Freitag, 21. Mai 2027, 18:00 Uhr'
    """
    if time is None:
        return ""
    known = spoken(language)
    pattern = _PATTERNS.get(known, "full")
    return format_datetime(time.astimezone(ZONE), pattern, locale=known)


def day(text: str, language: str) -> str:
    """An ISO date as a respondent reads it; any other text stays as it is.

    >>> day("2027-05-21", "de"), day("2027-05-21", "en"), day("im Mai", "de")
    ('21. Mai 2027', '21 May 2027', 'im Mai')
    """
    try:
        date = datetime.fromisoformat(text).date()
    except ValueError:
        return text
    known = spoken(language)
    return format_date(date, "d. MMMM y" if known == SOURCE else "d MMMM y", locale=known)


def number(value: int, language: str) -> str:
    """A whole number as the interface writes it.

    >>> number(1000, "de"), number(1000, "en")
    ('1.000', '1,000')
    """
    return str(format_decimal(value, locale=spoken(language)))

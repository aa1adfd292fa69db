"""The languages of the interface: German in the source, others from ``translations/``.

The questionnaire's own texts are not translated here: they come from the study.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

SOURCE = "de"
ZONE = ZoneInfo("Europe/Berlin")
_PATTERNS = {"de": "EEEE, d. MMMM y, H:mm 'Uhr'", "en": "EEEE, d MMMM y, H:mm 'hours'"}


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations into a language; German, and languages without a file, need none.

    >>> catalogue("en").gettext("Weiter"), catalogue("de").gettext("Weiter")
    ('Continue', 'Weiter')
    """
    file = resources.files("survey") / "translations" / language / "LC_MESSAGES" / "survey.po"
    if language == SOURCE or not file.is_file():
        return NullTranslations()
    with file.open("rb") as source:
        messages = read_po(source, locale=language)
    compiled = BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def moment(time: datetime | None, language: str) -> str:
    """A point in time as a respondent reads it, in the city's time zone; empty for None.

    >>> moment(datetime(2027, 5, 21, 18, tzinfo=ZoneInfo("Europe/Berlin")), "de")
    'Freitag, 21. Mai 2027, 18:00 Uhr'
    """
    if time is None:
        return ""
    known = language if language in _PATTERNS else SOURCE
    return format_datetime(time.astimezone(ZONE), _PATTERNS[known], locale=known)


def number(value: int, language: str) -> str:
    """A whole number as a respondent reads it.

    >>> number(1000, "de"), number(1000, "en")
    ('1.000', '1,000')
    """
    return str(format_decimal(value, locale=language))

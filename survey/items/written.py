"""Words of a respondent's own: what is cleaned away, and how long they may be."""

from __future__ import annotations

import re

from survey.items.mistake import Mistake

WIDEST = "\U0001f600"
"""Four bytes in UTF-8, twelve escaped: no character of a cleaned text takes more in JSON."""

_NEWLINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1, except tab and line feed
    "\u202a-\u202e\u2066-\u2069"  # turn the direction of a whole line around
    "\ud800-\udfff\ufffe\uffff]"  # cannot be stored as UTF-8 or printed
)


def clean_text(text: str) -> str:
    r"""The text with plain line feeds, without control characters and outer blanks.

    >>> clean_text("  Erste Zeile\r\nzweite\x00 Zeile \n")
    'Erste Zeile\nzweite Zeile'
    """
    return _CONTROLS.sub("", _NEWLINES.sub("\n", text)).replace("\t", " ").strip()


def text_mistakes(text: str, max_length: int) -> tuple[str, ...]:
    """One sentence if a text is too long or was not cleaned."""
    if len(text) > max_length:
        return (
            Mistake(
                "Ihr Text hat %(found)s Zeichen, möglich sind %(limit)s. "
                "Bitte kürzen Sie ihn um %(over)s Zeichen.",
                found=len(text),
                limit=max_length,
                over=len(text) - max_length,
            ),
        )
    if clean_text(text) != text:
        return (Mistake("Ihr Text enthält Zeichen, die sich nicht speichern lassen."),)
    return ()

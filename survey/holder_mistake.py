"""What a reader of the holders' pages can mend, and in which language it is said."""

from __future__ import annotations

from flask import request

from survey.holder_words import LANGUAGES, words


class MistakeError(Exception):
    """A mistake in one field of a page; ``part`` is the field, ``code`` names the sentence.

    ``values`` fill the sentence; without a code ``plain`` is said as it is.
    """

    def __init__(self, code: str, part: str, plain: str = "", **values: object) -> None:
        self.part, self._code, self._values, self._plain = part, code, values, plain
        super().__init__(code or plain)

    @property
    def said(self) -> str:
        """The sentence in the language of the page."""
        if not self._code:
            return self._plain
        return words(spoken_language())[self._code] % self._values


def spoken_language() -> str:
    """The language of the page: the one chosen on it, else the browser's, else German."""
    chosen = request.values.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0]) or LANGUAGES[0]

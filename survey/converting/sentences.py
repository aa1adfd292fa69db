"""Every note of a conversion as a plain sentence, in German and in English."""

from __future__ import annotations

from survey.converting.form_sentences import FORM_NOTES
from survey.converting.loss_sentences import LOSSES
from survey.converting.refusal_sentences import REFUSALS
from survey.converting.source_model import Note, Outcome

LANGUAGES = ("de", "en")

SENTENCES: dict[str, tuple[str, str]] = {**REFUSALS, **LOSSES, **FORM_NOTES}
"""German and English sentence by code; ``{…}`` are holes."""

OUTCOMES: dict[Outcome, tuple[str, str]] = {
    Outcome.CONVERTED: ("übernommen", "converted"),
    Outcome.WITH_NOTE: ("übernommen mit Hinweis", "converted with a note"),
    Outcome.NOT_SUPPORTED: ("nicht übernommen", "not supported"),
}


def sentence(said: Note, language: str) -> str:
    """The sentence for a note.

    >>> sentence(Note("renamed", {"old": "q-1", "new": "q_1"}), "de")
    'Die Kennung „q-1“ heißt jetzt „q_1“.'
    """
    text = SENTENCES[said.code][LANGUAGES.index(language)].format_map(said.values)
    page = said.values.get("page", "")
    if not page or "{page}" in SENTENCES[said.code][0]:
        return text
    return f"Seite „{page}“: {text}" if language == "de" else f"Page “{page}”: {text}"

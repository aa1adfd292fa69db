"""How complete the languages of a questionnaire are, for ``survey check --languages``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from survey.language_files import Translation

_WORDS = {
    "de": ("Muster", "{done} von {total} Texten", "vollständig", "fehlt"),
    "en": ("sample", "{done} of {total} texts", "complete", "missing"),
}


def completeness_lines(translations: Sequence[Translation], language: str) -> list[str]:
    """One line per translation, below it the parts of the questionnaire that lack texts."""
    sample, counted, complete, missing = _WORDS[language]
    lines = []
    for translation in translations:
        name = translation.language.name
        if translation.language.sample:
            name = f"{name} ({sample})"
        count = counted.format(done=translation.done, total=translation.total)
        state = "" if translation.missing else f", {complete}"
        lines.append(f"  {translation.language.tag}: {name}: {count}{state}")
        lines += [f"    {missing}: {part} ({n})" for part, n in _parts(translation).items()]
    return lines


def completeness_raw(translations: Sequence[Translation]) -> list[dict[str, Any]]:
    """The same as plain data, with the full path of every missing text."""
    return [
        {
            "language": translation.language.tag,
            "name": translation.language.name,
            "sample": translation.language.sample,
            "done": translation.done,
            "total": translation.total,
            "missing": [".".join(map(str, path)) for path in translation.missing],
        }
        for translation in translations
    ]


def _parts(translation: Translation) -> dict[str, int]:
    """Number of missing texts by the first two keys of their path."""
    return dict(Counter(".".join(map(str, path[:2])) for path in translation.missing))

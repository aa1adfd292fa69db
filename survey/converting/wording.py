"""Words that other tools show without storing them in the file, in the languages we know."""

from __future__ import annotations

import re
from collections.abc import Iterable

from survey.converting.source_model import Choice, Texts

_WORDS: dict[str, tuple[str, str]] = {
    "yes": ("ja", "yes"),
    "no": ("nein", "no"),
    "unsure": ("unsicher", "uncertain"),
    "increase": ("hat zugenommen", "has increased"),
    "same": ("ist gleich geblieben", "has stayed the same"),
    "decrease": ("hat abgenommen", "has decreased"),
    "female": ("weiblich", "female"),
    "male": ("männlich", "male"),
    "other": ("Sonstiges", "Other"),
    "done": ("gelesen", "read"),
    "none_fits": ("trifft nicht zu", "does not apply"),
    "first_scale": ("Erste Skala", "First scale"),
    "second_scale": ("Zweite Skala", "Second scale"),
    "comment": ("Bemerkung dazu", "Comment on this"),
    "population": (
        "Bitte ergänzen: wer befragt wird",
        "Please complete: who is asked",
    ),
    "questions": ("Fragen", "Questions"),
    "untitled": ("Umfrage ohne Titel", "Untitled survey"),
}

_STEP = {"de": "Stufe {place} von {count}", "en": "Step {place} of {count}"}
_CONTINUED = {"de": "{title} (Teil {part})", "en": "{title} (part {part})"}

_REASONS = {
    "dont_know": r"wei(ß|ss) (ich |es )?nicht|kann ich nicht (sagen|beurteilen|einschätzen)"
    r"|(I )?(don['’]?t|do not) know|can['’]?t say",
    "refused": r"keine (angaben?|antwort)|k\. ?a\.|möchte ich nicht (sagen|angeben)"
    r"|prefer not to (say|answer)|no answer|rather not say",
}


def own_words(name: str, languages: Iterable[str]) -> Texts:
    """A built-in word in those of the languages that are known here.

    >>> own_words("yes", ["de", "fr", "en"])
    {'de': 'ja', 'en': 'yes'}
    """
    by_language = dict(zip(("de", "en"), _WORDS[name], strict=True))
    return _known(by_language, languages)


def _known(by_language: Texts, languages: Iterable[str]) -> dict[str, str]:
    return {
        tag: by_language[tag.partition("-")[0]]
        for tag in languages
        if tag.partition("-")[0] in by_language
    }


def numbered_steps(count: int, languages: Iterable[str]) -> tuple[Choice, ...]:
    """Steps that have only numbers in the source, with words to be replaced."""
    tags = tuple(languages)
    return tuple(
        Choice(
            str(place),
            {
                tag: text.format(place=place, count=count)
                for tag, text in _known(_STEP, tags).items()
            },
        )
        for place in range(1, count + 1)
    )


def worded_step(label: str, tag: str) -> str:
    """A step of a scale with a word before its number or sign.

    >>> worded_step("3", "de"), worded_step("gut", "de")
    ('Stufe 3', 'gut')
    """
    word = {"de": "Stufe", "en": "Step"}.get(tag.partition("-")[0], "")
    return label if re.search(r"[^\W\d_]", label) else f"{word} {label}".strip()


def continued(title: Texts, part: int) -> Texts:
    """The heading of a further page that was one with the page before.

    >>> continued({"de": "Zur Person"}, 2)
    {'de': 'Zur Person (Teil 2)'}
    """
    patterns = {tag: _known(_CONTINUED, [tag]).get(tag, "{title} ({part})") for tag in title}
    return {tag: patterns[tag].format(title=text, part=part) for tag, text in title.items()}


def reason_of(label: str) -> str:
    """``dont_know`` or ``refused`` if an option says nothing else; otherwise empty.

    >>> reason_of("Weiß nicht"), reason_of("keine Angabe"), reason_of("Weiß nicht, ob ja")
    ('dont_know', 'refused', '')
    """
    said = " ".join(label.lower().split()).strip(" .!()-–")
    return next((name for name, words in _REASONS.items() if re.fullmatch(words, said)), "")

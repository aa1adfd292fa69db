"""The room speaks German and English, completely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {**DEFAULT_KEYWORDS, "later": None}


def sentences(root: Path) -> Iterator[str]:
    found = extract_from_dir(root / "reports" / "team", method_map=METHODS, keywords=KEYWORDS)
    for _, _, message, _, _ in found:
        assert isinstance(message, str)
        yield message


def english(root: Path) -> dict[str, str]:
    folder = root / "reports" / "team" / "translations" / "en" / "LC_MESSAGES"
    with (folder / "team.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


def test_the_english_file_has_every_sentence_of_the_room_and_no_other(root: Path) -> None:
    found = english(root)
    assert set(found) == set(sentences(root))
    assert all(found.values())


def test_english_sentences_have_the_same_holes(root: Path) -> None:
    holes = re.compile(r"%\((\w+)\)s?")
    for sentence, translated in english(root).items():
        assert sorted(holes.findall(sentence)) == sorted(holes.findall(translated)), sentence
        filled = (
            translated % dict.fromkeys(holes.findall(sentence), "x") if "%(" in sentence else ""
        )
        assert "%(" not in filled


def test_no_text_between_tags_is_left_untranslated(root: Path) -> None:
    for path in (root / "reports" / "team" / "templates").rglob("*.html"):
        text = re.sub(
            r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|SHA",
            " ",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        assert re.findall(r"[A-Za-zÄÖÜäöüß]{3,}", text) == [], path

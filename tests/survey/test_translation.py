"""The interface in other languages: complete, and with the same holes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from respondent import sample_questionnaire

from survey.instrument import Questionnaire
from survey.rendering import Filling
from survey.screens import Screens
from survey.theme import load_theme
from survey.translation import catalogue, interfaces

METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
KEYWORDS = {**DEFAULT_KEYWORDS, "later": None, "Mistake": None}
LANGUAGES = sorted(interfaces() - {"de"})


def sentences(root: Path) -> Iterator[str]:
    found = extract_from_dir(root / "survey", method_map=METHODS, keywords=KEYWORDS)
    for _, _, message, _, _ in found:
        assert isinstance(message, str)
        yield message


def messages(root: Path, language: str) -> dict[str, str]:
    """Sentence and translation of everything in a language's file."""
    folder = root / "survey" / "translations" / language.replace("-", "_")
    with (folder / "LC_MESSAGES" / "survey.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_of_a_language_has_every_sentence_of_the_interface_and_no_other(
    root: Path, language: str
) -> None:
    found = messages(root, language)
    assert set(found) == set(sentences(root))
    assert all(found.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_same_holes(root: Path, language: str) -> None:
    holes = re.compile(r"%\((\w+)\)s?")
    for sentence, translated in messages(root, language).items():
        assert sorted(holes.findall(sentence)) == sorted(holes.findall(translated)), sentence
        filled = translated % dict.fromkeys(holes.findall(sentence), "x")
        assert "%" not in filled, sentence


def test_plain_german_keeps_its_sentences_short(root: Path) -> None:
    for translated in messages(root, "de-leicht").values():
        for sentence in re.split(r"[.?!:](?:\s|$)", translated):
            assert len(sentence.split()) <= 12, sentence


def test_the_interface_says_nothing_in_english_that_it_says_in_german(root: Path) -> None:
    assert [s for s, translated in messages(root, "en").items() if s == translated] == []


def test_a_language_without_a_file_gets_an_english_interface() -> None:
    assert catalogue("de").gettext("Weiter") == "Weiter"
    assert catalogue("tr").gettext("Weiter") == "Continue"
    assert catalogue("de-leicht").gettext("Endgültig absenden") == "Jetzt abschicken"


def test_a_study_in_english_gets_an_english_interface() -> None:
    sample = sample_questionnaire()
    english = Questionnaire(
        replace(sample.study, language="en"), replace(sample.instrument, language="en")
    )
    filling = Filling(mistakes={"fields.a": "x"}, texts={"place": "1", "total": "4"})
    page = Screens(english, load_theme()).draw_page(0, filling).decode()
    assert '<html lang="en">' in page
    assert "Page 1 of 4" in page
    assert "Continue" in page
    assert "<title>Error: " in page
    assert "Weiter" not in page
